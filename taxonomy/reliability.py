"""How right the themes are here: what people said of what the tagger had given. Pure.

Each correction judges the tagger as it was when somebody looked, before it could learn from that
correction (« test, then train »: A. P. Dawid, JRSS A 147, 1984).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.corrections import THE_OTHERS, Verdict
from taxonomy.evaluation import Counts, Interval, wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.corrections import Correction
    from core.model import ThemeId

FEWEST = 10  # judgements below which a share says next to nothing


@dataclass(frozen=True, slots=True)
class Reliability:
    """What the corrections of an installation say of its tagger."""

    themes: Mapping[ThemeId, Counts]
    total: Counts
    articles: int  # of which something was said
    whole: int  # of which everything was
    first: datetime | None
    last: datetime | None


def reliability(corrections: Iterable[Correction]) -> Reliability:
    """Count what people confirmed (right), took away (wrong) and had to give (missed)."""
    said = list(corrections)
    right = Counter(one.theme for one in said if _was_right(one))
    wrong = Counter(one.theme for one in said if _was_wrong(one))
    missed = Counter(one.theme for one in said if _was_missed(one))
    themes = {
        theme: Counts(right[theme], wrong[theme], missed[theme])
        for theme in sorted({*right, *wrong, *missed})
    }
    return Reliability(
        themes,
        Counts(right.total(), wrong.total(), missed.total()),
        articles=len({one.article_id for one in said}),
        whole=sum(one.theme == THE_OTHERS for one in said),
        first=min((one.at for one in said), default=None),
        last=max((one.at for one in said), default=None),
    )


def judged(counts: Counts) -> int:
    """How many judgements these are."""
    return counts.right + counts.wrong + counts.missed


def precision_interval(counts: Counts) -> Interval:
    """Wilson's interval of the precision, at 95 %."""
    return wilson(counts.right, counts.right + counts.wrong)


def recall_interval(counts: Counts) -> Interval:
    """Wilson's interval of the recall, at 95 %."""
    return wilson(counts.right, counts.right + counts.missed)


def f1_interval(counts: Counts) -> Interval:
    """An interval of F1, at 95 %.

    F1 is 2J / (1 + J) of the share J of right ones among all judgements, which grows with J: the
    bounds of Wilson's interval of J give those of F1.
    """
    share = wilson(counts.right, judged(counts))
    return Interval(*(2 * bound / (1 + bound) for bound in (share.low, share.high)))


def _was_right(one: Correction) -> bool:
    kept = one.verdict in {Verdict.CONFIRMED, Verdict.GIVEN}
    return kept and one.score is not None


def _was_wrong(one: Correction) -> bool:
    return one.verdict is Verdict.TAKEN and one.score is not None


def _was_missed(one: Correction) -> bool:
    kept = one.verdict in {Verdict.CONFIRMED, Verdict.GIVEN}
    return kept and one.score is None
