"""The process that fetches: Scrapy's engine, driven through a pipe by ``crawler/fetching.py``."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import logging
import os
import queue
import sys
import warnings
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

import scrapy
from scrapy import exceptions
from scrapy.core.downloader.handlers import http11
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.web._newclient import ParseError

from core.model import Reservation, Validators
from crawler.fetching import HEADERS, MEGABYTE, Answer, Options, Request, Trouble
from crawler.optout import reservation
from crawler.robots import (
    FOR_ROBOTS,
    NEARBY_AT_ONCE,
    AskedToWait,
    AtAnotherSite,
    Errands,
    RefusedByRobots,
    RobotsUnreachable,
    Sites,
    download,
    to_scrapy,
)


def serve(connection: Connection, options: Options) -> None:
    """Answer the requests that come through ``connection`` until it closes."""
    _keep_quiet(options)
    FewHeaders.most = options.max_headers
    # The only way in: Scrapy names its reader of answers in one place, for every connection.
    http11._LenientHTTPClientParser = FewHeaders  # type: ignore[misc]  # noqa: SLF001
    gc.collect()
    gc.freeze()  # what was imported stays: no use in looking through it again and again
    gc.set_threshold(10_000)
    process = AsyncCrawlerProcess(scrapy_settings(options), install_root_handler=False)
    process.crawl(Visitor, connection=connection)
    process.start(install_signal_handlers=False)


def scrapy_settings(options: Options) -> dict[str, Any]:
    """Scrapy's settings, as a function of ours."""
    return {
        "GLANEUSE_OPTIONS": options,
        "GLANEUSE_NETWORKS": options.networks,
        "GLANEUSE_NAMES": options.names,
        "GLANEUSE_SITES": Sites(),
        "TWISTED_DNS_RESOLVER": "crawler.network.GuardedResolver",
        "DNSCACHE_ENABLED": False,  # a guarded answer is not kept for later
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.spider.FewAtOnce",
            "https": "crawler.spider.FewAtOnce",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.robots.Politeness": 100,
            "crawler.spider.CookiesOnTheWay": 650,  # before Scrapy's middleware for redirects
            **dict.fromkeys(_UNUSED),
        },
        "ROBOTSTXT_OBEY": False,  # ours does
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names behind the guard's back
        "CONCURRENT_REQUESTS_PER_DOMAIN": NEARBY_AT_ONCE,  # fewer elsewhere: see ``Politeness``
        "DOWNLOAD_DELAY": 0,  # set for each host by ``Politeness``
        "DOWNLOAD_MAXSIZE": options.max_body,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # many servers miscount; see ``_answer``
        "REDIRECT_MAX_TIMES": options.max_redirects,
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [],
        "RETRY_EXCEPTIONS": ["scrapy.exceptions.DownloadFailedError"],
        "REACTOR_THREADPOOL_MAXSIZE": 20,  # lookups of names
        # No console, no remote control, no statistics: nothing listens, nothing is counted.
        "EXTENSIONS_BASE": {},
        "SCHEDULER": "crawler.spider.NothingScheduled",
        "LOG_FORMATTER": "crawler.spider.NoAnswerLogged",
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_LEVEL": "WARNING",
    }


# Middlewares with nothing to do here: requests carry their headers and their timeout, and nothing
# is counted, cached, kept within a domain or given a password. That for cookies would remember us
# to each site, and fetch a list of domains from a third party.
_UNUSED = (
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware",
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware",
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware",
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware",
    "scrapy.downloadermiddlewares.stats.DownloaderStats",
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware",
)


def _keep_quiet(options: Options) -> None:
    """Nothing on the terminal: what there is to say goes to the log, when there is one."""
    warnings.simplefilter("ignore")
    target = os.devnull
    if options.log_file is not None:
        with contextlib.suppress(OSError):
            options.log_file.parent.mkdir(parents=True, exist_ok=True)
            options.log_file.write_bytes(b"")
            target = str(options.log_file)
    opened = os.open(target, os.O_WRONLY | os.O_APPEND)
    os.dup2(opened, 1)
    os.dup2(opened, 2)
    os.close(opened)
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)  # some loggers of Scrapy have a lower level of their own
    logging.basicConfig(handlers=[handler], format="%(asctime)s %(name)s %(message)s")


class FewHeaders(http11._LenientHTTPClientParser):  # noqa: SLF001
    """Scrapy's reader of answers, with a bound on their headers: it has one for each line only."""

    most = 64 * 1024
    _read = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  Twisted's name
        """One line of the headers. Raises ParseError above the bound."""
        self._read += len(line)
        if self._read > self.most:
            raise ParseError("headers without end", line[:80])  # type: ignore[no-untyped-call]
        super().lineReceived(line)


