"""« Fiabilité des thèmes »: how right they are, here, by what the team said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template

from core.model import Theme
from taxonomy.evaluation import Counts, Interval
from taxonomy.reliability import (
    FEWEST,
    Reliability,
    f1_interval,
    judged,
    precision_interval,
    recall_interval,
    reliability,
)
from web.context import parts

bp = Blueprint("reliability", __name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """A share and its interval, as percentages."""

    share: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Line:
    """A theme's figures; None where too little was judged."""

    theme: Theme | None  # None: all together
    counts: Counts
    precision: Figure | None
    recall: Figure | None
    f1: Figure | None


@bp.get("/themes/fiabilite")
def show() -> str:
    """The figures, theme by theme, and how they were measured."""
    p = parts()
    found = p.memory.recall("reliability", _measured)
    return render_template(
        "themes/reliability.html",
        found=found,
        total=_line(None, found.total),
        lines=list(_lines(found)),
        fewest=FEWEST,
    )


def _measured() -> Reliability:
    with parts().store.read() as tx:
        return reliability(tx.corrections.all())


def _lines(found: Reliability) -> Iterator[Line]:
    """The themes of the vocabulary, the most judged first."""
    themes = parts().vocabulary.themes
    known = [(themes[id], counts) for id, counts in found.themes.items() if id in themes]
    for theme, counts in sorted(known, key=lambda pair: (-judged(pair[1]), pair[0].label)):
        yield _line(theme, counts)


def _line(theme: Theme | None, counts: Counts) -> Line:
    return Line(
        theme,
        counts,
        _figure(counts.precision, precision_interval(counts), counts.right + counts.wrong),
        _figure(counts.recall, recall_interval(counts), counts.right + counts.missed),
        _figure(counts.f1, f1_interval(counts), judged(counts)),
    )


def _figure(share: float, interval: Interval, judgements: int) -> Figure | None:
    return Figure(share, interval) if judgements >= FEWEST else None
