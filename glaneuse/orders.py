"""What the workers have to do, asked of the store: orders that say no more than where to look.

An order names a stage and the host or the slice of rows it is for. What there is to do there is
asked of the store again by whoever takes it, so that an order too many does nothing, and one that
was lost comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from glaneuse.schedule import Job, is_due

if TYPE_CHECKING:
    from store import ReadTransaction
    from store.jobs import JobRun

MANY = 2_000  # changes that are indexed though more are coming
GATHER = "update"  # the job of the schedule that stands for the stages, here spread


class Stage(StrEnum):
    """What a worker may do."""

    COLLECT = "collect"
    READ = "read"
    GROUP = "group"
    TAG = "tag"
    TELL = "stories"
    INDEX = "index"
    CHORES = "chores"  # the other jobs of the schedule: letters, mail, tidying


@dataclass(frozen=True, slots=True)
class Order:
    """A stage, and of what: a host, the number of a slice, the name of a job, or "" for all."""

    stage: Stage
    of: str = ""

    @property
    def name(self) -> str:
        """What it is called: ordered once at a time."""
        return f"{self.stage}:{self.of}"

    @property
    def alone(self) -> str:
        """What nobody else may do meanwhile: letters and mail wait for each other."""
        return self.stage.value if self.stage is Stage.CHORES else self.name


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of what tags and describes today."""

    tagger: str
    describer: str


def gathering(tx: ReadTransaction, now: datetime) -> Iterator[Order]:
    """Visits, a host each."""
    from crawler.stages import hosts_due

    for host in sorted(hosts_due(tx, now)):
        yield Order(Stage.COLLECT, host)


def stages(tx: ReadTransaction, versions: Versions) -> Iterator[Order]:
    """What the stages have to do.

    The index comes last, what is not read, grouped and tagged having to be indexed again; but a
    long reading does not keep it waiting for ever.
    """
    before = [
        *(Order(Stage.READ, str(one.number)) for one in tx.pages.slices_waiting()),
        *([Order(Stage.GROUP)] if tx.groups.count_waiting() else []),
        *(
            Order(Stage.TAG, str(one.number))
            for one in tx.articles.slices_waiting(versions.tagger, versions.describer)
        ),
    ]
    if not before and tx.stories.count_waiting():
        before.append(Order(Stage.TELL))  # once their themes and groups are known
    yield from before
    if tx.changes.count() > (MANY if before else 0):
        yield Order(Stage.INDEX)


def chores(
    tx: ReadTransaction, jobs: Iterable[Job], runs: Mapping[str, JobRun], now: datetime
) -> Iterator[Order]:
    """The other jobs of the schedule whose time it is."""
    for job in jobs:
        run = runs.get(job.name)
        if is_due(job, run.started if run else None, now) and job.wanted(tx, now):
            yield Order(Stage.CHORES, job.name)
