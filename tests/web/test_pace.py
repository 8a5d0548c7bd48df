"""How fast one address may search and ask the API."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from core.settings import read_settings
from tests.web.conftest import Library
from web.pace import SAVED, Pace


def test_a_place_has_its_pace_and_what_it_saved() -> None:
    now = 0.0
    pace = Pace(2, lambda: now)
    asked = int(2 * SAVED)
    assert [pace.wait("a") for _ in range(asked)] == [0.0] * asked
    assert pace.wait("a") == pytest.approx(0.5)
    assert pace.wait("b") == 0  # another place
    now = 0.5
    assert pace.wait("a") == 0
    assert pace.wait("a") > 0
    now = 1000.0  # no more is saved than that
    assert [pace.wait("a") for _ in range(asked)] == [0.0] * asked
    assert pace.wait("a") > 0


@pytest.fixture
def client(library: Library) -> FlaskClient:
    settings = replace(library.settings, request_rate=12)  # two at once, then one in five seconds
    return replace(library, settings=settings).app().test_client()


@pytest.mark.parametrize(
    "path", ["/recherche?q=rue", "/recherche/suggestions?q=ru", "/api/v1/search?q=rue"]
)
def test_a_hurried_address_is_told_when_to_come_back(client: FlaskClient, path: str) -> None:
    assert [client.get(path).status_code for _ in range(2)] == [200, 200]
    answer = client.get(path)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 5
    assert "dans un instant" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_others_and_other_pages_do_not_wait(client: FlaskClient) -> None:
    for _ in range(3):
        client.get("/recherche?q=rue")
    assert client.get("/").status_code == 200
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/recherche?q=rue", environ_overrides=other).status_code == 200
    # a header that anybody may write is not believed
    forged = {"X-Forwarded-For": "198.51.100.9"}
    assert client.get("/recherche?q=rue", headers=forged).status_code == 429


def test_no_limit_when_none_is_set(library: Library) -> None:
    settings = replace(library.settings, request_rate=0)
    client = replace(library, settings=settings).app().test_client()
    assert {client.get("/recherche?q=rue").status_code for _ in range(5)} == {200}


def test_a_school_behind_one_address_is_not_bothered(library: Library) -> None:
    usual = read_settings({}, library.settings.data_dir).request_rate
    readers, think, searching = 200, 3, 0.6
    assert usual > readers / think * searching * 60
