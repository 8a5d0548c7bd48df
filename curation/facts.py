"""What tells two announcements made on one pattern apart: figures, dates, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from curation.alignment import Alignment
from curation.shingles import Words

_NUMBERS = frozenset(
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt "
    "trente quarante cinquante soixante septante huitante octante nonante cent cents mille "
    "millier milliers million millions milliard milliards "
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
)
_ENDS = re.compile(r"[.!?:;…«»“”\"\n•–—(-]\s*$")


@dataclass(frozen=True, slots=True)
class Facts:
    """How many facts stand in place of others, and how many are in what both texts have."""

    changed: int = 0
    kept: int = 0

    def __add__(self, others: Facts) -> Facts:
        return Facts(self.changed + others.changed, self.kept + others.kept)

    def are_other(self, part: float) -> bool:
        """Whether several changed, ``part`` of them all at least."""
        return self.changed >= 2 and self.changed >= part * (self.changed + self.kept)


def compared(one: Words, other: Words, alignment: Alignment) -> tuple[Facts, Facts]:
    """The figures (dates included) and the names of two texts."""
    changes = [gap for gap in alignment.gaps if gap.is_change]
    common = [at for run in alignment.runs for at in range(run.first, run.first + run.length)]

    def of(told: Callable[[Words, Iterable[int]], list[str]]) -> Facts:
        sides = ((told(one, _places(g.first)), told(other, _places(g.second))) for g in changes)
        return Facts(sum(_against(some, others) for some, others in sides), len(told(one, common)))

    return of(figures), of(names)


def figures(words: Words, places: Iterable[int]) -> list[str]:
    """The figures and months among the words at these places, folded, in order."""
    return [words.folded[at] for at in places if _is_figure(words.folded[at])]


def names(words: Words, places: Iterable[int]) -> list[str]:
    """The names among the words at these places, folded."""
    return [words.folded[at] for at in places if is_name(words, at)]


def is_fact(words: Words, at: int) -> bool:
    """Whether a word is a figure, a month or a name."""
    return _is_figure(words.folded[at]) or is_name(words, at)


def is_name(words: Words, at: int) -> bool:
    """Whether a word has a capital that beginning a sentence does not explain."""
    word = words.written[at]
    if not word[0].isupper() or word.isdigit():
        return False
    if len(word) > 1 and word.isupper():
        return True
    start = words.starts[at]
    return start > 0 and _ENDS.search(words.text[max(0, start - 4) : start]) is None


def _places(part: slice) -> range:
    return range(part.start, part.stop)


def _against(some: list[str], others: list[str]) -> int:
    """How many stand in place of others: « 12 » for « 14 », but not « 3 000 » for « 3000 »."""
    if "".join(some) == "".join(others):
        return 0
    return min(len(set(some) - set(others)), len(set(others) - set(some)))


def _is_figure(folded: str) -> bool:
    return folded in _NUMBERS if folded.isalpha() else any(c.isdigit() for c in folded)
