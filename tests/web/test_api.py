"""``/api/v1``: what it says, what it refuses, and that its description is true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode

from glaneuse.wiring import open_engine
from indexer.embedded import EmbeddedEngine
from indexer.stages import rebuild
from tests.parts import Parts
from tests.web.conftest import Library
from web.openapi import description

API = "/api/v1"


OPERATIONS = tuple(description("http://localhost")["paths"])


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", OPERATIONS)
def test_the_description_is_true(app: Flask, path: str, mode: GenerationMode) -> None:
    """Whatever it allows is answered as it says; whatever it does not is refused."""
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    operation = schema[path]["GET"]
    if mode is GenerationMode.NEGATIVE and not operation.query and "{" not in path:
        pytest.skip("takes no parameter")

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def answered(case: Case[Any]) -> None:
        # The application's own answer: no server in front of it has unpacked it.
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    answered()


def get(client: FlaskClient, address: str, **given: Any) -> Any:
    answer = client.get(API + address, query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_search_answers_as_the_command_line_does(own_library: Library, parts: Parts) -> None:
    engine = open_engine(own_library.settings)
    rebuild(own_library.store, engine)
    command = [sys.executable, "-m", "glaneuse", "search", "numérique", "--json", "--limit", "5"]
    folder = own_library.settings.data_dir
    environment = os.environ | {"GLANEUSE_DATA_DIR": str(folder)} | parts.environment(folder)
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    client = own_library.app(engine=engine).test_client()
    answer = get(client, "/search", q="numérique", limit=5)
    assert answer["total"] == told["total"] > 0
    assert answer["facets"] == told["facets"]
    assert [{name: hit[name] for name in told["hits"][0]} for hit in answer["hits"]] == told["hits"]


def test_a_search_can_be_narrowed(client: FlaskClient) -> None:
    both = get(client, "/search", theme=["numerique", "grand-age"], sort="date")
    assert both["total"] == 5
    closed = get(client, "/search", access="abonnés", since="2026-11-16", until="2026-11-22")
    assert {hit["access"] for hit in closed["hits"]} == {"abonnés"}
    assert get(client, "/search", q="potiron")["total"] == 0
    assert get(client, "/search", q="potiron", off_field="true")["total"] == 1


def test_articles_can_be_narrowed_as_a_search_can(client: FlaskClient) -> None:
    every = get(client, "/articles")["total"]
    closed = get(client, "/articles", access="abonnés")
    open_ = get(client, "/articles", access=["libre", "inconnu", "non lu"])
    assert {one["access"] for one in closed["articles"]} == {"abonnés"}
    assert closed["total"] + open_["total"] == every
    assert 0 < closed["total"] < every
    assert get(client, "/articles", kind="rapport", territory="orne")["total"] == 0
    assert get(client, "/search", organisation="cnil", profession="nulle")["total"] == 0


def test_pages_follow_each_other_to_the_end(client: FlaskClient) -> None:
    titles: list[str] = []
    address = f"{API}/articles?limit=2&theme=numerique"
    while address:
        page = client.get(address).get_json()
        titles += [one["title"] for one in page["articles"]]
        address = (page["next"] or "").removeprefix("http://localhost")
    assert len(titles) == page["total"] == 4
    assert len(set(titles)) == 4


def test_an_article_says_why_and_never_more_than_may_be_shown(
    client: FlaskClient, library: Library
) -> None:
    one = get(client, f"/articles/{library.id('Habiter sa chambre')}")
    assert one["reasons"][0]["theme"] == "grand-age"
    words = [word for reason in one["reasons"] for word in reason["words"]]
    assert len(one["extract"]) + sum(map(len, words)) <= 200
    assert one["url"] == "https://www.revue.example/16"
    assert one["page"].startswith("http://localhost/articles/")
    assert "text" not in one


def test_themes_sources_and_digests_are_those_of_the_pages(
    client: FlaskClient, library: Library
) -> None:
    assert len(get(client, "/themes")["themes"]) == len(library.vocabulary.themes)
    assert get(client, "/themes/numerique")["label"] == "Numérique"
    listed = get(client, "/sources")["sources"]
    assert get(client, f"/sources/{listed[0]['slug']}") == listed[0]
    weeks = get(client, "/digests", limit=3)
    assert [one["week"] for one in weeks["digests"]] == ["2026-W47", "2026-W46", "2026-W45"]
    digest = get(client, "/digests/2026-W47")
    assert digest["period"]["label"].startswith("Semaine du 16 au 22")
    assert digest["leading"]


@pytest.mark.parametrize(
    "address",
    [
        "/search?limit=101", "/search?page=0", "/search?page=zut", "/search?page=101",
        "/search?page=101&limit=100", "/search?since=hier", "/search?since=2026-02-30",
        "/search?until=0001-01-01", "/search?access=gratuit", "/search?sort=hasard",
        "/search?thme=numerique", "/search?theme=%00", "/articles?theme=a&theme=b",
        "/articles?q=rue", "/search?off_field=1", "/search?q=a&q=b", "/themes?page=1",
        f"/search?q={'a' * 501}", "/search?" + "&".join(f"theme=t{n}" for n in range(51)),
        "/search?" + "&".join(["access=libre"] * 51),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_a_sentence(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(API + address)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == 400
    assert problem["title"] == "Demande incomprise"
    assert len(problem["detail"]) > 10


@pytest.mark.parametrize("address", ["/articles/99999", "/themes/rien", "/sources/rien", "/x"])
def test_what_is_not_there_is_a_problem_too(client: FlaskClient, address: str) -> None:
    answer = client.get(API + address)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_nothing_can_be_sent(client: FlaskClient) -> None:
    answer = client.post(f"{API}/articles", json={})
    assert (answer.status_code, answer.get_json()["status"]) == (405, 405)
    assert "GET" in answer.headers["Allow"]


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(f"{API}/search?q=rue")
    again = client.get(f"{API}/search?q=rue", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers


def test_the_description_is_an_openapi_document(client: FlaskClient) -> None:
    told = get(client, "/openapi.json")
    assert told["openapi"].startswith("3.1")
    assert told["servers"] == [{"url": "http://localhost/api/v1"}]
    for one in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(one)


def test_without_the_search_the_rest_answers(library: Library, tmp_path: Any) -> None:
    client = library.app(engine=EmbeddedEngine(tmp_path / "none")).test_client()
    answer = client.get(f"{API}/search?q=rue")
    assert (answer.status_code, answer.get_json()["status"]) == (503, 503)
    assert client.get(f"{API}/articles").status_code == 200
