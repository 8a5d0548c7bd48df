"""Addresses that are not written to, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy
from sqlalchemy import Connection, delete, func, insert, select, update

from store.batches import batched
from store.tables import suppressions


class SuppressionReason(StrEnum):
    """Why an address is not written to."""

    REFUSED = "refused"  # its server says that nobody has it: nothing at all is sent there
    LEFT = "left"  # its owner wants no letters; account mail still goes
    COMPLAINED = "complained"  # its owner called a letter spam; account mail still goes


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address not written to. ``address`` is "" once it was erased: the digest remains."""

    address: str
    reason: SuppressionReason
    since: datetime
    detail: str


class Suppressions:
    """By address in its normal form (``mail.addresses``)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, address: str, reason: SuppressionReason, *, now: datetime, detail: str = ""
    ) -> None:
        """Write no more to this address; once per reason, the first date stays."""
        row = {
            "digest": _digest(address), "reason": reason, "address": address,
            "since": now, "detail": detail,
        }  # fmt: skip
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(suppressions), row)
        except sqlalchemy.exc.IntegrityError:  # known already
            pass

    def remove(self, address: str, reason: SuppressionReason | None = None) -> int:
        """Write to it again, for one reason or all; how many were lifted."""
        query = delete(suppressions).where(suppressions.c.digest == _digest(address))
        if reason is not None:
            query = query.where(suppressions.c.reason == reason)
        return self._connection.execute(query).rowcount

    def against(self, address: str, *, of_list: bool) -> SuppressionReason | None:
        """Why a letter (``of_list``: one that can be left) must not go there; None: it may."""
        query = select(suppressions.c.reason).where(suppressions.c.digest == _digest(address))
        if not of_list:
            query = query.where(suppressions.c.reason == SuppressionReason.REFUSED)
        reason = self._connection.execute(query.order_by(suppressions.c.reason)).scalar()
        return None if reason is None else SuppressionReason(reason)

    def among(self, addresses: Iterable[str]) -> set[str]:
        """Those of these that no letter of a list may go to."""
        digests = {_digest(address): address for address in addresses}
        found: set[str] = set()
        for some in batched(digests, 500):
            query = select(suppressions.c.digest).where(suppressions.c.digest.in_(some))
            found |= {digests[one] for one in self._connection.execute(query).scalars()}
        return found

    def all(self, limit: int | None = None, offset: int = 0) -> list[Suppression]:
        """Latest first."""
        query = select(suppressions).order_by(suppressions.c.since.desc(), suppressions.c.digest)
        return [
            Suppression(row.address, SuppressionReason(row.reason), row.since, row.detail)
            for row in self._connection.execute(query.limit(limit).offset(offset))
        ]

    def of(self, address: str) -> list[Suppression]:
        """Why an address is not written to."""
        query = select(suppressions).where(suppressions.c.digest == _digest(address))
        return [
            Suppression(row.address, SuppressionReason(row.reason), row.since, row.detail)
            for row in self._connection.execute(query.order_by(suppressions.c.reason))
        ]

    def count(self) -> int:
        """How many there are."""
        return self._connection.execute(select(func.count()).select_from(suppressions)).scalar_one()

    def erase(self, address: str) -> int:
        """Keep only the digest, which is enough to go on not writing; how many."""
        query = update(suppressions).where(suppressions.c.digest == _digest(address))
        return self._connection.execute(query.values(address="", detail="")).rowcount


def _digest(address: str) -> str:
    # Whatever its case: nobody who wants no letters gets one for having been typed otherwise.
    return hashlib.sha256(address.lower().encode(errors="surrogatepass")).hexdigest()
