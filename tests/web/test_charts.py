"""Bars and their figures."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from web.charts import HEIGHT, WIDTH, by_month_or_year, chart, last_months, month_span


def test_months_without_articles_are_there_too() -> None:
    spans = by_month_or_year({"2025-11": 2, "2026-01": 5, "zut": 3, "2026-02": 0})
    assert [(span.label, span.count) for span in spans] == [
        ("novembre 2025", 2), ("décembre 2025", 0), ("janvier 2026", 5),
    ]  # fmt: skip
    assert (spans[1].first, spans[1].last) == (date(2025, 12, 1), date(2025, 12, 31))


def test_a_long_time_is_counted_by_year() -> None:
    spans = by_month_or_year({"2019-03": 1, "2019-04": 2, "2026-11": 4})
    assert [span.label for span in spans][:2] == ["2019", "2020"]
    assert [span.count for span in spans] == [3, 0, 0, 0, 0, 0, 0, 4]


def test_the_last_twelve_months_end_with_this_one() -> None:
    months = last_months(date(2026, 2, 27))
    assert months[0] == (date(2025, 3, 1), date(2025, 3, 31))
    assert months[-1] == (date(2026, 2, 1), date(2026, 2, 28))


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_bars_stay_within_the_drawing(counts: list[int]) -> None:
    made = chart([month_span(date(2026, 1, 1), date(2026, 1, 31), count) for count in counts])
    for bar in made.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.1
        assert bar.y >= 0
        assert abs(bar.y + bar.height - HEIGHT) < 0.02
        assert (bar.height > 0) == (bar.span.count > 0)


@pytest.mark.parametrize(
    ("page", "row"),
    [
        ("/themes/numerique", "novembre 2026</th><td>2"),
        ("/sources/la-gazette-des-solidarites", "octobre 2026</th><td>1"),
        ("/recherche?q=rue", "2026</a></th><td>"),
    ],
)
def test_a_chart_has_its_table(client: FlaskClient, page: str, row: str) -> None:
    html = client.get(page).text
    assert '<svg viewBox="0 0 272 64"' in html
    assert row in html


def test_a_bar_of_the_histogram_leads_to_its_month(client: FlaskClient) -> None:
    html = client.get("/recherche").text
    assert "/recherche?du=2026-11-01&amp;au=2026-11-30" in html
