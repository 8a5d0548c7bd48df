"""Attempts: what was tried lately, in the store so that several processes agree."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from store.tables import attempts


class Attempts:
    """Counted by bucket, a short text that names nobody."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, bucket: str, now: datetime) -> int:
        """Something was tried; its number, to take it back."""
        row = {"bucket": bucket, "at": now}
        key = self._connection.execute(insert(attempts), row).inserted_primary_key
        return int(key[0]) if key else 0

    def since(self, bucket: str, start: datetime) -> tuple[int, datetime | None]:
        """How many since an instant, and when the first of these was."""
        query = select(func.count(), func.min(attempts.c.at))
        query = query.where(attempts.c.bucket == bucket, attempts.c.at > start)
        count, first = self._connection.execute(query).one()
        return count, first

    def take_back(self, id: int) -> None:
        """It went well: it does not count."""
        self._connection.execute(delete(attempts).where(attempts.c.id == id))

    def forgive(self, bucket: str) -> None:
        """Start counting anew."""
        self._connection.execute(delete(attempts).where(attempts.c.bucket == bucket))

    def prune(self, before: datetime) -> int:
        """Forget the old ones; how many."""
        return self._connection.execute(delete(attempts).where(attempts.c.at < before)).rowcount
