"""Older articles of a source: the former pages of its feed, of its listing, or its sitemap.

A few pages at each collect, in the background of the usual visits; what they announce is fetched
as the rest is. How far it has come is written with what was found, so it is taken up anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from urllib.parse import urljoin, urlsplit

from core.clock import Clock
from core.errors import Unreadable
from core.model import Announcement, Source, SourceId, SourceKind
from crawler.feeds import parse_feed
from crawler.fetching import Answer, Fetcher, Request, Trouble
from crawler.keeping import without_future
from crawler.listings import read_listing
from crawler.older import older_page
from crawler.optout import reduced
from crawler.sitemaps import read_sitemap
from store import Store
from store.backfills import Backfill, Step

AT_ONCE = 3  # pages of a source at one collect
ENOUGH = 100  # articles of a source still to be fetched: no more are looked for meanwhile
MOST_ATTEMPTS = 5  # to have a page
MOST_PAGES = 200
MOST_ANNOUNCED = 500  # articles of one page
SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
_KINDS = {SourceKind.FEED: "feed", SourceKind.LISTING: "listing", SourceKind.SITEMAP: "sitemap"}


@dataclass(frozen=True, slots=True)
class Older:
    """What a page announces, and where to look next."""

    announcements: Sequence[Announcement] = ()
    next_page: str = ""
    children: Sequence[str] = ()


def ask_backfill(store: Store, sources: Sequence[Source], since: datetime) -> None:
    """Have these sources read back to a date, from the next collect on."""
    with store.begin() as tx:
        for source in sources:
            if source.kind in _KINDS:
                tx.backfills.ask(source.id, since, [Step(_KINDS[source.kind], source.feed)])


def first_steps(
    source: Source, body: bytes, url: str, announced: Sequence[Announcement], since: datetime
) -> list[Step]:
    """Where to look for what a source had since a date, after its first visit; [] when it told all.

    ``body``, ``url``: its feed or page, and where that came from; ``announced``: what it held.
    """
    if source.kind is not SourceKind.FEED:
        return [Step(_KINDS[source.kind], url)] if source.kind in _KINDS else []
    dates = [one.published for one in announced if one.published is not None]
    if dates and min(dates) < since:
        return []
    older = older_page(body, url)
    return [Step("feed", older)] if older else _sitemaps(source)


class Backfilling:
    """One run over the sources that are read back. ``run`` once."""

    def __init__(self, store: Store, fetcher: Fetcher, clock: Clock) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._sources: dict[SourceId, Source] = {}

    def run(self, only: SourceId | None = None, at_once: int = AT_ONCE) -> None:
        """Look at ``at_once`` pages of each source at most."""
        with self._store.read() as tx:
            running = tx.backfills.running()
            waiting = tx.pages.count_to_fetch()
            self._sources = {one.id: one for one in tx.sources.all()}
        for one in running:
            known = one.source_id in self._sources and only in (None, one.source_id)
            if known and waiting.get(one.source_id, 0) < ENOUGH:
                self._go_on(one, at_once)
        self._fetcher.run()

    def _go_on(self, held: Backfill, left: int) -> None:
        if left and held.todo and held.done is None:
            self._fetcher.submit(Request(held.todo[0].url), partial(self._answered, held, left - 1))

    def _answered(self, held: Backfill, left: int, answer: Answer) -> None:
        step, *rest = held.todo
        if answer.trouble is Trouble.WAIT or answer.status == 429:
            return  # at the next collect that may ask this site
        failed = not (answer.is_fresh or answer.is_gone or answer.is_refused)
        if failed and step.attempts + 1 < MOST_ATTEMPTS:
            self._put_off(held, replace(step, attempts=step.attempts + 1))
            return
        older = self._read(step, answer)
        mark = hashlib.sha256(
            "\n".join(one.url for one in older.announcements).encode()
        ).hexdigest()
        again = bool(older.announcements) and mark == held.mark
        if again:  # the site gives the same page whatever is asked
            older = Older()
        self._write(replace(held, todo=tuple(rest), mark=mark), step, older, left)

    def _put_off(self, held: Backfill, step: Step) -> None:
        """It is looked at again at the next collect."""
        with self._store.begin() as tx:
            tx.backfills.put(replace(held, todo=(step, *held.todo[1:])))

    def _read(self, step: Step, answer: Answer) -> Older:
        if not answer.is_fresh:
            return Older()
        try:
            if step.kind == "feed":
                kind = answer.content_type
                feed = parse_feed(answer.body, url=answer.final_url, content_type=kind)
                return Older(feed.entries, older_page(answer.body, answer.final_url))
            if step.kind == "sitemap":
                sitemap = read_sitemap(answer.body, url=answer.final_url)
                return Older(sitemap.announcements, children=sitemap.children)
        except Unreadable:
            return Older()
        listing = read_listing(
            answer.body,
            url=answer.final_url,
            content_type=answer.content_type,
            now=self._clock(),
        )
        return Older(listing.announcements, listing.next_page)

    def _write(self, held: Backfill, step: Step, older: Older, left: int) -> None:
        """What was found and how far it has come, in one transaction."""
        source, now = self._sources[held.source_id], self._clock()
        believed = (without_future(one, now) for one in older.announcements)
        wanted = [one for one in believed if _is_since(one, held.since, step)]
        told = {one.url: reduced(one) if source.opposed else one for one in wanted[:MOST_ANNOUNCED]}
        todo = [*_next_steps(held, step, older, source), *_still(held, step, older)]
        over = not todo or held.pages + 1 >= MOST_PAGES
        with self._store.begin() as tx:
            found = len(tx.pages.announce(source.id, told, now))
            held = replace(
                held,
                todo=tuple(todo),
                pages=held.pages + 1,
                found=held.found + found,
                done=now if over else None,
            )
            tx.backfills.put(held)
        self._go_on(held, left)


def _sitemaps(source: Source) -> list[Step]:
    return [Step("sitemap", urljoin(source.url, path)) for path in SITEMAPS]


def _still(held: Backfill, step: Step, older: Older) -> list[Step]:
    """What was left to look at; once a site's map was found, its other usual places are not."""
    if step.kind != "sitemap" or not (older.announcements or older.children):
        return list(held.todo)
    return [one for one in held.todo if urlsplit(one.url).path not in SITEMAPS]


def _is_since(one: Announcement, since: datetime, step: Step) -> bool:
    """Whether an article is recent enough; a sitemap's without a date may be anything."""
    if one.published is None:
        return step.kind != "sitemap"
    return one.published >= since


def _next_steps(held: Backfill, step: Step, older: Older, source: Source) -> list[Step]:
    """Where to look next: the older page, unless this one is too old; a feed's site after it."""
    dates = [one.published for one in older.announcements if one.published is not None]
    too_old = bool(dates) and max(dates) < held.since
    if older.next_page and not too_old and older.announcements:
        return [Step(step.kind, older.next_page)]
    if step.kind == "feed" and not held.pages and not too_old:
        return _sitemaps(source)  # it has no older pages
    if step.kind == "sitemap" and older.children:
        return [Step("sitemap", url) for url in older.children]
    return []
