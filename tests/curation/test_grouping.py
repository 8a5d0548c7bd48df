from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from benchmarks.corpus import articles as made_up
from core.model import Article, ArticleId, Extracted, Likeness, SourceKind, Tagging, ThemeId
from curation.grouping import BATCH, group, keys_of, say_apart, say_same, take_back
from curation.resemblance import piece_of
from store import Store

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TITLE = "Les départements coupent dans leurs budgets sociaux"
TEXTS = [document.text for document in made_up(12, words=300)]
TEXT, OTHER, THIRD = TEXTS[:3]


def keep(
    store: Store, text: str, *, title: str = "", by: str = "alpha", days: float = 0, at: str = ""
) -> ArticleId:
    """An article of a source, ``days`` after the first ones; saved again under the same ``at``."""
    with store.begin() as tx:
        source = next((one for one in tx.sources.all() if one.slug == by), None)
        home = f"https://{by}.example/"
        if source is None:
            source = tx.sources.add(
                name=by, url=home, feed=f"{home}feed", kind=SourceKind.FEED, now=NOW
            )
        published = NOW + timedelta(days=days)
        url = f"{home}{at or Random(f'{text}{title}{days}').random()}"
        extracted = Extracted(url, title or f"Titre {text[:30]}", text, published=published)
        id, _ = tx.articles.save(extracted, source_id=source.id, now=NOW + timedelta(days=40))
        tx.articles.save_taggings([(id, [Tagging(ThemeId("a"), 0.9)])], tagger="1")
    return id


def read(store: Store, id: ArticleId) -> Article:
    with store.read() as tx:
        return tx.articles.by_id(id)


def shown(store: Store) -> list[list[ArticleId]]:
    """The groups as lists show them, the leader first."""
    with store.read() as tx:
        found = tx.articles.recent()
    return sorted([one.id, *(other.id for other in one.also)] for one in found)


def indexed(store: Store) -> set[ArticleId]:
    """What the change log holds, which is then emptied."""
    with store.begin() as tx:
        changes = tx.changes.next(1000)
        tx.changes.done(changes)
    return {change.article_id for change in changes}


# -- finding ------------------------------------------------------------------------------------


def test_the_first_to_appear_leads_and_each_names_the_others(store: Store) -> None:
    late = keep(store, TEXT, by="beta", days=2)
    first = keep(store, TEXT, title="Un autre titre", days=1)
    cut = keep(store, TEXT[: len(TEXT) // 2], by="gamma")
    alone = keep(store, OTHER, by="gamma")
    indexed(store)
    report = group(store)
    assert (report.done, report.details["grouped"]) == (4, 3)
    assert shown(store) == [[first, late, cut], [alone]]
    assert indexed(store) == {first, late, cut}
    leader, follower = read(store, first), read(store, cut)
    assert [(one.source.slug, one.same.likeness) for one in leader.also] == [
        ("beta", Likeness.TEXT),
        ("gamma", Likeness.PART),
    ]
    assert [one.id for one in follower.also] == [first, late]
    assert (leader.leads, follower.leads) == (True, False)
    assert follower.also[0].same.likeness is Likeness.PART


def test_an_article_that_was_not_read_never_leads(store: Store) -> None:
    unread = keep(store, "", title=TITLE)
    whole = keep(store, TEXT, title=TITLE, by="beta", days=3)
    group(store)
    assert shown(store) == [[whole, unread]]
    assert read(store, whole).also[0].same.likeness is Likeness.TITLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"title": "Agenda"}, {"title": "Agenda", "by": "beta"}, id="short title"),
        pytest.param({"title": TITLE}, {"title": TITLE, "by": "beta", "days": 9}, id="days apart"),
        pytest.param(
            {"title": TITLE, "text": "L’assemblée vote demain, après des semaines de débats."},
            {"title": TITLE, "by": "beta", "text": "Trois communes ferment leur accueil de jour."},
            id="short texts that say other things",
        ),
        pytest.param({"title": TITLE, "text": TEXT}, {"title": TITLE, "by": "beta", "text": OTHER}),
        pytest.param({"text": "Lire la suite"}, {"text": "Lire la suite", "by": "beta"}),
        pytest.param({"text": ""}, {"text": "", "by": "beta"}),
    ],
)
def test_too_little_proves_nothing(
    store: Store, one: dict[str, object], other: dict[str, object]
) -> None:
    for number, given in enumerate((one, other)):
        keep(store, **{"text": "", "title": "Sans titre", "at": str(number)} | given)  # type: ignore[arg-type]
    group(store)
    assert all(len(some) == 1 for some in shown(store))


