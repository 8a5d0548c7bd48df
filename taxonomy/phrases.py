"""Many short expressions looked for at once, in one pass over the words of a text. Pure.

What would be an alternation of hundreds of expressions is a dictionary by first word: a word that
begins none costs one look-up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

G = TypeVar("G", bound="Hashable")

ANY_ENDING: Final = "*"
_PREFIX: Final = 3  # letters, at least, of a word whose ending may be any
_CACHE: Final = 100_000  # word forms remembered before starting afresh


@dataclass(frozen=True, slots=True)
class Phrase(Generic[G]):
    """An expression, and the group that it belongs to; the last word may end in ``*``."""

    group: G
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said(Generic[G]):
    """An expression met: its group, and its words as the text has them."""

    group: G
    text: str


@dataclass(frozen=True, slots=True)
class _Start(Generic[G]):
    """What a word begins: expressions, and those whose second word settles whether to go on."""

    some: tuple[Phrase[G], ...]
    by_second: Mapping[str, tuple[Phrase[G], ...]]


class Phrases(Generic[G]):
    """Looks for expressions whose words are folded; groups do not hide each other's."""

    def __init__(self, phrases: Iterable[Phrase[G]]) -> None:
        self._by_word: defaultdict[str, list[Phrase[G]]] = defaultdict(list)
        self._by_prefix: defaultdict[str, list[Phrase[G]]] = defaultdict(list)
        self._starts: dict[str, _Start[G] | None] = {}
        for one in phrases:
            first = one.words[0]
            if first.endswith(ANY_ENDING):
                self._by_prefix[first[:_PREFIX]].append(one)
            else:
                self._by_word[first].append(one)

    def find(self, words: Sequence[str]) -> Iterator[Said[G]]:
        """What is met, in the order of the text; in a group, the longest first, none twice over."""
        starts = self._starts
        if len(starts) > _CACHE:
            starts.clear()
        for word in set(words) - starts.keys():
            starts[word] = self._start(word)
        covered: dict[G, int] = {}
        opening = [(at, start) for at, word in enumerate(words) if (start := starts[word])]
        for at, start in opening:
            found = start.some
            if start.by_second and at + 1 < len(words):
                found = (*start.by_second.get(words[at + 1], ()), *found)
            for one in found:
                stop = at + len(one.words)
                if covered.get(one.group, 0) <= at and _follows(one.words, words, at):
                    covered[one.group] = stop
                    yield Said(one.group, " ".join(words[at:stop]))

    def _start(self, word: str) -> _Start[G] | None:
        open_ended = self._by_prefix.get(word[:_PREFIX], ())
        begun = [one for one in open_ended if _is(one.words[0], word)]
        begun += self._by_word.get(word, ())
        begun.sort(key=lambda one: (-len(one.words), -len(one.words[-1])))
        by_second: defaultdict[str, list[Phrase[G]]] = defaultdict(list)
        some: list[Phrase[G]] = []
        for one in begun:
            second = one.words[1] if len(one.words) > 1 else ANY_ENDING
            if second.endswith(ANY_ENDING):
                some.append(one)
            else:
                by_second[second].append(one)
        if not begun:
            return None
        return _Start(tuple(some), {word: tuple(all) for word, all in by_second.items()})


def _follows(wanted: Sequence[str], words: Sequence[str], at: int) -> bool:
    if len(wanted) == 1:
        return True
    rest = words[at + 1 : at + len(wanted)]
    return len(rest) == len(wanted) - 1 and all(map(_is, wanted[1:], rest))


def _is(wanted: str, word: str) -> bool:
    if wanted.endswith(ANY_ENDING):
        return word.startswith(wanted[:-1])
    return word == wanted
