"""A team on a site: people of every role, and clients that are signed in as one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from core.people import LinkPurpose, Person, Role
from core.settings import Settings
from people.accounts import invite, make_link
from people.links import Links
from people.passwords import Passwords
from people.secret import signing_secret
from people.sessions import begin_session
from tests.web.conftest import Library
from web.application import create_app

PASSWORD = "trois chevaux mauves"
OTHER_PASSWORD = "quatre lapins oranges"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
MAIL = {
    "smtp_url": "smtp://127.0.0.1:25",
    "mail_from": "glaneuse@glaneuse.example",
    "public_url": "https://glaneuse.example",
}


@dataclass(frozen=True)
class Team:
    """The site of a library, with two people of each role."""

    library: Library
    settings: Settings
    app: Flask

    def person(self, role: Role, number: int = 1) -> Person:
        """The first or the second of a role."""
        with self.library.store.read() as tx:
            return tx.accounts.by_address(address_of(role, number))

    def client(self, person: Person | None = None) -> FlaskClient:
        """A browser, signed in as somebody."""
        client = self.app.test_client()
        if person is not None:
            with self.library.store.begin() as tx:
                token = begin_session(tx, person, device="Tests", now=self.library.clock())
            with client.session_transaction(base_url=self.base_url) as session:
                session["_user_id"] = token
        return client

    @property
    def base_url(self) -> str:
        """Where it is asked: by https when its cookie wants it."""
        return self.settings.public_url or "http://localhost"

    def link(self, person: Person) -> tuple[LinkPurpose, str]:
        """A link for somebody."""
        with self.library.store.begin() as tx:
            links = Links(signing_secret(self.settings))
            return make_link(tx, links, person, self.library.clock())

    def add(self, address: str, role: Role = Role.EDITOR, *, invited: bool = False) -> Person:
        """One more person."""
        with self.library.store.begin() as tx:
            now = self.library.clock()
            person = invite(tx, by=None, address=address, name="", role=role, now=now)
            if not invited:
                tx.accounts.set_password(person.id, Passwords(CHEAP).hash(PASSWORD))
            return tx.accounts.by_id(person.id)


def address_of(role: Role, number: int = 1) -> str:
    """The address of the first or the second of a role."""
    return f"{role.value}{number}@exemple.fr"


def make_team(
    library: Library, settings: dict[str, Any] | None = None, passwords: Passwords | None = None
) -> Team:
    """A team on a library of its own; ``settings``: those that differ from the library's."""
    changed = replace(library.settings, **(settings or {}))
    app = create_app(
        changed,
        library.store,
        library.engine,
        library.vocabulary,
        library.clock,
        passwords=passwords or Passwords(CHEAP),
    )
    team = Team(library, changed, app)
    for role in Role:
        for number in (1, 2):
            team.add(address_of(role, number), role)
    return team


def token_in(page: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:2000]
    return unescape(found.group(1))


def value_of(page: str, name: str) -> str:
    """What a field of a page holds."""
    for tag in re.findall(r"<input[^>]*>", page):
        if f'name="{name}"' in tag:
            found = re.search(r'value="([^"]*)"', tag)
            return unescape(found.group(1)) if found else ""
    raise AssertionError(f"no field {name}")
