from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.weeks import Week
from curation.period import Period

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("week", "label"),
    [
        (Week(2026, 47), "Semaine du 16 au 22 novembre 2026"),
        (Week(2026, 14), "Semaine du 30 mars au 5 avril 2026"),
        (Week(2026, 53), "Semaine du 28 décembre 2026 au 3 janvier 2027"),
        (Week(2026, 23), "Semaine du 1er au 7 juin 2026"),
    ],
)
def test_a_week_is_named_by_its_first_and_last_days(week: Week, label: str) -> None:
    period = Period.of_week(week)
    assert period.label == label
    assert period.week == week


def test_a_week_begins_on_monday_in_paris_and_ends_before_the_next() -> None:
    period = Period.of_week(Week(2026, 47))
    assert datetime(2026, 11, 15, 23, tzinfo=UTC) in period
    assert datetime(2026, 11, 15, 22, 59, 59, tzinfo=UTC) not in period
    assert datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC) in period
    assert datetime(2026, 11, 22, 23, tzinfo=UTC) not in period


def test_the_last_seven_days_end_now() -> None:
    period = Period.last_days(NOW)
    assert (period.start, period.end) == (NOW - timedelta(days=7), NOW)
    assert period.label == "Les sept derniers jours"
    assert period.week is None


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (1, "Les dernières 24\u00a0heures"),
        (3, "Les trois derniers jours"),
        (30, "Les 30 derniers jours"),
    ],
)
def test_other_numbers_of_days_are_named_too(days: int, label: str) -> None:
    assert Period.last_days(NOW, days).label == label


def test_no_days_are_no_period() -> None:
    with pytest.raises(ValueError, match="0 days"):
        Period.last_days(NOW, 0)


def test_an_unknown_instant_is_in_no_period() -> None:
    assert None not in Period.last_days(NOW)


@given(st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_instant_is_in_its_week_and_not_in_its_neighbours(instant: datetime) -> None:
    week = Week.of(instant)
    assert instant in Period.of_week(week)
    assert instant not in Period.of_week(week.next)
    assert instant not in Period.of_week(week.previous)
