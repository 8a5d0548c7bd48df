"""What rises: themes that take more room lately than before, beyond what chance would do. Pure.

Given the articles that a theme had in two periods, those of the later one are a binomial draw if
its part of all articles did not change (J. Przyborowski, H. Wilenski, Biometrika 31, 1940): exact,
hence fair to small counts. Among many themes some would seem to rise by chance: only those are told
that keep the share of false ones below ``LEVEL`` (Y. Benjamini, Y. Hochberg, JRSS B 57, 1995).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)

LEVEL: Final = 0.1
FEWEST: Final = 5  # articles lately: below that, it is too little to be told


@dataclass(frozen=True, slots=True)
class Rise(Generic[K]):
    """A theme that rises: its articles before and lately, its part of all of them each time."""

    key: K
    before: int
    lately: int
    part_before: float
    part_lately: float
    chance: float  # of such a rise, or a greater one, if nothing had changed


def rising(counts: Mapping[K, tuple[int, int]], everything: tuple[int, int]) -> list[Rise[K]]:
    """What rises, the least likely by chance first.

    ``counts``: each theme's articles before and lately; ``everything``: all articles, likewise.
    """
    before_all, lately_all = everything
    if not before_all or not lately_all:
        return []
    part = lately_all / (before_all + lately_all)
    found = [
        Rise(
            key,
            before,
            lately,
            before / before_all,
            lately / lately_all,
            at_least(lately, before + lately, part),
        )
        for key, (before, lately) in counts.items()
    ]
    found.sort(key=lambda one: (one.chance, -one.lately))
    told = [n for n, one in enumerate(found, 1) if one.chance <= LEVEL * n / len(found)]
    kept = found[: max(told, default=0)]
    return [one for one in kept if one.lately >= FEWEST]


def at_least(count: int, total: int, share: float) -> float:
    """The chance of ``count`` or more among ``total``, each with this share: binomial, exact."""
    if count <= 0:
        return 1.0
    if not 0 < share < 1:
        return 0.0 if share <= 0 else 1.0
    terms = (_log_chance(n, total, share) for n in range(count, total + 1))
    return min(1.0, math.fsum(math.exp(one) for one in terms))


def _log_chance(count: int, total: int, share: float) -> float:
    ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
    return ways + count * math.log(share) + (total - count) * math.log1p(-share)
