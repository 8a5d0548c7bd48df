"""What our search is measured against: plain BM25 as Tantivy gives it, with its French stemmer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Filter, Occur, TextAnalyzer, TextAnalyzerBuilder, Tokenizer
from tantivy import Query as Clause

from indexer.engine import Document

FIELDS = {"text": ("text",), "title + text": ("title", "text")}


class Baseline:
    """An index in memory, with French stems and folded accents; any of the words will do."""

    def __init__(self, documents: Iterable[Document]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", fast=True)
        for name in ("title", "text"):
            builder.add_text_field(name, tokenizer_name="french")
        self._schema = builder.build()
        self._analyser = french_analyser()
        index = tantivy.Index(self._schema)
        index.register_tokenizer("french", self._analyser)
        writer = index.writer(128_000_000, 1)
        for one in documents:
            entry = {"id": int(one.id), "title": one.title, "text": one.text}
            writer.add_document(tantivy.Document(**entry))
        writer.commit()
        index.reload()
        self._searcher = index.searcher()

    def best(self, words: str, size: int, fields: Sequence[str]) -> list[int]:
        """The ids of the best answers, the scores of the fields being added."""
        terms = [
            (Occur.Should, Clause.term_query(self._schema, name, token))
            for name in fields
            for token in self._analyser.analyze(words)
        ]
        hits = self._searcher.search(Clause.boolean_query(terms), size).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return [int(one) for one in ids if one is not None]


def french_analyser() -> TextAnalyzer:
    """Tantivy's own analysis of French."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.lowercase())
        .filter(Filter.stemmer("french"))
        .filter(Filter.ascii_fold())
        .build()
    )
