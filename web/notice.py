"""What is shown of an article: never the text, only what may be (title, extract, words)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from core.language import FRENCH
from core.model import (
    Access,
    Article,
    ArticleId,
    Evidence,
    Likeness,
    Reprint,
    SameNews,
    Tagging,
    Theme,
    ThemeId,
)
from core.text import NBSP, extract, fold, one_line, shorten, slugify
from core.urls import place_of
from curation.attribution import medium
from curation.quoting import allowance
from taxonomy.vocabulary import Vocabulary

WORDS = 5  # of evidence, for each theme
SLUG_LENGTH = 60
UNTITLED = "Sans titre"
_WHY_SAME = {
    Likeness.TEXT: "même texte",
    Likeness.PART: "même texte, plus court ou plus long",
    Likeness.TITLE: "même titre, à quelques jours près",
    Likeness.HAND: "rapprochés par la rédaction",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A theme given to an article, and the words that decided."""

    theme: Theme
    words: tuple[str, ...]
    by_people: bool  # the team gave it, or confirmed it


@dataclass(frozen=True, slots=True)
class Copy:
    """The same article elsewhere: « Paru aussi dans »."""

    id: ArticleId
    slug: str
    title: str
    original: str  # address; "" when it is none that may be followed
    host: str
    medium: str
    published: datetime | None
    access: Access
    reason: str  # why it is taken for the same


@dataclass(frozen=True, slots=True)
class Notice:
    """An article as readers see it."""

    id: ArticleId
    slug: str
    title: str
    original: str  # address; "" when it is none that may be followed
    host: str
    medium: str  # what published it
    source: str  # what told us of it; mostly the same
    source_slug: str
    author: str
    published: datetime | None
    access: Access
    extract: str
    themes: tuple[Theme, ...]
    also: tuple[Copy, ...] = ()
    told_by: int = 0  # sources that tell of the same event, where that was asked
    foreign: str = ""  # ISO 639-1 code of its language; "" for French and when it is not known

    @property
    def free(self) -> Copy | None:
        """Where anyone may read it, when the original is for subscribers."""
        if self.access is not Access.SUBSCRIBERS:
            return None
        return next((one for one in self.also if one.access is Access.FREE and one.original), None)

    @property
    def via(self) -> str:
        """The source that pointed to it, when it is not the one that published it."""
        return self.source if self.source != self.medium else ""


def title_of(article: Article | Reprint) -> str:
    """Its title on one line, as readers see it."""
    return one_line(article.title) or UNTITLED


def notice_of(article: Article, vocabulary: Vocabulary, length: int) -> Notice:
    """The notice of an article; ``length``: characters that may be shown of its text."""
    title = title_of(article)
    followed = article.url.startswith(("http://", "https://"))
    return Notice(
        id=article.id,
        slug=short_slug(title),
        title=title,
        original=article.url if followed else "",
        host=place_of(article.url, medium(article)) if followed else "",
        medium=medium(article),
        source=one_line(article.source.name) or article.source.slug,
        source_slug=article.source.slug,
        author=one_line(article.author),
        published=article.published,
        access=article.access,
        extract=extract(article.text, article.summary, length=article.showable(length)),
        themes=known_themes(article.themes, vocabulary),
        also=copies(article.also),
        foreign=foreign(article.language),
    )


def foreign(language: str) -> str:
    """``en`` of « en-GB »; "" for French, and for what is no code."""
    code = re.split("[-_]", language)[0].lower()
    return code if re.fullmatch("[a-z]{2}", code) and code != FRENCH else ""


def copies(reprints: Iterable[Reprint]) -> tuple[Copy, ...]:
    """The same article elsewhere, as readers see it."""
    return tuple(map(_copy, reprints))


def _copy(reprint: Reprint) -> Copy:
    title = title_of(reprint)
    followed = reprint.url.startswith(("http://", "https://"))
    return Copy(
        id=reprint.id,
        slug=short_slug(title),
        title=title,
        original=reprint.url if followed else "",
        host=place_of(reprint.url, medium(reprint)) if followed else "",
        medium=medium(reprint),
        published=reprint.published,
        access=reprint.access,
        reason=why_same(reprint.same),
    )


def why_same(same: SameNews) -> str:
    """Why two articles are taken for the same one, in a few words."""
    if same.likeness is Likeness.REWORKED:
        return f"{round(100 * same.share)}{NBSP}% du texte en commun"
    return _WHY_SAME[same.likeness]


def known_themes(ids: Iterable[str], vocabulary: Vocabulary) -> tuple[Theme, ...]:
    """Those of these themes that the vocabulary has (it may have changed since)."""
    themes = (vocabulary.themes.get(ThemeId(id)) for id in ids)
    return tuple(theme for theme in themes if theme is not None)


def short_slug(title: str) -> str:
    """The title in an address: at most ``SLUG_LENGTH`` characters, whole words."""
    slug = slugify(title)
    if len(slug) <= SLUG_LENGTH:
        return slug
    return slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]


def explained(
    article: Article, vocabulary: Vocabulary, length: int
) -> tuple[str, tuple[Reason, ...]]:
    """The extract and the reasons for the themes, together within what may be shown.

    Words of the title cost nothing, being shown anyway. The others take half of the allowance at
    most, each theme in turn, surest first, and the extract has what is left.
    """
    allowed = allowance(article, length)
    taggings = [one for one in article.taggings if one.theme in vocabulary.themes]
    chosen = _chosen(taggings, allowed // 2)
    spent = sum(len(word.text) for words in chosen for word in words if word.field != "title")
    reasons = tuple(
        Reason(
            vocabulary.themes[tagging.theme],
            tuple(one_line(word.text) for word in words),
            tagging.by_people,
        )
        for tagging, words in zip(taggings, chosen, strict=True)
    )
    shown = extract(article.text, article.summary, length=article.showable(length))
    return shorten(shown, allowed - spent), reasons


def _chosen(taggings: Sequence[Tagging], budget: int) -> list[list[Evidence]]:
    chosen: list[list[Evidence]] = [[] for _ in taggings]
    seen: set[str] = set()  # a word shown twice is shown once more than needed
    for rank, word in _by_turns(taggings):
        cost = 0 if word.field == "title" else len(word.text)
        folded = fold(word.text)
        if folded in seen or len(chosen[rank]) == WORDS or cost > budget:
            continue
        seen.add(folded)
        chosen[rank].append(word)
        budget -= cost
    return chosen


def _by_turns(taggings: Sequence[Tagging]) -> Iterator[tuple[int, Evidence]]:
    """The first word of each theme, then the second of each, and so on; the title's first."""
    lines = [sorted(one.evidence, key=lambda e: e.field != "title") for one in taggings]
    for turn in zip_longest(*lines):
        yield from ((rank, word) for rank, word in enumerate(turn) if word is not None)


def notices(articles: Iterable[Article], vocabulary: Vocabulary, length: int) -> tuple[Notice, ...]:
    """The notices of several articles."""
    return tuple(notice_of(article, vocabulary, length) for article in articles)
