"""Articles added by hand and withdrawn by the team."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.corrections import Verdict
from core.model import Access, ArticleId, ThemeId
from core.people import Role
from core.subscriptions import Contact, RequestKind
from indexer.stages import drain
from tests.web.conftest import Library
from tests.web.team import Team, make_team, token_in

URL = "https://mur.example/enquete?utm_source=lettre"


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def editor(team: Team) -> FlaskClient:
    return team.client(team.person(Role.EDITOR))


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    token = token_in(client.get(address).text)
    return client.post(address, data={"csrf_token": token, **fields})


def add(client: FlaskClient, **fields: str) -> TestResponse:
    fields = {"adresse": URL, "titre": "Derrière le mur", "auteur": "", "paru": ""} | fields
    return send(client, "/bureau/articles/ajouter", **fields)


def test_an_editor_adds_an_article_by_its_address_and_its_title(
    team: Team, editor: FlaskClient
) -> None:
    answer = add(editor, auteur="Anne Roux", paru="2026-11-20")
    assert answer.status_code == 303
    page = editor.get(answer.location).text
    assert "C’est ajouté." in page
    assert "Non lu par Glaneuse" in page
    with team.library.store.read() as tx:
        (held,) = tx.articles.by_ids(tx.articles.by_urls(["https://mur.example/enquete"]).values())
        (entry, *_) = tx.audit.recent(limit=1)
    assert (held.title, held.author, held.access) == ("Derrière le mur", "Anne Roux", Access.UNREAD)
    assert held.published is not None
    assert (entry.action, entry.key) == ("add", str(held.id))
    drain(team.library.store, team.library.engine)
    assert "https://mur.example/enquete" in editor.get("/recherche?q=mur&hors-champ=1").text


def test_once_filed_by_hand_it_enters_the_theme_the_week_and_the_search(
    team: Team, editor: FlaskClient
) -> None:
    add(editor, paru="2026-11-20")
    library = team.library
    with library.store.begin() as tx:
        (id,) = tx.articles.by_urls(["https://mur.example/enquete"]).values()
        verdict = Verdict.GIVEN
        tx.articles.correct(id, ThemeId("exil-asile"), verdict, by=None, now=library.clock())
    drain(library.store, library.engine)
    for page in ("/themes/exil-asile", "/semaines/2026-S47", "/recherche?q=mur"):
        assert "https://mur.example/enquete" in editor.get(page).text, page
    assert "thème attribué par la rédaction" in editor.get(f"/articles/{id}").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"adresse": "mur"}, "elle commence par https://"),
        ({"adresse": ""}, "Collez l’adresse"),
        ({"titre": " "}, "Écrivez son titre"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    editor: FlaskClient, fields: dict[str, str], sentence: str
) -> None:
    answer = add(editor, auteur="Anne Roux", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Anne Roux"' in answer.text


def test_the_same_article_is_not_added_twice(editor: FlaskClient) -> None:
    first, second = add(editor), add(editor, titre="Un autre titre")
    assert first.location == second.location
    assert "y était déjà" in editor.get(second.location).text


def test_an_article_is_withdrawn_after_asking_and_does_not_come_back(
    team: Team, editor: FlaskClient
) -> None:
    library = team.library
    id = library.ids[0]
    with library.store.read() as tx:
        held = tx.articles.by_id(id)
    found = send(editor, "/bureau/articles/retirer", adresse=held.url)
    assert found.location == f"/bureau/articles/{id}/retirer"
    assert "Retirer cet article" in editor.get(found.location).text
    assert send(editor, found.location).status_code == 303
    assert editor.get(f"/articles/{id}").status_code == 404
    drain(library.store, library.engine)
    assert held.url not in editor.get("/recherche?q=pouponnières+nourrissons").text
    assert "pour de bon" in add(editor, adresse=held.url).text
    with library.store.read() as tx:
        assert tx.withdrawals.has(ArticleId(id))


def test_an_address_that_leads_nowhere_is_said(editor: FlaskClient) -> None:
    answer = send(editor, "/bureau/articles/retirer", adresse="https://rien.example/x")
    assert answer.status_code == 422
    assert "aucun article à cette adresse" in answer.text


def test_a_request_leads_to_the_withdrawal_of_its_article(team: Team) -> None:
    library = team.library
    with library.store.begin() as tx:
        url = tx.articles.by_id(library.ids[3]).url
        asked = Contact(RequestKind.WITHDRAWAL, url, "Lou", "lou@exemple.fr", "Merci.")
        tx.requests.add(asked, library.clock())
    page = team.client(team.person(Role.ADMIN)).get("/administration/demandes").text
    assert f'href="/bureau/articles/{library.ids[3]}/retirer"' in page
