"""Which entries come first, and how a few are chosen so that they do not all look alike."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Final

from core.model import Article, ArticleId, EntityType, Kind, SourceId, ThemeId
from core.text import fold
from curation.period import Period

KNOWN_TEXT = 500  # characters from which the text was read, not only a feed's first sentence
EVIDENCE = 6  # pieces of evidence above which more of them say nothing new
# What an entry keeps of its weight for each one chosen before it that has this in common with it.
REPEATED: Final = {"source": 0.7, "theme": 0.7, "kind": 0.9, "place": 0.85, "alarming": 0.8}
# Of these, a leading part has only so many of the same.
CAPPED: Final = ("source", "theme", "alarming")
# Titles that shock. They are news, and may lead; but a week of the field is more than that.
_ALARMING: Final = re.compile(
    r"\b(?:scandales?|drames?|faits? divers|mis(?:e|es)? en examen|gardes? a vue|proces|assises|"
    r"condamne(?:e|s|es)?|meurtres?|assassin\w*|homicides?|viols?|agressions?|agresse\w*|"
    r"maltraitances?|maltraites?|violences? sexuelles?|abus sexuels?|derives?|morts?|decede\w*|"
    r"suicides?|poignard\w*|incendies?)\b"
)

Trait = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Echoes:
    """What others make of the articles of a period.

    ``cited``: how many other sources cite an article. ``stories``: the event that it tells of, for
    those that others tell of as well, and ``told_by``: how many sources do. ``picked``: those that
    editors put aside.
    """

    cited: Mapping[ArticleId, int] = field(default_factory=dict)
    stories: Mapping[ArticleId, ArticleId] = field(default_factory=dict)
    told_by: Mapping[ArticleId, int] = field(default_factory=dict)
    picked: Collection[ArticleId] = frozenset()


SILENCE: Final = Echoes()


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article, the theme that it comes under (None: of no theme we know), and its weight."""

    article: Article
    theme: ThemeId | None
    weight: float
    picked: bool = False
    traits: tuple[Trait, ...] = ()  # what others may have in common with it

    @property
    def order(self) -> tuple[bool, float, float, ArticleId]:
        """Editors' picks first, heaviest first, then latest, then an order that never changes."""
        appeared = self.article.appeared
        latest = -appeared.timestamp() if appeared else 0.0
        return not self.picked, -self.weight, latest, self.article.id


def rank(
    articles: Iterable[Article],
    period: Period,
    known: Container[ThemeId],
    echoes: Echoes = SILENCE,
) -> list[Ranked]:
    """The articles, each under its first ``known`` theme, those to be shown first at the head."""
    ranked = []
    for article in articles:
        theme = next((id for id in article.themes if id in known), None)
        weight = weigh(article, period, echoes)
        picked = any(id in echoes.picked for id in article.everywhere)
        ranked.append(Ranked(article, theme, weight, picked, tuple(_traits(article, theme))))
    return sorted(ranked, key=lambda one: one.order)


def weigh(article: Article, period: Period, echoes: Echoes = SILENCE) -> float:
    """What an article weighs: sureness of theme first, then text, citations, sources, freshness.

    A press review that cites an article says that somebody read it and found it worth reading;
    several sources that print it, or tell of the same event, that it matters.
    """
    surest = article.taggings[0] if article.taggings else None
    score = surest.score if surest else 0.0
    evidence = min(len(surest.evidence), EVIDENCE) / EVIDENCE if surest else 0.0
    printed = len({article.source.id, *(one.source.id for one in article.also)})
    sources = max(printed, echoes.told_by.get(article.id, 0))
    return (
        score
        + 0.4 * evidence
        + 0.5 * min(len(article.text), KNOWN_TEXT) / KNOWN_TEXT
        + 0.3 * log2(sources)
        + 0.4 * log2(1 + max(echoes.cited.get(id, 0) for id in article.everywhere))
        + 0.4 * _freshness(article, period)
    )


def choose(ranked: Sequence[Ranked], count: int, *, same: int | None = None) -> list[Ranked]:
    """At most ``count``, one after the other, editors' picks first; each makes its like weigh less.

    ``same``: how many of one source, of one theme, and of those that shock, may be chosen at all.
    """
    left, chosen = list(ranked), list[Ranked]()
    met = Counter[Trait]()

    def keeps(one: Ranked) -> float:
        repeated = (REPEATED[trait[0]] ** met[trait] for trait in one.traits if trait in met)
        return one.weight * math.prod(repeated)

    def is_full(trait: Trait) -> bool:
        return same is not None and trait[0] in CAPPED and met[trait] >= same

    while len(chosen) < count:
        left = [one for one in left if not any(map(is_full, one.traits))]
        if not left:
            break
        best = min(left, key=lambda one: (not one.picked, -keeps(one), one.order))
        left.remove(best)
        chosen.append(best)
        met.update(best.traits)
    return chosen


def is_alarming(title: str) -> bool:
    """Whether a title shocks: « Maltraitance en Ehpad : trois mises en examen »."""
    return _ALARMING.search(fold(title)) is not None


def _traits(article: Article, theme: ThemeId | None) -> Iterator[Trait]:
    source: SourceId = article.source.id
    yield "source", source
    yield "theme", theme
    if article.kind and article.kind.kind is not Kind.NEWS:  # most articles are news
        yield "kind", article.kind.kind
    for name in article.names:
        if name.type is EntityType.TERRITORY and name.in_title:
            yield "place", name.id
    if is_alarming(article.title):
        yield "alarming", True


def _freshness(article: Article, period: Period) -> float:
    """0 at the period's start, 1 at its end."""
    appeared = article.appeared
    if appeared is None:
        return 0.0
    return (appeared - period.start) / (period.end - period.start)
