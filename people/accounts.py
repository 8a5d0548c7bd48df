"""What is done to accounts, by their owner or by an admin: each change leaves its trace."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.errors import Conflict, LastAdmin
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


def open_first(tx: Transaction, *, address: str, name: str, now: datetime) -> Person:
    """The account of who installs, an admin. Raises Conflict when there is an account already."""
    if tx.accounts.all():
        raise Conflict("there is an account already")
    return invite(tx, by=None, address=address, name=name, role=Role.ADMIN, now=now)


def make_link(
    tx: Transaction, links: Links, person: Person, now: datetime
) -> tuple[LinkPurpose, str]:
    """A link by which to choose a password: an invitation until they have one, else a reset."""
    purpose = LinkPurpose.RESET if person.has_password else LinkPurpose.INVITATION
    return purpose, links.make(tx, person, purpose, now)


def rename(tx: Transaction, person: Person, name: str, now: datetime) -> Person:
    """What to be called, by themselves: nothing else of the account changes."""
    current = tx.accounts.hold(person.id)
    return _change(tx, current, {"name": name}, by=person.id, now=now)


def change_standing(
    tx: Transaction, seen: Person, standing: Standing, *, by: PersonId | None, now: datetime
) -> Person:
    """Name, role, access; a disabled person is signed out everywhere. Raises LastAdmin.

    Only what differs from the account as ``seen`` is changed: the rest may have changed meanwhile.
    """
    current = tx.accounts.hold(seen.id)
    before = _standing_of(seen)
    wanted = {field: value for field, value in asdict(standing).items() if value != before[field]}
    changed = _change(tx, current, wanted, by=by, now=now)
    if changed != current and current.role is Role.ADMIN and not tx.accounts.count_admins():
        raise LastAdmin(current.address)
    if changed.disabled and not current.disabled:
        tx.sessions.end_all(current.id)
        tx.links.revoke_all(current.id)
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


def _change(
    tx: Transaction, current: Person, wanted: dict[str, Any], *, by: PersonId | None, now: datetime
) -> Person:
    """Write what differs, and only that, with its trace."""
    held = _standing_of(current)
    after = {field: value for field, value in wanted.items() if value != held[field]}
    if not after:
        return current
    before = {field: held[field] for field in after}
    tx.audit.record(by, "change", KIND, current.id, before, after, now=now)
    return tx.accounts.change(current.id, **after)


def _standing_of(person: Person) -> dict[str, Any]:
    return asdict(Standing(person.name, person.role, person.disabled))
