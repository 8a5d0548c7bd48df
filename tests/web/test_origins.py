"""Where forms come from, behind a proxy too, and under which names the site answers."""

from __future__ import annotations

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from core.letters import LetterState
from tests.web.conftest import Library
from tests.web.team import MAIL, Team, make_team
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
