from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import ELLIPSIS, clean, extract, fold, one_line, shorten, slugify, typographic

FRENCH = st.text("aeéÉœŒçl' ’.,;:!?«»%€-\u00a0\u202f\n12", max_size=80)
ANY = st.one_of(FRENCH, st.text(max_size=80))


@given(ANY, st.integers(0, 90))
def test_a_shortened_text_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(shorten(text, length)) <= length


@given(ANY, st.integers(0, 90))
def test_a_shortened_text_is_the_beginning_of_the_text(text: str, length: int) -> None:
    line, shown = one_line(text), shorten(text, length)
    if len(line) <= length:
        assert shown == line
    else:
        assert line.startswith(shown.removesuffix(ELLIPSIS))
        assert not length or shown.endswith(ELLIPSIS)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("un deux trois", 13, "un deux trois"),
        ("un deux trois", 12, "un deux…"),
        ("un deux trois", 8, "un deux…"),
        ("un deux trois", 7, "un…"),
        ("anticonstitutionnel", 5, "anti…"),
        ("un, deux", 4, "un…"),
        ("un\n\n deux", 7, "un deux"),
        ("un", 1, "…"),
        ("un", 0, ""),
        ("un", -3, ""),
    ],
)
def test_a_text_is_cut_between_words(text: str, length: int, expected: str) -> None:
    assert shorten(text, length) == expected


@given(ANY.map(lambda text: text * 5), st.integers(0, 200))
def test_an_extract_is_at_most_a_tenth_of_the_text(text: str, length: int) -> None:
    shown = extract(text, length=length)
    assert len(shown) <= length
    assert len(shown) * 10 <= len(text)


@given(ANY, ANY, st.integers(0, 200))
def test_a_source_s_own_summary_is_shown_up_to_the_length(
    text: str, summary: str, length: int
) -> None:
    shown = extract(text, summary, length=length)
    assert len(shown) <= length
    if summary.strip():
        assert shown == shorten(summary, length)


def test_an_extract_is_of_two_hundred_characters_unless_told_otherwise() -> None:
    assert 190 < len(extract("mot " * 1000)) <= 200


@given(ANY)
@example("ŉ")
@example("İ")
@example("ẞ ﬁ ǆ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ÉDUCATRICE", "éducatrice"),
        ("e\u0301ducatrice", "educatrice"),
        ("Cœur", "COEUR"),
        ("l’enfance", "l'enfance"),
        ("ﬁn", "fin"),
        ("Straße", "STRASSE"),
        ("10\u00a0%", "10 %"),
    ],
)
def test_words_that_differ_by_accents_or_case_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(ANY)
def test_one_line_is_one_line_and_twice_the_same(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    line.encode()


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\u202e", "\u2066", "\ufeff", "\x9b", "\ud800"])
def test_control_and_direction_characters_are_removed(bad: str) -> None:
    assert one_line(f"a{bad}b") == clean(f"a{bad}b") == "ab"


@given(ANY)
def test_cleaning_keeps_paragraphs_and_twice_is_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\r" not in clean(text)
    clean(text).encode()


@given(ANY)
def test_a_slug_is_safe_in_an_address(text: str) -> None:
    slug = slugify(text)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("« L'aller-vers, c'est quoi ? »", "l-aller-vers-c-est-quoi"),
        ("Cœur & Éducation", "coeur-education"),
        ("日本", ""),
        ("--", ""),
    ],
)
def test_slugs_read_like_their_text(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(ANY)
def test_typography_twice_is_typography_once(text: str) -> None:
    assert typographic(typographic(text)) == typographic(text)
    assert len(typographic(text)) <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Qui paie ?", "Qui paie\u202f?"),
        ("Oui ! Non ; peut-être", "Oui\u202f! Non\u202f; peut-être"),
        ("RSA : 10 % de 600 €", "RSA\u00a0: 10\u00a0% de 600\u00a0€"),
        ("« Bonjour »", "«\u00a0Bonjour\u00a0»"),
        ("l'enfance d'aujourd'hui", "l’enfance d’aujourd’hui"),
        ("https://a.example/?b", "https://a.example/?b"),
        ("à 10:30", "à 10:30"),
        ("5' 12'", "5' 12'"),
    ],
)
def test_french_typography(text: str, expected: str) -> None:
    assert typographic(text) == expected
