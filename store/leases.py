"""Leases: work that one process at a time does on a store, whatever the machine.

A lease runs out by itself, so that a machine that died blocks nobody for ever. A new holder at the
same ``place`` (a data folder, whose file lock it must hold) has it at once: it is alone there, so
the former one is dead.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy
from sqlalchemy import Connection, delete, insert, or_, update

from store.tables import leases


class Leases:
    """Who does what, and until when."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, *, holder: str, place: str, now: datetime, until: datetime) -> bool:
        """Whether ``holder`` has the work now: it was free, run out, or held at this place."""
        values = {"holder": holder, "place": place, "until": until}
        mine = or_(leases.c.until <= now, leases.c.place == place)
        query = update(leases).where(leases.c.name == name, mine).values(values)
        if self._connection.execute(query).rowcount:
            return True
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(leases), values | {"name": name})
        except sqlalchemy.exc.IntegrityError:  # somebody else has it
            return False
        return True

    def renew(self, name: str, *, holder: str, until: datetime) -> bool:
        """Keep it longer; False when it was lost to another holder."""
        query = update(leases).where(leases.c.name == name, leases.c.holder == holder)
        return self._connection.execute(query.values(until=until)).rowcount == 1

    def release(self, name: str, *, holder: str) -> None:
        """Give it back."""
        query = delete(leases).where(leases.c.name == name, leases.c.holder == holder)
        self._connection.execute(query)
