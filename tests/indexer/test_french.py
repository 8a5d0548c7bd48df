"""French words become the same keys, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold
from indexer.french import STOP_WORDS, French, normal
from indexer.lexicon import Lexicon

FRENCH = French()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l’enfance", "ENFANCE"),
        ("éducatrice", "educateurs"),
        ("accompagnée", "accompagnees"),
        ("accompagnées", "accompagner"),
        ("directrice", "directeurs"),
        ("professionnel·le·s", "professionnelle"),
        ("professionnel-le-s", "professionnel"),
        ("professionnel(le)s", "professionnels"),
        ("professionnel.le.s", "professionnels"),
        ("éducateur·trice·s", "éducateurs"),
        ("chargé-e-s", "chargée"),
        ("œuvres", "oeuvre"),
        ("A.S.E.", "ASE"),
        ("« l’A.S.E. »", "ase"),
        ("aller-vers", "Aller vers"),
        ("prud’hommes", "prudhomme"),
        ("aujourd'hui", "aujourd’hui"),
        ("toutes·tous", "toutes tous"),
        ("e\u0301te\u0301", "été"),
        ("pro\u00adtection", "protection"),
        ("(enfance)", "enfance,"),
    ],
)
def test_two_spellings_have_the_same_keys(one: str, other: str) -> None:
    assert FRENCH.keys(normal(one)) == FRENCH.keys(normal(other)) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("enfance", "enfant"), ("mineur", "minerai"), ("logement", "allocation"), ("ASE", "aise")],
)
def test_other_words_have_other_keys(one: str, other: str) -> None:
    assert FRENCH.keys(one) != FRENCH.keys(other)


@given(st.text())
def test_accents_and_capitals_never_matter(text: str) -> None:
    plain = normal(text)
    folded = fold(plain)
    if folded.isascii() and plain.replace("·", "").isalnum():
        assert FRENCH.keys(plain) == FRENCH.keys(folded)


@given(st.text(alphabet=st.sampled_from("aeéstrLl’'·.-() ,!«»œ1e\n\u00a0"), max_size=60))
def test_remembering_changes_nothing(text: str) -> None:
    keys = [word.key for word in FRENCH.words(text)]
    assert FRENCH.keys(text) == " ".join(keys)


@given(st.text())
def test_a_word_stands_where_it_is_said_to(text: str) -> None:
    plain = normal(text)
    for word in FRENCH.words(plain):
        assert plain[word.start : word.end].strip()
        assert word.key
        assert word.key.isalnum()
        assert len(word.key.split()) == 1


def test_a_table_of_forms_comes_before_the_stemmer() -> None:
    french = French(Lexicon({"education": "education", "travailleuse": "travailleur"}))
    assert french.keys("éducation") == "education"
    assert french.keys("éducateur") == FRENCH.keys("éducateur")
    assert french.keys("travailleuse") == french.keys("travailleur")
    assert french.version != FRENCH.version
    assert French().version == FRENCH.version


def test_stop_words_are_written_folded() -> None:
    assert {fold(word) for word in STOP_WORDS} == STOP_WORDS
