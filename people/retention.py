"""How long what concerns people is kept, and forgetting what is no longer needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from people.privacy import BIN_KEPT, DRAFTS_KEPT, HISTORY_KEPT, LINKS_KEPT
from people.sessions import IDLE, WHOLE
from people.throttle import KEPT as ATTEMPTS_KEPT
from store import Store, Transaction


class Thing(StrEnum):
    """What is forgotten after a while."""

    UNCONFIRMED = "unconfirmed"  # asked for by mail, never agreed to
    CONFIRMATIONS = "confirmations"  # links of confirmation letters
    LEFT = "left"  # addresses of those who left
    PROOFS = "proofs"  # that they had agreed, under a digest of the address
    LETTERS = "letters"  # what letters said, and to whom
    TOLD = "told"  # which articles somebody was sent
    REQUESTS = "requests"  # dealt with
    SESSIONS = "sessions"
    LINKS = "links"  # invitations, resets
    DRAFTS = "drafts"
    BIN = "bin"  # reading lists thrown away
    REVISIONS = "revisions"  # of reading lists: who changed what
    PICTURES = "pictures"  # that no letter has, nor any version of one
    ATTEMPTS = "attempts"
    HISTORY = "history"
    PAGES = "pages"  # raw pages of the sites read


KEPT: Final = MappingProxyType(
    {
        Thing.UNCONFIRMED: timedelta(days=14),
        Thing.CONFIRMATIONS: timedelta(days=30),
        Thing.LEFT: timedelta(days=30),
        Thing.PROOFS: timedelta(days=3 * 365),
        Thing.LETTERS: timedelta(days=30),
        Thing.TOLD: timedelta(days=30),
        Thing.REQUESTS: timedelta(days=365),
        Thing.SESSIONS: WHOLE,
        Thing.LINKS: LINKS_KEPT,
        Thing.DRAFTS: DRAFTS_KEPT,
        Thing.BIN: BIN_KEPT,
        Thing.REVISIONS: HISTORY_KEPT,
        Thing.PICTURES: timedelta(days=30),
        Thing.ATTEMPTS: ATTEMPTS_KEPT,
        Thing.HISTORY: HISTORY_KEPT,
        Thing.PAGES: timedelta(days=30),
    }
)


LEAP: Final = timedelta(days=60)  # from one look at the clock to the next: it may be wrong
WAIT: Final = timedelta(hours=20)  # before such a clock is believed
CLOCK: Final = "clock"  # among the jobs: when retention last looked at it


def believes(store: Store, now: datetime) -> bool:
    """Whether the clock goes on as clocks do; to be asked before what cannot be undone.

    After a leap ahead it is believed the day after: one that is a year ahead for an hour, by an
    error, has nothing erased.
    """
    with store.begin() as tx:
        last = tx.jobs.all().get(CLOCK)
        since = timedelta() if last is None else now - last.started
        if last is not None and last.said and timedelta() <= since < WAIT:
            return False
        tx.jobs.start(CLOCK, now=now)
        leapt = since > LEAP
        tx.jobs.end(CLOCK, now=now, code=0, said=f"{since.days} jours" if leapt else "")
    return not leapt


def forget(store: Store, now: datetime) -> dict[Thing, int]:
    """Forget what is older than it may be; how many of each. Again at once: none."""
    with store.begin() as tx:
        forgotten = {thing: prune(tx, now - KEPT[thing]) for thing, prune in _PRUNING.items()}
    return forgotten | {Thing.PAGES: store.bodies.prune(now - KEPT[Thing.PAGES])}


def _prune_sessions(tx: Transaction, before: datetime) -> int:
    return tx.sessions.prune(started_before=before, seen_before=before + WHOLE - IDLE)


# Proofs before addresses: what is forgotten whole is not counted twice.
_PRUNING: Final[Mapping[Thing, Callable[[Transaction, datetime], int]]] = MappingProxyType(
    {
        Thing.UNCONFIRMED: lambda tx, before: tx.subscriptions.prune_unconfirmed(before),
        # Counted from when they expire: until then they say so to who follows them late.
        Thing.CONFIRMATIONS: lambda tx, before: tx.subscriptions.prune_links(before),
        Thing.PROOFS: lambda tx, before: tx.subscriptions.prune_ended(before),
        Thing.LEFT: lambda tx, before: tx.subscriptions.forget_addresses(before),
        Thing.LETTERS: lambda tx, before: tx.outbox.forget_ended(before),
        Thing.TOLD: lambda tx, before: tx.subscriptions.prune_told(before),
        Thing.REQUESTS: lambda tx, before: tx.requests.prune(before),
        Thing.SESSIONS: _prune_sessions,
        Thing.LINKS: lambda tx, before: tx.links.prune(before),
        Thing.DRAFTS: lambda tx, before: tx.drafts.prune(before),
        Thing.BIN: lambda tx, before: tx.reading_lists.prune_bin(before),
        Thing.REVISIONS: lambda tx, before: tx.reading_lists.prune_revisions(before),
        Thing.PICTURES: lambda tx, before: tx.pictures.prune(before),
        Thing.ATTEMPTS: lambda tx, before: tx.attempts.prune(before),
        Thing.HISTORY: lambda tx, before: tx.audit.prune(before),
    }
)
