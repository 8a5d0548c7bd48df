"""The first day: the first account, whose site it is, and readers who wait until that is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.people import Role
from people.secret import signing_secret
from tests.web.conftest import Library
from tests.web.team import MAIL, PASSWORD, Team, make_team, token_in
from web.application import create_app
from web.installation import contrast, first_address

COMPLETE = {
    "publisher": "Association des Lisières",
    "publisher_address": "3 rue du Four, 61000 Alençon",
    "director": "Camille Roy",
    "host": "Hébergeur solidaire, 02 00 00 00 00",
    "contact": "bonjour@lisieres.example",
}


def _site(library: Library, **changes: str) -> Flask:
    settings = replace(library.settings, contact="", **changes)  # type: ignore[arg-type]
    return create_app(
        settings,
        library.store,
        library.engine,
        library.vocabulary,
        library.clock,
        private_until_complete=True,
    )


def _send(client: FlaskClient, page: str, data: dict[str, str], path: str = "") -> str:
    """Fill in the form of a page, send it, and follow on."""
    token = token_in(client.get(page).text)
    answer = client.post(path or page, data={"csrf_token": token, **data}, follow_redirects=True)
    return answer.text


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def admin(team: Team) -> FlaskClient:
    return team.client(team.person(Role.ADMIN))


def test_who_installs_opens_the_first_account_and_nobody_the_next(
    empty_library: Library,
) -> None:
    app = empty_library.app()
    secret = signing_secret(empty_library.settings)
    path = first_address(empty_library.store, secret)
    client = app.test_client()
    assert "Premiers pas" in client.get(path).text
    told = _send(client, path, {"nom": "Camille", "adresse": "pas une adresse"})
    assert "Erreur" in told
    welcome = _send(client, path, {"nom": "Camille", "adresse": "camille@lisieres.example"})
    assert "Bienvenue dans Glaneuse" in welcome
    with empty_library.store.read() as tx:
        (person,) = tx.accounts.all()
    assert (person.role, person.has_password) == (Role.ADMIN, False)
    assert client.get(path).status_code == 303
    assert first_address(empty_library.store, secret) == ""


@pytest.mark.parametrize("token", ["first", "x", "ImZpcnN0Ig.xxxx"])
def test_the_first_account_is_not_for_who_guesses(empty_library: Library, token: str) -> None:
    client = empty_library.app().test_client()
    assert client.get(f"/premiers-pas/{token}").status_code == 404
    with empty_library.store.read() as tx:
        assert not tx.accounts.all()


def test_readers_wait_until_the_legal_notice_is_complete(own_library: Library) -> None:
    app = _site(own_library, public_url="http://localhost")
    reader = app.test_client()
    for path in ("/", "/themes/numerique", "/api/v1/articles", "/semaines/atom.xml"):
        answer = reader.get(path)
        assert answer.status_code == 503, path
        assert "Ce site se prépare" in answer.text
    assert reader.get("/mentions-legales").status_code == 200
    assert reader.get("/healthz").status_code == 200
    with own_library.store.begin() as tx:
        said = {name.upper(): value for name, value in COMPLETE.items()}
        tx.said_settings.say(said, by=None, now=own_library.clock())
    own_library.clock.now = own_library.clock.now.replace(minute=30)
    assert reader.get("/").status_code == 200
    assert "Association des Lisières" in reader.get("/mentions-legales").text


def test_the_team_sees_the_pages_meanwhile(own_library: Library) -> None:
    app = _site(own_library, public_url="http://localhost")
    team = Team(own_library, own_library.settings, app)
    make_team(own_library)
    editor = team.client(team.person(Role.EDITOR))
    assert editor.get("/").status_code == 200


def test_what_the_browser_says_holds_where_the_server_says_nothing(
    admin: FlaskClient, team: Team
) -> None:
    page = "/administration/site"
    said = COMPLETE | {"site_name": "Lisières", "colour": "#5A1E6B", "territory": "orne"}
    told = _send(admin, page, said)
    assert "C’est noté" in told
    reader = team.app.test_client()
    home = reader.get("/").text
    assert '<span class="brand-of">Lisières</span>' in home
    assert "Près de vous" in home
    assert "/territoires/orne" in home
    assert "--link: #5A1E6B" in reader.get("/couleur.css").text
    # The library's own settings give a contact: the server's word is the last.
    assert "contact@glaneuse.example" in admin.get(page).text
    with team.library.store.read() as tx:
        assert "CONTACT" not in tx.said_settings.all()
        assert tx.audit.recent(limit=1)[0].after["PUBLISHER"] == COMPLETE["publisher"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("colour", "mauve", "Écrivez une couleur"),
        ("colour", "#f0e68c", "trop claire"),
        ("colour", "#fff;}body{display:none}", "Écrivez une couleur"),
        ("territory", "nulle-part", "n’est pas connu"),
        ("site_name", "x" * 81, "80 caractères au plus"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_lost(
    admin: FlaskClient, team: Team, field: str, value: str, told: str
) -> None:
    page = _send(admin, "/administration/site", COMPLETE | {field: value})
    assert told in page
    assert COMPLETE["publisher"] in page
    with team.library.store.read() as tx:
        assert not tx.said_settings.all()


def test_packs_bring_sources_once(admin: FlaskClient, team: Team) -> None:
    page = admin.get("/administration/site").text
    packs = re.findall(r'name="paquet" value="([^"]+)"', page)
    before = len(_sources(team))
    path = "/administration/site/sources"
    told = _send(admin, "/administration/site", {"paquet": packs[0]}, path)
    added = len(_sources(team)) - before
    assert added
    assert re.search(rf"{added}\s+sources? ajoutées?", told)
    _send(admin, "/administration/site", {"paquet": packs[0]}, path)
    assert len(_sources(team)) == before + added


def _sources(team: Team) -> list[object]:
    with team.library.store.read() as tx:
        return list(tx.sources.all())


def test_a_letter_tries_the_mail(own_library: Library) -> None:
    team = make_team(own_library, MAIL)
    me = team.person(Role.ADMIN)
    client = team.client(me)
    base = team.base_url
    page = client.get("/administration/site", base_url=base).text
    data = {"csrf_token": token_in(page)}
    headers = {"Referer": f"{base}/administration/site"}
    path = "/administration/site/courrier"
    assert client.post(path, data=data, base_url=base, headers=headers).status_code == 303
    with own_library.store.read() as tx:
        assert sum(tx.outbox.counts().values()) == 1


def test_contrast_is_wcag_s() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_passwords_are_asked_of_the_first_account_as_of_any(empty_library: Library) -> None:
    client = empty_library.app().test_client()
    path = first_address(empty_library.store, signing_secret(empty_library.settings))
    token = token_in(client.get(path).text)
    data = {"csrf_token": token, "nom": "", "adresse": "camille@lisieres.example"}
    invitation = client.post(path, data=data).headers["Location"]
    told = _send(client, invitation, {"mot_de_passe": "court"})
    assert "Erreur" in told
    told = _send(client, invitation, {"mot_de_passe": PASSWORD})
    assert "Connectez-vous avec lui" in told
