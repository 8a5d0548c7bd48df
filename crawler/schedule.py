"""When to visit a source again: after its own rhythm, as it asks, and later when it fails.

All is pure: the present, and chance (0 to 1, so that visits spread), are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

from core.model import Pace

SOONEST = timedelta(minutes=30)
USUAL = timedelta(hours=1)
LATEST = timedelta(hours=24)
RARELY = timedelta(days=30)  # between two visits of a source that was given up
# What a Retry-After may ask for: a mistaken year is not obeyed for a year.
LONGEST_WAIT = timedelta(days=7)
# However often a server says « not modified », it is asked for all it has once a week: some lie.
FULL_EVERY = timedelta(days=7)
GIVEN_UP = 30.0  # weighted errors in a row
GIVEN_UP_AFTER = timedelta(weeks=4)
_COUNTED = 20  # articles, the latest, that tell a rhythm
_VISITS_PER_ARTICLE = 4
_SPREAD = 0.1
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})")


def usual_gap(published: Iterable[datetime | None], now: datetime) -> timedelta | None:
    """What usually passes between two articles: the median of the latest gaps.

    Articles that come together count once, since a gap of nothing is no rhythm. None when fewer
    than three moments are known.
    """
    dates = sorted({one for one in published if one is not None and one <= now}, reverse=True)
    gaps = [late - early for late, early in pairwise(dates[: _COUNTED + 1])]
    told = [gap.total_seconds() for gap in gaps if gap > timedelta(minutes=10)]
    return timedelta(seconds=median(told)) if len(told) >= 2 else None


def after_visit(
    now: datetime,
    gap: timedelta | None,
    *,
    latest: datetime | None = None,
    pace: Pace | None = None,
    fresh: timedelta = timedelta(0),
    chance: float = 0.0,
) -> datetime:
    """The next visit of a source that answered: four times as often as it publishes.

    ``latest``: when it last published; the longer ago, the less often it is visited. ``pace``: what
    its feed asks; ``fresh``: for how long its answer holds (HTTP caching). Never below half an
    hour; never above a day for what we choose or what is asked, so that a mistake in a
    configuration does not silence a source.
    """
    wait = gap / _VISITS_PER_ARTICLE if gap is not None else USUAL
    if gap is not None and latest is not None:
        wait = max(wait, (now - latest) / 10)
    asked = timedelta(seconds=pace.every) if pace else timedelta(0)
    wait = min(max(wait, asked, fresh, SOONEST), LATEST)
    return _in_open_hours(now + wait * (1 + _SPREAD * chance), pace)


def after_failure(
    now: datetime, errors: int, *, given_up: bool = False, chance: float = 0.0
) -> datetime:
    """The next visit of a source that failed, after ``errors`` others: twice as long each time.

    Up to a day; a month when it was given up, since many come back.
    """
    doubled: int = 2 ** min(errors, 10)
    wait = RARELY if given_up else min(SOONEST * doubled, LATEST)
    return now + wait * (1 + _SPREAD * chance)


def is_given_up(weight: float, failing_since: datetime | None, now: datetime) -> bool:
    """Whether a source has failed so much, for so long, that it is visited but rarely."""
    if failing_since is None or weight < GIVEN_UP:
        return False
    return now - failing_since >= GIVEN_UP_AFTER


def is_silent(gap: timedelta | None, latest: datetime | None, now: datetime) -> bool:
    """Whether a source has been quiet for much longer than its rhythm: four gaps, and two weeks."""
    return latest is not None and now > silent_from(gap, latest)


def silent_from(gap: timedelta | None, latest: datetime) -> datetime:
    """From when a source that has published nothing since ``latest`` is silent."""
    return latest + (timedelta(days=180) if gap is None else max(4 * gap, timedelta(days=14)))


def wait_asked(header: str, now: datetime) -> timedelta:
    """What a Retry-After header asks for (RFC 9110, section 10.2.3): seconds, or a date.

    Nothing for what is neither, nor for the past; a week at most.
    """
    text = header.strip()
    try:
        if text.isascii() and text.isdigit():
            wait = timedelta(seconds=min(int(text[:12]), LONGEST_WAIT.total_seconds()))
        else:
            wait = _instant(text) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return timedelta(0)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def freshness(headers: Mapping[str, str]) -> timedelta:
    """For how long an answer holds: ``max-age`` less ``Age``, else ``Expires`` (RFC 9111, 4.2).

    ``headers``: by name in lower case. Nothing for ``no-cache``, ``no-store``, and what is no date.
    """
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return timedelta(0)
    try:
        if found := _MAX_AGE.search(control):
            age = headers.get("age", "").strip()
            seconds = int(found[1]) - (int(age) if age.isascii() and age.isdigit() else 0)
            return timedelta(seconds=max(0, min(seconds, 10**9)))
        held = _instant(headers["expires"]) - _instant(headers["date"])
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return timedelta(0)
    return max(held, timedelta(0))


def _instant(text: str) -> datetime:
    instant = parsedate_to_datetime(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _in_open_hours(instant: datetime, pace: Pace | None) -> datetime:
    """The first moment from then on that the feed does not ask to skip."""
    if pace is None:
        return instant
    for hours in range(24 * 8):
        then = instant + timedelta(hours=hours)
        if then.hour not in pace.skip_hours and then.weekday() not in pace.skip_days:
            return then if not hours else then.replace(minute=0, second=0, microsecond=0)
    return instant  # it asks never to come: it would not publish a feed
