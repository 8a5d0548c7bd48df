"""The desk of the letter, as a browser without script uses it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from core.model import Access
from core.newsletters import Content, EntryKind, NewsletterId
from core.people import Role
from core.reading_lists import Contents, Item, ItemId, SectionId
from core.reading_lists import Section as ReadingSection
from core.references import Reference
from tests.web.conftest import Library
from tests.web.newsletter_forms import DeskPage
from tests.web.team import Team, make_team, token_in

DESK = "/bureau/lettres"


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def claire(team: Team) -> FlaskClient:
    return team.client(team.person(Role.EDITOR))


Begin = Callable[..., DeskPage]


@pytest.fixture
def begin(claire: FlaskClient) -> Begin:
    """A new letter, made of something."""

    def begin(depart: str = "vide", **fields: str) -> DeskPage:
        token = token_in(claire.get(DESK).text)
        answer = claire.post(DESK, data={"csrf_token": token, "depart": depart, **fields})
        assert answer.status_code == 303, answer.text[:2000]
        return DeskPage(claire, answer.headers["Location"]).open()

    return begin


def content(team: Team, id: int = 1) -> Content:
    with team.library.store.read() as tx:
        return tx.newsletters.by_id(NewsletterId(id)).content


# -- beginning ------------------------------------------------------------------------------------


def test_a_letter_made_of_the_period_has_articles_quotations_and_a_subject(
    begin: Begin, team: Team
) -> None:
    page = begin("periode")
    letter = content(team)
    assert page.values("objet") == [letter.subject]
    assert letter.subject
    assert len(page.entries) >= 5
    leading = letter.sections[0].entries
    assert all(one.article and one.source and one.title for one in leading)
    assert any(one.is_quotation for one in leading)


def test_a_letter_made_of_a_search_or_of_nothing(begin: Begin, claire: FlaskClient) -> None:
    found = begin("recherche", recherche="logement")
    assert found.entries
    assert begin("vide").entries == []
    token = token_in(claire.get(DESK).text)
    for fields, words in (
        ({"depart": "recherche", "recherche": "zzyzx"}, "ne trouve rien"),
        ({"depart": "recherche"}, "Écrivez ce que vous cherchez"),
        ({"depart": "bibliographie"}, "Choisissez une bibliographie"),
        ({}, "Choisissez de quoi partir"),
        ({"depart": "vide", "du": "hier"}, "n’en est pas une"),
        ({"depart": "vide", "du": "2026-11-20", "au": "2026-11-10"}, "commence après sa fin"),
        ({"depart": "vide", "du": "2020-11-20"}, "dépasse un an"),
    ):
        answer = claire.post(DESK, data={"csrf_token": token, **fields})
        assert answer.status_code == 422
        assert words in answer.text


def test_a_letter_is_made_of_one_s_own_reading_list_and_not_of_another_s(
    begin: Begin, team: Team, claire: FlaskClient
) -> None:
    ids = team.library.ids[:3]
    items = tuple(Item(ItemId(f"i{id}"), Reference(title="Un titre"), article=id) for id in ids)
    listed = Contents("Logement", sections=(ReadingSection(SectionId("s"), items=items),))
    with team.library.store.begin() as tx:
        for slug, number in (("la-mienne", 1), ("la-sienne", 2)):
            owner = team.person(Role.EDITOR, number).id
            tx.reading_lists.add(listed, slug=slug, owner=owner, now=team.library.clock())
    begin("bibliographie", liste="la-mienne")
    assert [one.article for one in content(team).sections[0].entries] == ids
    page = claire.get(DESK).text
    assert 'value="la-mienne"' in page
    assert "la-sienne" not in page
    data = {"csrf_token": token_in(page), "depart": "bibliographie", "liste": "la-sienne"}
    assert claire.post(DESK, data=data).status_code == 422


def test_a_letter_begins_where_the_last_one_ended(
    begin: Begin, team: Team, claire: FlaskClient
) -> None:
    begin("vide", du="2026-11-01", au="2026-11-10")
    with team.library.store.begin() as tx:
        tx.newsletters.schedule(NewsletterId(1), team.library.clock(), slug="a", over=1)
    assert 'name="du" value="2026-11-11"' in claire.get(DESK).text


# -- writing --------------------------------------------------------------------------------------


def test_all_that_is_typed_is_kept_whatever_the_button(begin: Begin, team: Team) -> None:
    page = begin("periode")
    first, second = page.entries[:2]
    typed = {
        "objet": "Un autre objet", "edito": "Bonjour,\r\n\r\nDeux lignes.", "signature": "Claire",
        f"e-{first}-titre": "Un titre repris", f"e-{first}-texte": "Écrit par Claire.",
        f"e-{first}-acces": "abonnés", f"e-{first}-jour": "3/11/2026",
        f"s-{page.sections[0]}-titre": "À lire d’abord",
    }  # fmt: skip
    page.press(f"monter:{second}", typed)
    letter = content(team)
    assert (letter.subject, letter.foreword) == ("Un autre objet", "Bonjour,\n\nDeux lignes.")
    assert letter.sections[0].title == "À lire d’abord"
    assert [one.id for one in letter.sections[0].entries[:2]] == [second, first]
    entry = letter.sections[0].entries[1]
    assert (entry.title, entry.text) == ("Un titre repris", "Écrit par Claire.")
    assert (entry.access, entry.is_quotation) == (Access.SUBSCRIBERS, False)
    assert str(entry.day) == "2026-11-03"


def test_what_is_word_for_word_is_a_quotation_and_another_can_be_had(
    begin: Begin, team: Team
) -> None:
    page = begin("periode")
    first = content(team).sections[0].entries[0]
    page.press("enregistrer", {f"e-{first.id}-texte": "Mes mots."})
    assert not content(team).sections[0].entries[0].is_quotation
    page.press("enregistrer", {f"e-{first.id}-texte": first.text})
    assert content(team).sections[0].entries[0].is_quotation
    page.press(f"citer:{first.id}")
    other = content(team).sections[0].entries[0]
    assert other.is_quotation
    assert len(other.text) <= team.settings.extract_length


def test_entries_of_every_kind_are_added_moved_and_taken_out(begin: Begin, team: Team) -> None:
    page = begin("vide")
    first, second = page.sections
    for kind in (EntryKind.NEWS, EntryKind.EVENT, EntryKind.JOB, EntryKind.TEXT, EntryKind.IMAGE):
        page.press(f"ajouter:{kind}", {"dans": first})
    kinds = [one.kind for one in content(team).sections[0].entries]
    assert kinds[:2] == [EntryKind.NEWS, EntryKind.EVENT]
    assert len(kinds) == 5
    event = page.entries[1]
    page.press(
        "enregistrer",
        {f"e-{event}-titre": "Journée", f"e-{event}-jour": "2026-12-03", f"e-{event}-lieu": "Caen",
         f"e-{event}-heures": "14 h"},
    )  # fmt: skip
    entry = content(team).sections[0].entries[1]
    assert (entry.title, str(entry.day), entry.place) == ("Journée", "2026-12-03", "Caen")
    page.press(f"placer:{event}", {f"e-{event}-vers": second})
    assert [one.id for one in content(team).sections[1].entries] == [event]
    page.press(f"retirer:{event}")
    assert event not in page.entries
    assert 'form="annuler"' in page.text
    page.press("rubrique", {"rubrique": "Agenda"})
    assert content(team).sections[-1].title == "Agenda"
    page.press(f"retirer:{page.sections[-1]}")
    assert len(page.sections) == 2


def test_links_pasted_are_articles_when_they_are_known(begin: Begin, team: Team) -> None:
    with team.library.store.read() as tx:
        known = tx.articles.by_id(team.library.ids[0])
    page = begin("vide")
    page.press("liens", {"lien": f"{known.url}\nhttps://ailleurs.example/page\njavascript:x"})
    first, second = content(team).sections[0].entries or content(team).sections[-1].entries
    assert (first.kind, first.article, first.title) == (EntryKind.ARTICLE, known.id, known.title)
    assert (second.kind, second.url) == (EntryKind.LINK, "https://ailleurs.example/page")
    assert "Ce qui n’était pas une adresse de page n’a pas été ajouté" in page.text
    page.press("liens", {"lien": "bonjour"})
    assert "Collez une adresse de page" in page.text


def test_articles_are_found_and_added_once(begin: Begin) -> None:
    page = begin("vide")
    page.press("chercher", {"q": "logement"})
    wanted = next(one for one in page.buttons if one.startswith("article:"))
    page.press(wanted)
    assert wanted not in page.buttons
    page.press(wanted)
    assert "déjà dans la lettre" in page.text
    assert len(page.entries) == 1
    page.press("article:999999")
    assert "n’est pas, ou plus, dans Glaneuse" in page.text


def test_pressing_enter_does_what_the_field_is_for(begin: Begin, team: Team) -> None:
    page = begin("vide")
    page.press("enregistrer", {"q": "logement", "objet": "Un objet"})
    assert content(team).subject == "Un objet"
    assert any(one.startswith("article:") for one in page.buttons)
    page.press("enregistrer", {"q": "", "rubrique": "Chez nous"})
    assert [one.title for one in content(team).sections][-1] == "Chez nous"
    page.press("enregistrer", {"lien": "https://ailleurs.example/page"})
    assert [one.url for one in content(team).entries] == ["https://ailleurs.example/page"]
    version = page.values("version")
    script = {"Accept": "application/json"}
    assert page.send("enregistrer", {"rubrique": "Pas encore"}, **script).status_code == 200
    assert page.open().values("version") == version


def test_the_note_of_the_basket_reaches_an_article_that_was_in_the_letter(
    begin: Begin, team: Team, claire: FlaskClient
) -> None:
    page = begin("periode")
    held = content(team).sections[0].entries[0].article
    address = f"/articles/{held}/lettre"
    note = {"csrf_token": token_in(claire.get(address).text), "note": "En premier !"}
    claire.post(address, data=note)
    assert "déjà dans la lettre" in page.open().text
    before = len(page.entries)
    page.press("panier")
    assert len(page.entries) == before
    assert content(team).sections[0].entries[0].note == "En premier !"
    assert "a reçu sa note" in page.text
    with team.library.store.read() as tx:
        assert tx.basket.all() == []


def test_the_subject_is_proposed_from_the_first_articles(begin: Begin, team: Team) -> None:
    page = begin("vide")
    page.press("objet")
    assert "Ajoutez d’abord un article" in page.text
    page.press("chercher", {"q": "logement"})
    page.press(next(one for one in page.buttons if one.startswith("article:")))
    page.press("objet")
    assert content(team).subject


def test_what_is_missing_is_said_beside_it(begin: Begin) -> None:
    page = begin("vide")
    page.press("liens", {"lien": "https://ailleurs.example/page"})
    for words in ("Il manque un titre", "Il manque la date", "L’édito manque", "à compléter"):
        assert words in page.text


def test_a_date_that_is_none_leaves_the_former_one_and_is_said(begin: Begin, team: Team) -> None:
    page = begin("periode")
    before = content(team).sections[0].entries[0].day
    page.press("enregistrer", {f"e-{page.entries[0]}-jour": "demain"})
    assert content(team).sections[0].entries[0].day == before
    assert "Une date n’en est pas une" in page.text


def test_a_form_cut_short_changes_nothing(begin: Begin, team: Team) -> None:
    page = begin("periode")
    before = content(team)
    page.fields = page.fields[: len(page.fields) // 2]
    page.press("enregistrer")
    assert content(team) == before
    assert "pas arrivé en entier" in page.text
