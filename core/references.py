"""What a bibliography refers to: articles, books, laws, films, web pages.

The fields are those that reference managers share (CSL 1.0.2, RIS, biblatex), each under one name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

from core.model import Access
from core.text import fold, one_line, slugify
from core.urls import canonical_url
from core.weeks import MONTHS, french_date

DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>{}\\^`|]+")
_PEOPLE = frozenset({"authors", "editors", "translators"})


class ReferenceKind(StrEnum):
    """What sort of thing is referred to."""

    MAGAZINE = "article-magazine"  # professional press: ASH, Lien social, TSA
    NEWSPAPER = "article-presse"
    JOURNAL = "article-revue"  # with volume and number, read by peers
    BLOG = "billet"
    PAGE = "page-web"
    BOOK = "livre"
    CHAPTER = "chapitre"
    REPORT = "rapport"
    THESIS = "these"  # a student's too: mémoire
    LAW = "texte-officiel"
    RULING = "decision"  # of a court
    PAPER = "communication"  # given at a conference
    FILM = "film"
    VIDEO = "video"
    PODCAST = "podcast"  # and radio
    DOCUMENT = "document"  # anything else


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or (without ``given``) a body under its whole name."""

    family: str
    given: str = ""

    def __post_init__(self) -> None:
        _set_on_one_line(self)

    @property
    def initials(self) -> str:
        """« J.-P. M. » of « Jean-Pierre Marie »."""
        words = [word for word in self.given.split() if word.strip("-.")]
        return " ".join(
            "-".join(f"{part[0]}." for part in word.split("-") if part) for word in words
        )


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A year, a month of a year, or a day: 0 for what is not known. Raises ValueError."""

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        date(self.year, self.month or 1, self.day or 1)  # raises ValueError when there is none
        if self.day and not self.month:
            raise ValueError(f"a day of no month: {self}")

    @classmethod
    def of(cls, day: date) -> Self:
        """A whole day."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """« 2026 », « 2026-11 » or « 2026-11-19 » (ISO 8601). Raises ValueError."""
        match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
        if match is None:
            raise ValueError(f"{text[:40]!r} is no date: write for instance 2026-11-19")
        return cls(*(int(part) for part in match.groups("0")))

    @property
    def whole(self) -> date | None:
        """The day, when it is known."""
        return date(self.year, self.month, self.day) if self.day else None

    @property
    def parts(self) -> tuple[int, ...]:
        """What is known: year, month, day."""
        return tuple(part for part in (self.year, self.month, self.day) if part)

    @property
    def in_french(self) -> str:
        """« 1er novembre 2026 », « novembre 2026 » or « 2026 »."""
        if self.whole:
            return french_date(self.whole)
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else f"{self.year}"

    def __str__(self) -> str:
        return "-".join(
            f"{part:0{width}}" for part, width in zip(self.parts, (4, 2, 2), strict=False)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What is known of a thing referred to; "" and None for what is not. Texts are single lines."""

    kind: ReferenceKind = ReferenceKind.DOCUMENT
    title: str
    id: str = ""  # names it in exports, for instance ``glaneuse-17``
    authors: tuple[Author, ...] = ()  # of a film: who directed it
    editors: tuple[Author, ...] = ()  # « (dir.) »
    translators: tuple[Author, ...] = ()
    container: str = ""  # the journal, the site, the book of a chapter, « JORF »
    collection: str = ""  # the series of a book
    publisher: str = ""  # of a thesis: the university; of a film: who produced or gives it out
    place: str = ""
    edition: str = ""  # « 2 », « 3e éd. revue »
    volume: str = ""
    issue: str = ""
    number: str = ""  # of a law, a report, a ruling: « 2022-140 »
    genre: str = ""  # « Thèse de doctorat », « Rapport d’information », « Podcast »
    pages: str = ""  # « 12-25 »
    published: PartialDate | None = None
    url: str = ""
    doi: str = ""  # « 10.3917/… », without https://doi.org/
    isbn: str = ""
    issn: str = ""
    language: str = "fr"
    accessed: date | None = None  # the day it was read, as references to web pages say
    access: Access = Access.UNKNOWN
    note: str = ""

    def __post_init__(self) -> None:
        _set_on_one_line(self)

    @property
    def link(self) -> str:
        """Where it is read: its address, else its DOI's."""
        return self.url or (f"https://doi.org/{self.doi}" if self.doi else "")

    @property
    def key(self) -> str:
        """« durand2026-aide-sociale »: as BibTeX and authors' own drafts name it."""
        people = self.authors or self.editors
        first = slugify(people[0].family if people else self.container).split("-")[0]
        year = self.published.year if self.published else ""
        words = "-".join(slugify(self.title).split("-")[:3])
        return "-".join(part for part in (f"{first}{year}", words) if part) or "reference"


def identities(one: Reference) -> frozenset[str]:
    """What tells that two references are of the same thing: they share one of these."""
    found = {f"doi:{one.doi.lower()}"} if one.doi else set()
    if one.url:
        found.add(f"url:{_canonical(one.url)}")
    first = fold((one.authors or one.editors or (Author(""),))[0].family)
    year = one.published.year if one.published else ""
    found.add(f"title:{slugify(one.title)}|{slugify(first)}|{year}|{slugify(one.container)}")
    return frozenset(found)


def to_plain(one: Reference) -> dict[str, Any]:
    """The reference as JSON holds it: without what is not known."""
    plain: dict[str, Any] = {
        field.name: getattr(one, field.name) for field in fields(one) if getattr(one, field.name)
    }
    for name in _PEOPLE & plain.keys():
        plain[name] = [[who.family, who.given] for who in plain[name]]
    for name in {"published", "accessed"} & plain.keys():
        plain[name] = str(plain[name])
    return {name: str(v) if isinstance(v, StrEnum) else v for name, v in plain.items()}


def from_plain(plain: Mapping[str, Any]) -> Reference:
    """The reference that ``to_plain`` gave. Raises ValueError, KeyError or TypeError."""
    read: dict[str, Any] = dict(plain)
    for name in _PEOPLE & read.keys():
        read[name] = tuple(Author(family, given) for family, given in read[name])
    if "published" in read:
        read["published"] = PartialDate.parse(read["published"])
    if "accessed" in read:
        read["accessed"] = date.fromisoformat(read["accessed"])
    read["kind"] = ReferenceKind(read.get("kind", ReferenceKind.DOCUMENT))
    read["access"] = Access(read.get("access", Access.UNKNOWN))
    return Reference(**{"title": "", "language": "", **read})


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return url


def _set_on_one_line(thing: Author | Reference) -> None:
    for field in fields(thing):
        held = getattr(thing, field.name)
        if type(held) is str:
            object.__setattr__(thing, field.name, one_line(held))
