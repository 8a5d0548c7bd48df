"""What a clock a year ahead leaves, put right when it comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.letters import Letter
from core.model import Source, SourceKind
from store import Store, Transaction

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
AHEAD = NOW + timedelta(days=365)
HOUR = timedelta(hours=1)


def add_source(tx: Transaction) -> Source:
    """One that is visited."""
    site = "https://a.example/"
    return tx.sources.add(name="A", url=site, feed=f"{site}f", kind=SourceKind.FEED, now=NOW)


def test_nothing_waits_for_a_year(store: Store) -> None:
    with store.begin() as tx:
        source = add_source(tx)
        tx.sources.record_failure(source.id, now=AHEAD, next_visit=AHEAD + HOUR, error="panne")
        tx.hosts.wait("a.example", AHEAD + HOUR)
        tx.outbox.add(Letter("k", "camille@exemple.fr", "Objet", "Texte"), now=AHEAD)
        tx.leases.take("mail", holder="dead", place="elsewhere", now=AHEAD, until=AHEAD + HOUR)
    with store.begin() as tx:
        assert tx.sources.due(NOW) == []
        assert tx.outbox.next(10, NOW) == []
        assert not tx.leases.take("mail", holder="me", place="here", now=NOW, until=NOW + HOUR)
        assert tx.appointments.bring_back(NOW) == 4
    with store.begin() as tx:
        assert [one.slug for one in tx.sources.due(NOW)] == [source.slug]
        assert tx.hosts.waiting(NOW) == {}
        assert [one.letter.key for one in tx.outbox.next(10, NOW)] == ["k"]
        assert tx.leases.take("mail", holder="me", place="here", now=NOW, until=NOW + HOUR)
        assert tx.appointments.bring_back(NOW) == 0


def test_what_waits_for_good_reasons_is_left(store: Store) -> None:
    with store.begin() as tx:
        source = add_source(tx)
        month = NOW + timedelta(days=30)
        tx.sources.record_failure(source.id, now=NOW, next_visit=month, error="panne")
        tx.hosts.wait("a.example", NOW + timedelta(days=7))
        tx.leases.take("mail", holder="me", place="here", now=NOW, until=NOW + HOUR)
        assert tx.appointments.bring_back(NOW) == 0
        assert tx.appointments.bring_back(NOW - HOUR) == 0  # put back for the winter
