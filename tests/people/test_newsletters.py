"""Sending a letter: once to each, whatever interrupts it; held when an article was withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.letters import Letter
from core.model import ArticleId, Extracted, SourceKind
from core.newsletters import (
    Content,
    Entry,
    EntryKind,
    Newsletter,
    NewsletterId,
    NewsletterState,
    Section,
)
from core.subscriptions import NEWSLETTER, Rhythm, Subscription
from people.newsletters import BATCH, WriteTo, dispatch, key_of
from people.subscriptions import leave_all
from store import Store
from store.suppressions import SuppressionReason

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
FOLLOWERS = 2 * BATCH + 30


@pytest.fixture
def article(store: Store) -> ArticleId:
    with store.begin() as tx:
        source = tx.sources.add(
            name="Le Carnet", url="https://c.example/", feed="https://c.example/f",
            kind=SourceKind.FEED, now=NOW,
        )  # fmt: skip
        id, _ = tx.articles.save(
            Extracted("https://c.example/1", "Un titre", "Le texte."), source_id=source.id, now=NOW
        )
    return id


@pytest.fixture
def letter(store: Store, article: ArticleId) -> NewsletterId:
    entry = Entry("e", EntryKind.ARTICLE, title="Un titre", article=article)
    content = Content("Objet", sections=(Section("s", "Une", (entry,)),))
    with store.begin() as tx:
        id = tx.newsletters.add(content, since=NOW - WEEK, until=NOW, by=None, now=NOW)
        tx.newsletters.schedule(id, NOW, slug="une", over=1)
    return id


@pytest.fixture
def followers(store: Store) -> list[str]:
    addresses = [f"p{n}@exemple.fr" for n in range(FOLLOWERS)]
    with store.begin() as tx:
        for address in addresses:
            consent = tx.subscriptions.ask(
                address, NEWSLETTER, Rhythm.ISSUE, words="", version="1", now=NOW - WEEK,
                expires=NOW,
            )  # fmt: skip
            tx.subscriptions.confirm(consent, nonce=address, now=NOW - WEEK)
    return addresses


def letter_to(newsletter: Newsletter, subscription: Subscription) -> Letter:
    key = key_of(newsletter.id, subscription)
    return Letter(key, subscription.address, newsletter.content.subject, "Texte.")


def open_letter(newsletter: Newsletter) -> WriteTo:
    return lambda subscription: letter_to(newsletter, subscription)


def recipients(store: Store) -> list[str]:
    with store.read() as tx:
        return [one.recipient for one in tx.outbox.entries()]


def state(store: Store, id: NewsletterId) -> NewsletterState:
    with store.read() as tx:
        return tx.newsletters.by_id(id).state


class Killed(Exception):
    """The process ends here."""


def test_everybody_has_it_once_whenever_it_is_killed(
    store: Store, letter: NewsletterId, followers: list[str]
) -> None:
    for after in (0, 1, BATCH, BATCH + 1, 2 * BATCH + 1):
        left = [after]

        def dying(newsletter: Newsletter, left: list[int] = left) -> WriteTo:
            def write(subscription: Subscription) -> Letter:
                if not left[0]:
                    raise Killed
                left[0] -= 1
                return letter_to(newsletter, subscription)

            return write

        with pytest.raises(Killed):
            dispatch(store, dying, NOW)
        assert state(store, letter) is NewsletterState.SENDING
        assert len(recipients(store)) % BATCH == 0
    report = dispatch(store, open_letter, NOW)
    assert report.done == FOLLOWERS - 2 * BATCH
    assert sorted(recipients(store)) == sorted(followers)
    assert state(store, letter) is NewsletterState.SENT
    assert dispatch(store, open_letter, NOW + WEEK).done == 0
    assert len(recipients(store)) == FOLLOWERS


def test_before_its_time_nothing_goes(
    store: Store, letter: NewsletterId, followers: list[str]
) -> None:
    assert followers
    assert dispatch(store, open_letter, NOW - timedelta(minutes=1)).done == 0
    assert state(store, letter) is NewsletterState.SCHEDULED


def test_who_left_or_is_not_written_to_has_none(
    store: Store, letter: NewsletterId, followers: list[str]
) -> None:
    with store.begin() as tx:
        leave_all(tx, followers[0], NOW)
        tx.suppressions.add(followers[1], SuppressionReason.COMPLAINED, now=NOW)
    assert dispatch(store, open_letter, NOW).done == FOLLOWERS - 2
    assert not set(followers[:2]) & set(recipients(store))
    assert state(store, letter) is NewsletterState.SENT


def test_who_leaves_while_theirs_waits_has_none(
    store: Store, letter: NewsletterId, followers: list[str]
) -> None:
    dispatch(store, open_letter, NOW)
    assert state(store, letter) is NewsletterState.SENT
    with store.begin() as tx:
        leave_all(tx, followers[0], NOW)
        due = {one.letter.recipient for one in tx.outbox.next(FOLLOWERS, NOW)}
    assert due == set(followers[1:])


def test_an_article_withdrawn_meanwhile_holds_the_letter_and_says_so(
    store: Store, letter: NewsletterId, article: ArticleId, followers: list[str]
) -> None:
    assert followers
    with store.begin() as tx:
        tx.articles.withdraw(article, NOW)
    report = dispatch(store, open_letter, NOW)
    assert (report.done, report.failed) == (0, 1)
    assert "retirée" in report.failures[0] or "retiré" in report.failures[0]
    assert recipients(store) == []
    with store.read() as tx:
        held = tx.newsletters.by_id(letter)
    assert (held.state, held.held, held.scheduled) == (NewsletterState.DRAFT, NOW, None)
