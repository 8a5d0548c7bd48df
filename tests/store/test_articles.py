"""Articles in the store, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import sqlalchemy

from core.errors import Conflict, NotFound, StoreFailed
from core.model import (
    Access,
    ArticleId,
    Evidence,
    Extracted,
    Source,
    SourceKind,
    Tagging,
    ThemeId,
)
from core.urls import canonical_url
from store import Store
from store.articles import Saved

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def source(store: Store) -> Source:
    with store.begin() as tx:
        return tx.sources.add(
            name="Le Carnet",
            url="https://carnet.example/",
            feed="https://carnet.example/feed/",
            kind=SourceKind.FEED,
            now=NOW,
        )


def read_article(number: int = 1, **changes: object) -> Extracted:
    fields: dict[str, object] = {
        "url": f"https://carnet.example/{number}",
        "title": f"Article {number}",
        "text": "Le texte de l'article.",
        "author": "Anne Autrice",
        "published": NOW - timedelta(days=number),
        "access": Access.FREE,
    }
    return Extracted(**(fields | changes))  # type: ignore[arg-type]


def tagging(theme: str = "numerique") -> Tagging:
    return Tagging(ThemeId(theme), 0.9, (Evidence("text", 0, 2, "Le"),))


def test_an_article_comes_back_as_it_was_saved(store: Store, source: Source) -> None:
    with store.begin() as tx:
        id, saved = tx.articles.save(read_article(), source_id=source.id, now=NOW, summary="Chapô")
    with store.read() as tx:
        article = tx.articles.by_id(id)
    assert saved is Saved.INSERTED
    assert article.title == "Article 1"
    assert article.published == NOW - timedelta(days=1)
    assert article.summary == "Chapô"
    assert article.source == source


def test_an_unchanged_article_is_left_alone(store: Store, source: Source) -> None:
    with store.begin() as tx:
        first, _ = tx.articles.save(read_article(), source_id=source.id, now=NOW)
        tx.changes.done(tx.changes.next(10))
        second, saved = tx.articles.save(read_article(), source_id=source.id, now=NOW)
        assert tx.changes.count() == 0
    assert (first, Saved.UNCHANGED) == (second, saved)


def test_a_changed_article_is_updated_and_waits_for_tagger_and_index(
    store: Store, source: Source
) -> None:
    with store.begin() as tx:
        id, _ = tx.articles.save(read_article(), source_id=source.id, now=NOW)
        tx.articles.save_taggings([(id, [tagging()])], tagger="v1")
        tx.changes.done(tx.changes.next(10))
        _, saved = tx.articles.save(read_article(text="Autre."), source_id=source.id, now=NOW)
        assert saved is Saved.UPDATED
        assert [one.id for one in tx.articles.waiting_tagging("v1", 10)] == [id]
        assert [change.article_id for change in tx.changes.next(10)] == [id]
        assert tx.articles.by_id(id).themes == ("numerique",)


def test_an_article_is_known_by_each_address_that_leads_to_it(store: Store, source: Source) -> None:
    short = "https://carnet.example/?p=1"
    with store.begin() as tx:
        first, _ = tx.articles.save(read_article(), source_id=source.id, now=NOW, also_at=[short])
        again = read_article(url="https://carnet.example/autre")
        second, _ = tx.articles.save(again, source_id=source.id, now=NOW, also_at=[short])
        assert first == second
        assert tx.articles.by_urls([short, again.url]) == {short: first, again.url: first}
        assert tx.pages.known([short, "https://ailleurs.example/"]) == {short}


def test_themes_are_replaced_and_order_is_kept(store: Store, source: Source) -> None:
    with store.begin() as tx:
        id, _ = tx.articles.save(read_article(), source_id=source.id, now=NOW)
        tx.articles.save_taggings([(id, [tagging("a"), tagging("b")])], tagger="v1")
        tx.articles.save_taggings([(id, [tagging("c"), tagging("a")])], tagger="v2")
        assert tx.articles.by_id(id).themes == ("c", "a")
        assert tx.articles.by_id(id).taggings[0].evidence[0].text == "Le"
        assert tx.articles.waiting_tagging("v2", 10) == []


def test_lists_hold_the_field_only_latest_first(store: Store, source: Source) -> None:
    with store.begin() as tx:
        ids = [
            tx.articles.save(read_article(n), source_id=source.id, now=NOW)[0] for n in (1, 2, 3)
        ]
        given = [(ids[0], [tagging("a")]), (ids[1], []), (ids[2], [tagging("a"), tagging("b")])]
        tx.articles.save_taggings(given, tagger="v1")
    with store.read() as tx:
        assert [a.id for a in tx.articles.recent()] == [ids[0], ids[2]]
        assert [a.id for a in tx.articles.recent(off_field=True)] == ids
        assert [a.id for a in tx.articles.recent(theme="b")] == [ids[2]]
        assert [a.id for a in tx.articles.recent(theme="a", limit=1, offset=1)] == [ids[2]]
        assert tx.articles.count() == 2
        assert tx.articles.count(theme="a", since=NOW - timedelta(days=2)) == 1
        week = {"since": NOW - timedelta(days=7), "until": NOW}
        assert tx.articles.theme_counts(**week) == {"a": 2, "b": 1}
        assert tx.articles.span() == (NOW - timedelta(days=3), NOW - timedelta(days=1))


def test_a_change_recorded_while_another_is_indexed_survives(store: Store, source: Source) -> None:
    with store.begin() as tx:
        tx.articles.save(read_article(), source_id=source.id, now=NOW)
        seen = tx.changes.next(10)
        tx.articles.save(read_article(text="Autre."), source_id=source.id, now=NOW)
        tx.changes.done(seen)
        assert tx.changes.count() == 1


def test_nothing_is_kept_of_a_transaction_that_fails(store: Store, source: Source) -> None:
    def save_and_fail() -> None:
        with store.begin() as tx:
            tx.articles.save(read_article(), source_id=source.id, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    with store.read() as tx:
        assert tx.articles.count(off_field=True) == 0
        assert tx.changes.count() == 0


def test_an_article_announced_for_tomorrow_counts_from_its_collection(
    store: Store, source: Source
) -> None:
    early = read_article(published=NOW + timedelta(days=400))
    with store.begin() as tx:
        tx.articles.save(early, source_id=source.id, now=NOW)
        assert tx.articles.count(until=NOW + timedelta(seconds=1), off_field=True) == 1


def test_an_unknown_article_is_not_found(store: Store) -> None:
    with store.read() as tx, pytest.raises(NotFound):
        tx.articles.by_id(ArticleId(99))


def test_themes_of_a_text_that_changed_meanwhile_are_not_kept(store: Store, source: Source) -> None:
    with store.begin() as tx:
        tx.articles.save(read_article(), source_id=source.id, now=NOW)
        (waiting,) = tx.articles.waiting_tagging("v1", 10)
        tx.articles.save(read_article(text="Autre."), source_id=source.id, now=NOW)
        tx.articles.save_taggings(
            [(waiting.id, [tagging()])], tagger="v1", read={waiting.id: waiting.fingerprint}
        )
        assert tx.articles.by_id(waiting.id).themes == ()
        (still,) = tx.articles.waiting_tagging("v1", 10)
        assert still.text == "Autre."


def test_taggers_are_forgotten_by_pieces(store: Store, source: Source) -> None:
    with store.begin() as tx:
        ids = [tx.articles.save(read_article(n), source_id=source.id, now=NOW)[0] for n in range(3)]
        tx.articles.save_taggings([(id, [tagging()]) for id in ids], tagger="v1")
        assert tx.articles.waiting_tagging("v1", 10) == []
        assert tx.articles.forget_taggers(ArticleId(0), 2) == ids[1]
        assert tx.articles.forget_taggers(ids[1], 2) == ids[2]
        assert tx.articles.forget_taggers(ids[2], 2) is None
        assert [one.id for one in tx.articles.waiting_tagging("v1", 10)] == ids
        assert [one.id for one in tx.articles.waiting_tagging("v1", 10, ids[1])] == ids[2:]
        assert tx.articles.by_id(ids[0]).themes == ("numerique",)


def test_a_reading_transaction_writes_nothing(store: Store, source: Source) -> None:
    def write_while_reading() -> None:
        with store.read() as tx:
            tx.sources.remove(source.slug)

    with pytest.raises(StoreFailed):
        write_while_reading()
    with store.begin() as tx:
        assert [one.slug for one in tx.sources.all()] == [source.slug]


def test_a_source_is_added_once_and_can_be_taken_up_again(store: Store, source: Source) -> None:
    fields = {"name": "X", "url": "https://x.example/", "kind": SourceKind.FEED, "now": NOW}
    with store.begin() as tx:
        with pytest.raises(Conflict):
            tx.sources.add(feed=source.feed, **fields)  # type: ignore[arg-type]
        tx.sources.remove(source.slug)
        assert tx.sources.all() == []
        again = tx.sources.add(feed=source.feed, **fields)  # type: ignore[arg-type]
    assert again.slug == source.slug


def test_two_sources_of_the_same_name_have_two_slugs(store: Store, source: Source) -> None:
    with store.begin() as tx:
        other = tx.sources.add(
            name="Le carnet", url="https://b.example/", feed="https://b.example/rss",
            kind=SourceKind.LISTING, now=NOW,
        )  # fmt: skip
    assert (source.slug, other.slug) == ("le-carnet", "le-carnet-2")


FORMS = (
    "https://carnet.example/1",
    "http://www.carnet.example/1/",
    "https://m.carnet.example/1?utm_source=lettre",
    "https://amp.carnet.example/1?amp=1",
    "https://carnet.example/1/amp/",
    "https://carnet-example.cdn.ampproject.org/c/s/carnet.example/1",
)


@pytest.mark.parametrize("seed", range(4))
def test_the_forms_of_an_address_never_make_two_articles(
    store: Store, source: Source, seed: int
) -> None:
    order = [canonical_url(url) for url in FORMS]
    Random(seed).shuffle(order)
    with store.begin() as tx:
        ids = {
            tx.articles.save(read_article(url=url), source_id=source.id, now=NOW)[0]
            for url in order[:4]
        }
        assert len(ids) == 1
        found = tx.articles.by_urls(order)
        assert found == dict.fromkeys(order, ids.pop())
        assert tx.pages.known([*order, "https://carnet.example/2"]) == set(order)
        tx.articles.recognise(order)
        other, _ = tx.articles.save(read_article(2), source_id=source.id, now=NOW)
        assert other not in found.values()
        assert tx.articles.by_urls(["https://carnet.example/2/amp"]) == {
            "https://carnet.example/2/amp": other
        }


def test_once_analysed_sqlite_goes_straight_to_a_few_articles(
    store: Store, source: Source, database_url: str
) -> None:
    with store.begin() as tx:
        for number in range(300):
            id, _ = tx.articles.save(read_article(number), source_id=source.id, now=NOW)
            tx.articles.save_taggings([(id, [tagging()])], tagger="test")
    store.analyse()
    if not database_url.startswith("sqlite"):
        return  # PostgreSQL plans by statistics of its own
    with sqlalchemy.create_engine(database_url).connect() as connection:
        query = "SELECT id FROM articles WHERE id IN (1, 2, 3) AND in_field ORDER BY appeared"
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    assert "PRIMARY KEY" in str(plan)
    assert "ix_articles_appeared" not in str(plan)
