"""What is done to accounts, by their owner or by an admin: each change leaves its trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import LastAdmin
from core.people import LinkPurpose, Person, PersonId, Role
from people import second_factor
from people.links import Links
from people.passwords import Passwords, WeakPassword, weakness
from store import Store, Transaction

KIND = "account"  # in the audit trail


@dataclass(frozen=True, slots=True)
class Standing:
    """What an admin decides of an account."""

    name: str
    role: Role
    disabled: bool


def invite(
    tx: Transaction, *, by: PersonId | None, address: str, name: str, role: Role, now: datetime
) -> Person:
    """A new account, without password yet. Raises Conflict when the address has one."""
    person = tx.accounts.add(address=address, name=name, role=role, now=now)
    tx.audit.record(by, "invite", KIND, person.id, {}, {"role": role.value}, now=now)
    return person


def make_link(
    tx: Transaction, links: Links, person: Person, now: datetime
) -> tuple[LinkPurpose, str]:
    """A link by which to choose a password: an invitation until they have one, else a reset."""
    purpose = LinkPurpose.RESET if person.has_password else LinkPurpose.INVITATION
    return purpose, links.make(tx, person, purpose, now)


def change_standing(
    tx: Transaction, person: Person, standing: Standing, *, by: PersonId | None, now: datetime
) -> Person:
    """Name, role, access; a disabled person is signed out everywhere. Raises LastAdmin."""
    before, after = _difference(person, standing)
    if not after:
        return person
    changed = tx.accounts.change(
        person.id, name=standing.name, role=standing.role, disabled=standing.disabled
    )
    if person.role is Role.ADMIN and not tx.accounts.count_admins():
        raise LastAdmin(person.address)
    if changed.disabled:
        tx.sessions.end_all(person.id)
        tx.links.revoke_all(person.id)
    tx.audit.record(by, "change", KIND, person.id, before, after, now=now)
    return changed


def choose_password(
    store: Store,
    links: Links,
    passwords: Passwords,
    *,
    token: str,
    purpose: LinkPurpose,
    password: str,
    now: datetime,
) -> Person:
    """Take a link to set a password: every session ends. Raises LinkRefused, WeakPassword."""
    with store.read() as tx:
        person = links.read(tx, token, purpose, now)
    hashed = hash_strong(passwords, person, password)
    with store.begin() as tx:
        person = links.use(tx, token, purpose, now)
        _replace_password(tx, person, hashed, action=purpose.value, now=now)
    return person


def change_password(
    store: Store,
    passwords: Passwords,
    person: Person,
    password: str,
    *,
    session: int,
    now: datetime,
) -> None:
    """Theirs, by themselves: every other session ends. Raises WeakPassword."""
    hashed = hash_strong(passwords, person, password)
    with store.begin() as tx:
        _replace_password(tx, person, hashed, action="password", now=now, but=session)


def hash_strong(passwords: Passwords, person: Person, password: str) -> str:
    """The hash of a password that may be this person's. Raises WeakPassword."""
    if (found := weakness(password, person)) is not None:
        raise WeakPassword(found)
    return passwords.hash(password)


def confirm_second_factor(
    tx: Transaction, person: Person, code: str, now: datetime
) -> tuple[str, ...] | None:
    """Ask for it from now on; the recovery codes, shown once. None when the code is wrong."""
    factor = tx.accounts.second_factor(person.id)
    if factor is None or factor.confirmed or not second_factor.accept(tx, person.id, code, now):
        return None
    codes = second_factor.recovery_codes()
    tx.accounts.confirm_second_factor(person.id, map(second_factor.code_hash, codes))
    tx.audit.record(person.id, "second-factor", KIND, person.id, {}, {"on": True}, now=now)
    return codes


def remove_second_factor(
    tx: Transaction, person: Person, *, by: PersonId | None, now: datetime
) -> None:
    """Ask for it no more."""
    tx.accounts.remove_second_factor(person.id)
    tx.audit.record(by, "second-factor", KIND, person.id, {"on": True}, {}, now=now)


def sign_out_everywhere(tx: Transaction, person: Person, now: datetime) -> int:
    """End every session of theirs; how many there were."""
    ended = tx.sessions.end_all(person.id)
    tx.audit.record(person.id, "sign-out", KIND, person.id, {"sessions": ended}, {}, now=now)
    return ended


def _replace_password(
    tx: Transaction,
    person: Person,
    hashed: str,
    *,
    action: str,
    now: datetime,
    but: int | None = None,
) -> None:
    tx.accounts.set_password(person.id, hashed)
    tx.sessions.end_all(person.id, but=but)
    tx.links.revoke_all(person.id)
    tx.audit.record(person.id, action, KIND, person.id, {}, {}, now=now)


def _difference(person: Person, standing: Standing) -> tuple[dict[str, Any], dict[str, Any]]:
    before = {"name": person.name, "role": person.role.value, "disabled": person.disabled}
    after = {"name": standing.name, "role": standing.role.value, "disabled": standing.disabled}
    changed = [field for field in before if before[field] != after[field]]
    return {field: before[field] for field in changed}, {field: after[field] for field in changed}
