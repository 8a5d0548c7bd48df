"""Two texts laid side by side: what they have word for word in common, and what stands between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from curation.shingles import SHINGLE, Numbers, Words, shingles

SHORT = 12  # words: more in the place of others is other text, not a change
PASSAGE = 80


@dataclass(frozen=True, slots=True)
class Run:
    """Words ``[first, first + length)`` of one text that are words ``[second, …)`` of the other."""

    first: int
    second: int
    length: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands in each text between two runs, before the first or after the last."""

    first: slice
    second: slice

    @property
    def replaced(self) -> int:
        """How many words stand in place of others."""
        return min(_length(self.first), _length(self.second))

    @property
    def is_change(self) -> bool:
        """Whether a few words stand for a few others."""
        return self.replaced > 0 and max(_length(self.first), _length(self.second)) <= SHORT

    @property
    def is_passage(self) -> bool:
        """Whether it is worth looking for words in common inside it."""
        return self.replaced > 1 and max(_length(self.first), _length(self.second)) <= PASSAGE


@dataclass(frozen=True, slots=True)
class Alignment:
    """Runs of words in common, in the same order in both, and the gaps between them.

    Words that only one of them has, with nothing in their place, are neither common nor replaced.
    """

    runs: tuple[Run, ...]
    gaps: tuple[Gap, ...]

    @property
    def common(self) -> int:
        """How many words both have."""
        return sum(run.length for run in self.runs)

    @property
    def replaced(self) -> int:
        """How many words stand in place of others."""
        return sum(gap.replaced for gap in self.gaps)


def align(one: Words, other: Words) -> Alignment:
    """Two texts aligned on the shingles that each has once (as « patience » diffs do with lines).

    Passages that stand between and are mostly the same are aligned word by word. O(n log n).
    """
    runs = list(_runs(one.numbers, other.numbers, _anchors(one, other)))
    finer = [
        run
        for gap in _gaps(runs, len(one), len(other))
        if gap.is_passage
        for run in _inside(one, other, gap)
    ]
    runs = sorted((*runs, *finer), key=lambda run: run.first)
    return Alignment(tuple(runs), tuple(_gaps(runs, len(one), len(other))))


def _inside(one: Words, other: Words, gap: Gap) -> list[Run]:
    """The words in common of a passage, when they are most of it."""
    first, second = one.numbers[gap.first].tolist(), other.numbers[gap.second].tolist()
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    found = [Run(gap.first.start + a, gap.second.start + b, n) for a, b, n in blocks if n]
    return found if sum(run.length for run in found) > gap.replaced / 2 else []


def _anchors(one: Words, other: Words) -> list[tuple[int, int]]:
    """Places of shared shingles in both, in the order of both: the longest such sequence."""
    firsts, at_first = _once(shingles(one.numbers))
    seconds, at_second = _once(shingles(other.numbers))
    _, in_first, in_second = np.intersect1d(
        firsts, seconds, assume_unique=True, return_indices=True
    )
    places = at_first[in_first], at_second[in_second]
    order = np.argsort(places[0])
    return _increasing(list(zip(places[0][order].tolist(), places[1][order].tolist(), strict=True)))


def _once(found: Numbers) -> tuple[Numbers, NDArray[np.intp]]:
    """The shingles that occur once, and where."""
    values, places, counts = np.unique(found, return_index=True, return_counts=True)
    return values[counts == 1], places[counts == 1]


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of these whose second numbers increase (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []  # for each length, the index of the pair that ends it
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        length = bisect_left(tails, second)
        tails[length : length + 1] = [second]
        ends[length : length + 1] = [at]
        before.append(ends[length - 1] if length else -1)
    chosen: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def _runs(one: Numbers, other: Numbers, anchors: Sequence[tuple[int, int]]) -> Iterator[Run]:
    """The anchors joined and stretched as far as the words are the same."""
    a, b = one.tolist(), other.tolist()
    end = end_other = 0
    for first, second in anchors:
        if first < end or second < end_other:
            continue  # inside the former run, which was stretched over it
        start, start_other = first, second
        while start > end and start_other > end_other and a[start - 1] == b[start_other - 1]:
            start, start_other = start - 1, start_other - 1
        stop, stop_other = first + SHINGLE, second + SHINGLE
        while stop < len(a) and stop_other < len(b) and a[stop] == b[stop_other]:
            stop, stop_other = stop + 1, stop_other + 1
        yield Run(start, start_other, stop - start)
        end, end_other = stop, stop_other


def _gaps(runs: Sequence[Run], length: int, other: int) -> Iterator[Gap]:
    end = end_other = 0
    for run in (*runs, Run(length, other, 0)):
        if run.first > end or run.second > end_other:
            yield Gap(slice(end, run.first), slice(end_other, run.second))
        end, end_other = run.first + run.length, run.second + run.length


def _length(part: slice) -> int:
    length: int = part.stop - part.start
    return length
