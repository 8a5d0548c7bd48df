from __future__ import annotations

import pytest

from core.errors import Unreadable
from core.model import ThemeId
from taxonomy.evaluation import Counts, Gold, Row, Share, evaluate, read_gold, wilson

A, B, C = ThemeId("a"), ThemeId("b"), ThemeId("c")
GOLD = [
    Gold("1", "", "", (A, B), (C,)),
    Gold("2", "", "", (B,)),
    Gold("3", "", "", ()),
    Gold("4", "", "", ()),
]


def test_themes_are_counted_right_wrong_and_missed() -> None:
    figures = evaluate(GOLD, [[A, C], [A], [], [C]])
    assert figures.micro == Counts(right=1, wrong=2, missed=2)
    assert figures.themes == {A: Counts(1, 1, 0), B: Counts(0, 0, 2), C: Counts(0, 1, 0)}


def test_defensible_themes_are_neither_asked_for_nor_wrong() -> None:
    figures = evaluate(GOLD[:1], [[A, B, C]])
    assert figures.micro == Counts(2, 0, 0)
    assert evaluate(GOLD[:1], [[A, B]]).micro == figures.micro


def test_traps_and_main_themes_are_shares() -> None:
    figures = evaluate(GOLD, [[B], [B], [], [C]])
    assert figures.traps == Share(1, 2)
    assert figures.main == Share(1, 2)
    assert figures.any == Share(2, 2)


def test_macro_averages_the_themes_asked_for() -> None:
    assert evaluate(GOLD, [[A], [], [], [C]]).macro_f1 == pytest.approx(0.5)


def test_the_right_themes_everywhere_give_one() -> None:
    figures = evaluate(GOLD, [one.themes for one in GOLD])
    assert (figures.micro.f1, figures.macro_f1, figures.traps.value) == (1, 1, 1)
    interval = evaluate(GOLD[:2], [one.themes for one in GOLD[:2]]).f1_interval
    assert (interval.low, interval.high) == (1, 1)


def test_rows_end_with_the_micro_average() -> None:
    rows = evaluate(GOLD, [[A], [A], [], []]).rows()
    assert [row.name for row in rows] == ["a", "b", "micro"]
    assert rows[0] == Row("a", 0.5, 1.0, 2 / 3, 1)


def test_nothing_to_compare_is_no_error() -> None:
    figures = evaluate([], [])
    assert figures.micro.f1 == figures.macro_f1 == figures.main.value == 0


def test_an_evaluation_gives_the_same_figures_twice() -> None:
    assert evaluate(GOLD, [[A], [B], [], []]) == evaluate(GOLD, [[A], [B], [], []])


def test_wilsons_interval_is_that_of_the_tables() -> None:
    interval = wilson(8, 10)
    assert interval.low == pytest.approx(0.4901, abs=1e-3)
    assert interval.high == pytest.approx(0.9433, abs=1e-3)
    assert wilson(0, 0).high == 1


def test_gold_lines_are_read() -> None:
    line = '{"id": 7, "title": "t", "text": "x", "themes": ["a"], "kind": "presse"}'
    assert list(read_gold([line, "", "  "], "g.jsonl")) == [Gold("7", "t", "x", (A,))]


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", "3", '{"title": "t", "text": "x"}', '{"title": 1, "text": "x", "themes": []}',
        '{"title": "t", "text": "x", "themes": "a"}', '{"title": "t", "text": "x", "themes": [1]}',
        '{"title": "t", "text": "x", "themes": [], "also": 3}', "[" * 100_000,
        '{"title": "t", "text": "x", "themes": ["inconnu"]}',
    ],
)  # fmt: skip
def test_a_bad_gold_line_is_named(line: str) -> None:
    good = '{"title": "t", "text": "x", "themes": []}'
    with pytest.raises(Unreadable, match=r"^g\.jsonl:2: "):
        list(read_gold([good, line], "g.jsonl", {A}))
