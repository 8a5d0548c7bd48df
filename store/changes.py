"""The change log that feeds the search index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from core.model import ArticleId
from store.tables import articles, changes


@dataclass(frozen=True, slots=True)
class Change:
    """An article whose index entry is stale; ``version`` tells this change from a later one."""

    article_id: ArticleId
    version: int


class Changes:
    """What the search index has not seen yet, oldest first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, ids: Iterable[ArticleId]) -> None:
        """Say that these articles changed (or went)."""
        wanted = sorted(set(ids))
        if wanted:
            self._connection.execute(delete(changes).where(changes.c.article_id.in_(wanted)))
            self._connection.execute(insert(changes), [{"article_id": id} for id in wanted])

    def record_all(self) -> None:
        """Say that every article changed."""
        self._connection.execute(delete(changes))
        everything = select(articles.c.id).order_by(articles.c.id)
        self._connection.execute(insert(changes).from_select(["article_id"], everything))

    def next(self, limit: int) -> list[Change]:
        """The oldest changes, ``limit`` at most; they stay until ``done``."""
        query = select(changes.c.article_id, changes.c.version).order_by(changes.c.version)
        rows = self._connection.execute(query.limit(limit))
        return [Change(ArticleId(row.article_id), row.version) for row in rows]

    def done(self, seen: Sequence[Change]) -> None:
        """Forget these changes; one that was recorded again meanwhile stays, being newer."""
        versions = [change.version for change in seen]
        self._connection.execute(delete(changes).where(changes.c.version.in_(versions)))

    def count(self) -> int:
        """How many articles wait to be indexed."""
        return self._connection.execute(select(func.count()).select_from(changes)).scalar_one()
