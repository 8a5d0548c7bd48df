"""What may be typed in the search box besides words: ``theme:logement``, ``avant:2024`` … Pure.

    theme:  source:  type:  territoire:  organisation:  metier:  acces:
                    an id, a name, or the start of one
    avant:2024      before 2024 begins; a month or a day too: 2024-11, 11/2024, 25/11/2024
    apres:2024      since 2024 began; ``depuis:`` too
    annee:2024      during 2024

With or without accents and capitals; a value of several words stands between quotes. "Phrases" and
-words are left in place: they are for ``indexer/question.py``. What is not understood is searched
as words, and told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.model import Access
from core.text import fold, slugify
from core.weeks import paris_midnight
from indexer.engine import Query
from indexer.french import normal

MOST_CHIPS = 50
YEARS = range(1900, 2201)
_NAMES = {
    "theme": "themes",
    "source": "sources",
    "type": "kinds",
    "territoire": "territories",
    "departement": "territories",
    "region": "territories",
    "organisation": "organisations",
    "metier": "professions",
    "profession": "professions",
    "acces": "access",
}
_DATES = {"avant": "until", "apres": "since", "depuis": "since", "annee": "year"}
_ACCESS = {"libre": Access.FREE, "abonnes": Access.SUBSCRIBERS, "inconnu": Access.UNKNOWN}
_OPERATOR = re.compile(
    r'(?<!\S)([^\W\d_]{4,12})[:：]\s?(?:"([^"]*)"|«([^«»]*)»|“([^“”]*)”|([^\s"«“]+))'
)
_WRITTEN = (
    re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?)?"),
    re.compile(r"(?:(?:(?P<d>\d{1,2})[/.])?(?P<m>\d{1,2})[/.])?(?P<y>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One restriction that was typed.

    ``field``: a filter of ``Query`` (``themes``, ``sources`` …), ``since`` or ``until``; ``value``:
    the id, or the day (ISO; for ``until`` the first one no longer wanted); ``typed``: as written.
    """

    field: str
    value: str
    typed: str


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named: ids with their labels, by filter of ``Query``.

    A filter that is missing takes any value, as an id.
    """

    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def find(self, filter: str, written: str) -> str:
        """The id meant: itself, its label, or the only one whose label starts so; "" if none."""
        wanted = slugify(written)
        if filter not in self.known:
            return wanted
        labels = {id: slugify(label) for id, label in self.known[filter].items()}
        if exact := [id for id, label in labels.items() if wanted in (slugify(id), label)]:
            return exact[0]
        starting = [id for id, label in labels.items() if wanted and label.startswith(wanted)]
        return starting[0] if len(starting) == 1 else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the words, the restrictions, and the operators that were not understood."""

    words: str
    chips: tuple[Chip, ...] = ()
    unknown: tuple[str, ...] = ()
    swapped: bool = False  # the dates were the wrong way round

    def narrow(self, query: Query) -> Query:
        """The query with these words, and narrowed so."""
        added: dict[str, object] = {"words": self.words}
        for name in dict.fromkeys(_NAMES.values()):
            values = [chip.value for chip in self.chips if chip.field == name]
            given = [Access(value) for value in values] if name == "access" else values
            added[name] = tuple(dict.fromkeys([*getattr(query, name), *given]))
        since = paris_midnight(self.first) if self.first else None
        until = paris_midnight(self.last + timedelta(days=1)) if self.last else None
        added["since"] = max(filter(None, [since, query.since]), default=None)
        added["until"] = min(filter(None, [until, query.until]), default=None)
        return replace(query, **added)  # type: ignore[arg-type]

    @property
    def first(self) -> date | None:
        """The first day wanted."""
        return max(self._days("since"), default=None)

    @property
    def last(self) -> date | None:
        """The last day wanted."""
        after = min(self._days("until"), default=None)
        return after - timedelta(days=1) if after else None

    def _days(self, name: str) -> list[date]:
        return [date.fromisoformat(chip.value) for chip in self.chips if chip.field == name]


def understand(typed: str, names: Names | None = None) -> Typed:
    """Read the operators in what was typed; any characters whatever."""
    text = normal(typed)
    chips: list[Chip] = []
    unknown: list[str] = []
    rest: list[str] = []
    place = 0
    for match in _OPERATOR.finditer(text):
        operator = fold(match[1])
        if operator not in _NAMES and operator not in _DATES:
            continue
        value = (match[match.lastindex or 0] or "").strip()
        found = _chips(operator, value, match[0], names or Names())
        rest.append(text[place : match.start()])
        place = match.end()
        if found and len(chips) < MOST_CHIPS:
            chips += found
        else:
            rest.append(value)
            unknown.append(match[0])
    words = re.sub(r"[ \t]+", " ", "".join([*rest, text[place:]])).strip()
    return _right_way_round(Typed(words, tuple(dict.fromkeys(chips)), tuple(unknown)))


def _chips(operator: str, value: str, typed: str, names: Names) -> list[Chip]:
    if name := _NAMES.get(operator):
        id = str(_ACCESS.get(slugify(value), "")) if name == "access" else names.find(name, value)
        return [Chip(name, id, typed)] if id else []
    period = _period(value)
    if period is None:
        return []
    first, after = period
    return {
        "since": [Chip("since", first.isoformat(), typed)],
        "until": [Chip("until", first.isoformat(), typed)],
        "year": [
            Chip("since", first.isoformat(), typed),
            Chip("until", after.isoformat(), typed),
        ],
    }[_DATES[operator]]


def _period(written: str) -> tuple[date, date] | None:
    """The first day of a year, month or day, and the first one after it."""
    match = next(filter(None, (pattern.fullmatch(written) for pattern in _WRITTEN)), None)
    if match is None or int(match["y"]) not in YEARS:
        return None
    year, month, day = (int(match[part] or 0) for part in "ymd")
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:  # 31 February
        return None
    if day:
        return first, first + timedelta(days=1)
    if month:
        return first, (first + timedelta(days=31)).replace(day=1)
    return first, date(year + 1, 1, 1)


def _right_way_round(typed: Typed) -> Typed:
    """« apres:2024 avant:2020 »: between 2020 and 2024."""
    since = [chip.value for chip in typed.chips if chip.field == "since"]
    until = [chip.value for chip in typed.chips if chip.field == "until"]
    if not since or not until or max(since) < min(until):
        return typed
    turned = {"since": "until", "until": "since"}
    chips = tuple(replace(one, field=turned.get(one.field, one.field)) for one in typed.chips)
    return replace(typed, chips=chips, swapped=True)
