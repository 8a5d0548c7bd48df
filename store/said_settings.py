"""Settings that an admin said in the browser, for those that environment and file leave empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from core.people import PersonId
from store.tables import said_settings


class SaidSettings:
    """By name, as ``core.settings.SAYABLE`` lists them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, str]:
        """What was said of each."""
        query = select(said_settings.c.name, said_settings.c.value)
        return {row.name: row.value for row in self._connection.execute(query)}

    def say(self, values: Mapping[str, str], *, by: PersonId | None, now: datetime) -> None:
        """Keep these; an empty one is said no more."""
        names = list(values)
        self._connection.execute(delete(said_settings).where(said_settings.c.name.in_(names)))
        rows = [
            {"name": name, "value": value, "person_id": by, "at": now}
            for name, value in values.items()
            if value
        ]
        if rows:
            self._connection.execute(insert(said_settings), rows)
