"""What was typed is understood, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.french import French
from indexer.question import LONGEST, MOST_TERMS, Question, parse, rarer

FRENCH = French()


def test_words_are_terms_once_each_without_stop_words() -> None:
    asked = parse("La protection de l'enfance, protection", FRENCH)
    assert asked == Question(("protect", "enfanc"), (), ("protect", "enfanc"))


@pytest.mark.parametrize(
    "words",
    ['"aide sociale" ici', "“aide sociale” ici", "« aide sociale » ici", "«aide sociale» ici"],
)
def test_quotes_of_all_kinds_make_a_phrase(words: str) -> None:
    asked = parse(words, FRENCH)
    assert asked.phrases == (("aid", "social"),)
    assert asked.terms == ("ici",)
    assert asked.scored == ("ici", "aid", "social")


def test_a_phrase_keeps_its_stop_words_without_scoring_them() -> None:
    asked = parse('"aide à l’enfance"', FRENCH)
    assert asked.phrases == (("aid", "a", "enfanc"),)
    assert asked.scored == ("aid", "enfanc")


@pytest.mark.parametrize(
    "words", ['"aide sociale', 'aide sociale"', "« aide sociale", "aide» sociale"]
)
def test_a_quote_left_open_is_no_quote(words: str) -> None:
    assert parse(words, FRENCH).terms == ("aid", "social")


def test_stop_words_alone_are_looked_for() -> None:
    assert parse("être ou avoir", FRENCH).terms == ("etre", "ou", "avoir")


@pytest.mark.parametrize("words", ["", "   ", "\n\u00a0", "\u200b"])
def test_nothing_typed_is_blank(words: str) -> None:
    assert parse(words, FRENCH).blank


@pytest.mark.parametrize("words", ['"', '""', "!!!", "« »", "-- ··"])
def test_signs_alone_are_an_empty_question(words: str) -> None:
    assert parse(words, FRENCH).is_empty


@given(st.text(max_size=3 * LONGEST))
def test_any_text_is_a_question_of_reasonable_size(words: str) -> None:
    asked = parse(words, FRENCH)
    assert len(asked.terms) <= MOST_TERMS
    assert len(asked.phrases) <= MOST_TERMS
    assert all(0 < len(phrase) <= MOST_TERMS for phrase in asked.phrases)


def test_a_long_text_is_cut() -> None:
    assert len(parse(" ".join(f"mot{n}" for n in range(5000)), FRENCH).terms) == MOST_TERMS


def test_common_words_do_not_bring_everything() -> None:
    assert rarer({"social": 900, "trapp": 3, "zorglub": 0}, 1000) == ("trapp",)
    assert rarer({"social": 900, "zorglub": 0}, 1000) == ("social",)
    assert rarer({"zorglub": 0}, 1000) == ()
