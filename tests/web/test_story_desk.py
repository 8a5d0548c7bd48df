"""Which articles tell the same story: what the team says of it, and what the page answers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.model import ArticleId
from core.people import Role
from curation.telling import tell
from tests.curation.test_stories import OTHER
from tests.curation.test_telling import NOW as START
from tests.curation.test_telling import RARITY, STRIKE, keep
from tests.web.conftest import Library
from tests.web.samples import NOW
from tests.web.team import Team, make_team, token_in

TODAY = (NOW - START) / timedelta(days=1)


@pytest.fixture
def team(empty_library: Library) -> Team:
    return make_team(empty_library)


@pytest.fixture
def strike(team: Team) -> list[ArticleId]:
    """Three articles of this week on one strike."""
    days = [replace(one, day=TODAY - 4 + n) for n, one in enumerate(STRIKE)]
    ids = [keep(team.library.store, one, themes=("protection-enfance",)) for one in days]
    tell(team.library.store, RARITY)
    return ids


@pytest.fixture
def lone(team: Team, strike: list[ArticleId]) -> ArticleId:
    """One on something else."""
    assert strike
    one = keep(team.library.store, replace(OTHER[0], day=TODAY), themes=("protection-enfance",))
    tell(team.library.store, RARITY)
    return one


@pytest.fixture
def editor(team: Team) -> FlaskClient:
    return team.client(team.person(Role.EDITOR))


def send(client: FlaskClient, id: ArticleId, geste: str, **fields: object) -> TestResponse:
    path = f"/articles/{id}/sujet"
    data = {"csrf_token": token_in(client.get(path).text), "geste": geste, **fields}
    return client.post(path, data=data)


def split(client: FlaskClient, shown: list[ArticleId], ticked: list[ArticleId]) -> TestResponse:
    return send(client, shown[0], "separer", articles=ticked, vus=" ".join(map(str, shown)))


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


def story(team: Team, id: ArticleId) -> list[ArticleId]:
    with team.library.store.read() as tx:
        found = tx.stories.timeline(id)
    return found[1] if found and id in found[1] else []


def said(team: Team) -> list[int]:
    with team.library.store.read() as tx:
        return [one.id for one in tx.story_sayings.about(tx.articles.ids())]


def test_the_team_takes_an_article_out_and_the_page_says_so(
    team: Team, editor: FlaskClient, strike: list[ArticleId]
) -> None:
    first, second, third = strike
    assert f'href="/articles/{first}/sujet"' in editor.get(f"/sujets/{first}").text
    assert "/sujet" not in team.client().get(f"/sujets/{first}").text.replace("/sujets", "")
    answer = split(editor, strike, [second])
    assert answer.status_code == 303
    page = text_of(editor.get(answer.location))
    assert "Amarande : les éducateurs" in page
    assert "raconte autre chose que « Grève à la protection" in page
    assert "et « “On ne peut plus protéger personne” : paroles de grévistes" in page
    assert "Cela vaut pour toujours." in page
    assert story(team, first) == [first, third]
    readers = team.client().get(f"/sujets/{first}").text
    assert "les éducateurs tiendront" not in readers
    tell(team.library.store, RARITY)
    assert story(team, second) == []
    admin = team.client(team.person(Role.ADMIN))
    assert "Sujets rapprochés ou séparés" in text_of(admin.get("/administration/historique"))


def test_it_is_undone_by_the_button_beside_it(
    team: Team, editor: FlaskClient, strike: list[ArticleId]
) -> None:
    number = split(editor, strike, strike[1:2]).location.rpartition("fait=")[2]
    answer = send(editor, strike[0], "annuler", dit=number)
    assert "C’est annulé." in text_of(editor.get(answer.location))
    assert story(team, strike[1]) == strike
    again = send(editor, strike[0], "annuler", dit=number)
    assert "C’était déjà annulé." in text_of(editor.get(again.location))
    for wrong in ("", "x", "99999999999999999999"):
        assert send(editor, strike[0], "annuler", dit=wrong).status_code == 303


@pytest.mark.parametrize("form", ["/articles/{id}", "{id}"])
def test_the_team_brings_an_article_into_a_story(
    team: Team, editor: FlaskClient, strike: list[ArticleId], lone: ArticleId, form: str
) -> None:
    assert "Rapprocher d’un sujet" in editor.get(f"/articles/{lone}").text
    answer = send(editor, strike[1], "rapprocher", autre=form.format(id=lone))
    assert answer.status_code == 303
    assert "raconte le même sujet que" in text_of(editor.get(answer.location))
    assert story(team, lone) == [*strike, lone]
    again = send(editor, strike[1], "rapprocher", autre=str(lone))  # a double click
    assert again.location == answer.location
    assert len(said(team)) == 1


def test_a_button_pressed_twice_says_it_once(
    team: Team, editor: FlaskClient, strike: list[ArticleId]
) -> None:
    for ticked in ([strike[1]], [strike[0]]):  # the page's own article as well
        answers = [split(editor, strike, ticked) for _ in range(2)]
        assert answers[0].location == answers[1].location
        assert len(said(team)) == 1
        send(editor, strike[0], "annuler", dit=said(team)[0])


def test_a_page_that_is_too_old_loses_nothing(
    team: Team, editor: FlaskClient, strike: list[ArticleId]
) -> None:
    """Two people at once: each one's gesture holds, or is told to be impossible."""
    colleague = team.client(team.person(Role.DOCUMENTALIST))
    assert split(editor, strike, [strike[1]]).status_code == 303
    assert split(colleague, strike, [strike[2]]).status_code == 303
    assert [story(team, id) for id in strike] == [[], [], []]
    refused = send(editor, strike[0], "rapprocher", autre=str(strike[1]))
    assert refused.status_code == 422
    assert "ne racontent pas le même sujet : annulez-le d’abord" in text_of(refused)
    assert "Annuler" in refused.text


