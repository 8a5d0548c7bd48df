"""Words, what they are forms of, and how compounds are written."""

from __future__ import annotations

import pytest

from core.text import fold
from taxonomy.morphology import ORDINARY, compounds, lemmas, version
from taxonomy.vocabulary import load_vocabulary


@pytest.fixture(scope="module")
def table() -> dict[str, str]:
    return dict(lemmas())


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("meurt", "mourir"),
        ("vont", "aller"),
        ("travailleuse", "travailleur"),
        ("accueillent", "accueillir"),
        ("travaux", "travail"),
    ],
)
def test_forms_lead_to_their_word(table: dict[str, str], form: str, word: str) -> None:
    assert table[form] == word


def test_a_feminine_is_not_taken_for_another_word(table: dict[str, str]) -> None:
    assert table.get("heureuse") != "heureur"
    assert "enfance" not in table


def test_forms_are_folded_and_sorted(table: dict[str, str]) -> None:
    assert list(table) == sorted(table)
    assert all(fold(form) == form and form.isalpha() for form in table)
    assert version()


def test_compounds_are_those_of_the_field() -> None:
    found = compounds(load_vocabulary())
    assert {"aller-vers", "medico-social", "sans-abri"} <= set(found)
    assert list(found) == sorted(set(found))


def test_common_words_are_acronyms_of_the_vocabulary() -> None:
    forms = {fold(form) for acronym in load_vocabulary().acronyms for form in acronym.forms}
    assert forms >= ORDINARY
