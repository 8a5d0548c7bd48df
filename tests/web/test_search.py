"""The search page, on the embedded engine."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.embedded import EmbeddedEngine
from tests.web.conftest import Library
from tests.web.test_pages import read


def shown(client: FlaskClient, address: str) -> str:
    """What the page says, on one line, with ordinary spaces."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(read(answer.text).text.split())


def titles(client: FlaskClient, address: str) -> list[str]:
    found = re.findall(r'class="card-title"><a[^>]*>(.*?)</a>', client.get(address).text)
    return [" ".join(re.sub("<.*?>", "", title).split()) for title in found]


def test_accents_elisions_and_capitals_do_not_matter(client: FlaskClient) -> None:
    found = titles(client, "/recherche?q=enfance")
    assert any("Pouponnières" in title for title in found)
    assert any("l’aide à domicile oubliée" in title for title in found)


def test_the_words_found_are_marked_in_title_and_excerpt(client: FlaskClient) -> None:
    html = client.get("/recherche?q=numerique").text
    assert "<mark>numérique</mark>" in html


def test_beside_words_a_phrase_that_no_article_has_is_searched_as_words_and_it_is_said(
    client: FlaskClient,
) -> None:
    page = shown(client, '/recherche?q=numérique+"zorglub+total"')
    assert "Aucun article n’a l’expression exacte entre guillemets" in page
    assert titles(client, '/recherche?q=numérique+"zorglub+total"') == titles(
        client, "/recherche?q=numérique"
    )


def test_a_phrase_alone_that_no_article_has_can_be_searched_without_quotes(
    client: FlaskClient,
) -> None:
    for asked in ('"zorglub+numérique"', "«+zorglub+numérique+»"):
        page = client.get(f"/recherche?q={asked}").text
        way = re.search(r'href="([^"]+)">Chercher sans les guillemets</a>', page)
        assert way is not None
        assert titles(client, unescape(way[1])) == titles(client, "/recherche?q=numérique")


def test_a_facet_narrows_and_can_be_given_up(client: FlaskClient) -> None:
    html = client.get("/recherche?q=numérique").text
    narrower = "/recherche?q=num%C3%A9rique&amp;theme=acces-aux-droits"
    assert narrower in html
    page = client.get(narrower.replace("&amp;", "&")).text
    assert "Retirer le filtre Thème" in page
    assert "1\u00a0article<" in page


def test_the_other_values_of_a_chosen_facet_keep_their_counts(client: FlaskClient) -> None:
    page = shown(client, "/recherche?q=numérique&theme=acces-aux-droits")
    assert re.search(r"Numérique 2", page)


@pytest.mark.parametrize("asked", ["", "q=a%26b+%2500+rue&theme=numerique&acces=libre&tri=date"])
def test_each_value_of_a_facet_leads_to_the_search_with_it(client: FlaskClient, asked: str) -> None:
    html = client.get(f"/recherche?{asked}").text
    filters = html[html.index('class="filters"') :]
    shown = r'href="(/recherche[^"]*)"( aria-current="true")? rel="nofollow"><span class="box"'
    found = re.findall(shown, filters)
    assert len(found) > 3
    for link, chosen in found[:12]:
        page = client.get(unescape(link)).text
        assert "n’existe pas" not in page
        assert "n’est pas compris" not in page
        back = [one for one in re.findall(shown, page) if one[1]]
        assert len(back) == len([one for one in found if one[1]]) + (-1 if chosen else 1)


def test_access_dates_and_sort_narrow_and_order(client: FlaskClient) -> None:
    closed = titles(client, "/recherche?acces=abonnes&du=2026-11-16&au=2026-11-22")
    assert len(closed) == 3
    by_date = titles(client, "/recherche?q=numérique&tri=date")
    assert by_date[-1].startswith("Un an de permanence")


