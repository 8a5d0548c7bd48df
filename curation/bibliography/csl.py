"""CSL JSON, the items of citation processors: Zotero, Mendeley, pandoc.

https://docs.citationstyles.org/en/stable/specification.html (1.0.2, appendices III and IV).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from core.model import Access
from core.references import Author, PartialDate, Reference, ReferenceKind
from core.text import one_line
from curation.bibliography.reading import (
    BadEntry,
    Lines,
    Read,
    Refused,
    date_of,
    doi_of,
    text_of,
)

TYPES: Final = {
    ReferenceKind.MAGAZINE: "article-magazine",
    ReferenceKind.NEWSPAPER: "article-newspaper",
    ReferenceKind.JOURNAL: "article-journal",
    ReferenceKind.BLOG: "post-weblog",
    ReferenceKind.PAGE: "webpage",
    ReferenceKind.BOOK: "book",
    ReferenceKind.CHAPTER: "chapter",
    ReferenceKind.REPORT: "report",
    ReferenceKind.THESIS: "thesis",
    ReferenceKind.LAW: "legislation",
    ReferenceKind.RULING: "legal_case",
    ReferenceKind.PAPER: "paper-conference",
    ReferenceKind.FILM: "motion_picture",
    ReferenceKind.VIDEO: "motion_picture",
    ReferenceKind.PODCAST: "broadcast",
    ReferenceKind.DOCUMENT: "document",
}
KINDS: Final = {
    **{type: kind for kind, type in TYPES.items() if kind is not ReferenceKind.VIDEO},
    "bill": ReferenceKind.LAW,
    "classic": ReferenceKind.BOOK,
    "entry-dictionary": ReferenceKind.CHAPTER,
    "entry-encyclopedia": ReferenceKind.CHAPTER,
    "hearing": ReferenceKind.LAW,
    "pamphlet": ReferenceKind.REPORT,
    "post": ReferenceKind.BLOG,
    "regulation": ReferenceKind.LAW,
    "review": ReferenceKind.JOURNAL,
    "review-book": ReferenceKind.JOURNAL,
    "song": ReferenceKind.PODCAST,
    "speech": ReferenceKind.PAPER,
    "standard": ReferenceKind.REPORT,
    "treaty": ReferenceKind.LAW,
}
_TEXTS: Final = {
    "container-title": "container",
    "collection-title": "collection",
    "publisher": "publisher",
    "publisher-place": "place",
    "edition": "edition",
    "volume": "volume",
    "issue": "issue",
    "number": "number",
    "genre": "genre",
    "page": "pages",
    "URL": "url",
    "DOI": "doi",
    "ISBN": "isbn",
    "ISSN": "issn",
    "language": "language",
    "note": "note",
}
_MARKS: Final = {"id", "title", "type"}  # what makes an object an item, rather than a part of one
_MOST_REFUSED: Final = 5_000
_TOO_MANY: Final = "trop de références illisibles : la suite du fichier n’a pas été lue"
_OPENING = re.compile(r"(?:^|[\[,])\s*(\{)", re.MULTILINE)
_WRAPPER = re.compile(r'\{\s*"(?:items|references)"\s*:\s*\[')
_STRAY = re.compile(r"[^\s,\[\]]+")  # between two items
_BEGINNING = re.compile(r'\{\s*"(?:id|type|title|citation-key|DOI|URL)"')


def csl_item(one: Reference) -> dict[str, Any]:
    """The item as CSL JSON has it; ``custom`` says what CSL has no word for."""
    by = "director" if one.kind in {ReferenceKind.FILM, ReferenceKind.VIDEO} else "author"
    custom = {"kind": str(one.kind) if one.kind is ReferenceKind.VIDEO else "", "access": ""}
    if one.access is not Access.UNKNOWN:
        custom["access"] = str(one.access)
    item: dict[str, Any] = {
        "id": one.id or one.key,
        "type": TYPES[one.kind],
        "title": one.title,
        by: [_name(who) for who in one.authors],
        "editor": [_name(who) for who in one.editors],
        "translator": [_name(who) for who in one.translators],
        **{variable: getattr(one, field) for variable, field in _TEXTS.items()},
        "issued": {"date-parts": [list(one.published.parts)]} if one.published else None,
        "accessed": (
            {"date-parts": [list(PartialDate.of(one.accessed).parts)]} if one.accessed else None
        ),
        "custom": {name: value for name, value in custom.items() if value},
    }
    return {name: value for name, value in item.items() if value}


def to_csl_json(references: Iterable[Reference]) -> str:
    """The items as a file, in UTF-8 when it is encoded."""
    items = [csl_item(one) for one in references]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def read_csl_json(body: bytes) -> Read:
    """The references of a file of items; one item that is broken does not spoil the others."""
    text = text_of(body)
    lines = Lines(text)
    references, refused = [], []
    for place, item in _items(text):
        try:
            references.append(reference_of_csl(item))
        except BadEntry as bad:
            refused.append(Refused(lines.at(place), text[place : place + 300], str(bad)))
        if len(refused) == _MOST_REFUSED:
            refused.append(Refused(lines.at(place), text[place : place + 300], _TOO_MANY))
            break
    if not (references or refused) and text.strip(" \n[]"):
        refused.append(Refused(1, text[:300], "ce n’est pas un fichier CSL JSON"))
    return Read(tuple(references), tuple(refused))


def reference_of_csl(item: object) -> Reference:
    """The reference of one item. Raises BadEntry."""
    if not isinstance(item, dict):
        raise BadEntry("cette référence est mal formée : une accolade ou un guillemet manque")
    title = _text(item.get("title")) or _text(item.get("title-short"))
    if not title:
        raise BadEntry("cette référence n’a pas de titre")
    custom = item["custom"] if isinstance(item.get("custom"), dict) else {}
    type = _text(item.get("type"))
    texts = {field: _text(item.get(variable)) for variable, field in _TEXTS.items()}
    published, unread = _date(item.get("issued"))
    accessed, _ = _date(item.get("accessed"))
    if type not in KINDS and not texts["genre"]:
        texts["genre"] = type
    texts["doi"] = doi_of(texts["doi"]) or texts["doi"]
    texts["note"] = " ".join(part for part in (texts["note"], unread) if part)
    return Reference(
        title=title,
        kind=_kind(custom, type),
        id=_text(item.get("id")),
        authors=_names(item, "author", "director", "host", "interviewer", "composer"),
        editors=_names(item, "editor", "editorial-director", "container-author"),
        translators=_names(item, "translator"),
        published=published,
        accessed=accessed.whole if accessed else None,
        access=_access(custom),
        **texts,
    )


def _items(text: str) -> Iterator[tuple[int, object]]:
    """Each item of a text with its place; None for one that cannot be read."""
    decoder = json.JSONDecoder()
    broken = False
    place = 0
    while opening := _OPENING.search(text, place):
        begin = opening.start(1)
        if not broken and (stray := _STRAY.search(text, place, begin)):
            yield stray.start(), None
        try:
            item, end = decoder.raw_decode(text, begin)
        except ValueError:
            item, end = None, begin + 1
        except RecursionError:  # thousands of objects, one within the other: no file of references
            yield begin, None
            return
        if isinstance(item, dict) and _MARKS & item.keys():
            broken, place = False, end
            yield begin, item
        elif _WRAPPER.match(text, begin):
            place = text.index("[", begin)
        elif item is None:
            if not broken or _BEGINNING.match(text, begin):
                yield begin, None
            broken, place = True, end
        else:  # a part of a broken item, or an object that is none
            if not broken:
                yield begin, item
            place = end


def _name(who: Author) -> dict[str, str]:
    return {"family": who.family, "given": who.given} if who.given else {"literal": who.family}


def _names(item: dict[str, Any], *variables: str) -> tuple[Author, ...]:
    """The people under the first of these variables that has any."""
    for variable in variables:
        held = item.get(variable)
        names = [_person(one) for one in (held if isinstance(held, list) else [held])]
        if found := tuple(who for who in names if who.family):
            return found
    return ()


def _person(name: object) -> Author:
    if not isinstance(name, dict):
        return Author(_text(name))
    parts = ("dropping-particle", "non-dropping-particle", "family", "suffix")
    family = " ".join(part for part in (_text(name.get(key)) for key in parts) if part)
    given = _text(name.get("given"))
    whole = family or _text(name.get("literal"))
    return Author(whole, given) if whole else Author(given)


def _kind(custom: dict[str, Any], type: str) -> ReferenceKind:
    own = _text(custom.get("kind"))
    known = own in set(ReferenceKind)
    return ReferenceKind(own) if known else KINDS.get(type, ReferenceKind.DOCUMENT)


def _access(custom: dict[str, Any]) -> Access:
    own = _text(custom.get("access"))
    return Access(own) if own in set(Access) else Access.UNKNOWN


def _date(held: object) -> tuple[PartialDate | None, str]:
    """A date, and what it says when that is no date: « s. d. », « printemps 2020 »."""
    if isinstance(held, dict) and isinstance(held.get("date-parts"), list):
        try:
            return PartialDate(*(int(part) for part in held["date-parts"][0] if part)), ""
        except (ValueError, TypeError, IndexError):
            return None, _text(held["date-parts"])
    said = _text(held.get("raw") or held.get("literal")) if isinstance(held, dict) else _text(held)
    try:
        return date_of(said), ""
    except ValueError:
        return None, f"Date : {said}."


def _text(held: object) -> str:
    """A text or a number, on one line; "" for anything else."""
    if isinstance(held, list):
        held = next(iter(held), "")  # Crossref gives titles as lists
    return one_line(str(held)) if isinstance(held, (str, int, float)) else ""
