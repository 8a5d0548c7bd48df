from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.weeks import (
    PARIS,
    Week,
    french_date,
    french_span,
    paris_date,
    paris_iso,
    paris_midnight,
)

YEARS = range(2015, 2036)
LONG_YEARS = {
    2015,
    2020,
    2026,
    2032,
}  # those whose first of January, or whose last day, is Thursday
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def _weeks(year: int) -> range:
    return range(1, 54 if year in LONG_YEARS else 53)


def test_weeks_follow_one_another_over_twenty_years() -> None:
    week = Week(2015, 1)
    for year in YEARS:
        for number in _weeks(year):
            assert (week.year, week.number) == (year, number)
            assert week.next.previous == week
            assert week.next.start == week.end
            assert week < week.next
            week = week.next


@pytest.mark.parametrize("year", YEARS)
def test_only_long_years_have_a_fifty_third_week(year: int) -> None:
    if year in LONG_YEARS:
        assert Week(year, 53).next == Week(year + 1, 1)
    else:
        with pytest.raises(ValueError, match="week"):
            Week(year, 53)


@given(DAYS)
def test_a_week_goes_from_monday_to_sunday_and_holds_its_days(day: date) -> None:
    week = Week.of(paris_midnight(day))
    assert (week.monday.weekday(), week.sunday.weekday()) == (0, 6)
    assert week.monday <= day <= week.sunday
    assert week.start <= paris_midnight(day) < week.end


@given(DAYS)
def test_a_day_in_paris_begins_at_midnight_there(day: date) -> None:
    begins = paris_midnight(day)
    assert begins.tzinfo is UTC
    assert begins.astimezone(PARIS).hour == 0
    assert paris_date(begins) == day
    assert paris_date(begins - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("week", "hours"),
    [
        pytest.param(Week(2026, 13), 167, id="summer time begins on Sunday 29 March"),
        pytest.param(Week(2026, 14), 168, id="in summer time"),
        pytest.param(Week(2026, 43), 169, id="summer time ends on Sunday 25 October"),
    ],
)
def test_a_week_lasts_as_long_as_it_does_in_paris(week: Week, hours: int) -> None:
    assert week.end - week.start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("instant", "week"),
    [
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), Week(2026, 13)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), Week(2026, 14)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), Week(2026, 43)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), Week(2026, 44)),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), Week(2026, 53)),
        (datetime(2025, 12, 29, 12, tzinfo=UTC), Week(2026, 1)),
    ],
)
def test_an_instant_falls_in_the_week_that_it_is_in_paris(instant: datetime, week: Week) -> None:
    assert Week.of(instant) == week


@given(st.sampled_from(YEARS).flatmap(lambda y: st.sampled_from([Week(y, n) for n in _weeks(y)])))
def test_a_week_is_read_as_it_is_written(week: Week) -> None:
    assert Week.parse(week.slug) == Week.parse(str(week)) == week


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "2026-47", "2026-W5", "2026-W00", "2026-W54", "2025-W53", "2026-w47",
        "2026-W47 ", "2026-W47\n", "0001-W01", "9999-W52", "2026-W-1", "２０２６-W47",
    ],
)  # fmt: skip
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Week.parse(text)


@pytest.mark.parametrize("text", ["1900-W01", "2199-W52"])
def test_the_first_and_last_weeks_that_can_be_asked_have_neighbours(text: str) -> None:
    week = Week.parse(text)
    assert week.previous.next == week == week.next.previous


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "du 16 au 22 novembre 2026"),
        (date(2026, 6, 1), date(2026, 6, 7), "du 1er au 7 juin 2026"),
        (date(2026, 3, 30), date(2026, 4, 5), "du 30 mars au 5 avril 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "du 29 décembre 2025 au 4 janvier 2026"),
        (date(2026, 1, 26), date(2026, 2, 1), "du 26 janvier au 1er février 2026"),
    ],
)
def test_spans_are_said_in_french(first: date, last: date, expected: str) -> None:
    assert french_span(first, last) == expected


def test_the_first_of_a_month_is_an_ordinal() -> None:
    assert french_date(date(2026, 8, 1)) == "1er août 2026"
    assert french_date(date(2026, 8, 21)) == "21 août 2026"


def test_a_day_keeps_its_date_when_written_as_an_instant() -> None:
    assert paris_iso(paris_midnight(date(2026, 11, 21))) == "2026-11-21T00:00:00+01:00"
