"""The Meilisearch engine, for several web processes or machines.

Meilisearch neither stems nor splits elisions for French, keeps ten words of a question, and orders
by rules. So it is given our keys (``indexer/french.py``) and asked for each key between quotes,
which switches off its own guesses; one federated request stands for « any of these words », and
the first candidates are put in order here (``indexer/ranking.py``).

With ``proximityPrecision: byAttribute`` (three times faster to index), its phrases are only words
of the same field: those are checked here, among the ``_CHECKED`` first candidates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import combinations, islice
from typing import Any
from uuid import uuid4

import meilisearch
from meilisearch.errors import MeilisearchApiError, MeilisearchError
from meilisearch.models.task import TaskInfo

from core.clock import Clock, now
from core.errors import IndexBusy, IndexOutdated, SearchUnavailable
from core.model import ArticleId
from indexer.engine import Document, Hit, Query, Results, Sort
from indexer.entries import (
    FACETS,
    MORE,
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
from indexer.ranking import rank

LAYOUT = 3  # to be raised when the fields change
_REBUILD = "run `glaneuse index --rebuild`"
_BATCH = 1000  # documents a request
_PENDING = 4  # batches sent before the first one is waited for
_PATIENCE = 600_000  # milliseconds for a task
_WINDOW = 100  # candidates put in order by us
_CHECKED = 2000  # candidates looked at for phrases
_MOST_WORDS = 10  # that Meilisearch reads in a question
_ABANDONED = timedelta(minutes=10)  # a rebuild that has not progressed for so long
_Json = dict[str, Any]


class MeiliEngine:
    """The index ``index`` of the Meilisearch server at ``url``.

    A search-only key is enough to ask. ``timeout`` (seconds) is for questions; writing waits.
    """

    name = "meilisearch"

    def __init__(
        self,
        url: str,
        key: str,
        index: str = "articles",
        *,
        timeout: float = 3.0,
        french: French | None = None,
        clock: Clock = now,
    ) -> None:
        # The client takes whole seconds by its types; requests takes any.
        self._asked = meilisearch.Client(url, key, timeout=timeout)  # type: ignore[arg-type]
        self._written = meilisearch.Client(url, key, timeout=60)
        self._name = index
        self._french = french or French()
        self._clock = clock
        version = f"{LAYOUT}-{self._french.version}"
        # The version is in the names of the fields searched, so that an index made by another
        # one refuses our questions instead of answering them wrongly.
        self._title, self._text = f"title-{version}", f"text-{version}"

    def put(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        with _translated():
            self._check_rebuilds()
            self._make(self._name)
        self._send(self._name, documents)

    def remove(self, ids: Iterable[ArticleId]) -> None:
        """See SearchEngine."""
        with _translated():
            self._check_rebuilds()
            self._make(self._name)
            index = self._written.index(self._name)
            numbers = iter(ids)
            while batch := [str(int(number)) for number in islice(numbers, _BATCH)]:
                self._wait(index.delete_documents(filter=f"id IN [{', '.join(batch)}]"))

    def rebuild(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        fresh = f"{self._name}-new-{uuid4().hex[:12]}"
        with _translated():
            self._check_rebuilds()
            self._make(fresh)
        try:
            self._send(fresh, documents)
            with _translated():
                self._create(self._name)
                self._wait(self._written.swap_indexes([{"indexes": [self._name, fresh]}]))
        finally:
            with _translated():
                self._wait(self._written.index(fresh).delete())

    def search(self, query: Query) -> Results:
        """See SearchEngine."""
        check_page(query)
        nothing = Results(0, (), with_years({name: {} for name in counted(query)}))
        question = parse(query.words, self._french)
        if question.is_empty:
            self.count()  # so that an engine that is down says so
            return nothing
        with _translated():
            try:
                if question.phrases:
                    return self._search_phrases(query, question)
                return self._search_terms(query, question)
            except MeilisearchApiError as error:
                if not self._is_empty(error):
                    raise
                return nothing

    def count(self) -> int:
        """See SearchEngine."""
        with _translated():
            try:
                return int(self._ask([self._words()])[0]["estimatedTotalHits"])
            except MeilisearchApiError as error:
                if not self._is_empty(error):
                    raise
                return 0

    def is_alive(self) -> bool:
        """See SearchEngine."""
        try:
            self.count()
        except SearchUnavailable:
            return False
        return True

    # Questions

    def _search_terms(self, query: Query, question: Question) -> Results:
        by_rules = question.blank or query.sort is Sort.DATE
        start = (query.page - 1) * query.size
        window = query.size if by_rules else query.size * max(1, _WINDOW // query.size)
        first = start // window * window
        asked = {
            "filter": filters(query),
            "limit": window,
            "offset": first,
            "attributesToRetrieve": ["shown"] if by_rules else ["id", self._title, self._text],
            "facets": list(counted(query)),
        }
        if by_rules:
            asked["sort"] = ["published:desc"]
        found, frequencies, documents = self._candidates(question, asked)
        facets = _counts(found["facetDistribution"], counted(query))
        total = int(found["estimatedTotalHits"])
        if by_rules:
            return Results(total, self._hits(found["hits"], {}, question), facets)
        scores = self._ranked(found["hits"], question, frequencies, documents)
        page = list(islice(scores, start - first, start - first + query.size))
        return Results(total, self._fetched(page, scores, question), facets)

    def _candidates(
        self, question: Question, asked: Mapping[str, Any]
    ) -> tuple[_Json, dict[str, int], int]:
        """What answers: with all the words, or with some when too little has them all.

        Also how many documents have each word, and how many documents there are.
        """
        every = {**self._words(question.terms), **asked}
        alone = len(question.terms) < 2
        counts = [] if alone else [self._words([key]) for key in question.terms]
        strict, everything, *numbers = self._ask([every, self._words(), *counts])
        documents = int(everything["estimatedTotalHits"])
        frequencies = {
            key: int(number["estimatedTotalHits"])
            for key, number in zip(question.terms, numbers, strict=not alone)
        } or dict.fromkeys(question.terms, int(strict["estimatedTotalHits"]))
        if alone or int(strict["estimatedTotalHits"]) >= question.enough:
            return strict, frequencies, documents
        some = rarer(frequencies, documents)
        if not some:
            return strict, frequencies, documents
        return self._any_of(some, frequencies, asked), frequencies, documents

    def _any_of(
        self, keys: Sequence[str], frequencies: Mapping[str, int], asked: Mapping[str, Any]
    ) -> _Json:
        """The documents with any of the keys, those with several of the rarest first."""
        rarest = sorted(keys, key=lambda key: (frequencies[key], key))[:3]
        several = [group for size in (3, 2) for group in combinations(rarest, size)]
        alone = [(key,) for key in keys]
        federal = ("limit", "offset", "facets")
        each = {name: asked[name] for name in asked if name not in federal}
        queries = [
            {**self._words(group), **each, "federationOptions": {"weight": float(len(group))}}
            for group in [*several, *alone]
        ]
        for one in queries:
            del one["limit"]  # the federation's
        found: _Json = self._asked.multi_search(
            queries,
            {
                "limit": asked["limit"],
                "offset": asked["offset"],
                "facetsByIndex": {self._name: asked["facets"]},
                "mergeFacets": {},
            },
        )
        return found

    def _search_phrases(self, query: Query, question: Question) -> Results:
        """Phrases are checked by us on the candidates' keys, and all counted by us."""
        facets = counted(query)
        asked = {
            "filter": filters(query),
            "limit": _CHECKED,
            "attributesToRetrieve": ["id", "published", *facets, self._title, self._text],
        }
        together = [" ".join(keys) for keys in question.phrases]
        found, everything = self._ask(
            [self._words([*together, *question.terms]) | asked, self._words()]
        )
        kept = [data for data in found["hits"] if self._has(data, together, question.terms)]
        if not kept and question.terms:
            (found,) = self._ask([self._words(together) | asked])
            kept = [data for data in found["hits"] if self._has(data, together, ())]
        frequencies = self._frequencies(question.scored)
        scores = self._ranked(kept, question, frequencies, everything["estimatedTotalHits"])
        order = list(scores)
        if query.sort is Sort.DATE:
            dates = {data["id"]: data["published"] for data in kept}
            order.sort(key=lambda identifier: -dates[identifier])
        start = (query.page - 1) * query.size
        page = order[start : start + query.size]
        return Results(len(kept), self._fetched(page, scores, question), _tally(kept, facets))

    def _has(self, data: _Json, phrases: Sequence[str], terms: Sequence[str]) -> bool:
        fields = [f" {data[self._title]} ", f" {data[self._text]} "]
        return all(any(f" {phrase} " in field for field in fields) for phrase in [*phrases, *terms])

    def _frequencies(self, keys: Sequence[str]) -> dict[str, int]:
        answers = self._ask([self._words([key]) for key in keys])
        numbers = [int(answer["estimatedTotalHits"]) for answer in answers]
        return dict(zip(keys, numbers, strict=True))

    def _ranked(
        self,
        candidates: Sequence[_Json],
        question: Question,
        frequencies: Mapping[str, int],
        documents: int,
    ) -> dict[int, float]:
        """The scores by id, best first; equal ones in Meilisearch's order."""
        texts = [(data[self._title].split(), data[self._text].split()) for data in candidates]
        asked = {key: frequencies[key] for key in question.scored}
        scores = zip(
            [data["id"] for data in candidates], rank(texts, asked, documents), strict=True
        )
        return dict(sorted(scores, key=lambda pair: -pair[1]))

    def _fetched(
        self, page: Sequence[int], scores: Mapping[int, float], question: Question
    ) -> tuple[Hit, ...]:
        """The answers of these ids, in this order."""
        if not page:
            return ()
        among = f"id IN [{', '.join(map(str, page))}]"
        asked = {"filter": among, "limit": len(page), "attributesToRetrieve": ["shown"]}
        (found,) = self._ask([self._words() | asked])
        places = {identifier: place for place, identifier in enumerate(page)}
        found["hits"].sort(key=lambda data: places[data["shown"]["id"]])
        return self._hits(found["hits"], scores, question)

    def _hits(
        self, found: Sequence[_Json], scores: Mapping[int, float], question: Question
    ) -> tuple[Hit, ...]:
        marker = Marker(self._french, question.scored)
        answers = [data["shown"] for data in found]
        return tuple(hit(data, scores.get(data["id"], 0.0), marker) for data in answers)

    def _words(self, keys: Sequence[str] = ()) -> _Json:
        """A query for the documents that have all these keys (or phrases of keys)."""
        return {
            "indexUid": self._name,
            "q": " ".join(f'"{key}"' for key in keys[:_MOST_WORDS]),
            "matchingStrategy": "all",
            "attributesToSearchOn": [self._title, self._text],
            "limit": 0,
        }

    def _is_empty(self, error: MeilisearchApiError) -> bool:
        """Whether our fields are unknown only because nothing was ever indexed."""
        if error.code != _UNKNOWN_FIELDS:
            return False
        (found,) = self._ask([{"indexUid": self._name, "limit": 0}])
        return int(found["estimatedTotalHits"]) == 0

    def _ask(self, queries: Sequence[_Json]) -> list[_Json]:
        answers: Any = self._asked.multi_search(queries)
        results: list[_Json] = answers["results"]
        return results

    # Writing

    def _send(self, name: str, documents: Iterable[Document]) -> None:
        index = self._written.index(name)
        remaining = iter(documents)
        pending: list[TaskInfo] = []
        while batch := [self._entry(document) for document in islice(remaining, _BATCH)]:
            with _translated():
                pending.append(index.add_documents(batch))
                if len(pending) >= _PENDING:
                    self._wait(pending.pop(0))
        with _translated():
            for task in pending:
                self._wait(task)

    def _entry(self, document: Document) -> _Json:
        kept = shown(document)
        return {
            "id": kept["id"],
            self._title: self._french.keys(kept["title"]),
            self._text: self._french.keys(kept["text"]),
            **values(document),
            "published": seconds(document.published),
            "themed": int(bool(document.themes)),
            "shown": kept,
        }

    def _settings(self) -> _Json:
        return {
            "searchableAttributes": [self._title, self._text],
            "filterableAttributes": sorted([*FACETS, *MORE, "id", "published", "themed"]),
            "sortableAttributes": ["published"],
            "rankingRules": ["sort", "words", "attribute", "exactness", "published:desc"],
            "proximityPrecision": "byAttribute",
            "prefixSearch": "disabled",
            "facetSearch": False,
            "typoTolerance": {"enabled": False},  # our keys are stems: one letter is a world
            "faceting": {"maxValuesPerFacet": 2000},
            "pagination": {"maxTotalHits": 100_000_000},  # totals are cut to it
        }

    def _make(self, name: str) -> None:
        """The index with our settings; those of another version are left alone."""
        created = self._create(name)
        index = self._written.index(name)
        wanted, present = self._settings(), index.get_settings()
        if _same(wanted, present):
            return
        searched = present["searchableAttributes"]
        if not created and searched not in (["*"], wanted["searchableAttributes"]):
            raise IndexOutdated(_OTHER_VERSION)
        self._wait(index.update_settings(wanted))

    def _create(self, name: str) -> bool:
        """Whether the index had to be created."""
        try:
            self._written.get_raw_index(name)
        except MeilisearchApiError as error:
            if error.code != "index_not_found":
                raise
            self._wait(self._written.create_index(name, {"primaryKey": "id"}))
            return True
        return False

    def _check_rebuilds(self) -> None:
        """Raise IndexBusy while somebody rebuilds; clear what an interrupted rebuild left."""
        present: Any = self._written.get_raw_indexes({"limit": 1000})
        for index in present["results"]:
            if index["uid"].startswith(f"{self._name}-new-"):
                last = datetime.fromisoformat(index["updatedAt"])
                if self._clock() - last < _ABANDONED:
                    raise IndexBusy("another process is rebuilding the search index")
                self._wait(self._written.index(index["uid"]).delete())

    def _wait(self, task: TaskInfo) -> None:
        done = self._written.wait_for_task(task.task_uid, _PATIENCE, 10)
        if done.status != "succeeded":
            reason = (done.error or {}).get("message", done.status)
            raise SearchUnavailable(f"Meilisearch could not write: {reason}")