def test_off_field_articles_are_found_only_when_asked_for(client: FlaskClient) -> None:
    assert titles(client, "/recherche?q=potiron") == []
    assert titles(client, "/recherche?q=potiron&hors-champ=1") == ["Recette de la soupe au potiron"]


def test_no_answer_offers_ways_out(client: FlaskClient) -> None:
    page = shown(client, "/recherche?q=potiron&theme=logement")
    assert "Aucune réponse" in page
    assert "Inclure le hors-champ" in page
    assert "1 article" in page
    assert "Vérifier l’orthographe" in page


def test_no_answer_offers_the_themes_that_look_alike(client: FlaskClient) -> None:
    page = client.get("/recherche?q=logements+introuvablissimes&annee=1999").text
    assert "Des thèmes qui y ressemblent" in page
    assert 'href="/themes/logement"' in page


def test_a_page_beyond_the_last_leads_back(client: FlaskClient) -> None:
    assert "Revenir à la première" in shown(client, "/recherche?q=enfance&page=400")


def test_bad_parts_are_said_in_french(client: FlaskClient) -> None:
    page = shown(client, "/recherche?theme=inconnu&page=10000&du=zut")
    assert "Le thème « inconnu » n’existe pas : la recherche se fait sans." in page
    assert "La date « zut » n’est pas comprise" in page


@pytest.mark.parametrize(
    "words",
    [
        '"jamais fermé',
        "AND OR NOT ( ) [ ] { } ~ ^ * ? : \\ / + - ! &&",
        "'; DROP TABLE articles; --",
        'theme = "x" OR 1=1',
        "\x00\x01\u202e\ufeff\ud7ff",
        "é" * 5000,
        "mot " * 1250,
        "«»“”\"'",
        "title:a~9^9 text:[a TO *]",
    ],
)
def test_odd_questions_have_an_answer(client: FlaskClient, words: str) -> None:
    answer = client.get("/recherche", query_string={"q": words})
    assert answer.status_code == 200
    assert "article" in answer.text


NAMES = ("q", "theme", "source", "acces", "annee", "du", "au", "hors-champ", "tri", "page")


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.text(max_size=40) | st.sampled_from(["numerique", "2026", "2026-01-01", "date", "9"]),
    )
)
def test_any_parameters_answer(app: Flask, given: dict[str, str]) -> None:
    client = app.test_client()
    assert client.get("/recherche", query_string=given).status_code == 200


@given(st.binary(max_size=80))
def test_any_query_string_answers(app: Flask, raw: bytes) -> None:
    client = app.test_client()
    query = raw.decode("latin-1")
    for path in ("/recherche", "/themes/numerique", "/semaines"):
        assert client.get(path, query_string=query).status_code in {200, 404}


def test_when_the_engine_is_down_the_search_says_so_and_keeps_the_words(
    library: Library, tmp_path: Path
) -> None:
    client = library.app(engine=EmbeddedEngine(tmp_path / "none")).test_client()
    answer = client.get("/recherche?q=enfance")
    assert answer.status_code == 503
    assert "La recherche est momentanément indisponible" in answer.text
    assert 'value="enfance"' in answer.text
    assert answer.headers["Retry-After"] == "60"


def test_when_the_engine_is_down_every_other_page_answers(library: Library, tmp_path: Path) -> None:
    client = library.app(engine=EmbeddedEngine(tmp_path / "none")).test_client()
    for page in ("/", "/themes/numerique", "/sources", "/articles/1", "/semaines/2026-S47"):
        assert client.get(page).status_code == 200
    health = client.get("/healthz")
    assert (health.status_code, health.get_json()["status"]) == (200, "degraded")


def test_a_typing_error_is_put_right_and_said(client: FlaskClient) -> None:
    page = shown(client, "/recherche?q=numérrique")
    assert "Aucun article n’a « numérrique » : « numérique » a été cherché à la place." in page
    assert titles(client, "/recherche?q=numérrique") == titles(client, "/recherche?q=numérique")
