"""The stages of the crawler, as the command line calls them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import NotFound
from core.model import Report, Source
from core.progress import Progress, silent
from core.settings import Settings
from core.urls import netloc_of
from crawler.backfill import Backfilling, ask_backfill
from crawler.citing import Citing
from crawler.collecting import Collecting
from crawler.fetching import Fetcher, Options, options_from
from crawler.memory import fetcher_for
from crawler.opposing import purge_opposed
from crawler.reading import read_waiting
from crawler.revisiting import Revisiting
from crawler.settling import Settling
from store import ReadTransaction, Store
from store.shares import Slice

KEPT = timedelta(days=30)  # raw pages


def collect(
    store: Store,
    settings: Settings,
    clock: Clock,
    *,
    only: str | None = None,
    all_now: bool = False,
    since: datetime | None = None,
    options: Options | None = None,
    fetcher: Fetcher | None = None,
    processes: int | None = None,
    progress: Progress = silent,
    reading: Progress = silent,
) -> Report:
    """Visit what is due, store the new pages, read them.

    ``only``: the slug of the one source to visit, due or not; ``all_now``: all of them. Neither
    goes before what a Retry-After asked for. ``since``: read them back to then, a few pages at each
    collect from now on. ``progress`` follows the visits, ``reading`` the
    reading. ``fetcher``: one to use and leave open. Raises NotFound for an unknown slug.
    """
    began = clock()
    sources = _sources(store, began, only, all_now)
    opened = fetcher_for(store, options or options_from(settings), clock)
    with opened if fetcher is None else nullcontext(fetcher) as fetching:
        sources = Settling(store, fetching, clock).run(sources)
        if since is not None:
            ask_backfill(store, sources if only is not None else _every_source(store), since)
        Backfilling(store, fetching, clock).run(sources[0].id if only and sources else None)
        visits = Collecting(store, fetching, clock, progress).run(
            sources,
            pages_of=[one.id for one in sources] if only is not None else None,
            all_now=all_now or only is not None,
            back_to=_months_before(began, settings.backfill_months),
        )
        articles = read(store, clock, processes=processes, progress=reading)
        # What the press reviews just read cite comes in the same run.
        Citing(store, fetching, clock, progress).run(sources[0].id if only and sources else None)
        again = Report() if only else Revisiting(store, fetching, clock).run(processes=processes)
    articles = _added(articles, read(store, clock, processes=processes, progress=reading))
    purge_opposed(store, clock, began)
    articles = _added(articles, replace(again, details={"updated": again.done}))
    store.bodies.prune(clock() - KEPT)
    return Report(
        done=articles.done,
        skipped=visits.skipped,
        failed=visits.failed + articles.failed,
        failures=visits.failures + articles.failures,
        details=_prefixed(visits.details, articles.details),
    )


def hosts_due(tx: ReadTransaction, now: datetime) -> set[str]:
    """The hosts (and ports) of which something is to be asked, but those that said to wait."""
    sources = [*tx.sources.due(now), *_backfilled(tx)]
    found = {_host_of(one) for one in sources}
    found |= tx.pages.hosts_to_fetch(now) | tx.citations.hosts_sought(now)
    found |= tx.revisits.hosts_due(now)
    return found - {netloc_of(site) for site in tx.hosts.waiting(now)} - {""}


def collect_at(
    store: Store,
    settings: Settings,
    clock: Clock,
    fetcher: Fetcher,
    host: str,
    *,
    progress: Progress = silent,
) -> Report:
    """Visit what is due at one host (and port) and store the new pages, to be read by others.

    Nothing is asked of any other host, but to find where a source that was never visited publishes,
    and where a redirect leads. ``fetcher`` is left open.
    """
    began = clock()
    with store.read() as tx:
        due = [one for one in tx.sources.due(began) if _host_of(one) == host]
        older = [one.id for one in _backfilled(tx) if _host_of(one) == host]
    due = [one for one in Settling(store, fetcher, clock).run(due) if _host_of(one) == host]
    for id in older:
        Backfilling(store, fetcher, clock).run(id)
    visits = Collecting(store, fetcher, clock, progress, host=host).run(
        due, back_to=_months_before(began, settings.backfill_months)
    )
    Citing(store, fetcher, clock, progress).run(host=host)
    again = Revisiting(store, fetcher, clock, progress).run(processes=0, host=host)
    purge_opposed(store, clock, began)
    return replace(visits, details={**visits.details, "updated": again.done})


def _backfilled(tx: ReadTransaction) -> list[Source]:
    """The sources that are read back."""
    running = {one.source_id for one in tx.backfills.running()}
    return [one for one in tx.sources.all() if one.id in running]


def _host_of(source: Source) -> str:
    """Where it is visited."""
    settled = source.last_success is not None or not source.candidates
    return netloc_of(source.feed if settled and source.feed else source.url)


def read(
    store: Store,
    clock: Clock,
    *,
    share: Slice | None = None,
    processes: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Read the pages that wait; ``share``: only of this."""
    return read_waiting(store, clock, share=share, processes=processes, progress=progress)


def reread(
    store: Store,
    clock: Clock,
    *,
    only: str | None = None,
    processes: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Read the pages still kept again with today's extractor. Raises NotFound."""
    with store.begin() as tx:
        tx.pages.read_again(tx.sources.by_slug(only).id if only is not None else None)
    return read(store, clock, processes=processes, progress=progress)


def _sources(store: Store, now: datetime, only: str | None, all_now: bool) -> list[Source]:
    with store.read() as tx:
        if only is None and not all_now:
            return tx.sources.due(now)
        every = tx.sources.all()
    chosen = [one for one in every if one.feed and only in (None, one.slug)]
    if only is not None and not any(one.slug == only for one in every):
        raise NotFound("source", only)
    return chosen


def _months_before(now: datetime, months: int) -> datetime | None:
    return now - timedelta(days=365 * months / 12) if months else None


def _every_source(store: Store) -> list[Source]:
    """Those that are visited."""
    with store.read() as tx:
        return tx.sources.all()


def _added(one: Report, other: Report) -> Report:
    """Two readings as one."""
    return Report(
        done=one.done + other.done,
        skipped=one.skipped + other.skipped,
        failed=one.failed + other.failed,
        failures=one.failures + other.failures,
        details=Counter(one.details) + Counter(other.details),
    )


def _prefixed(visits: Mapping[str, int], articles: Mapping[str, int]) -> dict[str, int]:
    return {**visits, **{f"articles_{name}": count for name, count in articles.items()}}
