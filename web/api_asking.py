"""What programs ask, read strictly: what is not understood is refused with a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from werkzeug.datastructures import MultiDict

from core.errors import BadQuery
from core.model import Access
from core.weeks import paris_midnight
from indexer.engine import Sort

MOST: Final = 100  # a page
LAST: Final = 100  # page: no engine goes further than 10,000 answers
USUAL: Final = 20
WORDS_LENGTH: Final = 500
VALUES: Final = 50  # of one filter
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,199}")

PAGES: Final = ("page", "limit")
FILTERS: Final = (
    "theme", "source", "access", "kind", "territory", "since", "until", "off_field",
)  # fmt: skip
SEARCH: Final = ("q", "organisation", "profession", "sort")
SEVERAL: Final = (
    "theme", "source", "access", "kind", "territory", "organisation", "profession",
)  # fmt: skip
SINGLE: Final = ("theme", "source")  # in a list of articles


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks. ``since``: the first instant wanted; ``until``: the first not wanted."""

    words: str = ""
    themes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    access: tuple[Access, ...] = ()
    kinds: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    off_field: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    limit: int = USUAL

    @property
    def offset(self) -> int:
        """How many come before this page."""
        return (self.page - 1) * self.limit

    @property
    def may_go_on(self) -> bool:
        """Whether the next page is within reach."""
        return self.page < LAST


def read_page(given: MultiDict[str, str], known: Collection[str]) -> Asked:
    """The page asked for, of a list that takes these parameters. Raises BadQuery."""
    _refuse_others(given, known)
    return Asked(page=_whole(given, "page", 1, LAST), limit=_whole(given, "limit", USUAL, MOST))


def read_asked(given: MultiDict[str, str], *, words: bool) -> Asked:
    """The whole question; ``words``: whether it is one to the search. Raises BadQuery."""
    place = read_page(given, (*PAGES, *FILTERS, *(SEARCH if words else ())))
    for name in () if words else SINGLE:
        if len(given.getlist(name)) > 1:
            raise BadQuery(f"{name} : un seul à la fois ici ; /search en prend plusieurs")
    after = _day(given, "until")
    return Asked(
        words=_words(given),
        themes=_values(given, "theme"),
        sources=_values(given, "source"),
        access=tuple(_access(value) for value in _values(given, "access")),
        kinds=_values(given, "kind"),
        territories=_values(given, "territory"),
        organisations=_values(given, "organisation"),
        professions=_values(given, "profession"),
        since=_midnight(_day(given, "since")),
        until=_midnight(after + timedelta(days=1) if after else None),
        off_field=_yes(given, "off_field"),
        sort=_sort(given),
        page=place.page,
        limit=place.limit,
    )


def _refuse_others(given: MultiDict[str, str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            listed = ", ".join(sorted(known)) or "aucun"
            raise BadQuery(f"paramètre inconnu : {name[:40]!r} ; connus : {listed}")
        if name not in SEVERAL and len(given.getlist(name)) > 1:
            raise BadQuery(f"{name} : une seule valeur")


def _words(given: MultiDict[str, str]) -> str:
    words = given.get("q", "")
    if len(words) > WORDS_LENGTH:
        raise BadQuery(f"q : {WORDS_LENGTH} caractères au plus")
    return words


def _values(given: MultiDict[str, str], name: str) -> tuple[str, ...]:
    values = tuple(given.getlist(name))
    if len(values) > VALUES:
        raise BadQuery(f"{name} : {VALUES} valeurs au plus")
    if name != "access" and not all(NAME.fullmatch(value) for value in values):
        raise BadQuery(f"{name} : lettres minuscules sans accent, chiffres et traits d'union")
    return tuple(dict.fromkeys(values))


def _whole(given: MultiDict[str, str], name: str, usual: int, most: int) -> int:
    written = given.get(name)
    if written is None:
        return usual
    if not (written.isascii() and written.isdecimal() and len(written) < 7):
        raise BadQuery(f"{name} : un nombre entier de 1 à {most}")
    if not 1 <= int(written) <= most:
        raise BadQuery(f"{name} : un nombre entier de 1 à {most}")
    return int(written)


def _day(given: MultiDict[str, str], name: str) -> date | None:
    written = given.get(name)
    if written is None:
        return None
    if not _DAY.fullmatch(written):
        raise BadQuery(f"{name} : une date comme 2026-11-22")
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise BadQuery(f"{name} : ce jour n'existe pas") from error
    if not 1900 <= day.year <= 2199:
        raise BadQuery(f"{name} : une date entre 1900 et 2199")
    return day


def _midnight(day: date | None) -> datetime | None:
    return paris_midnight(day) if day else None


def _yes(given: MultiDict[str, str], name: str) -> bool:
    written = given.get(name, "false")
    if written not in {"true", "false"}:
        raise BadQuery(f"{name} : true ou false")
    return written == "true"


def _access(value: str) -> Access:
    try:
        return Access(value)
    except ValueError as error:
        raise BadQuery(f"access : {', '.join(Access)}") from error


def _sort(given: MultiDict[str, str]) -> Sort:
    try:
        return Sort(given.get("sort", Sort.RELEVANCE))
    except ValueError as error:
        raise BadQuery(f"sort : {', '.join(Sort)}") from error
