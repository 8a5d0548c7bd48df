"""One question to the engine, and the facets beside its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote_plus

from core.model import Access, Theme
from core.text import fold
from indexer.engine import Results, SearchEngine
from indexer.question import without_quotes
from taxonomy.vocabulary import Vocabulary
from web.asking import Labels, Question
from web.typography import ACCESS

ANY: Final = "\0"  # stands for a value in an address; no question holds it
SHOWN = 10  # values of a facet seen at once; the others are behind « Voir aussi »


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: following its address chooses it, or gives it up when chosen."""

    label: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """What may narrow the answers: « Thème », with its values and their counts."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def first(self) -> tuple[Choice, ...]:
        """The values seen at once: the most frequent, and those chosen."""
        return tuple(c for at, c in enumerate(self.choices) if at < SHOWN or c.chosen)

    @property
    def others(self) -> tuple[Choice, ...]:
        """The other values."""
        return tuple(c for at, c in enumerate(self.choices) if at >= SHOWN and not c.chosen)


@dataclass(frozen=True, slots=True)
class Answers:
    """The results, and counts by facet as they would be without that facet's own filter."""

    results: Results
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A wider question that has answers, for who found none."""

    label: str
    total: int
    address: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A facet, and the part of a question that it narrows."""

    name: str  # as the engines call it
    label: str
    attribute: str  # of Question
    read: Callable[[str], Any] = str  # what the engines count → what a question holds

    def chosen(self, question: Question) -> tuple[Any, ...]:
        held = getattr(question, self.attribute)
        return held if isinstance(held, tuple) else () if held is None else (held,)

    def without(self, question: Question) -> Question:
        return question.but(**{self.attribute: getattr(Question(), self.attribute)})

    def toggled(self, question: Question, value: Any) -> Question:
        """With this value when it was not chosen, without it when it was."""
        chosen = self.chosen(question)
        if not isinstance(getattr(question, self.attribute), tuple):  # one at a time
            return question.but(**{self.attribute: None if value in chosen else value})
        others = tuple(one for one in chosen if one != value)
        return question.but(**{self.attribute: others if value in chosen else (*chosen, value)})

    def addresses(self, question: Question) -> Callable[[str], str]:
        """Where each value leads; what the hundred links of a page share is written once."""
        if self.read is not str:
            return lambda value: self.toggled(question, self.read(value)).address
        before, _, after = self.toggled(question, ANY).address.partition(quote_plus(ANY))
        chosen = self.chosen(question)
        return lambda value: (
            self.toggled(question, value).address
            if value in chosen
            else f"{before}{quote_plus(value)}{after}"
        )


_YEAR = _Kind("year", "Année", "year", int)
_KINDS = (
    _Kind("theme", "Thème", "themes"),
    _Kind("kind", "Genre", "kinds"),
    _Kind("source", "Source", "sources"),
    _Kind("territory", "Territoire", "territories"),
    _Kind("organisation", "Organisation", "organisations"),
    _Kind("profession", "Métier", "professions"),
    _Kind("access", "Accès", "access", Access),
    _YEAR,
)
_ALSO = ("territory", "organisation", "profession")  # counted by engines when asked to


def answer(engine: SearchEngine, question: Question) -> Answers:
    """Ask; then once more for each facet in use, so that its other values keep their counts."""
    asked = (kind for kind in _KINDS if question.more or kind.chosen(question))
    also = tuple(kind.name for kind in asked if kind.name in _ALSO)
    results = engine.search(replace(question.query, also=also))
    counts = {kind.name: results.facets.get(kind.name, {}) for kind in _KINDS}
    for kind in _KINDS:
        if kind.chosen(question):
            also = (kind.name,) if kind.name in _ALSO else ()
            wider = replace(kind.without(question).query, size=1, also=also)
            counts[kind.name] = engine.search(wider).facets.get(kind.name, {})
    return Answers(results, counts)


def facets(
    question: Question,
    answers: Answers,
    vocabulary: Vocabulary,
    sources: Mapping[str, str],
    named: Labels,
) -> tuple[Facet, ...]:
    """Thème, genre, source, territoire …: those that have something to choose from."""
    labels: Mapping[str, Mapping[str, str]] = {
        "kind": named["genre"],
        "territory": named["territoire"],
        "organisation": named["organisation"],
        "profession": named["metier"],
        "theme": {id: theme.label for id, theme in vocabulary.themes.items()},
        "source": sources,
        "access": {access.value: label for access, label in ACCESS.items()},
        "year": {year: year for year in answers.counts["year"] if year.isdecimal()},
    }
    made = (_facet(kind, question, answers.counts[kind.name], labels[kind.name]) for kind in _KINDS)
    return tuple(facet for facet in made if facet.choices)


def ways_out(engine: SearchEngine, question: Question) -> tuple[WayOut, ...]:
    """Wider questions that do have answers."""
    wider = []
    if (unquoted := without_quotes(question.words)) != question.words:
        wider.append(("Chercher sans les guillemets", question.but(words=unquoted)))
    if question.is_filtered:
        wider.append(("Chercher sans les filtres", question.unfiltered))
    if not question.off_field:
        wider.append(("Inclure le hors-champ", question.but(off_field=True)))
        if question.is_filtered:
            everything = question.unfiltered.but(off_field=True)
            wider.append(("Chercher partout, sans filtre et hors-champ compris", everything))
    found = [
        WayOut(label, engine.search(replace(one.query, size=1, plain=True)).total, one.address)
        for label, one in wider
    ]
    return tuple(way for way in found if way.total)[:2]


def near_themes(words: str, vocabulary: Vocabulary) -> tuple[Theme, ...]:
    """Five themes at most one of whose names holds one of these words, by the word's beginning."""
    roots = [word[:6] for word in fold(words).replace("'", " ").split() if len(word) > 3]

    def is_near(theme: Theme) -> bool:
        names = (theme.label, *vocabulary.synonyms.get(theme.id, ()))
        return any(root in fold(name) for root in roots for name in names)

    return tuple(one for one in vocabulary.themes.values() if is_near(one))[:5]


def _facet(
    kind: _Kind, question: Question, held: Mapping[str, int], labels: Mapping[str, str]
) -> Facet:
    chosen = {str(value) for value in kind.chosen(question)}
    counts = dict.fromkeys(chosen, 0)
    counts |= {value: count for value, count in held.items() if count and value in labels}

    addresses = kind.addresses(question)

    def order(value: str) -> tuple[int, str]:
        if kind is _YEAR:
            return -int(value), ""
        return -counts[value], fold(labels.get(value, value))

    return Facet(
        kind.name,
        kind.label,
        tuple(
            Choice(
                labels.get(value, value),
                counts[value],
                value in chosen,
                addresses(value),
            )
            for value in sorted(counts, key=order)
        ),
    )
