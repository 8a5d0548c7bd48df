"""``python -m benchmarks.indexing [N]``: articles indexed per second, ours beside the bare engines.

Two bare Tantivy writers with our schema: one given the raw text, which it analyses itself (its
French stemmer), the other given ready-made entries, the least it can take. Ours does everything:
analysis, what is kept to be shown, locking, the swap.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import perf_counter

import tantivy
from meilisearch import Client

from benchmarks.bare import BareMeilisearch, bare_fields
from benchmarks.corpus import articles
from core.settings import read_settings
from glaneuse.wiring import open_french
from indexer.baselines import french_analyser
from indexer.embedded import EmbeddedEngine, entry, layout, with_tokenizer
from indexer.engine import Document
from indexer.entries import FACETS, shown
from indexer.meili import MeiliEngine
from tests.meilisearch_server import Server, program, running

BAR = 0.6  # of a bare writer given ready-made entries


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    count = int(arguments[0]) if arguments else 20_000
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
        compare_meilisearch(up, documents[: max(1000, count // 4)], Path(folder))


def compare_embedded(folder: Path, documents: Sequence[Document]) -> None:
    """A bare Tantivy writer and the embedded engine; the size of the index too."""
    raw = (raw_entry(document) for document in documents)
    bare = speed(len(documents), lambda: write_bare(folder / "bare", raw, "french"))
    french = open_french(read_settings({}, folder))
    french.subjects.of(())  # its table is read before
    engine = EmbeddedEngine(folder / "ours", french)
    ours = speed(len(documents), lambda: engine.rebuild(documents))
    entries = [entry(french, document) for document in documents]
    ready = speed(len(documents), lambda: write_bare(folder / "ready", entries, "whitespace"))
    size = sum(file.stat().st_size for file in (folder / "ours").rglob("*") if file.is_file())
    text = sum(len((one.title + one.text).encode()) for one in documents)
    print(
        f"index embedded, {len(documents)} articles: bare {bare:.0f}/s, ours {ours:.0f}/s, "
        f"ratio {ours / bare:.2f} (bar {BAR}; with ready-made entries {ready:.0f}/s, "
        f"ratio {ours / ready:.2f}); size {size / text:.2f} × the text"
    )


def raw_entry(document: Document) -> tantivy.Document:
    """The document for a Tantivy that analyses it itself."""
    fields = bare_fields(document)
    kept = json.dumps(shown(document)).encode()
    names = ("title", "text", "published", *FACETS)
    return tantivy.Document(
        id=int(document.id), themed=1, shown=kept, **{name: fields[name] for name in names}
    )


def write_bare(folder: Path, entries: Iterable[tantivy.Document], tokenizer: str) -> None:
    """One writer, one commit, merges waited for."""
    folder.mkdir()
    index = with_tokenizer(tantivy.Index(layout(tokenizer), str(folder)))
    index.register_tokenizer("french", french_analyser())
    writer = index.writer(128_000_000)
    for one in entries:
        writer.add_document(one)
    writer.commit()
    writer.wait_merging_threads()


def compare_meilisearch(server: Server, documents: Sequence[Document], folder: Path) -> None:
    """Meilisearch with its default settings on the raw text, and our engine on it."""
    plain = BareMeilisearch(Client(server.url, server.key), "default", default=True)
    bare = speed(len(documents), lambda: plain.fill(documents))
    french = open_french(read_settings({}, folder / "data"))
    engine = MeiliEngine(server.url, server.key, french=french)
    ours = speed(len(documents), lambda: engine.rebuild(documents))
    print(
        f"index meilisearch, {len(documents)} articles: default settings {bare:.0f}/s, "
        f"ours {ours:.0f}/s, ratio {ours / bare:.2f}"
    )


def speed(count: int, work: Callable[[], None]) -> float:
    """How many a second."""
    start = perf_counter()
    work()
    return count / (perf_counter() - start)


if __name__ == "__main__":
    main(sys.argv[1:])
