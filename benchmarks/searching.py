"""``python -m benchmarks.searching [N]``: answers with five facets and highlights on N articles.

Ours (the same answers from both engines) beside the bare libraries' own, on the same questions.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from meilisearch import Client

from benchmarks.bare import BareMeilisearch, BareTantivy
from benchmarks.corpus import articles, questions
from core.settings import read_settings
from glaneuse.wiring import open_french
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Query
from indexer.meili import MeiliEngine
from tests.meilisearch_server import Server, program, running

ASKED = 200
BAR = 1.5


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    count = int(arguments[0]) if arguments else 100_000
    documents = list(articles(count))
    with tempfile.TemporaryDirectory(prefix="glaneuse-bench-") as folder:
        compare_embedded(Path(folder), documents)
    server = program(Path(__file__).parent.parent)
    if server is None:
        print("Meilisearch: no server program (.tools/meilisearch), not measured")
        return
    with (
        tempfile.TemporaryDirectory(prefix="glaneuse-bench-") as folder,
        running(server, Path(folder)) as up,
    ):
        compare_meilisearch(up, documents, Path(folder))


def compare_embedded(folder: Path, documents: Sequence[Document]) -> None:
    """Tantivy and the embedded engine."""
    bare = BareTantivy(folder / "bare", documents)
    engine = EmbeddedEngine(folder / "ours", open_french(read_settings({}, folder)))
    engine.rebuild(documents)
    report("embedded", len(documents), bare.search, lambda words: engine.search(Query(words)))


def compare_meilisearch(server: Server, documents: Sequence[Document], folder: Path) -> None:
    """Meilisearch as it is and our engine on it."""
    bare = BareMeilisearch(Client(server.url, server.key), "bare")
    bare.fill(documents)
    french = open_french(read_settings({}, folder / "data"))
    engine = MeiliEngine(server.url, server.key, timeout=60, french=french)
    engine.rebuild(documents)
    report("meilisearch", len(documents), bare.search, lambda words: engine.search(Query(words)))


def report(
    name: str, count: int, bare: Callable[[str], object], ours: Callable[[str], object]
) -> None:
    """One line: medians and 95th percentiles in milliseconds, and the ratio of each."""
    (bare_50, bare_95), (our_50, our_95) = timed(bare, ours)
    print(
        f"search {name}, {count} articles: "
        f"bare p50 {bare_50:.1f} p95 {bare_95:.1f} ms, ours p50 {our_50:.1f} p95 {our_95:.1f} ms, "
        f"ratio p50 {our_50 / bare_50:.2f} p95 {our_95 / bare_95:.2f} (bar {BAR})"
    )


def timed(*calls: Callable[[str], object]) -> list[tuple[float, float]]:
    """The p50 and p95 of each, asked in turns so that the machine's moods are shared."""
    asked = questions(ASKED)
    for words in asked[:20]:
        for call in calls:
            call(words)
    times: list[list[float]] = [[] for _ in calls]
    for words in asked:
        for call, taken in zip(calls, times, strict=True):
            start = perf_counter()
            call(words)
            taken.append((perf_counter() - start) * 1000)
    return [(quantiles(taken, n=20)[9], quantiles(taken, n=20)[18]) for taken in times]


if __name__ == "__main__":
    main(sys.argv[1:])
