"""An article as a reference; who wrote it, from its byline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.model import Access
from core.references import Author, ReferenceKind
from curation.bibliography.bylines import authors_of
from curation.citing import kind_of, reference_of
from tests.curation.samples import article


def test_an_article_is_a_reference() -> None:
    one = replace(article(17), author="Camille Durand", title="Un\n titre", access=Access.FREE)
    reference = reference_of(one, date(2026, 11, 25))
    assert (reference.kind, reference.title) == (ReferenceKind.MAGAZINE, "Un titre")
    assert reference.authors == (Author("Durand", "Camille"),)
    assert (reference.accessed, reference.access) == (date(2026, 11, 25), Access.FREE)
    assert reference.published
    assert reference.id == f"durand{reference.published.year}-17"
    assert reference_of(replace(one, published=None, title=""), date(2026, 11, 25)).title == (
        "Sans titre"
    )


@pytest.mark.parametrize(
    ("url", "section", "kind"),
    [
        ("https://media.example/1", "", ReferenceKind.MAGAZINE),
        ("https://media.example/1", "Société; ScholarlyArticle", ReferenceKind.JOURNAL),
        ("https://shs.cairn.info/revue-x-2020-1-page-3", "", ReferenceKind.JOURNAL),
        ("https://carnet.hypotheses.org/12", "", ReferenceKind.BLOG),
        ("https://blogs.media.example/12", "", ReferenceKind.BLOG),
        ("https://conseil.example/Rapport.PDF?x=1", "", ReferenceKind.REPORT),
    ],
)
def test_what_an_article_is(url: str, section: str, kind: ReferenceKind) -> None:
    assert kind_of(replace(article(), url=url, section=section)) == kind


def test_a_report_is_published_by_who_gives_it_out() -> None:
    one = reference_of(replace(article(), url="https://a.example/r.pdf"), date(2026, 11, 25))
    assert (one.container, bool(one.publisher)) == ("", True)


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
