"""Citations: which articles press reviews cite, and what became of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from core.model import ArticleId, Citation, SourceId, SourceKind
from core.urls import host_of
from store.addresses import keys_of
from store.batches import batched
from store.shares import host_in, hosts
from store.tables import aliases, articles, citations, sources

BATCH = 500


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, as shown with the article that cites; ``article_id``: the cited one, if held."""

    citation: Citation
    article_id: ArticleId | None


@dataclass(frozen=True, slots=True)
class CitedBy:
    """A citation, as shown with the article cited: who cites it."""

    citation: Citation
    article_id: ArticleId  # of the citing article
    title: str
    source: str
    source_slug: str
    appeared: datetime
    length: int  # of the citing article's text


@dataclass(frozen=True, slots=True)
class Sought:
    """A cited address to ask for: how often it was in vain, when its latest citation appeared."""

    citation: Citation
    attempts: int
    appeared: datetime


@dataclass(frozen=True, slots=True)
class MetSite:
    """A site that press reviews cite and that is no source: how often, by how many of them."""

    host: str
    citations: int
    sources: int
    last: datetime
    example: str  # the address of an article there


class Citations:
    """Each article's own are replaced together; what was already sought stays so."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, id: ArticleId, found: Sequence[Citation]) -> None:
        """What this article cites, from now on.

        What an article cites that is itself of a site only met is kept, and not sought.
        """
        wanted = {one.url: (rank, one) for rank, one in enumerate(found)}
        query = select(citations.c.url).where(citations.c.article_id == id)
        held = set(self._connection.execute(query).scalars())
        seek = bool(wanted.keys() - held) and not self._is_met(id)
        for some in batched(sorted(held - wanted.keys()), BATCH):
            gone = (citations.c.article_id == id) & citations.c.url.in_(some)
            self._connection.execute(delete(citations).where(gone))
        keys = keys_of(wanted)
        for url, (rank, one) in wanted.items():
            values = {"rank": rank, "title": one.title, "words": one.words, "heading": one.heading}
            if url in held:
                same = (citations.c.article_id == id) & (citations.c.url == url)
                self._connection.execute(update(citations).where(same).values(values))
            else:
                row = values | {"article_id": id, "url": url, "host": host_of(url)[:255]}
                row |= {"key": keys[url], "sought": seek}
                self._connection.execute(insert(citations), row)

    def _is_met(self, id: ArticleId) -> bool:
        query = select(sources.c.kind).join(articles).where(articles.c.id == id)
        kind: str = self._connection.execute(query).scalar_one()
        return kind == SourceKind.MET

    # -- what is shown ------------------------------------------------------------------------

    def of(self, id: ArticleId) -> list[Cited]:
        """What this article cites, in its order."""
        held = select(func.min(aliases.c.article_id)).where(aliases.c.key == citations.c.key)
        query = select(citations, held.scalar_subquery().label("cited"))
        query = query.where(citations.c.article_id == id).order_by(citations.c.rank)
        return [
            Cited(_citation(row), ArticleId(row.cited) if row.cited is not None else None)
            for row in self._connection.execute(query)
        ]

    def citing(self, id: ArticleId, limit: int = 50) -> list[CitedBy]:
        """Who cites this article, latest first; each citing article once."""
        keys = select(aliases.c.key).where(aliases.c.article_id == id)
        query = (
            select(
                citations,
                articles.c.title.label("citing_title"),
                articles.c.appeared,
                func.length(articles.c.text).label("length"),
                sources.c.name,
                sources.c.slug,
            )
            .join(articles, articles.c.id == citations.c.article_id)
            .join(sources, sources.c.id == articles.c.source_id)
            .where(citations.c.key.in_(keys), citations.c.article_id != id)
            .order_by(articles.c.appeared.desc(), articles.c.id.desc(), citations.c.rank)
            .limit(limit)
        )
        found: dict[int, CitedBy] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.article_id, _cited_by(row))
        return list(found.values())

    def counts(self, ids: Iterable[ArticleId]) -> dict[ArticleId, int]:
        """How many sources other than its own cite each of these; those that none does left out."""
        citing = articles.alias("citing")
        found: defaultdict[ArticleId, int] = defaultdict(int)
        for some in batched(ids, BATCH):
            query = (
                select(aliases.c.article_id, func.count(citing.c.source_id.distinct()))
                .join(citations, citations.c.key == aliases.c.key)
                .join(citing, citing.c.id == citations.c.article_id)
                .join(articles, articles.c.id == aliases.c.article_id)
                .where(aliases.c.article_id.in_(some), citing.c.source_id != articles.c.source_id)
                .group_by(aliases.c.article_id)
            )
            for id, count in self._connection.execute(query):
                found[ArticleId(id)] = count
        return dict(found)

    def met(self, *, fewest: int, limit: int) -> list[MetSite]:
        """The sites cited at least ``fewest`` times, most cited first; known sources included."""
        count = func.count(citations.c.url.distinct())
        query = (
            select(
                citations.c.host,
                count.label("cited"),
                func.count(articles.c.source_id.distinct()).label("by"),
                func.max(articles.c.appeared).label("last"),
                func.max(citations.c.url).label("example"),
            )
            .join(articles, articles.c.id == citations.c.article_id)
            .where(citations.c.host != "")
            .group_by(citations.c.host)
            .having(count >= fewest)
            .order_by(count.desc(), citations.c.host)
            .limit(limit)
        )
        return [
            MetSite(row.host, row.cited, row.by, row.last, row.example)
            for row in self._connection.execute(query)
        ]

    # -- what is fetched ----------------------------------------------------------------------

    def sought(
        self,
        now: datetime,
        limit: int,
        source: SourceId | None = None,
        host: str | None = None,
    ) -> list[Sought]:
        """The cited addresses to ask for, each once, those of the latest articles first.

        ``host``: only those at this host (and port).
        """
        query = (
            select(citations, articles.c.appeared)
            .join(articles, articles.c.id == citations.c.article_id)
            .where(citations.c.sought, or_(citations.c.due.is_(None), citations.c.due <= now))
            .order_by(articles.c.appeared.desc(), citations.c.article_id, citations.c.rank)
        )
        if source is not None:
            query = query.where(articles.c.source_id == source)
        if host is not None:
            query = query.where(host_in(citations.c.url) == host)
        found: dict[str, Sought] = {}
        for row in self._connection.execute(query.limit(limit)):
            found.setdefault(row.key, Sought(_citation(row), row.attempts, row.appeared))
        return list(found.values())

    def hosts_sought(self, now: datetime) -> set[str]:
        """The hosts (and ports) of which cited addresses are to be asked for."""
        due = or_(citations.c.due.is_(None), citations.c.due <= now)
        return hosts(self._connection, citations.c.url, citations.c.sought, due)

    def count_sought(self) -> int:
        """How many cited addresses are still to be asked for."""
        count = func.count(citations.c.url.distinct())
        return self._connection.execute(select(count).where(citations.c.sought)).scalar_one()

    def settle(self, urls: Iterable[str]) -> None:
        """These are not asked for any more: they were had, or never will be."""
        for some in batched(keys_of(urls).values(), BATCH):
            query = update(citations).where(citations.c.key.in_(some))
            self._connection.execute(query.values(sought=False, due=None))

    def postpone(self, url: str, until: datetime) -> None:
        """This one could not be had now."""
        query = update(citations).where(citations.c.key.in_(keys_of([url]).values()))
        self._connection.execute(query.values(attempts=citations.c.attempts + 1, due=until))


def _citation(row: Row[Any]) -> Citation:
    return Citation(row.url, row.title, row.words, row.heading)


def _cited_by(row: Row[Any]) -> CitedBy:
    return CitedBy(
        citation=_citation(row),
        article_id=ArticleId(row.article_id),
        title=row.citing_title,
        source=row.name,
        source_slug=row.slug,
        appeared=row.appeared,
        length=row.length,
    )
