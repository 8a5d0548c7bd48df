"""Sources that were added without being looked at: which of their addresses answers.

Each candidate is tried in turn, many sources at once; then the site itself is asked where its feed
is; then its page stands as a listing. The address that answers is the source's from then on.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Sequence
from functools import partial

from core.clock import Clock
from core.errors import BadSource
from core.model import Source, SourceStatus
from crawler.discovery import Found, as_page, feed_at, feeds_of
from crawler.fetching import Answer, Fetcher, Request, why_not
from crawler.schedule import after_failure
from store import Store

MOST_TRIED = 12  # addresses of one source at one visit
NOTHING = "aucune de ses adresses ne donne un flux ni une liste d’articles"


class Settling:
    """One run over some sources. ``run`` once."""

    def __init__(self, store: Store, fetcher: Fetcher, clock: Clock) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock

    def run(self, sources: Sequence[Source]) -> list[Source]:
        """These sources as they are now, without those whose addresses all fail: these wait."""
        unsettled = [one for one in sources if one.candidates and one.last_success is None]
        for source in unsettled:
            _Search(self, source).go_on()
        self._fetcher.run()
        if not unsettled:
            return list(sources)
        now, asked = self._clock(), {one.id for one in sources}
        with self._store.read() as tx:
            held = [one for one in tx.sources.all() if one.id in asked]
        settled = {one.id for one in unsettled}
        return [
            one
            for one in held
            if one.id not in settled or one.next_visit is None or one.next_visit <= now
        ]

    def ask(self, search: _Search, url: str) -> None:
        """Have a search answered."""
        self._fetcher.submit(Request(url), partial(search.answered, url))

    def settle(self, source: Source, found: Found) -> None:
        """This is where it publishes."""
        with self._store.begin() as tx:
            tx.sources.settle(source.id, feed=found.feed, kind=found.kind)

    def fail(self, source: Source, reason: str, *, refused: bool) -> None:
        """None of its addresses answers."""
        now = self._clock()
        chance = zlib.crc32(source.slug.encode()) / 2**32
        due = after_failure(now, source.errors_in_a_row, given_up=False, chance=chance)
        with self._store.begin() as tx:
            tx.sources.record_failure(
                source.id,
                now=now,
                next_visit=due,
                error=reason,
                weight=1,
                status=SourceStatus.REFUSED if refused else SourceStatus.FAILING,
            )

    @property
    def clock(self) -> Clock:
        """The time."""
        return self._clock


class _Search:
    """The search of one source."""

    def __init__(self, settling: Settling, source: Source) -> None:
        self._settling = settling
        self._source = source
        self._waiting = deque(url for url in source.candidates if url != source.url)
        self._tried: set[str] = set()
        self._page: Answer | None = None

    def go_on(self) -> None:
        """Try the next address; the site's own page last."""
        while self._waiting:
            url = self._waiting.popleft()
            if url not in self._tried and len(self._tried) < MOST_TRIED:
                self._tried.add(url)
                self._settling.ask(self, url)
                return
        if self._page is None:
            self._settling.ask(self, self._source.url)
        else:
            self._give_the_page(self._page)

    def answered(self, url: str, answer: Answer) -> None:
        """What one of the addresses gives."""
        found = feed_at(answer) if answer.is_fresh else None
        if found is not None:
            self._settling.settle(self._source, found)
        elif url == self._source.url:
            self._page = answer
            if answer.is_fresh:
                self._waiting.extend(feeds_of(answer, self._settling.clock()))
            self.go_on()
        else:
            self.go_on()

    def _give_the_page(self, answer: Answer) -> None:
        if not answer.is_fresh:
            refused = answer.is_refused
            self._settling.fail(self._source, why_not(answer) or NOTHING, refused=refused)
            return
        try:
            found = as_page(self._source.url, answer, self._settling.clock())
        except BadSource:
            self._settling.fail(self._source, NOTHING, refused=False)
        else:
            self._settling.settle(self._source, found)
