"""The digest of a period: which articles lead, which come under which theme, and the rest.

Pure: the same articles, in any order, give the same digest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from core.model import Article, ArticleId, Kind, Theme, ThemeId
from curation.headline import headline
from curation.period import Period
from curation.ranking import SILENCE, Echoes, Ranked, choose, rank


@dataclass(frozen=True, slots=True)
class Section:
    """What came out under one theme."""

    theme: Theme
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """What came out of one kind of text that readers look for by itself."""

    kind: Kind
    title: str
    articles: tuple[Article, ...]


# In the order in which digests show them, after the themes.
RUBRICS: Final = (
    (Kind.OFFICIAL, "Textes officiels"),
    (Kind.STUDY, "Études et chiffres"),
    (Kind.OPINION, "Tribunes et débats"),
)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a period brought. Every article stands in exactly one place, copies beside it."""

    period: Period
    headline: str = ""  # "" when nothing came out
    leading: tuple[Article, ...] = ()
    sections: tuple[Section, ...] = ()  # in the vocabulary's order
    rubrics: tuple[Rubric, ...] = ()
    more: tuple[Article, ...] = ()  # « Et aussi »
    unshown: int = 0  # articles that had no room, to be said at the end of « Et aussi »
    # What others tell of the event of an article shown: one entry stands for all.
    beside: Mapping[ArticleId, tuple[Article, ...]] = field(default_factory=dict)
    picked: int = 0  # how many of those shown editors put aside
    closed: datetime | None = None  # since when it does not change any more

    @property
    def articles(self) -> Iterator[Article]:
        """All the articles shown, in reading order."""
        yield from self.leading
        for section in self.sections:
            yield from section.articles
        for rubric in self.rubrics:
            yield from rubric.articles
        yield from self.more


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a digest holds. Above a few dozen lines nobody reads to the end."""

    leading: int = 5
    sections: int = 10
    section: int = 6
    rubric: int = 6
    more: int = 40
    same: int = 2  # of one source, or of one theme, in the leading part


def compose(
    period: Period,
    articles: Iterable[Article],
    themes: Sequence[Theme],
    *,
    limits: Limits = Limits(),
    echoes: Echoes = SILENCE,
) -> Digest:
    """The digest of what appeared during ``period``.

    Articles without a theme are left out, unless an editor picked them. ``articles``: those that
    lead their group. ``themes``: the vocabulary, whose order the sections follow. One whose themes
    have left the vocabulary since it was tagged goes to « Et aussi ».
    """
    kept = {a.id: a for a in articles if a.appeared in period and _is_wanted(a, echoes)}
    order = {theme.id: place for place, theme in enumerate(themes)}
    ranked, beside = _told_once(rank(kept.values(), period, order, echoes), echoes)
    leading = choose(ranked, _leading_size(ranked, limits), same=limits.same)
    rest = _without(ranked, leading)
    rubrics = _rubrics(rest, limits)
    rest = _without(rest, [one for chosen in rubrics.values() for one in chosen])
    sections = _sections(rest, themes, limits)
    rest = _without(rest, [one for chosen in sections.values() for one in chosen])
    shown = _without(ranked, rest[limits.more :])
    return Digest(
        period,
        headline([one.article for one in leading]),
        _articles(leading),
        tuple(
            Section(theme, _articles(sections[theme.id]))
            for theme in themes
            if theme.id in sections
        ),
        tuple(
            Rubric(kind, title, _articles(rubrics[kind]))
            for kind, title in RUBRICS
            if rubrics[kind]
        ),
        _articles(rest[: limits.more]),
        len(rest[limits.more :]),
        {one.article.id: beside[one.article.id] for one in shown if one.article.id in beside},
        sum(one.picked for one in shown),
    )


def _is_wanted(article: Article, echoes: Echoes) -> bool:
    return bool(article.taggings) or article.id in echoes.picked


def _told_once(
    ranked: Iterable[Ranked], echoes: Echoes
) -> tuple[list[Ranked], Mapping[ArticleId, tuple[Article, ...]]]:
    """One entry for each event, the first; and what stands beside it."""
    first: dict[ArticleId, ArticleId] = {}  # of each event
    beside: defaultdict[ArticleId, tuple[Article, ...]] = defaultdict(tuple)
    kept: list[Ranked] = []
    seen: set[ArticleId] = set()
    for one in ranked:
        id = one.article.id
        if not seen.isdisjoint(one.article.everywhere):  # a copy of one that comes before it
            continue
        seen.update(one.article.everywhere)
        story = echoes.stories.get(id)
        if story is not None and story in first:
            beside[first[story]] += (one.article,)
            continue
        if story is not None:
            first[story] = id
        kept.append(one)
    return kept, beside


def _leading_size(ranked: Sequence[Ranked], limits: Limits) -> int:
    """Three lead a short digest, so that something is left below; up to five a long one.

    Or as many as editors picked, up to five.
    """
    picked = sum(one.picked for one in ranked)
    return min(limits.leading, max(3 + len(ranked) // 12, picked))


def _sections(
    rest: Sequence[Ranked], themes: Sequence[Theme], limits: Limits
) -> Mapping[ThemeId, list[Ranked]]:
    """The themes with most to show, each with the articles chosen for it."""
    by_theme: dict[ThemeId, list[Ranked]] = defaultdict(list)
    for one in rest:
        if one.theme is not None:
            by_theme[one.theme].append(one)
    chosen = {theme.id: choose(by_theme[theme.id], limits.section) for theme in themes}
    fullest = sorted(chosen, key=lambda id: -sum(one.weight for one in chosen[id]))
    return {id: chosen[id] for id in fullest[: limits.sections] if chosen[id]}


def _rubrics(rest: Sequence[Ranked], limits: Limits) -> Mapping[Kind, list[Ranked]]:
    """What is chosen of each kind that has a rubric: such texts are looked for there."""
    of_kind = {
        kind: [one for one in rest if one.article.kind and one.article.kind.kind is kind]
        for kind, _ in RUBRICS
    }
    return {kind: choose(found, limits.rubric) for kind, found in of_kind.items()}


def _without(ranked: Iterable[Ranked], taken: Iterable[Ranked]) -> list[Ranked]:
    gone = {one.article.id for one in taken}
    return [one for one in ranked if one.article.id not in gone]


def _articles(ranked: Iterable[Ranked]) -> tuple[Article, ...]:
    return tuple(one.article for one in ranked)
