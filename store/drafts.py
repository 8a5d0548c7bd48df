"""Drafts: what people had typed when their form could not be received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from core.people import Draft, PersonId
from store.tables import drafts

MOST = 20  # a person


class Drafts:
    """Kept for their author alone, the latest ``MOST``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(
        self,
        key: str,
        owner: PersonId,
        path: str,
        fields: Mapping[str, tuple[str, ...]],
        *,
        now: datetime,
    ) -> None:
        """Keep what was typed in the form at ``path``."""
        row = {"key": key, "person_id": owner, "path": path, "kept": now}
        written = {name: list(values) for name, values in fields.items()}
        self._connection.execute(insert(drafts), row | {"fields": written})
        own = select(drafts.c.key).where(drafts.c.person_id == owner)
        extra = own.order_by(drafts.c.kept.desc(), drafts.c.key).offset(MOST)
        gone = list(self._connection.execute(extra).scalars())
        self._connection.execute(delete(drafts).where(drafts.c.key.in_(gone)))

    def by_key(self, key: str) -> Draft | None:
        """The draft so named, if it is still held."""
        row = self._connection.execute(select(drafts).where(drafts.c.key == key)).first()
        return None if row is None else _draft_from(row)

    def of(self, owner: PersonId) -> list[Draft]:
        """Somebody's drafts, latest first."""
        query = select(drafts).where(drafts.c.person_id == owner).order_by(drafts.c.kept.desc())
        return [_draft_from(row) for row in self._connection.execute(query)]

    def prune(self, before: datetime) -> int:
        """Forget the old ones; how many."""
        return self._connection.execute(delete(drafts).where(drafts.c.kept < before)).rowcount


def _draft_from(row: Row[Any]) -> Draft:
    fields = {name: tuple(values) for name, values in row.fields.items()}
    return Draft(row.key, PersonId(row.person_id), row.path, fields, row.kept)
