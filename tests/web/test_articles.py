"""The article page: the way to the original, references, what resembles it, how to pass it on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from core.model import Extracted, Tagging, ThemeId
from indexer.embedded import EmbeddedEngine
from indexer.stages import drain
from tests.web.conftest import Library
from tests.web.samples import NOW
from tests.web.test_pages import read


def page_of(client: FlaskClient, library: Library, title: str) -> str:
    return client.get(f"/articles/{library.id(title)}").text


def test_the_way_to_the_original_comes_before_everything_else_there_is_to_do(
    client: FlaskClient, library: Library
) -> None:
    html = page_of(client, library, "Habiter sa chambre")
    main = html[html.index("<main") :]
    links = re.findall(r'href="([^"#]+)"', main)
    assert links[0].startswith("/sources/")  # the source's name, above the title
    assert links[1] == "https://www.revue.example/16"


def test_both_citations_are_on_the_page(client: FlaskClient, library: Library) -> None:
    text = " ".join(read(page_of(client, library, "Habiter sa chambre")).text.split())
    assert "Durand, C. (2026, 18 novembre). Habiter sa chambre en Ehpad." in text
    assert "DURAND, Camille, 2026. Habiter sa chambre en Ehpad." in text
    assert "[Consulté le 22 novembre 2026]" in text


@pytest.mark.parametrize(
    ("form", "kind", "holds"),
    [
        ("bib", "application/x-bibtex", "@article{durand2026-"),
        ("ris", "application/x-research-info-systems", "AU  - Durand, Camille\r\n"),
        ("json", "application/vnd.citationstyles.csl+json", '"family": "Durand"'),
    ],
)
def test_references_are_given_as_files(
    client: FlaskClient, library: Library, form: str, kind: str, holds: str
) -> None:
    id = library.id("Habiter sa chambre")
    answer = client.get(f"/articles/{id}/reference.{form}")
    assert answer.content_type == f"{kind}; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="glaneuse-{id}.{form}"'
    assert holds in answer.text
    if form == "json":
        assert json.loads(answer.text)[0]["URL"] == "https://www.revue.example/16"


def test_an_unknown_form_of_reference_is_not_found(client: FlaskClient) -> None:
    assert client.get("/articles/1/reference.docx").status_code == 404
    assert client.get("/articles/99999/reference.bib").status_code == 404


def test_programs_that_read_pages_are_told_of_the_original(
    client: FlaskClient, library: Library
) -> None:
    html = page_of(client, library, "Habiter sa chambre")
    metas = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))
    assert metas["citation_title"] == "Habiter sa chambre en Ehpad"
    assert metas["citation_author"] == "Durand, Camille"
    assert metas["citation_publication_date"] == "2026/11/18"
    assert metas["citation_public_url"] == "https://www.revue.example/16"
    assert metas["og:type"] == "article"
    assert metas["og:url"].startswith("http://localhost/articles/")
    assert metas["og:url"] in re.findall(r'<link rel="canonical" href="([^"]+)">', html)
    assert len(metas["description"]) <= 200


def test_the_letter_to_a_colleague_holds_title_original_and_page(
    client: FlaskClient, library: Library
) -> None:
    html = page_of(client, library, "« On nous a dit")
    address = re.findall(r'href="(mailto:[^"]+)"', html)[0].replace("&amp;", "&")
    fields = parse_qs(urlsplit(address).query)
    assert fields["subject"] == ["« On nous a dit d'attendre » : une nuit au 115"]
    assert "https://www.gazette.example/3\r\n" in fields["body"][0]
    assert "Dans Glaneuse : http://localhost/articles/" in fields["body"][0]
    assert " " not in address
    assert unquote(address).startswith("mailto:?subject=«")


def test_articles_that_speak_of_the_same_are_offered(own_library: Library) -> None:
    with own_library.store.begin() as tx:
        source = tx.sources.by_slug("union-du-travail-social")
        for url, title, theme in (
            ("https://a.example/1", "La chambre en Ehpad, un chez-soi", "grand-age"),
            ("https://a.example/2", "La chambre en Ehpad vue du budget", "politiques-sociales"),
        ):
            one = Extracted(url, title, f"{title}. " * 30, published=NOW)
            id, _ = tx.articles.save(one, source_id=source.id, now=NOW)
            tx.articles.save_taggings([(id, [Tagging(ThemeId(theme), 1)])], tagger="t")
    drain(own_library.store, own_library.engine)
    client = own_library.app().test_client()
    near = client.get(f"/articles/{own_library.id('Habiter sa chambre')}").text.split("proches")[-1]
    assert "un chez-soi" in near
    assert "vue du budget" not in near  # the same words, under no common theme
    assert "Habiter sa chambre" not in near


def test_without_the_search_the_page_stands_without_them(library: Library, tmp_path: Path) -> None:
    client = library.app(engine=EmbeddedEngine(tmp_path / "none")).test_client()
    answer = client.get("/articles/1")
    assert answer.status_code == 200
    assert "Articles proches" not in answer.text


def test_an_article_without_theme_or_date_can_be_cited(own_library: Library) -> None:
    with own_library.store.begin() as tx:
        source = tx.sources.by_slug("union-du-travail-social")
        bare = Extracted("https://a.example/nu", "Sans rien", "Texte.")
        id, _ = tx.articles.save(bare, source_id=source.id, now=NOW)
    html = own_library.app().test_client().get(f"/articles/{id}").text
    assert "(s.\u00a0d.)" in html
    assert "[sans date]" in html
    assert "citation_publication_date" not in html
