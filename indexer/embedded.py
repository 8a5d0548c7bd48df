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
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import Any

import tantivy
from filelock import FileLock, Timeout
from tantivy import Filter, TextAnalyzerBuilder, Tokenizer
from tantivy import Query as Clause

from core.errors import IndexBusy, IndexMissing, IndexOutdated, SearchUnavailable
from core.model import ArticleId
from indexer.clauses import Clauses
from indexer.correction import corrected, doubtful, nearest, with_accents
from indexer.engine import Correction, Document, Query, Results, Sort, Suggestion
from indexer.entries import (
    FACETS,
    MORE,
    check_page,
    counted,
    hit,
    seconds,
    shown,
    values,
    with_years,
)
from indexer.french import French
from indexer.highlight import Marker
from indexer.question import MOST_ENDS, SHORTEST_START, Question, begun, meanings, parse
from indexer.ranking import WINDOW, newest_first, with_subjects
from indexer.senses import NUMBERS

LAYOUT = 6  # to be raised when the fields change
_POINTER = "current.json"
_BOUNDARY = "¶"  # between title and text: no phrase goes over it
_SMALL = 200  # documents: one thread and one segment are enough
_MOST_VALUES = 2000  # of a facet
_SUBJECT = tuple(f"subject-{number}" for number in range(NUMBERS))


def layout(tokenizer: str = "whitespace") -> tantivy.Schema:
    """The fields. ``shown`` and ``words`` (title, text) are given back.

    ``text`` takes ready-made keys, those of the title first; ``title`` these again; ``words`` the
    words as they are, which Tantivy folds: what is typed is compared with them too.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("title", tokenizer_name=tokenizer, index_option="basic")
    builder.add_text_field("text", tokenizer_name=tokenizer, index_option="position")
    builder.add_text_field("words", stored=True, tokenizer_name="folded", index_option="basic")
    for name in (*FACETS, *MORE):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", fast=True)
    builder.add_integer_field("themed", indexed=True)
    for name in _SUBJECT:
        builder.add_integer_field(name, fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    """The index, knowing how to fold words."""
    folded = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    index.register_tokenizer("folded", folded.filter(Filter.ascii_fold()).build())
    return index


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
        nothing = Results(0, (), with_years({name: {} for name in counted(query)}))
        question = parse(query.words, self._french)
        searcher = self._searcher()
        if question.is_empty:
            return nothing
        with _translated("l’index ne peut être lu"):
            words, corrections = self._corrected(searcher, query.words, question)
            if corrections:
                question = parse(words, self._french)
            results = self._answers(searcher, query, question)
            if question.may_be_unquoted and not results.total:
                results = self._answers(searcher, query, question.unquoted)
                results = replace(results, unquoted=True)
        results = with_accents(results, words, corrections) if corrections else results
        return replace(results, meanings=meanings(query.words, self._french))

    def suggest(self, typed: str, size: int = 5) -> tuple[Suggestion, ...]:
        """See SearchEngine."""
        whole, start = begun(typed, self._french)
        searcher = self._searcher()
        if len(start) < SHORTEST_START:
            return ()
        with _translated("l’index ne peut être lu"):
            words = searcher.terms_with_prefix("words", start, limit=MOST_ENDS)
            ends = dict.fromkeys(self._french.key(word) for word, _ in words)
            clause = Clauses(self._layout, searcher).entitled(whole, tuple(ends))
            found = searcher.search(clause, size, count=False, order_by_field="published")
            kept = [_kept(searcher.doc(address)) for _, address in found.hits]
        return tuple(Suggestion(ArticleId(one["id"]), one["title"]) for one in kept)

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

    def _corrected(
        self, searcher: tantivy.Searcher, typed: str, question: Question
    ) -> tuple[str, tuple[Correction, ...]]:
        """What was typed without its errors, the words that were ones, and what they became."""
        frequencies = {term.key: searcher.doc_freq("text", term.key) for term in question.terms}
        right = {
            word: nearest(word, dict(searcher.terms_with_prefix("words", word[0])))
            for word in doubtful(question, frequencies, self._french)
        }
        return corrected(typed, self._french, right)

    def _answers(self, searcher: tantivy.Searcher, query: Query, question: Question) -> Results:
        """The first reading of the question that finds enough, else the last."""
        clauses = Clauses(self._layout, searcher)
        page = _Page(query, by_date=query.sort is Sort.DATE or question.by_date)
        readings = clauses.readings(question, query)
        clause = strict = next(readings)
        found = page.search(searcher, clause)
        if _total(found) < question.enough:
            clause = next(readings, strict)
            found = page.search(searcher, clause) if clause is not strict else found
        facets = counted(query)
        counts = searcher.aggregate(clause, {one: _COUNT[one] for one in facets}) if facets else {}
        answers = [(address, 0.0) for _, address in found.hits]
        if not page.by_date:
            answers = page.ranked(searcher, clauses, question, answers, self._french)
        marker = Marker(self._french, () if query.plain else question.marks)
        hits = tuple(hit(_kept(searcher.doc(address)), score, marker) for address, score in answers)
        facet_counts = {name: _counts(counts[name]) for name in facets}
        return Results(_total(found), hits, with_years(facet_counts), partial=clause is not strict)

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
                        message = f"l’index ne peut être ouvert : {error}"
                        raise SearchUnavailable(message) from error
        raise AssertionError

    def _reopened(self) -> tantivy.Index:
        """The index in use, as it is now."""
        pointer = self._read_pointer()
        if not pointer:
            raise IndexMissing
        generation = self._generation(pointer)
        meta = (generation / "meta.json").stat()
        stamp = (meta.st_mtime_ns, meta.st_ino)
        if self._index is None or pointer != self._pointer:
            self._index = with_tokenizer(tantivy.Index.open(str(generation)))
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
            message = f"{self._folder / _POINTER} ne peut être lu : glaneuse index --rebuild"
            raise SearchUnavailable(message) from error
        if version != self._version:
            raise IndexOutdated
        return self._folder / Path(name).name

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The only writer; what an interrupted rebuild left is cleared away."""
        with _translated("l’index ne peut être écrit"):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._folder / "write.lock", timeout=0, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                message = "une autre commande écrit l’index"
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
        with _translated("l’index ne peut être fait"):
            tantivy.Index(self._layout, str(generation))
        self._use(generation)
        return generation

    def _new_generation(self) -> Path:
        numbers = [int(path.name.rpartition("-")[2]) for path in self._generations()]
        generation = self._folder / f"generation-{max(numbers, default=0) + 1}"
        with _translated("l’index ne peut être fait"):
            generation.mkdir()
        return generation

    def _generations(self) -> list[Path]:
        return [path for path in self._folder.glob("generation-*") if path.name[11:].isdecimal()]

    def _use(self, generation: Path) -> None:
        """Point to a generation, drop the others."""
        content = {"generation": generation.name, "version": self._version}
        with _translated("l’index ne peut être écrit"):
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
        with _translated("l’index ne peut être ouvert"):
            fresh = not any(generation.iterdir())
            index = with_tokenizer(tantivy.Index(self._layout, str(generation)))
            fresh = fresh or index.searcher().num_docs == 0
        seen = set[int]()
        with _written(generation, small=small, index=index) as writer:
            for document in chain(first, remaining):
                identifier = int(document.id)
                if not fresh or identifier in seen:
                    writer.delete_documents_by_term("id", identifier)
                seen.add(identifier)
                writer.add_document(entry(self._french, document))


