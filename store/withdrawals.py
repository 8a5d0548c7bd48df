"""Articles withdrawn for good: their addresses, so that none comes back by any route."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from core.model import ArticleId
from store.addresses import keys_of
from store.batches import batched
from store.tables import withdrawals


class Withdrawals:
    """Kept for ever; the articles themselves are deleted (``Articles.withdraw``)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def among(self, urls: Iterable[str]) -> set[str]:
        """Those of these addresses that led to an article withdrawn."""
        by_key: dict[str, set[str]] = {}
        for url, key in keys_of(urls).items():
            by_key.setdefault(key, set()).add(url)
        found: set[str] = set()
        for some in batched(by_key, 500):
            query = select(withdrawals.c.key).where(withdrawals.c.key.in_(some))
            found.update(*(by_key[key] for key in self._connection.execute(query).scalars()))
        return found

    def add(self, urls: Iterable[str], id: ArticleId, now: datetime) -> None:
        """Nothing at these addresses is kept from now on."""
        keys = set(keys_of(urls).values())
        query = select(withdrawals.c.key).where(withdrawals.c.key.in_(keys))
        fresh = keys - set(self._connection.execute(query).scalars())
        if fresh:
            rows = [{"key": key, "article_id": id, "at": now} for key in sorted(fresh)]
            self._connection.execute(insert(withdrawals), rows)

    def has(self, id: ArticleId) -> bool:
        """Whether this number was that of an article withdrawn."""
        query = select(withdrawals.c.key).where(withdrawals.c.article_id == id).limit(1)
        return self._connection.execute(query).first() is not None
