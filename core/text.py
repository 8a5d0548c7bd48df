"""French text: folding for comparison, shortening for display, typography."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OPENED = {"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'"}
_MARKS = re.compile(r"[\u0300-\u036f\u20d0-\u20f0]+")
_FAR = re.compile(r"[\u0483-\u1fff\u2c00-\U0010ffff]")  # scripts that have marks of their own
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    r"\ud800-\udfff]"
)
NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
ELLIPSIS = "…"


def fold(text: str) -> str:
    """Lower-case, without accents, ligatures opened, apostrophes straight: to compare words."""
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    if _FAR.search(bare):
        bare = "".join(c for c in bare if not unicodedata.combining(c))
    bare = bare.casefold()
    for char, opened in _OPENED.items():  # four searches for a character: faster than one table
        bare = bare.replace(char, opened)
    return bare


def one_line(text: str) -> str:
    """The text on one line, single-spaced, without control or direction-changing characters."""
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    return " ".join(text.split())


def clean(text: str) -> str:
    """The text without control or direction-changing characters, its line ends normalised."""
    if not text.isprintable():
        text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters of ``text``, cut between words, « … » included."""
    line = one_line(text)
    if len(line) <= length:
        return line
    if length < 2:
        return ELLIPSIS[:length]
    cut = line[: length - 1]
    if line[length - 1] != " " and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return left_off(cut)


def left_off(text: str) -> str:
    """The text and « … », without the punctuation that it would follow."""
    return text.rstrip(" ,;:.!?–-«(") + ELLIPSIS


def extract(text: str, summary: str = "", *, length: int = 200) -> str:
    """The short extract that may be shown of an article.

    The source's own summary, offered for syndication, is shown up to ``length`` characters;
    otherwise the beginning of the text, and never more than a tenth of it.
    """
    if summary.strip():
        return shorten(summary, length)
    return shorten(text, min(length, len(text) // 10))


def slugify(text: str) -> str:
    """An address-safe name: « L'aller-vers, c'est quoi ? » gives ``l-aller-vers-c-est-quoi``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


@lru_cache(maxsize=4096)  # names of themes and sources stand on every page, many times
def typographic(text: str) -> str:
    """The text with French apostrophes, and non-breaking spaces before « : », inside « », etc."""
    text = re.sub(r"(?<=[^\W\d_])'", "’", text)
    text = re.sub(r"[ \u00a0]+([;!?])", NARROW_NBSP + r"\1", text)
    text = re.sub(r"[ \u00a0]+([:%€»])", NBSP + r"\1", text)
    return re.sub(r"«[ \u00a0]+", "«" + NBSP, text)
