"""Whose turn it is, and jobs that run, end, hang or fail."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaneuse.cli import cli
from glaneuse.running import Schedule
from glaneuse.schedule import JOBS, Job, Lane, next_job
from store import Store
from store.jobs import JobRun

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
A = Job("a", ("a",), 10 * MINUTE, Lane.GATHERING, MINUTE)
B = replace(A, name="b", words=("b",), every=30 * MINUTE)


def test_what_never_ran_comes_first_then_what_waited_longest() -> None:
    assert next_job([A, B], {}, NOW) == (A, NOW)
    assert next_job([A, B], {"a": NOW}, NOW) == (B, NOW)
    assert next_job([A, B], {"a": NOW, "b": NOW}, NOW) == (A, NOW + 10 * MINUTE)
    late = {"a": NOW - 11 * MINUTE, "b": NOW - 60 * MINUTE}
    assert next_job([A, B], late, NOW) == (B, NOW)


def test_a_clock_put_back_stops_nothing() -> None:
    assert next_job([A], {"a": NOW + timedelta(days=365)}, NOW) == (A, NOW)


@given(st.dictionaries(st.sampled_from("ab"), st.integers(-10_000, 10_000)))
def test_no_job_starves(minutes: dict[str, int]) -> None:
    """Run without a pause, each comes within as many turns as there are jobs."""
    started = {name: NOW + ago * MINUTE for name, ago in minutes.items()}
    now, ran = NOW, []
    for _ in range(4):
        job, at = next_job([A, B], started, now)
        assert at >= now
        now = at
        started[job.name] = now
        ran.append(job.name)
    assert set(ran) == {"a", "b"} or ran == ["a"] * 4


def test_each_job_is_a_command_that_anybody_could_type() -> None:
    for job in JOBS:
        command = cli.commands[job.words[0]]
        for word in job.words[1:]:
            if word.startswith("--"):
                assert word in {name for option in command.params for name in option.opts}
            else:
                command = command.commands[word]  # type: ignore[attr-defined]


def python(words: Sequence[str]) -> list[str]:
    """Jobs of these tests are Python sentences."""
    return [sys.executable, "-c", *words]


def until(true: Callable[[], bool]) -> None:
    """Wait for it; a minute is far more than it takes."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def last(store: Store, name: str) -> JobRun | None:
    with store.read() as tx:
        return tx.jobs.all().get(name)


def ended(store: Store, name: str) -> bool:
    run = last(store, name)
    return run is not None and run.ended is not None


def run_schedule(store: Store, *jobs: Job) -> tuple[Schedule, list[tuple[str, str]]]:
    said: list[tuple[str, str]] = []
    schedule = Schedule(
        store, lambda: NOW, python, lambda who, what: said.append((who, what)), jobs
    )
    schedule.start()
    return schedule, said


def test_a_job_that_fails_is_noted_and_the_next_one_runs(store: Store) -> None:
    bad = replace(A, words=("print('zut'); raise SystemExit(3)",))
    good = replace(B, words=("print('bon'); print()",))
    schedule, said = run_schedule(store, bad, good)
    until(lambda: ended(store, "b"))
    schedule.stop()
    assert last(store, "a") == JobRun("a", NOW, NOW, 3, "zut")
    assert last(store, "b") == JobRun("b", NOW, NOW, 0, "bon")
    assert ("a", "zut") in said


def test_a_job_is_not_looked_at_again_before_its_time(store: Store) -> None:
    looked: list[datetime] = []

    def wanted(_tx: object, now: datetime) -> bool:
        looked.append(now)
        return False

    schedule, _ = run_schedule(store, replace(A, wanted=wanted))
    until(lambda: bool(looked))
    schedule.stop()
    assert looked == [NOW]
    assert last(store, "a") is None


def test_lanes_do_not_wait_for_each_other_and_stopping_interrupts(store: Store) -> None:
    endless = (
        "import time\ntry:\n  print('dort', flush=True); time.sleep(600)\n"
        "except KeyboardInterrupt:\n  print('range')"
    )
    slow = replace(A, words=(endless,))
    quick = replace(B, lane=Lane.MAIL, words=("print('part')",))
    schedule, said = run_schedule(store, slow, quick)
    until(lambda: ended(store, "b") and {("a", "dort"), ("b", "part")} <= set(said))
    assert not ended(store, "a")
    schedule.stop()
    assert said[-1] == ("a", "range")
    assert last(store, "a") == JobRun("a", NOW, NOW, 0, "range")


DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN);"


@pytest.mark.parametrize("deaf", ["", DEAF], ids=["who listens", "who does not"])
def test_a_job_that_takes_too_long_is_interrupted_then_killed(store: Store, deaf: str) -> None:
    short = timedelta(seconds=0.5)
    schedule, _ = run_schedule(
        store, replace(A, words=(f"{deaf} import time; time.sleep(600)",), limit=short, grace=short)
    )
    until(lambda: ended(store, "a"))
    schedule.stop()
    run = last(store, "a")
    assert run is not None
    assert run.code != 0