class FewAtOnce(HTTP11DownloadHandler):
    """Scrapy's handler, with a bound on what runs at once over all hosts.

    A host that says « too much » (429) or « not now » (503) is left alone for the rest of the run;
    this is the place to hold back what waits in its queue already.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._room = asyncio.Semaphore(crawler.settings["GLANEUSE_OPTIONS"].at_once)
        self._patient: set[str] = set(crawler.settings["GLANEUSE_OPTIONS"].patient)

    async def download_request(self, request: scrapy.Request) -> Response:
        """Fetch it when there is room."""
        slot = request.meta["download_slot"]
        async with self._room:
            if slot in self._patient:
                raise AskedToWait
            response = await super().download_request(request)
        # One file for robots that is out of order says nothing of the rest of the site.
        one_file = request.meta.get("glaneuse_robots") and "Retry-After" not in response.headers
        if response.status == 429 or (response.status == 503 and not one_file):
            self._patient.add(slot)
            engine: Any = self._crawler.engine
            engine.downloader.slots[slot].delay = 0  # nothing more leaves: no pace to keep
        return response


class NothingScheduled(BaseScheduler):
    """No request waits for Scrapy's engine, which looks for one after each answer."""

    def has_pending_requests(self) -> bool:
        """Never: requests come through the pipe."""
        return False

    def enqueue_request(self, request: scrapy.Request) -> bool:
        """Refused: nobody follows links here."""
        return False

    def next_request(self) -> None:
        """None, ever."""


class NoAnswerLogged(LogFormatter):
    """Nothing written for each answer, which costs more than the smallest of them."""

    def crawled(  # type: ignore[override]  # None omits the line
        self, request: scrapy.Request, response: Response, spider: scrapy.Spider
    ) -> None:
        """Nothing to log."""


class CookiesOnTheWay:
    """Downloader middleware: a cookie set by a redirect is shown where it leads, then forgotten.

    Some sites lead back to the same address until they see it. Scrapy drops it on the way to
    another site.
    """

    def process_response(self, request: scrapy.Request, response: Response) -> Response:
        """Give the request what the redirect sets, before it is sent on."""
        if 300 <= response.status < 400 and (given := response.headers.getlist("Set-Cookie")):
            pairs = [cookie.partition(b";")[0].strip() for cookie in given]
            request.headers["Cookie"] = b"; ".join(pairs)
        return response


