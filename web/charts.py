"""How much when: bars drawn on the server as SVG, beside the same figures in a table. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.weeks import MONTHS

WIDTH: Final = 272  # of the drawing, in its own units; the page makes it as wide as there is room
HEIGHT: Final = 64
GAP: Final = 0.22  # of a bar's room
MOST_MONTHS: Final = 36  # above that, years are counted
FULL: Final = 4  # what a bar of the whole height stands for at least: one article is no peak


@dataclass(frozen=True, slots=True)
class Span:
    """A month or a year, and how many articles appeared in it."""

    label: str  # « novembre 2026 », « 2026 »
    first: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A span as it is drawn, in the drawing's units."""

    x: float
    y: float
    width: float
    height: float
    span: Span


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from left to right. ``most``: the highest count."""

    bars: tuple[Bar, ...]
    most: int

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is drawn, for the table."""
        return tuple(bar.span for bar in self.bars)

    @property
    def says_something(self) -> bool:
        """Whether there is something to compare."""
        return sum(bar.span.count > 0 for bar in self.bars) > 1


def chart(spans: Sequence[Span]) -> Chart:
    """The bars of these spans; one that has articles is never drawn lower than a line."""
    most = max((span.count for span in spans), default=0)
    top = max(FULL, most)
    room = WIDTH / max(1, len(spans))

    def bar(at: int, span: Span) -> Bar:
        height = max(2.0, HEIGHT * span.count / top) if span.count else 0.0
        return Bar(
            round(at * room + room * GAP / 2, 2),
            round(HEIGHT - height, 2),
            round(room * (1 - GAP), 2),
            round(height, 2),
            span,
        )

    return Chart(tuple(bar(at, span) for at, span in enumerate(spans)), most)


def by_month_or_year(counts: Mapping[str, int]) -> tuple[Span, ...]:
    """Every month from the first to the last that has some, or every year when they are many.

    ``counts``: articles by month, as ``2026-11``; other keys are passed over.
    """
    known = {month: count for month, count in counts.items() if count and _is_month(month)}
    if not known:
        return ()
    first, last = min(known), max(known)
    every = tuple(_month(y, m, known) for y, m in _months(first, last))
    if len(every) <= MOST_MONTHS:
        return every
    return tuple(
        _year(year, sum(s.count for s in every if s.first.year == year))
        for year in range(every[0].first.year, every[-1].first.year + 1)
    )


def last_months(today: date, count: int = 12) -> list[tuple[date, date]]:
    """The first and last days of the last ``count`` months, the present one included."""
    months = [divmod(today.year * 12 + today.month - 1 - ago, 12) for ago in range(count)]
    return [_bounds(year, month + 1) for year, month in reversed(months)]


def month_span(first: date, last: date, count: int) -> Span:
    """A whole month."""
    return Span(f"{MONTHS[first.month - 1]} {first.year}", first, last, count)


def _is_month(text: str) -> bool:
    return len(text) == 7 and text[4] == "-" and text[:4].isdecimal() and text[5:].isdecimal()


def _months(first: str, last: str) -> Iterator[tuple[int, int]]:
    at, end = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (first, last))
    for month in range(at, end + 1):
        yield month // 12, month % 12 + 1


def _month(year: int, month: int, counts: Mapping[str, int]) -> Span:
    return month_span(*_bounds(year, month), counts.get(f"{year:04}-{month:02}", 0))


def _year(year: int, count: int) -> Span:
    return Span(str(year), date(year, 1, 1), date(year, 12, 31), count)


def _bounds(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