@pytest.mark.parametrize(
    ("ticked", "told"),
    [([], "Cochez au moins un article."), (None, "Laissez dans le sujet au moins un article")],
)
def test_what_cannot_be_separated_is_told(
    team: Team,
    editor: FlaskClient,
    strike: list[ArticleId],
    ticked: list[ArticleId] | None,
    told: str,
) -> None:
    answer = split(editor, strike, strike if ticked is None else ticked)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert said(team) == []


@pytest.mark.parametrize("wrong", ["", "999999", "https://ailleurs.example/a", "javascript:1", "é"])
def test_an_article_that_is_not_held_is_told(
    team: Team, editor: FlaskClient, strike: list[ArticleId], wrong: str
) -> None:
    answer = send(editor, strike[0], "rapprocher", autre=wrong)
    assert answer.status_code == 422
    assert "Aucun article de Glaneuse n’a cette adresse." in text_of(answer)
    assert said(team) == []


def test_the_article_itself_and_what_is_off_the_field_are_told(
    team: Team, editor: FlaskClient, strike: list[ArticleId]
) -> None:
    itself = send(editor, strike[0], "rapprocher", autre=str(strike[0]))
    assert "C’est l’article de cette page" in text_of(itself)
    off = keep(team.library.store, replace(OTHER[0], day=TODAY), themes=())
    assert "hors du champ" in text_of(send(editor, strike[0], "rapprocher", autre=str(off)))
    assert send(editor, strike[0], "chanter").status_code == 422
    assert said(team) == []


def test_two_articles_of_one_source_wait_for_another_to_tell(
    team: Team, editor: FlaskClient, lone: ArticleId
) -> None:
    other = replace(OTHER[1], day=TODAY, source=OTHER[0].source)
    id = keep(team.library.store, other, themes=("protection-enfance",))
    answer = send(editor, lone, "rapprocher", autre=str(id))
    assert "quand une autre en parlera" in text_of(editor.get(answer.location))
    assert story(team, lone) == []
