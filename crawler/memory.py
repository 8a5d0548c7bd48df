"""What is known of sites from one run to the next: their rules for robots, and their patience."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from core.clock import Clock
from core.model import SiteRules
from crawler.fetching import Answer, Fetcher, Options
from crawler.schedule import wait_asked
from store import Store

OUTDATED = timedelta(hours=24)  # RFC 9309, section 2.4
FORGOTTEN = timedelta(days=90)


def fetcher_for(store: Store, options: Options, clock: Clock) -> Fetcher:
    """A fetcher that remembers what sites ask, and leaves alone those that said to wait."""
    with store.read() as tx:
        waiting = tx.hosts.waiting(clock())
    patient = frozenset(urlsplit(site).netloc for site in waiting)
    return Fetcher(replace(options, patient=options.patient | patient), StoredManners(store, clock))


class StoredManners:
    """The memory of a ``Fetcher``, kept in the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def recall(self, site: str) -> tuple[SiteRules, bool] | None:
        """The rules of a site as last read, and whether they are to be read again."""
        with self._store.read() as tx:
            rules = tx.hosts.rules(site)
        if rules is None or rules.read is None:
            return None
        return rules, self._clock() - rules.read > OUTDATED

    def keep(self, rules: SiteRules) -> None:
        """Remember rules just read."""
        now = self._clock()
        with self._store.begin() as tx:
            tx.hosts.keep_rules(replace(rules, read=now))
            tx.hosts.forget(now - FORGOTTEN)

    def heed(self, answer: Answer) -> None:
        """Leave the site alone for as long as it asks to, whoever comes next."""
        now = self._clock()
        if wait := wait_asked(answer.retry_after, now):
            with self._store.begin() as tx:
                tx.hosts.wait(answer.site, now + wait)
