"""Excerpts: the right words marked, and never more shown than is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.french import French, normal
from indexer.highlight import Marker
from tests.indexer.samples import FILLER, shown

FRENCH = French()


def marker(words: str) -> Marker:
    return Marker(FRENCH, FRENCH.keys(words).split())


@pytest.mark.parametrize(
    ("words", "text", "marked"),
    [
        ("enfance", "L’enfance, « L'ENFANCE »", "L’[enfance], « L'[ENFANCE] »"),
        ("éducateur", "Des éducatrices·eurs et éducateur·rices.", None),
        ("professionnels", "professionnel·le·s ici", "[professionnel·le·s] ici"),
        ("vers", "l’aller-vers", "l’aller-[vers]"),
        ("aller vers", "l’aller-vers", "l’[aller]-[vers]"),
        ("zorglub", "rien à marquer", "rien à marquer"),
        ("enfance", "", ""),
    ],
)
def test_the_words_looked_for_are_marked(words: str, text: str, marked: str | None) -> None:
    pieces = marker(words).mark(text)
    assert "".join(piece.text for piece in pieces) == text
    if marked is not None:
        assert shown(pieces) == marked


def test_the_excerpt_is_around_the_words_between_words() -> None:
    text = FILLER + "On y parle de protection de l’enfance à Trappes. " + FILLER
    excerpt = shown(marker("protection enfance").excerpt(text, "début", 120))
    assert "[protection] de l’[enfance]" in excerpt
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    whole = set(text.split())
    assert {word.strip("…") for word in excerpt.replace("[", "").replace("]", "").split()} <= whole


def test_the_window_with_most_of_the_words_is_chosen() -> None:
    text = f"enfance enfance enfance {FILLER} protection et enfance {FILLER}"
    assert "[protection] et [enfance]" in shown(marker("protection enfance").excerpt(text, "", 100))


def test_without_the_words_the_extract_is_shown() -> None:
    assert shown(marker("zorglub").excerpt(FILLER, "Ce qui est permis", 200)) == "Ce qui est permis"
    assert shown(marker("").excerpt(FILLER, "Ce qui est permis", 200)) == "Ce qui est permis"


def test_a_short_text_shows_its_extract_only() -> None:
    assert shown(marker("enfance").excerpt("l'enfance " * 20, "dans l'enfance", 200)) == (
        "dans l'[enfance]"
    )


@given(
    text=st.text(alphabet=st.sampled_from("ab é'\n\u00a0.-·"), max_size=900),
    words=st.text(alphabet=st.sampled_from("ab é"), max_size=10),
    allowed=st.integers(0, 250),
)
def test_never_more_is_shown_than_allowed(text: str, words: str, allowed: int) -> None:
    plain, extract = normal(text), "aé" * 20
    pieces = marker(words).excerpt(plain, extract, allowed)
    said = "".join(piece.text for piece in pieces)
    assert len(said) <= allowed
    assert len(said) <= len(plain) // 10 or said == extract[:allowed] or said.endswith("…")
    assert all(piece.text for piece in pieces)
