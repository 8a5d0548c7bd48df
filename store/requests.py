"""Requests: what people wrote in the contact form, until it is dealt with and for a while after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.errors import NotFound
from core.subscriptions import Contact, Request, RequestId, RequestKind
from store.tables import requests


class Requests:
    """By number; addresses in normal form."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, contact: Contact, now: datetime) -> RequestId:
        """Keep a request; its number."""
        row = {
            "kind": contact.kind, "url": contact.url, "name": contact.name,
            "address": contact.address, "message": contact.message, "received": now,
        }  # fmt: skip
        key = self._connection.execute(insert(requests), row).inserted_primary_key
        return RequestId(key[0] if key else 0)

    def by_id(self, id: RequestId) -> Request:
        """One request. Raises NotFound."""
        row = self._connection.execute(select(requests).where(requests.c.id == id)).first()
        if row is None:
            raise NotFound("request", id)
        return _request_from(row)

    def all(self, *, limit: int | None = None, offset: int = 0) -> list[Request]:
        """Those that wait first, oldest first; then the others, latest first."""
        waiting = requests.c.done.is_not(None)
        query = select(requests).order_by(waiting, requests.c.done.desc(), requests.c.id)
        rows = self._connection.execute(query.limit(limit).offset(offset))
        return [_request_from(row) for row in rows]

    def of(self, address: str) -> list[Request]:
        """Those of an address, whatever its case."""
        query = select(requests).where(func.lower(requests.c.address) == address.lower())
        rows = self._connection.execute(query.order_by(requests.c.id))
        return [_request_from(row) for row in rows]

    def count(self) -> int:
        """How many there are."""
        return self._connection.execute(select(func.count()).select_from(requests)).scalar_one()

    def count_waiting(self) -> int:
        """How many are not dealt with."""
        query = select(func.count()).select_from(requests).where(requests.c.done.is_(None))
        return self._connection.execute(query).scalar_one()

    def settle(self, id: RequestId, now: datetime) -> bool:
        """Dealt with; False when it was already."""
        query = update(requests).where(requests.c.id == id, requests.c.done.is_(None))
        return self._connection.execute(query.values(done=now)).rowcount == 1

    def reopen(self, id: RequestId) -> bool:
        """Not dealt with after all; False when it was waiting already."""
        query = update(requests).where(requests.c.id == id, requests.c.done.is_not(None))
        return self._connection.execute(query.values(done=None)).rowcount == 1

    def erase(self, address: str) -> int:
        """Forget those of an address; how many."""
        query = delete(requests).where(func.lower(requests.c.address) == address.lower())
        return self._connection.execute(query).rowcount

    def prune(self, done_before: datetime) -> int:
        """Forget those dealt with long ago; how many."""
        return self._connection.execute(
            delete(requests).where(requests.c.done < done_before)
        ).rowcount


def _request_from(row: Row[Any]) -> Request:
    contact = Contact(RequestKind(row.kind), row.url, row.name, row.address, row.message)
    return Request(RequestId(row.id), contact, row.received, row.done)
