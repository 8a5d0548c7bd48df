"""The entrance on PostgreSQL, which does not take every text that SQLite does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.people import Role
from store import Store
from tests.web.conftest import Library
from tests.web.team import PASSWORD, make_team, token_in

ODD = ("\x00", "a\x00@exemple.fr", "🧺")


def test_odd_texts_are_answered_and_signing_in_works(
    empty_library: Library, postgresql_url: str
) -> None:
    with Store.open(postgresql_url) as store:
        team = make_team(replace(empty_library, store=store))
        for odd in ODD:
            client = team.client()
            data = {"csrf_token": token_in(client.get("/connexion").text), "mot_de_passe": odd}
            assert client.post("/connexion", data=data | {"adresse": odd}).status_code == 422
            admin = team.client(team.person(Role.ADMIN))
            data = {"csrf_token": token_in(admin.get("/compte").text), "nom": f"A{odd}"}
            assert admin.post("/compte", data=data).status_code == 303
            kept = team.client(team.person(Role.ADMIN)).post("/compte", data={"nom": f"A{odd}"})
            assert kept.status_code == 303
            assert admin.get(kept.headers["Location"]).status_code == 200
            invited = data | {"adresse": f"a{odd}", "role": odd}
            assert admin.post("/administration/inviter", data=invited).status_code == 422
            headers = {"User-Agent": f"A{odd}".encode().decode("latin-1")}
            client = team.client()
            data = {"csrf_token": token_in(client.get("/connexion").text)}
            data |= {"adresse": team.person(Role.EDITOR).address, "mot_de_passe": PASSWORD}
            if "\x00" not in odd:
                entered = client.post("/connexion", data=data, headers=headers)
                assert entered.status_code == 303


@pytest.mark.parametrize("path", ["/compte?brouillon=%00" + "k" * 30, "/connexion?suite=/%00"])
def test_odd_addresses_are_answered(empty_library: Library, postgresql_url: str, path: str) -> None:
    with Store.open(postgresql_url) as store:
        team = make_team(replace(empty_library, store=store))
        assert team.client(team.person(Role.EDITOR)).get(path).status_code in {200, 303}
