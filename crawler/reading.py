"""The reading of fetched pages: bodies in, articles out, on all cores when there are many."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from core.clock import Clock
from core.errors import StoreFailed, Withdrawn
from core.model import (
    Access,
    Announcement,
    ArticleId,
    Extracted,
    Page,
    PageId,
    Rejected,
    Report,
    Reservation,
)
from core.progress import Progress, silent
from core.text import NBSP, clean, one_line
from core.urls import canonical_url
from core.weeks import paris_date
from crawler.french_dates import has_hour
from crawler.lifetime import next_look
from crawler.optout import header_limit, strictest
from crawler.pdf import is_pdf, read_pdf
from crawler.processes import deaf_to_interrupts, hush
from store import Store, Transaction
from store.articles import Saved
from store.shares import Slice

FEW = 16  # pages for which starting processes costs more than it saves
BATCH = 50  # articles written at once
BODIES = 4  # held at once on the way to be read: each may have ten megabytes
SECONDS = 60  # that a page may take
_log = logging.getLogger(__name__)
_WITHDRAWN = "cet article a été retiré de Glaneuse"
_GONE = "la page n’est plus conservée"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read in a page."""

    page: Page
    result: Extracted | Rejected


def read_waiting(
    store: Store,
    clock: Clock,
    *,
    share: Slice | None = None,
    processes: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Read every page that waits; ``share``: only of this.

    ``processes``: 0 for none but ours; by default as fits.
    """
    with store.read() as tx:
        total = tx.pages.count_waiting(share)
    if processes is None:
        processes = 0 if total < FEW else cores()
    counts: Counter[str] = Counter()
    failures: list[str] = []
    today = paris_date(clock())
    opposed: set[str] = set()  # bodies of pages that say not to be mined
    for batch in _batches(read_pages(_waiting(store, share), today, processes)):
        for became, reason in _written(store, batch, clock, opposed):
            counts[became] += 1
            failures += [reason] if reason else []
        if opposed:
            store.bodies.remove(opposed)
            opposed.clear()
        progress(counts.total(), total)
    return Report(
        done=counts["inserted"] + counts["updated"],
        skipped=counts["unchanged"],
        failed=counts["rejected"],
        failures=tuple(failures),
        details=dict(counts),
    )


def cores() -> int:
    """How many processes may read at once."""
    return len(os.sched_getaffinity(0))


def _waiting(store: Store, share: Slice | None = None) -> Iterator[tuple[Page, bytes | None]]:
    """The pages that wait, each with its body: b"" when it has none, None when it was pruned."""
    after: PageId | None = None
    while True:
        with store.read() as tx:
            pages = tx.pages.waiting(BODIES, after, share)
        if not pages:
            return
        bodies = store.bodies.get({key for _, key in pages if key})
        for page, key in pages:
            yield page, bodies.get(key) if key else b""
        after = pages[-1][0].id


def _batches(outcomes: Iterator[Outcome]) -> Iterator[list[Outcome]]:
    batch: list[Outcome] = []
    for outcome in outcomes:
        batch.append(outcome)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _written(
    store: Store, batch: Sequence[Outcome], clock: Clock, opposed: set[str]
) -> list[tuple[str, str]]:
    """Write these together; when one cannot be, one by one, and that one is set aside.

    For each: what became of it, and why when it was set aside; ``opposed`` takes the keys of bodies
    to forget. Raises StoreFailed when nothing
    can be written, whatever it is.
    """
    try:
        with store.begin() as tx:
            tx.pages.mark_read([outcome.page.id for outcome in batch])
            return [_write(tx, outcome, clock, opposed) for outcome in batch]
    except Exception as error:
        if len(batch) > 1:
            return [one for outcome in batch for one in _written(store, [outcome], clock, opposed)]
        if isinstance(error, StoreFailed):
            raise
        _log.debug("%s", batch[0].page.url, exc_info=True)
        reason = f"enregistrement impossible ({type(error).__name__})"
    with store.begin() as tx:
        return [
            _write(tx, replace(one, result=Rejected(one.page.url, reason)), clock, opposed)
            for one in batch
        ]


def _write(tx: Transaction, outcome: Outcome, clock: Clock, opposed: set[str]) -> tuple[str, str]:
    """Write what was read in a page that is marked as read."""
    page, result = outcome.page, outcome.result
    if isinstance(result, Rejected):
        if result.reason == _GONE and tx.articles.by_urls([page.url]):
            return "unchanged", ""
        tx.pages.reject(page.id, result.reason)
        return "rejected", f"{page.url}{NBSP}: {result.reason}"
    if _is_claimed(tx, page, result) or _is_known_better(tx, page, result):
        return "unchanged", ""
    try:
        id, saved = tx.articles.save(
            _with_known_hour(tx, result),
            source_id=page.source_id,
            now=clock(),
            summary="" if result.opposed else clean(page.announcement.summary),
            also_at=_addresses(page),
            seen=page.announcement.seen,
        )
    except Withdrawn:
        tx.pages.reject(page.id, _WITHDRAWN)
        return "unchanged", ""
    if saved is Saved.INSERTED and result.access is not Access.UNREAD:
        _plan_a_look(tx, id, clock())
    if result.citations or saved is not Saved.INSERTED:
        tx.citations.replace(id, result.citations)
    if result.opposed:
        opposed |= tx.pages.oppose(_addresses(page))
    return saved.value, ""


def _plan_a_look(tx: Transaction, id: ArticleId, now: datetime) -> None:
    appeared = tx.articles.dated([id])[0].appeared
    if (due := next_look(appeared, now)) is not None:
        tx.revisits.plan(id, due)


def _is_claimed(tx: Transaction, page: Page, result: Extracted) -> bool:
    """Whether a page of another site gives itself the address of an article that is held.

    A reprint may; it must not change the original, which it is not the one to tell of.
    """
    if _site(result.url) == _site(page.final_url or page.url):
        return False
    known = tx.articles.by_urls([result.url, page.url])
    return result.url in known and known.get(page.url) != known[result.url]


def _is_known_better(tx: Transaction, page: Page, result: Extracted) -> bool:
    """Whether the article was read before the site closed: what was read stays."""
    if result.access is not Access.UNREAD or result.opposed:
        return False
    known = tx.articles.by_ids(tx.articles.by_urls([page.url, result.url]).values())
    return any(one.access is not Access.UNREAD for one in known)


def _site(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _with_known_hour(tx: Transaction, result: Extracted) -> Extracted:
    """The same, at the hour already known on that day: a date alone does not change an article."""
    if result.published is None or has_hour(result.published):
        return result
    known = tx.articles.by_urls([result.url])
    published = tx.articles.dated(known.values())[0].published if known else None
    if published is None or paris_date(published) != paris_date(result.published):
        return result
    return replace(result, published=published)


def _addresses(page: Page) -> set[str]:
    """Every address known to lead to the article of a page."""
    found = set()
    for url in (page.url, page.final_url, page.announcement.url):
        with contextlib.suppress(ValueError):
            found.add(canonical_url(url))
    return found


# -- one page -----------------------------------------------------------------------------------


def read_page(page: Page, body: bytes | None, today: date) -> Extracted | Rejected:
    """What a page gives; what announced it makes up for a page that we may not or cannot read."""
    if page.reservation.is_reserved:
        return _as_opposed(page)
    if body is None:
        return Rejected(page.url, _GONE)
    if not body:
        return _as_announced(page) or Rejected(page.url, "rien à lire")
    result = _limited(page, _extracted(page, body, today))
    if isinstance(result, Rejected) and _is_worth_keeping(page.announcement, result):
        return _as_announced(page) or result
    return result


def _is_worth_keeping(told: Announcement, result: Rejected) -> bool:
    """Whether an article is there all the same: told of by its feed, or by who cites it."""
    if told.summary or told.content or result.is_closed:
        return True
    return told.seen is not None and not result.is_dead


def _extracted(page: Page, body: bytes, today: date) -> Extracted | Rejected:
    from crawler.extract import extract  # noqa: PLC0415  trafilatura: slow to import

    try:
        if is_pdf(body):
            address, told = page.final_url or page.url, page.announcement
            return read_pdf(body, url=address, announcement=told, today=today)
        return extract(
            body,
            url=page.final_url or page.url,
            content_type=page.content_type,
            announcement=page.announcement,
            today=today,
            lifted=page.reservation is Reservation.LIFTED,
        )
    except Exception as error:  # noqa: BLE001  a poisoned page never stops the others
        return Rejected(page.url, f"lecture impossible ({type(error).__name__})")


def _as_opposed(page: Page) -> Extracted | Rejected:
    """Title, address and date of an article whose publisher opposes mining."""
    title = one_line(page.announcement.title)
    if not title:
        return Rejected(page.url, "la fouille de textes est refusée, et le titre n’est pas connu")
    published = page.announcement.published
    return Extracted(page.url, title, "", published=published, access=Access.UNREAD, opposed=True)


def _limited(page: Page, result: Extracted | Rejected) -> Extracted | Rejected:
    """The same, with the limit that the answer set on what is shown of it."""
    if isinstance(result, Rejected):
        return result
    limit = strictest(result.max_snippet, header_limit(page.robots_tag))
    return replace(result, max_snippet=limit)


def _as_announced(page: Page) -> Extracted | None:
    """The article as its feed or listing tells it; None when that is not even a title.

    Unless they tell it whole, it counts as not read.
    """
    told: Announcement = page.announcement
    title = one_line(told.title)
    if not title:
        return None
    return Extracted(
        url=page.url,
        title=title,
        text=clean(told.content or told.summary),
        author=one_line(told.author),
        published=told.published,
        access=Access.UNKNOWN if told.content else Access.UNREAD,
    )


Read: TypeAlias = Callable[[Page, bytes | None, date], Extracted | Rejected]

# -- many pages -----------------------------------------------------------------------------------


def read_pages(
    pages: Iterable[tuple[Page, bytes | None]],
    today: date,
    processes: int,
    read: Read = read_page,
) -> Iterator[Outcome]:
    """What is read in each of these pages, in their order; ``processes``: 0 for none but ours."""
    if processes == 0:
        for page, body in pages:
            yield Outcome(page, read(page, body, today))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPool(processes, initializer=hush, context=context) as pool:
        running: deque[tuple[Page, ProcessFuture[Extracted | Rejected]]] = deque()
        try:
            for page, body in pages:
                with deaf_to_interrupts():
                    future = pool.schedule(read, args=(page, body, today), timeout=SECONDS)
                running.append((page, future))
                if len(running) >= processes * BODIES:
                    yield _finished(*running.popleft())
            while running:
                yield _finished(*running.popleft())
        finally:
            pool.stop()  # type: ignore[no-untyped-call]


def _finished(page: Page, future: ProcessFuture[Extracted | Rejected]) -> Outcome:
    """Wait for a page's reading; one that takes a minute, or kills its process, is set aside."""
    try:
        return Outcome(page, future.result())
    except (TooLong, TimeoutError):
        reason = f"lecture interrompue après {SECONDS} secondes"
    except ProcessExpired:
        reason = "la lecture a fait tomber le lecteur"
    return Outcome(page, Rejected(page.url, reason))
