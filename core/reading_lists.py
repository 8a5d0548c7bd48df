"""Reading lists: what a trainer chose for students to read, in sections, with reasons.

``Contents`` is what a list says; it is changed by pure functions (``curation/shelving.py``), kept
whole at each frozen edition, and by differences in between. ``ReadingList`` is the list as the
store holds it: whose it is, who may see it, and its contents as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from core.model import ArticleId, ThemeId
from core.people import PersonId
from core.references import Reference, from_plain, to_plain

ListId = NewType("ListId", int)
SectionId = NewType("SectionId", str)  # unique within its list, for ever
ItemId = NewType("ItemId", str)  # likewise
SkillId = NewType("SkillId", str)  # « dc2018-1 »: a line of a competence grid

MOST_ITEMS: Final = 2_000
MOST_SECTIONS: Final = 100


class Visibility(StrEnum):
    """Who may read it besides its owner and editors: nobody, who has the address, or anyone."""

    PRIVATE = "private"
    LINK = "link"
    PUBLIC = "public"


class Advice(StrEnum):
    """How much an item is to be read; on screen « obligatoire », « conseillé », « … plus loin »."""

    UNSAID = ""
    REQUIRED = "required"
    ADVISED = "advised"
    FURTHER = "further"


@dataclass(frozen=True, slots=True)
class Item:
    """One reading: what it is, and why it is there."""

    id: ItemId
    reference: Reference  # as last known: it outlives the article that it came from
    article: ArticleId | None = None  # when it is in Glaneuse
    note: str = ""  # why read it; several lines
    question: str = ""  # to discuss
    advice: Advice = Advice.UNSAID
    extent: str = ""  # what to read of it: « p. 12-18 », « chapitre 2 »
    minutes: int | None = None  # reading time
    session: str = ""  # « S1 »
    skills: tuple[SkillId, ...] = ()
    archive: str = ""  # address of an archived copy, for the day when the link is dead
    added: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Items under one heading; the first section of a list may have none."""

    id: SectionId
    title: str = ""
    introduction: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a list says."""

    title: str
    introduction: str = ""
    audience: str = ""  # the public aimed at: « ES, première année »
    subject: str = ""  # the school subject
    themes: tuple[ThemeId, ...] = ()
    skills: tuple[SkillId, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def items(self) -> Iterator[Item]:
        """Every item, in order."""
        return (item for section in self.sections for item in section.items)

    @property
    def size(self) -> int:
        """How many items."""
        return sum(len(section.items) for section in self.sections)

    @property
    def articles(self) -> tuple[ArticleId, ...]:
        """The stored articles among the items, in order."""
        return tuple(item.article for item in self.items if item.article is not None)


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A list, whose it is and who may see it. ``slug``: its address for good, not to be guessed."""

    id: ListId
    slug: str
    owner: PersonId | None  # None: of somebody whose account was erased
    editors: tuple[PersonId, ...]  # colleagues who may change it too
    visibility: Visibility
    contents: Contents
    revision: int  # counts its changes
    created: datetime
    changed: datetime
    copied_from: str = ""  # title and author of the list that it began as
    deleted: datetime | None = None  # in the bin since then


@dataclass(frozen=True, slots=True)
class ListNotice:
    """What an index of lists shows of one."""

    id: ListId
    slug: str
    owner: PersonId | None
    editors: tuple[PersonId, ...]
    visibility: Visibility
    title: str
    audience: str
    subject: str
    themes: tuple[ThemeId, ...]
    size: int
    changed: datetime
    deleted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A list as it was on a day, numbered from 1; its contents never change."""

    list_id: ListId
    number: int
    label: str  # « Promotion 2026-2027 »
    frozen: datetime
    by: PersonId | None
    visibility: Visibility
    contents: Contents


@dataclass(frozen=True, slots=True)
class EditionNotice:
    """What an index of editions shows of one."""

    number: int
    label: str
    frozen: datetime
    visibility: Visibility
    size: int


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a list: who, when, what was done, and what differs.

    ``difference``: for each part that changed, what it was and what it became, as
    ``curation/differences.py`` makes and undoes it.
    """

    list_id: ListId
    number: int
    at: datetime
    who: PersonId | None
    deed: str
    difference: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is known of the page of a stored article that stands in a list."""

    missing: datetime | None = None  # since when its page does not answer
    gone: datetime | None = None  # since when it counts as withdrawn by its publisher
    withdrawn: bool = False  # taken out of Glaneuse for good


@dataclass(frozen=True, slots=True)
class Skill:
    """A line of a grid: « DC1 », and what it says."""

    id: SkillId
    code: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The competences of a diploma or of a reform; several live side by side."""

    id: str
    label: str
    skills: tuple[Skill, ...]


# -- as JSON holds them: without what is empty ----------------------------------------------------


def item_to_plain(item: Item) -> dict[str, Any]:
    """The item as JSON holds it, with its id."""
    plain: dict[str, Any] = {"id": item.id, "reference": to_plain(item.reference)}
    given = {name: getattr(item, name) for name in _ITEM_FIELDS}
    plain |= {name: value for name, value in given.items() if value}
    if item.skills:
        plain["skills"] = list(item.skills)
    if item.added:
        plain["added"] = item.added.isoformat()
    return plain


def item_from_plain(plain: Mapping[str, Any]) -> Item:
    """The item that ``item_to_plain`` gave. Raises ValueError, KeyError or TypeError."""
    given: dict[str, Any] = {name: plain[name] for name in _ITEM_FIELDS if name in plain}
    if "advice" in given:
        given["advice"] = Advice(given["advice"])
    if "added" in plain:
        given["added"] = datetime.fromisoformat(plain["added"])
    skills = tuple(SkillId(one) for one in plain.get("skills", ()))
    reference = from_plain(plain["reference"])
    return Item(id=ItemId(plain["id"]), reference=reference, skills=skills, **given)


def contents_to_plain(contents: Contents) -> dict[str, Any]:
    """All that a list says, as JSON holds it."""
    plain: dict[str, Any] = {name: getattr(contents, name) for name in TEXTS}
    plain |= {"themes": list(contents.themes), "skills": list(contents.skills)}
    plain["sections"] = [
        {
            "id": section.id,
            "title": section.title,
            "introduction": section.introduction,
            "items": [item_to_plain(item) for item in section.items],
        }
        for section in contents.sections
    ]
    return plain


def contents_from_plain(plain: Mapping[str, Any]) -> Contents:
    """The contents that ``contents_to_plain`` gave. Raises ValueError, KeyError or TypeError."""
    sections = (
        Section(
            SectionId(one["id"]),
            one["title"],
            one["introduction"],
            tuple(map(item_from_plain, one["items"])),
        )
        for one in plain["sections"]
    )
    return Contents(
        **{name: plain[name] for name in TEXTS},
        themes=tuple(ThemeId(one) for one in plain["themes"]),
        skills=tuple(SkillId(one) for one in plain["skills"]),
        sections=tuple(sections),
    )


TEXTS: Final = ("title", "introduction", "audience", "subject")
_ITEM_FIELDS: Final = (
    "article", "note", "question", "advice", "extent", "minutes", "session", "archive",
)  # fmt: skip
