"""A week's page: its foot, its other forms, and that a closed one stays."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from core.model import Tagging, ThemeId
from core.weeks import Week
from curation.digests import close, closing_of
from tests.web.conftest import Library

WEEK = Week(2026, 46)
PAGE = f"/semaines/{WEEK.slug}"


def plain(text: str) -> str:
    return unescape(text).replace("\u00a0", " ").replace("\u202f", " ")


def shown(page: str) -> list[tuple[str, str]]:
    """The articles and the headings above them, in order."""
    return re.findall(r'href="(/articles/[0-9]+)|<h2 id="([^"]+)', page)


def test_the_foot_says_how_it_was_made_and_where_else_it_is(client: FlaskClient) -> None:
    page = plain(client.get(PAGE).text)
    assert "Sélection automatique : " in page
    assert f'href="{PAGE}.txt"' in page
    assert f'href="{PAGE}.md"' in page
    assert "Arrêtée" not in page


@pytest.mark.parametrize(("form", "kind"), [("txt", "text/plain"), ("md", "text/markdown")])
def test_a_week_is_also_text_and_markdown(client: FlaskClient, form: str, kind: str) -> None:
    answer = client.get(f"{PAGE}.{form}")
    assert (answer.status_code, answer.content_type) == (200, f"{kind}; charset=utf-8")
    said = plain(answer.text)
    assert "Semaine du 9 au 15 novembre 2026" in said
    assert "Sélection automatique" in said
    for wrong in (f"/semaines/2030-S01.{form}", f"/semaines/x.{form}", f"{PAGE}.pdf"):
        assert client.get(wrong).status_code == 404


def test_a_closed_week_says_so_and_does_not_change(own_library: Library) -> None:
    themes = tuple(own_library.vocabulary.themes.values())
    with own_library.store.begin() as tx:  # a week is not closed before its sources were visited
        tx.sources.record_start((one.id for one in tx.sources.all()), now=closing_of(WEEK))
    close(own_library.store, themes, closing_of(WEEK) + timedelta(hours=3))
    before = own_library.app().test_client().get(PAGE).text
    assert "Arrêtée le lundi 16 novembre 2026." in plain(before)
    with own_library.store.begin() as tx:
        for one in tx.articles.recent(since=WEEK.start, until=WEEK.end):
            tx.articles.save_taggings([(one.id, (Tagging(ThemeId("logement"), 1.0),))], tagger="9")
    after = own_library.app().test_client()
    assert shown(after.get(PAGE).text) == shown(before) != []
    feed = after.get("/semaines/atom.xml").text
    assert "Arrêtée le lundi" in plain(feed)