def test_a_column_that_keeps_its_title_is_not_one_article(store: Store) -> None:
    keep(store, "", title=TITLE, days=-30)
    keep(store, "", title=TITLE, days=0)
    keep(store, "", title=TITLE, by="beta", days=1)
    group(store)
    assert all(len(some) == 1 for some in shown(store))


def test_what_a_site_shows_in_place_of_its_articles_is_no_article(store: Store) -> None:
    for number in range(4):
        keep(store, TEXT, title=f"{TITLE} ({'abcd'[number]} seulement)", days=number)
        group(store)
    assert all(len(some) == 1 for some in shown(store))


def test_in_its_source_s_list_an_article_stands_for_itself(store: Store) -> None:
    leader = keep(store, TEXT)
    copy = keep(store, TEXT, by="beta", days=1)
    again = keep(store, TEXT + " Mis à jour.", by="beta", days=2)
    group(store)
    with store.read() as tx:
        source = tx.sources.by_slug("beta").id
        assert [one.id for one in tx.articles.recent(source=source)] == [copy]
        assert tx.articles.count(source=source) == 1
        assert [one.id for one in tx.articles.recent(theme="a")] == [leader]
        assert (tx.articles.count(theme="a"), tx.articles.count()) == (1, 1)
        new = tx.articles.gathered(since=NOW, within=timedelta(days=9), limit=9)
        assert [one.id for one in new] == [leader]
        assert tx.articles.theme_counts(since=NOW, until=NOW + timedelta(days=9)) == {"a": 1}
        assert [one.id for one in tx.articles.by_ids([again])] == [again]


# -- changes --------------------------------------------------------------------------------------


def test_an_article_whose_text_changes_leaves_its_group_and_comes_back(store: Store) -> None:
    first = keep(store, TEXT)
    copy = keep(store, TEXT, by="beta", days=1, at="a")
    group(store)
    keep(store, OTHER, by="beta", days=1, at="a")
    indexed(store)
    group(store)
    assert shown(store) == [[first], [copy]]
    assert indexed(store) == {first, copy}
    keep(store, TEXT, by="beta", days=1, at="a")
    group(store)
    assert shown(store) == [[first, copy]]


def test_when_the_leader_changes_those_that_followed_it_keep_together(store: Store) -> None:
    first = keep(store, TEXT, at="a")
    second, third = (keep(store, TEXT, by=by, days=1) for by in ("beta", "gamma"))
    group(store)
    keep(store, OTHER, at="a")
    group(store)
    assert shown(store) == [[first], [second, third]]


def test_an_article_whose_publisher_opposes_mining_is_compared_with_none(store: Store) -> None:
    one = keep(store, TEXT, title=TITLE)
    other = keep(store, TEXT, title=TITLE, by="beta")
    group(store)
    with store.begin() as tx:
        tx.articles.oppose([other], NOW)
    group(store)
    third = keep(store, "", title=TITLE, by="gamma")
    group(store)
    with store.read() as tx:
        assert tx.groups.leaders([one, other, third]) == {third: one}
        assert tx.groups.holders(keys_of(piece_of(tx.groups.comparable([one])[0])).keys())
        (opposed,) = tx.groups.comparable([other])
        assert keys_of(piece_of(opposed)) == {}
    with store.begin() as tx:
        say_same(tx, one, other, by=None, now=NOW)
        assert tx.groups.leaders([other]) == {other: one}


def test_what_its_publisher_withdrew_no_longer_leads(store: Store) -> None:
    first, copy = keep(store, TEXT), keep(store, TEXT, by="beta", days=1)
    group(store)
    with store.begin() as tx:
        tx.revisits.missing(first, since=NOW, gone=NOW, next_due=None)
    group(store)
    assert shown(store) == [[copy, first]]
    with store.begin() as tx:
        tx.revisits.found(first, None)
    group(store)
    assert shown(store) == [[first, copy]]


