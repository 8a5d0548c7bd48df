"""Orders done, one at a time: the stage functions of the schedule, on a host or a slice."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from core.clock import Clock
from core.errors import IndexOutdated
from core.model import Report
from core.settings import Settings
from glaneuse.orders import GATHER, Order, Stage, Versions, chores, gathering, stages
from glaneuse.running import GRACE, Command, Say
from glaneuse.schedule import Job
from glaneuse.wiring import (
    as_said,
    open_describer,
    open_engine,
    open_rarity,
    open_tagger,
    vocabulary_of,
)
from store import Store
from store.shares import Slice

if TYPE_CHECKING:
    from crawler.fetching import Fetcher
    from taxonomy.describing import Describer
    from taxonomy.tagger import Tagger

RENEWED: Final = timedelta(minutes=5)  # after which another process fetches
HANGS: Final = 300.0  # seconds without any progress after which a reading is given up
BUSY: Final = "quelqu’un d’autre s’en occupe"


class Stopped(BaseException):
    """The worker was asked to end; what was done is kept, the rest is for another time."""


@dataclass
class Workshop:
    """What a worker works with; made once. ``command``: how a job's words become a process."""

    settings: Settings
    store: Store
    clock: Clock
    jobs: Sequence[Job]
    command: Callable[[Sequence[str]], Sequence[str]]
    say: Say
    stopping: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Have what is under way end at its next step."""
        self.stopping.set()
        self._chore.interrupt()
        killing = threading.Timer(GRACE, self._chore.kill)
        killing.daemon = True
        killing.start()

    # -- what there is to do ----------------------------------------------------------------------

    def plan(self) -> list[Order]:
        """What the workers have to do now. Visits are ordered at the rhythm of the schedule."""
        now = self.clock()
        versions = Versions(self._tagger().version, self._describer.version)
        others = [job for job in self.jobs if job.name != GATHER]
        with self.store.read() as tx:
            runs = tx.jobs.all()
            orders = [*stages(tx, versions), *chores(tx, others, runs, now)]
            gather = [job for job in self.jobs if job.name == GATHER]
            visits = list(gathering(tx, now)) if list(chores(tx, gather, runs, now)) else None
        if visits is not None:
            self._note_visits(len(visits), now)
        return [*(visits or []), *orders]

    def _note_visits(self, hosts: int, now: datetime) -> None:
        from crawler.stages import KEPT

        with self.store.begin() as tx:
            tx.appointments.bring_back(now)
            tx.jobs.start(GATHER, now=now)
            tx.jobs.end(GATHER, now=now, code=0, said=f"{hosts} sites à visiter")
        self.store.bodies.prune(now - KEPT)

    # -- doing it -----------------------------------------------------------------------------

    def do(self, order: Order, *, careful: bool) -> str:
        """Do an order, unless somebody else does; what came of it, in a line.

        ``careful``: whoever took it before died of it. Raises Stopped.
        """
        with self.store.holding(order.alone) as mine:
            if not mine:
                return BUSY
            return self._done(order, careful=careful)

    def _done(self, order: Order, *, careful: bool) -> str:
        how: dict[Stage, Callable[[], str]] = {
            Stage.COLLECT: lambda: self._collect(order.of),
            Stage.READ: lambda: self._read(_slice(order), careful=careful),
            Stage.GROUP: self._group,
            Stage.TAG: lambda: self._tag(_slice(order)),
            Stage.TELL: self._tell,
            Stage.INDEX: self._index,
            Stage.CHORES: lambda: self._do_chore(order.of),
        }
        return how[order.stage]()

    def _collect(self, host: str) -> str:
        from crawler.stages import collect_at

        with self._fetching() as fetcher:
            report = collect_at(
                self.store, self.settings, self.clock, fetcher, host, progress=self._go_on
            )
        return _said(report)

    @contextmanager
    def _fetching(self) -> Iterator[Fetcher]:
        """A fetcher, kept for a few orders: its process takes seconds to start.

        Not for long, since it remembers who asked it to wait; nor when an order was cut short.
        """
        from crawler.fetching import options_from
        from crawler.memory import fetcher_for

        fetcher, since = self._open.pop() if self._open else (None, self.clock())
        if fetcher is not None and self.clock() - since > RENEWED:
            fetcher.close()
            fetcher, since = None, self.clock()
        if fetcher is None:
            options = replace(options_from(as_said(self.settings, self.store)), processes=1)
            fetcher = fetcher_for(self.store, options, self.clock)
        try:
            yield fetcher
        except BaseException:
            fetcher.close()
            raise
        self._open.append((fetcher, since))

    def close(self) -> None:
        """End what was kept running."""
        for fetcher, _ in self._open:
            fetcher.close()
        self._open.clear()

    def _read(self, share: Slice, *, careful: bool) -> str:
        """By ourselves, which is quickest; in a process that may die when one did."""
        from crawler.stages import read

        with _Patience(HANGS, self.say) as patience:

            def progress(done: int, total: int) -> None:
                patience.renew()
                self._go_on(done, total)

            processes = 1 if careful else 0
            report = read(
                self.store, self.clock, share=share, processes=processes, progress=progress
            )
        return _said(report)

    def _group(self) -> str:
        from curation.grouping import group

        return _said(group(self.store, progress=self._go_on))

    def _tag(self, share: Slice) -> str:
        from taxonomy.describing import describe
        from taxonomy.stages import tag

        report = tag(self.store, self._tagger(), share=share, progress=self._go_on)
        describe(self.store, self._describer, share=share, progress=self._go_on)
        return _said(report)

    def _tell(self) -> str:
        from curation.telling import tell

        return _said(tell(self.store, open_rarity(), progress=self._go_on))

    def _index(self) -> str:
        from indexer.stages import drain, rebuild

        engine = open_engine(self.settings, writing=True)
        length = self.settings.extract_length
        try:
            report = drain(self.store, engine, extract_length=length, progress=self._go_on)
        except IndexOutdated:
            report = rebuild(self.store, engine, extract_length=length, progress=self._go_on)
        return _said(report)

    def _do_chore(self, name: str) -> str:
        job = next(job for job in self.jobs if job.name == name)
        with self.store.begin() as tx:
            tx.jobs.start(name, now=self.clock())
        code, said = self._chore.run(job)
        with self.store.begin() as tx:
            tx.jobs.end(name, now=self.clock(), code=code, said=said)
        return f"code {code}"

    def _go_on(self, _done: int, _total: int) -> None:
        if self.stopping.is_set():
            raise Stopped

    # -- what is loaded once -----------------------------------------------------------------------

    @cached_property
    def _open(self) -> list[tuple[Fetcher, datetime]]:
        return []

    @cached_property
    def _chore(self) -> Command:
        return Command(self.command, self.say)

    @cached_property
    def _describer(self) -> Describer:
        return open_describer()

    @cached_property
    def _tagging(self) -> dict[tuple[int, int, int], Tagger]:
        return {}

    def _tagger(self) -> Tagger:
        """Loaded again when people changed the vocabulary or had it learn."""
        with self.store.read() as tx:  # asked each second: the vocabulary takes longer to read
            edits = tx.vocabulary_edits.revision()
        model = self.settings.model_file
        learnt = model.stat().st_mtime_ns if model.exists() else 0
        mark = (*edits, learnt)
        if mark not in self._tagging:
            self._tagging.clear()
            self._tagging[mark] = open_tagger(self.settings, vocabulary_of(self.store))
        return self._tagging[mark]


class _Patience:
    """Ends the process when nothing moves any more: a page on which the parser hangs.

    A thread cannot be stopped; the process can, and its order is then done with care.
    """

    def __init__(self, seconds: float, say: Say) -> None:
        self._seconds = seconds
        self._say = say
        self._timer: threading.Timer | None = None

    def renew(self) -> None:
        """It moves."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(self._seconds, self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def _give_up(self) -> None:
        self._say(Stage.READ, f"rien ne bouge depuis {self._seconds:.0f} s : arrêt")
        os._exit(70)

    def __enter__(self) -> Self:
        self.renew()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _slice(order: Order) -> Slice:
    return Slice(int(order.of))


def _said(report: Report) -> str:
    failed = f", {report.failed} en échec" if report.failed else ""
    return f"{report.done} faits{failed}"
