"""Accounts, sessions, links, attempts, drafts and the audit trail, on each database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from core.errors import Conflict, NotFound
from core.people import LinkPurpose, OneTimeLink, PersonId, Role
from store import Store
from store.drafts import MOST

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADMIN = Role.ADMIN


def _add(store: Store, address: str = "camille@exemple.fr", role: Role = Role.EDITOR) -> PersonId:
    with store.begin() as tx:
        return tx.accounts.add(address=address, name="", role=role, now=NOW).id


def test_one_account_an_address_whatever_its_case(store: Store) -> None:
    id = _add(store, "Camille@exemple.fr")
    with pytest.raises(Conflict):
        _add(store, "camille@EXEMPLE.fr")
    with store.read() as tx:
        person = tx.accounts.by_address("CAMILLE@exemple.fr")
    assert (person.id, person.address) == (id, "Camille@exemple.fr")


def test_a_refused_address_leaves_the_transaction_usable(store: Store) -> None:
    _add(store)
    with store.begin() as tx:
        with pytest.raises(Conflict):
            tx.accounts.add(address="camille@exemple.fr", name="", role=ADMIN, now=NOW)
        tx.accounts.add(address="zoe@exemple.fr", name="Zoé", role=ADMIN, now=NOW)
    with store.read() as tx:
        assert [one.address for one in tx.accounts.all()] == [
            "camille@exemple.fr",
            "zoe@exemple.fr",
        ]


def test_what_is_changed_is_changed_alone(store: Store) -> None:
    id, other = _add(store), _add(store, "zoe@exemple.fr")
    with store.begin() as tx:
        tx.accounts.change(id, role=Role.TRAINER)
        changed = tx.accounts.change(id, disabled=True)
        assert (changed.role, changed.disabled, changed.name) == (Role.TRAINER, True, "")
        assert tx.accounts.change(id, disabled=False, name="Camille").name == "Camille"
        assert tx.accounts.by_id(other).role is Role.EDITOR
    with store.read() as tx, pytest.raises(NotFound):
        tx.accounts.by_id(PersonId(999))


def test_only_admins_who_may_enter_are_counted(store: Store) -> None:
    first, second = _add(store, role=ADMIN), _add(store, "zoe@exemple.fr", ADMIN)
    with store.begin() as tx:
        assert tx.accounts.count_admins() == 2
        tx.accounts.change(first, disabled=True)
        assert tx.accounts.count_admins() == 1
        tx.accounts.change(second, role=Role.EDITOR)
        assert tx.accounts.count_admins() == 0


def test_two_who_suspend_the_last_admins_at_once_see_each_other(store: Store) -> None:
    admins = [_add(store, role=ADMIN), _add(store, "zoe@exemple.fr", ADMIN)]
    both = Barrier(2)

    def suspend(id: PersonId) -> int:
        both.wait(timeout=30)
        with store.begin() as tx:
            assert tx.accounts.hold(id).role is ADMIN
            tx.accounts.change(id, disabled=True)
            return tx.accounts.count_admins()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(suspend, admins)) == [0, 1]


def test_a_second_factor_counts_once_confirmed(store: Store) -> None:
    id = _add(store)
    with store.begin() as tx:
        tx.accounts.propose_second_factor(id, "SECRET")
        assert not tx.accounts.by_id(id).has_second_factor
        tx.accounts.propose_second_factor(id, "OTHER")
        tx.accounts.confirm_second_factor(id, ["a", "b"])
        assert tx.accounts.by_id(id).has_second_factor
        factor = tx.accounts.second_factor(id)
        assert factor
        assert factor.secret == "OTHER"
        assert tx.accounts.use_step(id, 5)
        assert not tx.accounts.use_step(id, 5)
        assert not tx.accounts.use_step(id, 4)
        assert tx.accounts.use_recovery_code(id, "a")
        assert not tx.accounts.use_recovery_code(id, "a")
        assert tx.accounts.count_recovery_codes(id) == 1
        tx.accounts.remove_second_factor(id)
        assert tx.accounts.second_factor(id) is None
        assert not tx.accounts.use_recovery_code(id, "b")


def test_sessions_end_one_by_one_and_all_at_once(store: Store) -> None:
    id, other = _add(store), _add(store, "zoe@exemple.fr")
    with store.begin() as tx:
        for token in ("one", "two", "three"):
            tx.sessions.start(id, token, device="x" * 300, now=NOW)
        tx.sessions.start(other, "hers", device="", now=NOW)
        here = tx.sessions.by_token("two")
        assert here
        assert tx.sessions.end_all(id, but=here.id) == 2
        assert [one.id for one in tx.sessions.of(id)] == [here.id]
        tx.sessions.end(here.id)
        assert tx.sessions.by_token("two") is None
        assert tx.sessions.by_token("hers")


def test_of_many_who_use_a_link_at_once_one_does(store: Store) -> None:
    id = _add(store)
    with store.begin() as tx:
        link = OneTimeLink(id, LinkPurpose.RESET, NOW + timedelta(hours=1), None)
        tx.links.add("nonce", link, now=NOW)

    def use(_: int) -> bool:
        with store.begin() as tx:
            return tx.links.use("nonce", NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_attempts_are_counted_in_their_window(store: Store) -> None:
    with store.begin() as tx:
        for minute in range(5):
            tx.attempts.record("a", NOW + timedelta(minutes=minute))
        last = tx.attempts.record("b", NOW)
        start = NOW + timedelta(minutes=1)
        assert tx.attempts.since("a", start) == (3, NOW + timedelta(minutes=2))
        assert tx.attempts.since("c", start) == (0, None)
        tx.attempts.take_back(last)
        assert tx.attempts.since("b", NOW - timedelta(minutes=1)) == (0, None)
        assert tx.attempts.prune(start) == 1
        tx.attempts.forgive("a")
        assert tx.attempts.since("a", NOW - timedelta(days=1)) == (0, None)


def test_drafts_come_back_as_they_were_the_latest_only(store: Store) -> None:
    id = _add(store)
    fields = {"nom": ("Zoé \U0001f9fa \x00 \u202e", ""), "liste": ("a", "b")}
    with store.begin() as tx:
        for number in range(MOST + 5):
            moment = NOW + timedelta(seconds=number)
            tx.drafts.keep(f"key {number}", id, "/compte", fields, now=moment)
        assert len(tx.drafts.of(id)) == MOST
        assert tx.drafts.by_key("key 0") is None
        kept = tx.drafts.by_key(f"key {MOST + 4}")
        assert kept
        assert (kept.owner, kept.path, dict(kept.fields)) == (id, "/compte", fields)


def test_the_trail_tells_who_changed_what_latest_first(store: Store) -> None:
    id = _add(store)
    with store.begin() as tx:
        tx.audit.record(id, "change", "source", 3, {"name": "Un"}, {"name": "Deux"}, now=NOW)
        tx.audit.record(None, "change", "source", 4, {}, {"role": "é\x00"}, now=NOW)
        tx.audit.record(id, "add", "theme", "logement", {}, {}, now=NOW)
    with store.read() as tx:
        assert [entry.kind for entry in tx.audit.recent(limit=2)] == ["theme", "source"]
        (entry,) = tx.audit.recent(kind="source", key=3)
        assert (entry.who, entry.before, entry.after) == (id, {"name": "Un"}, {"name": "Deux"})
        assert tx.audit.count(kind="source") == 2
        assert [one.key for one in tx.audit.by(id)] == ["logement", "3"]


def test_an_erased_person_leaves_entries_without_a_name(store: Store) -> None:
    id = _add(store)
    with store.begin() as tx:
        tx.audit.record(id, "change", "account", id, {"name": "C"}, {"name": "D"}, now=NOW)
        tx.sessions.start(id, "token", device="", now=NOW)
        tx.accounts.erase(id)
        tx.audit.forget_details("account", id)
    with store.read() as tx:
        (entry,) = tx.audit.recent()
        assert (entry.who, dict(entry.before), dict(entry.after)) == (None, {}, {})
        assert tx.sessions.by_token("token") is None


def test_a_trail_is_not_kept_without_its_change(store: Store) -> None:
    def change_in_vain() -> None:
        with store.begin() as tx:
            tx.audit.record(None, "change", "source", 3, {}, {}, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_in_vain()
    with store.read() as tx:
        assert tx.audit.count() == 0
