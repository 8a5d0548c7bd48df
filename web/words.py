"""The vocabulary as it stands: shipped, with what the team changed since the process started."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.clock import Clock
from store import Store
from taxonomy.edits import edited
from taxonomy.vocabulary import Vocabulary

LOOKED: Final = timedelta(seconds=5)  # other processes' changes show within that time


class Words:
    """Asks the store from time to time whether something changed."""

    def __init__(self, store: Store, shipped: Vocabulary, clock: Clock) -> None:
        self._store, self._shipped, self._clock = store, shipped, clock
        self._held = shipped
        self._revision = (0, 0)
        self._looked: datetime | None = None

    def current(self) -> Vocabulary:
        """The vocabulary to work with."""
        now = self._clock()
        if self._looked is None or not self._looked <= now < self._looked + LOOKED:
            self.look()
            self._looked = now
        return self._held

    def look(self) -> None:
        """Take up at once what was changed."""
        with self._store.read() as tx:
            revision = tx.vocabulary_edits.revision()
            if revision == self._revision:
                return
            edits = tx.vocabulary_edits.edits()
        # One assignment: another thread sees the former vocabulary or this one, whole.
        self._held, self._revision = edited(self._shipped, edits), revision
