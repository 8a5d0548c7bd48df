"""Throttling: how often something may be tried, by account and by place on the network."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from store import Transaction

KEPT: Final = timedelta(days=1)  # what was tried is forgotten after


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` within ``period``, sliding."""

    times: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something tried, under the numbers by which it can be taken back."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooMany:
    """Not now: try again after ``wait``."""

    wait: timedelta


PER_ACCOUNT: Final = Limit(10, timedelta(minutes=15))
PER_PLACE: Final = Limit(50, timedelta(minutes=15))  # an office shares one address
PER_CODE: Final = Limit(5, timedelta(minutes=15))
LETTERS_PER_ACCOUNT: Final = Limit(3, timedelta(hours=1))
LETTERS_PER_PLACE: Final = Limit(20, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Throttle:
    """Names what is counted by a keyed hash, so that the store names nobody."""

    key: bytes

    def attempt(
        self, tx: Transaction, counted: dict[str, Limit], now: datetime
    ) -> Attempt | TooMany:
        """Count one more try under each of these names, unless one of them has had enough.

        Counted before it is known how it goes, so that many at once do not slip through.
        """
        waits = [self._wait(tx, name, limit, now) for name, limit in sorted(counted.items())]
        if longest := max(waits, default=timedelta()):
            return TooMany(longest)
        buckets = [self._bucket(name) for name in sorted(counted)]
        return Attempt(tuple(tx.attempts.record(bucket, now) for bucket in buckets))

    def take_back(self, tx: Transaction, attempt: Attempt) -> None:
        """It went well: it does not count."""
        for number in attempt.numbers:
            tx.attempts.take_back(number)

    def forgive(self, tx: Transaction, name: str) -> None:
        """Start counting anew under this name."""
        tx.attempts.forgive(self._bucket(name))

    def _wait(self, tx: Transaction, name: str, limit: Limit, now: datetime) -> timedelta:
        count, first = tx.attempts.since(self._bucket(name), now - limit.period)
        if count < limit.times or first is None:
            return timedelta()
        return max(first + limit.period - now, timedelta(seconds=1))

    def _bucket(self, name: str) -> str:
        return hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()


def place(address: str | None) -> str:
    """The place on the network of an IP address: itself, or the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "nowhere"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
