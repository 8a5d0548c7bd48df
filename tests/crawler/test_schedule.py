"""When to come back: the rhythm of a source, what it asks, what it costs to fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.model import Pace
from crawler.pace import read_pace
from crawler.schedule import (
    after_failure,
    after_visit,
    freshness,
    is_given_up,
    is_silent,
    usual_gap,
    wait_asked,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# -- rhythm -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ages", "gap"),
    [
        ([], None),
        ([DAY], None),
        ([DAY, 2 * DAY], None),
        ([n * DAY for n in range(1, 30)], DAY),
        ([n * HOUR for n in range(1, 5)], HOUR),
        # Three at once each week: the rhythm is the week.
        ([7 * n * DAY + k * timedelta(minutes=2) for n in range(1, 5) for k in range(3)], 7 * DAY),
        # A holiday does not make a monthly of a daily.
        ([n * DAY for n in (1, 2, 3, 40, 41, 42)], DAY),
        ([-DAY, -2 * DAY, -3 * DAY], None),
    ],
)
def test_the_usual_gap_between_articles(ages: list[timedelta], gap: timedelta | None) -> None:
    found = usual_gap([NOON - age for age in ages], NOON)
    assert found is None if gap is None else found is not None
    if gap is not None and found is not None:
        assert abs(found - gap) < HOUR / 10


def test_undated_articles_tell_no_rhythm() -> None:
    assert usual_gap([None, None, None, None], NOON) is None


@pytest.mark.parametrize(
    ("gap", "silence", "wait"),
    [
        (None, None, HOUR),
        (HOUR, HOUR, HOUR / 2),
        (8 * HOUR, HOUR, 2 * HOUR),
        (7 * DAY, HOUR, DAY),
        (8 * HOUR, 5 * DAY, 12 * HOUR),  # on holiday: less often
        (8 * HOUR, 500 * DAY, DAY),
    ],
)
def test_a_source_is_visited_after_its_own_rhythm(
    gap: timedelta | None, silence: timedelta | None, wait: timedelta
) -> None:
    latest = NOON - silence if silence else None
    assert after_visit(NOON, gap, latest=latest) == NOON + wait


def test_visits_spread_a_little_and_only_later() -> None:
    waits = [after_visit(NOON, 8 * HOUR, chance=n / 10) - NOON for n in range(10)]
    assert waits == sorted(waits)
    assert waits[0] == 2 * HOUR
    assert waits[-1] < 2.2 * HOUR


# -- what the publisher asks --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pace", "fresh", "wait"),
    [
        (Pace(every=5 * 3600), timedelta(0), 5 * HOUR),
        (None, 3 * HOUR, 3 * HOUR),
        (Pace(every=60), HOUR / 60, HOUR),  # more often than we would is not asked of us
        (Pace(every=31536000), timedelta(days=365), DAY),
    ],
)
def test_what_a_publisher_asks_is_respected(
    pace: Pace | None, fresh: timedelta, wait: timedelta
) -> None:
    assert after_visit(NOON, None, pace=pace, fresh=fresh) == NOON + wait


@pytest.mark.parametrize(
    ("pace", "instant"),
    [
        (Pace(skip_hours=(13, 14, 15)), datetime(2026, 11, 22, 16, tzinfo=UTC)),
        (Pace(skip_days=(6,)), datetime(2026, 11, 23, 0, tzinfo=UTC)),
        (Pace(skip_days=(6, 0), skip_hours=(0, 1)), datetime(2026, 11, 24, 2, tzinfo=UTC)),
        (Pace(skip_hours=tuple(range(24))), NOON + HOUR),
        (Pace(skip_hours=(3,)), NOON + HOUR),
    ],
)
def test_hours_and_days_off_are_respected(pace: Pace, instant: datetime) -> None:
    assert after_visit(NOON, None, pace=pace) == instant


OFTEN = b"<sy:updateFrequency>2</sy:updateFrequency>"
HOURS = b"<skipHours><hour>1</hour><hour> 24 </hour></skipHours>"
RSS = b"<rss><channel>%s<item><title>a</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("head", "pace"),
    [
        (b"", None),
        (b"<ttl>60</ttl>", Pace(every=3600)),
        (b"<ttl>\n 1440 </ttl>", Pace(every=86400)),
        (b"<ttl>demain</ttl>", None),
        (b"<sy:updatePeriod>hourly</sy:updatePeriod>", Pace(every=3600)),
        (
            b"<sy:updatePeriod>\n daily </sy:updatePeriod>%b" % OFTEN,
            Pace(every=43200),
        ),
        (b"<sy:updatePeriod>toujours</sy:updatePeriod>", None),
        (
            HOURS + b"<skipDays><day>Sunday</day><day>Saturday</day><day>Jour</day></skipDays>",
            Pace(skip_hours=(0, 1), skip_days=(5, 6)),
        ),
    ],
)
def test_what_a_feed_asks_is_read(head: bytes, pace: Pace | None) -> None:
    assert read_pace(RSS % head) == pace


@pytest.mark.parametrize(
    ("headers", "held"),
    [
        ({}, timedelta(0)),
        ({"cache-control": "public, max-age=3600"}, HOUR),
        ({"cache-control": "Max-Age=3600", "age": "600"}, timedelta(minutes=50)),
        ({"cache-control": "max-age=60, no-cache"}, timedelta(0)),
        ({"cache-control": "s-maxage=60"}, timedelta(0)),
        (
            {"date": "Sun, 22 Nov 2026 12:00:00 GMT", "expires": "Sun, 22 Nov 2026 14:00:00 GMT"},
            2 * HOUR,
        ),
        ({"date": "Sun, 22 Nov 2026 12:00:00 GMT", "expires": "0"}, timedelta(0)),
        ({"date": "hier", "expires": "demain"}, timedelta(0)),
    ],
)
def test_for_how_long_an_answer_holds(headers: dict[str, str], held: timedelta) -> None:
    assert freshness(headers) == held


@pytest.mark.parametrize(
    ("header", "wait"),
    [("120", timedelta(seconds=120)), ("Sun, 22 Nov 2026 14:00:00 GMT", timedelta(hours=2)),
     ("Sun, 22 Nov 2025 14:00:00 GMT", timedelta(0)), ("9" * 40, timedelta(days=7)),
     ("", timedelta(0)),
     ("-5", timedelta(0)), ("bientôt", timedelta(0)), ("²", timedelta(0))],
)  # fmt: skip
def test_retry_after_in_every_form(header: str, wait: timedelta) -> None:
    assert wait_asked(header, NOON) == wait


# -- failing, and falling silent ------------------------------------------------------------------


def test_a_failing_source_is_visited_less_and_less_often() -> None:
    waits = [after_failure(NOON, errors) - NOON for errors in (0, 1, 2, 9, 900)]
    assert waits == [timedelta(hours=h) for h in (0.5, 1, 2, 24, 24)]
    assert after_failure(NOON, 40, given_up=True) == NOON + timedelta(days=30)


@pytest.mark.parametrize(
    ("weight", "days", "given_up"),
    [(29.75, 90, False), (30, 27, False), (30, 28, True), (500, 1, False), (0, 400, False)],
)
def test_a_source_is_given_up_late(weight: float, days: int, *, given_up: bool) -> None:
    assert is_given_up(weight, NOON - days * DAY, NOON) is given_up
    assert not is_given_up(weight, None, NOON)


@pytest.mark.parametrize(
    ("gap", "silence", "silent"),
    [
        (DAY, 10 * DAY, False),
        (DAY, 15 * DAY, True),
        (7 * DAY, 27 * DAY, False),
        (7 * DAY, 29 * DAY, True),
        (30 * DAY, 100 * DAY, False),
        (None, 100 * DAY, False),
        (None, 200 * DAY, True),
        (DAY, None, False),
    ],
)
def test_a_source_is_silent_by_its_own_rhythm(
    gap: timedelta | None, silence: timedelta | None, *, silent: bool
) -> None:
    assert is_silent(gap, NOON - silence if silence else None, NOON) is silent
