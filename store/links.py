"""Links that work once: only a hash of what they carry is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from core.people import LinkPurpose, OneTimeLink, PersonId
from store.tables import one_time_links


class OneTimeLinks:
    """Invitations and password resets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, nonce_hash: str, link: OneTimeLink, *, now: datetime) -> None:
        """A new link; those of the same purpose that the person had before work no more."""
        former = delete(one_time_links).where(one_time_links.c.person_id == link.owner)
        unused = former.where(one_time_links.c.used.is_(None))
        self._connection.execute(unused.where(one_time_links.c.purpose == link.purpose))
        row = {"nonce_hash": nonce_hash, "person_id": link.owner, "purpose": link.purpose}
        self._connection.execute(
            insert(one_time_links), row | {"created": now, "expires": link.expires}
        )

    def by_nonce(self, nonce_hash: str) -> OneTimeLink | None:
        """The link that carries this, if there is one."""
        query = select(one_time_links).where(one_time_links.c.nonce_hash == nonce_hash)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return OneTimeLink(PersonId(row.person_id), LinkPurpose(row.purpose), row.expires, row.used)

    def use(self, nonce_hash: str, now: datetime) -> bool:
        """Take it; False when somebody did already."""
        query = update(one_time_links).where(one_time_links.c.nonce_hash == nonce_hash)
        unused = query.where(one_time_links.c.used.is_(None))
        return self._connection.execute(unused.values(used=now)).rowcount == 1

    def revoke_all(self, owner: PersonId) -> None:
        """Have none of somebody's unused links work any more."""
        query = delete(one_time_links).where(one_time_links.c.person_id == owner)
        self._connection.execute(query.where(one_time_links.c.used.is_(None)))

    def prune(self, expired_before: datetime) -> int:
        """Forget those that expired before an instant; how many."""
        query = delete(one_time_links).where(one_time_links.c.expires < expired_before)
        return self._connection.execute(query).rowcount
