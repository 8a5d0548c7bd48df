"""What a search engine of Glaneuse does, in plain data: the protocol that both engines keep.

Engines find candidates, count facets and totals. French analysis and excerpts are ours, the same
for both (``indexer/french.py``, ``indexer/highlight.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.model import Access, ArticleId


class Sort(StrEnum):
    """The order of the answers."""

    RELEVANCE = "relevance"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Document:
    """An article as it is indexed; near-duplicates are one document, under their lead's id."""

    id: ArticleId
    title: str
    text: str
    url: str
    source: str  # slug; of a group, the lead's
    source_name: str
    access: Access
    published: datetime | None
    themes: tuple[str, ...]  # ids; empty: off the field
    kind: str = ""  # id of the kind of text; empty: not known
    territories: tuple[str, ...] = ()  # ids
    organisations: tuple[str, ...] = ()  # ids
    professions: tuple[str, ...] = ()  # ids
    sources: tuple[str, ...] = ()  # slugs of the whole group; empty: ``source`` alone
    extract: str = ""  # what may be shown when nothing is highlighted
    shown: int = 200  # how many characters of the text may be shown, highlights included


@dataclass(frozen=True, slots=True)
class Query:
    """A question, as the web or the command line asks it.

    ``words`` is what the person typed: words, and "exact phrases" between straight or French
    quotes; any characters whatever. ``since`` is the first instant wanted, ``until`` the first
    instant no longer wanted. Several themes, sources, kinds …: any of each. ``also``: which facets
    to count besides those that always are, among ``territory``, ``organisation``, ``profession``.
    ``plain``: which articles answer is all that is asked: nothing is marked, no facet counted.
    """

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
    off_field: bool = False  # « Inclure le hors-champ »
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20
    also: tuple[str, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an excerpt; ``marked`` when it answers the question."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer, all it takes to show it."""

    id: ArticleId
    title: tuple[Piece, ...]
    url: str
    source: str
    source_name: str
    access: Access
    published: datetime | None
    themes: tuple[str, ...]
    excerpt: tuple[Piece, ...]
    score: float = 0.0
    kind: str = ""
    territories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # of the whole group, ``source`` included


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no article has, and the one looked for instead."""

    typed: str
    used: str


@dataclass(frozen=True, slots=True)
class Results:
    """The answers of one page, how many there are in all, and the facets' counts.

    ``facets`` maps ``theme``, ``kind``, ``source``, ``access``, ``year`` (``2026``), ``month``
    (``2026-11``) and those asked for in ``Query.also`` to counts by value, over all that matches
    the question with its filters. ``partial``: too little had all the words, those that have some
    are among the answers. ``unquoted``: nothing has the phrases between quotes, their words were
    searched. ``words``: what was searched instead of what was typed, when words were
    corrected. ``meanings``: those of the acronyms asked for that have several.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    partial: bool = False
    unquoted: bool = False
    words: str = ""
    corrections: tuple[Correction, ...] = ()
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that may be meant by what is being typed."""

    id: ArticleId
    title: str


class SearchEngine(Protocol):
    """Where articles are looked up. Writes are visible when the call returns.

    Every method raises SearchUnavailable when the engine cannot be reached or opened, and the
    writing ones IndexBusy when another process is writing. ``search`` raises BadQuery for a page
    that is out of reach (``page * size`` beyond 10,000) and for a facet that does not exist, never
    for what was typed.
    """

    name: str

    def put(self, documents: Iterable[Document]) -> None:
        """Index these, replacing those of the same id."""

    def remove(self, ids: Iterable[ArticleId]) -> None:
        """Take these out; unknown ones are passed over."""

    def search(self, query: Query) -> Results:
        """The answers to a question."""

    def suggest(self, typed: str, size: int = 5) -> tuple[Suggestion, ...]:
        """The newest articles whose titles have these words, the last one being begun only."""

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Replace all by these; until it is done, searches answer from what was there."""

    def count(self) -> int:
        """How many documents are indexed."""

    def is_alive(self) -> bool:
        """Whether it answers; never raises."""
