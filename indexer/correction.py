"""Typing errors, put right on the words as typed, before their analysis.

A word that no article has is replaced by one that some have and that one slip of the fingers (two
for a long word) makes of it: a letter left out, added, changed, or two exchanged (optimal string
alignment distance). Of several, the one that most articles have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from indexer.engine import Correction, Results
from indexer.french import French, Word, fold_word, normal
from indexer.question import LONGEST, Question

SHORTEST = 5  # letters: below, another word is too near
_LONG = 9  # letters: two slips are looked for


def doubtful(question: Question, frequencies: Mapping[str, int], french: French) -> list[str]:
    """The folded words that no document has, that are not French, and that may be put right."""
    return [
        term.folded
        for term in question.terms
        if not frequencies[term.key]
        and not term.also
        and len(term.folded) >= SHORTEST
        and term.folded.isalpha()
        and not french.has_word(term.folded)
    ]


def nearest(word: str, known: Mapping[str, int]) -> str:
    """Of the known words (with how many documents have each), the one that was meant; or ""."""
    slips = 2 if len(word) >= _LONG else 1
    near = [
        (distance, -known[one], one)
        for one, distance, _ in extract_iter(
            word, known.keys(), scorer=OSA.distance, score_cutoff=slips
        )
        if len(one) >= SHORTEST - 1 and one.isalpha()
    ]
    return min(near, default=(0, 0, ""))[2]


def corrected(
    typed: str, french: French, right: Mapping[str, str]
) -> tuple[str, tuple[Correction, ...]]:
    """What was typed, with each of these folded words replaced, and which ones were."""
    text = normal(typed[:LONGEST])
    parts: list[str] = []
    made: dict[str, Correction] = {}
    place = 0
    for word in french.words(text):
        written = text[word.start : word.end]
        used = right.get(word.folded)
        if used and word.start >= place and not _is_name(word, written, used, french):
            made[word.folded] = Correction(written, used)
            parts += [text[place : word.start], used]
            place = word.end
    return "".join([*parts, text[place:]]), tuple(made.values())


def _is_name(word: Word, written: str, used: str, french: French) -> bool:
    """Whether the word is a name rather than a French word with an error (« Syrie », « série »)."""
    capital = word.start > 0 and written[:1].isupper() and not written.isupper()
    return capital and french.has_word(used)


def with_accents(results: Results, words: str, corrections: Sequence[Correction]) -> Results:
    """The results telling what was corrected, words written as the texts found write them."""
    shown = [piece.text for hit in results.hits for piece in (*hit.title, *hit.excerpt)]
    written = {fold_word(one): one.lower() for one in reversed(shown)}
    made = [replace(one, used=written.get(one.used, one.used)) for one in corrections]
    for before, after in zip(corrections, made, strict=True):
        words = words.replace(before.used, after.used)
    return replace(results, words=words, corrections=tuple(made))
