"""Politeness towards a site: what it writes for robots, and the pace at which it is asked.

robots.txt is RFC 9309's; ``/.well-known/tdmrep.json`` is that of the TDM Reservation Protocol,
which asks to be read before anything else is.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from core.model import SiteRules, Validators
from core.text import NBSP
from crawler.fetching import AT_SITE, ROBOT, Answer, Options, Trouble, site_root, why_not
from crawler.fetching import Request as Asked
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
FOR_ROBOTS = {"glaneuse_robots": True, "dont_retry": True}  # what such a file is asked with
_NONE = Validators()


class RefusedByRobots(IgnoreRequest):
    """The site's robots.txt refuses this address."""


class RobotsUnreachable(IgnoreRequest):
    """The site's robots.txt cannot be had now: everything is refused until it can."""

    def __init__(self, reason: str, address: str = "", retry_after: str = "") -> None:
        super().__init__(reason)
        self.address = address
        self.retry_after = retry_after


class EndlessRedirects(IgnoreRequest):
    """A file for robots leads from address to address, and nowhere."""


class AskedToWait(IgnoreRequest):
    """The site answered a moment ago that it wants fewer requests."""


class AtAnotherSite(IgnoreRequest):
    """A redirect led to a site that this process was not given: it may be another's."""

    def __init__(self, url: str, way: tuple[tuple[str, int | str], ...]) -> None:
        super().__init__(url)
        self.url = url
        self.way = way


@dataclass(frozen=True, slots=True)
class File:
    """A file for robots as answered, and by which address at the end of all redirects."""

    address: str
    status: int
    body: bytes
    retry_after: str

    @property
    def is_held_back(self) -> bool:
        """Whether it cannot be had now, whatever it says."""
        return self.status >= 500 or self.status == 429

    def text(self, longest: int) -> str:
        """Its beginning, in bytes; "" when there is no such file."""
        if not 200 <= self.status < 300:
            return ""
        # A byte order mark would hide the first line from the parser; no database keeps NUL.
        return self.body[:longest].decode("utf-8-sig", "replace").replace("\x00", "")


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
    """The answer, at the end of all redirects."""
    engine: Any = crawler.engine
    response: Response = await engine.download_async(request)
    return response


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


class Errands:
    """What this process asks of those that have other sites: files for robots that are there.

    ``send`` gives our parent a number and a request; the answer comes back to ``settle``.
    """

    def __init__(self, send: Callable[[tuple[int, Asked]], None]) -> None:
        self._send = send
        self._awaited: dict[int, asyncio.Future[Answer]] = {}
        self._numbers = itertools.count(1)

    async def run(self, request: Asked) -> Answer:
        """The answer, whenever it comes."""
        number = next(self._numbers)
        self._awaited[number] = asyncio.get_running_loop().create_future()
        self._send((number, request))
        return await self._awaited[number]

    def settle(self, number: int, answer: Answer) -> None:
        """The answer came."""
        self._awaited.pop(number).set_result(answer)


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
        netloc, host = parts.netloc, parts.hostname or ""
        request.meta["download_slot"] = netloc
        if not self._sites.are_with(request.url):
            meta = request.meta
            way = zip(meta["redirect_urls"], meta["redirect_reasons"], strict=True)
            raise AtAnotherSite(request.url, tuple(way))
        if request.meta.get("glaneuse_robots"):
            if netloc not in self._slots:
                self._set_pace(netloc, host, 0)  # until we know what the site asks
            return
        known = await self._rules_of(site_root(request.url))
        self._set_pace(netloc, host, float(known.robots.crawl_delay(ROBOT) or 0))
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
            file = await self._fetch(address)
        except DownloadCancelledError as error:
            raise RobotsUnreachable("trop volumineux") from error
        except EndlessRedirects:  # as if there were none (section 2.3.1.2)
            return ""
        if file.is_held_back:
            raise RobotsUnreachable(f"erreur {file.status}", file.address, file.retry_after)
        return file.text(LONGEST)

    async def _read_tdmrep(self, address: str, former: str) -> str:
        """The site's tdmrep.json; what it was before, when it cannot be had now."""
        try:
            file = await self._fetch(address)
        except EndlessRedirects:
            return ""
        except Exception:  # noqa: BLE001  the site is asked for what we came for all the same
            return former
        if file.is_held_back:
            return former
        said = len(file.body) <= LONGEST_TDMREP and b"tdm-reservation" in file.body
        return file.text(LONGEST_TDMREP) if said else ""

    async def _fetch(self, address: str) -> File:
        """A file for robots, through redirects (eight of them: section 2.3.1.2 asks for five).

        Where they lead to another site, whoever has that site asks it, at its pace. Raises
        EndlessRedirects, AskedToWait, RobotsUnreachable and what Scrapy raises.
        """
        request = to_scrapy(address, self._options, FOR_ROBOTS)
        try:
            response = await download(self._crawler, request)
        except AtAnotherSite as error:
            errand = Asked(error.url, way=error.way, for_robots=True)
            spider: Any = self._crawler.spider
            return _file_elsewhere(await spider.errands.run(errand))
        except IgnoreRequest as error:
            # Scrapy says so with its bare class, ours derive from it.
            raise EndlessRedirects if type(error) is IgnoreRequest else error from error
        wait = (response.headers.get("Retry-After") or b"").decode("latin-1")
        return File(response.url, response.status, response.body, wait)

    @property
    def _slots(self) -> dict[str, Slot]:
        engine: Any = self._crawler.engine
        slots: dict[str, Slot] = engine.downloader.slots
        return slots

    def _set_pace(self, netloc: str, host: str, crawl_delay: float) -> None:
        """One request at a time, spaced as the site asks; several where only we are served."""
        slot = self._slots.setdefault(netloc, Slot(1, 0, 0))
        nearby = _guard().is_near(host)
        asked = min(crawl_delay, self._options.longest_delay)
        slot.concurrency = NEARBY_AT_ONCE if nearby and not asked else 1
        slot.delay = asked if nearby else max(self._options.delay, asked)
        # Never sooner than what is asked; our own delay may vary.
        slot.jitter = 0.0 if slot.delay == asked else 0.5


def _file_elsewhere(answer: Answer) -> File:
    """The file that another process was asked for. Raises as ``Politeness._fetch``."""
    if answer.trouble is Trouble.LOOP:
        raise EndlessRedirects
    if answer.trouble is Trouble.WAIT:
        raise AskedToWait
    if answer.trouble:
        where = urlsplit(answer.final_url or answer.url).netloc
        raise RobotsUnreachable(f"{where}{NBSP}: {why_not(answer)}", answer.url)
    return File(answer.final_url, answer.status, answer.body, answer.retry_after)


def _guard() -> Any:
    from twisted.internet import reactor  # noqa: PLC0415  installed by Scrapy

    return reactor.nameResolver
