"""A store, and passwords that cost nothing to hash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from core.people import Person, Role
from people.accounts import invite
from people.passwords import Passwords
from store import Store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PASSWORD = "trois chevaux mauves"


@pytest.fixture
def passwords() -> Passwords:
    """Hashing as cheap as Argon2 allows."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def add(
    store: Store, passwords: Passwords, address: str, role: Role = Role.EDITOR, name: str = ""
) -> Person:
    """Somebody who has chosen a password."""
    with store.begin() as tx:
        person = invite(tx, by=None, address=address, name=name, role=role, now=NOW)
        tx.accounts.set_password(person.id, passwords.hash(PASSWORD))
        return tx.accounts.by_id(person.id)
