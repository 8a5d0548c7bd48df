"""What is kept of somebody: given, forgotten, and not kept for ever."""

from __future__ import annotations

import pytest

from core.errors import LastAdmin
from core.newsletters import Content, Entry, EntryKind
from core.people import Role
from people.accounts import Standing, change_standing
from people.passwords import Passwords
from people.privacy import (
    account_of,
    erase_account,
    export_account,
)
from people.sessions import begin_session
from store import Store
from tests.people.conftest import NOW, PASSWORD, add


def test_the_export_says_everything_but_secrets(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr", name="Camille")
    with store.begin() as tx:
        token = begin_session(tx, person, device="Firefox sur Linux", now=NOW)
        tx.drafts.keep("k" * 20, person.id, "/compte", {"nom": ("Camille D.",)}, now=NOW)
        standing = Standing("Camille Durand", Role.TRAINER, disabled=False)
        change_standing(tx, person, standing, by=person.id, now=NOW)
        entry = Entry("e", EntryKind.LINK, title="Un lien", note="À relire par Lou")
        tx.basket.put(entry, by=person.id, now=NOW)
        tx.newsletters.add(Content("Objet"), since=NOW, until=NOW, by=person.id, now=NOW)
    with store.read() as tx:
        exported = export_account(tx, tx.accounts.by_address("CAMILLE@exemple.fr"))
        assert exported["newsletters"] == [{"newsletter": 1, "version": 1, "saved": NOW}]
        assert [one["note"] for one in exported["basket"]] == ["À relire par Lou"]
        told = str(export_account(tx, tx.accounts.by_address("CAMILLE@exemple.fr")))
        hashed = tx.accounts.password_of(person.id)
    for part in ("camille@exemple.fr", "Camille Durand", "Firefox sur Linux", "Camille D."):
        assert part in told
    for secret in (hashed, token, PASSWORD, "argon2"):
        assert secret not in told


def test_an_erased_account_leaves_no_name(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr", name="Camille")
    with store.begin() as tx:
        begin_session(tx, person, device="", now=NOW)
        tx.drafts.keep("k" * 20, person.id, "/compte", {"nom": ("Camille D.",)}, now=NOW)
        standing = Standing("Camille Durand", Role.TRAINER, disabled=False)
        change_standing(tx, person, standing, by=person.id, now=NOW)
        tx.audit.record(person.id, "change", "source", 7, {}, {"name": "Une source"}, now=NOW)
    with store.begin() as tx:
        erase_account(tx, person, NOW)
    with store.read() as tx:
        assert account_of(tx, "camille@exemple.fr") is None
        assert tx.sessions.of(person.id) == []
        assert tx.drafts.of(person.id) == []
        trail = tx.audit.recent()
    assert "Camille" not in str(trail)
    assert "Une source" in str(trail)
    assert trail[0].action == "erase"
    assert all(entry.who is None for entry in trail)


def test_the_last_admin_is_not_erased(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr", role=Role.ADMIN)
    with pytest.raises(LastAdmin), store.begin() as tx:
        erase_account(tx, person, NOW)
    with store.read() as tx:
        assert account_of(tx, "camille@exemple.fr") is not None
