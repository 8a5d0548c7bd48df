"""Appointments that a clock which was wrong has made: brought back when it is right again.

A clock a year ahead for an hour leaves visits, letters and leases that wait for a year. What waits
for longer than anything may, or was done in the future, was written by such a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, update

from store.tables import citations, hosts, leases, outbox, pages, revisits, sources, subscriptions

LONGEST: Final = timedelta(days=40)  # more than any stage puts anything off
SKEW: Final = timedelta(days=1)  # between the clocks of several machines, and more

# Due again at once.
_WAITS: Final = (sources.c.next_visit, citations.c.due, revisits.c.due, pages.c.due, outbox.c.due)
# As if it had not been done: it is done again when its turn comes.
_DONE: Final = (sources.c.last_full, hosts.c.read)


class Appointments:
    """What waits for its time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bring_back(self, now: datetime) -> int:
        """Put right what a clock far ahead has left; how many rows there were."""
        rows = sum(self._set(column, now + LONGEST, now) for column in _WAITS)
        rows += self._set(hosts.c.wait_until, now + LONGEST, None)
        rows += sum(self._set(column, now + SKEW, None) for column in _DONE)
        rows += self._set(leases.c.until, now + SKEW, now)
        # What was told meanwhile is known, and is not told again.
        return rows + self._set(subscriptions.c.looked, now + SKEW, now - SKEW)

    def _set(self, column: Column[datetime], after: datetime, value: datetime | None) -> int:
        query = update(column.table).where(column > after).values({column.name: value})
        return self._connection.execute(query).rowcount
