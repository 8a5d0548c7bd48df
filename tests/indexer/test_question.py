"""What was typed is understood, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.french import French
from indexer.lexicon import Acronym, Lexicon
from indexer.question import ASKED_FOR, LONGEST, MOST_TERMS, Question, Term, parse, rarer

FRENCH = French()
FIELD = French(
    Lexicon(
        acronyms=(
            Acronym(("ASE",), "aide sociale à l’enfance"),
            Acronym(("CAP",), "certificat d’aptitude professionnelle"),
            Acronym(("ASS",), "assistante de service social"),
            Acronym(("ASS",), "allocation de solidarité spécifique"),
        ),
        ordinary=frozenset(["cap"]),
    )
)


def keys(terms: tuple[Term, ...]) -> list[str]:
    return [term.key for term in terms]


def test_words_are_terms_once_each_without_stop_words() -> None:
    asked = parse("La protection de l'enfance, protections", FRENCH)
    words = (Term("protect", "protection"), Term("enfanc", "enfance"))
    assert asked == Question(words, (), words)


@pytest.mark.parametrize(
    "words",
    ['"aide sociale" ici', "“aide sociale” ici", "« aide sociale » ici", "«aide sociale» ici"],
)
def test_quotes_of_all_kinds_make_a_phrase(words: str) -> None:
    asked = parse(words, FRENCH)
    assert asked.phrases == (("aid", "social"),)
    assert keys(asked.terms) == ["ici"]
    assert keys(asked.scored) == ["aid", "social", "ici"]


def test_a_phrase_keeps_its_stop_words_without_scoring_them() -> None:
    asked = parse('"aide à l’enfance"', FRENCH)
    assert asked.phrases == (("aid", "a", "enfanc"),)
    assert keys(asked.scored) == ["aid", "enfanc"]


@pytest.mark.parametrize(
    "words", ['"aide sociale', 'aide sociale"', "« aide sociale", "aide» sociale"]
)
def test_a_quote_left_open_is_no_quote(words: str) -> None:
    assert keys(parse(words, FRENCH).terms) == ["aid", "social"]


def test_stop_words_alone_are_looked_for() -> None:
    asked = parse("être ou avoir", FRENCH).terms
    assert keys(asked) == ["etre", "ou", "avoir"]


def test_what_is_not_wanted_follows_a_dash() -> None:
    asked = parse('logement -social -"sans abri" -l’hôtel a-t-il - non', FRENCH)
    assert keys(asked.terms) == ["log", "non"]
    assert set(asked.unwanted) == {("social",), ("san", "abri"), ("hotel",)}
    assert not parse("-logement", FRENCH).is_empty


def test_the_word_asked_for_counts_less() -> None:
    asked = parse("En quelle année fut bâti le foyer ?", FRENCH)
    assert {term.folded: term.weight for term in asked.terms} == {
        "annee": ASKED_FOR,
        "bati": 1.0,
        "foyer": 1.0,
    }


def test_an_acronym_and_what_it_means_stand_for_each_other() -> None:
    (ase,) = parse("l'ase", FIELD).terms
    assert ase.also == (("aid", "social", "a", "enfanc"),)
    asked = parse("budget de l’aide sociale à l'enfance", FIELD)
    assert [term.also for term in asked.terms] == [(), (("ase",),), (("ase",),), (("ase",),)]
    assert asked.readings == (
        (("budget",), ("aid",), ("social",), ("enfanc",)),
        (("ase",), ("budget",)),
    )
    assert "a" not in parse("ASE", FIELD).marks


def test_an_acronym_of_several_meanings_stands_for_itself() -> None:
    assert parse("ASS", FIELD).terms == (Term("ass", "ass"),)
    assert FIELD.ambiguous(list(FIELD.words("une ASS"))) == {
        "ASS": ("assistante de service social", "allocation de solidarité spécifique")
    }


def test_a_common_word_is_an_acronym_in_capitals_only() -> None:
    assert parse("cap", FIELD).terms[0].also == ()
    assert parse("CAP", FIELD).terms[0].also != ()


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
