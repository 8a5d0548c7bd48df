"""Sessions: who is signed in where. What the browser holds is a token; here is its hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from core.people import PersonId, Session
from store.tables import sessions


class Sessions:
    """Ends are told in instants before which a session began or was last seen."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, owner: PersonId, token_hash: str, *, device: str, now: datetime) -> None:
        """Somebody signs in."""
        row = {"token_hash": token_hash, "person_id": owner, "device": device[:200]}
        self._connection.execute(insert(sessions), row | {"started": now, "seen": now})

    def by_token(self, token_hash: str) -> Session | None:
        """The session of a token, if there is one."""
        query = select(sessions).where(sessions.c.token_hash == token_hash)
        row = self._connection.execute(query).first()
        return None if row is None else _session_from(row)

    def by_id(self, id: int) -> Session | None:
        """The session so numbered, if there is one."""
        row = self._connection.execute(select(sessions).where(sessions.c.id == id)).first()
        return None if row is None else _session_from(row)

    def of(self, owner: PersonId) -> list[Session]:
        """Where somebody is signed in, last seen first."""
        query = select(sessions).where(sessions.c.person_id == owner)
        rows = self._connection.execute(
            query.order_by(sessions.c.seen.desc(), sessions.c.id.desc())
        )
        return [_session_from(row) for row in rows]

    def see(self, id: int, now: datetime) -> None:
        """It was used."""
        self._connection.execute(update(sessions).where(sessions.c.id == id).values(seen=now))

    def end(self, id: int) -> None:
        """Sign out there."""
        self._connection.execute(delete(sessions).where(sessions.c.id == id))

    def end_all(self, owner: PersonId, *, but: int | None = None) -> int:
        """Sign out everywhere, ``but`` in one session; how many ended."""
        query = delete(sessions).where(sessions.c.person_id == owner)
        if but is not None:
            query = query.where(sessions.c.id != but)
        return self._connection.execute(query).rowcount

    def prune(self, *, started_before: datetime, seen_before: datetime) -> int:
        """Forget those that ended by themselves; how many."""
        ended = or_(sessions.c.started < started_before, sessions.c.seen < seen_before)
        return self._connection.execute(delete(sessions).where(ended)).rowcount


def _session_from(row: Row[Any]) -> Session:
    return Session(row.id, PersonId(row.person_id), row.started, row.seen, row.device)
