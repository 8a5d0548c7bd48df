"""The audit trail: who changed what, when, from what to what. Written once, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from core.people import AuditEntry, PersonId
from store.tables import audit


class Audit:
    """Recorded in the transaction of the change itself: one does not go without the other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(  # noqa: PLR0917  who did what to which thing, from what, to what
        self,
        who: PersonId | None,
        action: str,
        kind: str,
        key: object,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        now: datetime,
    ) -> None:
        """``who`` (None: the command line) did ``action`` on the thing ``kind``/``key``.

        ``before`` and ``after``: what JSON can say of what changed. Never a secret.
        """
        row: dict[str, Any] = {"at": now, "person_id": who, "action": action, "kind": kind}
        row |= {"key": str(key)[:200], "before": dict(before), "after": dict(after)}
        self._connection.execute(insert(audit), row)

    def recent(
        self,
        *,
        kind: str | None = None,
        key: object | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[AuditEntry]:
        """What was changed, latest first: all, of a kind of things, or of one thing."""
        query = _filtered(select(audit), kind, key).order_by(audit.c.id.desc())
        rows = self._connection.execute(query.limit(limit).offset(offset))
        return [_entry_from(row) for row in rows]

    def count(self, *, kind: str | None = None, key: object | None = None) -> int:
        """How many ``recent`` would give without limit."""
        query = _filtered(select(func.count()).select_from(audit), kind, key)
        return int(self._connection.execute(query).scalar_one())

    def by(self, who: PersonId) -> list[AuditEntry]:
        """What somebody did, latest first."""
        query = select(audit).where(audit.c.person_id == who).order_by(audit.c.id.desc())
        return [_entry_from(row) for row in self._connection.execute(query)]

    def forget_details(self, kind: str, key: object) -> None:
        """Of one thing, keep that it was changed and when, no longer what it was."""
        query = update(audit).where(audit.c.kind == kind, audit.c.key == str(key))
        self._connection.execute(query.values(before={}, after={}))

    def prune(self, before: datetime) -> int:
        """Forget what is older than an instant; how many."""
        return self._connection.execute(delete(audit).where(audit.c.at < before)).rowcount


def _filtered(query: Select[Any], kind: str | None, key: object | None) -> Select[Any]:
    if kind is not None:
        query = query.where(audit.c.kind == kind)
    if key is not None:
        query = query.where(audit.c.key == str(key))
    return query


def _entry_from(row: Row[Any]) -> AuditEntry:
    who = None if row.person_id is None else PersonId(row.person_id)
    return AuditEntry(row.id, row.at, who, row.action, row.kind, row.key, row.before, row.after)
