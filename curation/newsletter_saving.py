"""Saving a letter, whoever else is writing in it: nothing that was typed is lost.

Whoever saves says which version they had read. When somebody saved another meanwhile, both are
merged; what the latecomer wrote is kept as a version of its own, which is also the one that they
have before them, so that their next save is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.errors import Conflict
from core.newsletters import Content, NewsletterId, Version
from core.people import PersonId
from curation.newsletter_merging import Collision, merge
from store import Transaction

WHOLE: Final = timedelta(days=1)  # for which every version is kept; then one an hour and person
PAUSE: Final = timedelta(minutes=10)  # after which a person's next change is told as another


@dataclass(frozen=True, slots=True)
class Saving:
    """What came of it. ``version``: what the person who saved has before them."""

    version: int
    collisions: tuple[Collision, ...] = ()
    by_others: bool = False  # the letter has changes of others, that this person has not seen


def save(
    tx: Transaction,
    id: NewsletterId,
    mine: Content,
    *,
    read: int,
    by: PersonId | None,
    now: datetime,
) -> Saving:
    """Keep what was written over the version ``read``.

    Raises NotFound; Conflict when the letter may no longer be changed, what was written being
    another than the letter.
    """
    held = tx.newsletters.hold(id)
    if mine == held.content:
        return Saving(held.version)
    if not held.is_open:
        raise Conflict(f"newsletter {id} is {held.state}")
    if read == held.version:
        version = tx.newsletters.save(id, mine, over=read, by=by, now=now)
        _thin(tx, id, now)
        return Saving(version)
    base = tx.newsletters.content_of(id, read)
    if base == mine:
        return Saving(read, by_others=True)
    merged = merge(base, held.content, mine)
    version = tx.newsletters.keep_aside(id, mine, over=held.version, by=by, now=now)
    tx.newsletters.save(id, merged.content, over=version, by=by, now=now)
    return Saving(version, merged.collisions, by_others=True)


def milestones(versions: Iterable[Version]) -> list[Version]:
    """Those worth telling, latest first: the last before a pause, or before somebody else's."""
    found: list[Version] = []
    later: Version | None = None
    for one in versions:
        if later is None or one.by != later.by or later.at - one.at > PAUSE:
            found.append(one)
        later = one
    return found


def superfluous(versions: Iterable[Version], now: datetime) -> list[int]:
    """The old ones, but for the last of each hour and person; ``versions``: latest first."""
    gone, seen = [], set()
    for one in versions:
        hour = (one.by, one.at.replace(minute=0, second=0, microsecond=0))
        if hour in seen and now - one.at > WHOLE:
            gone.append(one.number)
        seen.add(hour)
    return gone


def _thin(tx: Transaction, id: NewsletterId, now: datetime) -> None:
    if gone := superfluous(tx.newsletters.versions(id), now):
        tx.newsletters.forget_versions(id, gone)
