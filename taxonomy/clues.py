"""What a text says for each theme, as numbers: the vocabulary's terms, and the voice of its words.

The same few numbers serve every theme, so that what is learnt of them holds for a theme added
yesterday as for the others: how much a strong term in a title is worth, what a rival theme or
signs that the text is out of the field take away.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from taxonomy.scoring import needed, points
from taxonomy.vocabulary import Strength

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from core.model import ThemeId
    from taxonomy.scoring import Mention

NAMES: Final = (
    "points", "log points", "strong", "any strong", "medium", "weak", "strong in title",
    "medium in title", "share", "first", "rival", "narrower", "off share", "off points", "length",
    "points without strong", "off beside strong", "silent",
    "voice", "field", "voice ahead", "voice by length", "in field",
)  # fmt: skip
_USUAL = 60  # words: the length that counts as neither short nor long


def clues(
    mentions: Sequence[Mention],
    words: int,
    voices: NDArray[np.float32],
    themes: Sequence[ThemeId],
    wider: Mapping[ThemeId, Sequence[ThemeId]],
) -> NDArray[np.float64]:
    """A row of ``NAMES`` for each of ``themes``, for a text of ``words`` words.

    ``voices``: what the words say for each theme, then for the field as a whole (log odds).
    ``wider``: the wider themes that a theme stands for.
    """
    told = defaultdict(list)
    for mention in mentions:
        told[mention.theme].append(mention)
    off = points(told.pop(None, ()))
    totals = np.array([points(told.get(theme, ())) for theme in themes])
    length = math.log(max(words, 10) / _USUAL)
    best = float(totals.max(initial=0.0))
    found = np.zeros((len(themes), len(NAMES)))
    for number, theme in enumerate(themes):
        if theme in told:
            found[number, 2:8] = _counts(told[theme])
    any_strong = found[:, 3]
    off_share = off / (off + best + 1)
    logs = np.log1p(totals)
    voice, field = voices[:-1], float(voices[-1])
    found[:, 0] = np.minimum(totals / needed(words), 3)
    found[:, 1] = logs
    found[:, 8] = totals / (totals.sum() + 1e-6)
    found[:, 9] = (totals >= best) & (totals > 0)
    found[:, 10] = _others(logs)
    found[:, 11] = _narrower(logs, themes, wider)
    found[:, 12] = off_share
    found[:, 13] = math.log1p(off)
    found[:, 14] = length
    found[:, 15] = logs * (1 - any_strong)
    found[:, 16] = off_share * any_strong
    found[:, 17] = totals == 0
    found[:, 18] = voice
    found[:, 19] = field
    found[:, 20] = voice - _others(voice)
    found[:, 21] = voice * length
    found[:, 22] = max(0.0, field)
    return found


def _counts(mentions: Sequence[Mention]) -> tuple[float, ...]:
    """Different terms by strength, and whether the title holds some."""
    seen = {(m.strength, m.term) for m in mentions}
    strong, medium, weak = (sum(s is one for s, _ in seen) for one in Strength)
    titles = {m.strength for m in mentions if m.place == "title"}
    return (
        min(strong, 3), strong > 0, min(medium, 4) / 2, min(weak, 4) / 2,
        Strength.STRONG in titles, Strength.MEDIUM in titles,
    )  # fmt: skip


def _others(values: NDArray[Any]) -> NDArray[Any]:
    """For each value, the greatest of the others."""
    if len(values) < 2:
        return np.zeros_like(values)
    second, first = np.partition(values, -2)[-2:]
    return np.asarray(np.where(values == first, second, first))


def _narrower(
    logs: NDArray[Any],
    themes: Sequence[ThemeId],
    wider: Mapping[ThemeId, Sequence[ThemeId]],
) -> NDArray[Any]:
    """For each theme, the most that a narrower one standing for it has."""
    place = {theme: number for number, theme in enumerate(themes)}
    found = np.zeros_like(logs)
    for theme, value in zip(themes, logs, strict=True):
        for one in wider.get(theme, ()) if value else ():
            if one in place:
                found[place[one]] = max(found[place[one]], value)
    return found
