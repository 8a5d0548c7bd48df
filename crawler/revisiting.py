"""Articles are looked at again: what changed is kept once, what is gone is marked as gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from core.clock import Clock
from core.model import Access, Announcement, ArticleId, Extracted, Page, PageId, Rejected, Report
from core.progress import Progress, silent
from core.weeks import paris_date
from crawler.fetching import Answer, Fetcher, Request
from crawler.keeping import Kept, kept_of
from crawler.lifetime import CONFIRMED, is_real_change, merged, next_look
from crawler.opposing import empty
from crawler.reading import FEW, cores, read_pages
from store import Store, Transaction
from store.revisits import Revisit

AT_ONCE = 100  # articles looked at again at one collect


class Revisiting:
    """One run over the articles to look at again. ``run`` once."""

    def __init__(
        self, store: Store, fetcher: Fetcher, clock: Clock, progress: Progress = silent
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._progress = progress
        self._fetched: list[tuple[Revisit, Page, str]] = []
        self._opposed: list[ArticleId] = []  # by their page itself
        self._counts: Counter[str] = Counter()

    def run(
        self,
        limit: int = AT_ONCE,
        processes: int | None = None,
        host: str | None = None,
    ) -> Report:
        """Look at ``limit`` articles at most, of this host when one is given.

        ``processes``: as for reading.
        """
        with self._store.read() as tx:
            due = tx.revisits.due(self._clock(), limit, host)
        for one in due:
            self._fetcher.submit(Request(one.url), partial(self._answered, one, len(due)))
        self._fetcher.run()
        self._compare(processes)
        return Report(done=self._counts["updated"], details=dict(self._counts))

    def _answered(self, revisit: Revisit, total: int, answer: Answer) -> None:
        """What must be read is put aside; the rest is settled now."""
        now = self._clock()
        self._counts["seen"] += 1
        self._progress(self._counts["seen"], total)
        kept = kept_of(answer, Announcement(revisit.url))
        if kept.reservation.is_reserved and answer.is_fresh:
            empty(self._store, self._clock, [revisit.id])
        elif kept.body and not _is_home(answer, revisit):
            key = self._store.bodies.put(kept.body, now)
            self._fetched.append((revisit, _page(revisit, answer, kept, now), key))
            return
        with self._store.begin() as tx:
            if answer.status in {404, 410} or _is_home(answer, revisit):
                _is_missing(tx, revisit, now)
            else:  # refused, or out of order: nothing is known of it
                tx.revisits.plan(revisit.id, next_look(revisit.appeared, now))

    def _compare(self, processes: int | None) -> None:
        if processes is None:
            processes = 0 if len(self._fetched) < FEW else cores()
        now = self._clock()
        outcomes = read_pages(self._bodies(), paris_date(now), processes)
        for (revisit, _, key), outcome in zip(self._fetched, outcomes, strict=True):
            with self._store.begin() as tx:
                self._settle(tx, revisit, outcome.page, key, outcome.result)
        empty(self._store, self._clock, self._opposed)

    def _bodies(self) -> Iterator[tuple[Page, bytes | None]]:
        for _, page, key in self._fetched:
            yield page, self._store.bodies.get({key}).get(key)

    def _settle(
        self, tx: Transaction, revisit: Revisit, page: Page, key: str, read: Extracted | Rejected
    ) -> None:
        now = self._clock()
        if isinstance(read, Extracted) and read.opposed:
            self._opposed.append(revisit.id)
        if isinstance(read, Rejected) or read.opposed:
            if isinstance(read, Rejected) and read.is_dead:
                _is_missing(tx, revisit, now)
            else:
                tx.revisits.plan(revisit.id, next_look(revisit.appeared, now))
            return
        tx.revisits.found(revisit.id, next_look(revisit.appeared, now))
        held = tx.articles.by_id(revisit.id)
        if not is_real_change(held, read):
            return
        if held.access is not Access.UNREAD:  # then there was no text that could be another
            tx.revisits.changed(revisit.id, now)
        kept = merged(held, read)
        tx.articles.save(kept, source_id=revisit.source_id, now=now, summary=held.summary)
        tx.citations.replace(revisit.id, kept.citations)
        tx.pages.put_read(page, key)
        self._counts["updated"] += 1


def _is_missing(tx: Transaction, revisit: Revisit, now: datetime) -> None:
    """Missing once: it may be a mishap. Twice, a week apart: its publisher withdrew it."""
    since = revisit.missing or now
    confirmed = now - since >= CONFIRMED
    gone = (revisit.gone or now) if confirmed else None
    again = None if confirmed else since + CONFIRMED
    tx.revisits.missing(revisit.id, since=since, gone=gone, next_due=again)


def _is_home(answer: Answer, revisit: Revisit) -> bool:
    """Whether the site sends to its home who asks for the article."""
    there = urlsplit(answer.final_url or answer.url)
    return answer.is_fresh and there.path in {"", "/"} and urlsplit(revisit.url).path != "/"


def _page(revisit: Revisit, answer: Answer, kept: Kept, now: datetime) -> Page:
    return Page(
        id=PageId(0),
        source_id=revisit.source_id,
        url=revisit.url,
        final_url=answer.final_url or answer.url,
        fetched=now,
        content_type=answer.content_type,
        announcement=kept.announcement,
        reservation=kept.reservation,
        robots_tag=kept.robots_tag,
    )
