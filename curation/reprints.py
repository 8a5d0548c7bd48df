"""The same article on several sites: shown once, with the other places it came out in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from core.model import Article, ArticleId
from core.text import fold

OPENING = 120  # words of the text that are compared
SHINGLE = 5  # words in a row
NEARLY_SAME = 0.5  # part of the shorter opening's shingles found in the other
SAME_AT_ALL = 0.1
TELLING_TITLE = 4  # words; under that (« Agenda », « Revue de presse ») a title proves nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a digest shows it, with its reprints: « Paru aussi dans »."""

    article: Article
    also: tuple[Article, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        """The article, then its reprints."""
        return (self.article, *self.also)


def group(articles: Iterable[Article]) -> list[Entry]:
    """One entry for each set of articles that are the same one.

    Each article is compared with the first of the sets made so far that shares its title or most
    of the beginning of its text: one pass, whatever the number. A cheap guard on one period's
    articles; it does not look for partial copies.
    """
    sets: list[list[Article]] = []
    by_title: dict[str, int] = {}
    by_shingle: dict[int, int] = {}
    shingles: list[frozenset[int]] = []
    for article in sorted(articles, key=_precedence):
        title, opening = fold(" ".join(article.title.split())), _shingles(article.text)
        near = _same_title(article, opening, by_title.get(title), sets, shingles)
        if near is None:
            near = _same_opening(opening, by_shingle, shingles)
        if near is not None:
            sets[near].append(article)
            continue
        if len(title.split()) >= TELLING_TITLE:
            by_title.setdefault(title, len(sets))
        for shingle in opening:
            by_shingle.setdefault(shingle, len(sets))
        sets.append([article])
        shingles.append(opening)
    return [Entry(first, tuple(others)) for first, *others in sets]


def _precedence(article: Article) -> tuple[bool, bool, float, ArticleId]:
    """A text that was read, then a text with themes, then the first to appear stands for all."""
    when = article.appeared.timestamp() if article.appeared else float("inf")
    return not article.text.strip(), not article.taggings, when, article.id


def _same_title(
    article: Article,
    opening: frozenset[int],
    near: int | None,
    sets: list[list[Article]],
    shingles: list[frozenset[int]],
) -> int | None:
    """The set that has this title, unless it is a column of one source, new text each time."""
    if near is None:
        return None
    elsewhere = article.source.id != sets[near][0].source.id
    alike = _likeness(opening, shingles[near])
    return near if elsewhere or alike is None or alike >= SAME_AT_ALL else None


def _same_opening(
    opening: frozenset[int], by_shingle: dict[int, int], shingles: list[frozenset[int]]
) -> int | None:
    held = Counter(by_shingle[one] for one in opening if one in by_shingle)
    for near, _ in sorted(held.most_common(), key=lambda pair: (-pair[1], pair[0]))[:3]:
        if (_likeness(opening, shingles[near]) or 0) >= NEARLY_SAME:
            return near
    return None


def _likeness(one: frozenset[int], other: frozenset[int]) -> float | None:
    """The part of the shorter that the other holds; None when one of them says too little."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= SHINGLE else None


def _shingles(text: str) -> frozenset[int]:
    # Enough characters for the words wanted: long texts are not folded whole.
    words = re.findall(r"\w+", fold(text[: OPENING * 12]))[:OPENING]
    return frozenset(
        crc32(" ".join(words[at : at + SHINGLE]).encode(errors="replace"))
        for at in range(len(words) - SHINGLE + 1)
    )
