"""The bare libraries, used as their documentation says: what our engines are measured against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tantivy
from meilisearch import Client
from tantivy import SnippetGenerator

from indexer.baselines import french_analyser
from indexer.engine import Document
from indexer.entries import FACETS, seconds, shown, values

SHOWN = ("title", "text", "url", "source", "access")


class BareTantivy:
    """Tantivy with its own French stemmer, its own query parser, snippets and aggregations."""

    def __init__(self, folder: Path, documents: Iterable[Document]) -> None:
        builder = tantivy.SchemaBuilder()
        for name in ("title", "text"):
            builder.add_text_field(name, stored=True, tokenizer_name="french")
        for name in FACETS:
            builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw")
        builder.add_text_field("url", stored=True, tokenizer_name="raw")
        builder.add_integer_field("published", fast=True)
        self._layout = builder.build()
        folder.mkdir(parents=True)
        self._index = tantivy.Index(self._layout, str(folder))
        self._index.register_tokenizer("french", french_analyser())
        self.fill(documents)

    def fill(self, documents: Iterable[Document]) -> None:
        """Index them, as one would."""
        writer = self._index.writer()
        for document in documents:
            writer.add_document(tantivy.Document(**bare_fields(document)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, words: str, size: int = 20) -> tuple[int, list[Any], dict[str, Any]]:
        """How many, the answers with their snippets, the facets."""
        searcher = self._index.searcher()
        query = self._index.parse_query(words, ["title", "text"], conjunction_by_default=True)
        found = searcher.search(query, size)
        snippets = {
            name: SnippetGenerator.create(searcher, query, self._layout, name)
            for name in ("title", "text")
        }
        hits = []
        for _, address in found.hits:
            kept = searcher.doc(address)
            marked = [snippets[name].snippet_from_doc(kept).to_html() for name in snippets]
            hits.append(({name: kept[name] for name in SHOWN}, marked))
        wanted = {name: {"terms": {"field": name, "size": 2000}} for name in FACETS}
        return getattr(found, "count", 0), hits, searcher.aggregate(query, wanted)


class BareMeilisearch:
    """Meilisearch on the raw text, asked in one request for what a page of answers needs."""

    def __init__(self, client: Client, name: str, *, default: bool = False) -> None:
        self._client = client
        self._index = client.index(name)
        self._wait(client.create_index(name, {"primaryKey": "id"}))
        settings: dict[str, Any] = {"filterableAttributes": [*FACETS, "published"]}
        if not default:
            settings |= {"searchableAttributes": ["title", "text"]}
            settings |= {"proximityPrecision": "byAttribute"}
        self._wait(self._index.update_settings(settings))

    def fill(self, documents: Sequence[Document]) -> None:
        """Index them in batches of a thousand."""
        tasks = [
            self._index.add_documents(
                [{"id": one.id, **bare_fields(one)} for one in documents[start : start + 1000]]
            )
            for start in range(0, len(documents), 1000)
        ]
        for task in tasks:
            self._wait(task)

    def search(self, words: str, size: int = 20) -> Any:
        """The answers with facets, cropped and highlighted."""
        return self._index.search(
            words,
            {
                "limit": size,
                "facets": list(FACETS),
                "matchingStrategy": "all",
                "attributesToCrop": ["text"],
                "cropLength": 30,
                "attributesToHighlight": ["title", "text"],
            },
        )

    def _wait(self, task: Any) -> None:
        assert self._client.wait_for_task(task.task_uid, 1_800_000, 20).status == "succeeded"


def bare_fields(document: Document) -> dict[str, Any]:
    """The document as one would give it to either library."""
    kept, held = shown(document), values(document)
    return {
        **{name: kept[name] for name in SHOWN},
        **{name: list(held[name]) for name in FACETS},
        "published": seconds(document.published),
    }
