"""Accounts: people, their passwords' hashes and their second factors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict, NotFound
from core.people import Person, PersonId, Role, SecondFactor
from store.tables import people, recovery_codes, second_factors


class Accounts:
    """People with an account; their addresses come in normal form."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- people -------------------------------------------------------------------------------

    def add(self, *, address: str, name: str, role: Role, now: datetime) -> Person:
        """A new account, without password yet. Raises Conflict when the address has one."""
        row = {"address": address, "folded": address.lower(), "name": name, "role": role}
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(people), row | {"created": now})
        except IntegrityError as error:
            raise Conflict(address) from error
        return self.by_address(address)

    def by_id(self, id: PersonId) -> Person:
        """The person so numbered. Raises NotFound."""
        return self._one(_whole().where(people.c.id == id), id)

    def hold(self, id: PersonId) -> Person:
        """The person as they are now: until this transaction ends nobody else changes them.

        Nor any admin, so that two who go at once see each other. Raises NotFound.
        """
        admins = (people.c.role == Role.ADMIN) & ~people.c.disabled
        query = select(people.c.id).where((people.c.id == id) | admins).order_by(people.c.id)
        # In one order, or two would wait for each other; SQLite has one writer anyway.
        self._connection.execute(query.with_for_update(key_share=True)).all()
        return self.by_id(id)

    def by_address(self, address: str) -> Person:
        """The person at this address, whatever its case. Raises NotFound."""
        return self._one(_whole().where(people.c.folded == address.lower()), address)

    def all(self) -> list[Person]:
        """Everybody, by address."""
        rows = self._connection.execute(_whole().order_by(people.c.folded))
        return [_person_from(row) for row in rows]

    def names(self, ids: Iterable[PersonId]) -> dict[PersonId, str]:
        """What to call these people."""
        query = select(people.c.id, people.c.name, people.c.address)
        rows = self._connection.execute(query.where(people.c.id.in_(set(ids))))
        return {PersonId(row.id): row.name or row.address for row in rows}

    def count_admins(self) -> int:
        """How many people may administer now."""
        query = select(func.count()).select_from(people)
        active = query.where(people.c.role == Role.ADMIN, ~people.c.disabled)
        return self._connection.execute(active).scalar_one()

    def change(
        self,
        id: PersonId,
        *,
        name: str | None = None,
        role: Role | None = None,
        disabled: bool | None = None,
    ) -> Person:
        """Change what is given; the person as they are now. Raises NotFound."""
        given = {"name": name, "role": role, "disabled": disabled}
        values = {field: value for field, value in given.items() if value is not None}
        if values:
            self._set(id, **values)
        return self.by_id(id)

    def record_sign_in(self, id: PersonId, now: datetime) -> None:
        """They signed in."""
        self._set(id, last_sign_in=now)

    def erase(self, id: PersonId) -> None:
        """Forget them, with their sessions, links and drafts; the history keeps no name."""
        self._connection.execute(delete(people).where(people.c.id == id))

    # -- passwords ----------------------------------------------------------------------------

    def password_of(self, id: PersonId) -> str:
        """The hash of their password, "" when they have none."""
        query = select(people.c.password).where(people.c.id == id)
        return self._connection.execute(query).scalar() or ""

    def set_password(self, id: PersonId, hashed: str) -> None:
        """Replace the hash of their password."""
        self._set(id, password=hashed)

    # -- second factors -----------------------------------------------------------------------

    def second_factor(self, id: PersonId) -> SecondFactor | None:
        """Their second factor, confirmed or waiting to be."""
        query = select(second_factors).where(second_factors.c.person_id == id)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return SecondFactor(id, row.secret, row.confirmed, row.last_step)

    def propose_second_factor(self, id: PersonId, secret: str) -> None:
        """A secret to be confirmed with a first code."""
        self.remove_second_factor(id)
        row = {"person_id": id, "secret": secret}
        self._connection.execute(insert(second_factors), row)

    def confirm_second_factor(self, id: PersonId, codes: Iterable[str]) -> None:
        """Ask for it from now on; ``codes``: the hashes of the recovery codes."""
        query = update(second_factors).where(second_factors.c.person_id == id)
        self._connection.execute(query.values(confirmed=True))
        self._forget_codes(id)
        rows = [{"person_id": id, "code_hash": code} for code in codes]
        self._connection.execute(insert(recovery_codes), rows)

    def remove_second_factor(self, id: PersonId) -> None:
        """Ask for it no more."""
        self._forget_codes(id)
        self._connection.execute(delete(second_factors).where(second_factors.c.person_id == id))

    def use_step(self, id: PersonId, step: int) -> bool:
        """Take the code of a time step; False when it, or a later one, was used already."""
        query = update(second_factors).where(second_factors.c.person_id == id)
        newer = query.where(second_factors.c.last_step < step)
        return self._connection.execute(newer.values(last_step=step)).rowcount == 1

    def use_recovery_code(self, id: PersonId, code_hash: str) -> bool:
        """Take a recovery code; False when there is no such one, or no more."""
        query = delete(recovery_codes).where(recovery_codes.c.person_id == id)
        used = self._connection.execute(query.where(recovery_codes.c.code_hash == code_hash))
        return used.rowcount == 1

    def count_recovery_codes(self, id: PersonId) -> int:
        """How many recovery codes they have left."""
        query = select(func.count()).where(recovery_codes.c.person_id == id)
        return self._connection.execute(query).scalar_one()

    # -- inside -------------------------------------------------------------------------------

    def _one(self, query: Select[Any], key: object) -> Person:
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("account", key)
        return _person_from(row)

    def _set(self, id: PersonId, **values: Any) -> None:
        self._connection.execute(update(people).where(people.c.id == id).values(values))

    def _forget_codes(self, id: PersonId) -> None:
        self._connection.execute(delete(recovery_codes).where(recovery_codes.c.person_id == id))


def _whole() -> Select[Any]:
    confirmed = exists().where(
        second_factors.c.person_id == people.c.id, second_factors.c.confirmed
    )
    return select(people, confirmed.label("has_second_factor"))


def _person_from(row: Row[Any]) -> Person:
    return Person(
        id=PersonId(row.id),
        address=row.address,
        name=row.name,
        role=Role(row.role),
        disabled=row.disabled,
        has_password=bool(row.password),
        has_second_factor=bool(row.has_second_factor),
        created=row.created,
        last_sign_in=row.last_sign_in,
    )
