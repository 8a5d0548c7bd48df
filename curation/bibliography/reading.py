"""What every reader of references shares: what it gives, how bytes become lines, what dates say."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from dataclasses import dataclass

from core.references import DOI, PartialDate, Reference
from core.text import fold, shorten
from core.weeks import MONTHS

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MONTHS = {fold(name): number for number, name in enumerate(MONTHS, 1)} | {
    name: number
    for number, names in enumerate(
        "jan january|feb february fev|mar march|apr april avr|may|jun june|jul july|aug august"
        "|sep sept september|oct october|nov november|dec december".split("|"),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?(?:T.*|[-/ ].*)?")
_DAY_FIRST = re.compile(r"(?:(?:([0-9]{1,2})[-/.])?([0-9]{1,2})[-/.])?([0-9]{4})")
_IN_WORDS = re.compile(r"(?:([0-9]{1,2})(?:er)?\s+)?([^\W\d_]+)\.?\s+([0-9]{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+([0-9]{1,2}),?\s+([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Refused:
    """A line or an entry that could not be read: its line (from 1), how it begins, why (French)."""

    line: int
    text: str
    why: str
    kept: bool = False  # the reference is given all the same, without what could not be read

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", shorten(self.text, 120))


@dataclass(frozen=True, slots=True)
class Read:
    """What a file of references held, in its order."""

    references: tuple[Reference, ...] = ()
    refused: tuple[Refused, ...] = ()


class BadEntry(ValueError):
    """An entry that gives no reference; the message is French, for who imports."""


def text_of(body: bytes) -> str:
    """The text of a file, its lines ended as Python ends them, whatever wrote it.

    UTF-8 or UTF-16 by their marks; else UTF-8, and Windows-1252 for the lines that are not: files
    put together from several exports hold both.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            body = body[len(mark) :]
            if name != "utf-8":
                return _normal(body.decode(name, "replace"))
    if body[1:200:2].count(0) > 50:
        return _normal(body.decode("utf-16-le", "replace"))
    try:
        return _normal(body.decode())
    except UnicodeDecodeError:
        lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        return "\n".join(_decoded(line) for line in lines)


def date_of(written: str) -> PartialDate | None:
    """What a date says, as files have it: « 2026-11-19 », « 19/11/2026 », « nov. 2026 ».

    None when nothing is written. Raises ValueError when something is, that is no date.
    """
    text = written.strip().rstrip("/")
    if not text:
        return None
    if match := _ISO.fullmatch(text):
        return _dated(match[1], match[2], match[3])
    if match := _DAY_FIRST.fullmatch(text):
        return _dated(match[3], match[2], match[1])
    if match := _IN_WORDS.fullmatch(text):
        return _dated(match[3], month_of(match[2]), match[1])
    if match := _MONTH_FIRST.fullmatch(text):
        return _dated(match[3], month_of(match[1]), match[2])
    raise ValueError(f"{written!r} is no date")


def month_of(written: str) -> int:
    """The number of a month written in French, English or figures. Raises ValueError."""
    name = fold(written).rstrip(".")
    number = int(name) if name.isdecimal() else _MONTHS.get(name, 0)
    if not 1 <= number <= 12:
        raise ValueError(f"{written!r} is no month")
    return number


def doi_of(written: str) -> str:
    """The DOI in « https://doi.org/10.… », « doi:10.… » or bare; "" when there is none."""
    match = DOI.search(written)
    return match[0].rstrip(".,;") if match else ""


class Lines:
    """The lines of a text, to tell in which a place stands."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, place: int) -> int:
        """The number, from 1, of the line of a place."""
        return bisect_left(self._ends, place) + 1


def _dated(year: str, month: str | int | None, day: str | None) -> PartialDate:
    return PartialDate(int(year), int(month or 0), int(day or 0))


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
