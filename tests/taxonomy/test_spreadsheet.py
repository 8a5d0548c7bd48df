"""The vocabulary to a spreadsheet and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import Unreadable
from core.model import ThemeId
from core.vocabulary_edits import Edit, EditKind
from taxonomy.edits import NONE, edited
from taxonomy.spreadsheet import read_table, rows_of, write_table
from taxonomy.vocabulary import Strength, Vocabulary, load_vocabulary

HEAD = "thème;nature;expression;sens;ambigu"
LOGEMENT = ThemeId("logement")


@pytest.fixture(scope="module")
def shipped() -> Vocabulary:
    return load_vocabulary()


def test_what_was_written_comes_back_without_any_change(shipped: Vocabulary) -> None:
    assert read_table(write_table(shipped), shipped) == []
    assert read_table("\ufeff" + write_table(shipped).replace("\r\n", "\n"), shipped) == []


def test_a_table_applied_is_the_table_written(shipped: Vocabulary) -> None:
    lines = write_table(shipped).splitlines()
    lines = [line for line in lines if "expulsion locative" not in line]
    lines += ["logement;fort;toit pour dormir;;", "logement;employé pour;toit;;"]
    lines += ["logement;sigle moyen;ZZT;zone de tout;oui"]
    edits = read_table("\n".join(lines), shipped)
    assert Edit(EditKind.TERM, LOGEMENT, "expulsion locative", {"strength": NONE}) in edits
    assert Edit(EditKind.TERM, LOGEMENT, "toit pour dormir", {"strength": Strength.STRONG}) in edits
    after = edited(shipped, edits)
    assert read_table("\n".join(lines), after) == []
    assert set(rows_of(after)) == set(rows_of(edited(after, [])))


def test_themes_of_which_the_table_does_not_speak_are_left_alone(shipped: Vocabulary) -> None:
    edits = read_table(f"{HEAD}\nlogement;fort;toit pour dormir;;", shipped)
    assert {edit.theme for edit in edits} == {LOGEMENT}
    assert len(edits) > 10  # what it no longer says of housing goes


def test_what_a_spreadsheet_would_compute_is_written_so_that_it_does_not(
    shipped: Vocabulary,
) -> None:
    only = replace(shipped, terms=tuple(t for t in shipped.terms if t.text.startswith("=")))
    assert only.terms
    table = write_table(only)
    assert ";=" not in table
    assert ";'=" in table
    assert read_table(table, only) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "vide"),
        ("a;b;c\n", "colonnes"),
        (f"{HEAD}\nnulle-part;fort;mot;;", "ligne 2: thème inconnu"),
        (f"{HEAD}\nlogement;énorme;mot;;", "ligne 2: nature inconnue"),
        (f"{HEAD}\n\nlogement;fort;;;", "ligne 3: une expression"),
        (f"{HEAD}\nlogement;fort;le la;;", "aucun mot à chercher"),
        (f"{HEAD}\nlogement;sigle fort;ABC;;", "sigle sans développement"),
        (f"{HEAD}\nlogement", "il manque des colonnes"),
        (f'{HEAD}\nlogement;fort;"ouvert;;', "CSV"),
        ("\x00\x01", "colonnes"),
    ],
)
def test_a_table_that_cannot_be_used_says_where_and_why(
    shipped: Vocabulary, text: str, said: str
) -> None:
    with pytest.raises(Unreadable, match=said):
        read_table(text, shipped)


def test_commas_and_tabs_are_read_too(shipped: Vocabulary) -> None:
    for mark in ",\t":
        table = f"{HEAD}\nlogement;fort;toit pour dormir;;".replace(";", mark)
        assert len(read_table(table, shipped)) > 1
