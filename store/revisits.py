"""Revisits: when each article is looked at again, and what became of its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.model import ArticleId, SourceId
from store.batches import batched
from store.shares import host_in, hosts
from store.tables import articles, revisits, versions


@dataclass(frozen=True, slots=True)
class Revisit:
    """An article to look at again: where, since when its page is missing, when it appeared."""

    id: ArticleId
    source_id: SourceId
    url: str
    appeared: datetime
    missing: datetime | None
    gone: datetime | None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What is shown of an article's life: until when it had other texts, when it was taken off."""

    versions: tuple[datetime, ...] = ()  # latest first
    gone: datetime | None = None


class Revisits:
    """One row an article at most; without one, it is not looked at again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, id: ArticleId, due: datetime | None) -> None:
        """Look at this article again then; None: not by itself any more."""
        self._set(id, due=due)

    def due(self, now: datetime, limit: int, host: str | None = None) -> list[Revisit]:
        """The articles to look at again, the longest waiting first.

        ``host``: only those at this host (and port).
        """
        columns = (articles.c.id, articles.c.source_id, articles.c.url, articles.c.appeared)
        query = (
            select(*columns, revisits.c.missing, revisits.c.gone)
            .join(articles)
            .where(revisits.c.due <= now)
            .order_by(revisits.c.due, revisits.c.article_id)
            .limit(limit)
        )
        if host is not None:
            query = query.where(host_in(articles.c.url) == host)
        return [
            Revisit(ArticleId(row.id), SourceId(row.source_id), *row[2:])
            for row in self._connection.execute(query)
        ]

    def hosts_due(self, now: datetime) -> set[str]:
        """The hosts (and ports) of the articles to look at again."""
        same = revisits.c.article_id == articles.c.id
        return hosts(self._connection, articles.c.url, same, revisits.c.due <= now)

    def found(self, id: ArticleId, next_due: datetime | None) -> None:
        """Its page is there."""
        self._set_gone(id, None)
        self._set(id, due=next_due, missing=None)

    def missing(
        self, id: ArticleId, *, since: datetime, gone: datetime | None, next_due: datetime | None
    ) -> None:
        """Its page is not there; ``gone``: since when it counts as withdrawn by its publisher."""
        self._set_gone(id, gone)
        self._set(id, due=next_due, missing=since)

    def changed(self, id: ArticleId, now: datetime) -> None:
        """Until now, it had another text."""
        self._connection.execute(insert(versions), {"article_id": id, "until": now})

    def lifetime(self, id: ArticleId) -> Lifetime:
        """What is shown of it."""
        query = select(versions.c.until).where(versions.c.article_id == id)
        held: Sequence[datetime] = (
            self._connection.execute(query.order_by(versions.c.until.desc())).scalars().all()
        )
        gone = select(revisits.c.gone).where(revisits.c.article_id == id)
        return Lifetime(tuple(held), self._connection.execute(gone).scalar())

    def gone_among(self, ids: Iterable[ArticleId]) -> set[ArticleId]:
        """Those of these that their publisher took away."""
        found: set[ArticleId] = set()
        for some in batched(ids, 500):
            query = select(revisits.c.article_id).where(
                revisits.c.article_id.in_(some), revisits.c.gone.is_not(None)
            )
            found |= {ArticleId(one) for one in self._connection.execute(query).scalars()}
        return found

    def _set_gone(self, id: ArticleId, gone: datetime | None) -> None:
        """One that went, or that is back, no longer stands for its copies, or may again."""
        was = select(revisits.c.gone).where(revisits.c.article_id == id)
        if (self._connection.execute(was).scalar() is None) != (gone is None):
            again = update(articles).where(articles.c.id == id)
            self._connection.execute(again.values(grouper=""))
        self._set(id, gone=gone)

    def _set(self, id: ArticleId, **values: Any) -> None:
        same = revisits.c.article_id == id
        if not self._connection.execute(update(revisits).where(same).values(values)).rowcount:
            self._connection.execute(insert(revisits), values | {"article_id": id})
