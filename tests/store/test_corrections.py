"""Corrections of themes, on SQLite and PostgreSQL: they hold whatever the tagger says later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from core.corrections import THE_OTHERS, Verdict
from core.errors import NotFound
from core.model import ArticleId, Evidence, Extracted, SourceKind, Tagging, ThemeId
from core.people import PersonId, Role
from store import Store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LOGEMENT, VIOLENCES, EXIL = map(ThemeId, ("logement", "violences", "exil-asile"))
SEEN = Tagging(LOGEMENT, 0.8, (Evidence("text", 0, 2, "Le"),))
OTHER = Tagging(VIOLENCES, 0.6)


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
    tag(store, id, [SEEN, OTHER], "1")
    drained(store)
    return id


def tag(store: Store, id: ArticleId, given: Iterable[Tagging], tagger: str) -> None:
    with store.begin() as tx:
        tx.articles.save_taggings([(id, list(given))], tagger=tagger)


def drained(store: Store) -> set[ArticleId]:
    """The articles that the index has not seen, forgotten once told."""
    with store.begin() as tx:
        changes = tx.changes.next(100)
        tx.changes.done(changes)
    return {one.article_id for one in changes}


def say(
    store: Store, id: ArticleId, theme: ThemeId, verdict: Verdict | None, hours: int = 0
) -> Verdict | None:
    with store.begin() as tx:
        at = NOW + timedelta(hours=hours)
        former = tx.articles.correct(id, theme, verdict, by=None, now=at)
    return None if former is None else former.verdict


def themes(store: Store, id: ArticleId) -> tuple[Tagging, ...]:
    with store.read() as tx:
        return tx.articles.by_id(id).taggings


def test_a_theme_taken_away_is_gone_at_once_for_every_reader_and_the_index(
    store: Store, article: ArticleId
) -> None:
    assert say(store, article, VIOLENCES, Verdict.TAKEN) is None
    assert themes(store, article) == (SEEN,)
    assert drained(store) == {article}
    with store.read() as tx:
        assert tx.articles.count(theme=VIOLENCES) == 0


def test_corrections_hold_over_tagging_again(store: Store, article: ArticleId) -> None:
    say(store, article, VIOLENCES, Verdict.TAKEN)
    say(store, article, LOGEMENT, Verdict.CONFIRMED)
    say(store, article, EXIL, Verdict.GIVEN, hours=1)
    for version, given in enumerate(([SEEN, OTHER], [OTHER], [], [Tagging(EXIL, 0.7)])):
        tag(store, article, given, str(version))
        assert {one.theme for one in themes(store, article)} == {LOGEMENT, EXIL}
        assert all(one.by_people for one in themes(store, article))
    with store.read() as tx:
        assert tx.articles.count() == 1  # in the field, though the tagger gave nothing once


def test_what_the_tagger_said_then_is_kept_with_the_correction(
    store: Store, article: ArticleId
) -> None:
    say(store, article, VIOLENCES, Verdict.TAKEN)
    say(store, article, EXIL, Verdict.GIVEN, hours=1)
    tag(store, article, [], "2")
    with store.read() as tx:
        taken, given = tx.corrections.of([article])[article]
    assert (taken.theme, taken.tagger, taken.score) == (VIOLENCES, "1", 0.6)
    assert (given.theme, given.tagger, given.score) == (EXIL, "1", None)


def test_taking_a_word_back_gives_what_the_tagger_says_today(
    store: Store, article: ArticleId
) -> None:
    say(store, article, LOGEMENT, Verdict.TAKEN)
    assert themes(store, article) == (OTHER,)
    again = Tagging(LOGEMENT, 0.55)
    tag(store, article, [again], "2")
    assert themes(store, article) == ()
    assert say(store, article, LOGEMENT, None) is Verdict.TAKEN
    assert themes(store, article) == (again,)
    with store.read() as tx:
        assert tx.corrections.ids() == []
        assert tx.corrections.own_taggings([article]) == {}


def test_an_article_looked_at_whole_gets_no_other_theme(store: Store, article: ArticleId) -> None:
    say(store, article, LOGEMENT, Verdict.CONFIRMED)
    say(store, article, THE_OTHERS, Verdict.COMPLETE)
    tag(store, article, [SEEN, OTHER, Tagging(EXIL, 0.99)], "2")
    assert [one.theme for one in themes(store, article)] == [LOGEMENT]
    say(store, article, THE_OTHERS, None)
    assert [one.theme for one in themes(store, article)] == [LOGEMENT, VIOLENCES, EXIL]


def test_the_last_word_replaces_the_former(store: Store, article: ArticleId) -> None:
    say(store, article, LOGEMENT, Verdict.TAKEN)
    assert say(store, article, LOGEMENT, Verdict.CONFIRMED) is Verdict.TAKEN
    with store.read() as tx:
        assert tx.corrections.count() == 1
        assert [one.verdict for one in tx.corrections.all()] == [Verdict.CONFIRMED]


def test_correcting_does_not_make_an_article_look_tagged_nor_stale(
    store: Store, article: ArticleId
) -> None:
    say(store, article, LOGEMENT, Verdict.TAKEN)
    with store.read() as tx:
        assert tx.articles.count_waiting_tagging("1") == 0
        assert tx.articles.count_waiting_tagging("2") == 1


def test_an_article_that_is_not_there_is_not_corrected(store: Store) -> None:
    with pytest.raises(NotFound), store.begin() as tx:
        tx.articles.correct(ArticleId(99), LOGEMENT, Verdict.GIVEN, by=None, now=NOW)


def test_a_correction_outlives_the_account_that_made_it(store: Store, article: ArticleId) -> None:
    with store.begin() as tx:
        who = tx.accounts.add(address="a@exemple.fr", name="", role=Role.EDITOR, now=NOW)
        tx.articles.correct(article, LOGEMENT, Verdict.TAKEN, by=who.id, now=NOW)
        (made,) = tx.corrections.of([article])[article]
        assert made.by == PersonId(who.id)
        tx.accounts.erase(who.id)
        (left,) = tx.corrections.of([article])[article]
    assert left.by is None
    assert left.verdict is Verdict.TAKEN
