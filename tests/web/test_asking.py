"""From a query string to a question and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core.model import Access
from indexer.engine import Sort
from web.asking import LAST_PAGE, Question, read_question

THEMES = ("logement", "numerique")
SOURCES = ("carnet", "gazette")
NAMES = ("q", "theme", "source", "acces", "annee", "du", "au", "hors-champ", "tri", "page", "x")


def read(*pairs: tuple[str, str]) -> tuple[Question, tuple[str, ...]]:
    return read_question(MultiDict(pairs), themes=THEMES, sources=SOURCES)


def questions() -> st.SearchStrategy[Question]:
    days = st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31))
    return st.builds(
        Question,
        words=st.text("abcé \"'+&=%-:", max_size=20).map(lambda words: " ".join(words.split())),
        themes=st.lists(st.sampled_from(THEMES), unique=True).map(tuple),
        sources=st.lists(st.sampled_from(SOURCES), unique=True).map(tuple),
        access=st.lists(st.sampled_from(Access), unique=True).map(tuple),
        year=st.none() | st.integers(1900, 2200),
        first=days,
        off_field=st.booleans(),
        sort=st.sampled_from(Sort),
        page=st.integers(1, LAST_PAGE),
    )


@given(questions())
def test_an_address_gives_back_its_question(question: Question) -> None:
    pairs = parse_qsl(question.address.partition("?")[2], keep_blank_values=True)
    assert read(*pairs) == (question, ())


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=30)), max_size=12))
def test_any_parameters_give_a_question_that_can_be_asked(pairs: list[tuple[str, str]]) -> None:
    question, told = read(*pairs)
    query = question.query
    assert 1 <= query.page * query.size <= 10_000
    assert set(query.themes) <= set(THEMES)
    assert len(told) <= 5
    assert read(*question.pairs)[0] == question


def test_dates_are_days_in_paris() -> None:
    query = read(("du", "2026-11-16"), ("au", "22/11/2026"))[0].query
    assert query.since == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_a_year_and_dates_narrow_together() -> None:
    query = read(("annee", "2026"), ("du", "2026-03-01"))[0].query
    assert query.since == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert query.until == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_reversed_dates_are_put_right_and_said() -> None:
    question, told = read(("du", "2026-11-22"), ("au", "2026-11-16"))
    assert (question.first, question.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert "à l'envers" in told[0]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("theme", "inconnu", "Le thème « inconnu »"),
        ("source", "\u202eabc", "La source « abc »"),
        ("acces", "payant", "L'accès « payant »"),
        ("annee", "12", "L'année « 12 »"),
        ("annee", "²⁰²⁶", "L'année"),
        ("du", "2026-02-31", "La date « 2026-02-31 »"),
        ("au", "hier", "La date « hier »"),
        ("du", "0001-01-01", "La date"),
        ("du", "9999-12-31", "La date"),
        ("tri", "hasard", "Le tri « hasard »"),
        ("page", "-1", "La page « -1 »"),
        ("page", "9" * 5000, "La page"),
        ("page", "10000", "au-delà de la page 500"),
        ("q", "mot " * 2000, "500 premiers caractères"),
    ],
)
def test_what_is_not_understood_is_said_and_left_out(name: str, value: str, said: str) -> None:
    question, told = read((name, value))
    assert said in told[0]
    assert all(len(line) < 120 for line in told)
    assert not question.is_filtered


def test_two_hundred_filters_are_as_few_as_there_are_values() -> None:
    pairs = [("theme", THEMES[at % 2]) for at in range(200)] + [
        ("theme", f"t{n}") for n in range(9)
    ]
    question, told = read(*pairs)
    assert question.themes == THEMES
    assert len(told) == 5


def test_without_words_the_latest_come_first() -> None:
    assert read(("theme", "logement"))[0].query.sort is Sort.DATE
    assert read(("q", "logement"))[0].query.sort is Sort.RELEVANCE


def test_operators_in_the_box_become_filters() -> None:
    typed = "expulsion theme:logement source:carnet après:2024 -hôtel"
    question, told = read(("q", typed), ("theme", "numerique"))
    assert (question.words, told) == ("expulsion -hôtel", ())
    assert (question.themes, question.sources) == (("numerique", "logement"), ("carnet",))
    assert question.first == date(2024, 1, 1)
    assert "q=expulsion+-h%C3%B4tel&theme=numerique&theme=logement" in question.address
    question, told = read(("q", "theme:zorglub avant:2024"), ("au", "2025-01-01"))
    assert (question.words, question.last) == ("zorglub", date(2023, 12, 31))
    assert told == ("« theme:zorglub » n'est pas compris : la recherche se fait sur le mot.",)
