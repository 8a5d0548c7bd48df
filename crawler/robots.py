"""Politeness towards a host: its robots.txt (RFC 9309), and the pace at which it is asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.fetching import ROBOT, Options

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LONGEST = 512_000  # bytes of a robots.txt that are read (RFC 9309, section 2.5: at least 500 KiB)
NEARBY_AT_ONCE = 8


class RefusedByRobots(IgnoreRequest):
    """The site's robots.txt refuses this address."""


class RobotsUnreachable(IgnoreRequest):
    """The site's robots.txt cannot be had now: everything is refused until it can."""


class Politeness:
    """Downloader middleware, in place of Scrapy's own for robots.txt.

    Scrapy's allows everything when robots.txt does not answer, and asks a dead host twice; this
    one follows the RFC. Each host and port has a slot of its own, redirects included.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._options: Options = crawler.settings["GLANEUSE_OPTIONS"]
        self._rules: dict[str, asyncio.Future[Protego]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass when the site's robots.txt does. Raises IgnoreRequest."""
        parts = urlsplit(request.url)
        request.meta["download_slot"] = parts.netloc
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_of(f"{parts.scheme}://{parts.netloc}")
        self._set_pace(parts.netloc, parts.hostname or "", rules)
        if not rules.can_fetch(request.url, ROBOT):
            raise RefusedByRobots

    async def _rules_of(self, site: str) -> Protego:
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._read_rules(site))
        return await asyncio.shield(self._rules[site])

    async def _read_rules(self, site: str) -> Protego:
        meta = {"dont_obey_robotstxt": True, "dont_retry": True}
        request = Request(f"{site}/robots.txt", meta=meta, callback=NO_CALLBACK)
        engine: Any = self._crawler.engine
        try:
            response: Response = await engine.download_async(request)
        except IgnoreRequest:  # it runs in circles: as if there were none (section 2.3.1.2)
            return Protego.parse("")
        except DownloadCancelledError as error:
            raise RobotsUnreachable("trop volumineux") from error
        if response.status >= 500 or response.status == 429:
            raise RobotsUnreachable(f"erreur {response.status}")
        found = 200 <= response.status < 300
        # A byte order mark would hide the first line from the parser.
        text = response.body[:LONGEST].decode("utf-8-sig", "replace")
        return Protego.parse(text if found else "")

    def _set_pace(self, netloc: str, host: str, rules: Protego) -> None:
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(netloc)
        if slot is None or host in _guard().nearby:
            return
        slot.concurrency = 1
        asked = float(rules.crawl_delay(ROBOT) or 0)
        slot.delay = max(self._options.delay, min(asked, self._options.longest_delay))


def _guard() -> Any:
    from twisted.internet import reactor  # noqa: PLC0415  installed by Scrapy

    return reactor.nameResolver
