"""Visits to sources: what they announce and is not known is fetched and stored, to be read later.

The store is the queue: what a source announces is written with the visit itself, as pages to fetch;
these are fetched until they are had, or given up. So a run killed anywhere is taken up where it
stopped, nothing is lost or doubled, and a page that fails never has its feed read again.
"""

from __future__ import annotations

import contextlib
import logging
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from core.clock import Clock
from core.errors import GlaneuseError, StoreFailed, Unreadable
from core.model import (
    Announcement,
    Pace,
    PageId,
    Report,
    Reservation,
    Source,
    SourceId,
    SourceKind,
    SourceStatus,
    Validators,
)
from core.progress import Progress, silent
from core.text import NBSP
from core.urls import netloc_of
from crawler.backfill import first_steps
from crawler.feeds import EMPTY
from crawler.fetching import MEGABYTE, Answer, Fetcher, Request, Trouble, site_root, why_not
from crawler.keeping import EARLY, Kept, kept_of, without_future
from crawler.listings import Listing, read_collection, read_listing
from crawler.optout import reduced
from crawler.pace import read_pace
from crawler.schedule import (
    FULL_EVERY,
    after_failure,
    after_visit,
    freshness,
    is_given_up,
    usual_gap,
    wait_asked,
)
from crawler.sitemaps import read_sitemap
from crawler.sites import is_same_site, site_of
from crawler.slowly import FeedReader
from store import Store, Transaction
from store.backfills import Step
from store.pages import AnnouncedPage
from store.sources import Success

