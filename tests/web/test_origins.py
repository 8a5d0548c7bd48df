"""Where forms come from, behind a proxy too, and under which names the site answers."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from werkzeug.test import TestResponse

from core.letters import LetterState
from core.people import Role
from tests.web.conftest import Library
from tests.web.team import MAIL, Team, make_team, token_in
from web.application import create_app
from web.hosts import netloc
from web.open_forms import ELSEWHERE, OLD

PAGE = "/suivre/theme/numerique"


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library, MAIL)


def sent(team: Team, host: str, headers: dict[str, str], **fields: str) -> TestResponse:
    """A sign-up, received under a name."""
    client, base = team.app.test_client(use_cookies=False), f"http://{host}"
    found = re.search(r'name="jeton"[^>]*value="([^"]+)"', client.get(PAGE, base_url=base).text)
    assert found
    data = {"adresse": "camille@exemple.fr", "rythme": "daily", "jeton": unescape(found[1])}
    return client.post(PAGE, base_url=base, data=data | fields, headers=headers)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("glaneuse.example", "https://glaneuse.example"),
        ("127.0.0.1:8000", "https://glaneuse.example"),  # a proxy that asks under its own name
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost", "null"),
    ],
)
def test_a_form_of_ours_is_received_behind_a_proxy(team: Team, host: str, origin: str) -> None:
    assert sent(team, host, {"Origin": origin}).status_code == 200
    with team.library.store.read() as tx:
        assert tx.outbox.counts() == {LetterState.WAITING: 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://glaneuse.example.evil.example"},
        {"Origin": "https://glaneuse.example:8443"},
        {"Origin": "https://[glaneuse.example"},
        {"Origin": "https://glaneuse.example:port"},
        {"Origin": ""},
        {"Origin": "https://glaneuse.example", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_of_another_site_is_refused_in_its_own_words(
    team: Team, headers: dict[str, str]
) -> None:
    answer = sent(team, "127.0.0.1:8000", headers)
    page = answer.text.replace("\xa0", " ")
    assert answer.status_code == 400
    assert ELSEWHERE in page
    assert OLD not in page
    assert "camille@exemple.fr" in page
    with team.library.store.read() as tx:
        assert tx.outbox.counts() == {}


def test_an_old_form_is_refused_in_other_words(team: Team) -> None:
    answer = sent(team, "localhost", {}, jeton="old")
    assert OLD in answer.text.replace("\xa0", " ")


def test_an_address_written_otherwise_in_the_settings_is_the_same(own_library: Library) -> None:
    team = make_team(own_library, MAIL | {"public_url": "https://Études.example:443"})
    origin = "https://xn--tudes-9ra.example"
    assert sent(team, "127.0.0.1:8000", {"Origin": origin}).status_code == 200


@pytest.mark.parametrize(
    ("public_url", "base_url", "status"),
    [
        ("https://glaneuse.example", "https://glaneuse.example", 200),
        ("https://glaneuse.example", "http://GLANEUSE.example:8000", 200),
        ("https://glaneuse.example", "http://127.0.0.1:8000", 200),
        ("https://glaneuse.example", "http://[::1]:8000", 200),
        ("https://glaneuse.example", "http://evil.example", 421),
        ("https://glaneuse.example", "http://glaneuse.example.evil.example", 421),
        ("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000", 200),
        ("https://études.example", "https://xn--tudes-9ra.example", 200),
        ("", "http://glaneuse.lan", 200),
    ],
)
def test_the_site_answers_under_its_names_only(
    own_library: Library, public_url: str, base_url: str, status: int
) -> None:
    app = make_team(own_library, {"public_url": public_url}).app
    answer = app.test_client().get("/themes", base_url=base_url)
    assert answer.status_code == status
    assert 'lang="fr"' in answer.text
    assert app.test_client().get("/healthz", base_url=base_url).status_code == 200


def test_a_feed_with_an_unsure_address_is_kept_by_nobody_else(
    own_library: Library, team: Team
) -> None:
    unsure = own_library.app().test_client().get("/semaines/atom.xml", base_url="http://a.example")
    assert "http://a.example/" in unsure.text
    assert unsure.headers["Cache-Control"].startswith("private")
    sure = team.app.test_client().get("/semaines/atom.xml", base_url="http://127.0.0.1")
    assert "127.0.0.1" not in sure.text
    assert sure.headers["Cache-Control"].startswith("public")


def test_a_link_to_pass_on_says_that_its_address_was_guessed(own_library: Library) -> None:
    team = make_team(own_library)
    sure = replace(team.settings, public_url="http://localhost")
    other = create_app(sure, own_library.store, own_library.engine, own_library.vocabulary,
                       own_library.clock)  # fmt: skip
    for here, said in ((team, True), (replace(team, settings=sure, app=other), False)):
        admin = here.client(team.person(Role.ADMIN))
        page = f"/administration/comptes/{team.person(Role.EDITOR).id}"
        token = token_in(admin.get(page).text)
        answer = admin.post(f"{page}/lien", data={"csrf_token": token})
        assert "http://localhost/nouveau-mot-de-passe/" in answer.text
        assert ("PUBLIC_URL" in answer.text) is said


@pytest.mark.parametrize(
    "url", ["", "x", "https://", "https://[", "https://a:port", "https://" + "é" * 99]
)
def test_what_is_no_address_names_nothing(url: str) -> None:
    assert netloc(url) == ""
