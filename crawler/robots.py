"""Politeness towards a site: what it writes for robots, and the pace at which it is asked.

robots.txt is RFC 9309's; ``/.well-known/tdmrep.json`` is that of the TDM Reservation Protocol,
which asks to be read before anything else is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future

from core.model import SiteRules, Validators
from crawler.fetching import AT_SITE, ROBOT, Options, site_root
from crawler.sites import site_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LONGEST = 512_000  # bytes of a robots.txt that are read (RFC 9309, section 2.5: at least 500 KiB)
LONGEST_TDMREP = 200_000
NEARBY_AT_ONCE = AT_SITE
_WELL_KNOWN = "/.well-known/tdmrep.json"
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr,*;q=0.5",
}
_NONE = Validators()


class RefusedByRobots(IgnoreRequest):
    """The site's robots.txt refuses this address."""


class RobotsUnreachable(IgnoreRequest):
    """The site's robots.txt cannot be had now: everything is refused until it can."""

    def __init__(self, reason: str, address: str = "", retry_after: str = "") -> None:
        super().__init__(reason)
        self.address = address
        self.retry_after = retry_after


class AtAnotherSite(IgnoreRequest):
    """A redirect led to a site that this process was not given: it may be another's."""

    def __init__(self, url: str, way: tuple[tuple[str, int | str], ...]) -> None:
        super().__init__(url)
        self.url = url
        self.way = way


@dataclass(frozen=True, slots=True)
class Known:
    """A site's rules, as read and as understood."""

    rules: SiteRules
    robots: Protego


def to_scrapy(
    url: str, options: Options, meta: Mapping[str, Any], validators: Validators = _NONE
) -> Request:
    """A request with all that it has to say; with ``validators``, to be answered if it changed.

    Conditions are RFC 9110's, section 13.
    """
    headers = {**_HEADERS, "User-Agent": options.user_agent}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    meta = {**meta, "download_timeout": options.timeout}
    return Request(url, headers=headers, meta=meta, callback=NO_CALLBACK)


async def download(crawler: Crawler, request: Request) -> Response:
    """The answer, at the end of all redirects.

    As Scrapy's engine does it, less what serves spiders that follow links (its scheduler is called,
    its log is written at each answer), which takes a tenth of the time.
    """
    engine: Any = crawler.engine
    while True:
        answer = await maybe_deferred_to_future(engine.downloader.fetch(request))
        if isinstance(answer, Response):
            answer.request = answer.request or request
            return answer
        request = answer


class Sites:
    """What the fetching process knows of sites: told by its parent, or read by itself."""

    def __init__(self) -> None:
        self._known: dict[str, asyncio.Future[Known]] = {}
        self._former: dict[str, SiteRules] = {}
        self._fresh: list[SiteRules] = []
        self._ours: set[str] = set()

    def take_in(self, url: str) -> None:
        """The site of this address is for this process to ask."""
        self._ours.add(site_of(url))

    def are_with(self, url: str) -> bool:
        """Whether the site of this address is for this process to ask."""
        return site_of(url) in self._ours

    def tell(self, rules: SiteRules, *, outdated: bool) -> None:
        """What a former run read; ``outdated``: only for want of better."""
        if outdated:
            self._former[rules.site] = rules
        elif rules.site not in self._known:
            future: asyncio.Future[Known] = asyncio.get_running_loop().create_future()
            future.set_result(Known(rules, Protego.parse(rules.robots)))
            self._known[rules.site] = future

    def former(self, site: str) -> SiteRules:
        """What was known of it before it was read again."""
        return self._former.get(site) or SiteRules(site)

    def learn(self, rules: SiteRules) -> Known:
        """What was read just now."""
        self._fresh.append(rules)
        return Known(rules, Protego.parse(rules.robots))

    def take_fresh(self) -> tuple[SiteRules, ...]:
        """What was read since this was last asked."""
        fresh, self._fresh = tuple(self._fresh), []
        return fresh

    def get(self, site: str) -> asyncio.Future[Known] | None:
        """What is known of it, or will be."""
        return self._known.get(site)

    def set(self, site: str, future: asyncio.Future[Known]) -> None:
        """From now on this is what is known of it."""
        self._known[site] = future


