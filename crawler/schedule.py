"""When to visit a source again: after its own rhythm, and later and later when it fails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from core.model import Source

SOONEST = timedelta(minutes=30)
USUAL = timedelta(hours=1)
LATEST = timedelta(hours=24)
# What a Retry-After may ask for: a mistaken year is not obeyed for a year.
LONGEST_WAIT = timedelta(days=7)
_COUNTED = 10
_VISITS_PER_ARTICLE = 4


def after_change(now: datetime, published: Iterable[datetime | None]) -> datetime:
    """The next visit of a source that answered: four times as often as it publishes.

    ``published``: the dates that it announces; with fewer than two of them, in an hour.
    """
    dates = sorted((one for one in published if one is not None and one <= now), reverse=True)
    dates = dates[:_COUNTED]
    if len(dates) < 2:
        return now + USUAL
    rhythm = (now - dates[-1]) / len(dates)
    return now + _within(rhythm / _VISITS_PER_ARTICLE)


def after_nothing_new(source: Source, now: datetime) -> datetime:
    """The next visit of a source that had not changed: half as long again as the last wait."""
    if source.last_visit is None or source.next_visit is None:
        return now + USUAL
    return now + _within((source.next_visit - source.last_visit) * 1.5)


def after_failure(source: Source, now: datetime) -> datetime:
    """The next visit of a source that failed: twice as long each time, up to a day."""
    doubled: int = 2 ** min(source.errors_in_a_row, 10)
    return now + min(SOONEST * doubled, LATEST)


def wait_asked(header: str, now: datetime) -> timedelta:
    """What a Retry-After header asks for (RFC 9110, section 10.2.3): seconds, or a date.

    Nothing for what is neither, nor for the past; a week at most.
    """
    text = header.strip()
    try:
        if text.isascii() and text.isdigit():
            wait = timedelta(seconds=min(int(text[:12]), LONGEST_WAIT.total_seconds()))
        else:
            instant = parsedate_to_datetime(text)
            wait = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return timedelta(0)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def _within(delay: timedelta) -> timedelta:
    return min(max(delay, SOONEST), LATEST)
