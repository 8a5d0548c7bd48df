"""What readers, programs and engines may do wrong on the search page: a French page that helps."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.embedded import EmbeddedEngine
from indexer.engine import SearchEngine
from indexer.meili import MeiliEngine
from tests.web.conftest import Library
from tests.web.test_pages import read
from web.server import free_port

LONGEST = 200_000  # bytes of a page, whatever is asked


def search(client: FlaskClient, **given: Any) -> str:
    """What the search page says, on one line."""
    answer = client.get("/recherche", query_string=given)
    assert answer.status_code == 200
    assert len(answer.data) < LONGEST
    return " ".join(read(answer.text).text.split())


def test_two_hundred_filters_are_a_page(client: FlaskClient, library: Library) -> None:
    themes = list(library.vocabulary.themes)
    unknown = [f"source-{n}" for n in range(200)]
    page = search(client, theme=themes * 6, source=unknown, acces=["libre"] * 200)
    assert page.count("n’existe pas : la recherche se fait sans.") == 5
    assert page.count("Retirer le filtre Thème") == len(themes)


def test_two_hundred_operators_in_the_box_are_a_page(client: FlaskClient) -> None:
    page = search(client, q="theme:numerique source:x avant:2024 " * 70)
    assert "article" in page


@pytest.mark.parametrize(
    "value",
    [
        'numerique" OR themes = "logement',
        "numerique OR themed = 0",
        "numerique' --",
        "NUMERIQUE",
        "../numerique",
        "numerique\x00",
        "\u202enumerique",
    ],
)
def test_nobody_s_filter_is_injected(client: FlaskClient, value: str) -> None:
    both, one = search(client, theme=["numerique", "logement"]), search(client, theme="numerique")
    page = search(client, theme=value)
    assert page != both
    if "n’existe pas" not in page:  # control characters are taken off a value
        assert page == one
    else:
        assert "Retirer le filtre" not in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"q": "é" * 5000}, "ramenée à ses 500 premiers caractères"),
        ({"q": "rue", "du": "2026-12-01", "au": "2026-01-01"}, "ont été échangées"),
        ({"q": "rue", "page": "10000"}, "ne va pas au-delà de la page"),
        ({"q": '"rue'}, "article"),
        ({"q": "- - -- AND OR : ()"}, "article"),
        ({"q": "\u202eeur\u202c rue\x07"}, "article"),
        ({"q": "rue", "annee": "99999999999999999999"}, "n’est pas comprise"),
        ({"q": "rue", "tri": "themes:asc"}, "n’existe pas"),
    ],
)
def test_what_is_odd_is_said(client: FlaskClient, given: dict[str, str], told: str) -> None:
    page = search(client, **given)
    assert told in page
    assert not any(char in page for char in "\u202e\u202c\x07")


# -- engines ---------------------------------------------------------------------------------------


@contextmanager
def mute() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def of_another_version(folder: Path) -> SearchEngine:
    folder.mkdir()
    named = {"generation": "generation-1", "version": "0"}
    (folder / "current.json").write_text(json.dumps(named), encoding="utf-8")
    return EmbeddedEngine(folder)


def half_made(folder: Path) -> SearchEngine:
    """Its files were lost."""
    engine = EmbeddedEngine(folder)
    engine.put(())
    next(folder.glob("generation-*/meta.json")).unlink()
    return EmbeddedEngine(folder)


def kept_alive(library: Library, engine: SearchEngine) -> None:
    """The search says that it is away, keeps what was asked, and the other pages answer."""
    client = library.app(engine=engine).test_client()
    answer = client.get("/recherche?q=enfance&theme=numerique")
    assert answer.status_code == 503
    assert "La recherche est momentanément indisponible" in answer.text
    assert 'value="enfance"' in answer.text
    assert client.get("/recherche/suggestions?q=enf").status_code < 504
    assert client.get("/recherche/atom.xml?q=enfance").status_code == 503
    assert client.get("/api/v1/search?q=enfance").get_json()["status"] == 503
    for page in ("/", "/articles/1", "/themes/numerique", "/semaines/2026-S47"):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("make", [of_another_version, half_made])
def test_an_index_that_cannot_be_read(library: Library, tmp_path: Path, make: Any) -> None:
    kept_alive(library, make(tmp_path / "index"))


def test_an_engine_that_does_not_answer(library: Library) -> None:
    with mute() as port:
        kept_alive(library, MeiliEngine(f"http://127.0.0.1:{port}", "key", timeout=0.1))


def test_an_engine_that_is_restarting(library: Library) -> None:
    nobody = free_port("127.0.0.1", 0)
    kept_alive(library, MeiliEngine(f"http://127.0.0.1:{nobody}", "key", timeout=0.1))
