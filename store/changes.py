"""The change log that feeds the search index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects import postgresql

from core.model import ArticleId
from store.batches import batched
from store.tables import changes

BATCH = 500


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
        rows = [{"article_id": id} for id in sorted(set(ids))]
        if not rows:
            return
        if self._connection.dialect.name == "postgresql":
            # Two writers may record one article at once: the later one's version stays.
            new = postgresql.insert(changes)
            new = new.on_conflict_do_update(
                index_elements=[changes.c.article_id], set_={"version": new.excluded.version}
            )
            self._connection.execute(new, rows)
            return
        wanted = [row["article_id"] for row in rows]
        for some in batched(wanted, BATCH):
            self._connection.execute(delete(changes).where(changes.c.article_id.in_(some)))
        self._connection.execute(insert(changes), rows)

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