def test_copies_of_what_was_withdrawn_for_good_keep_together(store: Store) -> None:
    first = keep(store, TEXT)
    second, third = (keep(store, TEXT, by=by, days=1) for by in ("beta", "gamma"))
    group(store)
    with store.begin() as tx:
        tx.articles.withdraw(first, NOW)
    group(store)
    assert shown(store) == [[second, third]]


def test_once_compared_an_article_is_not_compared_again(store: Store) -> None:
    keep(store, TEXT)
    assert (group(store).done, group(store).done) == (1, 0)


# -- what somebody says ---------------------------------------------------------------------------


def test_what_somebody_separates_never_comes_together_again(store: Store) -> None:
    first = keep(store, TEXT, at="a")
    copy = keep(store, TEXT, by="beta", days=1, at="b")
    third = keep(store, TEXT, by="gamma", days=2)
    group(store)
    indexed(store)
    with store.begin() as tx:
        say_apart(tx, copy, [first, third], by=None, now=NOW)
    assert shown(store) == [[first, third], [copy]]
    assert indexed(store) >= {first, copy}
    keep(store, f"{TEXT} Fin.", by="beta", days=1, at="b")
    fourth = keep(store, TEXT, by="delta", days=3)
    group(store)
    assert [copy] in shown(store)
    assert [first, third, fourth] in shown(store)


def test_what_somebody_brings_together_stays_together(store: Store) -> None:
    one, other = keep(store, TEXT, at="a"), keep(store, OTHER, by="beta", days=1)
    group(store)
    with store.begin() as tx:
        say_same(tx, other, one, by=None, now=NOW)
    assert read(store, one).also[0].same.likeness is Likeness.HAND
    keep(store, THIRD, at="a")
    group(store)
    assert [sorted(some) for some in shown(store)] == [[one, other]]
    with store.begin() as tx:
        say_apart(tx, one, [other], by=None, now=NOW)
    assert shown(store) == [[one], [other]]


def test_what_somebody_takes_back_is_found_again(store: Store) -> None:
    one, other = keep(store, TEXT), keep(store, TEXT, by="beta", days=1)
    with store.begin() as tx:
        say_apart(tx, other, [one], by=None, now=NOW)
    group(store)
    assert shown(store) == [[one], [other]]
    with store.begin() as tx:
        take_back(tx, one, other, by=None, now=NOW)
        take_back(tx, one, other, by=None, now=NOW)
        assert len(tx.audit.recent(kind="copies")) == 2
    group(store)
    assert shown(store) == [[one, other]]


# -- many -----------------------------------------------------------------------------------------


def _many(store: Store, order: Sequence[int]) -> None:
    for number in order:
        at, place = divmod(number, 3)
        text = TEXTS[at] if place < 2 else TEXTS[at][: len(TEXTS[at]) * 2 // 3]
        keep(store, text, by=f"site-{place}", days=place, at=str(at))


def _by_url(store: Store) -> set[tuple[str, ...]]:
    with store.read() as tx:
        found = tx.articles.recent()
    return {tuple(sorted((one.url, *(other.url for other in one.also)))) for one in found}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_articles_come_changes_nothing(store: Store, seed: int) -> None:
    order = list(range(3 * len(TEXTS)))
    Random(seed).shuffle(order)
    _many(store, order[:20])
    group(store)
    _many(store, order[20:])
    group(store)
    assert len(_by_url(store)) == len(TEXTS)
    assert all(len(some) == 3 for some in _by_url(store))


class Stopped(Exception):
    """Somebody stopped the stage."""


def test_a_stage_that_was_stopped_goes_on_where_it_was(store: Store) -> None:
    count = BATCH * 2 + 10
    for document in made_up(count // 2, words=120):
        for by in ("alpha", "beta"):
            keep(store, document.text, by=by, days=by == "beta", at=str(document.id))

    def stop(done: int, total: int) -> None:
        assert (done, total) == (BATCH, count)
        raise Stopped

    with pytest.raises(Stopped):
        group(store, progress=stop)
    assert group(store).done == count - BATCH
    assert all(len(some) == 2 for some in _by_url(store))