class Visitor(scrapy.Spider):
    """Fetches what it is asked for through a pipe; knows nothing of feeds or articles."""

    name = "glaneuse"

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self._said: queue.SimpleQueue[tuple[int, Answer | Request]] = queue.SimpleQueue()
        self.errands = Errands(self._said.put)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Take requests for as long as there may be some (the process ends with the pipe)."""
        loop = asyncio.get_running_loop()
        Thread(target=self._listen, args=(loop,), daemon=True).start()
        Thread(target=self._tell, daemon=True).start()
        await asyncio.Event().wait()
        yield  # makes this a generator, as Scrapy wants it

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while True:
                loop.call_soon_threadsafe(self._begin, self._connection.recv())
        except (EOFError, OSError):
            os._exit(0)  # our parent is done, or dead; nothing here is worth keeping

    def _begin(self, asked: Sequence[tuple[int, Request | Answer]]) -> None:
        for number, one in asked:
            if isinstance(one, Answer):
                self.errands.settle(number, one)
                continue
            task = asyncio.create_task(self._visit(number, one))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _tell(self) -> None:
        # A thread, so that the loop never waits for our parent to read.
        try:
            while True:
                self._connection.send(self._some_words())
        except OSError:
            os._exit(0)

    def _some_words(self) -> list[tuple[int, Answer | Request]]:
        """One answer or errand at least, and those that came meanwhile.

        Each letter costs both sides some time.
        """
        some = [self._said.get()]
        weight = _weight(some[0][1])
        while weight < MEGABYTE and not self._said.empty():
            some.append(self._said.get())
            weight += _weight(some[-1][1])
        return some

    async def _visit(self, number: int, request: Request) -> None:
        sites: Sites = self.settings["GLANEUSE_SITES"]
        if request.rules is not None:
            sites.tell(request.rules, outdated=request.outdated)
        sites.take_in(request.url)
        try:
            answer = _answer(request, await download(self.crawler, self._to_scrapy(request)))
        except AtAnotherSite as error:
            onward = replace(request, url=error.url, way=error.way, rules=None, outdated=False)
            answer = Answer(request.first, error.url, onward=onward)
        except Exception as error:  # noqa: BLE001  one address's trouble is never another's
            options: Options = self.settings["GLANEUSE_OPTIONS"]
            trouble, detail = _trouble(error, options)
            answer = Answer(
                request.first, _where(error) or request.url, headers=_wait(error),
                trouble=trouble, detail=detail,
            )  # fmt: skip
        if fresh := sites.take_fresh():
            answer = replace(answer, learnt=fresh)
        self._said.put((number, answer))

    def _to_scrapy(self, request: Request) -> scrapy.Request:
        """With the redirects that led there, as Scrapy counts them."""
        options: Options = self.settings["GLANEUSE_OPTIONS"]
        meta: dict[str, Any] = {}
        if request.way:
            urls, reasons = zip(*request.way, strict=True)
            left = options.max_redirects - len(request.way)
            meta = {"redirect_urls": list(urls), "redirect_reasons": list(reasons)}
            meta |= {"redirect_times": len(request.way), "redirect_ttl": left}
        if request.for_robots:
            meta |= FOR_ROBOTS
        return to_scrapy(request.url, options, meta, request.validators)


def _weight(said: Answer | Request) -> int:
    return len(said.body) if isinstance(said, Answer) else 0


def _answer(request: Request, response: Response) -> Answer:
    if 300 <= response.status < 400 and response.status != 304 and "Location" in response.headers:
        return Answer(request.first, response.url, trouble=Trouble.NOT_WEB)
    # A body cut short must be asked for again in full.
    validators = Validators(_header(response, "ETag"), _header(response, "Last-Modified"))
    return Answer(
        url=request.first,
        final_url=response.url,
        status=response.status,
        body=response.body,
        content_type=_header(response, "Content-Type"),
        validators=Validators() if "dataloss" in response.flags else validators,
        headers={name: value for name in HEADERS if (value := _all(response, name))},
        reservation=_reservation(response),
        moved=_moved(response),
    )


def _reservation(response: Response) -> Reservation:
    """What the answer says of mining: in its header, else in the file of the site it came from."""
    meta = response.request.meta if response.request else {}
    header = _all(response, "tdm-reservation")
    return reservation(header, meta.get("glaneuse_tdmrep", ""), response.url)


def _moved(response: Response) -> str:
    """Where permanent redirects (301, 308), before any other, say that the address is now."""
    meta = response.request.meta if response.request else {}
    way = [*meta.get("redirect_urls", ()), response.url]
    reasons = meta.get("redirect_reasons", ())
    lasting = next((n for n, why in enumerate(reasons) if why not in {301, 308}), len(reasons))
    return str(way[lasting]) if lasting else ""


def _where(error: Exception) -> str:
    """The address that was in trouble, when it is not the one asked for."""
    return error.address if isinstance(error, RobotsUnreachable) else ""


def _wait(error: Exception) -> dict[str, str]:
    wait = error.retry_after if isinstance(error, RobotsUnreachable) else ""
    return {"retry-after": wait} if wait else {}


def _all(response: Response, name: str) -> str:
    """Every value of a header, in one; one a line where each stands for itself."""
    between = "\n" if name == "x-robots-tag" else ", "
    return between.join(value.decode("latin-1") for value in response.headers.getlist(name))


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def _trouble(error: Exception, options: Options) -> tuple[Trouble, str]:
    """What went wrong, and what is to be said of it."""
    found = (trouble for kind, trouble in _TROUBLES if isinstance(error, kind))
    trouble = next(found, None)
    if isinstance(error, ValueError) and "scheme" in str(error):
        return Trouble.NOT_WEB, ""
    if trouble is None:
        badly_packed = isinstance(error, (zlib.error, gzip.BadGzipFile, EOFError))
        return Trouble.BROKEN, "mal compressée" if badly_packed else type(error).__name__
    if trouble is Trouble.NO_HOST:
        return _refused(error)
    details = {
        Trouble.TIMEOUT: f"{options.timeout:g}",
        Trouble.TOO_LARGE: f"{options.max_body / MEGABYTE:g}",
        Trouble.ROBOTS_DOWN: str(error),
    }
    if isinstance(error, exceptions.IgnoreRequest) and "maxsize" in str(error).lower():
        trouble = Trouble.TOO_LARGE
    return trouble, details.get(trouble, "")


def _refused(error: Exception) -> tuple[Trouble, str]:
    """A name without address: because it has none, or because the guard refused them all."""
    from twisted.internet import reactor  # noqa: PLC0415  installed by Scrapy

    refused: dict[str, str] = reactor.nameResolver.refused
    for name, address in refused.items():
        if str(error).rstrip(".").endswith((f" {name}", f"'{name}'")):
            return Trouble.PRIVATE, address
    return Trouble.NO_HOST, ""


_TROUBLES: tuple[tuple[type[Exception], Trouble], ...] = (
    (RefusedByRobots, Trouble.ROBOTS),
    (RobotsUnreachable, Trouble.ROBOTS_DOWN),
    (AskedToWait, Trouble.WAIT),
    (exceptions.IgnoreRequest, Trouble.LOOP),
    (exceptions.DownloadTimeoutError, Trouble.TIMEOUT),
    (exceptions.CannotResolveHostError, Trouble.NO_HOST),
    (DNSLookupError, Trouble.NO_HOST),
    (exceptions.DownloadCancelledError, Trouble.TOO_LARGE),
    (exceptions.DownloadConnectionRefusedError, Trouble.NO_CONNECTION),
    (ConnectError, Trouble.NO_CONNECTION),
    (exceptions.UnsupportedURLSchemeError, Trouble.NOT_WEB),
    (exceptions.NotSupported, Trouble.NOT_WEB),
)
