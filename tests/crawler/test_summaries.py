"""Summaries as their authors wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.summaries import LONGEST, tidy_summary


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Une phrase.", "Une phrase."),
        (
            "Une phrase. […] L’article Un titre est apparu en premier sur Le carnet du lien.",
            "Une phrase.",
        ),
        ("Une phrase [...] The post Un titre appeared first on Le carnet.", "Une phrase"),
        ("Une phrase coupée […]", "Une phrase coupée…"),
        ("Une phrase coupée […] Lire la suite »", "Une phrase coupée…"),
        ("Une phrase. Lire la suite…", "Une phrase."),
        ("Ils sont trente et un. - Récits de pratique", "Ils sont trente et un."),
        ("Le café - la suite d'une histoire", "Le café - la suite d'une histoire"),
        ("Un titre : Une phrase.", "Une phrase."),
        ("UN TITRE Une phrase.", "Une phrase."),
        ("Un titre", ""),
        ("Un titre sans rapport, puis le reste.", "sans rapport, puis le reste."),
    ],
)
def test_what_the_site_added_is_taken_away(summary: str, expected: str) -> None:
    assert tidy_summary(summary, "Un titre") == expected


@given(st.text(), st.text())
def test_any_summary_becomes_one_short_line(summary: str, title: str) -> None:
    tidy = tidy_summary(summary, title)
    assert len(tidy) <= LONGEST
    assert "\n" not in tidy
