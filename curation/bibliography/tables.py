"""Tables (CSV) of references: a line each, columns named in French or English, in any order.

RFC 4180, with the separators and encodings of the spreadsheets of French offices.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from core.model import Access
from core.references import Author, PartialDate, Reference, ReferenceKind
from core.text import fold
from curation.bibliography.access import access_of
from curation.bibliography.bylines import author_of, authors_of
from curation.bibliography.csl import KINDS as CSL_KINDS
from curation.bibliography.reading import BadEntry, Read, Refused, date_of, doi_of, text_of

_COLUMNS: Final = {
    "title": "titre title",
    "kind": "type genre nature item-type kind",
    "authors": "auteur auteurs auteur-s author-s autrice auteur-e-s author authors",
    "editors": "directeur direction dir editor editors",
    "translators": "traducteur traduction translator",
    "container": "revue media site journal source dans container publication-title publication",
    "collection": "collection serie series",
    "publisher": "editeur edition-maison maison publisher",
    "place": "lieu ville place",
    "edition": "edition",
    "volume": "volume vol tome",
    "issue": "numero issue no",
    "number": "number n-de-texte numero-de-texte",
    "pages": "pages page p",
    "published": "date annee parution publie year published publication-year",
    "url": "url lien adresse link",
    "doi": "doi",
    "isbn": "isbn",
    "issn": "issn",
    "language": "langue language",
    "accessed": "consulte consulte-le acces-le accessed access-date",
    "access": "acces access",
    "note": "note notes commentaire commentaires remarque",
}
_FIELDS: Final = {name: field for field, names in _COLUMNS.items() for name in names.split()}
_WORDS: Final = {
    "article": ReferenceKind.MAGAZINE, "article de presse": ReferenceKind.NEWSPAPER,
    "article de revue": ReferenceKind.JOURNAL, "billet de blog": ReferenceKind.BLOG,
    "blog": ReferenceKind.BLOG, "chapitre d'ouvrage": ReferenceKind.CHAPTER,
    "communication": ReferenceKind.PAPER, "decret": ReferenceKind.LAW, "arrete": ReferenceKind.LAW,
    "circulaire": ReferenceKind.LAW, "code": ReferenceKind.LAW, "loi": ReferenceKind.LAW,
    "documentaire": ReferenceKind.FILM, "emission": ReferenceKind.PODCAST,
    "memoire": ReferenceKind.THESIS, "ouvrage": ReferenceKind.BOOK, "site": ReferenceKind.PAGE,
    "site web": ReferenceKind.PAGE, "page": ReferenceKind.PAGE, "page web": ReferenceKind.PAGE,
    "blogpost": ReferenceKind.BLOG, "booksection": ReferenceKind.CHAPTER,
    "conferencepaper": ReferenceKind.PAPER, "journalarticle": ReferenceKind.JOURNAL,
    "magazinearticle": ReferenceKind.MAGAZINE, "newspaperarticle": ReferenceKind.NEWSPAPER,
    "statute": ReferenceKind.LAW, "case": ReferenceKind.RULING,
    "videorecording": ReferenceKind.VIDEO,
}  # fmt: skip
_TEXTS: Final = frozenset(
    "container collection publisher place edition volume issue number pages url isbn issn language "
    "note".split()
)
_LONGEST = 20  # lines that a quoted cell may take: a quotation mark that is never closed takes all


def read_table(body: bytes) -> Read:
    """The references of a table whose first line names its columns; bad lines are named."""
    text = text_of(body)
    rows = _rows(text, _separator(text))
    columns: list[str] = []
    references: list[Reference] = []
    refused: list[Refused] = []
    for line, raw, cells in rows:
        if not columns:
            columns = [_FIELDS.get(_name(cell), "") for cell in cells or []]
            if "title" not in columns:
                return Read((), (Refused(line, raw, "aucune colonne ne s’appelle « titre »"),))
            continue
        try:
            references.append(_reference(columns, cells, line, refused))
        except BadEntry as bad:
            refused.append(Refused(line, raw, str(bad)))
    return Read(tuple(references), tuple(sorted(refused, key=lambda one: one.line)))


def has_columns(text: str) -> bool:
    """Whether a text's first line names the columns of such a table."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    cells = [_FIELDS.get(_name(cell)) for cell in first.split(_separator(text))]
    return "title" in cells and sum(bool(cell) for cell in cells) > 1


