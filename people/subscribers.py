"""Who receives the newsletter, as a table (CSV): brought from elsewhere, and taken elsewhere.

An address comes in with the proof that its owner agreed: where and when, as the editor declares.
Nothing else of a person is kept: other columns, names among them, are not read. Who left, or is
not written to, is not brought back by a list that is older than that.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from core.cells import OFFICE, as_text, decoded, plain
from core.errors import BadAddress, Unreadable
from core.people import PersonId
from core.progress import Progress, silent
from core.subscriptions import NEWSLETTER, Brought, Rhythm
from core.text import fold, one_line, shorten
from core.weeks import french_date, paris_date, paris_midnight
from store import Store, Transaction
from store.batches import batched

KIND: Final = "subscribers"  # in the history
VERSION: Final = "import-1"  # of the words that stand for the agreement
BATCH: Final = 1_000  # addresses a transaction
ORIGIN: Final = (10, 300)  # characters that tell where addresses come from
SHOWN: Final = 80  # characters repeated of a wrong line
_COLUMNS: Final = ("adresse", "abonnement depuis", "accord")
_ADDRESS: Final = {
    "adresse", "adresses", "adresse electronique", "adresse e-mail", "adresse email",
    "adresse mail", "adresse de courriel", "courriel", "courriels", "email", "e-mail", "mail",
    "emails", "email address", "adresse courriel",
}  # fmt: skip
_AGREED: Final = {
    "accord", "date d'accord", "date de l'accord", "abonnement depuis", "inscription",
    "date d'inscription", "inscrit le", "optin_time", "confirm_time", "opt-in time", "added_time",
}  # fmt: skip
_DATES: Final = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4})(?: .*)?"), (3, 2, 1)),
)

Normal = Callable[[str], str]  # the normal form of an address; raises BadAddress


class Came(StrEnum):
    """What came of an address that could be read."""

    ADDED = "added"
    KNOWN = "known"  # receives it already
    LEFT = "left"  # has left it: only its owner may come back
    UNWANTED = "unwanted"  # is not written to: a server or its owner refused
    TWICE = "twice"  # stands in the file already


@dataclass(frozen=True, slots=True)
class Line:
    """An address of the file, and when its owner agreed, if that is said."""

    number: int
    address: str
    agreed: date | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that gives no address: which, what stands there, and what to do, in French."""

    number: int
    typed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file."""

    counts: Counter[Came]
    wrong: tuple[Wrong, ...]


# -- reading --------------------------------------------------------------------------------------


_WORKBOOKS: Final = tuple(map(decoded, OFFICE))


def read_list(text: str, normal: Normal, today: date) -> Iterator[Line | Wrong]:
    """Each line of the file, one address a line. Raises Unreadable when no column has addresses.

    A line is read by itself, so that a quotation mark too many spoils that line alone.
    """
    numbered = enumerate(text.lstrip("\ufeff").splitlines(), 1)
    lines = [(number, line) for number, line in numbered if line.strip()]
    if not lines:
        raise Unreadable("Le fichier", "il est vide")
    if text.startswith(_WORKBOOKS):
        raise Unreadable("Le fichier", "c’est un classeur, à enregistrer d’abord au format CSV")
    columns, rest = _columns(lines)
    for number, line in rest:
        yield _read(number, line, columns, normal, today)


@dataclass(frozen=True, slots=True)
class _Columns:
    delimiter: str
    address: int
    agreed: int | None


def _columns(lines: Sequence[tuple[int, str]]) -> tuple[_Columns, Sequence[tuple[int, str]]]:
    """Where addresses and dates stand, and the lines that have them."""
    number, first = lines[0]
    delimiter = max(";,\t", key=first.count)
    cells = [fold(cell).strip() for cell in _cells(first, delimiter) or []]
    named = [at for at, cell in enumerate(cells) if cell in _ADDRESS]
    dated = [at for at, cell in enumerate(cells) if cell in _AGREED]
    if named:
        return _Columns(delimiter, named[0], dated[0] if dated else None), lines[1:]
    told = [at for at, cell in enumerate(cells) if "@" in cell]
    if told:
        return _Columns(delimiter, told[0], None), lines
    raise Unreadable(
        f"Ligne {number}",
        "aucune colonne ne s’appelle « adresse », « courriel » ou « email »",
    )


def _read(number: int, line: str, columns: _Columns, normal: Normal, today: date) -> Line | Wrong:
    cells = _cells(line, columns.delimiter)
    if cells is None:
        return _wrong(number, line, "Un guillemet n’est pas fermé.")
    if len(cells) <= columns.address:
        return _wrong(number, line, "Il manque des colonnes.")
    typed = plain(one_line(cells[columns.address]))
    try:
        address = normal(typed)
    except BadAddress as error:
        return _wrong(number, typed, error.reason)
    written = "" if columns.agreed is None else "".join(cells[columns.agreed :][:1]).strip()
    agreed = _date(written)
    if written and (agreed is None or agreed > today):
        return _wrong(
            number, written, "Cette date d’accord n’est pas lisible, ou pas encore venue."
        )
    return Line(number, address, agreed)


def _cells(line: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _wrong(number: int, typed: str, reason: str) -> Wrong:
    return Wrong(number, shorten(typed, SHOWN), reason)


def _date(written: str) -> date | None:
    for pattern, (year, month, day) in _DATES:
        if found := pattern.fullmatch(written):
            try:
                return date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError:
                return None
    return None


# -- bringing in ----------------------------------------------------------------------------------


def bring(
    store: Store,
    lines: Iterable[Line | Wrong],
    *,
    origin: str,
    by: PersonId | None,
    now: datetime,
    progress: Progress = silent,
) -> Outcome:
    """Have these addresses receive the newsletter, each with its proof; some at a time.

    Cut anywhere and given again, it goes on where it was: who receives it already is known.
    """
    counts, wrong = Counter[Came](), list[Wrong]()
    seen: set[str] = set()
    good: list[Line] = []
    for line in lines:
        if isinstance(line, Wrong):
            wrong.append(line)
        elif line.address.lower() in seen:
            counts[Came.TWICE] += 1
        else:
            seen.add(line.address.lower())
            good.append(line)
    done = 0
    for some in batched(good, BATCH):
        with store.begin() as tx:
            counts += _bring(tx, some, origin, now)
        done += len(some)
        progress(done, len(good))
    with store.begin() as tx:
        after = {one.value: counts[one] for one in Came} | {"origin": origin, "wrong": len(wrong)}
        tx.audit.record(by, "import", KIND, 0, {}, after, now=now)
    return Outcome(counts, tuple(wrong))


def _bring(tx: Transaction, lines: Sequence[Line], origin: str, now: datetime) -> Counter[Came]:
    addresses = [line.address for line in lines]
    unwanted = tx.suppressions.among(addresses)
    held = tx.subscriptions.held(addresses, NEWSLETTER)
    counts, brought = Counter[Came](), list[Brought]()
    for line in lines:
        if line.address in unwanted:
            counts[Came.UNWANTED] += 1
        elif line.address in held:
            counts[Came.KNOWN if held[line.address] else Came.LEFT] += 1
        else:
            counts[Came.ADDED] += 1
            asked = paris_midnight(line.agreed) if line.agreed else now
            words = proof_of(origin, line.agreed)
            brought.append(Brought(line.address, words, asked, secrets.token_urlsafe(12)))
    tx.subscriptions.bring(brought, NEWSLETTER, Rhythm.ISSUE, version=VERSION, now=now)
    return counts


def proof_of(origin: str, agreed: date | None) -> str:
    """What is kept as the words agreed to."""
    when = f", le {french_date(agreed)}" if agreed else ""
    return f"Accord recueilli hors de Glaneuse, comme la rédaction le déclare : {origin}{when}."


# -- taking out -----------------------------------------------------------------------------------


def write_list(tx: Transaction) -> Iterator[str]:
    """Who receives the newsletter, a line each, as French spreadsheets read it.

    No cell begins as a formula does: a spreadsheet would compute it.
    """
    yield "\ufeff" + _row(_COLUMNS)
    for address, since, words in tx.subscriptions.roll(NEWSLETTER):
        yield _row((address, paris_date(since).isoformat(), words))


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(map(as_text, cells))
    return out.getvalue()
