"""What was kept before its publisher opposed mining goes, once the opposition is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.clock import Clock
from core.model import ArticleId
from crawler.fetching import site_root
from crawler.optout import file_reserves
from store import ReadTransaction, Store


def purge_opposed(store: Store, clock: Clock, since: datetime) -> int:
    """Empty the articles that a site or a feed opposes, as was learnt ``since``; how many.

    A site opposes by its ``tdmrep.json``, for the addresses that it names; a source by the header
    of its feed, for its articles on the same site.
    """
    with store.read() as tx:
        opposed = {**_by_sites(tx, since), **_by_sources(tx, since)}
    empty(store, clock, opposed.values())
    return len(opposed)


def empty(store: Store, clock: Clock, ids: Iterable[ArticleId]) -> None:
    """Forget all of these articles but title, address and dates; raw pages last."""
    wanted = sorted(set(ids))
    if not wanted:
        return
    with store.begin() as tx:
        tx.articles.oppose(wanted, clock())
        orphans = tx.pages.oppose(tx.articles.addresses(wanted))
    store.bodies.remove(orphans)


def _by_sites(tx: ReadTransaction, since: datetime) -> dict[str, ArticleId]:
    found: dict[str, ArticleId] = {}
    for rules in tx.hosts.with_reservations(since):
        held = tx.articles.at_site(rules.site)
        reserved = [url for url in held if file_reserves(rules.tdmrep, url)]
        lifted = tx.pages.lifted(reserved)
        found |= {url: held[url] for url in reserved if url not in lifted}
    return found


def _by_sources(tx: ReadTransaction, since: datetime) -> dict[str, ArticleId]:
    found: dict[str, ArticleId] = {}
    for source in tx.sources.all():
        if source.opposed is not None and source.opposed >= since:
            for site in {site_root(source.feed), site_root(source.url)}:
                rules = tx.hosts.rules(site)
                if rules is not None and rules.tdmrep:
                    continue  # its file says which addresses
                held = tx.articles.at_site(site, source.id)
                lifted = tx.pages.lifted(held)
                found |= {url: id for url, id in held.items() if url not in lifted}
    return found
