"""Closed digests, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.digests import ClosedDigest
from core.model import ArticleId, Kind, ThemeId
from core.weeks import Week
from store import Store

ONE, TWO, THREE = (ArticleId(n) for n in (1, 2, 3))
CLOSED = ClosedDigest(
    Week(2026, 47), datetime(2026, 11, 23, 5, tzinfo=UTC), "La semaine", (ONE,),
    ((ThemeId("logement"), (TWO, THREE)),), ((Kind.OFFICIAL, (ArticleId(4),)),), (ArticleId(5),),
    ((ONE, (ArticleId(6),)),), 7, 1,
)  # fmt: skip


def test_a_digest_comes_back_as_it_was_closed_and_is_closed_once(store: Store) -> None:
    with store.begin() as tx:
        assert tx.digests.of(CLOSED.week) is None
        assert tx.digests.keep(CLOSED)
        assert not tx.digests.keep(replace(CLOSED, headline="Autre"))
    with store.read() as tx:
        assert tx.digests.of(CLOSED.week) == CLOSED
        weeks = [CLOSED.week, CLOSED.week.previous]
        assert tx.digests.closed_among(weeks, CLOSED.closed) == {CLOSED.week}
    assert CLOSED.ids == (1, 2, 3, 4, 5, 6)


def test_a_digest_closed_by_a_clock_far_ahead_is_closed_again_in_its_time(store: Store) -> None:
    early = replace(CLOSED, closed=CLOSED.closed + timedelta(days=10), headline="Vide")
    with store.begin() as tx:
        assert tx.digests.keep(early)
        assert tx.digests.closed_among([CLOSED.week], CLOSED.closed) == set()
        assert tx.digests.keep(CLOSED)
        assert tx.digests.of(CLOSED.week) == CLOSED
