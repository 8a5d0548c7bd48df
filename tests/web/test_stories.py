"""« Suivre ce sujet »: the page of a story, its feeds, and where it is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from flask.testing import FlaskClient

from core.model import ArticleId
from curation.grouping import say_same
from curation.telling import tell
from tests.curation.test_telling import NEWS, RARITY, STRIKE, News, keep
from tests.curation.test_telling import NOW as START
from tests.web.conftest import Library
from tests.web.samples import NOW

TODAY = (NOW - START) / timedelta(days=1)


@pytest.fixture
def told(empty_library: Library) -> list[ArticleId]:
    """Three articles of this week on one strike."""
    days = [replace(one, day=TODAY - 4 + n) for n, one in enumerate(STRIKE)]
    ids = [keep(empty_library.store, one, themes=("protection-enfance",)) for one in days]
    tell(empty_library.store, RARITY)
    return ids


@pytest.fixture
def reader(empty_library: Library, told: list[ArticleId]) -> FlaskClient:
    """Somebody who reads once the story is known."""
    assert told
    return empty_library.app().test_client()


def test_a_story_tells_its_articles_day_by_day(reader: FlaskClient, told: list[ArticleId]) -> None:
    page = reader.get(f"/sujets/{told[0]}").text
    at = [page.index(f'href="/articles/{id}-') for id in told]
    assert at == sorted(at)
    assert re.search("3\u00a0sources, 3\u00a0articles", page)
    assert f"<h1>{STRIKE[0].title.split(' :')[0]}" in page
    assert STRIKE[0].text[-60:] not in page  # extracts only


def test_the_number_of_each_article_leads_to_the_story(
    reader: FlaskClient, told: list[ArticleId]
) -> None:
    for id in told[1:]:
        answer = reader.get(f"/sujets/{id}")
        assert answer.status_code == 302
        assert answer.location.startswith(f"/sujets/{told[0]}-greve-a-la-protection")
    assert reader.get("/sujets/999999").status_code == 404
    assert reader.get("/sujets/99999999999").status_code == 404


def test_the_article_leads_to_it_and_says_who_else_tells(
    reader: FlaskClient, told: list[ArticleId], empty_library: Library
) -> None:
    page = reader.get(f"/articles/{told[1]}").text
    assert "Suivre ce sujet" in page
    assert page.count(f'href="/articles/{told[1]}-') <= 2  # not among the others
    assert f"/sujets/{told[0]}-" in page
    assert f"/articles/{told[2]}-" in page
    alone = keep(empty_library.store, NEWS[-1])
    tell(empty_library.store, RARITY)
    assert "Suivre ce sujet" not in reader.get(f"/articles/{alone}").text


def test_the_week_says_how_many_sources_tell_of_it(reader: FlaskClient) -> None:
    page = reader.get("/semaines/derniere", follow_redirects=True).text
    assert "3\u00a0sources sur ce sujet" in page


def test_the_list_has_what_moved_lately(reader: FlaskClient, told: list[ArticleId]) -> None:
    page = reader.get("/sujets").text
    assert page.count('<h2 class="card-title">') == 1
    assert "paroles de grévistes" in page
    assert f"/sujets/{told[0]}-" in page


def test_a_story_can_be_followed(reader: FlaskClient, told: list[ArticleId]) -> None:
    atom = feedparser.parse(reader.get(f"/sujets/{told[0]}/atom.xml").data)
    assert not atom.bozo
    assert len(atom.entries) == 3
    other = feedparser.parse(reader.get(f"/sujets/{told[2]}/atom.xml").data)
    assert other.feed.id == atom.feed.id
    made = reader.get(f"/sujets/{told[0]}/feed.json").json
    assert made is not None
    assert "paroles de grévistes" in made["items"][0]["title"]
    assert reader.get("/sujets/999999/atom.xml").status_code == 404


def test_a_copy_leads_to_the_story_of_its_original(
    empty_library: Library, told: list[ArticleId]
) -> None:
    first = STRIKE[0]
    copy = keep(empty_library.store, News("", "reprise", TODAY - 3, first.title, first.text))
    with empty_library.store.begin() as tx:
        say_same(tx, told[0], copy, by=None, now=NOW)
    tell(empty_library.store, RARITY)
    page = empty_library.app().test_client().get(f"/articles/{copy}").text
    assert "/sujets/" in page
    assert "4\u00a0sources en parlent" in page
