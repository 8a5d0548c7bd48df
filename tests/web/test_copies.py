"""Which articles are the same one: what the team says of it, and where it shows."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from benchmarks.copies import demo_texts
from core.model import ArticleId, Extracted, Tagging, ThemeId
from core.people import Role
from curation.grouping import group
from tests.web.conftest import Library
from tests.web.samples import NOW, SOURCES
from tests.web.team import Team, make_team, token_in


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def editor(team: Team) -> FlaskClient:
    return team.client(team.person(Role.EDITOR))


@pytest.fixture
def copies(own_library: Library) -> list[ArticleId]:
    """One text, in three places."""
    title, text = demo_texts()[0]
    ids = []
    with own_library.store.begin() as tx:
        sources = {one.name: one for one in tx.sources.all()}
        for hours, key in enumerate(("carnet", "gazette", "revue")):
            source = sources[SOURCES[key]]
            published = NOW - timedelta(hours=9 - hours)
            one = Extracted(f"{source.url}a", f"{title} ({key})", text, published=published)
            id, _ = tx.articles.save(one, source_id=source.id, now=NOW)
            tx.articles.save_taggings([(id, [Tagging(ThemeId("logement"), 1.0)])], tagger="t")
            ids.append(id)
    group(own_library.store)
    return ids


def send(client: FlaskClient, id: ArticleId, geste: str, autre: object) -> TestResponse:
    path = f"/articles/{id}/ailleurs"
    token = token_in(client.get(path).text)
    return client.post(path, data={"csrf_token": token, "geste": geste, "autre": str(autre)})


def also(team: Team, id: ArticleId) -> list[ArticleId]:
    with team.library.store.read() as tx:
        return [one.id for one in tx.articles.by_id(id).also]


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


def test_the_team_separates_what_is_not_the_same_article(
    team: Team, editor: FlaskClient, copies: list[ArticleId]
) -> None:
    first, second, third = copies
    assert f'href="/articles/{first}/ailleurs"' in editor.get(f"/articles/{first}").text
    assert "/ailleurs" not in team.client().get(f"/articles/{first}").text
    answer = send(editor, first, "separer", second)
    assert answer.status_code == 303
    assert (also(team, first), also(team, second)) == ([third], [])
    shown = text_of(editor.get(f"/articles/{first}/ailleurs"))
    assert "(gazette) : un autre article" in shown
    with team.library.store.read() as tx:
        assert [one.action for one in tx.audit.recent(kind="copies")] == ["group"] * 2
    group(team.library.store)
    assert also(team, second) == []
    admin = team.client(team.person(Role.ADMIN))
    assert "Articles rapprochés ou séparés" in text_of(admin.get("/administration/historique"))


@pytest.mark.parametrize(
    "form", ["/articles/{id}", "{id}", "https://glaneuse.example/articles/{id}-x"]
)
def test_the_team_brings_articles_together_and_takes_it_back(
    team: Team, editor: FlaskClient, copies: list[ArticleId], form: str
) -> None:
    other = team.library.ids[3]
    assert send(editor, copies[0], "rapprocher", form.format(id=other)).status_code == 303
    assert other in {*also(team, copies[0]), copies[0]} | {*also(team, copies[1])}
    assert "rapprochés par la rédaction" in text_of(team.client().get(f"/articles/{other}"))
    send(editor, copies[0], "annuler", other)
    assert also(team, other) == []
    assert also(team, copies[0]) == copies[1:]


def test_an_article_is_also_told_by_its_publisher_s_address(
    team: Team, editor: FlaskClient, copies: list[ArticleId]
) -> None:
    with team.library.store.read() as tx:
        other = tx.articles.by_id(team.library.ids[3])
    send(editor, copies[0], "rapprocher", f"{other.url}?utm_source=x")
    assert copies[0] in also(team, other.id)


@pytest.mark.parametrize("wrong", ["", "999999", "https://ailleurs.example/a", "javascript:1", "é"])
def test_an_article_that_is_not_held_is_said_so(
    team: Team, editor: FlaskClient, copies: list[ArticleId], wrong: str
) -> None:
    answer = send(editor, copies[0], "rapprocher", wrong)
    assert answer.status_code == 422
    assert "Aucun article de Glaneuse n’a cette adresse." in text_of(answer)
    assert also(team, copies[0]) == copies[1:]