MOST_PAGES = 5  # of a listing, as long as they hold something new
MOST_FILES = 3  # of a sitemap's index, at one visit
MOST_LISTED = 200  # addresses of a sitemap, at one visit
LATELY = timedelta(days=30)  # what a sitemap has from before is for reading back
MOST_RESUMED = 200  # pages of a source that waited from former runs
MOST_CHILDREN = 20  # sub-collections of a collection, and of these
TOGETHER = 25  # pages written at once
VISITS_TOGETHER = 100
LONGEST_HELD = timedelta(seconds=1)  # before visits are written, with others or without
MOST_ATTEMPTS = 12  # to have a page, over a week and more
FIRST_RETRY = timedelta(hours=1)
LAST_RETRY = timedelta(hours=24)
HEAVY = 16 * MEGABYTE  # bodies that are written without waiting for more
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Visit:
    """A visit under way, to what a source says is new: its feed, or the pages of its listing."""

    source: Source
    conditional: bool = False  # whether the source was asked for changes only
    validators: Validators = field(default_factory=Validators)
    headers: Mapping[str, str] = field(default_factory=dict)
    reservation: Reservation = Reservation.UNSAID
    moved: str = ""
    pace: Pace | None = None
    outstanding: int = 0
    listings: int = 0  # pages of the listing, or sub-collections, asked for
    subcollections: int = 0  # of these
    announced: list[Announcement] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)  # addresses of those that were not known
    found: dict[str, Announcement] = field(default_factory=dict)  # to be written with the visit
    complete: bool = True  # whether all that the source lists was seen
    older: Sequence[Step] = ()  # where to look for older articles
    unchanged: bool = False
    over: bool = False

    @property
    def opposed(self) -> bool:
        """Whether mining what the feed or the listing itself holds is opposed."""
        return self.reservation.is_reserved


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What came of a page: it is kept; or, with ``due``, asked for again then."""

    page: AnnouncedPage
    answer: Answer
    rejected: str = ""
    due: datetime | None = None


class Collecting:
    """One run over some sources. ``run`` once.

    ``host``: only the pages of this host (and port) are fetched; the others are for who goes there.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        clock: Clock,
        progress: Progress = silent,
        *,
        host: str | None = None,
    ) -> None:
        self._host = host
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._progress = progress
        self._asked: set[str] = set()  # pages of listings
        self._pages: list[FetchedPage] = []
        self._counts: Counter[str] = Counter()
        self._failures: list[str] = []
        self._problems: defaultdict[SourceId, list[Answer]] = defaultdict(list)
        self._sources: dict[SourceId, Source] = {}
        self._feeds = FeedReader()
        self._done: list[Visit] = []  # visits that are over and not written yet
        self._oldest = clock()  # of these
        self._opposed: set[SourceId] = set()  # sources whose feed says not to mine it
        self._waits: dict[str, datetime] = {}
        self._steps = 0
        self._back_to: datetime | None = None

    def run(
        self,
        sources: Sequence[Source],
        *,
        pages_of: Iterable[SourceId] | None = None,
        all_now: bool = False,
        back_to: datetime | None = None,
    ) -> Report:
        """Visit these sources, and fetch the pages that wait from former runs.

        ``pages_of``: only of these sources; ``all_now``: those that failed lately too. Nothing is
        asked of a site that said to wait. ``back_to``: how far sources that are visited for the
        first time are to be read back (``crawler/backfill.py``), from the next collect on.
        """
        now = self._clock()
        self._back_to = back_to
        with self._store.begin() as tx:
            self._sources = {one.id: one for one in tx.sources.all()}
            self._opposed = {one.id for one in self._sources.values() if one.opposed}
            self._waits = tx.hosts.waiting(now)
            free = [source for source in sources if not self._must_wait(source.feed)]
            tx.sources.record_start((source.id for source in free), now=now)
        self._resume(set(pages_of) if pages_of is not None else None, None if all_now else now)
        with self._feeds:
            # Collections last: what a source says of its own article counts more than what others
            # do.
            for last in (False, True):
                for source in free:
                    if (source.kind is SourceKind.COLLECTION) is last:
                        self._begin(source)
                self._fetch()
        self._failures += self._summed_up()
        return Report(
            done=self._counts["pages"],
            skipped=self._counts["unchanged"],
            failed=self._counts["failed"],
            failures=tuple(self._failures),
            details={"sources": len(free), "waiting": len(sources) - len(free), **self._counts},
        )

    def _fetch(self) -> None:
        """Until nothing more is to come, nor to write."""
        self._fetcher.run()
        while self._done or self._pages:
            self._write_visits()
            self._store_pages()
            self._fetcher.run()

    def _begin(self, source: Source) -> None:
        """Ask for what changed; from time to time for all, since some servers lie."""
        full = source.last_full is None or self._clock() - source.last_full >= FULL_EVERY
        validators = Validators() if full or not source.trusted else source.validators
        visit = Visit(source, conditional=validators != Validators())
        self._asked.add(source.feed)
        self._ask(visit, Request(source.feed, validators), self._answered)

    def _resume(self, of: set[SourceId] | None, due: datetime | None) -> None:
        """Ask for the pages that wait: some of each source, so that a run comes to an end."""
        asked: Counter[SourceId] = Counter()
        after: PageId | None = None
        while True:
            with self._store.read() as tx:
                pages = tx.pages.to_fetch(due, after, host=self._host)
            if not pages:
                return
            for page in pages:
                wanted = page.source_id in self._sources and (of is None or page.source_id in of)
                if wanted and asked[page.source_id] < MOST_RESUMED:
                    asked[page.source_id] += 1
                    self._ask_page(page)
            after = pages[-1].id

    def _must_wait(self, url: str) -> bool:
        until = self._waits.get(site_root(url))
        return until is not None and until > self._clock()

    # -- what comes back --------------------------------------------------------------------------

    def _ask(self, visit: Visit, request: Request, then: Callable[[Visit, Answer], None]) -> None:
        visit.outstanding += 1
        self._fetcher.submit(request, partial(self._handle, visit, then))

    def _handle(self, visit: Visit, then: Callable[[Visit, Answer], None], answer: Answer) -> None:
        """One answer; whatever goes wrong with it is that source's alone."""
        visit.outstanding -= 1
        try:
            then(visit, answer)
            if not visit.outstanding and not visit.over:
                self._succeed(visit)
        except StoreFailed:
            raise
        except Unreadable as error:
            self._fail(visit, error.reason)
        except GlaneuseError as error:
            self._fail(visit, str(error))
        except Exception as error:  # noqa: BLE001  the loop of the stage
            _log.debug("%s", answer.url, exc_info=True)
            self._fail(visit, f"erreur inattendue ({type(error).__name__})")
        self._step()

    def _step(self) -> None:
        if len(self._done) >= VISITS_TOGETHER or (
            self._done and self._clock() - self._oldest >= LONGEST_HELD
        ):
            self._write_visits()
        self._steps += 1
        self._progress(self._steps, self._steps + self._fetcher.outstanding)

    def _answered(self, visit: Visit, answer: Answer) -> None:
        """The feed, or the first page of the listing."""
        visit.headers = answer.headers
        visit.reservation = answer.reservation
        if answer.reservation is Reservation.HEADER:
            self._opposed.add(visit.source.id)
        elif answer.is_fresh or answer.is_unchanged:
            self._opposed.discard(visit.source.id)
        if answer.is_unchanged and visit.conditional:
            self._unchanged(visit)
        elif not answer.is_fresh:
            self._fail(visit, why_not(answer) or _UNASKED, answer)
        else:
            visit.validators = answer.validators
            visit.moved = answer.moved
            self._read(visit, answer)

    def _read(self, visit: Visit, answer: Answer) -> None:
        if visit.source.kind is SourceKind.FEED:
            url = answer.final_url
            feed = self._feeds.read(answer.body, url=url, content_type=answer.content_type)
            if not feed.entries:
                raise Unreadable("feed", EMPTY)
            visit.pace = read_pace(answer.body)
            visit.found = self._by_address(visit, feed.entries)
            self._look_back(visit, answer)
            return
        self._look_back(visit, answer)
        if visit.source.kind is SourceKind.SITEMAP:
            self._read_sitemap(visit, answer)
            return
        read = read_listing if visit.source.kind is SourceKind.LISTING else read_collection
        today = self._clock()
        listing = read(
            answer.body, url=answer.final_url, content_type=answer.content_type, now=today
        )
        if not listing.announcements and not listing.children and visit.listings == 0:
            raise Unreadable("listing", "aucun lien d’article dans cette page")
        fresh = self._announced(visit, listing.announcements)
        self._follow(visit, listing, fresh)

    def _look_back(self, visit: Visit, answer: Answer) -> None:
        """At the first visit: where older articles may be."""
        if self._back_to is not None and visit.source.last_success is None and not visit.listings:
            told = visit.announced
            visit.older = first_steps(
                visit.source, answer.body, answer.final_url, told, self._back_to
            )

    def _read_sitemap(self, visit: Visit, answer: Answer) -> None:
        """What a sitemap has of late; of an index, the files that changed last."""
        sitemap = read_sitemap(answer.body, url=answer.final_url)
        lately = self._clock() - LATELY
        dated = [one for one in sitemap.announcements if one.published]
        told = [one for one in dated if one.published and one.published >= lately]
        if not dated:
            told = list(sitemap.announcements)
        self._announced(visit, told[:MOST_LISTED])
        if visit.listings == 0:
            for url in sitemap.children[:MOST_FILES]:
                self._ask_listing(visit, url)

    def _follow(self, visit: Visit, listing: Listing, fresh: int) -> None:
        """The next page, as long as this one held something new; and sub-collections.

        After a visit that was cut, what is known of the first page says nothing of the next.
        """
        first, home = visit.listings == 0, _first_folder(visit.source.feed)
        more = fresh or not visit.source.was_seen_whole
        if listing.next_page and more and visit.listings + 1 < MOST_PAGES:
            self._ask_listing(visit, listing.next_page)
        for url in listing.children:
            # What a sub-collection leads to may be somebody else's.
            near = first or _first_folder(url) == home
            if near and visit.subcollections < MOST_CHILDREN:
                visit.subcollections += self._ask_listing(visit, url)

    def _ask_listing(self, visit: Visit, url: str) -> bool:
        """Whether it was not asked for yet."""
        if url in self._asked:
            return False
        self._asked.add(url)
        visit.listings += 1
        self._ask(visit, Request(url), self._more_answered)
        return True

    def _more_answered(self, visit: Visit, answer: Answer) -> None:
        """A further page of the listing: what it lacks is said, and the visit goes on."""
        if answer.is_fresh:
            with contextlib.suppress(Unreadable):
                self._read(visit, answer)
        else:
            visit.complete = visit.complete and answer.is_gone
            self._problems[visit.source.id].append(answer)

    def _announced(self, visit: Visit, announcements: Iterable[Announcement]) -> int:
        """Have what is not known fetched; how many that is."""
        by_url = self._by_address(visit, announcements)
        with self._store.begin() as tx:
            pages = tx.pages.announce(visit.source.id, by_url, self._clock())
        visit.fresh.update(page.url for page in pages)
        for page in pages:
            self._ask_page(page)
        return len(pages)

    def _by_address(
        self, visit: Visit, announcements: Iterable[Announcement]
    ) -> dict[str, Announcement]:
        """What may be believed and kept of these."""
        now = self._clock()
        by_url = {one.url: without_future(one, now) for one in announcements}
        if visit.opposed:
            by_url = {url: reduced(one) for url, one in by_url.items()}
        visit.announced.extend(by_url.values())
        return by_url

    # -- pages ------------------------------------------------------------------------------------

    def _ask_page(self, page: AnnouncedPage) -> None:
        elsewhere = self._host not in {None, netloc_of(page.url)}
        if not elsewhere and not self._must_wait(page.url):
            self._fetcher.submit(Request(page.url), partial(self._page_answered, page))

    def _page_answered(self, page: AnnouncedPage, answer: Answer) -> None:
        if answer.is_fresh or answer.is_refused:
            self._keep(FetchedPage(page, answer))
        elif answer.is_gone:
            self._problems[page.source_id].append(answer)
            heavy = answer.trouble is Trouble.TOO_LARGE
            self._keep(FetchedPage(page, answer, rejected="" if heavy else why_not(answer)))
        else:
            self._problems[page.source_id].append(answer)
            self._try_later(page, answer)
        self._step()

    def _try_later(self, page: AnnouncedPage, answer: Answer) -> None:
        """Ask again, later and later; at last what announced the page is all there is of it."""
        if page.attempts + 1 >= MOST_ATTEMPTS:
            self._keep(FetchedPage(page, answer))
            return
        now = self._clock()
        later: int = 2 ** min(page.attempts, 10)
        due = now + min(FIRST_RETRY * later, LAST_RETRY)
        due = max(due, now + wait_asked(answer.retry_after, now))
        self._keep(FetchedPage(page, answer, due=due))

    # -- what is stored ---------------------------------------------------------------------------

    def _keep(self, page: FetchedPage) -> None:
        self._pages.append(page)
        held = sum(len(one.answer.body) for one in self._pages)
        if len(self._pages) >= TOGETHER or held >= HEAVY:
            self._store_pages()

    def _store_pages(self) -> None:
        """Bodies first: a page in the store always has its body."""
        pages, self._pages = self._pages, []
        if not pages:
            return
        now = self._clock()
        with self._store.read() as reading:
            told = reading.pages.announced(one.page.id for one in pages)
        kept = {
            one.page.id: kept_of(
                one.answer, told[one.page.id], source_opposes=self._opposes(one.page)
            )
            for one in pages
            if one.due is None and one.page.id in told
        }
        keys = {
            id: self._store.bodies.put(one.body, now) if one.body else ""
            for id, one in kept.items()
        }
        with self._store.begin() as tx:
            for one in pages:
                id = one.page.id
                if one.due is not None:
                    tx.pages.postpone(id, one.due, why_not(one.answer))
                elif id in kept:
                    self._write(tx, one, kept[id], keys[id])

    def _opposes(self, page: AnnouncedPage) -> bool:
        """Whether the feed that announced this page of its own site says not to mine it."""
        feed = self._sources[page.source_id].feed
        return page.source_id in self._opposed and is_same_site(page.url, feed)

    def _write(self, tx: Transaction, one: FetchedPage, kept: Kept, key: str) -> None:
        source_id, believed = self._attributed(one, kept.announcement, has_body=bool(key))
        tx.pages.add(
            source_id=source_id,
            url=one.page.url,
            final_url=one.answer.final_url or one.page.url,
            fetched=self._clock(),
            content_type=one.answer.content_type,
            body=key,
            announcement=believed,
            rejected=one.rejected,
            reservation=kept.reservation,
            robots_tag=kept.robots_tag,
        )
        self._counts["pages"] += 1

    def _attributed(
        self, one: FetchedPage, told: Announcement, *, has_body: bool
    ) -> tuple[SourceId, Announcement]:
        """Whose the page is, and what may be believed of what announced it.

        A source tells of its own site. Of any other's page its title and date alone are kept, as
        its own words, unless the page is one of another source of ours that gave it to read.
        """
        visited = self._sources[one.page.source_id]
        asked, reached = one.page.url, one.answer.final_url or one.page.url
        sources = self._sources.values()
        there = owner(reached, visited, sources)
        if there == owner(asked, visited, sources) == visited.id and (
            is_same_site(reached, visited.url) or is_same_site(reached, visited.feed)
        ):
            return visited.id, told
        if has_body and there != visited.id:
            return there, Announcement(told.url)
        return visited.id, Announcement(told.url, told.title, published=told.published)

    # -- how the visit went ---------------------------------------------------------------------

    def _succeed(self, visit: Visit) -> None:
        """It is over, and is written with a few others."""
        visit.over = True
        if not self._done:
            self._oldest = self._clock()
        self._done.append(visit)

    def _unchanged(self, visit: Visit) -> None:
        visit.unchanged = True
        visit.pace = visit.source.pace
        visit.validators = visit.source.validators

    def _write_visits(self) -> None:
        """Write those that are over; when some cannot be, one by one."""
        done, self._done = self._done, []
        try:
            pages = self._written(done)
        except StoreFailed:
            raise
        except Exception:  # noqa: BLE001  one source's trouble is never another's
            pages = [page for visit in done for page in self._written_alone(visit)]
        for page in pages:
            self._ask_page(page)

    def _written(self, done: Sequence[Visit]) -> list[AnnouncedPage]:
        """Write what these found and how they went; the pages to fetch."""
        now = self._clock()
        with self._store.begin() as tx:
            pages = tx.pages.announce_all([(one.source.id, one.found) for one in done], now)
            fresh = {page.url for page in pages}
            moments = tx.articles.moments(one.source.id for one in done)
            for visit in done:
                visit.fresh.update(fresh & visit.found.keys())
                if visit.older and self._back_to is not None:
                    tx.backfills.ask(visit.source.id, self._back_to, visit.older)
                if visit.moved and tx.sources.move(visit.source.id, visit.moved):
                    self._counts["moved"] += 1
            tx.sources.record_successes(
                (_success(one, moments.get(one.source.id, []), now) for one in done), now=now
            )
        for visit in done:
            self._end(visit, "unchanged" if visit.unchanged else "visited")
        return pages

    def _written_alone(self, visit: Visit) -> list[AnnouncedPage]:
        try:
            return self._written([visit])
        except StoreFailed:
            raise
        except Exception as error:  # noqa: BLE001  the loop of the stage
            _log.debug("%s", visit.source.feed, exc_info=True)
            visit.over = False
            self._fail(visit, f"enregistrement impossible ({type(error).__name__})")
            return []

    def _fail(self, visit: Visit, reason: str, answer: Answer | None = None) -> None:
        if visit.over:
            return
        source, now = visit.source, self._clock()
        weight = weight_of(answer)
        given_up = is_given_up(source.weight + weight, source.failing_since, now)
        due = after_failure(
            now, source.errors_in_a_row, given_up=given_up, chance=_chance(source, now)
        )
        if answer is not None:
            due = max(due, now + wait_asked(answer.retry_after, now))
        refused = answer is not None and answer.is_refused
        with self._store.begin() as tx:
            tx.sources.record_failure(
                source.id,
                now=now,
                next_visit=due,
                error=reason,
                status=SourceStatus.REFUSED if refused else SourceStatus.FAILING,
                weight=weight,
            )
        self._failures.append(f"{source.name}{NBSP}: {reason}")
        self._end(visit, "failed")

    def _end(self, visit: Visit, how: str) -> None:
        visit.over = True
        self._counts[how] += 1

    def _summed_up(self) -> Iterator[str]:
        """One line for each source and reason, with the first page that it kept from us."""
        for id, answers in self._problems.items():
            by_reason: dict[str, list[str]] = {}
            for answer in answers:
                by_reason.setdefault(why_not(answer), []).append(answer.url)
            for reason, urls in by_reason.items():
                others = f" (et {len(urls) - 1} autres pages)" if len(urls) > 1 else ""
                yield f"{self._sources[id].name}{NBSP}: {urls[0]}{NBSP}: {reason}{others}"


