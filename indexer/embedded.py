"""The embedded engine: Tantivy, in a folder.

The folder holds *generations*, each a Tantivy index, and ``current.json``, which names the one in
use and the version it was made by. Rebuilding fills a new generation beside, then replaces that
file: searches, in this process and others, answer from the old one until then. One lock file keeps
writers apart; readers take no lock of ours.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import Any

import tantivy
from filelock import FileLock, Timeout
from tantivy import FieldType, Occur
from tantivy import Query as Clause

from core.errors import IndexBusy, IndexOutdated, SearchUnavailable
from core.model import ArticleId
from indexer.engine import Document, Hit, Query, Results, Sort
from indexer.entries import (
    FACETS,
    MORE,
    UNDATED,
    check_page,
    counted,
    hit,
    seconds,
    shown,
    values,
    wanted,
    with_years,
)
from indexer.french import French
from indexer.highlight import Marker
from indexer.question import Question, parse, rarer
from indexer.ranking import OTHER_FIELD_WEIGHT, TITLE_WEIGHT

LAYOUT = 3  # to be raised when the fields change
_REBUILD = "run `glaneuse index --rebuild`"
_POINTER = "current.json"
_SMALL = 200  # documents: one thread and one segment are enough
_MOST_VALUES = 2000  # of a facet


def layout(tokenizer: str = "whitespace") -> tantivy.Schema:
    """The fields. ``title`` and ``text`` take ready-made keys; ``shown`` is given back."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name=tokenizer, index_option="position")
    for name in (*FACETS, *MORE):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", fast=True)
    builder.add_integer_field("themed", indexed=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


class EmbeddedEngine:
    """The search engine in ``folder`` (made at the first writing)."""

    name = "embedded"

    def __init__(self, folder: Path, french: French | None = None) -> None:
        self._folder = Path(folder)
        self._french = french or French()
        self._version = f"{LAYOUT}-{self._french.version}"
        self._layout = layout()
        self._lock = Lock()
        self._pointer = b""
        self._meta: tuple[int, int] = (0, 0)
        self._index: tantivy.Index | None = None

    def put(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        with self._writing():
            self._fill(self._generation_to_write(), documents)

    def remove(self, ids: Iterable[ArticleId]) -> None:
        """See SearchEngine."""
        with self._writing(), _written(self._generation_to_write(), small=True) as writer:
            for identifier in ids:
                writer.delete_documents_by_term("id", int(identifier))

    def rebuild(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        with self._writing():
            generation = self._new_generation()
            try:
                self._fill(generation, documents)
            except BaseException:
                shutil.rmtree(generation, ignore_errors=True)
                raise
            self._use(generation)

    def search(self, query: Query) -> Results:
        """See SearchEngine."""
        check_page(query)
        facets = counted(query)
        question = parse(query.words, self._french)
        searcher = self._searcher()
        if question.is_empty:
            return Results(0, (), with_years({name: {} for name in facets}))
        with _translated("the search index cannot be read"):
            clause = self._matching(searcher, question, _filters(self._layout, query))
            counts = searcher.aggregate(clause, {name: _COUNT[name] for name in facets})
            total, hits = self._page(searcher, query, question, clause)
            return Results(
                total, hits, with_years({name: _counts(counts[name]) for name in facets})
            )

    def count(self) -> int:
        """See SearchEngine."""
        return self._searcher().num_docs

    def is_alive(self) -> bool:
        """See SearchEngine."""
        try:
            self._searcher()
        except SearchUnavailable:
            return False
        return True

    # Questions

    def _matching(
        self, searcher: tantivy.Searcher, question: Question, filters: list[Clause]
    ) -> Clause:
        """What to look for: all the words, or some of them when too little has them all."""
        phrases = [_phrase(self._layout, keys) for keys in question.phrases]
        musts = [(Occur.Must, clause) for clause in [*filters, *phrases]]
        if not question.scored:
            return Clause.boolean_query([*musts, (Occur.Must, Clause.all_query())])
        scores = {key: _score(self._layout, key) for key in question.scored}
        required = [(Occur.Must, scores[key]) for key in question.terms]
        quoted = [(Occur.Should, scores[key]) for key in scores if key not in question.terms]
        strict = Clause.boolean_query([*musts, *required, *quoted])
        if len(question.terms) + len(phrases) < 2 or _count(searcher, strict) >= question.enough:
            return strict
        wished = [(Occur.Should, clause) for clause in scores.values()]
        if phrases:
            return Clause.boolean_query([*musts, *wished])
        frequencies = {key: _frequency(searcher, key) for key in question.terms}
        some = rarer(frequencies, searcher.num_docs)
        if not some:
            return Clause.empty_query()
        any_of = Clause.boolean_query([(Occur.Should, scores[key]) for key in some])
        silent = Clause.const_score_query(any_of, 0.0)
        return Clause.boolean_query([*musts, (Occur.Must, silent), *wished])

    def _page(
        self, searcher: tantivy.Searcher, query: Query, question: Question, clause: Clause
    ) -> tuple[int, tuple[Hit, ...]]:
        """How many answers there are, and those of the page."""
        by_date = query.sort is Sort.DATE or question.blank
        found = searcher.search(
            clause,
            limit=query.size,
            offset=(query.page - 1) * query.size,
            order_by_field="published" if by_date else None,
        )
        marker = Marker(self._french, question.scored)
        hits = tuple(
            hit(json.loads(searcher.doc(address)["shown"][0]), 0.0 if by_date else score, marker)
            for score, address in found.hits
        )
        return _total(found), hits

    # The folder

    def _searcher(self) -> tantivy.Searcher:
        with self._lock:
            for last in (False, False, True):
                try:
                    return self._reopened().searcher()
                except (OSError, ValueError) as error:
                    # Between our reading of the pointer and the opening, a rebuild may have
                    # dropped what it named: look again.
                    self._pointer, self._index = b"", None
                    if last:
                        message = f"the search index cannot be opened: {error}"
                        raise SearchUnavailable(message) from error
        raise AssertionError

    def _reopened(self) -> tantivy.Index:
        """The index in use, as it is now."""
        pointer = self._read_pointer()
        if not pointer:
            message = "there is no search index yet: run `glaneuse index`"
            raise SearchUnavailable(message)
        generation = self._generation(pointer)
        meta = (generation / "meta.json").stat()
        stamp = (meta.st_mtime_ns, meta.st_ino)
        if self._index is None or pointer != self._pointer:
            self._index = tantivy.Index.open(str(generation))
            self._index.config_reader("manual")
            self._index.reload()
        elif stamp != self._meta:
            self._index.reload()
        self._pointer, self._meta = pointer, stamp
        return self._index

    def _read_pointer(self) -> bytes:
        try:
            return (self._folder / _POINTER).read_bytes()
        except FileNotFoundError:
            return b""

    def _generation(self, pointer: bytes) -> Path:
        """The generation named; raises SearchUnavailable when another version made it."""
        try:
            content = json.loads(pointer)
            name, version = str(content["generation"]), str(content["version"])
        except (ValueError, KeyError, TypeError) as error:
            message = f"{self._folder / _POINTER} cannot be read: {_REBUILD}"
            raise SearchUnavailable(message) from error
        if version != self._version:
            message = f"the search index was made by another version of Glaneuse: {_REBUILD}"
            raise IndexOutdated(message)
        return self._folder / Path(name).name

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The only writer; what an interrupted rebuild left is cleared away."""
        with _translated("the search index cannot be written"):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._folder / "write.lock", timeout=0, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                message = "another process is writing the search index"
                raise IndexBusy(message) from None
        try:
            yield
        finally:
            lock.release()

    def _generation_to_write(self) -> Path:
        pointer = self._read_pointer()
        if pointer:
            return self._generation(pointer)
        generation = self._new_generation()
        with _translated("the search index cannot be made"):
            tantivy.Index(self._layout, str(generation))
        self._use(generation)
        return generation

    def _new_generation(self) -> Path:
        numbers = [int(path.name.rpartition("-")[2]) for path in self._generations()]
        generation = self._folder / f"generation-{max(numbers, default=0) + 1}"
        with _translated("the search index cannot be made"):
            generation.mkdir()
        return generation

    def _generations(self) -> list[Path]:
        return [path for path in self._folder.glob("generation-*") if path.name[11:].isdecimal()]

    def _use(self, generation: Path) -> None:
        """Point to a generation, drop the others."""
        content = {"generation": generation.name, "version": self._version}
        with _translated("the search index cannot be written"):
            fresh = self._folder / f"{_POINTER}.new"
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._folder / _POINTER)
        for path in self._generations():
            if path != generation:
                shutil.rmtree(path, ignore_errors=True)

    def _fill(self, generation: Path, documents: Iterable[Document]) -> None:
        remaining = iter(documents)
        first = list(islice(remaining, _SMALL))
        small = len(first) < _SMALL
        with _translated("the search index cannot be opened"):
            fresh = not any(generation.iterdir())
            index = tantivy.Index(self._layout, str(generation))
            fresh = fresh or index.searcher().num_docs == 0
        seen = set[int]()
        with _written(generation, small=small, index=index) as writer:
            for document in chain(first, remaining):
                identifier = int(document.id)
                if not fresh or identifier in seen:
                    writer.delete_documents_by_term("id", identifier)
                seen.add(identifier)
                writer.add_document(entry(self._french, document))


@contextmanager
def _translated(message: str) -> Iterator[None]:
    """Tantivy's errors (ValueError) and the file system's, as ours."""
    try:
        yield
    except (OSError, ValueError) as error:
        full = f"{message}: {error}"
        raise SearchUnavailable(full) from error


@contextmanager
def _written(
    generation: Path, *, small: bool, index: tantivy.Index | None = None
) -> Iterator[tantivy.IndexWriter]:
    """A writer whose work is committed at the end, and forgotten on any error.

    Merges are waited for: without that, small commits leave hundreds of segments behind.
    """
    with _translated("the search index cannot be opened"):
        opened = index or tantivy.Index.open(str(generation))
        heap, threads = (15_000_000, 1) if small else (128_000_000, 0)
        writer = opened.writer(heap, threads)
    try:
        yield writer
    except BaseException:
        writer.rollback()
        writer.wait_merging_threads()
        raise
    with _translated("the search index cannot be written"):
        writer.commit()
        writer.wait_merging_threads()


def entry(french: French, document: Document) -> tantivy.Document:
    """The document as Tantivy is given it."""
    kept = shown(document)
    made = tantivy.Document()
    made.add_integer("id", kept["id"])
    made.add_text("title", french.keys(kept["title"]))
    made.add_text("text", french.keys(kept["text"]))
    for name, held in values(document).items():
        for value in held:
            made.add_text(name, value)
    made.add_integer("themed", int(bool(document.themes)))
    made.add_integer("published", seconds(document.published))
    made.add_bytes("shown", json.dumps(kept, ensure_ascii=False).encode())
    return made


_COUNT = {
    name: {"terms": {"field": name, "size": _MOST_VALUES, "segment_size": _MOST_VALUES}}
    for name in (*FACETS, *MORE)
}


def _filters(schema: tantivy.Schema, query: Query) -> list[Clause]:
    """One clause per kind of filter asked for; none of them counts for relevance."""
    clauses = [] if query.off_field else [Clause.term_query(schema, "themed", 1)]
    for name, of in wanted(query).items():
        clauses.append(Clause.term_set_query(schema, name, list(of)))
    if query.since is not None or query.until is not None:
        clauses.append(
            Clause.range_query(
                schema,
                "published",
                FieldType.Integer,
                lower_bound=UNDATED + 1 if query.since is None else seconds(query.since),
                upper_bound=None if query.until is None else seconds(query.until) - 1,
            )
        )
    return [Clause.const_score_query(clause, 0.0) for clause in clauses]


def _score(schema: tantivy.Schema, key: str) -> Clause:
    """The articles with a key, by its better field."""
    text = Clause.term_query(schema, "text", key, "freq")
    title = Clause.boost_query(Clause.term_query(schema, "title", key, "freq"), TITLE_WEIGHT)
    return Clause.disjunction_max_query([text, title], OTHER_FIELD_WEIGHT)


def _phrase(schema: tantivy.Schema, keys: Sequence[str]) -> Clause:
    """The articles where the keys stand in a row."""

    def within(field: str) -> Clause:
        if len(keys) == 1:
            return Clause.term_query(schema, field, keys[0])
        return Clause.phrase_query(schema, field, list(keys))

    either = Clause.boolean_query([(Occur.Should, within(name)) for name in ("title", "text")])
    return Clause.const_score_query(either, 0.0)


def _frequency(searcher: tantivy.Searcher, key: str) -> int:
    return max(searcher.doc_freq("title", key), searcher.doc_freq("text", key))


def _count(searcher: tantivy.Searcher, clause: Clause) -> int:
    return _total(searcher.search(clause, limit=1))


def _total(found: tantivy.SearchResult) -> int:
    return int(getattr(found, "count", 0) or 0)


def _counts(facet: dict[str, Any]) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in facet["buckets"]}
