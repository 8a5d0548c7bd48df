"""Signing in: address and password, then the second factor of those who have one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.errors import NotFound
from core.people import Person
from people import second_factor
from people.passwords import Passwords
from people.throttle import KEPT, PER_ACCOUNT, PER_CODE, PER_PLACE, Throttle, TooMany
from store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Refused:
    """Address, password or code do not match: which one is nobody's business."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Lets people in. What it answers and how long it takes tell not which account exists."""

    store: Store
    passwords: Passwords
    throttle: Throttle

    def with_password(
        self, address: str, password: str, *, place: str, now: datetime
    ) -> Person | Refused | TooMany:
        """The person, when this is their password; they may still owe a second factor.

        ``address``: in normal form when it has one, else as typed. ``place``: see ``place``.
        """
        account = f"account {address.lower()}"
        counted = {account: PER_ACCOUNT, f"place {place}": PER_PLACE}
        with self.store.begin() as tx:
            tx.attempts.prune(now - KEPT)
            attempt = self.throttle.attempt(tx, counted, now)
            person, hashed = _known(tx, address)
        if isinstance(attempt, TooMany):
            return attempt
        # Out of any transaction: it takes long on purpose, and as long when nobody is known.
        if not self.passwords.verify(hashed, password) or person is None or person.disabled:
            return Refused()
        fresh = self.passwords.hash(password) if self.passwords.is_outdated(hashed) else ""
        with self.store.begin() as tx:
            self.throttle.take_back(tx, attempt)
            self.throttle.forgive(tx, account)
            if fresh and tx.accounts.password_of(person.id) == hashed:
                tx.accounts.set_password(person.id, fresh)
        return person

    def with_code(
        self, person: Person, code: str, *, place: str, now: datetime
    ) -> Person | Refused | TooMany:
        """The person, when this is a code of their second factor or a recovery code."""
        counted = {f"code {person.id}": PER_CODE, f"place {place}": PER_PLACE}
        with self.store.begin() as tx:
            attempt = self.throttle.attempt(tx, counted, now)
            if isinstance(attempt, TooMany):
                return attempt
            if not second_factor.accept(tx, person.id, code, now):
                return Refused()
            self.throttle.take_back(tx, attempt)
            self.throttle.forgive(tx, f"code {person.id}")
            return person


def _known(tx: Transaction, address: str) -> tuple[Person | None, str]:
    try:
        person = tx.accounts.by_address(address)
    except NotFound:
        return None, ""
    return person, tx.accounts.password_of(person.id)
