"""« Fiabilité des thèmes »."""

from __future__ import annotations

import re
from html import unescape

from core.corrections import Verdict
from core.model import ThemeId
from tests.web.conftest import Library

PAGE = "/themes/fiabilite"


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_before_anybody_reviewed_the_page_says_so_and_how_it_will_be_measured(
    library: Library,
) -> None:
    page = text_of(library.app().test_client().get(PAGE).text)
    assert "Aucun article n’a encore été relu ici" in page
    assert "méthode de Wilson" in page


def test_the_figures_are_those_of_the_corrections(own_library: Library) -> None:
    store, numerique = own_library.store, ThemeId("numerique")
    with store.begin() as tx:
        for number, id in enumerate(own_library.ids[:12]):
            verdict = Verdict.TAKEN if number < 3 else Verdict.CONFIRMED
            first = tx.articles.by_id(id).themes[0]
            tx.articles.correct(id, first, verdict, by=None, now=own_library.clock())
        other = own_library.ids[12]
        tx.articles.correct(other, numerique, Verdict.GIVEN, by=None, now=own_library.clock())
    page = text_of(own_library.app().test_client().get(PAGE).text)
    total = re.search(r"Tous les thèmes (.+?) Comment lire", page)
    assert total
    assert total[1] == "75 % (47–91) 90 % (60–98) 82 % (60–93) 9 3 1"
    assert "Numérique" in page
    assert "trop peu" in page  # for each theme alone
    assert "13 articles relus, dont 0 en entier, du dimanche 22 novembre 2026" in page


def test_it_is_reached_from_why_this_theme_and_from_the_method(library: Library) -> None:
    client = library.app().test_client()
    for path in ("/articles/1", "/a-propos"):
        assert f'href="{PAGE}"' in client.get(path).text
