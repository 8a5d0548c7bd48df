"""What an installation does by itself, and when: pure, so that any moment can be asked about.

Each job is a command that anybody could type. Those of one lane never run at the same time; the
lanes do, so that a long collect holds up no letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from store import Transaction


class Lane(StrEnum):
    """Jobs that wait for each other."""

    GATHERING = "gathering"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Job:
    """A command to run from time to time."""

    name: str
    words: tuple[str, ...]  # after « glaneuse »
    every: timedelta  # from one start to the next
    lane: Lane
    limit: timedelta  # that one run may take
    wanted: Callable[[Transaction, datetime], bool] = lambda _tx, _now: True
    grace: timedelta = timedelta(minutes=1)  # that one over its limit has to leave things in order


def _letters_wait(tx: Transaction, now: datetime) -> bool:
    return tx.outbox.count_due(now) > 0


def _newsletters_wait(tx: Transaction, now: datetime) -> bool:
    return bool(tx.newsletters.due(now))


JOBS: Final = (
    # Visits what is due: a source has its own rhythm.
    Job("update", ("update",), timedelta(minutes=10), Lane.GATHERING, timedelta(hours=6)),
    # As `update` ends by doing; workers have no such end.
    Job("weeks", ("digest", "--close"), timedelta(hours=1), Lane.GATHERING, timedelta(minutes=30)),
    Job("retention", ("retention",), timedelta(days=1), Lane.GATHERING, timedelta(hours=1)),
    # What went wrong with sources since yesterday, to those who keep them.
    Job(
        "health",
        ("sources", "tell"),
        timedelta(days=1),
        Lane.MAIL,
        timedelta(hours=1),
    ),
    Job("letters", ("letters", "send"), timedelta(minutes=15), Lane.MAIL, timedelta(hours=12)),
    # What the editors have sent, without waiting for the next round.
    Job(
        "newsletters",
        ("letters", "send"),
        timedelta(minutes=1),
        Lane.MAIL,
        timedelta(hours=12),
        _newsletters_wait,
    ),
    Job(
        "mail",
        ("mail", "send"),
        timedelta(minutes=1),
        Lane.MAIL,
        timedelta(hours=12),
        _letters_wait,
    ),
)


def next_job(
    jobs: Iterable[Job], started: Mapping[str, datetime], now: datetime
) -> tuple[Job, datetime]:
    """The job whose turn comes first, and when: ``now`` when it is overdue.

    ``started``: when each last began. One that began later than now, the clock having been put
    back, is due at once rather than in a year.
    """
    turns = [(_turn(job, started.get(job.name), now), order, job) for order, job in enumerate(jobs)]
    at, _, job = min(turns)
    return job, max(at, now)


def is_due(job: Job, started: datetime | None, now: datetime) -> bool:
    """Whether it is this job's time; ``started``: when it last began."""
    return _turn(job, started, now) <= now


def _turn(job: Job, started: datetime | None, now: datetime) -> datetime:
    if started is None or started > now:
        return datetime.min.replace(tzinfo=now.tzinfo)
    return started + job.every
