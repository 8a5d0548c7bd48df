"""What rises, beyond what chance would do."""

from __future__ import annotations

from random import Random

import pytest

from curation.rising import at_least, rising

EVERYTHING = (800, 400)  # eight weeks, then four


def test_a_theme_that_takes_three_times_more_room_rises() -> None:
    counts = {"logement": (20, 30), "exil": (40, 20)}
    (found,) = rising(counts, EVERYTHING)
    assert (found.key, found.before, found.lately) == ("logement", 20, 30)
    assert found.part_lately == pytest.approx(0.075)
    assert found.chance < 0.001


def test_a_busier_month_for_all_is_no_rise_for_any() -> None:
    assert rising({"logement": (20, 40), "exil": (10, 20)}, (400, 800)) == []


def test_two_articles_rather_than_none_are_not_told() -> None:
    assert rising({"logement": (0, 2), "exil": (0, 4)}, EVERYTHING) == []


def test_the_chance_is_the_binomial_s() -> None:
    assert at_least(3, 3, 0.5) == pytest.approx(0.125)
    assert at_least(1, 2, 0.5) == pytest.approx(0.75)
    assert at_least(0, 5, 0.2) == 1
    assert at_least(60, 100, 0.5) == pytest.approx(0.02844397)


def test_themes_that_only_vary_by_chance_are_seldom_told() -> None:
    dice, told = Random(3), 0
    for _ in range(200):
        counts = {n: _drawn(dice, 12) for n in range(36)}
        everything = tuple(sum(pair[at] for pair in counts.values()) for at in (0, 1))
        told += bool(rising(counts, (everything[0], everything[1])))
    assert told <= 30  # of 200: one in ten is what is promised


def _drawn(dice: Random, articles: int) -> tuple[int, int]:
    lately = sum(dice.random() < 1 / 3 for _ in range(articles))
    return articles - lately, lately


def test_nothing_published_is_nothing_told() -> None:
    assert rising({}, (0, 0)) == []
    assert rising({"logement": (0, 0)}, (0, 5)) == []