def _separator(text: str) -> str:
    first = next((line for line in text.split("\n") if line.strip()), "")
    return max(";\t,", key=first.count)


def _rows(text: str, separator: str) -> Iterator[tuple[int, str, list[str] | None]]:
    """Each row: its first line, its text, its cells; None for one that is not closed."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        taken, cells = _row(lines[at : at + _LONGEST], separator)
        raw = "\n".join(lines[at : at + taken])
        if raw.strip(f" {separator}"):
            yield at + 1, raw, cells
        at += taken


def _row(lines: list[str], separator: str) -> tuple[int, list[str] | None]:
    """How many of these lines are the first row, and its cells; one line when it is broken."""
    quotes = 0
    for taken, line in enumerate(lines, 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            cells = _cells("\n".join(lines[:taken]), separator)
            return (1, None) if cells is None else (taken, cells)
    return 1, None


def _cells(raw: str, separator: str) -> list[str] | None:
    try:
        rows = list(csv.reader(io.StringIO(raw), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else [] if not rows else None


def _name(cell: str) -> str:
    return re.sub(r"[^a-z]+", "-", fold(cell)).strip("-")


def _reference(
    columns: list[str], cells: list[str] | None, line: int, refused: list[Refused]
) -> Reference:
    if cells is None:
        raise BadEntry("un guillemet n’est pas fermé dans cette ligne")
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise BadEntry("cette ligne a plus de cases que la première")
    held = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
    if not held.get("title"):
        raise BadEntry("cette ligne n’a pas de titre")

    def day(name: str) -> PartialDate | None:
        try:
            return date_of(held.get(name, ""))
        except ValueError:
            refused.append(Refused(line, "; ".join(cells), "cette date est illisible", kept=True))
            return None

    kind = _kind(held.get("kind", ""))
    accessed = day("accessed")
    return Reference(
        title=held["title"],
        kind=kind or ReferenceKind.DOCUMENT,
        authors=_people(held.get("authors", "")),
        editors=_people(held.get("editors", "")),
        translators=_people(held.get("translators", "")),
        published=day("published"),
        accessed=accessed.whole if accessed else None,
        doi=doi_of(held.get("doi", "")) or held.get("doi", ""),
        access=access_of(held.get("access", "")) or Access.UNKNOWN,
        genre="" if kind else held.get("kind", ""),
        **{name: held.get(name, "") for name in _TEXTS},
    )


def _kind(said: str) -> ReferenceKind | None:
    word = fold(said).replace("’", "'")
    own = {str(kind): kind for kind in ReferenceKind}
    return _WORDS.get(word) or CSL_KINDS.get(word) or own.get(word.replace(" ", "-"))


def _people(written: str) -> tuple[Author, ...]:
    """« Durand, Camille ; Roy, Anne », « Camille Durand et Anne Roy »."""
    if ";" not in written and "," not in written:
        return authors_of(written)
    names = re.split(r"\s*;\s*", written) if ";" in written else _pairs(written)
    return tuple(_person(name) for name in names if name.strip(" ,"))


def _pairs(written: str) -> Iterable[str]:
    """Without « ; », one comma is between family and given name, more are between persons."""
    if written.count(",") == 1 and len(written.partition(",")[0].split()) < 2:
        return (written,)
    return re.split(r"\s*(?:,|\bet\b)\s*", written)


def _person(name: str) -> Author:
    family, _, given = (part.strip() for part in name.partition(","))
    return Author(family, given) if given else author_of(family)
