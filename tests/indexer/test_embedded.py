"""Tantivy in a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from core.errors import IndexBusy, SearchUnavailable
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Query
from indexer.french import French
from indexer.lexicon import Lexicon
from tests.indexer.contract import EngineContract
from tests.indexer.samples import document, ids


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index goes."""
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> EmbeddedEngine:
    """An engine without an index yet."""
    return EmbeddedEngine(folder)


class TestEmbedded(EngineContract):
    @pytest.fixture
    def untouched(self, engine: EmbeddedEngine) -> EmbeddedEngine:
        return engine


def test_a_reader_elsewhere_sees_what_was_written(engine: EmbeddedEngine, folder: Path) -> None:
    reader = EmbeddedEngine(folder)
    engine.put([document(1, "Budget")])
    assert ids(reader.search(Query("budget"))) == [1]
    engine.put([document(2, "Budget")])
    assert sorted(ids(reader.search(Query("budget")))) == [1, 2]
    engine.rebuild([document(3, "Budget")])
    assert ids(reader.search(Query("budget"))) == [3]


def test_another_process_reads_the_index(engine: EmbeddedEngine, folder: Path) -> None:
    engine.put([document(1, "Budget")])
    code = (
        "import sys; from pathlib import Path; from indexer.embedded import EmbeddedEngine;"
        "from indexer.engine import Query;"
        "print(EmbeddedEngine(Path(sys.argv[1])).search(Query('budget')).total)"
    )
    asked = [sys.executable, "-c", code, str(folder)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert said.stdout == "1\n"


def test_one_writer_at_a_time(engine: EmbeddedEngine, folder: Path) -> None:
    other = EmbeddedEngine(folder)
    engine.put([document(1, "Budget")])

    def documents() -> Iterator[Document]:
        with pytest.raises(IndexBusy):
            other.put([document(3)])
        with pytest.raises(IndexBusy):
            other.rebuild([])
        yield document(2, "Budget")

    engine.rebuild(documents())
    other.put([document(4, "Budget")])
    assert sorted(ids(engine.search(Query("budget")))) == [2, 4]


def test_searches_go_on_while_the_index_is_rebuilt_again_and_again(
    engine: EmbeddedEngine, folder: Path
) -> None:
    engine.rebuild([document(1, "Budget")])
    reader = EmbeddedEngine(folder)

    def rebuild() -> None:
        for _ in range(15):
            engine.rebuild([document(1, "Budget")])

    writer = Thread(target=rebuild)
    writer.start()
    totals = set()
    while writer.is_alive():
        totals.add(reader.search(Query("budget")).total)
    writer.join()
    assert totals <= {1}


def test_dropped_generations_leave_the_disk(engine: EmbeddedEngine, folder: Path) -> None:
    for _ in range(3):
        engine.rebuild([document(1)])
    assert len(list(folder.glob("generation-*"))) == 1


def test_what_an_interrupted_rebuild_left_is_cleared(engine: EmbeddedEngine, folder: Path) -> None:
    engine.put([document(1, "Budget")])
    (folder / "generation-77").mkdir()
    engine.rebuild([document(2, "Budget")])
    assert [path.name for path in folder.glob("generation-*")] == ["generation-78"]


def test_many_small_writes_leave_few_segments(engine: EmbeddedEngine, folder: Path) -> None:
    for number in range(40):
        engine.put([document(number, "Budget")])
    generation = json.loads((folder / "current.json").read_text())["generation"]
    meta = json.loads((folder / generation / "meta.json").read_text())
    assert len(meta["segments"]) < 20


def test_an_index_of_another_version_asks_for_a_rebuild(
    engine: EmbeddedEngine, folder: Path
) -> None:
    engine.put([document(1, "Budget")])
    newer = EmbeddedEngine(folder, French(Lexicon({"directrice": "directeur"})))
    for act in (lambda: newer.search(Query("budget")), lambda: newer.put([document(2)])):
        with pytest.raises(SearchUnavailable, match="--rebuild"):
            act()
    newer.rebuild([document(2, "Budget")])
    assert ids(newer.search(Query("budget"))) == [2]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"generation": "../.."}'])
def test_a_broken_pointer_is_one_clear_line(
    engine: EmbeddedEngine, folder: Path, content: str
) -> None:
    engine.put([document(1)])
    (folder / "current.json").write_text(content)
    with pytest.raises(SearchUnavailable, match="glaneuse index"):
        engine.search(Query("a"))
    engine.rebuild([document(2, "Budget")])
    assert ids(engine.search(Query("budget"))) == [2]


def test_a_damaged_index_is_unavailable_and_can_be_rebuilt(folder: Path) -> None:
    EmbeddedEngine(folder).put([document(1, "Budget")])
    (meta,) = folder.glob("generation-*/meta.json")
    meta.write_text("no JSON")
    engine = EmbeddedEngine(folder)
    assert not engine.is_alive()
    with pytest.raises(SearchUnavailable):
        engine.search(Query("budget"))
    engine.rebuild([document(2, "Budget")])
    assert ids(engine.search(Query("budget"))) == [2]
