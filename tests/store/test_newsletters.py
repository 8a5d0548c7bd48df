"""Letters, their versions, the basket and images, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import Conflict, NotFound
from core.model import Access, ArticleId, Extracted, SourceKind
from core.newsletters import (
    Content,
    Entry,
    EntryKind,
    NewsletterId,
    NewsletterState,
    Picture,
    Section,
)
from core.people import PersonId, Role
from core.subscriptions import NEWSLETTER, Rhythm, SubscriptionId
from people.accounts import invite
from store import Store

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
EVENT = Entry(
    "b2", EntryKind.EVENT, title="Journée d’étude", day=date(2026, 12, 3), hours="14 h à 17 h",
    place="Alençon", note="à vérifier",
)  # fmt: skip
LINK = Entry(
    "a1", EntryKind.LINK, title="Un titre", url="https://a.example/1", text="Deux mots.",
    source="Le Carnet", author="C. Martin", access=Access.SUBSCRIBERS, day=date(2026, 11, 20),
)  # fmt: skip
CONTENT = Content(
    "L’objet", "L’édito.\n\nSuite.", "Claire",
    (Section("s1", "À la une", (LINK, EVENT)), Section("s2", "Et aussi", (), brief=True)),
)  # fmt: skip
OTHER = replace(CONTENT, subject="Un autre objet")


@pytest.fixture
def claire(store: Store) -> PersonId:
    with store.begin() as tx:
        return invite(
            tx, by=None, address="claire@exemple.fr", name="Claire", role=Role.EDITOR, now=NOW
        ).id


@pytest.fixture
def draft(store: Store, claire: PersonId) -> NewsletterId:
    with store.begin() as tx:
        return tx.newsletters.add(CONTENT, since=NOW - WEEK, until=NOW, by=claire, now=NOW)


def test_a_letter_comes_back_as_it_was_written(
    store: Store, draft: NewsletterId, claire: PersonId
) -> None:
    with store.read() as tx:
        found = tx.newsletters.by_id(draft)
        assert tx.newsletters.content_of(draft, 1) == CONTENT
    assert (found.content, found.version, found.updated_by) == (CONTENT, 1, claire)
    assert (found.since, found.until, found.state) == (NOW - WEEK, NOW, NewsletterState.DRAFT)


def test_who_saves_over_a_version_that_is_no_longer_the_letters_is_refused(
    store: Store, draft: NewsletterId
) -> None:
    with store.begin() as tx:
        assert tx.newsletters.save(draft, OTHER, over=1, by=None, now=NOW) == 2
    with pytest.raises(Conflict), store.begin() as tx:
        tx.newsletters.save(draft, CONTENT, over=1, by=None, now=NOW)
    with store.read() as tx:
        assert tx.newsletters.by_id(draft).content == OTHER
        assert [one.number for one in tx.newsletters.versions(draft)] == [2, 1]
        assert tx.newsletters.content_of(draft, 1) == CONTENT


def test_a_content_kept_aside_is_a_version_and_not_the_letter(
    store: Store, draft: NewsletterId
) -> None:
    with store.begin() as tx:
        assert tx.newsletters.keep_aside(draft, OTHER, over=1, by=None, now=NOW) == 2
        assert tx.newsletters.save(draft, CONTENT, over=2, by=None, now=NOW) == 3
    with store.read() as tx:
        assert tx.newsletters.by_id(draft).content == CONTENT
        assert tx.newsletters.content_of(draft, 2) == OTHER


def test_forgotten_versions_are_gone(store: Store, draft: NewsletterId) -> None:
    with store.begin() as tx:
        tx.newsletters.save(draft, OTHER, over=1, by=None, now=NOW)
        tx.newsletters.forget_versions(draft, [1])
        assert tx.newsletters.content_of(draft, 1) is None
        assert [one.number for one in tx.newsletters.versions(draft)] == [2]


def test_a_letter_goes_from_the_desk_to_the_public_once(store: Store, draft: NewsletterId) -> None:
    at = NOW + timedelta(hours=1)
    with store.begin() as tx:
        assert tx.newsletters.covered_until() is None
        tx.newsletters.schedule(draft, at, slug="une-lettre", over=1)
        assert tx.newsletters.due(NOW) == []
        assert tx.newsletters.covered_until() == NOW
        with pytest.raises(NotFound):
            tx.newsletters.by_slug("une-lettre")
        assert [one.id for one in tx.newsletters.due(at)] == [draft]
        assert tx.newsletters.begin_sending(draft, at)
        assert not tx.newsletters.begin_sending(draft, at)
        assert not tx.newsletters.call_back(draft)
        # Interrupted here, it is due again.
        assert [one.state for one in tx.newsletters.due(at)] == [NewsletterState.SENDING]
        assert tx.newsletters.end_sending(draft)
        assert tx.newsletters.due(at + WEEK) == []
        found = tx.newsletters.by_slug("une-lettre")
        assert (found.id, found.sent, found.is_public) == (draft, at, True)
        assert [one.id for one in tx.newsletters.published()] == [draft]
        assert tx.newsletters.on_the_desk() == []
    with pytest.raises(Conflict), store.begin() as tx:
        tx.newsletters.save(draft, OTHER, over=1, by=None, now=NOW)
    with pytest.raises(Conflict), store.begin() as tx:
        tx.newsletters.remove(draft)
    with pytest.raises(Conflict), store.begin() as tx:
        tx.newsletters.schedule(draft, at, slug="autre", over=1)


def test_a_scheduled_letter_is_not_changed_until_it_is_called_back(
    store: Store, draft: NewsletterId
) -> None:
    with store.begin() as tx:
        tx.newsletters.schedule(draft, NOW, slug="une-lettre", over=1)
        with pytest.raises(Conflict):
            tx.newsletters.save(draft, OTHER, over=1, by=None, now=NOW)
        assert tx.newsletters.call_back(draft, held=NOW)
        assert tx.newsletters.by_id(draft).held == NOW
        assert tx.newsletters.save(draft, OTHER, over=1, by=None, now=NOW) == 2


def test_two_letters_are_not_called_the_same(store: Store, draft: NewsletterId) -> None:
    with store.begin() as tx:
        tx.newsletters.schedule(draft, NOW, slug="une-lettre", over=1)
        other = tx.newsletters.add(OTHER, since=NOW, until=NOW + WEEK, by=None, now=NOW)
        assert tx.newsletters.is_taken("une-lettre", by_other_than=other)
        assert not tx.newsletters.is_taken("une-lettre", by_other_than=draft)
        with pytest.raises(Conflict):
            tx.newsletters.schedule(other, NOW, slug="une-lettre", over=1)


def test_a_draft_can_be_removed_and_another_period_covered(
    store: Store, draft: NewsletterId
) -> None:
    with store.begin() as tx:
        tx.newsletters.cover(draft, since=NOW - 2 * WEEK, until=NOW)
        assert tx.newsletters.by_id(draft).since == NOW - 2 * WEEK
        tx.newsletters.remove(draft)
        with pytest.raises(NotFound):
            tx.newsletters.by_id(draft)
        assert tx.newsletters.versions(draft) == []


def test_what_somebody_saved_is_told_to_them(
    store: Store, draft: NewsletterId, claire: PersonId
) -> None:
    with store.begin() as tx:
        tx.newsletters.save(draft, OTHER, over=1, by=None, now=NOW)
        tx.newsletters.save(draft, CONTENT, over=2, by=claire, now=NOW)
        saved = tx.newsletters.saved_by(claire)
    assert [(id, one.number, one.by) for id, one in saved] == [
        (draft, 1, claire), (draft, 3, claire),
    ]  # fmt: skip


def test_an_erased_account_leaves_its_letters(
    store: Store, draft: NewsletterId, claire: PersonId
) -> None:
    with store.begin() as tx:
        tx.basket.put(LINK, by=claire, now=NOW)
        tx.accounts.erase(claire)
    with store.read() as tx:
        assert tx.newsletters.by_id(draft).updated_by is None
        assert [one.by for one in tx.newsletters.versions(draft)] == [None]
        assert [one.by for one in tx.basket.all()] == [None]


# -- the basket -----------------------------------------------------------------------------------


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


def entry_of(article: ArticleId, id: str, note: str) -> Entry:
    return Entry(id, EntryKind.ARTICLE, title="Un titre", article=article, note=note)


def test_an_article_is_put_aside_once_with_everybodys_notes(
    store: Store, article: ArticleId
) -> None:
    with store.begin() as tx:
        tx.basket.put(entry_of(article, "a", "Claire : à la une"), by=None, now=NOW)
        tx.basket.put(entry_of(article, "b", ""), by=None, now=NOW)
        tx.basket.put(entry_of(article, "c", "Karim : plutôt bref"), by=None, now=NOW)
        tx.basket.put(LINK, by=None, now=NOW + timedelta(hours=1))
        assert tx.basket.count() == 2
        first, second = tx.basket.all()
        assert (first.entry.id, first.entry.note) == ("a", "Claire : à la une\nKarim : plutôt bref")
        assert second.entry == LINK
        held = tx.basket.holding(article)
        assert held is not None
        assert held.entry.id == "a"
        assert [one.entry.id for one in tx.basket.take(["a", "gone"])] == ["a"]
        assert [one.entry.id for one in tx.basket.all()] == ["a1"]


def test_a_withdrawn_article_leaves_the_basket(store: Store, article: ArticleId) -> None:
    with store.begin() as tx:
        tx.basket.put(entry_of(article, "a", ""), by=None, now=NOW)
        tx.articles.withdraw(article, NOW)
        assert tx.basket.all() == []


def test_articles_used_leave_the_basket(store: Store, article: ArticleId) -> None:
    with store.begin() as tx:
        tx.basket.put(entry_of(article, "a", ""), by=None, now=NOW)
        tx.basket.put(LINK, by=None, now=NOW)
        tx.basket.take_articles([article, ArticleId(999)])
        assert [one.entry for one in tx.basket.all()] == [LINK]


def test_an_image_is_kept_once(store: Store) -> None:
    picture = Picture("3f2a.png", "image/png", 2, 1, b"\x89PNG\x00")
    with store.begin() as tx:
        tx.pictures.keep(picture, now=NOW)
        tx.pictures.keep(picture, now=NOW)
        assert tx.pictures.by_name("3f2a.png") == picture
        assert tx.pictures.by_name("4.png") is None


def test_an_image_that_nothing_has_any_more_is_forgotten(
    store: Store, draft: NewsletterId, claire: PersonId
) -> None:
    names = ("in-the-letter.png", "in-a-version.png", "in-nothing.png", "new.png")
    day = timedelta(days=1)

    def showing(name: str) -> Content:
        return replace(
            CONTENT, sections=(Section("s", "", (Entry("i", EntryKind.IMAGE, image=name),)),)
        )

    with store.begin() as tx:
        for name in names:
            at = NOW + 2 * day if name == "new.png" else NOW
            tx.pictures.keep(Picture(name, "image/png", 1, 1, b"x"), now=at)
        for over, name in enumerate(names[1::-1], 1):
            tx.newsletters.save(draft, showing(name), over=over, by=claire, now=NOW)
        assert tx.pictures.prune(NOW) == 0
        assert tx.pictures.prune(NOW + day) == 1
        assert [name for name in names if tx.pictures.by_name(name) is None] == ["in-nothing.png"]
        tx.newsletters.remove(draft)
        tx.pictures.keep(Picture(names[0], "image/png", 1, 1, b"x"), now=NOW + 2 * day)
        assert tx.pictures.prune(NOW + day) == 1
        assert [name for name in names if tx.pictures.by_name(name)] == [names[0], names[3]]


# -- who receives it ------------------------------------------------------------------------------


def follow(store: Store, address: str) -> SubscriptionId:
    with store.begin() as tx:
        consent = tx.subscriptions.ask(
            address, NEWSLETTER, Rhythm.ISSUE, words="", version="1", now=NOW, expires=NOW + WEEK
        )
        return tx.subscriptions.confirm(consent, nonce=address, now=NOW).id


def test_followers_are_given_some_at_a_time(store: Store) -> None:
    ids = [follow(store, f"p{n}@exemple.fr") for n in range(5)]
    with store.begin() as tx:
        assert tx.subscriptions.count_following(NEWSLETTER) == 5
        some = tx.subscriptions.following(NEWSLETTER, after=SubscriptionId(0), limit=3)
        rest = tx.subscriptions.following(NEWSLETTER, after=some[-1].id, limit=3)
        assert [one.id for one in [*some, *rest]] == ids
        assert tx.subscriptions.due(Rhythm.DAILY, NOW + WEEK) == []
