"""How fast one address may search or ask the API: what costs the server most, and readers least.

A bucket of tokens for each place on the network (as routers do; RFC 2697), in the memory of this
process: nothing of who asks what is written down. Forms that change something are counted in the
store (``people/throttle.py``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from flask import Flask, Response, request

from people.throttle import place
from web.errors import too_many

SAVED: Final = 10.0  # seconds of its pace that a place may use at once
PLACES: Final = 10_000  # remembered; the one longest unheard of is forgotten first
COUNTED: Final = frozenset({"search.show", "search.suggestions", "feeds.search"})
COUNTED_ROOM: Final = "api"


@dataclass
class Pace:
    """At most ``rate`` a second for each place. ``clock``: seconds, going forward only."""

    rate: float
    clock: Callable[[], float]
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, name: str) -> float:
        """Take one; 0 when there was one, else the seconds until there is."""
        now = self.clock()
        with self._lock:
            left, since = self._held.pop(name, (self.rate * SAVED, now))
            left = min(self.rate * SAVED, left + (now - since) * self.rate)
            taken = left >= 1
            self._held[name] = (left - 1 if taken else left, now)
            if len(self._held) > PLACES:
                self._held.popitem(last=False)
        return 0.0 if taken else (1 - left) / self.rate


def install(app: Flask, per_minute: int, clock: Callable[[], float]) -> None:
    """Have searches and the API paced; 0: no limit."""
    if not per_minute:
        return
    pace = Pace(per_minute / 60, clock)

    @app.before_request
    def keep_pace() -> Response | None:
        view = request.endpoint or ""
        if view not in COUNTED and view.partition(".")[0] != COUNTED_ROOM:
            return None
        wait = pace.wait(place(request.remote_addr))
        return too_many(wait) if wait else None
