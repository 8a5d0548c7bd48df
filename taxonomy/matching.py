"""Which terms of the vocabulary stand where, over the keys of words: a trie, longest term first.

spaCy's PhraseMatcher compares single attribute values and returns every overlapping match; here
a word may be read by two keys (« dort » also as « dormir »), and a longer term hides the shorter
ones inside it (« aide sociale à l'enfance » hides « aide sociale »).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taxonomy import french
from taxonomy.vocabulary import GAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taxonomy.vocabulary import Vocabulary

GAP_WORDS = 6  # how far apart, in words, the two halves of « enfant … confié » may stand
BREAK = "\n"  # the key of punctuation: no term runs across it
SENTENCE = "\n\n"  # the key of what ends a sentence


@dataclass(frozen=True, slots=True)
class Word:
    """A word read: the keys it goes by, and where it stands in its field."""

    start: int
    end: int
    key: str
    other: str = ""  # its lemma's key, when different
    determined: bool = False  # an article or the like stands right before it


@dataclass(slots=True)
class Node:
    """A state of the trie: what may follow, and the patterns that end here."""

    next: dict[str, Node] = field(default_factory=dict)
    patterns: list[int] = field(default_factory=list)
    halves: list[tuple[int, int]] = field(default_factory=list)  # (pattern, which half)


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found: its number, the words it covers, and where they stand in the field."""

    pattern: int
    first: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """How an expression of the vocabulary is looked for."""

    text: str
    halves: tuple[tuple[str, ...], ...]
    exact: str = ""  # written exactly so (« =aller-vers »)
    determined: bool = False  # only after an article (« l'aller vers »)


def pattern(text: str) -> Pattern:
    """The pattern of an expression as written in the vocabulary files."""
    bare = text.removeprefix("=").strip()
    exact = text.startswith("=") or _is_proper_noun(bare)
    halves = tuple(french.keys(half) for half in bare.split(GAP))
    first = french.WORD.findall(bare)
    determined = len(first) > 1 and not exact and french.fold(first[0]) in french.ARTICLES
    return Pattern(text, halves, _plain(bare) if exact else "", determined)


def _is_proper_noun(text: str) -> bool:
    return text[:1].isupper() and french.WORD.fullmatch(text) is not None


def _plain(text: str) -> str:
    return text.translate(_PLAIN)


_PLAIN = str.maketrans({"’": "'", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " "})


class Trie:
    """All patterns together, found in one pass over a text's words."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._root = Node()
        for number, one in enumerate(patterns):
            for which, half in enumerate(one.halves):
                node = self._root
                for key in half:
                    node = node.next.setdefault(key, Node())
                if len(one.halves) == 1:
                    node.patterns.append(number)
                else:
                    node.halves.append((number, which))

    @property
    def alphabet(self) -> frozenset[str]:
        """Every key that some pattern uses."""
        return frozenset(_keys(self._root))

    def find(self, words: Sequence[Word], text: str) -> list[Hit]:
        """The patterns in ``words``, in their order; a longer one hides those inside it."""
        hits: list[Hit] = []
        halves: list[tuple[int, int, int, int]] = []
        covered = 0
        starts = self._root.next
        for i, word in enumerate(words):
            if word.key not in starts and word.other not in starts:
                continue
            end = 0
            best: list[int] = []
            for stop, node in self._walk(words, i):
                halves += [(number, which, i, stop) for number, which in node.halves]
                if not node.patterns or not self._is_sure(node, word, stop - i):
                    continue
                valid = [n for n in node.patterns if self._holds(n, words, i, stop, text)]
                if valid and stop > end:
                    end, best = stop, valid
            if end > covered:
                covered = end
                span = (word.start, words[end - 1].end)
                hits += [Hit(number, i, (span,)) for number in best]
        return hits + list(self._pairs(halves, words)) if halves else hits

    def _walk(self, words: Sequence[Word], i: int) -> Iterator[tuple[int, Node]]:
        """The states reached from word ``i``, with the number of the word after each."""
        states = [self._root]
        for j in range(i, len(words)):
            word = words[j]
            states = [
                following
                for state in states
                for key in ((word.key, word.other) if word.other else (word.key,))
                if (following := state.next.get(key)) is not None
            ]
            if not states:
                return
            for state in states:
                yield j + 1, state

    def _is_sure(self, node: Node, word: Word, length: int) -> bool:
        """Whether a lone word is met by its own form: « peut » is not the « pouvoir » d'agir."""
        return length > 1 or self._root.next.get(word.key) is node

    def _holds(self, number: int, words: Sequence[Word], i: int, stop: int, text: str) -> bool:
        one = self._patterns[number]
        if one.determined:
            return words[i].determined
        if one.exact:
            found = _plain(text[words[i].start : words[stop - 1].end])
            if one.exact.islower():
                return found.lower() == one.exact
            return found in (one.exact, one.exact.upper())
        return True

    def _pairs(
        self, halves: Iterable[tuple[int, int, int, int]], words: Sequence[Word]
    ) -> Iterator[Hit]:
        """« enfant … confié »: both halves in one sentence, in any order, at most six words apart."""
        by_pattern: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        for number, which, i, stop in halves:
            by_pattern.setdefault(number, ([], []))[which].append((i, stop))
        for number, (left, right) in by_pattern.items():
            for a in left:
                for b in right:
                    first, last = (a, b) if a <= b else (b, a)
                    if _near(first[1], last[0], words):
                        yield Hit(
                            number, first[0],
                            tuple((words[s].start, words[e - 1].end) for s, e in (first, last)),
                        )  # fmt: skip
                        break


def _near(end: int, start: int, words: Sequence[Word]) -> bool:
    gap = start - end
    return 0 <= gap <= GAP_WORDS and all(words[k].key != SENTENCE for k in range(end, start))


def _keys(node: Node) -> Iterator[str]:
    for key, following in node.next.items():
        yield key
        yield from _keys(following)


def vocabulary_patterns(vocabulary: Vocabulary) -> list[Pattern]:
    """The patterns of the terms, then of the false friends, in the vocabulary's order."""
    expressions = [term.text for term in vocabulary.terms]
    expressions += [friend.text for friend in vocabulary.false_friends]
    return [pattern(text) for text in expressions]
