"""What is done to accounts when several people do it at once."""

from __future__ import annotations

import pytest

from core.errors import LastAdmin
from core.people import Role
from people.accounts import Standing, change_standing, rename
from people.passwords import Passwords
from people.sessions import begin_session
from store import Store
from tests.people.conftest import NOW, add


def test_a_new_name_does_not_give_back_lost_rights(store: Store, passwords: Passwords) -> None:
    seen = add(store, passwords, "camille@exemple.fr", Role.ADMIN)
    add(store, passwords, "zoe@exemple.fr", Role.ADMIN)
    with store.begin() as tx:
        standing = Standing("", Role.EDITOR, disabled=True)
        change_standing(tx, seen, standing, by=None, now=NOW)
    with store.begin() as tx:
        renamed = rename(tx, seen, "Camille", NOW)
        last = tx.audit.recent()[0]
    assert (renamed.name, renamed.role, renamed.disabled) == ("Camille", Role.EDITOR, True)
    assert (last.who, last.before, last.after) == (seen.id, {"name": ""}, {"name": "Camille"})


def test_a_page_seen_before_another_change_changes_only_what_was_decided_on_it(
    store: Store, passwords: Passwords
) -> None:
    seen = add(store, passwords, "camille@exemple.fr", Role.TRAINER)
    with store.begin() as tx:
        change_standing(tx, seen, Standing("", Role.EDITOR, disabled=False), by=None, now=NOW)
    with store.begin() as tx:
        begin_session(tx, seen, device="", now=NOW)
        suspended = Standing("", Role.TRAINER, disabled=True)
        now = change_standing(tx, seen, suspended, by=None, now=NOW)
        assert (now.role, now.disabled) == (Role.EDITOR, True)
        assert tx.sessions.of(seen.id) == []
        trail = tx.audit.recent()
        assert trail[0].after == {"disabled": True}
        change_standing(tx, seen, suspended, by=None, now=NOW)  # so already
        assert tx.audit.recent() == trail


def test_the_last_admin_stays_although_another_was_seen(store: Store, passwords: Passwords) -> None:
    seen = add(store, passwords, "camille@exemple.fr", Role.EDITOR)
    with store.begin() as tx:
        change_standing(tx, seen, Standing("", Role.ADMIN, disabled=False), by=None, now=NOW)
    with pytest.raises(LastAdmin), store.begin() as tx:
        change_standing(tx, seen, Standing("", Role.EDITOR, disabled=True), by=None, now=NOW)
