"""Which terms of the vocabulary stand where, over the keys of words: a trie, longest term first.

spaCy's PhraseMatcher compares single attribute values and returns every overlapping match; here
a word may be read by two keys (« dort » also as « dormir »), and a longer term hides the shorter
ones inside it (« aide sociale à l'enfance » hides « aide sociale »).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.text import fold
from taxonomy import french
from taxonomy.vocabulary import GAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taxonomy.vocabulary import Vocabulary

GAP_WORDS = 6  # how far apart, in words, the two halves of « enfant … confié » may stand
BREAK = "\n"  # the key of punctuation: no term runs across it
SENTENCE = "\n\n"  # the key of what ends a sentence


@dataclass(slots=True)
class Words:
    """The words of a field, in parallel lists (a list of objects costs twice the time)."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # the lemma's key when different, or ""
    determined: list[bool] = field(default_factory=list)  # an article or the like stands before
    openings: list[int] = field(default_factory=list)  # the numbers of words that may open a term
    forms: list[tuple[str, ...]] = field(default_factory=list)  # what the learnt model hears

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(slots=True)
class Node:
    """A state of the trie: what may follow, and the patterns that end here."""

    next: dict[str, Node] = field(default_factory=dict)
    patterns: list[int] = field(default_factory=list)
    conditional: bool = False  # some pattern asks for more than its keys
    halves: list[tuple[int, int]] = field(default_factory=list)  # (pattern, which half)

    def without_patterns(self) -> Node:
        """The same state, for words that may only go on."""
        return Node(self.next, halves=self.halves)


def _following(states: list[Node], key: str, other: str) -> list[Node]:
    following = []
    for state in states:
        if (node := state.next.get(key)) is not None:
            following.append(node)
        if other and (node := state.next.get(other)) is not None:
            following.append(node)
    return following


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
    determined = len(first) > 1 and not exact and fold(first[0]) in french.ARTICLES
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
                    node.conditional |= one.determined or bool(one.exact)
                else:
                    node.halves.append((number, which))

    @property
    def alphabet(self) -> frozenset[str]:
        """Every key that some pattern uses."""
        return frozenset(_keys(self._root))

    def opens(self, key: str, other: str) -> bool:
        """Whether some pattern begins with a word of these keys."""
        return key in self._root.next or other in self._root.next

    def find(self, words: Words, text: str) -> list[Hit]:
        """The patterns in ``words``, in their order; a longer one hides those inside it."""
        hits: list[Hit] = []
        halves: list[tuple[int, int, int, int]] = []
        covered = 0
        for i in words.openings:
            end = 0
            best: list[int] = []
            for stop, node in self._reached(words, i):
                if node.halves:
                    halves += [(number, which, i, stop) for number, which in node.halves]
                valid = node.patterns
                if node.conditional:
                    valid = [n for n in valid if self._holds(n, words, i, stop, text)]
                if valid and stop > end:
                    end, best = stop, valid
            if end > covered:
                covered = end
                span = (words.starts[i], words.ends[end - 1])
                hits += [Hit(number, i, (span,)) for number in best]
        return hits + list(self._pairs(halves, words)) if halves else hits

    def _reached(self, words: Words, i: int) -> list[tuple[int, Node]]:
        """The states reached from word ``i``, each with the number of the word after it.

        A lone word counts by its own form only: « peut » is not the « pouvoir » of « pouvoir
        d'agir »; its lemma counts within longer terms and halves.
        """
        reached: list[tuple[int, Node]] = []
        states = []
        node = self._root.next.get(words.keys[i])
        if node is not None:
            reached.append((i + 1, node))
            states.append(node)
        other = words.others[i]
        if other and (node := self._root.next.get(other)) is not None:
            reached.append((i + 1, node.without_patterns()))
            states.append(node)
        for j in range(i + 1, len(words.keys)):
            states = _following(states, words.keys[j], words.others[j])
            if not states:
                break
            reached += [(j + 1, state) for state in states]
        return reached

    def _holds(self, number: int, words: Words, i: int, stop: int, text: str) -> bool:
        one = self._patterns[number]
        if one.determined:
            return words.determined[i]
        if one.exact:
            found = _plain(text[words.starts[i] : words.ends[stop - 1]])
            if one.exact.islower():
                return found.lower() == one.exact
            return found in (one.exact, one.exact.upper())
        return True

    def _pairs(self, halves: Iterable[tuple[int, int, int, int]], words: Words) -> Iterator[Hit]:
        """« enfant … confié »: both halves in one sentence, in any order, close together."""
        by_pattern: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        for number, which, i, stop in halves:
            by_pattern.setdefault(number, ([], []))[which].append((i, stop))
        for number, (left, right) in by_pattern.items():
            if left and right and (pair := _nearest(left, right, words)) is not None:
                spans = tuple((words.starts[s], words.ends[e - 1]) for s, e in pair)
                yield Hit(number, pair[0][0], spans)


def _nearest(
    left: list[tuple[int, int]], right: list[tuple[int, int]], words: Words
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The first two halves that stand near each other in one sentence, if any."""
    for a in left:
        for b in right:
            first, last = (a, b) if a <= b else (b, a)
            if (
                0 <= last[0] - first[1] <= GAP_WORDS
                and SENTENCE not in words.keys[first[1] : last[0]]
            ):
                return first, last
    return None


def _keys(node: Node) -> Iterator[str]:
    for key, following in node.next.items():
        yield key
        yield from _keys(following)


def vocabulary_patterns(vocabulary: Vocabulary) -> list[Pattern]:
    """The patterns of the terms, then of the false friends, in the vocabulary's order."""
    expressions = [term.text for term in vocabulary.terms]
    expressions += [friend.text for friend in vocabulary.false_friends]
    return [pattern(text) for text in expressions]
