"""The digest of a period: which articles lead, which come under which theme, and the rest.

Pure: the same articles, in any order, give the same digest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Article, ArticleId, Theme, ThemeId
from curation.headline import headline
from curation.period import Period
from curation.ranking import NOBODY, Ranked, choose, rank
from curation.reprints import Entry, group

__all__ = ["Digest", "Entry", "Limits", "Section", "compose"]


@dataclass(frozen=True, slots=True)
class Section:
    """What came out under one theme."""

    theme: Theme
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a period brought. Every entry stands in exactly one place."""

    period: Period
    headline: str = ""  # "" when nothing came out
    leading: tuple[Entry, ...] = ()
    sections: tuple[Section, ...] = ()  # in the vocabulary's order
    more: tuple[Entry, ...] = ()  # « Et aussi »
    unshown: int = 0  # articles that had no room, to be said at the end of « Et aussi »

    @property
    def entries(self) -> Iterator[Entry]:
        """All the entries, in reading order."""
        yield from self.leading
        for section in self.sections:
            yield from section.entries
        yield from self.more

    @property
    def articles(self) -> Iterator[Article]:
        """All the articles shown, reprints after the entry that they belong to."""
        for entry in self.entries:
            yield from entry.articles


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a digest holds. Above a few dozen lines nobody reads to the end."""

    leading: int = 5
    sections: int = 10
    section: int = 6
    more: int = 40
    same: int = 2  # of one source, or of one theme, in the leading part


def compose(
    period: Period,
    articles: Iterable[Article],
    themes: Sequence[Theme],
    *,
    limits: Limits = Limits(),
    cited: Mapping[ArticleId, int] = NOBODY,
) -> Digest:
    """The digest of what appeared during ``period``; articles without a theme are left out.

    ``themes``: the vocabulary, whose order the sections follow. Reprints share one entry. An
    article whose themes have left the vocabulary since it was tagged goes to « Et aussi ».
    ``cited``: how many other sources cite an article.
    """
    kept = {a.id: a for a in articles if a.taggings and a.appeared in period}
    order = {theme.id: place for place, theme in enumerate(themes)}
    ranked = rank(group(kept.values()), period, order, cited)
    leading = choose(ranked, _leading_size(len(ranked), limits), same=limits.same)
    rest = _without(ranked, leading)
    sections = _sections(rest, themes, limits)
    rest = _without(rest, [one for chosen in sections.values() for one in chosen])
    return Digest(
        period,
        headline([one.entry.article for one in leading]),
        _entries(leading),
        tuple(
            Section(theme, _entries(sections[theme.id])) for theme in themes if theme.id in sections
        ),
        _entries(rest[: limits.more]),
        sum(len(one.entry.articles) for one in rest[limits.more :]),
    )


def _leading_size(entries: int, limits: Limits) -> int:
    """Three lead a short digest, so that something is left below; up to five a long one."""
    return min(limits.leading, 3 + entries // 12)


def _sections(
    rest: Sequence[Ranked], themes: Sequence[Theme], limits: Limits
) -> Mapping[ThemeId, list[Ranked]]:
    """The themes with most to show, each with the entries chosen for it."""
    by_theme: dict[ThemeId, list[Ranked]] = defaultdict(list)
    for one in rest:
        if one.theme is not None:
            by_theme[one.theme].append(one)
    chosen = {theme.id: choose(by_theme[theme.id], limits.section) for theme in themes}
    fullest = sorted(chosen, key=lambda id: -sum(one.weight for one in chosen[id]))
    return {id: chosen[id] for id in fullest[: limits.sections] if chosen[id]}


def _without(ranked: Iterable[Ranked], taken: Iterable[Ranked]) -> list[Ranked]:
    gone = {one.entry.article.id for one in taken}
    return [one for one in ranked if one.entry.article.id not in gone]


def _entries(ranked: Iterable[Ranked]) -> tuple[Entry, ...]:
    return tuple(one.entry for one in ranked)
