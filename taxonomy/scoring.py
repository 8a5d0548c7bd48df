"""Mentions of terms, and the points they bring to a theme.

A mention weighs by its term's strength and by where it stands; a term said again adds little, a
different one adds fully. A long text offers more room for mere mentions, so it must show more.
What the points are worth beside all else is learnt (``clues``, ``model``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from taxonomy.vocabulary import Strength

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.model import Evidence, ThemeId

STRENGTHS: Final = {Strength.STRONG: 2.0, Strength.MEDIUM: 0.9, Strength.WEAK: 0.4}
MOST: Final = {Strength.STRONG: math.inf, Strength.MEDIUM: 3.0, Strength.WEAK: 1.2}  # all together
PLACES: Final = {"title": 1.8, "lead": 1.5, "body": 1.0}
AGAIN: Final = 0.2  # what each further mention of the same term adds, three at most
NEEDED: Final = 2.2  # points that a text of SHORT words is used to have for a theme it is about
SHORT: Final = 40
GROWTH: Final = 0.3  # how that grows each time the text is twice as long


@dataclass(frozen=True, slots=True)
class Mention:
    """A term of the vocabulary (or an acronym) met in a text."""

    theme: ThemeId | None  # None: a sign that the text is out of the field
    term: str
    strength: Strength
    place: str  # title, lead or body
    evidence: tuple[Evidence, ...]


def needed(words: int) -> float:
    """The points that a text of this many words is used to have for a theme it is about."""
    return NEEDED * (1 + GROWTH * math.log2(max(words, SHORT) / SHORT))


def points(mentions: Iterable[Mention]) -> float:
    """The points of one theme; weak and medium terms alone only lead so far."""
    best: dict[tuple[Strength, str], float] = {}
    times: dict[tuple[Strength, str], int] = defaultdict(int)
    for mention in mentions:
        term = (mention.strength, mention.term)
        value = STRENGTHS[mention.strength] * PLACES[mention.place]
        best[term] = max(best.get(term, 0.0), value)
        times[term] += 1
    sums: dict[Strength, float] = defaultdict(float)
    for term, value in best.items():
        sums[term[0]] += value * (1 + AGAIN * min(times[term] - 1, 3))
    return sum(min(total, MOST[strength]) for strength, total in sums.items())
