"""Sites that press reviews cite often, proposed to the team; sources added from the desk."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.model import Citation
from core.people import Role
from tests.web.conftest import Library
from tests.web.team import Team, make_team, token_in

PAGE = "/bureau/sources"


@pytest.fixture
def team(own_library: Library) -> Team:
    with own_library.store.begin() as tx:
        often = [f"https://www.{host}.example/{n}" for host in ("loin", "gazette") for n in "1234"]
        seldom = ["https://rare.example/1", "https://rare.example/2"]
        found = [Citation(url, "Un titre") for url in (*often, *seldom)]
        tx.citations.replace(own_library.ids[2], found)
    return make_team(own_library)


@pytest.fixture
def client(team: Team) -> FlaskClient:
    return team.client(team.person(Role.DOCUMENTALIST))


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    token = token_in(client.get(PAGE).text)
    return client.post(address, data={"csrf_token": token, **fields})


def test_sites_cited_often_that_are_no_sources_are_proposed(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "loin.<wbr>example" in page
    assert "4\u00a0articles cités par 1\u00a0source" in page
    assert "gazette.<wbr>example" not in page  # a source already
    assert "rare.<wbr>example" not in page


def test_one_that_is_taken_up_is_a_source_to_be_looked_at(team: Team, client: FlaskClient) -> None:
    home = "https://www.loin.example/"
    assert send(client, f"{PAGE}/proposees", site=home, geste="ajouter").status_code == 303
    with team.library.store.read() as tx:
        source = tx.sources.by_slug("loin-example")
    assert (source.url, source.candidates) == (home, (home,))
    assert "loin.<wbr>example" not in client.get(PAGE).text


def test_one_that_is_set_aside_is_proposed_no_more(team: Team, client: FlaskClient) -> None:
    send(client, f"{PAGE}/proposees", site="https://www.loin.example/", geste="ecarter")
    assert "loin.<wbr>example" not in client.get(PAGE).text
    with team.library.store.read() as tx:
        assert "loin-example" not in {one.slug for one in tx.sources.all()}


def test_any_other_site_is_added_by_its_address(team: Team, client: FlaskClient) -> None:
    assert send(client, PAGE, adresse="https://neuf.example", nom="Le neuf").status_code == 303
    with team.library.store.read() as tx:
        assert tx.sources.by_slug("le-neuf").url == "https://neuf.example/"
    again = send(client, PAGE, adresse="https://neuf.example/", nom="")
    assert again.status_code == 422
    assert "déjà celle d’une source" in again.text
    assert "elle commence par https" in send(client, PAGE, adresse="neuf", nom="").text
