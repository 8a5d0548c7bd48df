"""Which entries come first, and how a few are chosen so that they do not all look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from types import MappingProxyType

from core.model import Article, ArticleId, SourceId, ThemeId
from curation.period import Period

KNOWN_TEXT = 500  # characters from which the text was read, not only a feed's first sentence
EVIDENCE = 6  # pieces of evidence above which more of them say nothing new
NOBODY: Mapping[ArticleId, int] = MappingProxyType({})
REPEATED = 0.7  # what an entry keeps of its weight for each one chosen with its source or theme


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article, the theme that it comes under (None: of no theme we know), and its weight."""

    article: Article
    theme: ThemeId | None
    weight: float

    @property
    def source(self) -> SourceId:
        """The source of the article shown."""
        return self.article.source.id

    @property
    def order(self) -> tuple[float, float, ArticleId]:
        """Heaviest first, then latest, then an order that never changes."""
        article = self.article
        return -self.weight, -(article.appeared.timestamp() if article.appeared else 0), article.id


def rank(
    articles: Iterable[Article],
    period: Period,
    known: Container[ThemeId],
    cited: Mapping[ArticleId, int] = NOBODY,
) -> list[Ranked]:
    """The articles, each under its first ``known`` theme, heaviest first.

    ``cited``: how many other sources cite an article.
    """
    ranked = [
        Ranked(article, _first(article.themes, known), weigh(article, period, cited))
        for article in articles
    ]
    return sorted(ranked, key=lambda one: one.order)


def weigh(article: Article, period: Period, cited: Mapping[ArticleId, int] = NOBODY) -> float:
    """What an article weighs: sureness of theme first, then text, citations, reprints, freshness.

    A press review that cites an article says that somebody read it and found it worth reading.
    """
    surest = article.taggings[0] if article.taggings else None
    score = surest.score if surest else 0.0
    evidence = min(len(surest.evidence), EVIDENCE) / EVIDENCE if surest else 0.0
    sources = len({article.source.id, *(one.source.id for one in article.also)})
    return (
        score
        + 0.4 * evidence
        + 0.5 * min(len(article.text), KNOWN_TEXT) / KNOWN_TEXT
        + 0.3 * log2(sources)
        + 0.4 * log2(1 + max(cited.get(id, 0) for id in article.everywhere))
        + 0.4 * _freshness(article, period)
    )


def choose(ranked: Sequence[Ranked], count: int, *, same: int | None = None) -> list[Ranked]:
    """At most ``count``, one after the other; each makes its like (source, theme) weigh less.

    ``same``: how many of one source, and how many of one theme, may be chosen at all.
    """
    left, chosen = list(ranked), list[Ranked]()
    sources, themes = Counter[SourceId](), Counter[ThemeId | None]()

    def keeps(one: Ranked) -> float:
        return one.weight * float(REPEATED ** (sources[one.source] + themes[one.theme]))

    while len(chosen) < count:
        if same is not None:
            left = [one for one in left if max(sources[one.source], themes[one.theme]) < same]
        if not left:
            break
        best = min(left, key=lambda one: (-keeps(one), one.order))
        left.remove(best)
        chosen.append(best)
        sources[best.source] += 1
        themes[best.theme] += 1
    return chosen


def _first(themes: Iterable[ThemeId], known: Container[ThemeId]) -> ThemeId | None:
    return next((theme for theme in themes if theme in known), None)


def _freshness(article: Article, period: Period) -> float:
    """0 at the period's start, 1 at its end."""
    appeared = article.appeared
    if appeared is None:
        return 0.0
    return (appeared - period.start) / (period.end - period.start)
