"""What was worked out a moment ago, kept for a moment: a new article shows within a minute."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Any, TypeVar, cast

from core.clock import Clock

T = TypeVar("T")

log = logging.getLogger(__name__)

KEPT = timedelta(seconds=45)  # with the 15 seconds of Cache-Control, a minute at most
AHEAD = timedelta(seconds=15)  # age from which an answer is made again while it is still given
MOST = 512


@dataclass(slots=True)
class _Entry:
    made: datetime | None = None
    answer: Any = None
    making: Lock = field(default_factory=Lock)  # held by who makes it: the others wait or go on


class Memory:
    """Answers by key, ``MOST`` of them; the oldest go first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[Hashable, _Entry] = {}

    def recall(
        self,
        key: Hashable,
        make: Callable[[], T],
        *,
        kept: timedelta = KEPT,
        ahead: bool = False,
    ) -> T:
        """What was made for ``key`` less than ``kept`` ago, else made now, once for all who wait.

        ``ahead``: while it is asked for, it is made again before its time by a thread aside, and
        nobody waits; ``make`` must then open what it reads.
        """
        entry, now = self._entry(key), self._clock()
        if not _is_fresh(entry, now, kept):
            with entry.making:
                if not _is_fresh(entry, now, kept):
                    entry.answer, entry.made = make(), now
        elif ahead and not _is_fresh(entry, now, AHEAD) and entry.making.acquire(blocking=False):
            Thread(target=copy_context().run, args=(self._remake, entry, make, now)).start()
        return cast("T", entry.answer)

    def _entry(self, key: Hashable) -> _Entry:
        with self._lock:
            entry = self._kept.pop(key, None) or _Entry()
            self._kept[key] = entry
            while len(self._kept) > MOST:
                self._kept.pop(next(iter(self._kept)))
            return entry

    @staticmethod
    def _remake(entry: _Entry, make: Callable[[], object], now: datetime) -> None:
        try:
            entry.answer, entry.made = make(), now
        except Exception:  # tried again by who asks next, and told to who asks when it is too old
            log.exception("what is shown could not be made again")
        finally:
            entry.making.release()


def _is_fresh(entry: _Entry, now: datetime, kept: timedelta) -> bool:
    made = entry.made
    return made is not None and made <= now < made + kept
