"""The order of answers, the same for both engines.

A word counts by BM25 (Robertson & Zaragoza, 2009, as Lucene and Tantivy compute it) over title and
text taken together, each word by its key. To that is added, as shares of the word's rarity
(its inverse document frequency): that it stands there as typed, that a word with the same root
does, that the title has it; for two words in a row in the question, that they stand near each
other (Metzler & Croft's sequential dependence, 2005); and how near the subject of the text is to
that of the question (``indexer/senses.py``). Rare words count a little more than BM25 has it.
Weights were chosen on one set of judged questions, where both halves give the same figure and
neighbouring weights hardly another, and looked at on titles that seek their own texts; on other
questions the gain may be smaller.

Tantivy computes the words' part itself; for Meilisearch, whose order is made of rules, it is
computed here, for the first candidates. The subject's part is computed here for both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TypeVar

from core.text import fold
from indexer.question import Keys, Term

WINDOW = 200  # answers put in this order; beyond, plain BM25
EXACT = 0.7
ROOT = 0.7
ROOT_LENGTH = 5  # letters of a root; a shorter word is its own
TITLE = 0.25
NEAR = 0.3
NEARNESS = 4  # words between two that stand near each other, at most
RARITY = 0.2  # exponent
SUBJECT = 0.6  # of the rarity of all the words together, for a text quite of the same subject
ALIKE = 0.01  # of the best score: answers that near are of equal merit, and the newest goes first
_K1 = 1.2
_B = 0.75
_WORDS = re.compile(r"[^\W_]+")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document as it is ranked: its keys in order, and its folded words, between spaces."""

    title: Sequence[str]
    text: Sequence[str]
    words: str

    @classmethod
    def of(cls, title: str, text: str, words: str) -> Candidate:
        """The candidate of the keys of a title and of a text, and of ``folded_words``."""
        return cls(title.split(), text.split(), f" {words} ")


def folded_words(title: str, text: str) -> str:
    """The folded words of a ``normal`` title and text, each once, with spaces in between."""
    return " ".join(dict.fromkeys(_WORDS.findall(fold(f"{title}\n{text}"))))


def rarity(frequency: int, documents: int) -> float:
    """The inverse document frequency of a term that so many of the documents have."""
    number = min(frequency, documents)
    return log(1 + (documents - number + 0.5) / (number + 0.5))


def emphasis(term: Term, idf: float) -> float:
    """By how much the term's BM25 is multiplied."""
    return float(term.weight * idf**RARITY)


def with_subjects(
    scores: Sequence[float], nearness: Iterable[float], idfs: Iterable[float]
) -> list[float]:
    """The scores, with what the subject brings: ``nearness`` to the question, from -1 to 1.

    ``idfs``: of the words that count.
    """
    most = SUBJECT * sum(idfs)
    return [score + most * near for score, near in zip(scores, nearness, strict=True)]


def newest_first(
    answers: Iterable[_Answer], scores: Sequence[float], dates: Sequence[int]
) -> list[tuple[_Answer, float]]:
    """The answers with their scores, best first; of those of equal merit, the newest first."""
    grain = ALIKE * max(scores, default=0.0) or 1.0
    rows = sorted(
        zip(answers, scores, dates, strict=True),
        key=lambda row: (-round(row[1] / grain), -row[2], -row[1]),
    )
    return [(answer, score) for answer, score, _ in rows]


def rank(
    candidates: Sequence[Candidate],
    terms: Sequence[Term],
    frequencies: Mapping[str, int],
    documents: int,
) -> list[float]:
    """The score of each candidate.

    ``frequencies``: how many of all the ``documents`` have each key asked for. The mean length is
    that of the candidates.
    """
    idfs = {term.key: rarity(frequencies[term.key], documents) for term in terms}
    lengths = [len(one.title) + len(one.text) for one in candidates]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    return [
        _score(one, terms, idfs, _K1 * (1 - _B + _B * length / (mean or 1.0)))
        for one, length in zip(candidates, lengths, strict=True)
    ]


def _score(one: Candidate, terms: Sequence[Term], idfs: Mapping[str, float], norm: float) -> float:
    places = _places(one, terms)
    title = frozenset(one.title)
    total = 0.0
    for term in terms:
        also = any(all(map(places.get, keys)) for keys in term.also)
        shares = EXACT * (also or f" {term.folded} " in one.words)
        shares += TITLE * any(keys <= title for keys in ({term.key}, *map(set, term.also)))
        shares += ROOT * (also or _root(term.folded) in one.words)
        bm25 = _saturated(_count(places, term), norm)
        total += emphasis(term, idfs[term.key]) * idfs[term.key] * (bm25 + shares)
    for first, second in pairwise(terms):
        near = sum(
            0 < abs(one - other) <= NEARNESS + 1
            for one in places[first.key]
            for other in places[second.key]
        )
        both = [_least(places, keys) for keys in first.also if keys in second.also]
        near = max(near, *both, 0)
        total += NEAR * (idfs[first.key] + idfs[second.key]) * _saturated(near, norm)
    return total


def _root(folded: str) -> str:
    """The beginning of the words that have the same root; a shorter word is its own root."""
    return f" {folded[:ROOT_LENGTH]}" if len(folded) >= ROOT_LENGTH else f" {folded} "


def _saturated(count: int, norm: float) -> float:
    return count * (_K1 + 1) / (count + norm)


def _count(places: Mapping[str, list[int]], term: Term) -> int:
    """How often the term is there, or what stands for it."""
    also = (_least(places, keys) for keys in term.also)
    return max([len(places.get(term.key, ())), *also])


def _least(places: Mapping[str, list[int]], keys: Keys) -> int:
    return min(len(places.get(key, ())) for key in keys)


def _places(one: Candidate, terms: Sequence[Term]) -> Mapping[str, list[int]]:
    """Where each key is; the title is far from the text."""
    wanted = {term.key for term in terms} | {k for t in terms for also in t.also for k in also}
    places = defaultdict[str, list[int]](list)
    for start, keys in ((-len(one.title) - 2 * NEARNESS, one.title), (0, one.text)):
        for at, key in [(at, key) for at, key in enumerate(keys, start) if key in wanted]:
            places[key].append(at)
    return places
