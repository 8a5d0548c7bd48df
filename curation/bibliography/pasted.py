"""References pasted as text, a line each: a DOI, an ISBN, or a whole reference as it was found.

ISBN: ISO 2108, whose last figure checks the others.
"""

from __future__ import annotations

import re

from core.references import DOI, Author, PartialDate, Reference, ReferenceKind
from core.text import one_line
from curation.bibliography.bylines import authors_of
from curation.bibliography.reading import BadEntry, Read, Refused, doi_of, text_of

_LINK = re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,;)]")
_DOI_LINK = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi\s*:?\s*)(?=10\.)", re.IGNORECASE)
_ISBN = re.compile(
    r"(?:ISBN(?:-1[03])?\s*:?\s*)?((?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9Xx])(?![0-9])"
)
_YEAR = re.compile(r"\(\s*((?:1[5-9]|20|21)[0-9]{2})\b[^)]*\)\s*[.,:]?\s*")
_MARKER = re.compile(r"^\s*(?:[-–•*·]|\[?[0-9]{1,3}[.)\]])\s+")
_PEOPLE = re.compile(r"([^,]+),\s*((?:[^\W\d_]{1,2}\.[- ]?)+)\s*(?:,|&|et\b|and\b)*\s*")
TO_COMPLETE = "Titre à compléter"


def read_pasted(body: bytes) -> Read:
    """A reference for each line; what cannot be told apart stays in its title."""
    references, refused = [], []
    for number, line in enumerate(text_of(body).split("\n"), 1):
        if not line.strip("\ufeff \t"):
            continue
        try:
            references.append(reference_of_text(line))
        except BadEntry as bad:
            refused.append(Refused(number, line, str(bad)))
    return Read(tuple(references), tuple(refused))


def reference_of_text(line: str) -> Reference:
    """What a line says, as APA orders it: authors, year, title, where. Raises BadEntry."""
    text = one_line(_MARKER.sub("", line))
    doi = doi_of(text)
    text = _DOI_LINK.sub("", text)
    text = DOI.sub("", text)
    link = _LINK.search(text)
    text = _LINK.sub("", text)
    isbn = _isbn(text)
    text = _ISBN.sub("", text) if isbn else text
    text = text.strip(" .,;:–-")
    if not (doi or isbn or link or any(sign.isalnum() for sign in text)):
        raise BadEntry("cette ligne ne dit aucune référence")
    authors, published, title, rest = _parts(text)
    return Reference(
        kind=_kind(doi, isbn, link is not None),
        title=title or f"{TO_COMPLETE} ({doi or isbn or (link[0] if link else '')})",
        authors=authors,
        published=published,
        doi=doi,
        isbn=isbn,
        url=link[0] if link else "",
        language="",
        note=rest,
    )


def _kind(doi: str, isbn: str, link: bool) -> ReferenceKind:
    if isbn:
        return ReferenceKind.BOOK
    if doi:
        return ReferenceKind.JOURNAL
    return ReferenceKind.PAGE if link else ReferenceKind.DOCUMENT


def _parts(text: str) -> tuple[tuple[Author, ...], PartialDate | None, str, str]:
    """Authors, year, title, the rest; all is title when there is no year between brackets."""
    match = _YEAR.search(text)
    if match is None:
        return (), None, text, ""
    published = PartialDate(int(match[1]))
    before, after = text[: match.start()].strip(" .,"), text[match.end() :].strip()
    if not before or not after:  # « Titre (2020) »: the title comes first
        return (), published, before or after, ""
    title, _, rest = re.sub(r"([.?!…])\s+", r"\1\n", after).partition("\n")
    return _people(before), published, title.rstrip("."), rest.strip(" .,")


def _people(text: str) -> tuple[Author, ...]:
    """« Durand, C. et Roy, A.-M. », else as a byline."""
    found = list(_PEOPLE.finditer(f"{text}. " if re.search(r"[A-Z]$", text) else f"{text} "))
    if found and "".join(match[0] for match in found).strip(" .") == text.strip(" ."):
        return tuple(Author(match[1].strip(" &"), match[2]) for match in found)
    return authors_of(text)


def _isbn(text: str) -> str:
    """The ISBN of a line, as it is written. Raises BadEntry when its last figure is wrong."""
    match = _ISBN.search(text)
    if match is None:
        return ""
    figures = re.sub(r"[^0-9X]", "", match[1].upper())
    if len(figures) == 13:
        right = sum(int(f) * (1, 3)[n % 2] for n, f in enumerate(figures)) % 10 == 0
    else:
        values = [10 if f == "X" else int(f) for f in figures]
        right = sum(value * (10 - n) for n, value in enumerate(values)) % 11 == 0
    if not right:
        raise BadEntry(f"cet ISBN est faux : {match[1].strip()} (vérifiez ses chiffres)")
    return match[1].strip()
