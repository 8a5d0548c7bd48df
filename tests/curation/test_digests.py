from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.digests import ClosedDigest
from core.model import (
    Announcement,
    Article,
    ArticleId,
    Extracted,
    Kind,
    SourceKind,
    Tagging,
    ThemeId,
)
from core.newsletters import Content, Entry, EntryKind, Section
from core.weeks import Week
from curation.digest import Digest
from curation.digests import close, closing_of, digest_of, last_to_close, reopened
from curation.period import Period
from store import Store
from store.backfills import Step
from tests.curation.samples import PERIOD, THEMES, article, reprint

WEEK = Week(2026, 47)
MONDAY = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)  # half past six in Paris
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # when sources were added


def _keep(store: Store, one: Article) -> ArticleId:
    with store.begin() as transaction:
        origin = transaction.sources.add(
            name=one.source.name,
            url=one.source.url,
            feed=one.source.feed,
            kind=SourceKind.FEED,
            now=LONG_AGO,
        )
        extracted = Extracted(one.url, one.title, one.text, published=one.published)
        id, _ = transaction.articles.save(extracted, source_id=origin.id, now=PERIOD.end)
        transaction.articles.save_taggings([(id, one.taggings)], tagger="1")
        return id


def _week(store: Store) -> Digest:
    return digest_of(store, Period.of_week(WEEK), THEMES)


def _titles(digest: Digest) -> list[str]:
    return [one.title for one in digest.articles]


def test_a_digest_is_made_of_what_the_store_holds(store: Store) -> None:
    _keep(store, article(1, by=1))
    _keep(store, article(2, by=2, themes=""))
    _keep(store, article(3, by=3, hours_ago=200))
    digest = digest_of(store, PERIOD, THEMES)
    assert [one.title for one in digest.articles] == ["Titre 1"]
    assert digest.headline == "Titre 1"


def test_what_is_in_the_basket_or_in_a_letter_comes_first(store: Store) -> None:
    ids = [_keep(store, article(n, by=n, themes="abcdef"[n - 1])) for n in range(1, 7)]
    kept, written = ids[4], ids[5]
    entry = Entry("x", EntryKind.ARTICLE, article=kept)
    letter = Content(sections=(Section("s", "", (replace(entry, article=written),)),))
    with store.begin() as tx:
        tx.basket.put(entry, by=None, now=PERIOD.end)
        tx.newsletters.add(letter, since=PERIOD.start, until=PERIOD.end, by=None, now=PERIOD.end)
    digest = digest_of(store, PERIOD, THEMES)
    assert {one.id for one in digest.leading[:2]} == {kept, written}


# -- closing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (datetime(2026, 11, 23, 4, 59, tzinfo=UTC), Week(2026, 46)),
        (datetime(2026, 11, 23, 5, 0, tzinfo=UTC), Week(2026, 47)),
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), Week(2026, 47)),
        (datetime(2026, 7, 6, 3, 59, tzinfo=UTC), Week(2026, 26)),  # in summer, two hours ahead
        (datetime(2026, 7, 6, 4, 0, tzinfo=UTC), Week(2026, 27)),
        (datetime(2027, 1, 4, 5, 0, tzinfo=UTC), Week(2026, 53)),
    ],
)
def test_a_week_is_closed_on_monday_at_six_in_paris(now: datetime, week: Week) -> None:
    assert last_to_close(now) == week
    assert closing_of(week) <= now < closing_of(week.next)


def test_a_closed_week_does_not_change_but_for_what_is_withdrawn(store: Store) -> None:
    ids = [_keep(store, article(n, by=n, themes="abcdefg"[n - 1])) for n in range(1, 8)]
    assert close(store, THEMES, MONDAY - timedelta(hours=1)).done == 4
    before = _week(store)
    assert before.closed is None
    assert close(store, THEMES, MONDAY).done == 1
    assert close(store, THEMES, MONDAY + timedelta(days=2)).done == 0
    closed = _week(store)
    assert closed == replace(before, closed=MONDAY)
    _keep(store, article(9, by=9, themes="a", score=1.0))
    with store.begin() as tx:
        tx.articles.save_taggings([(ids[0], (Tagging(THEMES[9].id, 0.9),))], tagger="2")
    assert _titles(_week(store)) == _titles(closed)
    gone = closed.leading[0]
    with store.begin() as tx:
        tx.articles.withdraw(gone.id, MONDAY)
    assert _titles(_week(store)) == [title for title in _titles(closed) if title != gone.title]


def test_an_empty_week_is_closed_and_stays_empty(store: Store) -> None:
    close(store, THEMES, MONDAY)
    _keep(store, article(1))
    assert _week(store) == Digest(Period.of_week(WEEK), closed=MONDAY)


def test_weeks_over_before_a_source_was_added_grow_until_it_has_been_read_back(
    store: Store,
) -> None:
    wednesday = MONDAY - timedelta(days=5)
    with store.begin() as tx:
        new = tx.sources.add(
            name="Un", url="https://un.example/", feed="https://un.example/feed",
            kind=SourceKind.FEED, now=wednesday,
        )  # fmt: skip
    assert close(store, THEMES, wednesday).done == 0  # it was never visited
    with store.begin() as tx:
        tx.sources.record_start([new.id], now=wednesday)
        tx.backfills.ask(new.id, LONG_AGO, [Step("feed", f"{new.feed}?paged=2")])
        held = tx.backfills.of([new.id])[new.id]
    assert close(store, THEMES, wednesday).done == 0  # it is being read back
    assert close(store, THEMES, MONDAY).done == 1  # the week in which it was added
    told = {f"{new.url}a": Announcement(f"{new.url}a")}
    with store.begin() as tx:
        tx.backfills.put(replace(held, done=wednesday))
        (page,) = tx.pages.announce(new.id, told, wednesday)
    assert close(store, THEMES, MONDAY).done == 0  # what was found is not asked for yet
    with store.begin() as tx:
        tx.pages.postpone(page.id, MONDAY, "ne répond pas")
    assert close(store, THEMES, MONDAY).done == 3


def test_what_changed_since_is_shown_as_it_is_today() -> None:
    one, two, three, four, five = (article(n, by=n) for n in range(1, 6))
    closed = ClosedDigest(
        WEEK, MONDAY, "La semaine", (one.id,), ((THEMES[0].id, (two.id, three.id)),
        (ThemeId("parti"), (four.id,))), ((Kind.OFFICIAL, (five.id,)),), (), (), 0, 0,
    )  # fmt: skip
    same = replace(one, also=(reprint(2, by=2),))
    digest = reopened(closed, [same, two, three, four, five], THEMES)
    assert digest.leading == (same,)
    assert [(part.theme.id, part.articles) for part in digest.sections] == [("a", (three,))]
    assert [part.title for part in digest.rubrics] == ["Textes officiels"]
    assert digest.more == (four,)