_UNASKED = "le site dit que rien n’a changé (304) à qui ne lui demandait pas de comparer"


def weight_of(answer: Answer | None) -> float:
    """How much a failure counts towards giving a source up: what passes by itself, a quarter.

    Being asked to wait is no failure; ``None``: an answer that could not be read.
    """
    if answer is None or answer.is_gone or answer.trouble is Trouble.NO_HOST:
        return 1.0
    if answer.trouble is Trouble.WAIT or answer.status == 429:
        return 0.0
    return 0.5 if answer.is_refused else 0.25


def _success(visit: Visit, appeared: Sequence[datetime], now: datetime) -> Success:
    """What is to be remembered of a visit; ``appeared``: when its latest articles did."""
    source = visit.source
    told = [one.published for one in visit.announced if one.published is not None]
    past = [one for one in (*told, *appeared) if one <= now]
    next_visit = after_visit(
        now,
        usual_gap(past, now),
        latest=max(past, default=None),
        pace=visit.pace,
        fresh=freshness(visit.headers),
        chance=_chance(source, now),
    )
    return Success(
        source.id,
        next_visit,
        # What could not be seen now must be shown again, in full, at the next visit.
        validators=visit.validators if visit.complete else Validators(),
        last_full=source.last_full if visit.unchanged else now,
        trusted=source.trusted and not _was_lied_to(visit),
        pace=visit.pace,
        opposed=_opposed_since(visit, now),
    )


