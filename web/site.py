"""The settings as they stand: as given, completed by what an admin said in the browser."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from core.clock import Clock
from core.errors import StoreFailed
from core.settings import Settings, completed
from store import Store

LOOKED: Final = timedelta(seconds=5)  # what another process was told shows within that time


class Site:
    """Asks the store from time to time what was said."""

    def __init__(self, store: Store, given: Settings, clock: Clock) -> None:
        self.given = given
        self._store, self._clock = store, clock
        self._held = given
        self._looked: datetime | None = None

    def current(self) -> Settings:
        """The settings to work with."""
        now = self._clock()
        if self._looked is None or not self._looked <= now < self._looked + LOOKED:
            with suppress(StoreFailed):  # its error is told by a page, which needs these settings
                self.look()
            self._looked = now
        return self._held

    def look(self) -> None:
        """Take up at once what was said."""
        with self._store.read() as tx:
            self._held = completed(self.given, tx.said_settings.all())
