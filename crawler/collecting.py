"""Visits to sources: what is announced and not yet known is fetched and stored, to be read later.

The store is the queue: a visit counts as made only once everything that it announced is stored,
so that a run killed anywhere begins again where it stopped, and nothing is lost or doubled.
"""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from core.clock import Clock
from core.errors import GlaneuseError, StoreFailed, Unreadable
from core.model import (
    Announcement,
    Report,
    Source,
    SourceId,
    SourceKind,
    SourceStatus,
    Validators,
)
from core.progress import Progress, silent
from core.text import NBSP
from core.urls import canonical_url
from crawler.feeds import EMPTY, parse_feed
from crawler.fetching import MEGABYTE, Answer, Fetcher, Request, Trouble, why_not
from crawler.listings import Listing, read_collection, read_listing
from crawler.schedule import after_change, after_failure, after_nothing_new, wait_asked
from crawler.sites import is_same_site, site_of
from store import Store

MOST_PAGES = 5  # of a listing, as long as they hold something new
MOST_CHILDREN = 20  # sub-collections of a collection
EARLY = timedelta(days=1)  # that an article may be dated after now
TOGETHER = 25  # pages written at once
HEAVY = 16 * MEGABYTE  # bodies that are written without waiting for more
_READABLE = ("text/", "application/xhtml", "application/xml", "application/octet-stream")
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Visit:
    """A visit under way."""

    source: Source
    validators: Validators = field(default_factory=Validators)
    outstanding: int = 0
    listings: int = 0  # pages of the listing, or sub-collections, asked for
    announced: list[Announcement] = field(default_factory=list)
    new: int = 0
    complete: bool = True  # whether everything announced was had, or never will be
    wait: timedelta = timedelta(0)  # what the site asked for, in a Retry-After
    problems: list[Answer] = field(default_factory=list)  # pages that could not be had
    over: bool = False


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page to store."""

    visit: Visit
    announcement: Announcement
    answer: Answer
    rejected: str = ""


class Collecting:
    """One run over some sources. ``run`` once."""

    def __init__(
        self, store: Store, fetcher: Fetcher, clock: Clock, progress: Progress = silent
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._progress = progress
        self._asked: set[str] = set()
        self._pages: list[FetchedPage] = []
        self._counts: Counter[str] = Counter()
        self._failures: list[str] = []
        self._sources: list[Source] = []
        self._steps = 0

    def run(self, sources: Sequence[Source]) -> Report:
        """Visit these sources."""
        with self._store.begin() as tx:
            self._sources = tx.sources.all()
            tx.sources.record_start((source.id for source in sources), now=self._clock())
        # Collections last: what a source says of its own article counts more than what others do.
        for last in (False, True):
            for source in sources:
                if (source.kind is SourceKind.COLLECTION) is last:
                    self._begin(source)
            self._fetcher.run()
        self._store_pages()  # those of visits that failed half-way
        return Report(
            done=self._counts["pages"],
            skipped=self._counts["unchanged"],
            failed=self._counts["failed"],
            failures=tuple(self._failures),
            details={"sources": len(sources), **self._counts},
        )

    def _begin(self, source: Source) -> None:
        self._ask(Visit(source), Request(source.feed, source.validators), self._answered)

    # -- what comes back --------------------------------------------------------------------------

    def _ask(self, visit: Visit, request: Request, then: Callable[[Visit, Answer], None]) -> None:
        visit.outstanding += 1
        self._fetcher.submit(request, partial(self._handle, visit, then))

    def _handle(self, visit: Visit, then: Callable[[Visit, Answer], None], answer: Answer) -> None:
        """One answer; whatever goes wrong with it is that source's alone."""
        visit.outstanding -= 1
        try:
            then(visit, answer)
        except StoreFailed:
            raise
        except Unreadable as error:
            self._fail(visit, error.reason)
        except GlaneuseError as error:
            self._fail(visit, str(error))
        except Exception as error:  # noqa: BLE001  the loop of the stage
            _log.debug("%s", answer.url, exc_info=True)
            self._fail(visit, f"erreur inattendue ({type(error).__name__})")
        if not visit.outstanding and not visit.over:
            self._succeed(visit)
        self._steps += 1
        self._progress(self._steps, self._steps + self._fetcher.outstanding)

    def _answered(self, visit: Visit, answer: Answer) -> None:
        """The feed, or the first page of the listing."""
        if answer.is_unchanged:
            self._unchanged(visit)
        elif not answer.is_fresh:
            self._fail(visit, why_not(answer), answer)
        else:
            visit.validators = answer.validators
            self._read(visit, answer)

    def _read(self, visit: Visit, answer: Answer) -> None:
        if visit.source.kind is SourceKind.FEED:
            url = answer.final_url
            feed = parse_feed(answer.body, url=url, content_type=answer.content_type)
            if not feed.entries:
                raise Unreadable("feed", EMPTY)
            self._announced(visit, feed.entries)
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

    def _follow(self, visit: Visit, listing: Listing, fresh: int) -> None:
        """The next page, as long as this one held something new; and sub-collections.

        After a visit that was cut, what is known of the first page says nothing of the next.
        """
        more = fresh or not visit.source.was_seen_whole
        if listing.next_page and more and visit.listings + 1 < MOST_PAGES:
            self._ask_listing(visit, listing.next_page)
        if visit.listings == 0:
            for url in listing.children[:MOST_CHILDREN]:
                self._ask_listing(visit, url)

    def _ask_listing(self, visit: Visit, url: str) -> None:
        if url not in self._asked:
            self._asked.add(url)
            visit.listings += 1
            self._ask(visit, Request(url), self._more_answered)

    def _more_answered(self, visit: Visit, answer: Answer) -> None:
        """A further page of the listing: what it lacks is said, and the visit goes on."""
        if answer.is_fresh:
            with contextlib.suppress(Unreadable):
                self._read(visit, answer)
        else:
            visit.complete = visit.complete and answer.is_gone
            visit.problems.append(answer)
            self._heed(visit, answer)

    def _announced(self, visit: Visit, announcements: Iterable[Announcement]) -> int:
        """Fetch what is not known; how many that is."""
        latest = self._clock() + EARLY
        by_url = {canonical_url(one.url): _dated(one, latest) for one in announcements}
        with self._store.read() as tx:
            known = tx.pages.known(by_url)
        fresh = [url for url in by_url if url not in known and url not in self._asked]
        self._asked.update(fresh)
        visit.announced.extend(by_url.values())
        for url in fresh:
            self._ask(visit, Request(url), partial(self._page_answered, by_url[url]))
        return len(fresh)

    def _page_answered(self, announcement: Announcement, visit: Visit, answer: Answer) -> None:
        if answer.is_fresh or answer.is_refused:
            self._keep(FetchedPage(visit, announcement, answer))
        elif answer.is_gone and answer.trouble is Trouble.TOO_LARGE:
            visit.problems.append(answer)
            self._keep(FetchedPage(visit, announcement, answer))
        elif answer.is_gone:
            visit.problems.append(answer)
            self._keep(FetchedPage(visit, announcement, answer, rejected=why_not(answer)))
        else:
            visit.problems.append(answer)
            visit.complete = False
            self._heed(visit, answer)

    def _heed(self, visit: Visit, answer: Answer) -> None:
        """Remember how long the site asks to wait."""
        visit.wait = max(visit.wait, wait_asked(answer.retry_after, self._clock()))

    # -- what is stored ---------------------------------------------------------------------------

    def _keep(self, page: FetchedPage) -> None:
        self._pages.append(page)
        with contextlib.suppress(ValueError):
            self._asked.add(canonical_url(page.answer.final_url or page.answer.url))
        page.visit.new += 1
        held = sum(len(one.answer.body) for one in self._pages)
        if len(self._pages) >= TOGETHER or held >= HEAVY:
            self._store_pages()

    def _store_pages(self) -> None:
        """Bodies first: a page in the store always has its body."""
        pages, self._pages = self._pages, []
        if not pages:
            return
        try:
            self._write(pages)
        except Exception:
            for page in pages:  # they are still to be had
                page.visit.complete = False
            raise
        self._counts["pages"] += len(pages)

    def _write(self, pages: Sequence[FetchedPage]) -> None:
        now = self._clock()
        keys = [
            self._store.bodies.put(page.answer.body, now) if has_text(page.answer) else ""
            for page in pages
        ]
        with self._store.begin() as tx:
            for page, key in zip(pages, keys, strict=True):
                source_id, told = self._attributed(page, has_body=bool(key))
                tx.pages.add(
                    source_id=source_id,
                    url=canonical_url(page.answer.url),
                    final_url=page.answer.final_url or page.answer.url,
                    fetched=now,
                    content_type=page.answer.content_type,
                    body=key,
                    announcement=told,
                    rejected=page.rejected,
                )

    def _attributed(self, page: FetchedPage, *, has_body: bool) -> tuple[SourceId, Announcement]:
        """Whose the page is, and what may be believed of what announced it.

        A source tells of its own site. Of any other's page its title and date alone are kept, as
        its own words, unless the page is one of another source of ours that gave it to read.
        """
        visited, told = page.visit.source, page.announcement
        asked, reached = page.answer.url, page.answer.final_url or page.answer.url
        there = owner(reached, visited, self._sources)
        if there == owner(asked, visited, self._sources) == visited.id and (
            is_same_site(reached, visited.url) or is_same_site(reached, visited.feed)
        ):
            return visited.id, told
        if has_body and there != visited.id:
            return there, Announcement(told.url)
        return visited.id, Announcement(told.url, told.title, published=told.published)

    # -- how the visit went ---------------------------------------------------------------------

    def _succeed(self, visit: Visit) -> None:
        self._store_pages()
        now = self._clock()
        rhythm = after_change(now, (one.published for one in visit.announced))
        next_visit = max(rhythm, now + visit.wait)
        # What could not be had now must be announced again, in full, at the next visit.
        validators = visit.validators if visit.complete else Validators()
        with self._store.begin() as tx:
            tx.sources.record_success(
                visit.source.id,
                now=now,
                next_visit=next_visit,
                validators=validators,
                not_before=_after(now, visit.wait),
            )
        self._end(visit, "visited")

    def _unchanged(self, visit: Visit) -> None:
        now = self._clock()
        with self._store.begin() as tx:
            tx.sources.record_success(
                visit.source.id,
                now=now,
                next_visit=after_nothing_new(visit.source, now),
                validators=visit.source.validators,
            )
        self._end(visit, "unchanged")

    def _fail(self, visit: Visit, reason: str, answer: Answer | None = None) -> None:
        if visit.over:
            return
        now = self._clock()
        refused = answer is not None and answer.is_refused
        if answer is not None:
            self._heed(visit, answer)
        with self._store.begin() as tx:
            tx.sources.record_failure(
                visit.source.id,
                now=now,
                next_visit=max(after_failure(visit.source, now), now + visit.wait),
                error=reason,
                status=SourceStatus.REFUSED if refused else SourceStatus.FAILING,
                not_before=_after(now, visit.wait),
            )
        self._failures.append(f"{visit.source.name}{NBSP}: {reason}")
        self._end(visit, "failed")

    def _end(self, visit: Visit, how: str) -> None:
        visit.over = True
        self._counts[how] += 1
        self._failures += _summed_up(visit)


def _after(now: datetime, wait: timedelta) -> datetime | None:
    """When the wait asked for is over; None when none was."""
    return now + wait if wait else None


def _summed_up(visit: Visit) -> Iterator[str]:
    """One line for each reason, with the first page that it kept from us."""
    by_reason: dict[str, list[str]] = {}
    for answer in visit.problems:
        by_reason.setdefault(why_not(answer), []).append(answer.url)
    for reason, urls in by_reason.items():
        others = f" (et {len(urls) - 1} autres pages)" if len(urls) > 1 else ""
        yield f"{visit.source.name}{NBSP}: {urls[0]}{NBSP}: {reason}{others}"


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


def _dated(announcement: Announcement, latest: datetime) -> Announcement:
    """The same, without a date that has not come."""
    if announcement.published is None or announcement.published <= latest:
        return announcement
    return replace(announcement, published=None)


def _shared(path: str, start: str) -> int:
    return len(start) if path.startswith(start) else 0


def has_text(answer: Answer) -> bool:
    """Whether the body is worth keeping: that of a page, had in full."""
    kind = answer.content_type.lower().lstrip()
    return bool(answer.body) and answer.is_fresh and (not kind or kind.startswith(_READABLE))
