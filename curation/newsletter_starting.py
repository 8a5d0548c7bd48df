"""What a letter begins as: empty, or made of a digest, of articles chosen elsewhere, of a basket.

Pure: ids are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from core.model import Article
from core.newsletters import Content, Entry, EntryKind, Section
from core.text import one_line
from core.urls import is_web_address
from curation.attribution import medium, published_on
from curation.digest import Digest
from curation.headline import headline
from curation.quoting import quotations
from curation.rendering import LEADING, MORE

NewId = Callable[[], str]

THEMES: Final = 5  # sections of a digest that are taken
IN_THEME: Final = 3  # entries of each
IN_RUBRIC: Final = 3
IN_MORE: Final = 6
SUBJECT: Final = 90  # characters


def entry_of_article(article: Article, id: str, *, length: int, quoting: bool = True) -> Entry:
    """An article as a letter's entry: how it is cited and, when asked for, a short quotation."""
    quoted = quotations(article, length)[:1] if quoting else ()
    return Entry(
        id,
        EntryKind.ARTICLE,
        title=one_line(article.title),
        url=article.url if is_web_address(article.url) else "",
        text=quoted[0] if quoted else "",
        is_quotation=bool(quoted),
        source=medium(article),
        author=one_line(article.author),
        access=article.access,
        article=article.id,
        day=published_on(article),
    )


def empty(new_id: NewId) -> Content:
    """Two sections, to be filled."""
    return Content(sections=(Section(new_id(), LEADING), Section(new_id(), MORE, brief=True)))


def of_articles(articles: Sequence[Article], new_id: NewId, *, length: int) -> Content:
    """These articles, in this order."""
    return Content(
        subject=proposed_subject(articles),
        sections=(
            Section(new_id(), LEADING, _entries(articles, new_id, length)),
            Section(new_id(), MORE, brief=True),
        ),
    )


def of_digest(digest: Digest, new_id: NewId, *, length: int) -> Content:
    """The digest's leading articles and rubrics with quotations, its themes as lines."""
    sections = [Section(new_id(), LEADING, _entries(digest.leading, new_id, length))]
    sections += [
        Section(new_id(), one.theme.label, _lines(one.articles[:IN_THEME], new_id), brief=True)
        for one in digest.sections[:THEMES]
    ]
    sections += [
        Section(new_id(), one.title, _entries(one.articles[:IN_RUBRIC], new_id, length))
        for one in digest.rubrics
    ]
    sections.append(Section(new_id(), MORE, _lines(digest.more[:IN_MORE], new_id), brief=True))
    return Content(subject=proposed_subject(digest.leading), sections=tuple(sections))


def proposed_subject(articles: Sequence[Article]) -> str:
    """The first articles' subjects side by side, as the field's reviews do: as many as fit."""
    for several in range(min(3, len(articles)), 0, -1):
        found = headline(articles[:several])
        if len(found) <= SUBJECT:
            return found
    return headline(articles[:1])


def _entries(articles: Iterable[Article], new_id: NewId, length: int) -> tuple[Entry, ...]:
    return tuple(entry_of_article(one, new_id(), length=length) for one in articles)


def _lines(articles: Iterable[Article], new_id: NewId) -> tuple[Entry, ...]:
    return tuple(entry_of_article(one, new_id(), length=0, quoting=False) for one in articles)
