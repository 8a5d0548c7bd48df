"""What was worked out a moment ago, kept for a moment: a new article shows within a minute."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar, cast

from core.clock import Clock

T = TypeVar("T")

KEPT = timedelta(seconds=45)  # with the 15 seconds of Cache-Control, a minute at most
MOST = 64


class Memory:
    """Answers by key, ``MOST`` of them; the oldest go first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[Hashable, tuple[datetime, Any]] = {}

    def recall(self, key: Hashable, make: Callable[[], T], *, kept: timedelta = KEPT) -> T:
        """What was made for ``key`` less than ``kept`` ago, else made now.

        Two threads may make the same answer at once: cheaper than making all wait for one.
        """
        now = self._clock()
        with self._lock:
            made, answer = self._kept.get(key, (None, None))
        if made is not None and made <= now < made + kept:
            return cast("T", answer)
        fresh = make()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (now, fresh)
            while len(self._kept) > MOST:
                self._kept.pop(next(iter(self._kept)))
        return fresh
