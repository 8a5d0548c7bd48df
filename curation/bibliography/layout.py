"""A reading list laid out, before it becomes DOCX, PDF, Markdown or HTML: what stands where.

Each entry is its written reference in one style, then why and how to read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from core.model import Access
from core.reading_lists import Advice, Contents, Item, Section, SkillId
from core.references import Reference
from core.text import NBSP, clean, one_line, typographic
from core.weeks import french_date
from curation.attribution import SUBSCRIBERS_MARK
from curation.bibliography.apa import apa
from curation.bibliography.iso690 import iso690, iso690_note
from curation.bibliography.runs import Run, Runs


class Style(StrEnum):
    """How references are written, as addresses name it."""

    APA = "apa"
    ISO = "iso-690"
    NOTE = "iso-690-note"


STYLES: Final = {
    Style.APA: "APA 7",
    Style.ISO: "ISO 690, auteur et date",
    Style.NOTE: "ISO 690, notes",
}
_WRITERS: Final[dict[Style, Callable[[Reference], Runs]]] = {
    Style.APA: apa,
    Style.ISO: iso690,
    Style.NOTE: iso690_note,
}
_ADVICE: Final = {
    Advice.REQUIRED: "Obligatoire",
    Advice.ADVISED: "Conseillé",
    Advice.FURTHER: "Pour aller plus loin",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A reading: its reference, how it is to be read, why, what to discuss."""

    reference: Reference
    runs: Runs
    details: str = ""  # « Obligatoire · p. 12-18 · 35 min · S1 · DC1 »
    note: tuple[str, ...] = ()  # paragraphs
    question: str = ""
    archive: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading ("" for none), its paragraphs, its readings."""

    title: str
    introduction: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A whole list as it is printed; ``facts``: whom it is for, which version it is."""

    title: str
    introduction: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    author: str = ""
    address: str = ""

    @property
    def entries(self) -> Iterator[Entry]:
        """Every reading, in order."""
        return (entry for part in self.parts for entry in part.entries)


def lay_out(
    contents: Contents,
    style: Style,
    *,
    today: date,
    version: str = "",
    author: str = "",
    address: str = "",
    skills: Mapping[SkillId, str] | None = None,
) -> Leaflet:
    """The list as it is printed. ``version``: « Édition 2, figée le … »; ``skills``: their codes.

    References to pages that were not dated by who read them are dated of ``today``.
    """
    names = skills or {}
    marks = ", ".join(names.get(one, str(one)) for one in contents.skills)
    facts = (
        f"Public : {contents.audience}" if contents.audience else "",
        f"Matière : {contents.subject}" if contents.subject else "",
        f"Compétences : {marks}" if marks else "",
        version or f"Version du {french_date(today)}",
    )
    return Leaflet(
        title=_line(contents.title) or "Bibliographie",
        introduction=_paragraphs(contents.introduction),
        facts=tuple(_line(fact) for fact in facts if fact),
        parts=tuple(
            _part(section, style, today, names)
            for section in contents.sections
            if section.items or section.title or section.introduction
        ),
        author=one_line(author),
        address=address,
    )


def _part(section: Section, style: Style, today: date, names: Mapping[SkillId, str]) -> Part:
    return Part(
        title=_line(section.title),
        introduction=_paragraphs(section.introduction),
        entries=tuple(_entry(item, style, today, names) for item in section.items),
    )


def _entry(item: Item, style: Style, today: date, names: Mapping[SkillId, str]) -> Entry:
    reference = item.reference
    if reference.url and reference.accessed is None:
        reference = replace(reference, accessed=today)
    details = (
        _ADVICE.get(item.advice, ""),
        _line(item.extent),
        f"{item.minutes}{NBSP}min" if item.minutes else "",
        _line(item.session),
        *(names.get(one, str(one)) for one in item.skills),
    )
    return Entry(
        reference=reference,
        runs=_marked(_WRITERS[style](reference), reference.access),
        details=" · ".join(part for part in details if part),
        note=_paragraphs(item.note),
        question=_line(item.question),
        archive=item.archive if item.archive.startswith(("http://", "https://")) else "",
    )


def _marked(runs: Runs, access: Access) -> Runs:
    """With a mark when the article is for subscribers."""
    closed = access is Access.SUBSCRIBERS
    return (*runs, Run(f" {SUBSCRIBERS_MARK}")) if closed else runs


def _line(text: str) -> str:
    return typographic(one_line(text))


def _paragraphs(text: str) -> tuple[str, ...]:
    """Its lines that say something."""
    return tuple(_line(line) for line in clean(text).split("\n") if one_line(line))
