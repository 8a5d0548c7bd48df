"""A letter as its desk shows it: each entry with what it lacks, and what could be added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.model import ArticleId
from core.newsletters import Content, Entry, Kept, Newsletter, Section
from core.people import PersonId
from core.text import NBSP
from curation.newsletter_merging import Collision
from curation.newsletter_review import (
    Gap,
    Known,
    articles_of,
    reading_minutes,
    review,
    word_count,
)
from store import ReadTransaction
from web import guard
from web.context import now, parts
from web.history import SOMEBODY_GONE
from web.newsletter_form import OF_KIND
from web.newsletter_starts import digest, found
from web.newsletter_words import DAYS, KINDS, LACKS, NAMES
from web.notice import Notice, notices

PROPOSED: Final = 40  # articles of the period that could be added
AT_ONCE: Final = timedelta(minutes=10)  # somebody who wrote so lately may still be writing


@dataclass(frozen=True, slots=True)
class Row:
    """An entry: the fields that its kind has, what it lacks, whether it can go up or down."""

    entry: Entry
    kind: str
    day_label: str
    lacks: tuple[str, ...]
    wrong_day: bool

    def has(self, attribute: str) -> bool:
        """Whether its kind has this field."""
        return attribute in OF_KIND[self.entry.kind]

    @property
    def called(self) -> str:
        """What buttons call it, for who hears them."""
        return self.entry.title or self.entry.url or self.kind.lower()


@dataclass(frozen=True, slots=True)
class Part:
    """A section, with its entries."""

    section: Section
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How long a letter is to read, and what it lacks."""

    words: int
    minutes: int
    lacks: tuple[str, ...]  # of the letter as a whole
    gaps: int  # how many things are missing in its entries


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the page shows."""

    newsletter: Newsletter
    content: Content
    version: int  # what the form was made of
    parts: tuple[Part, ...]
    size: Size
    basket: tuple[Kept, ...]
    held: frozenset[ArticleId]  # articles that are in the letter
    names: Mapping[PersonId, str]
    proposed: tuple[Notice, ...]
    answers: tuple[Notice, ...]
    others: str


def known_of(tx: ReadTransaction, content: Content) -> Known:
    """What is known today of a letter's articles."""
    ids = articles_of(content)
    articles = {one.id: one for one in tx.articles.by_ids(ids)}
    return Known(articles, tx.revisits.gone_among(ids))


def gaps_of(tx: ReadTransaction, content: Content) -> tuple[Gap, ...]:
    """What a letter lacks."""
    return review(content, known_of(tx, content), extract_length=parts().settings.extract_length)


def size_of(content: Content, gaps: Sequence[Gap]) -> Size:
    """How long it is, and what it lacks."""
    return Size(
        word_count(content),
        reading_minutes(content),
        tuple(LACKS[gap.lack] for gap in gaps if not gap.entry),
        sum(1 for gap in gaps if gap.entry),
    )


def desk_of(  # noqa: PLR0917  the letter, and how it is shown
    tx: ReadTransaction,
    newsletter: Newsletter,
    content: Content,
    version: int,
    wrong: Sequence[str] = (),
    words: str = "",
) -> Desk:
    """The page of a letter, with this content in it."""
    gaps, basket = gaps_of(tx, content), tuple(tx.basket.all())
    held = frozenset(articles_of(content))
    used = {*held, *(one.entry.article for one in basket)}
    rows = _Rows(gaps, frozenset(wrong))
    return Desk(
        newsletter=newsletter,
        content=content,
        version=version,
        parts=tuple(Part(one, tuple(map(rows.of, one.entries))) for one in content.sections),
        size=size_of(content, gaps),
        basket=basket,
        held=held,
        names=tx.accounts.names({one.by for one in basket if one.by is not None}),
        proposed=_proposed(newsletter, used),
        answers=_answers(tx, words, used),
        others=others_sentence(tx, newsletter),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    gaps: Sequence[Gap]
    wrong: frozenset[str]

    def of(self, entry: Entry) -> Row:
        lacks = tuple(LACKS[gap.lack] for gap in self.gaps if gap.entry == entry.id)
        day = DAYS.get(entry.kind, "Parution")
        return Row(entry, KINDS[entry.kind], day, lacks, entry.id in self.wrong)


def _proposed(newsletter: Newsletter, used: set[ArticleId | None]) -> tuple[Notice, ...]:
    articles = digest(newsletter.since, newsletter.until).articles
    left = [one for one in articles if one.id not in used][:PROPOSED]
    return notices(left, parts().vocabulary, parts().settings.extract_length)


def _answers(tx: ReadTransaction, words: str, used: set[ArticleId | None]) -> tuple[Notice, ...]:
    if not words:
        return ()
    articles = [one for one in tx.articles.by_ids(found(words)) if one.id not in used]
    return notices(articles, parts().vocabulary, parts().settings.extract_length)


def others_sentence(tx: ReadTransaction, newsletter: Newsletter) -> str:
    """Who else wrote in it a moment ago; "" when nobody did."""
    me = guard.me()
    recent = (
        one
        for one in tx.newsletters.versions(newsletter.id)[:20]
        if one.by not in {me, None} and now() - one.at < AT_ONCE
    )
    last = next(recent, None)
    if last is None or last.by is None:
        return ""
    name = tx.accounts.names({last.by}).get(last.by, SOMEBODY_GONE)
    return f"{name} écrit aussi dans cette lettre ({ago(last.at)})."


def ago(at: datetime) -> str:
    """« à l’instant », « il y a 3 minutes »."""
    minutes = int((now() - at).total_seconds() // 60)
    if minutes < 1:
        return "à l’instant"
    return f"il y a {minutes}{NBSP}minute{'s' if minutes > 1 else ''}"


def collisions_sentence(content: Content, collisions: Sequence[Collision]) -> str:
    """« le texte de « Un titre », l’objet »: what was not kept of what somebody wrote."""
    titles = {one.id: one.title for one in content.sections}
    titles |= {one.id: one.title for one in content.entries}
    return ", ".join(
        NAMES[one.field] + (f" de « {titles[one.id]} »" if titles.get(one.id) else "")
        for one in collisions
    )
