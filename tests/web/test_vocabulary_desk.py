"""The documentalist's desk: words, themes, tables, what a change would do, and taking it back."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.corrections import Verdict
from core.model import Extracted, ThemeId
from core.people import Role
from core.vocabulary_edits import Edit
from indexer.stages import drain
from taxonomy.trial import Difference, Item
from tests.web.conftest import Library
from tests.web.team import PASSWORD, Team, make_team, token_in, value_of
from web.trials import Laboratory, try_edit

DESK = "/bureau/vocabulaire"
LOGEMENT = f"{DESK}/logement"
NUMERIQUE = ThemeId("numerique")


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def documentalist(team: Team) -> FlaskClient:
    return team.client(team.person(Role.DOCUMENTALIST))


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_in(client.get(path).text)} | fields)


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


# -- terms ----------------------------------------------------------------------------------------


@pytest.fixture
def verger(team: Team) -> str:
    """An article about something that the shipped vocabulary does not know."""
    store, now = team.library.store, team.library.clock()
    text = "Le verger suspendu du quartier accueille les personnes accompagnées. " * 4
    with store.begin() as tx:
        source = tx.sources.by_slug("la-gazette-des-solidarites")
        article = Extracted("https://www.gazette.example/verger", "Un verger suspendu", text)
        tx.articles.save(article, source_id=source.id, now=now)
    drain(store, team.library.engine)
    return "verger suspendu"


def test_a_term_is_tried_on_stored_articles_before_it_is_kept(
    team: Team, documentalist: FlaskClient, verger: str
) -> None:
    fields = {"expression": verger, "force": "forts"}
    tried = send(documentalist, LOGEMENT, geste="essayer", **fields)
    assert tried.status_code == 200
    shown = text_of(tried)
    assert re.search(r"1 article essayé : \d thèmes? gagnés?, \d thèmes? perdus?\.", shown)
    assert "Rien n’est encore enregistré" in shown
    with team.library.store.read() as tx:
        assert tx.vocabulary_edits.all() == []
    kept = send(documentalist, LOGEMENT, geste="enregistrer", **fields)
    assert kept.headers["Location"] == LOGEMENT
    page = text_of(documentalist.get(LOGEMENT))
    assert "verger suspendu : fort par documentalist1@exemple.fr" in page
    gone = text_of(send(documentalist, LOGEMENT, geste="essayer", expression=verger, force=""))
    assert "1 article essayé" in gone


def test_a_trial_that_takes_too_long_says_so_and_the_term_can_be_kept(
    own_library: Library,
) -> None:
    hurried = Laboratory(seconds=0.01)
    edit = Edit("term", ThemeId("logement"), "vide-grenier", {"strength": "forts"})  # type: ignore[arg-type]
    outcome = try_edit(own_library.store, own_library.engine, hurried, edit, edit.text)
    assert outcome.differences is None
    assert outcome.articles


def test_no_more_articles_are_tried_than_there_is_time_for(own_library: Library) -> None:
    tried: list[Item] = []

    def noting(_b: Sequence[Edit], _a: Sequence[Edit], items: Sequence[Item]) -> list[Difference]:
        tried.extend(items)
        return []

    edit = Edit("term", ThemeId("logement"), "une éducatrice", {"strength": "forts"})  # type: ignore[arg-type]
    outcome = try_edit(own_library.store, own_library.engine, noting, edit, edit.text)
    assert 0 < len(tried) <= 200
    assert outcome.holding >= len(tried)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"expression": "", "force": "forts"}, "Écrivez une expression."),
        ({"expression": "le la", "force": "forts"}, "aucun mot à chercher"),
        ({"expression": "toit", "force": "énorme"}, "Choisissez une force."),
        ({"expression": "ZZT", "force": "forts", "sigle": "y"}, "Écrivez ce que le sigle"),
        ({"expression": "x" * 201, "force": "forts"}, "200"),
    ],
)
def test_what_cannot_be_a_term_is_said_beside_its_field(
    documentalist: FlaskClient, fields: dict[str, str], said: str
) -> None:
    for gesture in ("essayer", "enregistrer"):
        answer = send(documentalist, LOGEMENT, geste=gesture, **fields)
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert unescape(answer.text).count(fields["expression"]) >= 1


def test_an_edit_is_taken_back(team: Team, documentalist: FlaskClient) -> None:
    send(documentalist, LOGEMENT, geste="enregistrer", expression="soupente du quai", force="forts")
    send(documentalist, LOGEMENT, geste="annuler", genre="term", texte="soupente du quai")
    with team.library.store.read() as tx:
        assert tx.vocabulary_edits.all() == []
        assert [entry.action for entry in tx.audit.recent(kind="vocabulary")] == ["term", "term"]
    assert "soupente du quai" not in text_of(documentalist.get(LOGEMENT))


def test_a_synonym_leads_readers_to_the_theme(team: Team, documentalist: FlaskClient) -> None:
    send(documentalist, LOGEMENT, geste="synonyme", nom="Toiture sociale")
    assert "Employé pour : Toiture sociale." in text_of(team.client().get("/themes/logement"))
    found = team.client().get("/recherche?q=toiture").text
    assert 'href="/themes/logement"' in found
    send(documentalist, LOGEMENT, geste="synonyme", nom="Toiture sociale", retirer="1")
    team.library.clock.now += timedelta(minutes=2)  # readers' pages are remembered for a minute
    assert "Employé pour" not in text_of(team.client().get("/themes/logement"))


def test_an_acronym_is_kept(documentalist: FlaskClient) -> None:
    fields = {"expression": "ZZT", "force": "moyens", "sens": "zone de tout", "sigle": "y"}
    send(documentalist, LOGEMENT, geste="enregistrer", **fields)
    assert "ZZT zone de tout" in text_of(documentalist.get(LOGEMENT))


# -- themes ---------------------------------------------------------------------------------------


def test_a_theme_is_added_with_an_address_made_of_its_name(
    team: Team, documentalist: FlaskClient
) -> None:
    answer = send(documentalist, f"{DESK}/nouveau", libelle="Jardins partagés", famille="precarite")
    assert answer.headers["Location"] == f"{DESK}/jardins-partages"
    assert "Jardins partagés" in text_of(team.client().get("/themes"))
    assert team.client().get("/themes/jardins-partages").status_code == 200
    other = {"libelle": "Jardins partagés", "famille": "precarite", "note": "Une autre."}
    again = send(documentalist, f"{DESK}/nouveau", **other)
    assert "Ce nom est déjà pris." in text_of(again)
    assert 'value="Jardins partagés"' in again.text


@pytest.mark.parametrize("id", ["fiabilite", "tableau", "Été", "a--b", "-a", "x" * 61])
def test_an_address_that_cannot_be_is_refused(documentalist: FlaskClient, id: str) -> None:
    answer = send(
        documentalist, f"{DESK}/nouveau", libelle="Thème", famille="precarite", identifiant=id
    )
    assert answer.status_code == 422


def test_a_term_strong_for_two_themes_is_warned_of_with_both_named(
    documentalist: FlaskClient,
) -> None:
    fields = {"expression": "Précarité énergétique", "force": "forts"}
    answer = send(documentalist, f"{DESK}/numerique", geste="enregistrer", **fields)
    assert answer.status_code == 303
    page = text_of(documentalist.get(answer.location))
    assert "« Précarité énergétique » est déjà un terme fort de « " in page
    assert "Logement et habitat" in page[page.index("déjà un terme fort") :][:200]
    assert "(fort aussi pour " in page
    weak = send(
        documentalist, f"{DESK}/numerique", geste="enregistrer", expression="zèbre", force="forts"
    )
    assert "déjà un terme fort" not in text_of(documentalist.get(weak.location))


# -- hostile --------------------------------------------------------------------------------------


SHEET = {"geste": "fiche", "libelle": "Numérique et droits", "famille": "transversal"}


def sheet(client: FlaskClient) -> dict[str, str]:
    """The sheet of a theme as the page shows it, and what was typed in it."""
    page = client.get("/bureau/vocabulaire/numerique").text
    family = re.search(r'<option value="([a-z-]+)" selected', page[page.index('id="famille"') :])
    assert family
    shown = {"csrf_token": token_in(page), "famille": family[1], "vue": value_of(page, "vue")}
    return SHEET | shown


def test_two_people_at_one_sheet_the_second_sees_both_and_decides(
    team: Team, documentalist: FlaskClient
) -> None:
    colleague = team.client(team.person(Role.DOCUMENTALIST, 2))
    mine, theirs = sheet(documentalist), sheet(colleague)
    assert (
        colleague.post(
            "/bureau/vocabulaire/numerique", data=theirs | {"note": "Leur note."}
        ).status_code
        == 303
    )
    answer = documentalist.post("/bureau/vocabulaire/numerique", data=mine | {"note": "Ma note."})
    assert answer.status_code == 422
    told = text_of(answer)
    assert "documentalist2@exemple.fr a changé cette fiche pendant que vous écriviez" in told
    assert "note « Leur note. »" in told
    assert "Ma note." in answer.text
    again = mine | {"note": "Ma note.", "vue": value_of(answer.text, "vue")}
    assert documentalist.post("/bureau/vocabulaire/numerique", data=again).status_code == 303
    assert "Ma note." in documentalist.get("/bureau/vocabulaire/numerique").text


def test_a_sheet_saved_twice_is_saved_once(documentalist: FlaskClient) -> None:
    fields = sheet(documentalist) | {"note": "Une note."}
    for _ in range(2):
        answer = documentalist.post("/bureau/vocabulaire/numerique", data=fields)
        assert answer.status_code == 303


def test_a_note_of_five_thousand_characters_is_refused_and_kept(
    documentalist: FlaskClient,
) -> None:
    note = "Ce que le thème recouvre. " * 200
    answer = documentalist.post(
        "/bureau/vocabulaire/numerique", data=sheet(documentalist) | {"note": note}
    )
    assert answer.status_code == 422
    assert "1000 caractères" in text_of(answer)
    assert note.strip() in unescape(answer.text)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (SHEET | {"famille": "transversal", "note": "Une note en cours."}, "Une note en cours."),
        ({"geste": "enregistrer", "expression": "borne d’accueil", "force": "forts"},
         "borne d’accueil"),
        ({"geste": "synonyme", "nom": "L’électronique"}, "L’électronique"),
    ],
    ids=["sheet", "term", "synonym"],
)  # fmt: skip
def test_what_was_typed_when_the_session_ended_comes_back(
    team: Team, fields: dict[str, str], shown: str
) -> None:
    team.add("perdue@exemple.fr", Role.DOCUMENTALIST)
    client = team.client()
    answer = client.post("/bureau/vocabulaire/numerique", data=fields)
    assert answer.status_code == 401
    page = answer.text
    signing = {name: value_of(page, name) for name in ("csrf_token", "brouillon")}
    signing |= {"adresse": "perdue@exemple.fr", "mot_de_passe": PASSWORD}
    signed = client.post("/connexion", data=signing)
    assert signed.status_code == 303
    back = client.get(signed.location)
    assert shown in unescape(back.text)
    assert "Voici ce que vous aviez écrit." in text_of(back)


def test_a_new_theme_sent_twice_is_made_once(documentalist: FlaskClient) -> None:
    family = sheet(documentalist)["famille"]
    fields = {"libelle": "Vergers partagés", "famille": family, "note": ""}
    answers = [send(documentalist, "/bureau/vocabulaire/nouveau", **fields) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location


def test_what_is_sent_to_a_theme_merged_meanwhile_comes_back_on_the_other(
    team: Team, documentalist: FlaskClient
) -> None:
    mine = sheet(documentalist) | {"note": "Écrite trop tard."}
    colleague = team.client(team.person(Role.DOCUMENTALIST, 2))
    path = "/bureau/vocabulaire/numerique"
    merging = {"geste": "fusionner", "vers": "logement", "csrf_token": mine["csrf_token"]}
    merging["csrf_token"] = token_in(colleague.get(path).text)
    first = colleague.post(path, data=merging)
    assert colleague.post(path, data=merging).location == first.location  # pressed twice
    answer = documentalist.post(path, data=mine)
    assert answer.status_code == 303
    assert answer.location.startswith("/bureau/vocabulaire/logement?brouillon=")
    back = documentalist.get(answer.location)
    assert "Écrite trop tard." in back.text
    assert "Ce thème est devenu « Logement" in text_of(back)


def test_a_merged_theme_s_articles_move_and_its_old_addresses_lead_on(
    team: Team, documentalist: FlaskClient
) -> None:
    store, moved = team.library.store, team.library.id("Un an de permanence")
    with store.begin() as tx:
        tx.articles.correct(moved, NUMERIQUE, Verdict.CONFIRMED, by=None, now=team.library.clock())
    answer = send(documentalist, f"{DESK}/numerique", geste="fusionner", vers="acces-aux-droits")
    assert answer.headers["Location"] == f"{DESK}/acces-aux-droits"
    reader = team.client()
    for path in ("/themes/{}?page=1", "/themes/{}/atom.xml"):
        answer = reader.get(path.format("numerique"))
        if answer.status_code != 404:
            assert answer.status_code == 301
            assert answer.headers["Location"] == path.format("acces-aux-droits")
    with store.read() as tx:
        assert tx.articles.count(theme="numerique") == 0
        assert "acces-aux-droits" in tx.articles.by_id(moved).themes
        assert [one.theme for one in tx.corrections.all()] == ["acces-aux-droits"]
        assert tx.changes.count() > 0


def test_merging_is_taken_back(team: Team, documentalist: FlaskClient) -> None:
    send(documentalist, f"{DESK}/numerique", geste="fusionner", vers="acces-aux-droits")
    page = documentalist.get(f"{DESK}/acces-aux-droits").text
    assert 'name="de" value="numerique"' in page
    send(documentalist, f"{DESK}/acces-aux-droits", geste="annuler", genre="moved", de="numerique")
    assert team.client().get("/themes/numerique").status_code == 200


def test_two_themes_are_never_merged_into_each_other(documentalist: FlaskClient) -> None:
    send(documentalist, f"{DESK}/numerique", geste="fusionner", vers="logement")
    answer = send(documentalist, LOGEMENT, geste="fusionner", vers="numerique")
    assert answer.status_code == 422


def test_a_theme_is_renamed_in_addresses(team: Team, documentalist: FlaskClient) -> None:
    send(documentalist, f"{DESK}/numerique", geste="renommer", identifiant="monde-numerique")
    reader = team.client()
    assert reader.get("/themes/numerique").headers["Location"] == "/themes/monde-numerique"
    page = text_of(reader.get("/themes/monde-numerique"))
    assert "Un an de permanence numérique" in page


def test_a_theme_is_split(team: Team, documentalist: FlaskClient) -> None:
    with team.app.app_context():
        own = [t.text for t in team.library.vocabulary.terms if t.theme == "logement"][:3]
    data = {
        "csrf_token": token_in(documentalist.get(f"{LOGEMENT}/scinder").text),
        "libelle": "Se loger autrement",
        "famille": "precarite",
        "terme": own,
    }
    answer = documentalist.post(f"{LOGEMENT}/scinder", data=data)
    assert answer.headers["Location"] == f"{DESK}/se-loger-autrement"
    page = text_of(documentalist.get(f"{DESK}/se-loger-autrement"))
    assert all(text in page for text in own)
    twice = documentalist.post(f"{LOGEMENT}/scinder", data=data)
    assert twice.headers["Location"] == answer.headers["Location"]
    none = documentalist.post(f"{LOGEMENT}/scinder", data=data | {"terme": []})
    assert "Choisissez au moins un terme." in text_of(none)


# -- the table ------------------------------------------------------------------------------------


def upload(client: FlaskClient, text: bytes) -> TestResponse:
    data = {
        "csrf_token": token_in(client.get(f"{DESK}/tableau").text),
        "fichier": (io.BytesIO(text), "vocabulaire.csv"),
    }
    return client.post(f"{DESK}/tableau", data=data, content_type="multipart/form-data")


def test_the_table_comes_back_as_it_went(documentalist: FlaskClient) -> None:
    table = documentalist.get(f"{DESK}/tableau.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "rien à changer" in text_of(upload(documentalist, table.data))


def test_a_corrected_table_shows_what_it_changes_then_changes_it(
    team: Team, documentalist: FlaskClient
) -> None:
    table = documentalist.get(f"{DESK}/tableau.csv").data
    shown = upload(documentalist, table + b"logement;fort;vide-grenier;;\r\n")
    assert "1 changement : vide-grenier logement : fort" in text_of(shown)
    kept = re.search(r'name="texte" value="([^"]*)"', shown.text)
    assert kept
    send(documentalist, f"{DESK}/tableau", texte=unescape(kept[1]), enregistrer="1")
    with team.library.store.read() as tx:
        (edit,) = tx.vocabulary_edits.edits()
    assert (edit.theme, edit.text) == ("logement", "vide-grenier")


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"a;b\n", b"PK\x03\x04" * 50])
def test_a_file_that_is_no_table_is_said_to_be_none(
    documentalist: FlaskClient, text: bytes
) -> None:
    answer = upload(documentalist, text)
    assert answer.status_code == 422
    assert "ligne 1" in text_of(answer)


# -- expressions ----------------------------------------------------------------------------------


def test_the_expressions_of_articles_without_theme_lead_to_the_form(
    team: Team, documentalist: FlaskClient
) -> None:
    with team.library.store.begin() as tx:
        tx.articles.save_taggings([(id, []) for id in team.library.ids], tagger="none")
    page = documentalist.get(f"{DESK}/expressions").text
    link = re.search(r'href="([^"]+/logement\?expression=[^"]+#terme)"', page)
    assert link
    form = documentalist.get(unescape(link[1]))
    assert re.search(r'name="expression"[^>]*value="[^"]+"', form.text)


# -- for everybody, at once -----------------------------------------------------------------------


def test_another_process_takes_up_a_change_within_seconds(
    team: Team, documentalist: FlaskClient
) -> None:
    other = team.library.app().test_client()
    assert other.get("/themes/jardins-partages").status_code == 404
    send(documentalist, f"{DESK}/nouveau", libelle="Jardins partagés", famille="precarite")
    clock = team.library.clock
    clock.now = clock.now.replace(second=30)
    assert other.get("/themes/jardins-partages").status_code == 200
