"""Kinds and names of articles, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.model import (
    ArticleId,
    Description,
    EntityType,
    Extracted,
    Kind,
    KindGiven,
    Named,
    SourceId,
    SourceKind,
    Tagging,
    ThemeId,
)
from store import Store
from store.descriptions import Naming
from store.store import Transaction

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ORNE = Named(EntityType.TERRITORY, "orne", 3, in_title=True)
SARTHE = Named(EntityType.TERRITORY, "sarthe")
CNIL = Named(EntityType.ORGANISATION, "cnil", 2)


@pytest.fixture
def ids(store: Store) -> list[ArticleId]:
    with store.begin() as tx:
        source = tx.sources.add(
            name="Le Carnet", url="https://c.example/", feed="", kind=SourceKind.IMPORT, now=NOW
        )
        ids = [save(tx, source.id, number) for number in range(3)]
        tx.articles.save_taggings(
            [(id, [Tagging(ThemeId("numerique"), 0.9)]) for id in ids[:2]], tagger="t1"
        )
    return ids


def save(tx: Transaction, source: SourceId, number: int, text: str = "Texte.") -> ArticleId:
    read = Extracted(
        f"https://c.example/{number}", f"Article {number}", text, published=NOW, section="Récits"
    )
    id, _ = tx.articles.save(read, source_id=source, now=NOW)
    return id


def described(kind: Kind = Kind.PRACTICE, *names: Named) -> Description:
    return Description(KindGiven(kind, ("un signe",)), names)


def test_what_was_read_is_kept_in_its_order(store: Store, ids: list[ArticleId]) -> None:
    with store.begin() as tx:
        tx.descriptions.save([(ids[0], described(Kind.PRACTICE, CNIL, ORNE))], describer="d1")
    with store.read() as tx:
        article, other = tx.articles.by_ids(ids[:2])
    assert article.kind == KindGiven(Kind.PRACTICE, ("un signe",))
    assert article.names == (CNIL, ORNE)
    assert article.section == "Récits"
    assert other.kind is None
    assert other.names == ()


def test_what_waits_is_a_query(store: Store, ids: list[ArticleId]) -> None:
    with store.begin() as tx:
        tx.changes.done(tx.changes.next(100))
        tx.descriptions.save([(ids[0], described())], describer="d1")
    with store.read() as tx:
        assert [one.id for one in tx.descriptions.waiting("d1", 10)] == ids[1:]
        assert [one.id for one in tx.descriptions.waiting("d1", 10, after=ids[1])] == ids[2:]
        assert tx.descriptions.count_waiting("d1") == 2
        assert tx.descriptions.count_waiting("d2") == 3
        assert [change.article_id for change in tx.changes.next(10)] == [ids[0]]
        waiting = tx.descriptions.waiting("d1", 1)[0]
    assert (waiting.url, waiting.section) == ("https://c.example/1", "Récits")


def test_an_article_that_changed_meanwhile_still_waits(store: Store, ids: list[ArticleId]) -> None:
    with store.read() as tx:
        read = {one.id: one.fingerprint for one in tx.descriptions.waiting("d1", 10)}
        source = tx.sources.all()[0].id
    with store.begin() as tx:
        tx.descriptions.save([(ids[0], described(Kind.NEWS, CNIL))], describer="d1")
        save(tx, source, 0, "Un autre texte.")
    with store.begin() as tx:
        given = [(id, described(Kind.NEWS, ORNE)) for id in (*ids, ArticleId(9999))]
        tx.descriptions.save(given, describer="d1", read=read)
    with store.read() as tx:
        assert [one.id for one in tx.descriptions.waiting("d1", 10)] == [ids[0]]
        assert tx.articles.by_id(ids[0]).names == (CNIL,)
        assert tx.articles.by_id(ids[1]).names == (ORNE,)


def test_lists_by_kind_and_by_name(store: Store, ids: list[ArticleId]) -> None:
    with store.begin() as tx:
        tx.descriptions.save(
            [
                (ids[0], described(Kind.PRACTICE, ORNE, SARTHE)),
                (ids[1], described(Kind.TOOL, SARTHE, CNIL)),
                (ids[2], described(Kind.PRACTICE, SARTHE)),  # off the field
            ],
            describer="d1",
        )
    both = Naming(EntityType.TERRITORY, ("orne", "sarthe"))
    orne = Naming(EntityType.TERRITORY, ("orne",))
    with store.read() as tx:
        assert [one.id for one in tx.articles.recent(naming=both)] == [ids[1], ids[0]]
        assert tx.articles.count(naming=both) == 2
        assert tx.articles.count(naming=both, off_field=True) == 3
        assert [one.id for one in tx.articles.recent(naming=orne)] == [ids[0]]
        assert tx.articles.count(naming=Naming(EntityType.ORGANISATION, ("orne",))) == 0
        assert tx.articles.count(kinds=(Kind.PRACTICE, Kind.TOOL)) == 2
        assert [one.id for one in tx.articles.recent(kinds=(Kind.TOOL,))] == [ids[1]]
        assert tx.articles.count(kinds=(Kind.TOOL,), theme="numerique") == 1
        assert tx.articles.count(naming=orne, theme="numerique") == 1
        assert tx.descriptions.counts(EntityType.TERRITORY) == {"orne": 1, "sarthe": 2}
        assert tx.descriptions.kinds() == {Kind.PRACTICE: 1, Kind.TOOL: 1}
        assert tx.descriptions.themes(both, 5) == {"numerique": 2}


def test_describing_again_replaces(store: Store, ids: list[ArticleId]) -> None:
    with store.begin() as tx:
        tx.descriptions.save([(ids[0], described(Kind.PRACTICE, ORNE, CNIL))], describer="d1")
        tx.descriptions.save([(ids[0], described(Kind.NEWS, CNIL))], describer="d2")
    with store.read() as tx:
        article = tx.articles.by_id(ids[0])
        assert article.names == (CNIL,)
        assert article.kind is not None
        assert article.kind.kind is Kind.NEWS
        assert tx.descriptions.counts(EntityType.TERRITORY) == {}


def test_nothing_is_left_of_what_its_publisher_opposes(store: Store, ids: list[ArticleId]) -> None:
    with store.begin() as tx:
        tx.descriptions.save([(ids[0], described(Kind.PRACTICE, ORNE))], describer="d1")
        tx.articles.oppose([ids[0]], NOW)
    with store.read() as tx:
        article = tx.articles.by_id(ids[0])
        assert (article.kind, article.names, article.section) == (None, (), "")
        assert [one.id for one in tx.descriptions.waiting("d1", 10)] == ids[1:]
        assert tx.descriptions.count_waiting("d1") == 2
