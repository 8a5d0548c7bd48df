"""What corrections say of the tagger that was in use when they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corrections import THE_OTHERS, Correction, Verdict
from core.model import ArticleId, ThemeId
from taxonomy.evaluation import Counts
from taxonomy.reliability import f1_interval, reliability

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LOGEMENT, EXIL = ThemeId("logement"), ThemeId("exil-asile")


def said(article: int, theme: ThemeId, verdict: Verdict, score: float | None) -> Correction:
    at = NOW + timedelta(hours=article)
    return Correction(ArticleId(article), theme, verdict, None, at, "1", score)


def test_confirmed_is_right_taken_away_is_wrong_given_is_missed() -> None:
    found = reliability(
        [
            said(1, LOGEMENT, Verdict.CONFIRMED, 0.9),
            said(1, THE_OTHERS, Verdict.COMPLETE, None),
            said(2, LOGEMENT, Verdict.CONFIRMED, 0.6),
            said(3, LOGEMENT, Verdict.TAKEN, 0.5),
            said(3, EXIL, Verdict.GIVEN, None),
        ]
    )
    assert found.themes == {LOGEMENT: Counts(right=2, wrong=1), EXIL: Counts(missed=1)}
    assert found.total == Counts(right=2, wrong=1, missed=1)
    assert (found.articles, found.whole) == (3, 1)
    assert found.first == NOW + timedelta(hours=1)


def test_what_the_tagger_had_not_given_is_not_its_error_when_taken_away() -> None:
    assert reliability([said(1, LOGEMENT, Verdict.TAKEN, None)]).total == Counts()


def test_a_theme_that_people_gave_though_the_tagger_had_it_is_right() -> None:
    assert reliability([said(1, LOGEMENT, Verdict.GIVEN, 0.7)]).total == Counts(right=1)


def test_nothing_said_is_nothing_known() -> None:
    found = reliability([])
    assert (found.themes, found.first) == ({}, None)
    assert (f1_interval(found.total).low, f1_interval(found.total).high) == (0, 1)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_interval_holds_f1(right: int, wrong: int, missed: int) -> None:
    counts = Counts(right, wrong, missed)
    interval = f1_interval(counts)
    assert interval.low - 1e-9 <= counts.f1 <= interval.high + 1e-9


def test_the_interval_narrows_with_what_was_judged() -> None:
    few, many = (f1_interval(Counts(8 * n, n, n)) for n in (1, 100))
    assert few.high - few.low > 4 * (many.high - many.low)
    assert many.low == pytest.approx(0.87, abs=0.02)
