"""Texts as sets of shingles, and the few of them by which likely copies are looked up.

A shingle is ``SHINGLE`` words in a row, as a number. The sketch of a text is its ``KEYS`` smallest
shingles: two texts that share a part p of all their shingles share about 2p / (1 + p) of their
sketches, whatever their lengths (A. Broder, *On the resemblance and containment of documents*,
1997; the minima of one hash function, where MinHash takes one minimum of many). So copies are found
by equality of a few numbers, which a database's index does at the same cost however many it holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from core.text import fold

SHINGLE = 5  # words
KEYS = 24  # a copy cut to a third shares half of them
MOST_WORDS = 20_000  # of a text that are looked at: a book's worth
_BITS = np.uint64(16)  # of 64 that go: databases store 48 bits in less room
_WORD = re.compile(r"\w+")

Numbers: TypeAlias = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Words:
    """A text's words: as written, folded, where each begins, and as numbers (when folded)."""

    text: str
    written: Sequence[str]
    folded: Sequence[str]
    starts: Sequence[int]
    numbers: Numbers

    def __len__(self) -> int:
        return len(self.written)


def words_of(text: str) -> Words:
    """The words of a text, the first ``MOST_WORDS`` of them."""
    found = [m for m, _ in zip(_WORD.finditer(text), range(MOST_WORDS), strict=False)]
    written = [m[0] for m in found]
    folded = fold("\n".join(written)).split("\n") if written else []
    numbers = np.fromiter(
        (crc32(word.encode(errors="surrogatepass")) for word in folded), np.uint64, len(written)
    )
    return Words(text, written, folded, [m.start() for m in found], numbers)


def shingles(numbers: Numbers) -> Numbers:
    """The shingles of a run of words, in order; none under ``SHINGLE`` words."""
    count = len(numbers) - SHINGLE + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    joined = np.zeros(count, np.uint64)
    for at in range(SHINGLE):
        joined = _mixed(joined ^ numbers[at : at + count]) + np.uint64(at + 1)
    return _mixed(joined) >> _BITS


def sketch(found: Numbers) -> tuple[int, ...]:
    """The ``KEYS`` smallest of a text's shingles, below 2**48, in order; fewer for a short text."""
    return tuple(int(one) for one in np.unique(found)[:KEYS])


def key_of(text: str) -> int:
    """A number for a whole text, in the same range."""
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=6).digest())


def _mixed(numbers: Numbers) -> Numbers:
    """Every bit spread over all (SplitMix64: Steele, Lea and Flood, 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
