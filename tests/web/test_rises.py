"""« Tendances »."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from core.model import Extracted, Tagging, ThemeId
from tests.web.conftest import Library


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_each_theme_has_its_weeks_drawn_and_written(library: Library) -> None:
    page = library.app().test_client().get("/tendances").text
    assert "du lundi 24 août 2026 au dimanche 15 novembre 2026" in text_of(page)
    assert page.count("<svg viewBox") >= 5
    assert "Rien qui monte nettement" in text_of(page)


def test_a_theme_that_rises_is_told_with_its_figures(own_library: Library) -> None:
    store, now = own_library.store, own_library.clock()
    with store.begin() as tx:
        source = tx.sources.all()[0]
        for number in range(60):
            week = 1 + number % 12
            ago = timedelta(days=7 * week + 1)
            lately = week <= 4
            article = Extracted(f"https://x.example/{number}", "Titre", "", published=now - ago)
            id, _ = tx.articles.save(article, source_id=source.id, now=now)
            theme = ThemeId("exil-asile" if lately else "logement")
            tx.articles.save_taggings([(id, [Tagging(theme, 0.9)])], tagger="t")
    page = text_of(own_library.app().test_client().get("/tendances").text)
    told = re.search(r"Ce qui monte (.+?) Un thème monte", page)
    assert told
    assert "Exil, asile et migrations" in told[1]
    assert "Logement" not in told[1]


def test_it_is_reached_from_the_themes(library: Library) -> None:
    assert 'href="/tendances"' in library.app().test_client().get("/themes").text
