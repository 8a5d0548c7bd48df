"""« Tendances »: each theme's articles week by week, and what rises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, render_template

from core.model import Family, Theme, ThemeId
from core.text import NBSP
from core.weeks import MONTHS, Week
from curation.rising import Rise, rising
from web.charts import Chart, Span, chart
from web.context import now, parts

bp = Blueprint("rises", __name__)

WEEKS: Final = 12  # whole ones, the present week left out
LATELY: Final = 4  # of them


@dataclass(frozen=True, slots=True)
class Going:
    """How a theme goes."""

    theme: Theme
    chart: Chart
    total: int


@dataclass(frozen=True, slots=True)
class Trends:
    """All that the page tells."""

    first: Week
    last: Week
    rises: tuple[tuple[Theme, Rise[ThemeId]], ...]
    families: tuple[tuple[Family, tuple[Going, ...]], ...]


@bp.get("/tendances")
def show() -> str:
    """Twelve weeks of every theme."""
    p = parts()
    found = p.memory.recall("trends", _trends, kept=timedelta(minutes=10))
    return render_template("themes/trends.html", trends=found, weeks=WEEKS, lately=LATELY)


def _trends() -> Trends:
    p, weeks = parts(), _weeks()
    with p.store.read() as tx:
        held = [tx.articles.theme_counts(since=week.start, until=week.end) for week in weeks]
        everything = tx.articles.counts([(week.start, week.end) for week in weeks])
    themes = p.vocabulary.themes
    found = rising(
        {id: _halves([counts.get(id, 0) for counts in held]) for id in themes},
        _halves(everything),
    )
    families = (
        (family, tuple(_going(theme, weeks, held) for theme in p.vocabulary.of_family(family)))
        for family in p.vocabulary.families
    )
    return Trends(
        weeks[0], weeks[-1], tuple((themes[one.key], one) for one in found), tuple(families)
    )


def _weeks() -> list[Week]:
    """The last whole weeks, the oldest first."""
    weeks = [Week.of(now()).previous]
    while len(weeks) < WEEKS:
        weeks.append(weeks[-1].previous)
    return weeks[::-1]


def _halves(counts: Sequence[int]) -> tuple[int, int]:
    """Before, and lately."""
    return sum(counts[:-LATELY]), sum(counts[-LATELY:])


def _day(day: date) -> str:
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}"


def _going(theme: Theme, weeks: Sequence[Week], held: Sequence[Mapping[ThemeId, int]]) -> Going:
    counts = [one.get(theme.id, 0) for one in held]
    spans = [
        Span(_day(week.monday), week.monday, week.sunday, count)
        for week, count in zip(weeks, counts, strict=True)
    ]
    return Going(theme, chart(spans), sum(counts))
