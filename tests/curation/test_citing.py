"""Citations: APA and ISO 690 as French libraries write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import Author, PartialDate, Reference, ReferenceKind
from curation.bibliography.bylines import authors_of
from curation.citing import (
    apa,
    iso690,
    plain,
)

ONE = Reference(
    kind=ReferenceKind.MAGAZINE,
    id="glaneuse-17",
    title="Aide sociale à l'enfance : « le département ne répond plus »",
    authors=(Author("Durand", "Jean-Pierre Marie"), Author("de La Tour", "Anne")),
    container="La Gazette des solidarités",
    published=PartialDate(2026, 11, 1),
    url="https://gazette.example/a_b?c=1&d=2%20",
    accessed=date(2026, 11, 25),
)


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_apa_as_french_libraries_write_it() -> None:
    assert spaced(plain(apa(ONE))) == (
        "Durand, J.-P. M. et de La Tour, A. (2026, 1er novembre). Aide sociale à l’enfance : "
        "« le département ne répond plus ». La Gazette des solidarités. "
        "https://gazette.example/a_b?c=1&d=2%20"
    )
    assert [run.text for run in apa(ONE) if run.leaning] == ["La Gazette des solidarités"]


def test_apa_without_author_puts_the_title_first_and_without_date_says_so() -> None:
    assert spaced(plain(apa(replace(ONE, authors=(), title="Et après ?", published=None)))) == (
        "Et après ? La Gazette des solidarités. (s. d.). https://gazette.example/a_b?c=1&d=2%20"
    )


def test_iso690_by_name_and_date() -> None:
    assert spaced(plain(iso690(ONE))) == (
        "DURAND, Jean-Pierre Marie et DE LA TOUR, Anne, 2026. Aide sociale à l’enfance : "
        "« le département ne répond plus ». La Gazette des solidarités [en ligne]. "
        "1er novembre 2026. [Consulté le 25 novembre 2026]. Disponible à l’adresse : "
        "https://gazette.example/a_b?c=1&d=2%20"
    )


def test_iso690_without_author_nor_date() -> None:
    written = spaced(plain(iso690(replace(ONE, authors=(), published=None))))
    assert written.startswith("Aide sociale à l’enfance : « le département ne répond plus », [sans")


def test_an_organisation_keeps_its_whole_name() -> None:
    one = replace(ONE, authors=(Author("Pôle Appui aux pratiques"),))
    assert plain(apa(one)).startswith("Pôle Appui aux pratiques. (2026")
    assert plain(iso690(one)).startswith("PÔLE APPUI AUX PRATIQUES, 2026.")


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Camille Durand", [("Durand", "Camille")]),
        ("Camille Durand, Anne de La Tour", [("Durand", "Camille"), ("de La Tour", "Anne")]),
        ("Camille Durand et Luc d'Ormesson", [("Durand", "Camille"), ("d'Ormesson", "Luc")]),
        ("Marie Claude DUPONT LAJOIE", [("DUPONT LAJOIE", "Marie Claude")]),
        ("Élodie Van der Berg", [("Van der Berg", "Élodie")]),
        ("Anne Le Gall", [("Le Gall", "Anne")]),
        ("Ministère du travail, de la santé et des solidarités",
         [("Ministère du travail, de la santé et des solidarités", "")]),
        ("La rédaction", [("La rédaction", "")]),
        ("Kamel", [("Kamel", "")]),
        ("La Gazette", []),
        ("", []),
    ],
)  # fmt: skip
def test_authors_of_a_byline(written: str, authors: list[tuple[str, str]]) -> None:
    found = authors_of(written, "La Gazette")
    assert [(who.family, who.given) for who in found] == authors


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_byline_and_title_are_written(byline: str, title: str) -> None:
    one = replace(ONE, authors=authors_of(byline), title=title or "x")
    assert plain(apa(one)).endswith(ONE.url)
    assert plain(iso690(one)).endswith(ONE.url)
