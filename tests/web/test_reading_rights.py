"""Nobody sees or changes another's private list: every route × roles × lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from core.people import Role
from core.reading_lists import (
    Contents,
    EditionNotice,
    Item,
    ItemId,
    ReadingList,
    Section,
    SectionId,
    Visibility,
)
from core.references import Reference
from curation.reading_lists import begin_list
from tests.web.conftest import Library
from tests.web.team import Team, make_team, token_in
from web import reading_lists, reading_shares

SECRET = "Kiwiberland"
OTHERS: tuple[Role | None, ...] = (None, Role.TRAINER, Role.EDITOR, Role.DOCUMENTALIST)
STATES = ("private", "bin", "edited by a colleague")
ROOMS = ("reading_", "shelving.", "bibliographies.", "dossiers.")

GESTURES = {
    "reading_lists.show": tuple(reading_lists.GESTURES),
    "reading_shares.show": tuple(reading_shares.GESTURES),
}


@pytest.fixture
def team(empty_library: Library) -> Team:
    return make_team(empty_library)


def hide(team: Team, state: str) -> ReadingList:
    """A trainer's list that nobody else may see (but for one colleague in the last state)."""
    item = Item(ItemId("un"), Reference(title=f"{SECRET} deux", url="https://a.example/x"))
    section = Section(SectionId("s"), f"{SECRET} trois", "", (item,))
    contents = Contents(f"{SECRET} liste", f"{SECRET} intro", sections=(section,))
    owner, now = team.person(Role.TRAINER), team.library.clock()
    colleague = team.add("collegue@exemple.fr", Role.TRAINER)
    with team.library.store.begin() as tx:
        one = begin_list(tx, contents, owner=owner.id, now=now)
        lists = tx.reading_lists
        lists.freeze(one, label=SECRET, by=owner.id, visibility=Visibility.PRIVATE, now=now)
        if state == "bin":
            lists.set_visibility(one.id, Visibility.PUBLIC)
            lists.share_edition(one.id, 1, Visibility.PUBLIC)
            lists.set_deleted(one.id, now)
        if state == "edited by a colleague":
            lists.set_editors(one.id, [colleague.id])
        return lists.by_slug(one.slug)


def asked(team: Team, slug: str) -> Iterator[tuple[str, str, str]]:
    """Every address of the rooms of lists: endpoint, method, path."""
    values: dict[str, Any] = {"slug": slug, "section": "s", "item": "un", "number": 1}
    with team.app.test_request_context():
        adapter = team.app.url_map.bind("localhost")
        for rule in team.app.url_map.iter_rules():
            if not rule.endpoint.startswith(ROOMS):
                continue
            forms = ("ris", "bib", "json", "docx", "pdf", "md", "html", "csv", "atom.xml")
            for form in forms if "form" in rule.arguments else ("",):
                wanted = {name: values.get(name, form) for name in rule.arguments}
                path = adapter.build(rule.endpoint, wanted)
                for method in {"GET", "POST"} & (rule.methods or set()):
                    yield rule.endpoint, method, path


def payloads(slug: str, endpoint: str) -> Iterator[MultiDict[str, str]]:
    """What each page takes, its list named in every way."""
    whole = MultiDict(
        {
            "titre": "Pris", "liste": slug, "genre": "livre", "visibilite": "public", "nom": "x",
            "numero": "1", "article": "1", "un": "1", "adresse": "trainer2@exemple.fr",
            "personne": "2", "ref": "un", "vers": "s", "partie": "Pris", "vu": "1", "colle": "x",
        }
    )  # fmt: skip
    for gesture in GESTURES.get(endpoint, ("",)):
        abouts = (":un", ":s", ":1", ":un:s:") if endpoint == "reading_lists.show" else ("",)
        for about in abouts:
            yield MultiDict([*whole.items(), ("geste", gesture + about)])


def kept(team: Team, slug: str) -> tuple[ReadingList, list[EditionNotice], int]:
    with team.library.store.read() as tx:
        one = tx.reading_lists.by_slug(slug)
        count = tx.reading_lists.count_revisions(one.id)
        return one, tx.reading_lists.editions(one.id), count


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", OTHERS, ids=str)
def test_no_route_shows_or_changes_the_list_of_another(
    team: Team, state: str, role: Role | None
) -> None:
    one = hide(team, state)
    before = kept(team, one.slug)
    client = team.client(team.person(role, 2) if role else None)
    token = token_in(client.get("/compte" if role else "/connexion").text)
    seen = 0
    for endpoint, method, path in asked(team, one.slug):
        bodies = [None] if method == "GET" else list(payloads(one.slug, endpoint))
        for body in bodies:
            data = None if body is None else MultiDict([*body.items(), ("csrf_token", token)])
            answer = client.open(path, method=method, data=data)
            assert answer.status_code < 500, path
            assert SECRET not in answer.text, (path, method)
            seen += 1
    assert seen > 60
    assert kept(team, one.slug) == before


@pytest.mark.parametrize("role", OTHERS, ids=str)
def test_no_page_of_the_whole_site_names_it(team: Team, role: Role | None) -> None:
    one = hide(team, "private")
    client = team.client(team.person(role, 2) if role else None)
    for rule in team.app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.arguments:
            answer = client.get(rule.rule, query_string={"q": SECRET.lower()[:6]})
            assert SECRET not in answer.text, rule.rule
            assert one.slug not in answer.text, rule.rule


def test_its_owner_a_colleague_and_an_admin_see_it(team: Team) -> None:
    one = hide(team, "edited by a colleague")
    with team.library.store.read() as tx:
        colleague = tx.accounts.by_address("collegue@exemple.fr")
    for person in (team.person(Role.TRAINER), colleague, team.person(Role.ADMIN)):
        client = team.client(person)
        for path in ("", "/export.ris", "/editions/1", "/historique", "/references/un"):
            answer = client.get(f"/bureau/bibliographies/{one.slug}{path}")
            assert answer.status_code == 200, path
            assert SECRET in answer.text, path


def test_a_trainer_whose_role_was_taken_away_edits_no_more(team: Team) -> None:
    one = hide(team, "edited by a colleague")
    with team.library.store.begin() as tx:
        colleague = tx.accounts.by_address("collegue@exemple.fr")
    client = team.client(colleague)
    with team.library.store.begin() as tx:
        tx.accounts.change(colleague.id, disabled=True)
    answer = client.get(f"/bureau/bibliographies/{one.slug}")
    assert answer.status_code == 302
    assert answer.location.startswith("/connexion")
