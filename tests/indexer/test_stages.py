"""What changes in the store reaches the index, once, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import SearchUnavailable
from core.model import ArticleId, Evidence, Extracted, SourceKind, Tagging, ThemeId
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Query
from indexer.entries import document
from indexer.stages import drain, rebuild
from store import Store
from tests.indexer.samples import FILLER, ids
from tests.indexer.samples import document as sample
from tests.parts import Parts

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def store(parts: Parts, tmp_path: Path) -> Iterator[Store]:
    """A store with one source."""
    with parts.store(tmp_path) as store:
        with store.begin() as tx:
            tx.sources.add(name="Lien", url="https://lien/", feed="", kind=SourceKind.FEED, now=NOW)
        yield store


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """An engine without an index yet."""
    return EmbeddedEngine(tmp_path / "index")


def save(store: Store, number: int, title: str = "Budget", summary: str = "") -> ArticleId:
    """An article of the source, tagged."""
    with store.begin() as tx:
        (source,) = tx.sources.all()
        read = Extracted(url=f"https://lien/{number}", title=title, text=FILLER, published=NOW)
        id, _ = tx.articles.save(read, source_id=source.id, now=NOW, summary=summary)
        theme = Tagging(ThemeId("budget"), 0.9, (Evidence("title", 0, 6, "Budget"),))
        tx.articles.save_taggings([(id, [theme])], tagger="1")
    return id


def waiting(store: Store) -> int:
    with store.read() as tx:
        return tx.changes.count()


def test_a_document_says_what_may_be_shown(store: Store) -> None:
    save(store, 1, summary="Le résumé de la source.")
    with store.read() as tx:
        (article,) = tx.articles.by_ids(tx.articles.ids())
    made = document(article, 120)
    assert (made.title, made.source, made.source_name) == ("Budget", "lien", "Lien")
    assert (made.themes, made.extract, made.shown) == (("budget",), "Le résumé de la source.", 120)


def test_draining_indexes_what_changed_and_forgets_it(store: Store, engine: EmbeddedEngine) -> None:
    for number in range(7):
        save(store, number)
    steps: list[tuple[int, int]] = []
    report = drain(store, engine, 3, progress=lambda done, total: steps.append((done, total)))
    assert (report.done, steps, waiting(store), engine.count()) == (
        7,
        [(3, 7), (6, 7), (7, 7)],
        0,
        7,
    )
    assert engine.search(Query("budget")).total == 7
    assert drain(store, engine, 3).done == 0


def test_an_empty_store_has_an_index_too(store: Store, engine: EmbeddedEngine) -> None:
    drain(store, engine)
    assert engine.is_alive()


def test_what_left_the_store_leaves_the_index(store: Store, engine: EmbeddedEngine) -> None:
    save(store, 1)
    drain(store, engine)
    with store.begin() as tx:
        tx.sources.remove("lien")
    with store.read() as tx:
        gone = not list(tx.articles.ids())
    drain(store, engine)
    assert (engine.count() == 0) is gone


def test_a_change_that_could_not_be_indexed_stays(store: Store, tmp_path: Path) -> None:
    save(store, 1)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SearchUnavailable):
        drain(store, EmbeddedEngine(tmp_path / "file"))
    assert waiting(store) == 1


def test_rebuilding_indexes_everything_and_empties_the_log(
    store: Store, engine: EmbeddedEngine
) -> None:
    expected = [save(store, number) for number in range(3)]
    drain(store, engine)
    engine.put([sample(99, "Budget")])
    assert rebuild(store, engine).done == 3
    assert sorted(ids(engine.search(Query("budget")))) == expected
    assert waiting(store) == 0


def test_what_changes_during_a_rebuild_is_drained_after_it(
    store: Store, engine: EmbeddedEngine
) -> None:
    save(store, 1)
    rebuild(store, Meanwhile(engine, lambda: save(store, 2, "Logement")))
    assert waiting(store) == 1
    drain(store, engine)
    assert ids(engine.search(Query("logement"))) == [2]


class Meanwhile(EmbeddedEngine):
    """An engine during whose rebuilding something happens."""

    def __init__(self, engine: EmbeddedEngine, happens: Callable[[], object]) -> None:
        super().__init__(engine._folder)
        self._happens = happens

    def rebuild(self, documents: Iterable[Document]) -> None:
        super().rebuild(documents)
        self._happens()


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from("sssdr"), st.integers(1, 4)), max_size=8))
def test_any_interleaving_leaves_the_index_as_the_store(
    store: Store, engine: EmbeddedEngine, steps: list[tuple[str, int]]
) -> None:
    for step, number in steps:
        if step == "s":
            save(store, number, f"Titre{len(steps)}")
        elif step == "d":
            drain(store, engine, number)
        else:
            rebuild(store, engine)
    drain(store, engine)
    with store.read() as tx:
        held = {article.id: article.title for article in tx.articles.by_ids(tx.articles.ids())}
    found = engine.search(Query(size=100)).hits
    assert {hit.id: "".join(piece.text for piece in hit.title) for hit in found} == held
