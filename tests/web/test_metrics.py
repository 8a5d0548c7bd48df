"""What Prometheus reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from core.letters import Letter
from store import Store
from tests.web.conftest import Library
from tests.web.samples import NOW, fill, samples

TOKEN = "un-jeton-assez-long-pour-servir"


@pytest.fixture
def client(library: Library, store: Store) -> FlaskClient:
    settings = replace(library.settings, metrics_token=TOKEN)
    return replace(library, settings=settings, store=store).app().test_client()


def figures(client: FlaskClient) -> dict[str, float]:
    """« name value-of-label … » → figure."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        " ".join([sample.name, *sorted(sample.labels.values())]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_counts_what_is_held_and_what_waits(client: FlaskClient, store: Store) -> None:
    fill(store, samples())
    with store.begin() as tx:
        held, in_field = tx.articles.count(off_field=True), tx.articles.count()
        changes = tx.changes.count()
        tx.outbox.add(Letter("k", "camille@exemple.fr", "Objet", "Texte"), now=NOW)
        tx.jobs.start("update", now=NOW)
        tx.jobs.end("update", now=NOW + timedelta(seconds=90), code=1, said="zut")
    assert 0 < in_field < held
    expected = {
        "glaneuse_articles in": in_field,
        "glaneuse_articles off": held - in_field,
        "glaneuse_queue_length index": changes,
        "glaneuse_queue_length mail": 1,
        "glaneuse_letters waiting": 1,
        "glaneuse_job_started_timestamp_seconds update": NOW.timestamp(),
        "glaneuse_job_duration_seconds update": 90,
        "glaneuse_job_failed update": 1,
    }
    seen = figures(client)
    assert {name: seen[name] for name in expected} == expected


def test_it_times_requests_by_view(client: FlaskClient) -> None:
    for path in ("/", "/", "/rien-de-tel"):
        client.get(path)
    seen = figures(client)
    assert seen["glaneuse_request_seconds_count 2xx home.show"] == 2
    assert seen["glaneuse_request_seconds_count 4xx none"] == 1


def test_nothing_of_a_person_is_in_it(client: FlaskClient, store: Store) -> None:
    letter = Letter("clé", "camille@exemple.fr", "Objet secret", "Texte secret")
    with store.begin() as tx:
        tx.outbox.add(letter, now=NOW)
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert "exemple.fr" not in text
    assert "secret" not in text


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer autre", TOKEN[:-1], "Bearer é"])
def test_without_the_token_there_is_nothing(client: FlaskClient, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_without_the_setting_there_is_nothing(library: Library) -> None:
    client = library.app().test_client()
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
