"""The address of a search, read and written: any query string whatever gives a question.

What cannot be understood is left out, and said in French. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from core.model import Access
from core.text import fold, one_line, shorten
from core.weeks import paris_midnight
from indexer.engine import Query, Sort
from indexer.typed import Names, Typed, understand

PATH = "/recherche"
SIZE = 20
LAST_PAGE = 10_000 // SIZE  # no engine goes further; see SearchEngine
WORDS_LENGTH = 500
MESSAGES = 5
YEARS = range(1900, 2201)

_ACCESS = {fold(access.value): access for access in Access}
_SORTS = {"pertinence": Sort.RELEVANCE, "date": Sort.DATE}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FRENCH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")

Labels = Mapping[str, Mapping[str, str]]  # parameter → id → what readers see
NOTHING: Final[Labels] = MappingProxyType({})
# Kinds of text and what articles name: the parameter, what it narrows, what is said of a wrong one.
NAMED: Final[dict[str, tuple[str, str]]] = {
    "genre": ("kinds", "Le genre « {} » n'existe pas"),
    "territoire": ("territories", "Le territoire « {} » n'est pas connu"),
    "organisation": ("organisations", "L'organisation « {} » n'est pas connue"),
    "metier": ("professions", "Le métier « {} » n'est pas connu"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks, as the address of the search says it. Dates are days in Paris."""

    words: str = ""
    themes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    access: tuple[Access, ...] = ()
    kinds: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    year: int | None = None
    first: date | None = None
    last: date | None = None
    off_field: bool = False
    more: bool = False  # every facet is shown, those that are counted on request too
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its address, in an order that never changes."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [("theme", theme) for theme in self.themes]
        pairs += [("source", source) for source in self.sources]
        pairs += [("acces", fold(access.value)) for access in self.access]
        for name, (attribute, _) in NAMED.items():
            pairs += [(name, id) for id in getattr(self, attribute)]
        pairs += [("annee", str(self.year))] if self.year else []
        pairs += [("du", self.first.isoformat())] if self.first else []
        pairs += [("au", self.last.isoformat())] if self.last else []
        pairs += [("hors-champ", "1")] if self.off_field else []
        pairs += [("filtres", "tous")] if self.more else []
        pairs += [("tri", "date")] if self.sort is Sort.DATE else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return pairs

    @property
    def address(self) -> str:
        """Where it is asked: always the same for the same question."""
        return f"{PATH}?{urlencode(self.pairs)}" if self.pairs else PATH

    @property
    def followed(self) -> Question:
        """The same as it is followed: neither its order nor what is shown beside it counts."""
        return self.but(sort=Sort.RELEVANCE, more=False)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but words narrows it."""
        return self != Question(
            words=self.words,
            off_field=self.off_field,
            more=self.more,
            sort=self.sort,
            page=self.page,
        )

    @property
    def unfiltered(self) -> Question:
        """The same words alone."""
        return Question(words=self.words, off_field=self.off_field, sort=self.sort)

    def but(self, **changes: Any) -> Question:
        """The same question with these changes, from its first page."""
        return replace(self, **({"page": 1} | changes))

    @property
    def query(self) -> Query:
        """The question as the engines take it."""
        return Query(
            words=self.words,
            themes=self.themes,
            sources=self.sources,
            access=self.access,
            kinds=self.kinds,
            territories=self.territories,
            organisations=self.organisations,
            professions=self.professions,
            since=max(self._starts, default=None),
            until=min(self._ends, default=None),
            off_field=self.off_field,
            sort=self.sort if self.words else Sort.DATE,
            page=self.page,
            size=SIZE,
        )

    @property
    def _starts(self) -> list[datetime]:
        days = [self.first, date(self.year, 1, 1) if self.year else None]
        return [paris_midnight(day) for day in days if day]

    @property
    def _ends(self) -> list[datetime]:
        after = self.last + timedelta(days=1) if self.last else None
        days = [after, date(self.year + 1, 1, 1) if self.year else None]
        return [paris_midnight(day) for day in days if day]


def read_question(
    given: MultiDict[str, str],
    *,
    themes: Collection[str],
    sources: Collection[str],
    labels: Labels = NOTHING,
) -> tuple[Question, tuple[str, ...]]:
    """The question of these parameters, and what to tell the reader about those left out.

    ``labels``: by parameter, the kinds and names that there are.
    """
    told: list[str] = []
    words = one_line(given.get("q", ""))
    if len(words) > WORDS_LENGTH:
        words = words[:WORDS_LENGTH].strip()
        told.append(f"La question a été ramenée à ses {WORDS_LENGTH} premiers caractères.")
    first, last = (_day(given.get(name, ""), told) for name in ("du", "au"))
    if first and last and last < first:
        first, last = last, first
        told.append("Les deux dates étaient à l'envers : elles ont été échangées.")
    typed = understand(words, _names(themes, sources, labels))
    told += [_not_understood(operator) for operator in typed.unknown]
    question = Question(
        words=words,
        themes=_known(given.getlist("theme"), themes, told, "Le thème « {} » n'existe pas"),
        sources=_known(given.getlist("source"), sources, told, "La source « {} » n'existe pas"),
        access=_access(given.getlist("acces"), told),
        **{
            attribute: _known(given.getlist(name), labels.get(name, {}), told, problem)
            for name, (attribute, problem) in NAMED.items()
        },
        year=_whole(given.get("annee", ""), YEARS, told, "L'année « {} » n'est pas comprise"),
        first=first,
        last=last,
        off_field=given.get("hors-champ", "") not in {"", "0", "non"},
        more=given.get("filtres", "") == "tous",
        sort=_sort(given.get("tri", ""), told),
        page=_page(given.get("page", ""), told),
    )
    return _with_typed(question, typed), tuple(told[:MESSAGES])


def _names(themes: Collection[str], sources: Collection[str], labels: Labels) -> Names:
    """What the box may name: what the page has a filter for."""
    known = {"themes": {str(id): str(id) for id in themes}, "sources": {s: s for s in sources}}
    return Names(
        known | {attribute: dict(labels.get(name, {})) for name, (attribute, _) in NAMED.items()}
    )


_NARROWING = ("themes", "sources", "access", *(attribute for attribute, _ in NAMED.values()))


def _with_typed(question: Question, typed: Typed) -> Question:
    """The question narrowed by what the box says too: « theme:logement avant:2024 »."""
    if not typed.chips:
        return replace(question, words=typed.words)
    query = typed.narrow(question.query)
    starts = [day for day in (question.first, typed.first) if day]
    ends = [day for day in (question.last, typed.last) if day]
    return replace(
        question,
        words=typed.words,
        **{name: getattr(query, name) for name in _NARROWING},
        first=max(starts, default=None),
        last=min(ends, default=None),
    )


def _not_understood(operator: str) -> str:
    written = shorten(operator.strip(), 40)
    return f"« {written} » n'est pas compris : la recherche se fait sur le mot."


def _known(
    values: Iterable[str], known: Collection[str], told: list[str], problem: str
) -> tuple[str, ...]:
    wanted = dict.fromkeys(value for value in map(one_line, values) if value)
    told += [_left_out(problem, value) for value in wanted if value not in known]
    return tuple(value for value in wanted if value in known)


def _access(values: Iterable[str], told: list[str]) -> tuple[Access, ...]:
    folded = [fold(one_line(value)) for value in values]
    known = _known(folded, _ACCESS, told, "L'accès « {} » n'existe pas")
    return tuple(_ACCESS[value] for value in known)


def _sort(value: str, told: list[str]) -> Sort:
    if value and value not in _SORTS:
        told.append(_left_out("Le tri « {} » n'existe pas", value))
    return _SORTS.get(value, Sort.RELEVANCE)


def _page(value: str, told: list[str]) -> int:
    page = _whole(value, range(1, 10**9), told, "La page « {} » n'est pas comprise") or 1
    if page > LAST_PAGE:
        told.append(f"La recherche ne va pas au-delà de la page {LAST_PAGE}.")
    return min(page, LAST_PAGE)


def _whole(value: str, allowed: range, told: list[str], problem: str) -> int | None:
    written = one_line(value)
    if not written:
        return None
    # As many digits as Python would read, but no more than make sense.
    if written.isascii() and written.isdecimal() and len(written) < 12 and int(written) in allowed:
        return int(written)
    told.append(_left_out(problem, written))
    return None


def _day(value: str, told: list[str]) -> date | None:
    written = one_line(value)
    if not written:
        return None
    day = _try(_ISO, written, date) or _try(_FRENCH, written, lambda d, m, y: date(y, m, d))
    if day is None or day.year not in YEARS:
        told.append(_left_out("La date « {} » n'est pas comprise", written))
        return None
    return day


def _try(
    pattern: re.Pattern[str], written: str, make: Callable[[int, int, int], date]
) -> date | None:
    match = pattern.fullmatch(written)
    if match is None:
        return None
    try:
        return make(*(int(part) for part in match.groups()))
    except ValueError:  # 31 February
        return None


def _left_out(problem: str, value: str) -> str:
    return problem.format(shorten(value, 40)) + " : la recherche se fait sans."
