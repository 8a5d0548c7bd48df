"""A reference read from a text that somebody pasted: what is certain, for them to complete.

DOI, ISBN (its check digit being right) and address are recognised wherever they stand; what is
left is proposed as the title. Nothing is asked of any register: no request leaves.
"""

from __future__ import annotations

import re
from typing import Final

from core.references import DOI, PartialDate, Reference, ReferenceKind
from core.text import fold, one_line, shorten
from core.weeks import MONTHS

_URL: Final = re.compile(r"https?://[^\s<>«»\"]+")
_ISBN: Final = re.compile(r"(?:97[89][ -]?)?(?:[0-9][ -]?){9}[0-9Xx]")
_YEAR: Final = re.compile(r"\b(1[89][0-9]{2}|20[0-9]{2})\b")
_LABELS: Final = re.compile(r"\b(?:doi|isbn(?:-1[03])?|url)\s*:?\s*(?=$|[\s.,;)])", re.IGNORECASE)
_SLASHED: Final = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_LONGEST: Final = 400
_MONTHS: Final = {fold(name): number for number, name in enumerate(MONTHS, 1)}


def pasted(text: str) -> Reference:
    """What a pasted text says of a work; its title may be "" but for a space."""
    rest = one_line(text)
    doi, rest = _taken(DOI, rest)
    url, rest = _taken(_URL, rest)
    isbn, rest = _isbn(rest)
    year = _YEAR.search(rest)
    title = _LABELS.sub(" ", rest)
    title = one_line(title.replace("https://doi.org/", " ")).strip(" .,;:()[]-–")
    return Reference(
        kind=_kind(doi, isbn, url),
        title=shorten(title, _LONGEST) or " ",
        doi=doi.rstrip(".,;)"),
        isbn=isbn,
        url=url.rstrip(".,;)") if "doi.org/" not in url else "",
        published=PartialDate(int(year[1])) if year else None,
    )


def seen_as(written: str) -> PartialDate:
    """A date as people write it: « 2026 », « novembre 2026 », « 19/11/2026 », « 2026-11-19 ».

    Raises ValueError.
    """
    text = one_line(written)
    if slashed := _SLASHED.fullmatch(text):
        day, month, year = map(int, slashed.groups())
        return PartialDate(year, month, day)
    words = fold(text).replace("1er", "1").split()
    if len(words) in {2, 3} and words[-2] in _MONTHS and words[-1].isdecimal():
        if len(words) == 3 and not words[0].isdecimal():
            raise ValueError(f"{text!r} is no date")
        day = int(words[0]) if len(words) == 3 else 0
        return PartialDate(int(words[-1]), _MONTHS[words[-2]], day)
    return PartialDate.parse(text)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """What a pattern finds, and the text without it."""
    found = pattern.search(text)
    return (found[0], text[: found.start()] + " " + text[found.end() :]) if found else ("", text)


def _isbn(text: str) -> tuple[str, str]:
    for found in _ISBN.finditer(text):
        bare = re.sub("[ -]", "", found[0]).upper()
        if _is_isbn(bare):
            return bare, text[: found.start()] + " " + text[found.end() :]
    return "", text


def _is_isbn(bare: str) -> bool:
    """Whether the check digit is right (ISO 2108)."""
    digits = [10 if one == "X" else int(one) for one in bare]
    if len(digits) == 13:
        return sum(n * (3 if at % 2 else 1) for at, n in enumerate(digits)) % 10 == 0
    return len(digits) == 10 and sum(n * (10 - at) for at, n in enumerate(digits)) % 11 == 0


def _kind(doi: str, isbn: str, url: str) -> ReferenceKind:
    if isbn:
        return ReferenceKind.BOOK
    if doi:
        return ReferenceKind.JOURNAL
    return ReferenceKind.PAGE if url else ReferenceKind.BOOK
