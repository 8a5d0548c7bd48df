"""What the sites that we visit ask of robots."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from core.model import SiteRules
from store.tables import hosts


class Hosts:
    """One row a site."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rules(self, site: str) -> SiteRules | None:
        """Its rules as last read; None when they never were."""
        query = select(hosts).where(hosts.c.site == site, hosts.c.read.is_not(None))
        row = self._connection.execute(query).first()
        return SiteRules(row.site, row.robots, row.tdmrep, row.read) if row else None

    def keep_rules(self, rules: SiteRules) -> None:
        """Remember what was read."""
        self._set(rules.site, robots=rules.robots, tdmrep=rules.tdmrep, read=rules.read)

    def with_reservations(self, since: datetime) -> list[SiteRules]:
        """The sites whose ``tdmrep.json`` was read since an instant, and says something."""
        query = select(hosts).where(hosts.c.read >= since, hosts.c.tdmrep != "")
        return [
            SiteRules(row.site, row.robots, row.tdmrep, row.read)
            for row in self._connection.execute(query)
        ]

    def wait(self, site: str, until: datetime) -> None:
        """Leave this site alone until then."""
        self._set(site, wait_until=until)

    def waiting(self, now: datetime) -> dict[str, datetime]:
        """The sites to leave alone, and until when."""
        query = select(hosts.c.site, hosts.c.wait_until).where(hosts.c.wait_until > now)
        return {row.site: row.wait_until for row in self._connection.execute(query)}

    def forget(self, before: datetime) -> None:
        """Forget the sites whose rules were read before an instant, unless they are to wait."""
        old = (hosts.c.read < before) & hosts.c.wait_until.is_(None)
        self._connection.execute(delete(hosts).where(old))

    def _set(self, site: str, **values: object) -> None:
        changed = self._connection.execute(
            update(hosts).where(hosts.c.site == site).values(**values)
        )
        if changed.rowcount == 0:
            self._connection.execute(insert(hosts), {"site": site, **values})
