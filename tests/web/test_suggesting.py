"""What is suggested while typing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.embedded import EmbeddedEngine
from tests.web.conftest import Library


def suggested(client: FlaskClient, typed: str) -> list[dict[str, Any]]:
    answer = client.get("/recherche/suggestions", query_string={"q": typed})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["suggestions"]
    for one in found:
        assert client.get(one["address"]).status_code == 200
    return found


@pytest.mark.parametrize(
    ("typed", "label", "kind"),
    [
        ("NUMER", "Numérique", "Thème"),
        ("gazette", "La Gazette des solidarités", "Source"),
        ("ardech", "Ardèche", "Territoire"),
        ("cnaf", "Caisse nationale des allocations familiales (CNAF)", "Organisation"),
        ("pouponnières", "Pouponnières\u00a0: les nourrissons attendent", "Article"),
    ],
)
def test_each_kind_is_suggested(client: FlaskClient, typed: str, label: str, kind: str) -> None:
    found = suggested(client, typed)
    assert (label, kind) in {(one["label"], one["kind"]) for one in found}


def test_every_word_typed_must_begin_one(client: FlaskClient) -> None:
    assert "Protection de l’enfance" in {one["label"] for one in suggested(client, "enf prot")}
    assert "Thème" not in {one["kind"] for one in suggested(client, "protection zzz")}


@pytest.mark.parametrize("typed", ["", "a", "'", "x" * 5000, "\x00\u202e", "<script>", "*:*"])
def test_odd_typing_is_answered(client: FlaskClient, typed: str) -> None:
    assert len(suggested(client, typed)) <= 12


def test_without_the_search_names_are_still_suggested(library: Library, tmp_path: Path) -> None:
    client = library.app(engine=EmbeddedEngine(tmp_path / "none")).test_client()
    found = suggested(client, "numérique")
    assert found[0]["label"] == "Numérique"
    assert "Article" not in {one["kind"] for one in found}
