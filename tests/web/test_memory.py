"""What is remembered for a moment: freshness, one maker at a time, made ahead."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier, Event

import pytest

from tests.web.conftest import SetClock
from web.memory import AHEAD, KEPT, MOST, Memory


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def memory(clock: SetClock) -> Memory:
    return Memory(clock)


@pytest.fixture
def numbers() -> Iterator[int]:
    return count(1)


def test_an_answer_is_kept_for_its_time_only(
    memory: Memory, clock: SetClock, numbers: Iterator[int]
) -> None:
    assert memory.recall("a", lambda: next(numbers)) == 1
    clock.now += KEPT - timedelta(seconds=1)
    assert memory.recall("a", lambda: next(numbers)) == 1
    clock.now += timedelta(seconds=1)
    assert memory.recall("a", lambda: next(numbers)) == 2


def test_a_clock_set_back_keeps_nothing_for_ever(
    memory: Memory, clock: SetClock, numbers: Iterator[int]
) -> None:
    memory.recall("a", lambda: next(numbers))
    clock.now -= timedelta(days=1)
    assert memory.recall("a", lambda: next(numbers)) == 2


def test_many_who_ask_at_once_have_it_made_once(memory: Memory, numbers: Iterator[int]) -> None:
    together = Barrier(8)

    def ask(_: int) -> int:
        together.wait(timeout=10)
        return memory.recall("a", lambda: next(numbers))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {1}


def test_what_is_made_ahead_keeps_nobody_waiting(memory: Memory, clock: SetClock) -> None:
    assert memory.recall("a", lambda: "old", ahead=True) == "old"
    clock.now += AHEAD
    going_on = Event()

    def slowly() -> str:
        going_on.wait(timeout=10)
        return "new"

    assert memory.recall("a", slowly, ahead=True) == "old"
    assert memory.recall("a", slowly, ahead=True) == "old"  # while it is being made
    going_on.set()
    with memory._kept["a"].making:  # given back when it is made
        assert memory.recall("a", lambda: "newer") == "new"
    clock.now += KEPT - AHEAD  # the old one would be too old by now
    assert memory.recall("a", lambda: "newest") == "new"


def test_a_failure_ahead_is_told_in_the_end_only(
    memory: Memory, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise RuntimeError("gone")

    memory.recall("a", lambda: "old", ahead=True)
    clock.now += AHEAD
    assert memory.recall("a", fail, ahead=True) == "old"
    with memory._kept["a"].making:
        pass  # given back when it has failed
    clock.now += KEPT
    with pytest.raises(RuntimeError):
        memory.recall("a", fail, ahead=True)
    assert "could not be made again" in caplog.text


def test_it_does_not_grow_for_ever(memory: Memory, numbers: Iterator[int]) -> None:
    for key in range(2 * MOST):
        memory.recall(key, lambda: next(numbers))
    assert len(memory._kept) == MOST