def _opposed_since(visit: Visit, now: datetime) -> datetime | None:
    return (visit.source.opposed or now) if visit.opposed else None


def _was_lied_to(visit: Visit) -> bool:
    """Whether what is sent now was there already when « not modified » was answered."""
    source = visit.source
    if not source.last_full or not source.last_success or source.last_success <= source.last_full:
        return False
    return any(
        one.published and source.last_full < one.published < source.last_success - EARLY
        for one in visit.announced
        if one.url in visit.fresh
    )


def _chance(source: Source, now: datetime) -> float:
    """Between 0 and 1: what spreads the visits, the same for the same source and moment."""
    return zlib.crc32(f"{source.slug} {now.isoformat()}".encode()) / 2**32


def owner(url: str, announcing: Source, sources: Iterable[Source]) -> SourceId:
    """The source on whose site ``url`` is; the announcing one when that is its own, or nobody's.

    Where several sources share a host, the one whose address is the longest beginning of ``url``.
    """
    host = site_of(url)
    if host in (site_of(announcing.url), site_of(announcing.feed)):
        return announcing.id
    there = [one for one in sources if host in (site_of(one.url), site_of(one.feed))]
    if not there:
        return announcing.id
    path = urlsplit(url).path
    return max(there, key=lambda one: (_shared(path, urlsplit(one.url).path), -one.id)).id


def _first_folder(url: str) -> str:
    """Whose part of a site it is, where each person has one."""
    return urlsplit(url).path.lstrip("/").partition("/")[0]


def _shared(path: str, start: str) -> int:
    return len(start) if path.startswith(start) else 0
