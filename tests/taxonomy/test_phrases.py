from __future__ import annotations

from itertools import product

import pytest

from taxonomy.manners import Manner, expressions
from taxonomy.phrases import Phrase, Phrases


def phrases(*texts: str) -> Phrases[str]:
    """Expressions, each in the group of its first letter."""
    return Phrases(Phrase(text[0], tuple(text.split())) for text in texts)


def said(found: Phrases[str], text: str) -> list[str]:
    return [one.text for one in found.find(text.split())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("une etude de la drees", ["etude de"]),
        ("etude qualitative et etude", ["etude qualitative", "etude"]),
        ("etude", ["etude"]),
        ("etudes", []),
        ("il abroge puis abrogea", ["abroge", "abrogea"]),
        ("rapport 2026 du senat", ["rapport 2026"]),
        ("rapport du senat", []),
        ("", []),
    ],
)
def test_the_longest_expression_is_met_once(text: str, expected: list[str]) -> None:
    found = phrases("etude", "etude de", "etude qualitative", "abrog*", "rapport 20*")
    assert said(found, text) == expected


def test_groups_do_not_hide_each_other_s() -> None:
    found = phrases("place de la mairie", "a la mairie", "la place")
    assert said(found, "sur la place de la mairie") == ["la place", "place de la mairie"]


def test_an_expression_cut_by_the_end_is_none() -> None:
    assert said(phrases("agence regionale"), "une agence") == []


def test_optional_endings_are_spelt_out() -> None:
    found = list(expressions())
    spelt = {" ".join(words) for manner, words in found if manner is Manner.WORKERS}
    wanted = {f"assistant{e}{s} social{x}" for e, s, x in product(("", "e"), ("", "s"), ("", "e"))}
    assert wanted <= spelt
    assert not any("(" in word for _, words in found for word in words)
