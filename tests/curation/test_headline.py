from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.headline import LENGTH, headline, subject
from tests.curation.samples import article, source


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Pouponnières : « On ne porte plus les bébés »", "Pouponnières"),
        ("Tribune : L'aller-vers, jusqu'où aller", "l'aller-vers, jusqu'où aller"),
        ("[Vidéo] La journée d'une AESH", "la journée d'une AESH"),
        ("« Je n'ai pas Internet »", "« Je n'ai pas Internet »"),
        ("« Une honte » : les CEF devant le Sénat", "les CEF devant le Sénat"),
        ("Le « reste à vivre » fond encore", "le reste à vivre fond encore"),
        ("Maraudes d'hiver - Média 1", "Maraudes d'hiver"),
        ("Média 1 | Maraudes d'hiver", "Maraudes d'hiver"),
        ("RSA : quinze heures", "RSA"),
        ("Marseille manque d'éducateurs.", "Marseille manque d'éducateurs"),
        (
            "Le gouvernement renonce à la réforme des retraites pour les assistants familiaux",
            "le gouvernement renonce à la réforme des retraites",
        ),
        (
            "Faut-il supprimer les centres éducatifs fermés après le rapport de la Défenseure ?",
            "faut-il supprimer les centres éducatifs fermés ?",
        ),
        ("Mercredi : le bus santé s'arrête au quai", "le bus santé s'arrête au quai"),
        ("Jusqu'au 3 décembre : les inscriptions sont ouvertes", "les inscriptions sont ouvertes"),
        ("Tribune", "Tribune"),
        ("…", ""),
        ("", ""),
    ],
)
def test_a_title_is_shortened_to_its_subject(title: str, expected: str) -> None:
    assert subject(article(1, title, by=source(1))) == expected


def test_a_first_word_that_the_text_writes_in_lower_case_loses_its_capital() -> None:
    assert subject(article(1, "Berceaux à vendre", text="Des berceaux.")) == "berceaux à vendre"
    assert subject(article(1, "Berceaux à vendre", text="Berceaux.")) == "Berceaux à vendre"


def test_a_title_without_a_pause_is_cut_between_words_and_never_after_a_small_one() -> None:
    title = "Les conseils départementaux demandent ensemble une compensation intégrale de l'État"
    assert subject(article(1, title)) == (
        "les conseils départementaux demandent ensemble une compensation…"
    )


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ([], ""),
        ([""], ""),
        (["La prime d'activité"], "La prime d’activité"),
        (["RSA : bilan", "Les MDPH saturées"], "RSA et les MDPH saturées"),
        (
            ["RSA : bilan", "Les MDPH saturées", "AESH : la rentrée", "Le quatrième"],
            "RSA, les MDPH saturées et AESH",
        ),
        (["Qui paiera ?", "RSA : bilan"], "RSA, qui paiera\u202f?"),
        (["Qui paiera ?", "Et après ?"], "Qui paiera\u202f? Et après\u202f?"),
        (["RSA : bilan", "RSA : les chiffres", "ASE"], "RSA, les chiffres et ASE"),
        (["Un CAP, une équerre", "ASE"], "Un CAP, une équerre\u202f; ASE"),
        (["Enfants et familles", "ASE", "Pmi"], "Enfants et familles, ASE, Pmi"),
        (["« Je reste »", "ASE"], "«\u00a0Je reste\u00a0» et ASE"),
    ],
)
def test_a_headline_joins_the_three_first_subjects(titles: list[str], expected: str) -> None:
    assert headline([article(n, title) for n, title in enumerate(titles)]) == expected


@given(st.lists(st.text(max_size=300), max_size=5))
def test_a_headline_stays_short_whatever_the_titles(titles: list[str]) -> None:
    found = headline([article(n, title) for n, title in enumerate(titles)])
    assert len(found) <= LENGTH
    assert not any(mark in found for mark in "\n\r\x00\u202e")
