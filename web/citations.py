"""Citations on article pages: what a press review cites, and who cites an article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from core.model import Article, ArticleId
from core.text import one_line, shorten
from core.urls import host_of
from store import ReadTransaction
from store.citations import Cited, CitedBy
from web.notice import short_slug


@dataclass(frozen=True, slots=True)
class Line:
    """An article cited; ``id``: ours, None when it is not held."""

    title: str
    host: str
    url: str
    id: ArticleId | None
    slug: str


@dataclass(frozen=True, slots=True)
class Under:
    """What stands under one heading of a press review; "" before the first."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Citing:
    """Who cites an article, and in which words."""

    id: ArticleId
    slug: str
    title: str
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Citations:
    """Both ways."""

    cites: tuple[Under, ...]
    cited_by: tuple[Citing, ...]

    @property
    def count(self) -> int:
        """How many articles are cited."""
        return sum(len(one.lines) for one in self.cites)


def citations_of(tx: ReadTransaction, article: Article, length: int) -> Citations:
    """The citations of and to an article; ``length``: characters shown of a citing text."""
    cited_by = tx.citations.citing(article.id)
    return Citations(
        tuple(_by_heading(tx.citations.of(article.id))),
        tuple(_citing(one, length) for one in cited_by),
    )


def _by_heading(cited: Iterable[Cited]) -> Iterable[Under]:
    for heading, ones in groupby(cited, key=lambda one: one.citation.heading):
        yield Under(one_line(heading), tuple(map(_line, ones)))


def _line(cited: Cited) -> Line:
    title = one_line(cited.citation.title) or host_of(cited.citation.url)
    url = cited.citation.url
    return Line(title, host_of(url), url, cited.article_id, short_slug(title))


def _citing(one: CitedBy, length: int) -> Citing:
    """The words that cite, within what may be shown of the text that they are of."""
    words = shorten(one.citation.words, min(length, one.length // 10))
    title = one_line(one.title)
    return Citing(one.article_id, short_slug(title), title, one_line(one.source), words)
