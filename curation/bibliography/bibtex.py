"""BibTeX, read by BibTeX's own styles and by biblatex (biber) alike.

Tame the BeaST (Markey, 2009) for the syntax; the biblatex manual for the fields. Read by
bibtexparser, which goes on after a broken entry and says where it began.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Final

from bibtexparser.library import Library
from bibtexparser.middlewares import ResolveStringReferencesMiddleware
from bibtexparser.middlewares.enclosing import RemoveEnclosingMiddleware
from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import Entry
from bibtexparser.splitter import Splitter

from core.model import Access
from core.references import Author, PartialDate, Reference, ReferenceKind
from core.text import one_line
from curation.bibliography.access import access_of, word_for
from curation.bibliography.latex import plain_of, tex
from curation.bibliography.reading import (
    BadEntry,
    Read,
    Refused,
    date_of,
    doi_of,
    month_of,
    text_of,
)

TYPES: Final = {
    ReferenceKind.MAGAZINE: "article",
    ReferenceKind.NEWSPAPER: "article",
    ReferenceKind.JOURNAL: "article",
    ReferenceKind.BLOG: "misc",
    ReferenceKind.PAGE: "misc",
    ReferenceKind.BOOK: "book",
    ReferenceKind.CHAPTER: "incollection",
    ReferenceKind.REPORT: "techreport",
    ReferenceKind.THESIS: "phdthesis",
    ReferenceKind.LAW: "misc",
    ReferenceKind.RULING: "misc",
    ReferenceKind.PAPER: "inproceedings",
    ReferenceKind.FILM: "misc",
    ReferenceKind.VIDEO: "misc",
    ReferenceKind.PODCAST: "misc",
    ReferenceKind.DOCUMENT: "misc",
}
# What tells apart the kinds that share a type; « magazine » and « newspaper » are biblatex's words.
_SUBTYPES: Final = {
    ReferenceKind.MAGAZINE: "magazine",
    ReferenceKind.NEWSPAPER: "newspaper",
    ReferenceKind.BLOG: "blog",
    ReferenceKind.PAGE: "webpage",
    ReferenceKind.LAW: "legislation",
    ReferenceKind.RULING: "jurisdiction",
    ReferenceKind.FILM: "movie",
    ReferenceKind.VIDEO: "video",
    ReferenceKind.PODCAST: "audio",
}
_KINDS: Final = {
    "article": ReferenceKind.JOURNAL,
    "audio": ReferenceKind.PODCAST,
    "book": ReferenceKind.BOOK,
    "booklet": ReferenceKind.REPORT,
    "collection": ReferenceKind.BOOK,
    "conference": ReferenceKind.PAPER,
    "inbook": ReferenceKind.CHAPTER,
    "incollection": ReferenceKind.CHAPTER,
    "inproceedings": ReferenceKind.PAPER,
    "jurisdiction": ReferenceKind.RULING,
    "legal": ReferenceKind.LAW,
    "legislation": ReferenceKind.LAW,
    "manual": ReferenceKind.REPORT,
    "mastersthesis": ReferenceKind.THESIS,
    "movie": ReferenceKind.FILM,
    "mvbook": ReferenceKind.BOOK,
    "online": ReferenceKind.PAGE,
    "phdthesis": ReferenceKind.THESIS,
    "proceedings": ReferenceKind.BOOK,
    "report": ReferenceKind.REPORT,
    "techreport": ReferenceKind.REPORT,
    "thesis": ReferenceKind.THESIS,
    "video": ReferenceKind.VIDEO,
    "webpage": ReferenceKind.PAGE,
    "www": ReferenceKind.PAGE,
}
_BY_SUBTYPE: Final = {subtype: kind for kind, subtype in _SUBTYPES.items()}
_LANGUAGES: Final = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
    "nl": "dutch", "pt": "portuguese",
}  # fmt: skip
_CODES: Final = {name: code for code, name in _LANGUAGES.items()} | {
    "american": "en", "british": "en", "francais": "fr", "français": "fr", "ngerman": "de",
}  # fmt: skip
_WITHIN: Final = {
    **dict.fromkeys((ReferenceKind.MAGAZINE, ReferenceKind.NEWSPAPER), "journal"),
    ReferenceKind.JOURNAL: "journal",
    ReferenceKind.CHAPTER: "booktitle",
    ReferenceKind.PAPER: "booktitle",
}
_PUBLISHERS: Final = {
    **{kind: "organization" for kind, type in TYPES.items() if type == "misc"},
    ReferenceKind.REPORT: "institution",
    ReferenceKind.THESIS: "school",
}

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what fails is told to who imports


# -- out ------------------------------------------------------------------------------------------


def to_bibtex(references: Iterable[Reference]) -> str:
    """The entries, each under a key of its own, in UTF-8 when they are encoded."""
    taken: set[str] = set()
    return "\n".join(_entry(one, _free(_key(one), taken)) for one in references)


def _entry(one: Reference, key: str) -> str:
    lines = [f"  {name} = {{{value}}}" for name, value in _fields(one) if value]
    return f"@{TYPES[one.kind]}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    yield "author", _people(one.authors)
    yield "editor", _people(one.editors)
    yield "translator", _people(one.translators)
    yield "title", f"{{{tex(one.title)}}}"  # braces: styles leave its capitals alone
    yield _WITHIN.get(one.kind, "howpublished"), tex(one.container)
    yield "series", tex(one.collection)
    yield _PUBLISHERS.get(one.kind, "publisher"), tex(one.publisher)
    yield "address", tex(one.place)
    yield "edition", tex(one.edition)
    yield "volume", tex(one.volume)
    # In articles BibTeX calls the issue « number »; elsewhere it is the number of the thing itself.
    of_an_article = TYPES[one.kind] == "article"
    yield "number", tex(one.issue if of_an_article else one.number)
    yield "eid" if of_an_article else "issue", tex(one.number if of_an_article else one.issue)
    yield "type", tex(one.genre)
    yield "pages", re.sub(r"(?<=[0-9])-(?=[0-9])", "--", tex(one.pages))
    yield "year", f"{one.published.year:04}" if one.published else ""
    yield "month", str(one.published.month or "") if one.published else ""
    yield "date", str(one.published or "")
    yield "doi", _verbatim(one.doi)
    yield "isbn", tex(one.isbn)
    yield "issn", tex(one.issn)
    yield "url", _verbatim(one.url)
    yield "urldate", str(one.accessed or "")
    yield "language", _LANGUAGES.get(one.language, tex(one.language))
    yield "langid", _LANGUAGES.get(one.language, "")
    yield "keywords", tex(word_for(one.access))
    yield "note", tex(one.note)
    yield "entrysubtype", _SUBTYPES.get(one.kind, "")


def _people(people: Iterable[Author]) -> str:
    return " and ".join(
        f"{_part(who.family)}, {_part(who.given)}" if who.given else f"{{{tex(who.family)}}}"
        for who in people
    )


def _part(name: str) -> str:
    """A part of a name, held together when BibTeX would cut it."""
    return f"{{{tex(name)}}}" if re.search(r",|\band\b", name, re.IGNORECASE) else tex(name)


def _verbatim(address: str) -> str:
    """An address within braces: what would end them is percent-encoded."""
    return address.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def _key(one: Reference) -> str:
    """Its own name, as who writes with it knows it; else one made of author, year and title."""
    return re.sub(r"[^A-Za-z0-9:._/+-]+", "-", one.id).strip("-") or one.key


def _free(key: str, taken: set[str]) -> str:
    """The key, with a number when another entry has it: BibTeX ignores capitals."""
    free, number = key, 1
    while free.lower() in taken:
        number += 1
        free = f"{key}-{number}"
    taken.add(free.lower())
    return free


# -- in -------------------------------------------------------------------------------------------


def read_bibtex(body: bytes) -> Read:
    """The references of a file; an entry that is broken does not spoil the others."""
    library = Splitter(text_of(body)).split()
    refused = [
        Refused((block.start_line or 0) + 1, block.raw or "", _BROKEN)
        for block in library.failed_blocks
        if not isinstance(block.ignore_error_block, Entry)
    ]
    references: list[Reference] = []
    for entry in _entries(library):
        try:
            references.append(_Fields(entry, refused).reference())
        except BadEntry as bad:
            refused.append(Refused((entry.start_line or 0) + 1, entry.raw or "", str(bad)))
    if not (references or refused) and body.strip():
        refused.append(Refused(1, text_of(body)[:300], "ce n’est pas un fichier BibTeX"))
    return Read(tuple(references), tuple(sorted(refused, key=lambda one: one.line)))


_BROKEN = "cette entrée est mal formée : une accolade, un guillemet ou une virgule manque"


def _entries(library: Library) -> list[Entry]:
    """The entries in their order, those whose key is taken or that have a field twice too."""
    again = [block.ignore_error_block for block in library.failed_blocks]
    entries = [*library.entries, *(entry for entry in again if isinstance(entry, Entry))]
    entries.sort(key=lambda entry: entry.start_line or 0)
    keys = [entry.key for entry in entries]
    for number, entry in enumerate(entries):
        entry.key = str(number)  # a library takes each key once
    whole = Library([*library.strings, *entries])
    for middleware in (ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()):
        whole = middleware.transform(whole)
    for entry, key in zip(whole.entries, keys, strict=True):
        entry.key = key
    return whole.entries


class _Fields:
    """The fields of an entry, as they are read from LaTeX."""

    def __init__(self, entry: Entry, refused: list[Refused]) -> None:
        self.entry = entry
        self.refused = refused
        self.raw = {field.key.lower(): str(field.value) for field in reversed(entry.fields)}

    def text(self, *names: str) -> str:
        """What the first of these fields that says something says."""
        found = (one_line(plain_of(self.raw[name])) for name in names if name in self.raw)
        return next((text for text in found if text), "")

    def reference(self) -> Reference:
        """The reference. Raises BadEntry."""
        title = " : ".join(part for part in (self.text("title"), self.text("subtitle")) if part)
        if not title:
            raise BadEntry("cette entrée n’a pas de titre (title)")
        type = self.entry.entry_type.lower()
        kind = _BY_SUBTYPE.get(self.text("entrysubtype").lower()) or _KINDS.get(type)
        of_an_article = type == "article"
        accessed = self.date("urldate")
        language = self.text("language", "langid")
        return Reference(
            title=title,
            kind=kind or ReferenceKind.DOCUMENT,
            id=self.entry.key,
            authors=self.people("author"),
            editors=self.people("editor"),
            translators=self.people("translator"),
            container=self.text("journal", "journaltitle", "booktitle", "maintitle")
            or self.published_how(),
            collection=self.text("series"),
            publisher=self.text("publisher", "institution", "school", "organization"),
            place=self.text("address", "location"),
            edition=self.text("edition"),
            volume=self.text("volume"),
            issue=self.text("number", "issue") if of_an_article else self.text("issue"),
            number=self.text("eid" if of_an_article else "number"),
            genre=self.text("type"),
            pages=re.sub(r"\s*(?:--+|–)\s*", "-", self.text("pages")),
            published=self.published(),
            url=self.address("url") or self.address("howpublished"),
            doi=doi_of(self.address("doi")) or self.address("doi"),
            isbn=self.text("isbn"),
            issn=self.text("issn"),
            language=_CODES.get(language.lower(), language),
            accessed=accessed.whole if accessed else None,
            access=self.access(),
            note=self.text("note", "annotation"),
        )

    def people(self, name: str) -> tuple[Author, ...]:
        """« Durand, Camille and {Haute Autorité de santé} and others »."""
        names = split_multiple_persons_names(self.raw.get(name, ""))
        return tuple(
            who for one in names if one not in {"", "others"} and (who := _person(one)).family
        )

    def published(self) -> PartialDate | None:
        """The date, else the year and the month."""
        if day := self.date("date"):
            return day
        year = self.date("year")
        try:
            month = month_of(self.text("month")) if self.text("month") else 0
        except ValueError:
            month = 0
        return PartialDate(year.year, month) if year and month and not year.month else year

    def date(self, name: str) -> PartialDate | None:
        """A date; what is none is named."""
        try:
            return date_of(self.text(name))
        except ValueError:
            held = self.entry.fields_dict.get(name)
            line = held.start_line if held else self.entry.start_line
            text = f"{name} = {self.raw[name]}"
            self.refused.append(
                Refused((line or 0) + 1, text, "cette date est illisible", kept=True)
            )
            return None

    def address(self, name: str) -> str:
        """An address, as it is but for the escapes of those who write it for LaTeX."""
        held = self.raw.get(name, "").strip()
        if name == "howpublished":
            match = re.search(r"\\url\{([^}]*)\}|(https?://\S+)", held)
            held = (match[1] or match[2]) if match else ""
        return re.sub(r"\\([_%&#~])", r"\1", held)

    def published_how(self) -> str:
        """A site or a medium, when it is not an address that stands there."""
        return "" if self.address("howpublished") else self.text("howpublished")

    def access(self) -> Access:
        """Among the keywords."""
        found = (access_of(word.strip()) for word in re.split("[,;]", self.text("keywords")))
        return next((access for access in found if access), Access.UNKNOWN)


def _person(name: str) -> Author:
    if re.fullmatch(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", name):
        return Author(plain_of(name))
    parts = parse_single_name_into_parts(name, strict=False)
    family = plain_of(" ".join([*parts.von, *parts.last, *parts.jr]))
    given = plain_of(" ".join(parts.first))
    return Author(family, given) if family.strip() else Author(given)
