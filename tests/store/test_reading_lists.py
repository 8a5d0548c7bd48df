"""Reading lists in the store, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import NotFound
from core.model import ArticleId, Extracted, SourceKind, ThemeId
from core.people import Person, Role
from core.reading_lists import (
    Contents,
    Item,
    ItemId,
    LinkState,
    ReadingList,
    Section,
    SectionId,
    Visibility,
)
from core.references import Author, Reference
from curation.reading_lists import begin_list, revise, take_back
from curation.shelving import with_items
from store import Store
from store.reading_lists import Wanted

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NASTY = "« Élèves » \\emph{d’ici} 🦉 & l'« aller-vers » 100 %_"


def somebody(store: Store, name: str) -> Person:
    with store.begin() as tx:
        id = tx.accounts.add(address=f"{name}@exemple.fr", name=name, role=Role.TRAINER, now=NOW).id
        return tx.accounts.by_id(id)


def item(name: str, article: int | None = None) -> Item:
    of = None if article is None else ArticleId(article)
    return Item(ItemId(name), Reference(title=f"{name} {NASTY}", authors=(Author("Durand"),)), of)


def begun(store: Store, owner: Person, title: str = "Lectures", *items: Item) -> ReadingList:
    contents = Contents(title, sections=(Section(SectionId("s"), "", "", items),))
    with store.begin() as tx:
        return begin_list(tx, contents, owner=owner.id, now=NOW)


def test_a_list_says_what_it_was_given(store: Store) -> None:
    owner = somebody(store, "camille")
    made = begun(store, owner, f"Lectures {NASTY}", item("a"), item("b", 7))
    with store.read() as tx:
        held = tx.reading_lists.by_slug(made.slug)
        (notice,) = tx.reading_lists.of(owner.id)
    assert held == made
    assert (held.visibility, held.owner, held.revision) == (Visibility.PRIVATE, owner.id, 1)
    assert (notice.title, notice.size) == (f"Lectures {NASTY}", 2)
    with store.read() as tx, pytest.raises(NotFound):
        tx.reading_lists.by_slug("autre")


def test_each_change_is_kept_and_can_be_taken_back(store: Store) -> None:
    owner = somebody(store, "camille")
    made = begun(store, owner)
    with store.begin() as tx:
        one = tx.reading_lists.by_slug(made.slug, hold=True)
        more = with_items(one.contents, [item("a")])
        later = NOW + timedelta(hours=1)
        one = revise(tx, one, more, by=owner.id, deed="add", now=later)
        assert revise(tx, one, more, by=owner.id, deed="add", now=later) == one
        titled = replace(more, title="Autre titre")
        one = revise(tx, one, titled, by=owner.id, deed="sheet", now=later)
    with store.begin() as tx:
        one = take_back(tx, tx.reading_lists.by_slug(made.slug, hold=True), 2, by=owner.id, now=NOW)
        revisions = tx.reading_lists.revisions(one.id)
        assert tx.reading_lists.count_revisions(one.id) == 4
        assert [r.number for r in tx.reading_lists.revisions_since(one.id, 2)] == [3, 4]
    assert (one.contents.title, one.contents.size, one.revision) == ("Autre titre", 0, 4)
    assert [one.deed for one in revisions] == ["undo", "sheet", "add", "create"]
    assert revisions[1].difference == {"title": ("Lectures", "Autre titre")}


def test_an_edition_is_what_the_list_was(store: Store) -> None:
    owner = somebody(store, "camille")
    made = begun(store, owner, "Lectures", item("a"))
    with store.begin() as tx:
        one = tx.reading_lists.by_slug(made.slug, hold=True)
        first = tx.reading_lists.freeze(
            one, label="Promotion 2026", by=owner.id, visibility=Visibility.LINK, now=NOW
        )
        revise(tx, one, with_items(one.contents, [item("b")]), by=owner.id, deed="add", now=NOW)
        one = tx.reading_lists.by_slug(made.slug)
        second = tx.reading_lists.freeze(
            one, label="", by=owner.id, visibility=Visibility.PRIVATE, now=NOW
        )
        tx.reading_lists.share_edition(one.id, second, Visibility.PUBLIC)
    with store.read() as tx:
        notices = tx.reading_lists.editions(made.id)
        edition = tx.reading_lists.edition(made.id, first)
        with pytest.raises(NotFound):
            tx.reading_lists.edition(made.id, 3)
    assert [(n.number, n.size, n.visibility) for n in notices] == [
        (2, 2, Visibility.PUBLIC), (1, 1, Visibility.LINK),
    ]  # fmt: skip
    assert edition.contents == made.contents


def test_public_lists_are_found_by_words_theme_and_subject(store: Store) -> None:
    owner = somebody(store, "camille")
    made = begun(store, owner, "Le non-recours", item("Élèves"))
    hidden = begun(store, owner, "Le non-recours caché")
    with store.begin() as tx:
        one = tx.reading_lists.by_slug(made.slug, hold=True)
        filed = replace(one.contents, themes=(ThemeId("non-recours"),), subject="Droit")
        revise(tx, one, filed, by=owner.id, deed="sheet", now=NOW)
        tx.reading_lists.set_visibility(made.id, Visibility.PUBLIC)
        tx.reading_lists.set_visibility(hidden.id, Visibility.LINK)
    with store.begin() as tx:
        lists = tx.reading_lists
        for wanted, count in (
            (Wanted(), 1), (Wanted("ELEVES recours"), 1), (Wanted("100 %_"), 1), (Wanted("zut"), 0),
            (Wanted(theme=ThemeId("non-recours")), 1), (Wanted(theme=ThemeId("autre")), 0),
            (Wanted(subject="Droit"), 1), (Wanted(subject="Éthique"), 0),
        ):  # fmt: skip
            assert len(lists.public(wanted)) == count, wanted
        lists.set_deleted(made.id, NOW)
        assert lists.public() == []


def test_editors_have_the_list_among_theirs(store: Store) -> None:
    owner, editor = somebody(store, "camille"), somebody(store, "dominique")
    made = begun(store, owner)
    with store.begin() as tx:
        tx.reading_lists.set_editors(made.id, [editor.id])
        assert tx.reading_lists.by_slug(made.slug).editors == (editor.id,)
        assert [one.slug for one in tx.reading_lists.of(editor.id)] == [made.slug]
        tx.reading_lists.set_editors(made.id, [])
        assert tx.reading_lists.of(editor.id) == []
        assert len(tx.reading_lists.all()) == 1


def test_what_is_known_of_the_articles_pages(store: Store) -> None:
    with store.begin() as tx:
        source = tx.sources.add(
            name="A", url="https://a.example/", feed="https://a.example/f", kind=SourceKind.FEED,
            now=NOW,
        )  # fmt: skip
        ids = [
            tx.articles.save(
                Extracted(f"https://a.example/{n}", "T", "Texte."), source_id=source.id, now=NOW
            )[0]
            for n in range(3)
        ]
        tx.revisits.missing(ids[0], since=NOW, gone=None, next_due=None)
        tx.articles.withdraw(ids[1], NOW)
        states = tx.reading_lists.link_states([*ids, ArticleId(99)])
    assert states == {ids[0]: LinkState(NOW, None), ids[1]: LinkState(withdrawn=True)}


def test_an_account_erased_leaves_what_others_may_read(store: Store) -> None:
    owner, editor = somebody(store, "camille"), somebody(store, "dominique")
    alone, shared = begun(store, owner, "Seule"), begun(store, owner, "Partagée")
    frozen, edited = begun(store, owner, "Figée"), begun(store, owner, "À deux")
    with store.begin() as tx:
        lists = tx.reading_lists
        lists.set_visibility(shared.id, Visibility.LINK)
        one = lists.by_slug(frozen.slug)
        lists.freeze(one, label="", by=owner.id, visibility=Visibility.LINK, now=NOW)
        lists.set_editors(edited.id, [editor.id])
        assert lists.erase_private(owner.id) == 1
        tx.accounts.erase(owner.id)
        assert {one.title for one in lists.all()} == {"Partagée", "Figée", "À deux"}
        assert {one.owner for one in lists.all()} == {None}
        with pytest.raises(NotFound):
            lists.by_slug(alone.slug)
