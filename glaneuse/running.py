"""The schedule at work: jobs run one after the other in each lane, as processes of their own.

A process of its own keeps Scrapy and spaCy out of the web front end, and its death is no more than
a run that failed: each stage resumes by itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from core.clock import Clock
from core.errors import StoreFailed
from core.tracing import begin
from glaneuse.schedule import Job, Lane, next_job
from store import Store
from store.jobs import JobRun

GRACE: Final = 20.0  # seconds that an interrupted job has to leave things in order
PAUSE: Final = 30.0  # seconds before the store is asked again, after it failed
LOOK: Final = 60.0  # seconds asleep at most: the clock may jump

Say = Callable[[str, str], None]  # who speaks, what


@dataclass
class Schedule:
    """Runs the jobs until told to stop. ``command``: how a job's words become a process."""

    store: Store
    clock: Clock
    command: Callable[[Sequence[str]], Sequence[str]]
    say: Say
    jobs: Sequence[Job]
    lanes: list[_Runner] = field(default_factory=list)

    def start(self) -> None:
        """Begin, each lane in a thread."""
        self.lanes = [_Runner(self, lane) for lane in Lane]
        for lane in self.lanes:
            lane.start()

    def stop(self) -> None:
        """Interrupt what runs, and return when it has ended."""
        for lane in self.lanes:
            lane.interrupt()
        for lane in self.lanes:
            lane.join(GRACE)
            lane.kill()
            lane.join()


class Command:
    """Jobs as processes, one after the other; another thread may end them.

    ``command``: how a job's words become a process.
    """

    def __init__(self, command: Callable[[Sequence[str]], Sequence[str]], say: Say) -> None:
        self._command = command
        self._say = say
        self._interrupted = False
        self._process: subprocess.Popen[str] | None = None

    def interrupt(self) -> None:
        """Ask what runs to end, and whatever would be run later."""
        self._interrupted = True
        process = self._process
        if process is not None:
            process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End what runs, with all that it started."""
        process = self._process
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def run(self, job: Job) -> tuple[int, str]:
        """Its exit code and last line; interrupted after ``job.limit``, or when told so.

        One that does not end within ``job.grace`` after its limit is killed.
        """
        said = ""
        begin()
        with subprocess.Popen(  # noqa: S603  our own commands
            self._command(job.words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # a Ctrl-C is ours to pass on
        ) as process:
            self._process = process
            if self._interrupted:  # told so before there was a process to interrupt
                process.send_signal(signal.SIGINT)
            limits = (
                threading.Timer(job.limit.total_seconds(), process.send_signal, [signal.SIGINT]),
                threading.Timer((job.limit + job.grace).total_seconds(), self.kill),
            )
            for limit in limits:
                limit.start()
            for line in process.stdout or ():
                said = line.strip() or said
                self._say(job.name, line.rstrip())
            process.wait()
            for limit in limits:
                limit.cancel()
            self._process = None
        return process.returncode, said


class _Runner:
    """One lane."""

    def __init__(self, schedule: Schedule, lane: Lane) -> None:
        self._schedule = schedule
        self._lane = lane
        self._jobs = [job for job in schedule.jobs if job.lane is lane]
        self._thread = threading.Thread(target=self._work, name=lane)
        self._stopped = threading.Event()
        self._command = Command(schedule.command, schedule.say)
        self._passed: dict[str, datetime] = {}  # when there was last nothing to do

    def start(self) -> None:
        """Begin, if there is anything to do in this lane."""
        if self._jobs:
            self._thread.start()

    def join(self, timeout: float | None = None) -> None:
        """Return when the last job has ended, or after ``timeout`` seconds."""
        if self._jobs:
            self._thread.join(timeout)

    def interrupt(self) -> None:
        """Begin nothing more, and ask what runs to end."""
        self._stopped.set()
        self._command.interrupt()

    def kill(self) -> None:
        """End what runs, with all that it started."""
        self._command.kill()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                wait = self._step()
            except StoreFailed as error:
                self._schedule.say(self._lane, str(error))
                wait = PAUSE
            self._stopped.wait(wait)

    def _step(self) -> float:
        """Run the job whose turn it is, if any; how many seconds to wait afterwards."""
        now = self._schedule.clock()
        with self._schedule.store.read() as tx:
            job, at = next_job(self._jobs, self._started(tx.jobs.all()), now)
            wanted = at <= now and job.wanted(tx, now)
        if at > now:
            return min((at - now).total_seconds(), LOOK)
        if wanted:
            self._run(job)
        else:
            self._passed[job.name] = now
        return 0.0

    def _started(self, runs: Mapping[str, JobRun]) -> dict[str, datetime]:
        """When each job last began, or was last looked at for nothing."""
        started = {name: run.started for name, run in runs.items()}
        return started | {name: max(at, started.get(name, at)) for name, at in self._passed.items()}

    def _run(self, job: Job) -> None:
        store, clock = self._schedule.store, self._schedule.clock
        with store.begin() as tx:
            tx.jobs.start(job.name, now=clock())
        code, said = self._command.run(job)
        with store.begin() as tx:
            tx.jobs.end(job.name, now=clock(), code=code, said=said)
