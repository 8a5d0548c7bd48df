"""The words of the articles, in a Meilisearch index of their own: what a wrong one may have meant.

Tantivy lists the words of its index, Meilisearch does not. Counts are exact after a rebuild;
afterwards they grow with what is put and never shrink: they only say which of two words is more
likely meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from meilisearch import Client
from meilisearch.errors import MeilisearchApiError
from meilisearch.models.task import TaskInfo

from core.text import fold
from indexer.correction import SHORTEST
from indexer.engine import Document

_WORD = re.compile(rf"(?<![^\W_])[a-z]{{{SHORTEST - 1},30}}(?![^\W_])")
_NEAR = 50  # words looked at for one that is unknown
_BATCH = 20_000
SETTINGS = {
    "searchableAttributes": ["word"],
    "sortableAttributes": ["count"],
    "rankingRules": ["words", "typo", "sort", "exactness"],
    "proximityPrecision": "byAttribute",
    "facetSearch": False,
    "typoTolerance": {"minWordSizeForTypos": {"oneTypo": SHORTEST, "twoTypos": 9}},
}
_UNASKED = {"index_not_found", "invalid_api_key"}  # none yet; a key for the articles alone


def count_words(documents: Iterable[Document], counts: Counter[str]) -> Iterator[Document]:
    """The documents, their words being counted on the way."""
    for document in documents:
        counts.update(set(_WORD.findall(fold(f"{document.title}\n{document.text}"))))
        yield document


def near(client: Client, name: str, words: Iterable[str]) -> dict[str, dict[str, int]]:
    """For each word, the known ones that Meilisearch takes for near, with their counts."""
    asked = [
        {"indexUid": name, "q": word, "limit": _NEAR, "sort": ["count:desc"]} for word in words
    ]
    try:
        answers: Any = client.multi_search(asked)
    except MeilisearchApiError as error:
        if error.code in _UNASKED:
            return {}
        raise
    return {
        str(query["q"]): {one["word"]: one["count"] for one in answer["hits"]}
        for query, answer in zip(asked, answers["results"], strict=True)
    }


def beginning(client: Client, name: str, start: str, most: int) -> list[str]:
    """The known words that begin so, the most frequent first."""
    asked = {"indexUid": name, "q": start, "limit": most, "sort": ["count:desc"]}
    try:
        answers: Any = client.multi_search([asked])
    except MeilisearchApiError as error:
        if error.code in _UNASKED:
            return []
        raise
    words = [str(one["word"]) for one in answers["results"][0]["hits"]]
    return [word for word in words if word.startswith(start)]


def send(client: Client, name: str, counts: Mapping[str, int]) -> list[TaskInfo]:
    """Write the words; the tasks to wait for."""
    rows = ({"word": word, "count": count} for word, count in counts.items())
    tasks = []
    while batch := list(islice(rows, _BATCH)):
        tasks.append(client.index(name).add_documents(batch, "word"))
    return tasks


def known(client: Client, name: str, words: Iterable[str]) -> dict[str, int]:
    """The counts of those of the words that are there."""
    remaining = iter(words)
    found: dict[str, int] = {}
    while batch := list(islice(remaining, _BATCH)):
        answer: Any = client.index(name).get_documents({"ids": batch, "limit": len(batch)})
        found |= {row.word: row.count for row in answer.results}
    return found


def frequent(counts: Counter[str]) -> dict[str, int]:
    """The words worth keeping: of a great many, not those that are there a few times only."""
    least = 1 + len(counts) // 100_000
    return {word: count for word, count in counts.items() if count >= least}
