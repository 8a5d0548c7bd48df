"""Correcting themes: on the article's page, and one after the other."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.corrections import Verdict
from core.model import ArticleId, Tagging, ThemeId
from core.people import Role
from indexer.engine import Query
from indexer.stages import drain
from tests.web.conftest import Library
from tests.web.team import Team, make_team, token_in, value_of

TITLE = "Grève dans les foyers"
THEME = ThemeId("metiers-conditions-travail")


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def editor(team: Team) -> FlaskClient:
    return team.client(team.person(Role.EDITOR))


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_in(client.get(path).text)} | fields)


def themes(team: Team, id: ArticleId) -> list[str]:
    with team.library.store.read() as tx:
        return list(tx.articles.by_id(id).themes)


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


# -- on the article -------------------------------------------------------------------------------


def test_a_theme_is_taken_away_from_the_article_s_page_and_given_back(
    team: Team, editor: FlaskClient
) -> None:
    id = team.library.id(TITLE)
    page = editor.get(f"/articles/{id}").text
    assert f'action="/articles/{id}/themes"' in page
    answer = send(editor, f"/articles/{id}/themes", geste="retirer", theme=THEME, retour="article")
    assert answer.headers["Location"] == f"/articles/{id}#themes"
    assert themes(team, id) == []
    shown = text_of(editor.get(f"/articles/{id}"))
    assert "retiré par editor1@exemple.fr" in shown
    send(editor, f"/articles/{id}/themes", geste="annuler", theme=THEME)
    assert themes(team, id) == [THEME]


def test_a_theme_given_by_people_is_said_so_to_readers_and_found(
    team: Team, editor: FlaskClient
) -> None:
    id = team.library.id("Recette de la soupe")
    send(editor, f"/articles/{id}/themes", geste="donner", theme="logement")
    reader = team.client().get(f"/articles/{id}")
    assert "thème attribué par la rédaction" in text_of(reader)
    drain(team.library.store, team.library.engine)
    found = team.library.engine.search(Query(words="potiron", themes=("logement",)))
    assert [hit.id for hit in found.hits] == [id]


def test_a_confirmed_theme_keeps_its_words(team: Team, editor: FlaskClient) -> None:
    id = team.library.id(TITLE)
    send(editor, f"/articles/{id}/themes", geste="confirmer", theme=THEME)
    reader = text_of(team.client().get(f"/articles/{id}"))
    assert "grève" in reader
    assert "(confirmé par la rédaction)" in reader


def test_everything_is_right_closes_the_article_on_what_was_seen(
    team: Team, editor: FlaskClient
) -> None:
    id = team.library.id("Pouponnières")
    page = editor.get(f"/articles/{id}/themes").text
    assert 'name="vus" value="protection-enfance petite-enfance"' in page
    meanwhile = [Tagging(ThemeId("logement"), 0.9), Tagging(ThemeId("protection-enfance"), 0.9)]
    with team.library.store.begin() as tx:
        tx.articles.save_taggings([(id, meanwhile)], tagger="2")
    send(editor, f"/articles/{id}/themes", geste="clore", vus="protection-enfance petite-enfance")
    assert themes(team, id) == ["protection-enfance", "petite-enfance"]
    assert "Article relu en entier" in text_of(editor.get(f"/articles/{id}"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"geste": "donner", "theme": ""}, "Choisissez un thème."),
        ({"geste": "donner", "theme": "x' OR 1=1"}, "Ce thème n’existe pas"),
        ({"geste": "effacer", "theme": "logement"}, "Ce geste n’existe pas."),
        ({}, "Ce geste n’existe pas."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    team: Team, editor: FlaskClient, fields: dict[str, str], said: str
) -> None:
    id = team.library.id(TITLE)
    answer = send(editor, f"/articles/{id}/themes", **fields)
    assert answer.status_code == 422
    assert said in text_of(answer)
    with team.library.store.read() as tx:
        assert tx.corrections.count() == 0


def test_an_article_that_is_not_there_is_not_found(editor: FlaskClient) -> None:
    assert editor.get("/articles/999999/themes").status_code == 404


def test_readers_see_no_way_to_correct_and_their_page_varies_with_no_cookie(team: Team) -> None:
    id = team.library.id(TITLE)
    for client in (team.client(), team.client(team.person(Role.TRAINER))):
        answer = client.get(f"/articles/{id}")
        assert "/themes" not in re.findall(r'action="([^"]+)"', answer.text)
        assert "Corriger les thèmes" not in answer.text
    anonymous = team.client().get(f"/articles/{id}")
    assert anonymous.headers["Cache-Control"].startswith("public")
    assert "Cookie" not in anonymous.headers.get("Vary", "")


def test_what_the_team_sees_stays_in_no_cache(team: Team, editor: FlaskClient) -> None:
    answer = editor.get(f"/articles/{team.library.id(TITLE)}")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_correction_sent_after_the_session_ended_waits_on_its_page(
    team: Team,
) -> None:
    id = team.library.id(TITLE)
    answer = team.client().post(
        f"/articles/{id}/themes", data={"geste": "retirer", "theme": THEME, "csrf_token": "x"}
    )
    assert answer.status_code == 401
    assert themes(team, id) == [THEME]


def test_two_people_at_once_the_second_is_told_and_decides(team: Team, editor: FlaskClient) -> None:
    id = team.library.id(TITLE)
    path = f"/articles/{id}/themes"
    page = editor.get(path).text
    colleague = team.client(team.person(Role.DOCUMENTALIST))
    team.library.clock.now += timedelta(minutes=1)
    send(colleague, path, geste="confirmer", theme=THEME)
    fields = {"csrf_token": token_in(page), "geste": "retirer", "theme": THEME}
    fields["lu"] = value_of(page, "lu")
    answer = editor.post(path, data=fields)
    assert answer.status_code == 422
    assert "documentalist1@exemple.fr a dit entre-temps de « " in text_of(answer)
    assert "Votre geste n’a pas été fait" in text_of(answer)
    assert themes(team, id) == [THEME]
    again = editor.post(path, data=fields | {"lu": value_of(answer.text, "lu")})
    assert again.status_code == 303
    assert themes(team, id) == []


@pytest.mark.parametrize("made", ["", "hier", "2026-11-25T09:00:00", "9" * 400])
def test_a_page_that_says_no_moment_is_believed(team: Team, editor: FlaskClient, made: str) -> None:
    id = team.library.id(TITLE)
    answer = send(editor, f"/articles/{id}/themes", geste="retirer", theme=THEME, lu=made)
    assert answer.status_code == 303
    assert themes(team, id) == []


def test_the_history_tells_it_in_words(team: Team, editor: FlaskClient) -> None:
    id = team.library.id(TITLE)
    send(editor, f"/articles/{id}/themes", geste="retirer", theme=THEME)
    admin = team.client(team.person(Role.ADMIN))
    shown = text_of(admin.get("/administration/historique"))
    assert f"Thèmes corrigés : article n° {id} Métiers" in shown
    assert re.search(r": retiré\s+editor1@exemple.fr", shown)


# -- one after the other --------------------------------------------------------------------------


@pytest.fixture
def doubts(team: Team) -> dict[str, ArticleId]:
    """Three themes of which the tagger is unsure, from the least to the most certain."""
    ids = {
        name: team.library.id(title)
        for name, title in (("least", "Réduire"), ("then", "Habiter"), ("last", "Écrire"))
    }
    given = [
        (ids["least"], [Tagging(ThemeId("addictions"), 0.51)]),
        (ids["then"], [Tagging(ThemeId("grand-age"), 0.6)]),
        (ids["last"], [Tagging(ThemeId("numerique"), 0.7), Tagging(ThemeId("logement"), 0.95)]),
    ]
    with team.library.store.begin() as tx:
        everything: list[tuple[ArticleId, list[Tagging]]] = [(id, []) for id in team.library.ids]
        tx.articles.save_taggings(everything, tagger="1")
        tx.articles.save_taggings(given, tagger="1")
    return ids


def asked(answer: TestResponse) -> str:
    found = re.search(r"Le thème « (.+?) » convient-il", text_of(answer))
    return found[1].strip() if found else ""


def test_the_least_certain_comes_first_then_the_next(
    team: Team, editor: FlaskClient, doubts: dict[str, ArticleId]
) -> None:
    first = editor.get("/bureau/relecture")
    assert asked(first) == "Addictions et réduction des risques"
    assert "3 restent à voir" in text_of(first)
    answer = send(
        editor, "/bureau/relecture", geste="confirmer", theme="addictions",
        article=str(doubts["least"]),
    )  # fmt: skip
    following = editor.get(answer.headers["Location"])
    assert asked(following).startswith("Grand âge")
    assert ": confirmé." in text_of(following)
    send(
        editor, "/bureau/relecture", geste="retirer", theme="grand-age", article=str(doubts["then"])
    )
    assert themes(team, doubts["then"]) == []
    assert asked(editor.get("/bureau/relecture")).startswith("Numérique")


def test_what_was_just_said_can_be_undone_from_the_next_one(
    team: Team, editor: FlaskClient, doubts: dict[str, ArticleId]
) -> None:
    least = str(doubts["least"])
    answer = send(editor, "/bureau/relecture", geste="retirer", theme="addictions", article=least)
    page = editor.get(answer.headers["Location"]).text
    assert f'name="article" value="{least}"' in page
    send(editor, "/bureau/relecture", geste="annuler", theme="addictions", article=least)
    assert themes(team, doubts["least"]) == ["addictions"]
    assert asked(editor.get("/bureau/relecture")).startswith("Addictions")


@pytest.mark.usefixtures("doubts")
def test_one_may_be_passed_over_and_one_theme_alone_looked_at(editor: FlaskClient) -> None:
    first = editor.get("/bureau/relecture").text
    onward = re.search(r'href="(/bureau/relecture\?rang=1)"', first)
    assert onward
    assert asked(editor.get(onward[1])).startswith("Grand âge")
    assert asked(editor.get("/bureau/relecture?theme=numerique")).startswith("Numérique")
    none = editor.get("/bureau/relecture?theme=logement")
    assert "Rien à relire pour ce thème" in text_of(none)
    assert asked(editor.get("/bureau/relecture?rang=500")).startswith("Numérique")


@pytest.mark.parametrize("query", ["theme=nulle-part", "rang=-1", "rang=x", "rang=9999999999"])
def test_an_address_made_up_is_not_found(editor: FlaskClient, query: str) -> None:
    assert editor.get(f"/bureau/relecture?{query}").status_code == 404


@pytest.mark.parametrize("done", ["x", "999.logement", "1.", "1.logement", "٣.logement"])
def test_what_was_said_of_nothing_is_not_told(editor: FlaskClient, done: str) -> None:
    answer = editor.get("/bureau/relecture", query_string={"fait": done})
    assert answer.status_code == 200
    assert 'class="told done"' not in answer.text


def test_no_more_of_the_text_is_shown_than_may_be(team: Team, editor: FlaskClient) -> None:
    id = team.library.id("Réduire")
    with team.library.store.read() as tx:
        article = tx.articles.by_id(id)
    unsure = [Tagging(ThemeId("addictions"), 0.51, article.taggings[0].evidence)]
    with team.library.store.begin() as tx:
        tx.articles.save_taggings([(id, unsure)], tagger="1")
    page = editor.get("/bureau/relecture?theme=addictions").text
    shown = re.search(r'<p class="extract">(.+?)</p>', page)
    assert shown
    assert "<mark>réduction des risques</mark>" in shown[1]
    assert len(re.sub(r"<[^>]+>", "", unescape(shown[1]))) <= team.settings.extract_length + 2


def test_corrections_are_the_same_in_the_gold_lines(team: Team, editor: FlaskClient) -> None:
    id = team.library.id(TITLE)
    send(editor, f"/articles/{id}/themes", geste="retirer", theme=THEME)
    with team.library.store.read() as tx:
        (made,) = tx.corrections.of([id])[id]
    assert made.verdict is Verdict.TAKEN
    assert made.by == team.person(Role.EDITOR).id
