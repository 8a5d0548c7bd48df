"""Pages of what articles name, and of two kinds of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from core.model import ArticleId, Extracted, SourceKind, Tagging, ThemeId
from indexer.stages import drain
from store import Store
from taxonomy.describing import Describer, describe
from taxonomy.genres import load_genres
from taxonomy.lexicon import load_lexicon
from taxonomy.vocabulary import Vocabulary
from tests.parts import Parts
from tests.web.conftest import Library, make_library
from tests.web.samples import NOW

ORNE = """Deux assistantes sociales d'Alençon racontent.
La Cnil et la CNIL encore. Le DEASS en poche."""
CARAVAN = "Nous avons frappé aux portes. " * 12
TEXTS = (
    ("Dans l'Orne, la Cnil rappelle les règles", ORNE, "https://a.example/1", "numerique"),
    ("Une caravane en Ardèche", CARAVAN, "https://a.example/recits/2", "aller-vers"),
    ("Guide : le premier accueil", "En fiches.", "https://a.example/guides/3", "aller-vers"),
    ("Un match en Normandie", "Alençon a gagné.", "https://a.example/4", ""),
)


@pytest.fixture
def library(parts: Parts, tmp_path: Path, vocabulary: Vocabulary) -> Iterator[Library]:
    made = make_library(parts, tmp_path, vocabulary, [])
    fill(made.store)
    describe(made.store, Describer(load_lexicon(), load_genres()))
    drain(made.store, made.engine)
    yield made
    made.store.close()


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return library.app().test_client()


def fill(store: Store) -> list[ArticleId]:
    with store.begin() as tx:
        source = tx.sources.add(
            name="A", url="https://a.example/", feed="", kind=SourceKind.IMPORT, now=NOW
        )
        ids = [
            tx.articles.save(Extracted(url, title, text), source_id=source.id, now=NOW)[0]
            for title, text, url, _ in TEXTS
        ]
        given = [
            (id, [Tagging(ThemeId(theme), 0.9)] if theme else [])
            for id, (*_, theme) in zip(ids, TEXTS, strict=True)
        ]
        tx.articles.save_taggings(given, tagger="t")
    return ids


@pytest.mark.parametrize(
    ("path", "title", "said"),
    [
        ("/territoires/orne", "Dans l’Orne", ("Territoire", "61", "Normandie", "Numérique")),
        ("/territoires/normandie", "Dans l’Orne", ("Normandie", "Calvados", "Orne")),
        ("/organisations/cnil", "la Cnil rappelle",
         ("autorité indépendante", "informatique et des libertés", "cnil.")),
        ("/metiers/assistant-de-service-social", "Dans l’Orne",
         ("Assistant de service social", "assistante de service social")),
        ("/diplomes/deass", "Dans l’Orne", ("DEASS", "Assistant de service social")),
    ],
)  # fmt: skip
def test_a_name_has_its_page(
    client: FlaskClient, path: str, title: str, said: tuple[str, ...]
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert title in answer.text
    assert "Une caravane" not in answer.text
    for words in said:
        assert words in answer.text


def test_what_is_off_the_field_is_not_counted(client: FlaskClient) -> None:
    page = client.get("/territoires/orne").text
    assert "1\u00a0article" in page
    assert "Un match" not in page


def test_shelves_of_names(client: FlaskClient) -> None:
    territories = client.get("/territoires").text
    assert territories.index("Auvergne-Rhône-Alpes") < territories.index("/territoires/ardeche")
    assert 'href="/territoires/orne"' in territories
    organisations = client.get("/organisations").text
    assert 'href="/organisations/cnil"' in organisations
    assert "Coallia" not in organisations  # no article names it
    for section in ("metiers", "dispositifs", "etablissements", "diplomes"):
        assert client.get(f"/{section}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/territoires/nulle-part", "/organisations/orne", "/metiers/personne", "/personnes",
     "/territoires/orne?page=9", "/paroles-de-terrain?page=x", "/organisations/cnil/atome"],
)  # fmt: skip
def test_what_does_not_exist_has_no_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_accounts_of_practice_and_tools_have_pages(client: FlaskClient) -> None:
    told = client.get("/paroles-de-terrain").text
    assert "Une caravane en Ardèche" in told
    assert "Guide" not in told.partition("<main")[2].partition("</main>")[0].replace("Guides", "")
    tools = client.get("/boite-a-outils").text
    assert "le premier accueil" in tools
    assert "Une caravane" not in tools


def test_an_article_says_its_kind_and_what_it_names(client: FlaskClient, library: Library) -> None:
    with library.store.read() as tx:
        ids = {one.title: one.id for one in tx.articles.recent()}
    page = client.get(f"/articles/{ids[TEXTS[0][0]]}").text
    assert 'href="/territoires/orne"' in page
    assert 'href="/organisations/cnil"' in page
    guide = client.get(f"/articles/{ids[TEXTS[2][0]]}").text
    assert 'href="/boite-a-outils"' in guide
    assert "son adresse contient «\u00a0guides\u00a0»" in guide


def test_an_empty_library_has_its_shelves(empty_library: Library) -> None:
    client = empty_library.app().test_client()
    for path in ("/territoires", "/organisations", "/territoires/orne", "/paroles-de-terrain"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "title"),
    [("/territoires/normandie", TEXTS[0][0]), ("/organisations/cnil", TEXTS[0][0]),
     ("/paroles-de-terrain", TEXTS[1][0]), ("/boite-a-outils", TEXTS[2][0])],
)  # fmt: skip
def test_each_can_be_followed(client: FlaskClient, path: str, title: str) -> None:
    answer = client.get(f"{path}/atom.xml")
    assert answer.content_type.startswith("application/atom+xml")
    assert title.partition("'")[2] in answer.text
    assert f"{path}/atom.xml" in client.get(path).text
    items = client.get(f"{path}/feed.json").json["items"]  # type: ignore[index]
    assert len(items) == 1


def test_the_search_is_narrowed_by_them(client: FlaskClient) -> None:
    page = client.get("/recherche?territoire=normandie&genre=actualite").text
    assert "1\u00a0article" in page
    assert "Retirer le filtre Territoire" in page
    assert 'id="facette-territory"' in page
    assert "organisation=cnil" not in page  # counted on request
    more = re.findall(r'href="([^"]*filtres=tous[^"]*)"', page)
    page = client.get(unescape(more[0])).text
    assert "organisation=cnil" not in page  # the only article names it: it narrows nothing
    page = client.get("/recherche?filtres=tous").text
    assert "Métier" in page
    assert "organisation=cnil" in page
    nowhere = client.get("/recherche?territoire=nulle-part&genre=roman").text
    assert "Le territoire «\u00a0nulle-part\u00a0» n’est pas connu" in nowhere
    assert "Le genre «\u00a0roman\u00a0» n’existe pas" in nowhere
    assert 'href="/recherche?territoire=orne"' in client.get("/territoires/orne").text


def test_the_vocabulary_can_be_taken(client: FlaskClient) -> None:
    answer = client.get("/themes.ttl")
    assert answer.content_type == "text/turtle; charset=utf-8"
    graph = Graph().parse(data=answer.text, format="turtle")
    label = graph.value(URIRef("http://localhost/themes/numerique"), SKOS.prefLabel)
    assert str(label) == "Numérique"
    assert 'href="/themes.ttl"' in client.get("/themes").text