@dataclass(frozen=True, slots=True)
class _Page:
    """The part of the answers asked for: put in our order within a window that holds it."""

    query: Query
    by_date: bool

    def search(self, searcher: tantivy.Searcher, clause: Clause) -> tantivy.SearchResult:
        """The answers of the window; by date, of the page."""
        return searcher.search(
            clause,
            limit=self._window,
            offset=self._start // self._window * self._window,
            order_by_field="published" if self.by_date else None,
        )

    def ranked(
        self,
        searcher: tantivy.Searcher,
        clauses: Clauses,
        question: Question,
        answers: Sequence[tuple[tantivy.DocAddress, float]],
        french: French,
    ) -> list[tuple[tantivy.DocAddress, float]]:
        """The page's answers with their scores, those of the window being put in order."""
        ids = searcher.fast_field_values("id", [address for address, _ in answers])
        better = clauses.better(question, [int(one) for one in ids if one is not None])
        hits = searcher.search(better, limit=self._window, count=False).hits
        addresses = [address for _, address in hits]
        dates = searcher.fast_field_values("published", addresses)
        subjects = zip(
            *(searcher.fast_field_values(one, addresses) for one in _SUBJECT), strict=True
        )
        nearness = french.subjects.nearness((one.key for one in question.scored), list(subjects))
        scores = with_subjects([score for score, _ in hits], nearness, clauses.rarities(question))
        ordered = newest_first(addresses, scores, [int(date or 0) for date in dates])
        start = self._start % self._window
        return ordered[start : start + self.query.size]

    @property
    def _start(self) -> int:
        return (self.query.page - 1) * self.query.size

    @property
    def _window(self) -> int:
        size = self.query.size
        return size if self.by_date else size * max(1, WINDOW // size)


@contextmanager
def _translated(message: str) -> Iterator[None]:
    """Tantivy's errors (ValueError) and the file system's, as ours."""
    try:
        yield
    except (OSError, ValueError) as error:
        full = f"{message} : {error}"
        raise SearchUnavailable(full) from error


@contextmanager
def _written(
    generation: Path, *, small: bool, index: tantivy.Index | None = None
) -> Iterator[tantivy.IndexWriter]:
    """A writer whose work is committed at the end, and forgotten on any error.

    Merges are waited for: without that, small commits leave hundreds of segments behind.
    """
    with _translated("l’index ne peut être ouvert"):
        opened = index or with_tokenizer(tantivy.Index.open(str(generation)))
        heap, threads = (15_000_000, 1) if small else (128_000_000, 0)
        writer = opened.writer(heap, threads)
    try:
        yield writer
    except BaseException:
        writer.rollback()
        writer.wait_merging_threads()
        raise
    with _translated("l’index ne peut être écrit"):
        writer.commit()
        writer.wait_merging_threads()


def entry(french: French, document: Document) -> tantivy.Document:
    """The document as Tantivy is given it."""
    kept = shown(document)
    made = tantivy.Document()
    written = kept.pop("title"), kept.pop("text")
    made.add_integer("id", kept["id"])
    title, text = french.keys(written[0]), french.keys(written[1])
    made.add_text("title", title)
    made.add_text("text", f"{title} {_BOUNDARY} {text}")
    for name, number in zip(_SUBJECT, french.subjects.packed(title, text), strict=False):
        made.add_integer(name, number)
    for text in written:
        made.add_text("words", text)
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


def _kept(document: tantivy.Document) -> dict[str, Any]:
    """What ``shown`` gave."""
    title, text = document["words"]
    return {**json.loads(document["shown"][0]), "title": title, "text": text}


def _total(found: tantivy.SearchResult) -> int:
    return int(getattr(found, "count", 0) or 0)


def _counts(facet: dict[str, Any]) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in facet["buckets"]}
