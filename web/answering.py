"""One question to the engine, and the facets beside its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from core.model import Access
from core.text import fold
from indexer.engine import Results, SearchEngine
from taxonomy.vocabulary import Vocabulary
from web.asking import Question
from web.typography import ACCESS

T = TypeVar("T")

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


# Facet → what of a question it narrows, and how to say « without ».
_NARROWS: Mapping[str, tuple[str, object]] = {
    "theme": ("themes", ()),
    "source": ("sources", ()),
    "access": ("access", ()),
    "year": ("year", None),
}


def answer(engine: SearchEngine, question: Question) -> Answers:
    """Ask; then once more for each facet in use, so that its other values keep their counts."""
    results = engine.search(question.query)
    counts = {name: results.facets.get(name, {}) for name in _NARROWS}
    for name, (attribute, without) in _NARROWS.items():
        if getattr(question, attribute) != without:
            wider = replace(question.but(**{attribute: without}).query, size=1)
            counts[name] = engine.search(wider).facets.get(name, {})
    return Answers(results, counts)


def facets(
    question: Question, answers: Answers, vocabulary: Vocabulary, sources: Mapping[str, str]
) -> tuple[Facet, ...]:
    """Thème, source, accès, année: those that have something to choose from."""
    themes = {str(id): theme.label for id, theme in vocabulary.themes.items()}
    made = (
        _several("theme", "Thème", answers, question.themes, themes, _toggle_theme(question)),
        _several("source", "Source", answers, question.sources, sources, _toggle_source(question)),
        _several(
            "access",
            "Accès",
            answers,
            tuple(access.value for access in question.access),
            {access.value: label for access, label in ACCESS.items()},
            _toggle_access(question),
        ),
        _years(question, answers),
    )
    return tuple(facet for facet in made if facet.choices)


def ways_out(engine: SearchEngine, question: Question) -> tuple[WayOut, ...]:
    """Wider questions that do have answers."""
    wider = []
    if question.is_filtered:
        wider.append(("Chercher sans les filtres", question.unfiltered))
    if not question.off_field:
        wider.append(("Inclure le hors-champ", question.but(off_field=True)))
        if question.is_filtered:
            everything = question.unfiltered.but(off_field=True)
            wider.append(("Chercher partout, sans filtre et hors-champ compris", everything))
    found = [
        WayOut(label, engine.search(replace(one.query, size=1)).total, one.address)
        for label, one in wider
    ]
    return tuple(way for way in found if way.total)[:2]


def near_themes(words: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The ids of the themes whose name holds one of these words, by the word's beginning."""
    roots = [word[:6] for word in fold(words).replace("'", " ").split() if len(word) > 3]
    return tuple(
        id
        for id, theme in vocabulary.themes.items()
        if any(root in fold(theme.label) for root in roots)
    )[:5]


def _several(
    name: str,
    label: str,
    answers: Answers,
    chosen: tuple[str, ...],
    labels: Mapping[str, str],
    toggle: Callable[[str], Question],
) -> Facet:
    counts = {value: answers.counts[name].get(value, 0) for value in chosen}
    counts |= {value: held for value, held in answers.counts[name].items() if held}
    ordered = sorted(counts, key=lambda value: (-counts[value], fold(labels.get(value, value))))
    return Facet(
        name,
        label,
        tuple(
            Choice(labels.get(value, value), counts[value], value in chosen, toggle(value).address)
            for value in ordered
            if value in labels or value in chosen
        ),
    )


def _years(question: Question, answers: Answers) -> Facet:
    held = {int(year): held for year, held in answers.counts["year"].items() if year.isdecimal()}
    if question.year:
        held.setdefault(question.year, 0)
    return Facet(
        "year",
        "Année",
        tuple(
            Choice(
                str(year),
                held[year],
                year == question.year,
                question.but(year=None if year == question.year else year).address,
            )
            for year in sorted(held, reverse=True)
        ),
    )


def _toggle_theme(question: Question) -> Callable[[str], Question]:
    return lambda theme: question.but(themes=_toggled(question.themes, theme))


def _toggle_source(question: Question) -> Callable[[str], Question]:
    return lambda source: question.but(sources=_toggled(question.sources, source))


def _toggle_access(question: Question) -> Callable[[str], Question]:
    return lambda value: question.but(access=_toggled(question.access, Access(value)))


def _toggled(values: tuple[T, ...], value: T) -> tuple[T, ...]:
    return tuple(v for v in values if v != value) if value in values else (*values, value)
