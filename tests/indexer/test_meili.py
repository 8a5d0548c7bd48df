"""Meilisearch, a real server."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import meilisearch
import pytest

from core.errors import IndexBusy, SearchUnavailable
from indexer.engine import Query
from indexer.french import French
from indexer.lexicon import Lexicon
from indexer.meili import MeiliEngine
from tests.indexer.contract import EngineContract
from tests.indexer.samples import document, ids
from tests.meilisearch_server import Server


@pytest.fixture
def index() -> str:
    """The name of an index of the test's own."""
    return f"test-{uuid4().hex}"


@pytest.fixture
def engine(meilisearch_server: Server, index: str) -> MeiliEngine:
    """An engine without an index yet."""
    return MeiliEngine(meilisearch_server.url, meilisearch_server.key, index, timeout=30)


class TestMeilisearch(EngineContract):
    @pytest.fixture
    def untouched(self, engine: MeiliEngine) -> MeiliEngine:
        return engine


def test_a_search_only_key_is_enough_to_ask(
    meilisearch_server: Server, engine: MeiliEngine, index: str
) -> None:
    engine.put([document(1, "Budget")])
    client = meilisearch.Client(meilisearch_server.url, meilisearch_server.key)
    key = client.create_key({"actions": ["search"], "indexes": [index], "expiresAt": None}).key
    reader = MeiliEngine(meilisearch_server.url, key, index, timeout=30)
    assert (reader.is_alive(), reader.count()) == (True, 1)
    assert ids(reader.search(Query("budget"))) == [1]
    with pytest.raises(SearchUnavailable):
        reader.put([document(2)])


def test_a_wrong_key_is_said(meilisearch_server: Server, engine: MeiliEngine, index: str) -> None:
    engine.put([])
    stranger = MeiliEngine(meilisearch_server.url, "wrong", index)
    assert not stranger.is_alive()
    with pytest.raises(SearchUnavailable, match="MEILISEARCH_KEY"):
        stranger.search(Query("a"))


def test_an_index_of_another_version_asks_for_a_rebuild(
    meilisearch_server: Server, engine: MeiliEngine, index: str
) -> None:
    engine.put([document(1, "Budget")])
    newer = MeiliEngine(
        meilisearch_server.url,
        meilisearch_server.key,
        index,
        timeout=30,
        french=French(Lexicon({"directrice": "directeur"})),
    )
    for act in (lambda: newer.search(Query("budget")), lambda: newer.put([document(2)])):
        with pytest.raises(SearchUnavailable, match="--rebuild"):
            act()
    assert not newer.is_alive()
    newer.rebuild([document(2, "Budget")])
    assert ids(newer.search(Query("budget"))) == [2]


def test_a_server_that_is_down_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        down = MeiliEngine(f"http://127.0.0.1:{taken.getsockname()[1]}", "key")
        assert not down.is_alive()
        for act in (lambda: down.search(Query("a")), down.count, lambda: down.put([document(1)])):
            with pytest.raises(SearchUnavailable):
                act()


def test_a_server_that_does_not_answer_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        engine = MeiliEngine(f"http://127.0.0.1:{silent.getsockname()[1]}", "key", timeout=0.2)
        with pytest.raises(SearchUnavailable):
            engine.search(Query("a"))


def test_settings_are_sent_once(
    meilisearch_server: Server, engine: MeiliEngine, index: str
) -> None:
    engine.put([document(1)])
    engine.put([document(2)])
    client = meilisearch.Client(meilisearch_server.url, meilisearch_server.key)
    done = client.get_tasks({"indexUids": [index], "types": ["settingsUpdate"]})
    assert len(done.results) == 1


def test_nobody_writes_during_a_rebuild_unless_it_is_abandoned(
    meilisearch_server: Server, engine: MeiliEngine, index: str
) -> None:
    engine.put([document(1, "Budget")])
    client = meilisearch.Client(meilisearch_server.url, meilisearch_server.key)
    task = client.create_index(f"{index}-new-0123", {"primaryKey": "id"})
    client.wait_for_task(task.task_uid, 60_000)
    with pytest.raises(IndexBusy):
        engine.put([document(2)])
    with pytest.raises(IndexBusy):
        engine.rebuild([])
    later = MeiliEngine(
        meilisearch_server.url,
        meilisearch_server.key,
        index,
        timeout=30,
        clock=lambda: datetime(2100, 1, 1, tzinfo=UTC) + timedelta(0),
    )
    later.put([document(2, "Budget")])
    assert sorted(ids(engine.search(Query("budget")))) == [1, 2]


def test_an_index_without_its_words_answers_without_corrections(
    meilisearch_server: Server, engine: MeiliEngine, index: str
) -> None:
    engine.put([document(1, "La protection")])
    client = meilisearch.Client(meilisearch_server.url, meilisearch_server.key)
    client.wait_for_task(client.index(f"{index}-words").delete().task_uid, 60_000)
    assert ids(engine.search(Query("protection"))) == [1]
    assert engine.search(Query("protetcion")).total == 0
    assert engine.suggest("prot") == ()
    engine.put([document(2, "Une protection")])  # they are made again
    assert engine.search(Query("protetcion")).words == "protection"


def test_an_index_given_up_half_made_says_what_to_do(
    meilisearch_server: Server, engine: MeiliEngine, index: str
) -> None:
    client = meilisearch.Client(meilisearch_server.url, meilisearch_server.key)
    client.wait_for_task(client.create_index(index, {"primaryKey": "id"}).task_uid, 60_000)
    client.wait_for_task(
        client.index(index).add_documents([{"id": 1, "title": "x"}]).task_uid, 60_000
    )
    assert not engine.is_alive()
    with pytest.raises(SearchUnavailable, match="--rebuild"):
        engine.search(Query("x"))
    engine.rebuild([document(2, "Budget")])
    assert ids(engine.search(Query("budget"))) == [2]
