"""All that is kept of an address: given, erased, and not kept for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import LastAdmin
from core.letters import Letter
from core.model import ArticleId
from core.people import LinkPurpose, Role
from core.reading_lists import Contents, Section, SectionId
from core.subscriptions import Contact, Ending, RequestKind, Rhythm, Subject, SubjectKind
from crawler import stages
from curation.reading_lists import begin_list
from glaneuse.commands.privacy import THINGS
from people.links import LASTS, Links
from people.passwords import Passwords
from people.personal_data import erase_all, export_all, request_letter
from people.retention import KEPT, Thing, believes, forget
from people.sessions import begin_session
from people.subscriptions import agree
from store import Store
from store.suppressions import SuppressionReason
from tests.people.conftest import NOW, PASSWORD, add

WHO = "camille@exemple.fr"
TEAM = "equipe@glaneuse.example"
THEME = Subject(SubjectKind.THEME, "logement")
LATER = timedelta(hours=1)
DAY = timedelta(days=1)


def fill(store: Store, address: str) -> None:
    """One of each thing that is kept of somebody without an account."""
    with store.begin() as tx:
        tx.subscriptions.ask(
            address, THEME, Rhythm.DAILY, words="Je demande…", version="1", now=NOW,
            expires=NOW + 7 * DAY,
        )  # fmt: skip
        (consent,) = tx.subscriptions.pending(address, NOW)
        tx.subscriptions.attach_link(consent.id, f"hash of the link {address}")
        (begun,) = agree(tx, address, [consent.id], NOW)
        key = f"follow:{begun.id}:2026-11-22"
        tx.outbox.add(Letter(key, address, "Logement", f"Pour {address}"), now=NOW)
        contact = Contact(RequestKind.OTHER, "", f"Nom de {address}", address.upper(), "Bonjour")
        number = tx.requests.add(contact, NOW)
        written = f"{contact.name} {address} {contact.message}"
        headers = {"Reply-To": contact.address}
        told = Letter(request_letter(number), TEAM, written, written, headers=headers)
        tx.outbox.add(told, now=NOW)
        tx.suppressions.add(address, SuppressionReason.LEFT, now=NOW)


def test_the_export_says_everything_but_secrets(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, WHO)
    fill(store, WHO)
    fill(store, "autre@exemple.fr")
    with store.read() as tx:
        held = export_all(tx, WHO)
        nonce = tx.subscriptions.of(WHO)[0].nonce
        hashed = tx.accounts.password_of(person.id)
    told = str(held)
    for name in ("account", "subscriptions", "consents", "requests", "letters", "suppressions"):
        assert held[name], name
    for part in ("Je demande…", f"Nom de {WHO}", "logement", "Bonjour"):
        assert part in told
    for secret in (nonce, hashed, PASSWORD, "hash of the link", "autre@"):
        assert secret not in told


def test_the_copy_of_a_request_sent_to_the_team_is_exported(store: Store) -> None:
    fill(store, WHO)
    fill(store, "autre@exemple.fr")
    with store.read() as tx:
        written = [one["recipient"] for one in export_all(tx, WHO)["letters"]]
    assert written == [WHO, TEAM]


def test_the_export_of_a_stranger_is_empty(store: Store) -> None:
    with store.read() as tx:
        held = export_all(tx, WHO)
    assert held.pop("address") == WHO
    assert not any(held.values())


def test_an_erased_address_is_nowhere_in_the_store(store: Store, passwords: Passwords) -> None:
    add(store, passwords, WHO, name="Camille D.")
    fill(store, "Camille@exemple.fr")
    fill(store, "autre@exemple.fr")
    with store.begin() as tx:
        erased = erase_all(tx, WHO, NOW)
    assert (erased.accounts, erased.subscriptions, erased.requests) == (1, 2, 1)
    assert (erased.letters, erased.suppressions) == (2, 1)
    with store.begin() as tx:
        held = export_all(tx, WHO)
        # What must not be written to still is not, by its digest.
        assert tx.suppressions.against(WHO, of_list=True) is SuppressionReason.LEFT
        assert export_all(tx, "autre@exemple.fr")["subscriptions"]
        trail = str(tx.audit.recent())
        assert tx.outbox.next(10, NOW)[0].letter.recipient == "autre@exemple.fr"
        assert erase_all(tx, WHO, NOW).subscriptions == 0
    assert [one["address"] for one in held.pop("suppressions")] == [""]
    assert held.pop("address") == WHO
    assert not any(held.values())
    assert "erase" in trail
    assert "amille" not in trail
    dumped = str(_everything(store))
    assert "autre@exemple.fr" in dumped
    assert "amille" not in dumped


def _everything(store: Store) -> list[object]:
    """Every row of every table."""
    from sqlalchemy import select  # noqa: PLC0415  the tables themselves are looked at

    from store.tables import metadata  # noqa: PLC0415

    with store._engine.connect() as connection:
        return [row for table in metadata.tables.values()
                for row in connection.execute(select(table))]  # fmt: skip


def test_the_last_admin_is_not_erased(store: Store, passwords: Passwords) -> None:
    add(store, passwords, WHO, role=Role.ADMIN)
    fill(store, WHO)
    with pytest.raises(LastAdmin), store.begin() as tx:
        erase_all(tx, WHO, NOW)
    with store.read() as tx:
        assert export_all(tx, WHO)["subscriptions"]


def _forgotten(store: Store, after: timedelta) -> dict[Thing, int]:
    return {thing: count for thing, count in forget(store, NOW + after).items() if count}


def test_a_clock_that_leaps_a_year_has_nothing_erased(store: Store) -> None:
    ahead = NOW + timedelta(days=365)
    assert believes(store, NOW - DAY)
    assert believes(store, NOW)
    assert not believes(store, ahead)
    assert not believes(store, ahead + timedelta(hours=3))
    assert believes(store, NOW + timedelta(hours=4))  # put right
    assert believes(store, NOW + DAY)


def test_a_clock_that_stays_ahead_is_believed_the_day_after(store: Store) -> None:
    for days, believed in ((0, True), (50, True), (300, False), (301, True), (302, True)):
        assert believes(store, NOW + timedelta(days=days)) is believed


def test_each_thing_goes_in_its_time_and_once(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "admin@exemple.fr", role=Role.ADMIN)
    fill(store, WHO)
    with store.begin() as tx:
        begin_session(tx, person, device="", now=NOW)
        Links("a secret of the tests, long enough").make(tx, person, LinkPurpose.RESET, NOW)
        tx.drafts.keep("k" * 20, person.id, "/compte", {"nom": ("C",)}, now=NOW)
        tx.attempts.record("bucket", NOW)
        tx.subscriptions.ask(
            "jamais@exemple.fr", THEME, Rhythm.DAILY, words="", version="1", now=NOW,
            expires=NOW + 7 * DAY,
        )  # fmt: skip
        (begun,) = tx.subscriptions.of(WHO)
        tx.subscriptions.tell(begun.id, [ArticleId(7)], NOW)
        tx.subscriptions.end(begun.id, Ending.LEFT, NOW)
        tx.outbox.withdraw(f"follow:{begun.id}:", now=NOW)
        (request,) = tx.requests.all()
        tx.requests.settle(request.id, NOW)
        contents = Contents("Lectures", sections=(Section(SectionId("s")),))
        thrown = begin_list(tx, contents, owner=person.id, now=NOW)
        begin_list(tx, contents, owner=person.id, now=NOW)
        tx.reading_lists.set_deleted(thrown.id, NOW)
    store.bodies.put(b"a page", NOW)
    assert _forgotten(store, LATER) == {}
    assert _forgotten(store, DAY + LATER) == {Thing.SESSIONS: 1, Thing.ATTEMPTS: 1}
    assert _forgotten(store, DAY + LATER) == {}
    assert _forgotten(store, KEPT[Thing.DRAFTS] + LATER) == {Thing.DRAFTS: 1}
    assert _forgotten(store, KEPT[Thing.UNCONFIRMED] + LATER) == {Thing.UNCONFIRMED: 1}
    month = _forgotten(store, KEPT[Thing.LEFT] + LATER)
    assert month == {
        **dict.fromkeys((Thing.LEFT, Thing.LETTERS, Thing.TOLD, Thing.PAGES, Thing.BIN), 1)
    }
    links = KEPT[Thing.LINKS] + LASTS[LinkPurpose.RESET] + LATER
    assert _forgotten(store, links) == {Thing.LINKS: 1}
    assert _forgotten(store, KEPT[Thing.CONFIRMATIONS] + 7 * DAY + LATER) == {
        Thing.CONFIRMATIONS: 1
    }
    assert _forgotten(store, KEPT[Thing.REQUESTS] + LATER) == {Thing.REQUESTS: 1}
    years = _forgotten(store, KEPT[Thing.PROOFS] + LATER)
    assert years == {Thing.PROOFS: 1, Thing.HISTORY: 1, Thing.REVISIONS: 1}
    with store.read() as tx:
        assert [one.id for one in tx.accounts.all()] == [person.id]


def test_what_is_alive_is_kept_for_ever(store: Store) -> None:
    fill(store, WHO)
    _forgotten(store, timedelta(days=4000))
    with store.read() as tx:
        (begun,) = tx.subscriptions.of(WHO)
        (proof,) = tx.subscriptions.consents_of(WHO)
        assert tx.requests.count_waiting() == 1
        assert tx.outbox.next(10, NOW)
    assert (begun.address, begun.is_active, proof.words) == (WHO, True, "Je demande…")


def test_the_command_has_a_name_for_each_thing() -> None:
    assert set(THINGS) == set(Thing)


def test_raw_pages_are_kept_as_long_as_the_collector_says() -> None:
    assert KEPT[Thing.PAGES] == stages.KEPT
