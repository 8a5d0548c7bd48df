"""Going back in time: how far each source is to be read back, and how far that has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, insert, or_, select, update

from core.model import SourceId
from store.pages import PageState
from store.tables import backfills, pages, sources


@dataclass(frozen=True, slots=True)
class Step:
    """A page to look at: what it is (``feed``, ``listing``, ``sitemap``), and where.

    ``attempts``: how often it could not be had.
    """

    kind: str
    url: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Backfill:
    """One source's: to which date, what is left to look at, what was seen so far."""

    source_id: SourceId
    since: datetime
    todo: tuple[Step, ...]
    pages: int = 0
    found: int = 0  # articles that were not known
    mark: str = ""  # of the last page: one that comes again has no older ones
    done: datetime | None = None


class Backfills:
    """One for each source at most."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, id: SourceId, since: datetime, first: Sequence[Step]) -> None:
        """Read this source back to a date; from the start again when it is an earlier one."""
        query = select(backfills.c.since).where(backfills.c.source_id == id)
        held = self._connection.execute(query).scalar()
        if held is None or since < held:
            self.put(Backfill(id, since, tuple(first)))

    def running(self) -> list[Backfill]:
        """Those that are not done, of sources that are still visited."""
        query = (
            select(backfills).join(sources).where(~sources.c.removed, backfills.c.done.is_(None))
        )
        rows = self._connection.execute(query.order_by(backfills.c.source_id))
        return [_backfill_from(row) for row in rows]

    def latest_begun(self) -> datetime | None:
        """When the latest was added of the sources that are being read for the first time.

        Never visited, read back, or with pages that were announced and not asked for yet.
        """
        read_back = exists().where(
            backfills.c.source_id == sources.c.id, backfills.c.done.is_(None)
        )
        unasked = exists().where(
            pages.c.source_id == sources.c.id,
            pages.c.state == PageState.ANNOUNCED,
            pages.c.attempts == 0,
        )
        query = select(func.max(sources.c.added)).where(
            ~sources.c.removed,
            sources.c.feed.is_not(None),
            or_(sources.c.last_visit.is_(None), read_back, unasked),
        )
        found: datetime | None = self._connection.execute(query).scalar()
        return found

    def of(self, ids: Sequence[SourceId]) -> dict[SourceId, Backfill]:
        """Those of these sources, done or not."""
        query = select(backfills).where(backfills.c.source_id.in_(ids))
        return {SourceId(r.source_id): _backfill_from(r) for r in self._connection.execute(query)}

    def put(self, one: Backfill) -> None:
        """How far it has come."""
        values: dict[str, Any] = {
            "since": one.since,
            "todo": [[step.kind, step.url, step.attempts] for step in one.todo],
            "pages": one.pages,
            "found": one.found,
            "mark": one.mark,
            "done": one.done,
        }
        same = update(backfills).where(backfills.c.source_id == one.source_id)
        if not self._connection.execute(same.values(values)).rowcount:
            self._connection.execute(insert(backfills), values | {"source_id": one.source_id})


def _backfill_from(row: Any) -> Backfill:
    todo = tuple(Step(*step) for step in row.todo)
    return Backfill(
        SourceId(row.source_id), row.since, todo, row.pages, row.found, row.mark, row.done
    )
