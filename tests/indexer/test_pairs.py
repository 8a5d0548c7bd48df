"""The rules of French, on both engines: what is typed finds what is meant."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.settings import read_settings
from glaneuse.wiring import open_french
from indexer.embedded import EmbeddedEngine
from indexer.engine import Query, SearchEngine
from indexer.french import French
from indexer.meili import MeiliEngine
from tests.indexer.pairs import ARTICLES, PAIRS
from tests.indexer.samples import document, ids
from tests.meilisearch_server import Server

NAMES = list(ARTICLES)
LINES = [line for line in PAIRS.strip().splitlines() if line]


@pytest.fixture(scope="session")
def french(tmp_path_factory: pytest.TempPathFactory) -> French:
    """The analysis as the program makes it."""
    return open_french(read_settings({}, tmp_path_factory.mktemp("data")))


def filled(engine: SearchEngine) -> SearchEngine:
    texts = [text.split(" | ") for text in ARTICLES.values()]
    engine.rebuild(document(number, title, text) for number, (title, text) in enumerate(texts))
    return engine


@pytest.fixture(scope="session")
def embedded(french: French, tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return filled(EmbeddedEngine(tmp_path_factory.mktemp("index"), french))


@pytest.fixture(scope="session")
def meilisearch(french: French, meilisearch_server: Server) -> SearchEngine:
    url, key = meilisearch_server.url, meilisearch_server.key
    return filled(MeiliEngine(url, key, f"pairs-{uuid4().hex}", timeout=30, french=french))


def check(engine: SearchEngine, line: str) -> None:
    _, typed, expected = line.split(" | ")
    first, _, never = expected.partition("≠")
    wanted, unwanted = (
        {name for name in part.split(", ") if name.strip()} for part in (first, never)
    )
    wanted, unwanted = {name.strip() for name in wanted}, {name.strip() for name in unwanted}
    assert wanted | unwanted <= set(NAMES)
    found = [NAMES[number] for number in ids(engine.search(Query(typed, size=100)))]
    assert set(found[: len(wanted)]) == wanted, found
    assert not unwanted.intersection(found), found


@pytest.mark.parametrize("line", LINES)
def test_embedded(embedded: SearchEngine, line: str) -> None:
    check(embedded, line)


@pytest.mark.parametrize("line", LINES)
def test_meilisearch(meilisearch: SearchEngine, line: str) -> None:
    check(meilisearch, line)


def test_there_are_enough_of_each_kind() -> None:
    rules = [line.split(" | ")[0] for line in LINES]
    assert len(LINES) >= 150
    assert {rule: rules.count(rule) for rule in set(rules) if rules.count(rule) < 2} == {}
