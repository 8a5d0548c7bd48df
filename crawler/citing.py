"""What press reviews cite is fetched and kept: sources of sources, one step away and no more.

Asked for as politely as the rest, a bounded number at each collect. What the citations of a
source that is itself only cited lead to is not: the web would have no end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from core.clock import Clock
from core.model import Announcement, Report, SourceId
from core.progress import Progress, silent
from core.urls import canonical_url
from crawler.fetching import Answer, Fetcher, Request, Trouble, why_not
from crawler.keeping import kept_of
from store import Store
from store.citations import Sought

AT_ONCE = 100  # cited addresses asked for at one collect
ATTEMPTS = 4  # before an article is kept as not read
PATIENCE = timedelta(days=1)  # before the second; twice as long each time


class Citing:
    """One run over what is cited and was not had yet. ``run`` once."""

    def __init__(
        self, store: Store, fetcher: Fetcher, clock: Clock, progress: Progress = silent
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._progress = progress
        self._counts: Counter[str] = Counter()
        self._total = 0

    def run(
        self,
        source: SourceId | None = None,
        limit: int = AT_ONCE,
        host: str | None = None,
    ) -> Report:
        """Ask for at most ``limit`` cited addresses; what came waits to be read.

        ``source``: only what this one cites; ``host``: only what is there. Links that lead
        nowhere are no failure of ours.
        """
        sought = self._unknown(source, limit, host)
        self._total = len(sought)
        for one in sought:
            self._fetcher.submit(Request(one.citation.url), partial(self._answered, one))
        self._fetcher.run()
        return Report(done=self._counts["kept"], skipped=self._counts["later"])

    def _unknown(self, source: SourceId | None, limit: int, host: str | None) -> Sequence[Sought]:
        """Those that lead to no article and no page that we have; the others are settled."""
        with self._store.begin() as tx:
            sought = tx.citations.sought(self._clock(), limit, source, host)
            known = tx.pages.known(one.citation.url for one in sought)
            tx.articles.recognise(known)
            tx.citations.settle(known)
        return [one for one in sought if one.citation.url not in known]

    def _answered(self, sought: Sought, answer: Answer) -> None:
        later = sought.attempts + 1 < ATTEMPTS and not (answer.is_refused or answer.is_gone)
        if answer.is_fresh or answer.is_refused:
            self._keep(sought, answer)
        elif later:
            self._postpone(sought)
        elif answer.is_gone and answer.trouble is not Trouble.TOO_LARGE:
            self._keep(sought, answer, dead=why_not(answer))
        else:
            self._keep(sought, answer)
        self._progress(self._counts.total(), self._total)

    def _keep(self, sought: Sought, answer: Answer, *, dead: str = "") -> None:
        """A page to read; without a body, what the citation says of it is all there is."""
        now, cited = self._clock(), sought.citation
        told = Announcement(cited.url, cited.title, seen=sought.appeared)
        kept = kept_of(answer, told)
        body = self._store.bodies.put(kept.body, now) if kept.body else ""
        final = answer.final_url or answer.url
        with self._store.begin() as tx:
            tx.pages.add(
                source_id=tx.sources.met(final, now).id,
                url=canonical_url(cited.url),
                final_url=final,
                fetched=now,
                content_type=answer.content_type,
                body=body,
                announcement=kept.announcement,
                rejected=dead,
                reservation=kept.reservation,
                robots_tag=kept.robots_tag,
            )
            tx.citations.settle([cited.url])
        self._counts["dead" if dead else "kept"] += 1

    def _postpone(self, sought: Sought) -> None:
        until = self._clock() + PATIENCE * 2**sought.attempts
        with self._store.begin() as tx:
            tx.citations.postpone(sought.citation.url, until)
        self._counts["later"] += 1
