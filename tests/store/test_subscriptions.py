"""Subscriptions, proofs and requests, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import NotFound
from core.letters import Letter, LetterState
from core.model import ArticleId, Extracted, SourceKind, Tagging, ThemeId
from core.subscriptions import (
    NEWSLETTER,
    Brought,
    Contact,
    Ending,
    RequestKind,
    Rhythm,
    Subject,
    SubjectKind,
    Subscription,
    SubscriptionId,
)
from store import Store
from store.suppressions import SuppressionReason

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LOGEMENT = Subject(SubjectKind.THEME, "logement")
SEARCH = Subject(SubjectKind.SEARCH, "q=" + "x" * 990)


def ask(
    store: Store, address: str, subject: Subject = LOGEMENT, rhythm: Rhythm = Rhythm.DAILY,
    now: datetime = NOW,
) -> None:  # fmt: skip
    with store.begin() as tx:
        tx.subscriptions.ask(
            address, subject, rhythm, words="Je demande…", version="1", now=now,
            expires=now + 7 * DAY,
        )  # fmt: skip


def follow(
    store: Store, address: str, subject: Subject = LOGEMENT, rhythm: Rhythm = Rhythm.DAILY,
    now: datetime = NOW,
) -> Subscription:  # fmt: skip
    ask(store, address, subject, rhythm, now)
    with store.begin() as tx:
        consent = next(
            one for one in tx.subscriptions.pending(address, now) if one.subject == subject
        )
        return tx.subscriptions.confirm(consent, nonce="n", now=now)


def test_asking_again_renews_the_request_whatever_the_case(store: Store) -> None:
    ask(store, "Camille@exemple.fr")
    ask(store, "camille@exemple.fr", rhythm=Rhythm.WEEKLY, now=NOW + DAY)
    ask(store, "camille@exemple.fr", SEARCH)
    with store.read() as tx:
        held = tx.subscriptions.pending("CAMILLE@exemple.fr", NOW + DAY)
        assert [(one.subject, one.rhythm) for one in held] == [
            (LOGEMENT, Rhythm.WEEKLY), (SEARCH, Rhythm.DAILY)
        ]  # fmt: skip
        assert tx.subscriptions.pending("camille@exemple.fr", NOW + 8 * DAY) == []
        assert tx.subscriptions.of("camille@exemple.fr") == []


def test_agreeing_keeps_the_proof(store: Store) -> None:
    begun = follow(store, "camille@exemple.fr")
    with store.read() as tx:
        (proof,) = tx.subscriptions.consents_of("camille@exemple.fr")
        assert tx.subscriptions.by_id(begun.id) == begun
        assert tx.subscriptions.count_active() == 1
    assert begun.is_active
    assert (proof.words, proof.version, proof.confirmed) == ("Je demande…", "1", NOW)
    assert proof.subscription == begun.id


def test_agreeing_again_changes_the_rhythm_and_keeps_both_proofs(store: Store) -> None:
    first = follow(store, "camille@exemple.fr")
    second = follow(store, "camille@exemple.fr", rhythm=Rhythm.WEEKLY, now=NOW + DAY)
    assert second.id == first.id
    assert (second.rhythm, second.confirmed) == (Rhythm.WEEKLY, NOW)
    with store.read() as tx:
        assert len(tx.subscriptions.consents_of("camille@exemple.fr")) == 2


def test_coming_back_begins_anew(store: Store) -> None:
    first = follow(store, "camille@exemple.fr")
    with store.begin() as tx:
        assert tx.subscriptions.end(first.id, Ending.LEFT, NOW + DAY)
        assert not tx.subscriptions.end(first.id, Ending.LEFT, NOW + 2 * DAY)
        ended = tx.subscriptions.by_id(first.id)
    assert (ended.ended, ended.ending) == (NOW + DAY, Ending.LEFT)
    again = follow(store, "camille@exemple.fr", now=NOW + 3 * DAY)
    assert (again.id, again.confirmed, again.ended) == (first.id, NOW + 3 * DAY, None)


def test_a_link_is_taken_once_and_a_newer_one_replaces_it(store: Store) -> None:
    ask(store, "camille@exemple.fr")
    with store.begin() as tx:
        (consent,) = tx.subscriptions.pending("camille@exemple.fr", NOW)
        tx.subscriptions.attach_link(consent.id, "first")
        tx.subscriptions.attach_link(consent.id, "second")
        assert tx.subscriptions.by_link("first") is None
        assert tx.subscriptions.use_link("second", NOW)
        assert not tx.subscriptions.use_link("second", NOW)
        found = tx.subscriptions.by_link("second")
    assert found is not None
    assert found[1] == NOW


def test_a_subscription_is_looked_at_once_a_slot(store: Store) -> None:
    begun = follow(store, "camille@exemple.fr", now=NOW - DAY)
    follow(store, "b@exemple.fr", now=NOW + DAY)  # younger than the slot
    follow(store, "c@exemple.fr", rhythm=Rhythm.WEEKLY, now=NOW - DAY)
    with store.begin() as tx:
        assert [one.id for one in tx.subscriptions.due(Rhythm.DAILY, NOW)] == [begun.id]
        assert tx.subscriptions.claim(begun.id, NOW, NOW + timedelta(hours=1))
        assert not tx.subscriptions.claim(begun.id, NOW, NOW + timedelta(hours=2))
        assert tx.subscriptions.due(Rhythm.DAILY, NOW) == []
        assert [one.id for one in tx.subscriptions.due(Rhythm.DAILY, NOW + DAY)] == [begun.id]
        tx.subscriptions.end(begun.id, Ending.LEFT, NOW)
        assert not tx.subscriptions.claim(begun.id, NOW + DAY, NOW + DAY)


def _article(store: Store, number: int, *, published: datetime, collected: datetime) -> ArticleId:
    with store.begin() as tx:
        try:
            source = tx.sources.by_slug("revue")
        except NotFound:
            source = tx.sources.add(
                name="Revue", url="https://r.example/", feed="https://r.example/f",
                kind=SourceKind.FEED, now=NOW,
            )  # fmt: skip
        extracted = Extracted(f"https://r.example/{number}", "Titre", "Texte", published=published)
        id, _ = tx.articles.save(extracted, source_id=source.id, now=collected)
        tx.articles.save_taggings([(id, [Tagging(ThemeId("logement"), 0.9)])], tagger="1")
    return id


def test_news_are_what_was_found_lately_and_is_no_archive(store: Store) -> None:
    since, appeared = NOW - 10 * DAY, NOW - 40 * DAY
    new = _article(store, 1, published=NOW - DAY, collected=NOW)
    late = _article(store, 2, published=NOW - 20 * DAY, collected=NOW)
    _article(store, 3, published=NOW - 400 * DAY, collected=NOW)
    held = _article(store, 4, published=NOW - 20 * DAY, collected=NOW - 20 * DAY)
    with store.read() as tx:
        of_theme = tx.subscriptions.fresh_of_theme("logement", since=since, appeared=appeared)
        among = tx.subscriptions.fresh_among([held, late, new], since=since, appeared=appeared)
        assert tx.subscriptions.fresh_of_theme("autre", since=since, appeared=appeared) == []
    assert [one.id for one in of_theme] == [new, late]
    assert [one.id for one in among] == [late, new]


def test_what_was_sent_is_remembered_then_forgotten(store: Store) -> None:
    begun = follow(store, "camille@exemple.fr")
    with store.begin() as tx:
        tx.subscriptions.tell(begun.id, [ArticleId(3), ArticleId(5)], NOW)
        tx.subscriptions.tell(begun.id, [], NOW)
        assert tx.subscriptions.told(begun.id) == {3, 5}
        assert tx.subscriptions.prune_told(NOW) == 0
        assert tx.subscriptions.prune_told(NOW + DAY) == 2


def test_an_address_is_forgotten_first_and_the_proof_later(store: Store) -> None:
    begun = follow(store, "camille@exemple.fr")
    with store.begin() as tx:
        tx.subscriptions.end(begun.id, Ending.LEFT, NOW)
        assert tx.subscriptions.forget_addresses(NOW) == 0
        assert tx.subscriptions.forget_addresses(NOW + DAY) == 1
        assert tx.subscriptions.forget_addresses(NOW + DAY) == 0
        (left,) = tx.subscriptions.of("camille@exemple.fr")  # by its digest
        (proof,) = tx.subscriptions.consents_of("camille@exemple.fr")
        assert (left.address, proof.address, proof.confirmed) == ("", "", NOW)
        assert tx.subscriptions.prune_ended(NOW + DAY) == 1
        assert tx.subscriptions.consents_of("camille@exemple.fr") == []
        with pytest.raises(NotFound):
            tx.subscriptions.by_id(SubscriptionId(begun.id))


def test_erasing_leaves_nothing_of_the_address_and_all_of_the_others(store: Store) -> None:
    follow(store, "camille@exemple.fr")
    ask(store, "camille@exemple.fr", SEARCH)
    other = follow(store, "autre@exemple.fr")
    with store.begin() as tx:
        assert tx.subscriptions.erase("Camille@exemple.fr") == 3
        assert tx.subscriptions.consents_of("camille@exemple.fr") == []
        assert tx.subscriptions.of("autre@exemple.fr") == [other]


def test_old_requests_and_links_go(store: Store) -> None:
    ask(store, "camille@exemple.fr")
    ask(store, "autre@exemple.fr", now=NOW - 10 * DAY)
    with store.begin() as tx:
        (consent,) = tx.subscriptions.pending("camille@exemple.fr", NOW)
        tx.subscriptions.attach_link(consent.id, "link")
        assert tx.subscriptions.prune_links(NOW + 7 * DAY) == 0
        assert tx.subscriptions.prune_links(NOW + 8 * DAY) == 1
        assert tx.subscriptions.by_link("link") is None
        assert tx.subscriptions.prune_unconfirmed(NOW) == 1
        assert tx.subscriptions.withdraw_pending("camille@exemple.fr") == 1


def test_letters_not_yet_handed_over_are_withdrawn_by_how_their_keys_begin(store: Store) -> None:
    with store.begin() as tx:
        for key in ("follow:1:2026-11-22", "follow:12:2026-11-22", "follow_1:x"):
            tx.outbox.add(Letter(key, "a@exemple.fr", "Objet", "Texte"), now=NOW)
        sent = tx.outbox.add(Letter("follow:1:old", "a@exemple.fr", "Objet", "Texte"), now=NOW)
        tx.outbox.mark_handing(sent, run="r", now=NOW)
        tx.outbox.mark_sent(sent, run="r", now=NOW, answer="250")
        assert tx.outbox.withdraw("follow:1:", now=NOW) == 1
        assert tx.outbox.withdraw("follow_1", now=NOW) == 1
        states = {one.key: one.state for one in tx.outbox.entries()}
    assert states["follow:12:2026-11-22"] is LetterState.WAITING
    assert states["follow:1:old"] is LetterState.SENT
    assert states["follow:1:2026-11-22"] is LetterState.DROPPED


def test_an_address_barred_under_one_spelling_is_barred_under_all(store: Store) -> None:
    with store.begin() as tx:
        tx.suppressions.add("Camille@exemple.fr", SuppressionReason.LEFT, now=NOW)
        reason = tx.suppressions.against("camille@exemple.fr", of_list=True)
        (held,) = tx.suppressions.of("CAMILLE@exemple.fr")
    assert reason is SuppressionReason.LEFT
    assert held.address == "Camille@exemple.fr"


def test_requests_wait_then_are_dealt_with_and_forgotten(store: Store) -> None:
    contact = Contact(RequestKind.WITHDRAWAL, "https://r.example/1", "C", "C@exemple.fr", "Merci")
    with store.begin() as tx:
        first, second, third = (tx.requests.add(contact, NOW + n * DAY) for n in range(3))
        assert tx.requests.settle(first, NOW + 3 * DAY)
        assert not tx.requests.settle(first, NOW + 4 * DAY)
        assert tx.requests.settle(third, NOW + 4 * DAY)
        assert [one.id for one in tx.requests.all()] == [second, third, first]
        assert (tx.requests.count(), tx.requests.count_waiting()) == (3, 1)
        assert tx.requests.reopen(third)
        assert not tx.requests.reopen(third)
        assert tx.requests.by_id(second).contact == contact
        assert len(tx.requests.of("c@exemple.fr")) == 3
        assert tx.requests.prune(NOW + 4 * DAY) == 1
        assert tx.requests.erase("c@EXEMPLE.fr") == 2
        with pytest.raises(NotFound):
            tx.requests.by_id(second)


def test_addresses_are_brought_with_their_proofs_and_listed(store: Store) -> None:
    several = [Brought(f"l{n}@exemple.fr", f"Feuille {n}", NOW - DAY, f"n{n}") for n in range(700)]
    with store.begin() as tx:
        tx.subscriptions.bring(several, NEWSLETTER, Rhythm.ISSUE, version="1", now=NOW)
        tx.suppressions.add("L1@exemple.fr", SuppressionReason.COMPLAINED, now=NOW)
        (first,) = tx.subscriptions.of("l0@exemple.fr")
        tx.subscriptions.end(first.id, Ending.LEFT, NOW)
        asked = ["L0@exemple.fr", "l1@exemple.fr", "autre@exemple.fr"]
        assert tx.subscriptions.held(asked, NEWSLETTER) == {asked[0]: False, asked[1]: True}
        assert tx.subscriptions.held(asked, LOGEMENT) == {}
        assert tx.suppressions.among(asked) == {asked[1]}
        roll = list(tx.subscriptions.roll(NEWSLETTER))
        (proof,) = tx.subscriptions.consents_of("l1@exemple.fr")
    assert len(roll) == 699
    assert roll[0] == ("l100@exemple.fr", NOW, "Feuille 100")
    assert (proof.words, proof.asked, proof.confirmed) == ("Feuille 1", NOW - DAY, NOW)