_OTHER_VERSION = f"the search index was made by another version of Glaneuse: {_REBUILD}"
_UNKNOWN_FIELDS = "invalid_search_attributes_to_search_on"
_SAID = {
    "index_not_found": "there is no search index yet: run `glaneuse index`",
    _UNKNOWN_FIELDS: _OTHER_VERSION,
    "invalid_api_key": "Meilisearch refuses our key: see MEILISEARCH_KEY",
    "missing_authorization_header": "Meilisearch wants a key: see MEILISEARCH_KEY",
}


@contextmanager
def _translated() -> Iterator[None]:
    """The client's errors as ours, and those of a server that is not, or not quite, Meilisearch."""
    try:
        yield
    except MeilisearchApiError as error:
        raise SearchUnavailable(_SAID.get(error.code or "", f"Meilisearch: {error}")) from error
    except (MeilisearchError, OSError, ValueError, LookupError, TypeError) as error:
        raise SearchUnavailable(f"Meilisearch does not answer as it should: {error}") from error


def filters(query: Query) -> list[str]:
    """The filter, in Meilisearch's language: a list is « and »."""
    clauses = [] if query.off_field else ["themed = 1"]
    for name, of in wanted(query).items():
        clauses.append(f"{name} IN [{', '.join(quoted(of))}]")
    if query.since is not None:
        clauses.append(f"published >= {seconds(query.since)}")
    if query.until is not None:
        clauses.append(f"published < {seconds(query.until)} AND published >= -100000000000")
    return clauses


