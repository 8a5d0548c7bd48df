"""Links: they work once, for a while, for what they were made."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.people import LinkPurpose, Role
from people.accounts import Standing, change_standing, choose_password
from people.links import LASTS, LinkRefused, Links, LinkState
from people.passwords import Passwords, WeakPassword
from people.sessions import begin_session, resume_session
from store import Store
from tests.people.conftest import NOW, PASSWORD, add

LINKS = Links("a secret of the tests, long enough")


def _refusal(store: Store, token: str, purpose: LinkPurpose, after: timedelta) -> LinkState:
    with store.read() as tx, pytest.raises(LinkRefused) as refused:
        LINKS.read(tx, token, purpose, NOW + after)
    return refused.value.state


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_works_until_it_expires(
    store: Store, passwords: Passwords, purpose: LinkPurpose
) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = LINKS.make(tx, person, purpose, NOW)
    moment = timedelta(seconds=1)
    with store.read() as tx:
        assert LINKS.read(tx, token, purpose, NOW + LASTS[purpose] - moment).id == person.id
    assert _refusal(store, token, purpose, LASTS[purpose]) is LinkState.EXPIRED


def test_a_link_works_once(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
        LINKS.use(tx, token, LinkPurpose.RESET, NOW)
    assert _refusal(store, token, LinkPurpose.RESET, timedelta()) is LinkState.USED


def test_looking_at_a_link_does_not_use_it(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
        for _ in range(3):
            LINKS.read(tx, token, LinkPurpose.RESET, NOW)
        LINKS.use(tx, token, LinkPurpose.RESET, NOW)


def test_a_newer_link_replaces_the_former_of_its_purpose(
    store: Store, passwords: Passwords
) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        first = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
        other = LINKS.make(tx, person, LinkPurpose.INVITATION, NOW)
        LINKS.make(tx, person, LinkPurpose.RESET, NOW)
        LINKS.read(tx, other, LinkPurpose.INVITATION, NOW)
    assert _refusal(store, first, LinkPurpose.RESET, timedelta()) is LinkState.UNKNOWN


def test_a_link_is_no_good_for_another_purpose(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
    assert _refusal(store, token, LinkPurpose.INVITATION, timedelta()) is LinkState.UNKNOWN


def test_a_link_signed_with_another_secret_is_unknown(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = Links("another secret, as long as the first").make(
            tx, person, LinkPurpose.RESET, NOW
        )
    assert _refusal(store, token, LinkPurpose.RESET, timedelta()) is LinkState.UNKNOWN


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(max_size=200))
def test_any_text_is_an_unknown_link(store: Store, token: str) -> None:
    assert _refusal(store, token, LinkPurpose.RESET, timedelta()) is LinkState.UNKNOWN


def test_the_store_holds_nothing_of_which_to_make_a_link(
    store: Store, passwords: Passwords
) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
        nonce = LINKS._nonce(token, LinkPurpose.RESET)
        query = sqlalchemy.text("SELECT * FROM one_time_links")
        rows = [str(value) for row in tx.accounts._connection.execute(query) for value in row]
    assert rows
    assert not any(part in value for value in rows for part in (token, nonce, nonce[:12]))


def test_the_link_of_a_suspended_account_opens_nothing(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        change_standing(tx, person, Standing("", Role.EDITOR, disabled=True), by=None, now=NOW)
        token = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
    assert _refusal(store, token, LinkPurpose.RESET, timedelta()) is LinkState.DISABLED


def _choose(store: Store, passwords: Passwords, token: str, password: str) -> None:
    choose_password(
        store,
        LINKS,
        passwords,
        token=token,
        purpose=LinkPurpose.RESET,
        password=password,
        now=NOW,
    )


def test_choosing_a_password_ends_sessions_and_other_links(
    store: Store, passwords: Passwords
) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        session = begin_session(tx, person, device="", now=NOW)
        token = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
        other = LINKS.make(tx, person, LinkPurpose.INVITATION, NOW)
    _choose(store, passwords, token, "quatre lapins oranges")
    assert resume_session(store, session, NOW) is None
    assert _refusal(store, other, LinkPurpose.INVITATION, timedelta()) is LinkState.UNKNOWN
    with store.read() as tx:
        hashed = tx.accounts.password_of(person.id)
    assert passwords.verify(hashed, "quatre lapins oranges")
    assert not passwords.verify(hashed, PASSWORD)


def test_a_weak_password_does_not_use_the_link_up(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = LINKS.make(tx, person, LinkPurpose.RESET, NOW)
    with pytest.raises(WeakPassword):
        _choose(store, passwords, token, "motdepasse12")
    _choose(store, passwords, token, "quatre lapins oranges")
