"""Questions in Tantivy's language: what matches, and what makes an answer better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Clause

from indexer.engine import Query
from indexer.entries import UNDATED, seconds, wanted
from indexer.question import Keys, Question, Term, rarer
from indexer.ranking import EXACT, NEAR, NEARNESS, ROOT, ROOT_LENGTH, TITLE, emphasis, rarity

_MOST_RELATIVES = 64  # words of one root looked at, the most frequent


class Clauses:
    """Clauses for one index as it is now."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def readings(self, question: Question, query: Query) -> Iterator[Clause]:
        """What to look for: all the words; then, for when too little has them all, some."""
        phrases = [_silent(self._phrase(keys)) for keys in question.phrases]
        required = [(Occur.Must, clause) for clause in [*self._filters(query), *phrases]]
        required += [(Occur.MustNot, self._phrase(keys)) for keys in question.unwanted]
        if not question.scored:
            yield Clause.boolean_query([*required, (Occur.Must, Clause.all_query())])
            return
        terms = [(Occur.Must, self._scored(term)) for term in question.terms]
        wished = [(Occur.Should, self._scored(term)) for term in question.scored]
        quoted = [wish for wish, term in zip(wished, question.scored, strict=True)
                  if term not in question.terms]  # fmt: skip
        yield Clause.boolean_query([*required, *terms, *quoted])
        if len(question.terms) + len(phrases) < 2:
            return
        if not phrases:
            required.append((Occur.Must, self._any_of_the_rarer(question.terms)))
        yield Clause.boolean_query([*required, *wished])

    def better(self, question: Question, ids: Sequence[int]) -> Clause:
        """These documents, by all that makes an answer better (``indexer/ranking.py``)."""
        among = Clause.term_set_query(self._schema, "id", list(ids))
        merits = [(Occur.Should, one) for term in question.scored for one in self._merits(term)]
        for one, other in pairwise(question.scored):
            if one.key != other.key:
                merits.append((Occur.Should, Clause.boost_query(self._near(one, other), NEAR)))
        return Clause.boolean_query([(Occur.Must, _silent(among)), *merits])

    def entitled(self, whole: Sequence[str], ends: Sequence[str]) -> Clause:
        """The documents of the field whose titles have all these keys, and one of ``ends``."""
        keys = [Clause.term_query(self._schema, "title", key) for key in whole]
        end = Clause.term_set_query(self._schema, "title", list(ends))
        clauses = [*self._filters(Query()), *keys, end]
        return Clause.boolean_query([(Occur.Must, one) for one in clauses])

    def rarities(self, question: Question) -> list[float]:
        """The inverse document frequency of each word that counts."""
        return [self._rarity(term) for term in question.scored]

    def frequency(self, key: str) -> int:
        """How many documents have a key."""
        return self._searcher.doc_freq("text", key)

    def _merits(self, term: Term) -> Iterator[Clause]:
        idf = self._rarity(term)
        weight = emphasis(term, idf)
        yield self._scored(term)
        title = Clause.term_query(self._schema, "title", term.key)
        acronyms = [keys[0] for keys in term.also if len(keys) == 1]
        titles = [title, *(Clause.term_query(self._schema, "title", one) for one in acronyms)]
        entitled = Clause.boolean_query([(Occur.Should, one) for one in titles])
        yield Clause.const_score_query(entitled, TITLE * weight * idf)
        exact = Clause.term_query(self._schema, "words", term.folded)
        alone = self._searcher.doc_freq("words", term.folded)
        exact_weight = EXACT * weight * self._rarity_of(alone)
        yield Clause.const_score_query(self._or(exact, term.also), exact_weight)
        family = self._family(term.folded)
        related = Clause.term_set_query(self._schema, "words", list(family))
        root_weight = ROOT * weight * self._rarity_of(sum(family.values()))
        yield Clause.const_score_query(self._or(related, term.also), root_weight)

    def _near(self, one: Term, other: Term) -> Clause:
        """The documents where two terms are near each other, or one thing stands for both."""
        near = Clause.phrase_query(self._schema, "text", [one.key, other.key], NEARNESS)
        both = [self._phrase(keys) for keys in one.also if keys in other.also]
        return Clause.disjunction_max_query([near, *both]) if both else near

    def _or(self, clause: Clause, also: Iterable[Keys]) -> Clause:
        """What stands for a word counts as the word itself."""
        others = [self._phrase(keys) for keys in also]
        if not others:
            return clause
        return Clause.boolean_query([(Occur.Should, one) for one in (clause, *others)])

    def _family(self, folded: str) -> dict[str, int]:
        """The words of the same root, and how many documents have each."""
        root = folded[:ROOT_LENGTH]
        if len(root) < ROOT_LENGTH:
            return {root: self._searcher.doc_freq("words", root)}
        return dict(self._searcher.terms_with_prefix("words", root, limit=_MOST_RELATIVES))

    def _rarity_of(self, frequency: int) -> float:
        return rarity(frequency, self._searcher.num_docs)

    def _scored(self, term: Term) -> Clause:
        """The documents with a term or what stands for it, by BM25."""
        own = Clause.term_query(self._schema, "text", term.key, "freq")
        also = [self._phrase(keys) for keys in term.also]
        clause = Clause.disjunction_max_query([own, *also]) if also else own
        return Clause.boost_query(clause, emphasis(term, self._rarity(term)))

    def _rarity(self, term: Term) -> float:
        frequency = self.frequency(term.key)
        if not frequency and term.also:
            frequency = min(self.frequency(key) for keys in term.also for key in keys)
        return self._rarity_of(frequency)

    def _any_of_the_rarer(self, terms: Iterable[Term]) -> Clause:
        frequencies = {term.key: self.frequency(term.key) for term in terms}
        for term in terms:
            for keys in term.also:
                frequencies[term.key] += min(map(self.frequency, keys))
        some = rarer(frequencies, self._searcher.num_docs)
        chosen = [self._scored(term) for term in terms if term.key in some]
        return _silent(Clause.boolean_query([(Occur.Should, clause) for clause in chosen]))

    def _phrase(self, keys: Keys) -> Clause:
        """The documents where the keys stand in a row."""
        if len(keys) == 1:
            return Clause.term_query(self._schema, "text", keys[0], "freq")
        return Clause.phrase_query(self._schema, "text", list(keys))

    def _filters(self, query: Query) -> list[Clause]:
        """One clause per kind of filter asked for; none of them counts for relevance."""
        clauses = [] if query.off_field else [Clause.term_query(self._schema, "themed", 1)]
        for name, of in wanted(query).items():
            clauses.append(Clause.term_set_query(self._schema, name, list(of)))
        if query.since is not None or query.until is not None:
            clauses.append(
                Clause.range_query(
                    self._schema,
                    "published",
                    FieldType.Integer,
                    lower_bound=UNDATED + 1 if query.since is None else seconds(query.since),
                    upper_bound=None if query.until is None else seconds(query.until) - 1,
                )
            )
        return [_silent(clause) for clause in clauses]


def _silent(clause: Clause) -> Clause:
    """The same documents, without effect on their order."""
    return Clause.const_score_query(clause, 0.0)