def quoted(given: Iterable[str]) -> Iterator[str]:
    """The values between quotes; those that could leave them are nobody's id, and left out."""
    for value in given:
        if not {'"', "\\", "\n", "\r"}.intersection(value):
            yield f'"{value}"'


def _same(wanted: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
    """Whether the present settings hold all the wanted ones."""
    return all(
        _same(value, present.get(name) or {})
        if isinstance(value, dict)
        else _sorted(name, value) == _sorted(name, present.get(name))
        for name, value in wanted.items()
    )


def _sorted(name: str, value: Any) -> Any:
    """Settings that are sets, in one order."""
    ordered = name in {"searchableAttributes", "rankingRules"}
    return sorted(value) if isinstance(value, list) and not ordered else value


def _counts(
    facets: Mapping[str, Mapping[str, int]] | None, names: Sequence[str]
) -> dict[str, Mapping[str, int]]:
    return with_years({name: dict((facets or {}).get(name, {})) for name in names})


def _tally(found: Sequence[_Json], names: Sequence[str]) -> dict[str, Mapping[str, int]]:
    """The facets' counts of these."""
    counts = {name: Counter[str]() for name in names}
    for data in found:
        for name in names:
            counts[name].update(data[name])
    return with_years({name: dict(counter) for name, counter in counts.items()})
