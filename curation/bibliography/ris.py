"""RIS, the records of reference managers: one tag a line, « TY » to « ER ».

https://en.wikipedia.org/wiki/RIS_(file_format), and Zotero's own use of the tags, which is what
most programs follow. Read here rather than by rispy, which passes over a broken record in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from core.model import Access
from core.references import Author, PartialDate, Reference, ReferenceKind
from curation.bibliography.access import access_of, word_for
from curation.bibliography.bylines import is_a_body
from curation.bibliography.reading import BadEntry, Read, Refused, date_of, doi_of, text_of

TYPES: Final = {
    ReferenceKind.MAGAZINE: "MGZN",
    ReferenceKind.NEWSPAPER: "NEWS",
    ReferenceKind.JOURNAL: "JOUR",
    ReferenceKind.BLOG: "BLOG",
    ReferenceKind.PAGE: "ELEC",
    ReferenceKind.BOOK: "BOOK",
    ReferenceKind.CHAPTER: "CHAP",
    ReferenceKind.REPORT: "RPRT",
    ReferenceKind.THESIS: "THES",
    ReferenceKind.LAW: "STAT",
    ReferenceKind.RULING: "CASE",
    ReferenceKind.PAPER: "CPAPER",
    ReferenceKind.FILM: "MPCT",
    ReferenceKind.VIDEO: "VIDEO",
    ReferenceKind.PODCAST: "SOUND",
    ReferenceKind.DOCUMENT: "GEN",
}
_KINDS: Final = {
    **{type: kind for kind, type in TYPES.items()},
    "ABST": ReferenceKind.JOURNAL,
    "BILL": ReferenceKind.LAW,
    "CONF": ReferenceKind.PAPER,
    "EBOOK": ReferenceKind.BOOK,
    "ECHAP": ReferenceKind.CHAPTER,
    "EDBOOK": ReferenceKind.BOOK,
    "EJOUR": ReferenceKind.JOURNAL,
    "ENCYC": ReferenceKind.CHAPTER,
    "GOVDOC": ReferenceKind.REPORT,
    "INPR": ReferenceKind.JOURNAL,
    "JFULL": ReferenceKind.JOURNAL,
    "LEGAL": ReferenceKind.LAW,
    "MULTI": ReferenceKind.VIDEO,
    "SER": ReferenceKind.BOOK,
    "STAND": ReferenceKind.REPORT,
    "WEB": ReferenceKind.PAGE,
}
_TITLES = ("TI", "T1", "CT", "BT", "ST")
_CONTAINERS = ("T2", "JO", "JF", "JA", "J2")
_TEXTS: Final = {
    "container": _CONTAINERS,
    "collection": ("T3",),
    "publisher": ("PB",),
    "place": ("CY", "PP"),
    "edition": ("ET",),
    "volume": ("VL",),
    "issue": ("IS",),
    "number": ("M1",),
    "genre": ("M3",),
    "language": ("LA",),
    "note": ("N1",),
    "id": ("ID",),
    "url": ("UR", "L1", "L2"),
}
_LINE = re.compile(r"\ufeff?([A-Z][A-Z0-9]) {0,2}- ?(.*)")
_GOES_ON = frozenset({"AB", "N1", "N2"})  # long texts, which programs write on several lines
_LONGEST_NOTE = 20_000  # characters
_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_RANGE = re.compile(r"([^\s–-]+)\s*[-–]\s*([^\s–-]+)")


def to_ris(references: Iterable[Reference]) -> str:
    """The records, their lines ended as the format wants (CR LF), an empty one after each."""
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _lines(one)) + "\r\n"
        for one in references
    )


def _lines(one: Reference) -> Iterator[tuple[str, str]]:
    begin, end = match.groups() if (match := _RANGE.fullmatch(one.pages)) else (one.pages, "")
    lines: list[tuple[str, str]] = [
        ("ID", one.id),
        *(("AU", _written(who)) for who in one.authors),
        *(("A2", _written(who)) for who in one.editors),
        *(("A4", _written(who)) for who in one.translators),
        ("TI", one.title),
        ("T2", one.container),
        ("T3", one.collection),
        ("PY", f"{one.published.year:04}" if one.published else ""),
        ("DA", _date(one.published) if one.published else ""),
        ("PB", one.publisher),
        ("CY", one.place),
        ("ET", one.edition),
        ("VL", one.volume),
        ("IS", one.issue),
        ("M1", one.number),
        ("M3", one.genre),
        ("SP", begin),
        ("EP", end),
        ("SN", one.isbn),
        ("SN", one.issn),
        ("DO", one.doi),
        ("UR", one.url),
        ("Y2", _date(PartialDate.of(one.accessed)) if one.accessed else ""),
        ("LA", one.language),
        ("KW", word_for(one.access)),
        ("N1", one.note),
    ]
    yield "TY", TYPES[one.kind]
    yield from ((tag, value) for tag, value in lines if value)
    yield "ER", ""


def _written(who: Author) -> str:
    return f"{who.family}, {who.given}" if who.given else who.family


def _date(day: PartialDate) -> str:
    """« 2026/11/19/ », « 2026/11// », « 2026/// »."""
    return "/".join([*str(day).split("-"), *[""] * (4 - len(day.parts))])