class Politeness:
    """Downloader middleware, in place of Scrapy's own for robots.txt.

    Scrapy's allows everything when robots.txt does not answer, and asks a dead host twice; this
    one follows the RFC. Each host and port has a slot of its own, redirects included.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._options: Options = crawler.settings["GLANEUSE_OPTIONS"]
        self._sites: Sites = crawler.settings["GLANEUSE_SITES"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass when the site's robots.txt does.

        Raises IgnoreRequest when it does not, and for a site that is not for this process.
        """
        parts = urlsplit(request.url)
        request.meta["download_slot"] = parts.netloc
        if request.meta.get("dont_obey_robotstxt"):
            return
        if not self._sites.are_with(request.url):
            meta = request.meta
            way = zip(meta["redirect_urls"], meta["redirect_reasons"], strict=True)
            raise AtAnotherSite(request.url, tuple(way))
        known = await self._rules_of(site_root(request.url))
        self._set_pace(parts.netloc, parts.hostname or "", known.robots)
        if not known.robots.can_fetch(request.url, ROBOT):
            raise RefusedByRobots
        # Kept through redirects by Scrapy, and so set again for each site on the way.
        request.meta["glaneuse_tdmrep"] = known.rules.tdmrep

    async def _rules_of(self, site: str) -> Known:
        known = self._sites.get(site)
        if known is None:
            known = asyncio.ensure_future(self._read_rules(site))
            self._sites.set(site, known)
        return await asyncio.shield(known)

    async def _read_rules(self, site: str) -> Known:
        robots = await self._read_robots(f"{site}/robots.txt")
        former = self._sites.former(site).tdmrep
        allowed = Protego.parse(robots).can_fetch(site + _WELL_KNOWN, ROBOT)
        tdmrep = await self._read_tdmrep(site + _WELL_KNOWN, former) if allowed else ""
        return self._sites.learn(SiteRules(site, robots, tdmrep))

    async def _read_robots(self, address: str) -> str:
        try:
            response = await self._fetch(address)
        except DownloadCancelledError as error:
            raise RobotsUnreachable("trop volumineux") from error
        except IgnoreRequest:  # it runs in circles: as if there were none (section 2.3.1.2)
            return ""
        if response.status >= 500 or response.status == 429:
            wait = (response.headers.get("Retry-After") or b"").decode("latin-1")
            raise RobotsUnreachable(f"erreur {response.status}", response.url, wait)
        found = 200 <= response.status < 300
        # A byte order mark would hide the first line from the parser; no database keeps NUL.
        text = response.body[:LONGEST].decode("utf-8-sig", "replace").replace("\x00", "")
        return text if found else ""

    async def _read_tdmrep(self, address: str, former: str) -> str:
        """The site's tdmrep.json; what it was before, when it cannot be had now."""
        try:
            response = await self._fetch(address)
        except IgnoreRequest:
            return ""
        except Exception:  # noqa: BLE001  the site is asked for what we came for all the same
            return former
        if response.status >= 500 or response.status == 429:
            return former
        body = response.body if 200 <= response.status < 300 else b""
        if len(body) > LONGEST_TDMREP or b"tdm-reservation" not in body:
            return ""
        return body.decode("utf-8-sig", "replace").replace("\x00", "")

    async def _fetch(self, address: str) -> Response:
        meta = {"dont_obey_robotstxt": True, "dont_retry": True}
        return await download(self._crawler, to_scrapy(address, self._options, meta))

    def _set_pace(self, netloc: str, host: str, robots: Protego) -> None:
        """One request at a time, spaced as the site asks; several where only we are served."""
        engine: Any = self._crawler.engine
        slots = engine.downloader.slots
        if netloc not in slots:
            slots[netloc] = Slot(1, 0, 0)
        slot = slots[netloc]
        nearby = _guard().is_near(host)
        asked = min(float(robots.crawl_delay(ROBOT) or 0), self._options.longest_delay)
        slot.concurrency = NEARBY_AT_ONCE if nearby and not asked else 1
        slot.delay = asked if nearby else max(self._options.delay, asked)
        # Never sooner than what is asked; our own delay may vary.
        slot.jitter = 0.0 if slot.delay == asked else 0.5


def _guard() -> Any:
    from twisted.internet import reactor  # noqa: PLC0415  installed by Scrapy

    return reactor.nameResolver
