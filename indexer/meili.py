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
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, islice
from typing import Any
from uuid import uuid4

import meilisearch
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchError,
    MeilisearchTimeoutError,
)
from meilisearch.models.task import TaskInfo

from core.clock import Clock, now
from core.errors import IndexBusy, IndexMissing, IndexOutdated, SearchUnavailable
from core.model import ArticleId
from indexer import entries, meili_words
from indexer.correction import corrected, doubtful, nearest, with_accents
from indexer.engine import Correction, Document, Hit, Query, Results, Sort, Suggestion
from indexer.entries import (
    FACETS,
    MORE,
    check_page,
    counted,
    hit,
    seconds,
    values,
    wanted,
    with_years,
)
from indexer.french import French
from indexer.highlight import Marker
from indexer.question import (
    MOST_ENDS,
    SHORTEST_START,
    Keys,
    Question,
    Term,
    begun,
    meanings,
    parse,
    rarer,
)
from indexer.ranking import Candidate, folded_words, newest_first, rank, rarity, with_subjects

LAYOUT = 6  # to be raised when the fields change
_BATCH = 1000  # documents a request
_PENDING = 4  # batches sent before the first one is waited for
_PATIENCE = 600_000  # milliseconds for a task
_WINDOW = 80  # candidates put in order by us
_CHECKED = 2000  # candidates looked at for phrases
_MOST_WORDS = 10  # that Meilisearch reads in a question
_MOST_UNWANTED = 3
_WORDS = "words"  # the field of the words themselves, which are not searched
_SUBJECT = "subject"  # whole numbers, as text: JSON's may lose their last digits
_ABANDONED = timedelta(minutes=10)  # a rebuild that has not progressed for so long
_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """How many documents there are, and how many have each key."""

    documents: int
    having: Mapping[str, int]


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
        # Candidates are read at once by a neighbour: packing them takes longer than sending them.
        plain = {"Accept-Encoding": "identity"}
        self._asked = meilisearch.Client(url, key, timeout, custom_headers=plain)  # type: ignore[arg-type]
        self._written = meilisearch.Client(url, key, timeout=60)
        self._name = index
        self._french = french or French()
        self._clock = clock
        version = f"{LAYOUT}-{self._french.version}"
        # The version is in the names of the fields searched, so that an index made by another
        # one refuses our questions instead of answering them wrongly.
        self._title, self._text = f"title-{version}", f"text-{version}"
        self._judged = ["id", "published", self._title, self._text, _WORDS, _SUBJECT]

    def put(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        with _translated():
            self._check_rebuilds()
            self._make(self._name)
        counts = Counter[str]()
        self._send(self._name, meili_words.count_words(documents, counts))
        with _translated():
            counts += Counter(meili_words.known(self._written, f"{self._name}-words", counts))
            self._learn(f"{self._name}-words", counts)

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
        counts = Counter[str]()
        try:
            self._send(fresh, meili_words.count_words(documents, counts))
            with _translated():
                self._learn(f"{fresh}-words", meili_words.frequent(counts))
                self._make(self._name, empty=True)
                pairs = [[self._name, fresh], [f"{self._name}-words", f"{fresh}-words"]]
                self._wait(self._written.swap_indexes([{"indexes": pair} for pair in pairs]))
        finally:
            self._delete(fresh)

    def drop(self) -> None:
        """Delete the index."""
        self._delete(self._name)

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
                return self._answered(query, question)
            except MeilisearchApiError as error:
                if not self._is_empty(error):
                    raise
                return nothing

    def suggest(self, typed: str, size: int = 5) -> tuple[Suggestion, ...]:
        """See SearchEngine."""
        whole, start = begun(typed, self._french)
        if len(start) < SHORTEST_START:
            return ()
        with _translated():
            words = meili_words.beginning(self._asked, f"{self._name}-words", start, MOST_ENDS)
            ends = dict.fromkeys(self._french.key(word) for word in words)
            asked = {
                "filter": filters(Query()),
                "sort": ["published:desc"],
                "attributesToSearchOn": [self._title],
                "attributesToRetrieve": ["shown"],
            }
            wanted = [self._words([*((key,) for key in whole), (end,)]) | asked for end in ends]
            paging = {"limit": size, "offset": 0, "facets": []}
            found = self._any_of(wanted, paging)["hits"] if wanted else []
        titles = ((ArticleId(one["shown"]["id"]), one["shown"]["title"]) for one in found)
        return tuple(Suggestion(id, title) for id, title in titles)

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
        """See SearchEngine. Asks as searches do: a half made index can be counted."""
        try:
            self.search(Query(size=1, plain=True))
        except SearchUnavailable:
            return False
        return True

    # Questions

    def _answered(self, query: Query, question: Question) -> Results:
        """The answers, typing errors being put right."""
        counts = self._counted(question)
        words, corrections = self._corrected(query.words, question, counts)
        if corrections:
            question = parse(words, self._french)
            counts = self._counted(question)
        results = self._found(query, question, counts)
        if question.may_be_unquoted and not results.total:
            results = replace(self._found(query, question.unquoted, counts), unquoted=True)
        results = with_accents(results, words, corrections) if corrections else results
        return replace(results, meanings=meanings(query.words, self._french))

    def _found(self, query: Query, question: Question, numbers: _Numbers) -> Results:
        if question.phrases or not _told_at_once(question):
            return self._search_phrases(query, question, numbers)
        return self._search_terms(query, question, numbers)

    def _counted(self, question: Question) -> _Numbers:
        """How many documents there are, and how many have each word."""
        queries = [self._words(), *(self._words([(term.key,)]) for term in question.scored)]
        documents, *numbers = [int(one["estimatedTotalHits"]) for one in self._ask(queries)]
        keys = [term.key for term in question.scored]
        return _Numbers(documents, dict(zip(keys, numbers, strict=True)))

    def _corrected(
        self, typed: str, question: Question, numbers: _Numbers
    ) -> tuple[str, tuple[Correction, ...]]:
        """What was typed without its errors, the words that were ones, and what they became."""
        wrong = doubtful(question, numbers.having, self._french)
        near = meili_words.near(self._asked, f"{self._name}-words", wrong) if wrong else {}
        right = {word: nearest(word, known) for word, known in near.items()}
        return corrected(typed, self._french, right)

    def _search_terms(self, query: Query, question: Question, numbers: _Numbers) -> Results:
        by_rules = question.by_date or query.sort is Sort.DATE
        start = (query.page - 1) * query.size
        window = query.size if by_rules else query.size * max(1, _WINDOW // query.size)
        first = start // window * window
        asked = {
            "filter": filters(query),
            "limit": window,
            "offset": first,
            "attributesToRetrieve": ["shown"] if by_rules else self._judged,
            "facets": list(counted(query)),
        }
        if by_rules:
            asked["sort"] = ["published:desc"]
        found, partial = self._candidates(question, numbers, asked)
        if by_rules:
            answers = [(data["shown"], 0.0) for data in found["hits"]]
        else:
            ranked = self._ranked(found["hits"], question, numbers)
            answers = self._shown(ranked[start - first :][: query.size])
        facets = _counts(found["facetDistribution"], counted(query))
        total = int(found["estimatedTotalHits"])
        return Results(total, self._hits(answers, query, question), facets, partial=partial)

    def _candidates(
        self, question: Question, numbers: _Numbers, asked: _Json
    ) -> tuple[_Json, bool]:
        """What has all the words; or some, when too little has all, and that it is so."""
        readings = [self._words(keys, question.unwanted) | asked for keys in question.readings]
        every = self._any_of(readings, asked) if len(readings) > 1 else self._ask(readings)[0]
        some = rarer({t.key: numbers.having[t.key] for t in question.terms}, numbers.documents)
        enough = int(every["estimatedTotalHits"]) >= question.enough
        if enough or len(question.terms) < 2 or not some:
            return every, False
        chosen = [term for term in question.terms if term.key in some]
        return self._any_of(self._several(chosen, question, numbers, asked), asked), True

    def _several(
        self,
        terms: Sequence[Term],
        question: Question,
        numbers: _Numbers,
        asked: _Json,
    ) -> list[_Json]:
        """Queries for any of the terms, those with several of the rarest first."""
        rarest = sorted(terms, key=lambda term: (numbers.having[term.key], term.key))[:3]
        groups: list[tuple[Keys, ...]] = [
            tuple((term.key,) for term in group)
            for size in (3, 2)
            for group in combinations(rarest, size)
        ]
        groups += [(keys,) for term in terms for keys in ((term.key,), *term.also)]
        return [
            self._words(group, question.unwanted)
            | asked
            | {"federationOptions": {"weight": float(len(group))}}
            for group in groups
        ]

    def _any_of(self, queries: Sequence[_Json], asked: _Json) -> _Json:
        """The documents that any of the queries finds."""
        federal = ("limit", "offset", "facets")
        found: _Json = self._asked.multi_search(
            [{name: one[name] for name in one if name not in federal} for one in queries],
            {
                "limit": asked["limit"],
                "offset": asked["offset"],
                "facetsByIndex": {self._name: asked["facets"]},
                "mergeFacets": {},
            },
        )
        return found

    def _search_phrases(self, query: Query, question: Question, numbers: _Numbers) -> Results:
        """Phrases are checked by us on the candidates' keys, and all counted by us."""
        facets = counted(query)
        asked = {
            "filter": filters(query),
            "limit": _CHECKED,
            "attributesToRetrieve": [*self._judged, *facets],
        }
        words = tuple((term.key,) for term in question.terms)
        kept: list[_Json] = []
        for together in dict.fromkeys(((*question.phrases, *words), question.phrases)):
            (found,) = self._ask([self._words(together) | asked])
            kept = [data for data in found["hits"] if self._has(data, together, question.unwanted)]
            if kept or not question.phrases:
                break
        answers = self._ranked(kept, question, numbers)
        if query.sort is Sort.DATE or question.by_date:
            answers.sort(key=lambda answer: -answer[0]["published"])
        page = answers[(query.page - 1) * query.size :][: query.size]
        hits = self._hits(self._shown(page), query, question)
        partial = together != (*question.phrases, *words)
        return Results(len(kept), hits, _tally(kept, facets), partial=partial)

    def _has(self, data: _Json, phrases: Sequence[Keys], unwanted: Sequence[Keys]) -> bool:
        fields = [f" {data[self._title]} ", f" {data[self._text]} "]

        def there(keys: Keys) -> bool:
            return any(f" {' '.join(keys)} " in field for field in fields)

        return all(map(there, phrases)) and not any(map(there, unwanted))

    def _ranked(
        self, found: Sequence[_Json], question: Question, numbers: _Numbers
    ) -> list[tuple[_Json, float]]:
        """The documents with their scores, best first; equal ones in Meilisearch's order."""
        fields = (self._title, self._text, _WORDS)
        candidates = [Candidate.of(*(data[field] for field in fields)) for data in found]
        lexical = rank(candidates, question.scored, numbers.having, numbers.documents)
        keys = [term.key for term in question.scored]
        nearness = self._french.subjects.nearness(
            keys, [_unpacked(data[_SUBJECT]) for data in found]
        )
        idfs = [rarity(numbers.having[key], numbers.documents) for key in keys]
        scores = with_subjects(lexical, nearness, idfs)
        return newest_first(found, scores, [data["published"] for data in found])

    def _shown(self, answers: Sequence[tuple[_Json, float]]) -> list[tuple[_Json, float]]:
        """What is shown of the documents, with their scores; those gone meanwhile are left out."""
        if not answers:
            return []
        ids = [data["id"] for data, _ in answers]
        asked = {"filter": f"id IN {ids}", "limit": len(ids), "attributesToRetrieve": ["shown"]}
        (found,) = self._ask([self._words() | asked])
        shown = {one["shown"]["id"]: one["shown"] for one in found["hits"]}
        return [(shown[data["id"]], score) for data, score in answers if data["id"] in shown]

    def _hits(
        self, answers: Iterable[tuple[_Json, float]], query: Query, question: Question
    ) -> tuple[Hit, ...]:
        marker = Marker(self._french, () if query.plain else question.marks)
        return tuple(hit(shown, score, marker) for shown, score in answers)

    def _words(self, phrases: Sequence[Keys] = (), unwanted: Sequence[Keys] = ()) -> _Json:
        """A query for the documents that have all these phrases of keys (or words)."""
        signed = [("-", keys) for keys in unwanted] + [("", keys) for keys in phrases]
        return {
            "indexUid": self._name,
            "q": " ".join(f'{sign}"{" ".join(keys)}"' for sign, keys in signed[:_MOST_WORDS]),
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
        kept = entries.shown(document)
        title, text = self._french.keys(kept["title"]), self._french.keys(kept["text"])
        return {
            "id": kept["id"],
            self._title: title,
            self._text: text,
            _SUBJECT: " ".join(map(str, self._french.subjects.packed(title, text))),
            **values(document),
            _WORDS: folded_words(kept["title"], kept["text"]),
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

    def _learn(self, name: str, counts: Mapping[str, int]) -> None:
        for task in meili_words.send(self._written, name, counts):
            self._wait(task)

    def _delete(self, name: str) -> None:
        with _translated():
            for one in (name, f"{name}-words"):
                self._wait(self._written.index(one).delete())

    def _make(self, name: str, *, empty: bool = False) -> None:
        """The index and that of its words, with our settings; another version's are left alone.

        ``empty``: whatever is there will be replaced.
        """
        if self._create(f"{name}-words", "word"):
            settings = meili_words.SETTINGS
            self._wait(self._written.index(f"{name}-words").update_settings(settings))
        created = self._create(name, "id")
        if empty:
            return
        index = self._written.index(name)
        wanted, present = self._settings(), index.get_settings()
        if _same(wanted, present):
            return
        searched = present["searchableAttributes"]
        if not created and searched not in (["*"], wanted["searchableAttributes"]):
            raise IndexOutdated
        self._wait(index.update_settings(wanted))

    def _create(self, name: str, key: str) -> bool:
        """Whether the index had to be created."""
        try:
            self._written.get_raw_index(name)
        except MeilisearchApiError as error:
            if error.code != "index_not_found":
                raise
            self._wait(self._written.create_index(name, {"primaryKey": key}))
            return True
        return False

    def _check_rebuilds(self) -> None:
        """Raise IndexBusy while somebody rebuilds; clear what an interrupted rebuild left."""
        present: Any = self._written.get_raw_indexes({"limit": 1000})
        for index in present["results"]:
            if index["uid"].startswith(f"{self._name}-new-"):
                last = datetime.fromisoformat(index["updatedAt"])
                if self._clock() - last < _ABANDONED:
                    raise IndexBusy("une autre commande refait l’index")
                self._wait(self._written.index(index["uid"]).delete())

    def _wait(self, task: TaskInfo) -> None:
        done = self._written.wait_for_task(task.task_uid, _PATIENCE, 10)
        if done.status != "succeeded":
            reason = (done.error or {}).get("message", done.status)
            raise SearchUnavailable(f"Meilisearch ne peut écrire : {reason}")


_UNKNOWN_FIELDS = "invalid_search_attributes_to_search_on"
_SAID = {
    "invalid_api_key": "Meilisearch refuse notre clé : voyez MEILISEARCH_KEY",
    "missing_authorization_header": "Meilisearch veut une clé : voyez MEILISEARCH_KEY",
}


@contextmanager
def _translated() -> Iterator[None]:
    """The client's errors as ours, and those of a server that is not, or not quite, Meilisearch."""
    try:
        yield
    except MeilisearchApiError as error:
        raise _said(error) from error
    except (MeilisearchCommunicationError, MeilisearchTimeoutError) as error:
        raise SearchUnavailable("rien ne répond à l’adresse de MEILISEARCH_URL") from error
    except (MeilisearchError, OSError, ValueError, LookupError, TypeError) as error:
        reason = f"réponse inattendue à l’adresse de MEILISEARCH_URL ({type(error).__name__})"
        raise SearchUnavailable(reason) from error


def _said(error: MeilisearchApiError) -> SearchUnavailable:
    match error.code:
        case "index_not_found":
            return IndexMissing()
        case code if code in {"invalid_search_filter", _UNKNOWN_FIELDS}:  # half made, older
            return IndexOutdated()
        case code:
            return SearchUnavailable(_SAID.get(code or "", f"Meilisearch : {error}"))


def _unpacked(numbers: str) -> list[int]:
    return list(map(int, numbers.split()))


def _told_at_once(question: Question) -> bool:
    """Whether Meilisearch itself can leave out what is not wanted: words, and not too many."""
    return len(question.unwanted) <= _MOST_UNWANTED and all(
        len(keys) == 1 for keys in question.unwanted
    )


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
