"""Typing errors are put right, and nothing else is."""

from __future__ import annotations

import pytest

from indexer.correction import corrected, doubtful, nearest, with_accents
from indexer.engine import Correction, Results
from indexer.french import French
from indexer.lexicon import Acronym, Lexicon
from indexer.question import parse

FRENCH = French(
    Lexicon(
        acronyms=(Acronym(("SERAFIN",), "services et établissements"),),
        has_word=frozenset(["ventre", "serie"]).__contains__,
    )
)
KNOWN = {"protection": 40, "protections": 3, "projection": 2, "educateur": 9, "logement": 5}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("protetcion", "protection"),
        ("protecion", "protection"),
        ("prottection", "protection"),
        ("proctetion", "protection"),
        ("logemant", "logement"),
        ("educatteur", "educateur"),
        ("lojemant", ""),  # two slips in a short word
        ("bienveillance", ""),
    ],
)
def test_the_nearest_word_is_meant(typed: str, meant: str) -> None:
    assert nearest(typed, KNOWN) == meant


def test_the_more_frequent_of_two_is_meant() -> None:
    assert nearest("protectionn", {"protection": 1, "protections": 4}) == "protections"


def test_only_unknown_words_that_are_not_french_are_doubtful() -> None:
    question = parse("protetcion logement ventre cafs serafin 12345678", FRENCH)
    having = dict.fromkeys([term.key for term in question.terms], 0) | {"log": 3}
    assert doubtful(question, having, FRENCH) == ["protetcion"]


def test_the_rest_of_what_was_typed_is_left_as_it_is() -> None:
    typed = '"aide sociale" et l’Protetcion -logement'
    words, made = corrected(typed, FRENCH, {"protetcion": "protection", "aide": ""})
    assert words == '"aide sociale" et l’protection -logement'
    assert made == (Correction("Protetcion", "protection"),)


def test_a_name_is_not_turned_into_a_word() -> None:
    assert corrected("en Syrie", FRENCH, {"syrie": "serie"})[1] == ()
    assert corrected("Syrie", FRENCH, {"syrie": "serie"})[1] != ()


def test_nothing_found_to_write_it_as_leaves_the_word() -> None:
    results = with_accents(Results(0, ()), "protection", [Correction("protetcion", "protection")])
    assert (results.words, results.corrections[0].used) == ("protection", "protection")
