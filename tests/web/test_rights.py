"""Routes × roles: each cell asked for; and rules on one object, with two of the same role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.people import Person, Role
from people.rights import Action
from tests.web.conftest import Library
from tests.web.team import Team, make_team, token_in, value_of
from web.guard import ANYONE, access_to

EVERYBODY = frozenset(Role)
ADMINS = frozenset({Role.ADMIN})
DOCUMENTALISTS = frozenset({Role.DOCUMENTALIST, Role.ADMIN})
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
CORRECTORS = frozenset({Role.EDITOR, Role.DOCUMENTALIST, Role.ADMIN})

# Endpoint → the roles to which it is open; None: anyone, signed in or not. Every endpoint that is
# not the readers' must be here: a new one is refused until it is.
TABLE: dict[str, frozenset[Role] | None] = {
    "accounts.sign_in": None,
    "accounts.second_factor": None,
    "accounts.sign_out": None,
    "accounts.forgotten": None,
    "accounts.invitation": None,
    "accounts.reset": None,
    "desks.show": EVERYBODY,
    "own_account.show": EVERYBODY,
    "own_account.password": EVERYBODY,
    "own_account.sign_out_everywhere": EVERYBODY,
    "own_account.factor": EVERYBODY,
    "own_account.prepare_factor": EVERYBODY,
    "own_account.factor_image": EVERYBODY,
    "own_account.remove_factor": EVERYBODY,
    "own_account.end_session": EVERYBODY,
    "installation.colour": None,
    "installation.first": None,
    "installation.show": ADMINS,
    "installation.add_packs": ADMINS,
    "logo.choose": ADMINS,
    "logo.remove": ADMINS,
    "installation.try_mail": ADMINS,
    "administration.show": ADMINS,
    "administration.invite": ADMINS,
    "administration.account": ADMINS,
    "administration.link": ADMINS,
    "administration.remove_factor": ADMINS,
    "administration.history": ADMINS,
    "watching.show": ADMINS,
    "corrections.article": CORRECTORS,
    "corrections.queue": CORRECTORS,
    "copies.article": CORRECTORS,
    "story_desk.article": CORRECTORS,
    "health.index": CORRECTORS,
    "health.show": CORRECTORS,
    "holdings.add": CORRECTORS,
    "proposals.show": CORRECTORS,
    "proposals.decide": CORRECTORS,
    "holdings.added": CORRECTORS,
    "holdings.find": CORRECTORS,
    "holdings.withdraw": CORRECTORS,
    **dict.fromkeys(
        (
            *("vocabulary.index", "vocabulary.add", "vocabulary.theme", "vocabulary.split"),
            *("vocabulary.expressions", "vocabulary.table", "vocabulary.upload"),
            "skills.show",
        ),
        DOCUMENTALISTS,
    ),
    **dict.fromkeys(
        (
            *("reading_lists.index", "reading_lists.show"),
            *("reading_items.sheet", "reading_items.heading", "reading_items.item"),
            *(
                "reading_items.add",
                "reading_imports.show",
                "reading_exports.own",
                "reading_exports.own_edition",
            ),
            *("reading_shares.show", "reading_shares.restore", "reading_shares.editions"),
            *("reading_shares.share_edition", "reading_shares.history"),
            *("shelving.add", "shelving.copy", "dossiers.show"),
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(
        (
            *("newsletter_desk.index", "newsletter_desk.show", "newsletter_desk.versions"),
            *("newsletter_desk.remove", "newsletter_sending.show", "newsletter_sending.preview"),
            *("newsletter_sending.frame", "newsletter_sending.copy", "newsletter_sending.download"),
            *("newsletter_pictures.choose", "newsletter_basket.article", "newsletter_basket.show"),
            *("subscribers.index", "subscribers.export"),
        ),
        EDITORS,
    ),
    "contact.received": ADMINS,
    "contact.settle": ADMINS,
    "contact.show": None,
    "subscriptions.theme": None,
    "subscriptions.search": None,
    "subscriptions.newsletter": None,
    "subscriptions.confirmation": None,
    "subscriptions.confirm": None,
    "subscriptions.show": None,
    "subscriptions.change": None,
    "subscriptions.leaving": None,
    "subscriptions.quit_": None,
}
READERS = {
    "home", "news", "search", "themes", "sources", "articles", "weeks", "feeds", "about", "legal",
    "api", "reliability", "metrics", "names", "kinds", "rises", "stories",
    "bibliographies", "newsletters",
}  # fmt: skip
# Forms for anyone: nobody's session is in them (see test_subscriptions.py).
OPEN = {"contact.show", *(one for one in TABLE if one.startswith("subscriptions."))}
LISTS = ("reading_", "bibliographies.")
WHO: tuple[Role | None, ...] = (None, *Role)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def team(empty_library: Library) -> Team:
    return make_team(empty_library)


def _rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            if method in (rule.methods or ()):
                yield rule, method


def _is_readers(endpoint: str) -> bool:
    return endpoint == "static" or endpoint.partition(".")[0] in READERS


def _address(team: Team, rule: Rule, who: Person | None) -> str:
    """An address of this rule: of somebody else's account, of a session of one's own."""
    with team.library.store.read() as tx:
        sessions = tx.sessions.of(who.id) if who else []
    other = team.person(Role.TRAINER, 2).id
    session = sessions[0].id if sessions else 1
    values: dict[str, Any] = {"token": "x", "filename": "glaneuse.css", "slug": "2026-S47"}
    values |= {"week": "2026-W47", "form": "bib", "suffix": "md"}
    values |= {"id": session if rule.endpoint == "own_account.end_session" else other}
    if rule.endpoint.startswith(LISTS):
        values |= {"slug": "lectures", "section": "x", "item": "x", "number": 1, "form": "ris"}
    of_themes = ("themes.", "feeds.", "subscriptions.", "api.theme", "vocabulary.")
    if rule.endpoint.startswith(of_themes):
        values["id"] = "numerique"
    values |= {"entry": "e", "name": "3f2a.jpg"}
    if rule.endpoint == "newsletter_sending.download":
        values["form"] = "html"
    if rule.endpoint.startswith("feeds."):
        values |= {"form": "atom.xml"}
    if rule.endpoint.startswith(("articles.", "api.article")) or rule.endpoint == "feeds.story":
        values["id"] = 1
    if rule.endpoint.startswith("names.") or rule.endpoint == "feeds.named":
        values |= {"section": "territoires", "id": "orne"}
    if rule.endpoint.startswith("kinds.") or rule.endpoint == "feeds.kind":
        values["section"] = "paroles-de-terrain"
    if rule.endpoint in {"sources.show", "api.source", "feeds.source", "health.show"}:
        values["slug"] = "la-gazette-des-solidarites"
    wanted = {name: values[name] for name in rule.arguments}
    with team.app.test_request_context():
        adapter = team.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, wanted)


def _csrf(client: FlaskClient, who: Person | None) -> str:
    return token_in(client.get("/compte" if who else "/connexion").text)


def _outcome(answer: TestResponse) -> str:
    location = answer.headers.get("Location", "")
    if answer.status_code == 403:
        return "forbidden"
    if answer.status_code == 401 or location.startswith("/connexion?suite="):
        return "sign in first"
    assert answer.status_code < 500, answer.text[:300]
    return "open"


def _expected(endpoint: str, who: Role | None) -> str:
    open_to = None if _is_readers(endpoint) else TABLE[endpoint]
    if open_to is None or who in open_to:
        return "open"
    return "sign in first" if who is None else "forbidden"


def test_every_route_is_in_the_table(team: Team) -> None:
    endpoints = {rule.endpoint for rule in team.app.url_map.iter_rules()}
    assert {one for one in endpoints if not _is_readers(one)} == set(TABLE)


@pytest.mark.parametrize("role", WHO, ids=str)
def test_each_route_answers_each_role_as_the_table_says(team: Team, role: Role | None) -> None:
    who = team.person(role) if role else None
    cells = {}
    for rule, method in _rules(team.app):
        client = team.client(who)
        address = _address(team, rule, who)
        if method == "GET":
            answer = client.get(address)
        else:
            answer = client.open(address, method=method, data={"csrf_token": _csrf(client, who)})
        cells[rule.endpoint, method] = _outcome(answer)
        answer.close()
    assert len(cells) > 40
    wrong = {
        cell: outcome for cell, outcome in cells.items() if outcome != _expected(cell[0], role)
    }
    assert wrong == {}


def test_readers_pages_take_nothing(team: Team) -> None:
    methods = {m for rule, m in _rules(team.app) if _is_readers(rule.endpoint)}
    assert methods == {"GET"}


def test_a_view_that_says_not_for_whom_it_is_is_closed_to_all(team: Team) -> None:
    team.app.add_url_rule("/oubli", "oubli", lambda: "secret")
    assert access_to(team.app, "oubli") is None
    for role in WHO:
        answer = team.client(team.person(role) if role else None).get("/oubli")
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_a_view_says_which_right_it_takes(team: Team) -> None:
    assert access_to(team.app, "administration.history") is Action.READ_HISTORY
    assert access_to(team.app, "accounts.sign_in") is ANYONE
    assert access_to(team.app, "home.show") is ANYONE


# -- CSRF -----------------------------------------------------------------------------------------


def _recorded(app: Flask) -> list[str]:
    """Have each view of the team say that it was reached."""
    reached: list[str] = []

    def noting(view: Callable[..., Any], endpoint: str, **values: Any) -> Any:
        reached.append(f"{endpoint} {request.method}")
        return view(**values)

    for endpoint, view in app.view_functions.items():
        if endpoint in TABLE:
            noted = partial(noting, view, endpoint)
            noted.__dict__.update(view.__dict__)
            noted.__module__, noted.__name__ = view.__module__, view.__name__  # type: ignore[attr-defined]
            app.view_functions[endpoint] = noted
    return reached


@pytest.mark.parametrize("token", ["", "made up", None])
def test_no_route_changes_anything_without_its_token(team: Team, token: str | None) -> None:
    reached = _recorded(team.app)
    admin = team.person(Role.ADMIN)
    asked = 0
    for rule, method in _rules(team.app):
        if method == "GET" or rule.endpoint in OPEN:
            continue
        client = team.client(admin)
        right = _csrf(client, admin)
        reached.clear()
        address = _address(team, rule, admin)
        answer = client.open(address, method=method, data={"csrf_token": token} if token else {})
        assert reached == [], address
        assert answer.status_code in {303, 400}, address
        client.open(address, method=method, data={"csrf_token": right})
        assert reached == [f"{rule.endpoint} {method}"], address
        asked += 1
    assert asked >= 14


def test_the_token_of_another_session_is_no_good(team: Team) -> None:
    reached = _recorded(team.app)
    stolen = _csrf(team.client(team.person(Role.EDITOR, 2)), team.person(Role.EDITOR, 2))
    mine = team.client(team.person(Role.EDITOR))
    _csrf(mine, team.person(Role.EDITOR))
    reached.clear()
    mine.post("/compte", data={"csrf_token": stolen, "nom": "Autre"})
    assert reached == []
    assert team.person(Role.EDITOR).name == ""


# -- one object, two people of the same role ------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_nobody_ends_the_session_of_another_of_their_role(team: Team, role: Role) -> None:
    mine, hers = team.person(role, 1), team.person(role, 2)
    client, other = team.client(mine), team.client(hers)
    with team.library.store.read() as tx:
        (session,) = tx.sessions.of(hers.id)
    data = {"csrf_token": _csrf(client, mine)}
    assert client.post(f"/compte/sessions/{session.id}/fin", data=data).status_code == 403
    assert other.get("/bureau").status_code == 200
    data = {"csrf_token": _csrf(other, hers)}
    assert other.post(f"/compte/sessions/{session.id}/fin", data=data).status_code == 303
    assert other.get("/bureau").status_code == 302


@pytest.mark.parametrize("role", Role)
def test_a_draft_comes_back_to_its_author_alone(team: Team, role: Role) -> None:
    mine, hers = team.person(role, 1), team.person(role, 2)
    with team.library.store.begin() as tx:
        tx.drafts.keep("k" * 32, mine.id, "/compte", {"nom": ("À moi",)}, now=team.library.clock())
    address = "/compte?brouillon=" + "k" * 32
    assert value_of(team.client(mine).get(address).text, "nom") == "À moi"
    assert value_of(team.client(hers).get(address).text, "nom") == ""
    assert "Voici ce que" not in team.client(hers).get(address).text


def test_an_admin_changes_another_admin_but_not_themselves(team: Team) -> None:
    me, other = team.person(Role.ADMIN, 1), team.person(Role.ADMIN, 2)
    client = team.client(me)
    data = {"csrf_token": _csrf(client, me), "nom": "", "role": "trainer"}
    assert client.post(f"/administration/comptes/{me.id}", data=data).status_code == 403
    assert team.person(Role.ADMIN, 1).role is Role.ADMIN
    assert client.post(f"/administration/comptes/{other.id}", data=data).status_code == 303
    assert team.person(Role.ADMIN, 2).role is Role.TRAINER
    for action in ("lien", "retirer-double-verification"):
        mine = f"/administration/comptes/{me.id}/{action}"
        assert client.post(mine, data=data).status_code == 403


def test_a_role_taken_away_is_gone_at_the_next_request(team: Team) -> None:
    me, other = team.person(Role.ADMIN, 1), team.person(Role.ADMIN, 2)
    client, hers = team.client(me), team.client(other)
    assert hers.get("/administration").status_code == 200
    data = {"csrf_token": _csrf(client, me), "nom": "", "role": "editor"}
    client.post(f"/administration/comptes/{other.id}", data=data)
    assert hers.get("/administration").status_code == 403
    client.post(f"/administration/comptes/{other.id}", data=data | {"suspendu": "y"})
    assert hers.get("/bureau").headers["Location"].startswith("/connexion")