@dataclass(slots=True)
class _Record:
    """The lines of a record: where it begins, what each tag says in order, where it first does."""

    line: int
    tags: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    last: str = "TY"

    def add(self, tag: str, value: str, line: int) -> None:
        self.tags.setdefault(tag, []).append(value.strip())
        self.lines.setdefault(tag, line)
        self.last = tag

    def go_on(self, value: str) -> bool:
        """Add to the last line said, when it is of those that programs break."""
        if self.last == "N1" and len(self.tags["N1"][-1]) < _LONGEST_NOTE:
            self.tags["N1"][-1] += f" {value.strip()}"  # abstracts are not kept
        return self.last in _GOES_ON

    def first(self, *tags: str) -> str:
        """What the first of these tags that says something says."""
        return next((value for tag in tags for value in self.tags.get(tag, []) if value), "")


@dataclass(slots=True)
class _Reader:
    """What was read so far, and the record that is open."""

    references: list[Reference] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    record: _Record | None = None

    def take(self, number: int, line: str) -> None:
        match = _LINE.fullmatch(line)
        if match and match[1] in {"TY", "ER"}:
            self.close()
            self.record = _Record(number) if match[1] == "TY" else None
        if self.record is None:
            if line.strip("\ufeff \t") and not match:
                self.refuse(number, line, "cette ligne n’est d’aucune référence (TY)")
            elif match and match[1] != "ER":
                self.refuse(number, line, "cette ligne vient avant le début d’une référence (TY)")
        elif match:
            self.record.add(match[1], match[2], number)
        elif line.strip() and not self.record.go_on(line):
            self.refuse(number, line, "cette ligne n’a pas la forme « XX  - … »")

    def close(self) -> None:
        """Make a reference of the open record, if there is one."""
        if self.record is None:
            return
        try:
            self.references.append(self._reference(self.record))
        except BadEntry as bad:
            begins = self.record.first("AU", "UR", "TY") or "TY"
            self.refuse(self.record.line, begins, str(bad))

    def refuse(self, line: int, text: str, why: str, *, kept: bool = False) -> None:
        self.refused.append(Refused(line, text, why, kept))

    def _reference(self, record: _Record) -> Reference:
        title = record.first(*_TITLES)
        if not title:
            raise BadEntry("cette référence n’a pas de titre (TI)")
        day = self._date(record, "Y2")
        return Reference(
            title=title,
            kind=_KINDS.get(record.first("TY").upper(), ReferenceKind.DOCUMENT),
            authors=_people(record, "AU", "A1"),
            editors=_people(record, "A2", "ED"),
            translators=_people(record, "A4"),
            published=self._date(record, "DA", "PY", "Y1"),
            accessed=day.whole if day else None,
            doi=doi_of(record.first("DO", "L3")) or record.first("DO"),  # Cairn says it in L3
            pages=_pages(record.first("SP"), record.first("EP")),
            access=_access(record),
            **_serials(record),
            **{name: record.first(*tags) for name, tags in _TEXTS.items()},
        )

    def _date(self, record: _Record, *tags: str) -> PartialDate | None:
        """The date under the first of these tags that has one; what is no date is named."""
        for tag in tags:
            written = record.first(tag)
            try:
                if day := date_of(written):
                    return day
            except ValueError:
                self.refuse(
                    record.lines[tag], f"{tag}  - {written}", "cette date est illisible", kept=True
                )
        return None


def read_ris(body: bytes) -> Read:
    """The references of a file; a line that is none is named, and its record kept without it."""
    reader = _Reader()
    for number, line in enumerate(text_of(body).split("\n"), 1):
        reader.take(number, line)
    reader.close()
    return Read(tuple(reader.references), tuple(sorted(reader.refused, key=lambda one: one.line)))


def _people(record: _Record, *tags: str) -> tuple[Author, ...]:
    """« Durand, Camille », « Durand, C., Jr »; a name without a comma, or a body's, is whole."""
    names = [name for tag in tags for name in record.tags.get(tag, []) if name.strip(" ,")]
    return tuple(_person(name) for name in names)


def _person(name: str) -> Author:
    family, _, given = (part.strip() for part in name.partition(","))
    if is_a_body(name) and given[:1].islower():  # « Ministère du travail, de la santé »
        return Author(name)
    return Author(family, given) if family else Author(given)


def _pages(begin: str, end: str) -> str:
    return f"{begin}-{end}" if begin and end and end != begin else begin or end


def _serials(record: _Record) -> dict[str, str]:
    """ISBN and ISSN share one tag: their lengths tell them apart."""
    held = [one for one in record.tags.get("SN", []) if one]
    return {
        "isbn": next((one for one in held if not _ISSN.fullmatch(one)), ""),
        "issn": next((one for one in held if _ISSN.fullmatch(one)), ""),
    }


def _access(record: _Record) -> Access:
    found = (access_of(word) for word in record.tags.get("KW", []))
    return next((access for access in found if access), Access.UNKNOWN)
