"""From mentions of terms to deserved themes: weights, places, length of the text.

A mention weighs by its term's strength and by where it stands; a term said again adds little, a
different one adds fully. A long text offers more room for mere mentions, so it must show more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model import Evidence, Tagging, ThemeId
from taxonomy.vocabulary import Strength

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Mention:
    """A term of the vocabulary (or an acronym) met in a text."""

    theme: ThemeId | None  # None: a sign that the text is out of the field
    term: str
    strength: Strength
    place: str  # title, lead or body
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the method, chosen by measure (``benchmarks/tagging.py``, gold sets)."""

    strong: float = 2.0
    medium: float = 0.9
    weak: float = 0.4
    medium_most: float = 3.0  # points that all medium terms together can bring
    weak_most: float = 1.2
    title: float = 1.8
    lead: float = 1.5
    again: float = 0.2  # what each further mention of the same term adds, three at most
    threshold: float = 2.2  # points needed by a text of ``short`` words
    short: int = 40
    growth: float = 0.3  # how the need grows each time the text is twice as long
    share: float = 0.2  # of the first theme's points, to be given beside it
    prevails: float = 0.6  # a wider theme below this share of a narrower one's points goes
    off_field: float = 0.4  # out-of-field points, against the best theme's, that silence a text
    steepness: float = 1.8
    most: int = 3


def judge(
    mentions: Sequence[Mention],
    words: int,
    weights: Weights,
    prevailing: Mapping[ThemeId, Collection[ThemeId]],
) -> tuple[Tagging, ...]:
    """The themes that the mentions deserve in a text of ``words`` words, surest first.

    ``prevailing`` tells which wider themes a theme stands for (unaccompanied minors: child
    protection); a wider one is given beside it only when the text says nearly as much of it.
    """
    by_theme: dict[ThemeId | None, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_theme[mention.theme].append(mention)
    off_field = points(by_theme.pop(None, ()), weights)
    totals = {theme: points(found, weights) for theme, found in by_theme.items() if theme}
    best = max(totals.values(), default=0.0)
    if off_field >= weights.off_field * best:
        return ()
    need = needed(words, weights)
    floor = max(need, weights.share * best)
    given = {theme: total for theme, total in totals.items() if total >= floor}
    kept = [
        (total, theme)
        for theme, total in given.items()
        if not any(
            theme in prevailing.get(narrower, ()) and total < weights.prevails * more
            for narrower, more in given.items()
        )
    ]
    kept.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(
        Tagging(theme, score(total / need, weights), evidence(by_theme[theme]))
        for total, theme in kept[: weights.most]
    )


def needed(words: int, weights: Weights) -> float:
    """The points that a text of this many words must gather for a theme."""
    doublings = math.log2(max(words, weights.short) / weights.short)
    return weights.threshold * (1 + weights.growth * doublings)


def points(mentions: Iterable[Mention], weights: Weights) -> float:
    """The points of one theme; weak and medium terms alone only lead so far."""
    best: dict[tuple[Strength, str], float] = {}
    times: dict[tuple[Strength, str], int] = defaultdict(int)
    for mention in mentions:
        term = (mention.strength, mention.term)
        value = _strength(mention.strength, weights) * _place(mention.place, weights)
        best[term] = max(best.get(term, 0.0), value)
        times[term] += 1
    sums: dict[Strength, float] = defaultdict(float)
    for term, value in best.items():
        sums[term[0]] += value * (1 + weights.again * min(times[term] - 1, 3))
    return (
        sums[Strength.STRONG]
        + min(sums[Strength.MEDIUM], weights.medium_most)
        + min(sums[Strength.WEAK], weights.weak_most)
    )


def score(ratio: float, weights: Weights) -> float:
    """How sure, from the points as a multiple of those needed: 0.5 when just enough."""
    return round(1 / (1 + math.exp(-weights.steepness * (ratio - 1))), 3)


def evidence(mentions: Iterable[Mention]) -> tuple[Evidence, ...]:
    """All the words that counted, as they stand: title first, then the text in its order."""
    spans = {span for mention in mentions for span in mention.evidence}
    return tuple(sorted(spans, key=lambda e: (e.field != "title", e.start, e.end)))


def _strength(strength: Strength, weights: Weights) -> float:
    if strength is Strength.STRONG:
        return weights.strong
    return weights.medium if strength is Strength.MEDIUM else weights.weak


def _place(place: str, weights: Weights) -> float:
    return {"title": weights.title, "lead": weights.lead}.get(place, 1.0)
