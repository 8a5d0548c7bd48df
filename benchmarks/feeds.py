"""Feeds a second: 1,000 feeds of 20 entries on loopback, beside the Python library ``reader``.

Twice each: all new, then all « not modified ». Ours obeys robots.txt, keeps what it is announced
and plans the next visits; pages of articles are not fetched, since ``reader`` fetches none. Each
runs in a process of its own, with the same server in another. ``pip install reader`` first.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.clock import now
from core.model import SourceId, SourceKind
from crawler.collecting import Collecting
from crawler.fetching import Fetcher, Options, Request
from crawler.memory import fetcher_for
from store import Store
from store.pages import AnnouncedPage

SITES = 50
FEEDS = 1000
ENTRIES = 20
WORKERS = 8  # of ``reader``


@dataclass(frozen=True, slots=True)
class Figures:
    """Feeds a second at both refreshes, entries kept, and the memory of all processes (MB)."""

    first: float
    second: float
    entries: int
    memory: float


# -- the server -----------------------------------------------------------------------------------


def feed(number: int, site: str) -> bytes:
    """A feed as WordPress writes them."""
    sentence = "L’équipe raconte ce qui a changé depuis la rentrée, et ce qui manque encore. "
    items = "".join(
        f"<item><title>Article {n} du flux {number} : l’accueil de jour déménage</title>"
        f"<link>{site}/{number}/{n}/</link><guid isPermaLink='false'>{site}/?p={n}</guid>"
        f"<dc:creator><![CDATA[Ada Exemple]]></dc:creator>"
        f"<pubDate>Sun, {n % 20 + 1:02d} Nov 2026 08:{n:02d}:00 +0100</pubDate>"
        f"<description><![CDATA[<p>{sentence * 4}<b>À lire.</b></p>]]></description></item>"
        for n in range(ENTRIES)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Flux {number}</title><link>{site}/</link><description>-</description>"
        f"{items}</channel></rss>"
    ).encode()


def serve(connection: Connection) -> None:
    """Serve the feeds on ``SITES`` ports, which are sent through the connection."""
    asyncio.run(_serve(connection))


async def _serve(connection: Connection) -> None:
    held: dict[int, tuple[bytes, bytes]] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_response(head, held))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(SITES)]
    sites = [f"http://127.0.0.1:{one.sockets[0].getsockname()[1]}" for one in servers]
    for number in range(FEEDS):
        body = feed(number, sites[number % SITES])
        held[number] = (body, hashlib.md5(body, usedforsecurity=False).hexdigest().encode())
    connection.send([f"{sites[number % SITES]}/feed/{number}" for number in range(FEEDS)])
    await asyncio.Event().wait()


def _response(head: bytes, held: dict[int, tuple[bytes, bytes]]) -> bytes:
    path = head.split(b" ", 2)[1]
    if not path.startswith(b"/feed/"):
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    body, tag = held[int(path[6:])]
    if tag in head:
        return b'HTTP/1.1 304 Not Modified\r\nETag: "%b"\r\n\r\n' % tag
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=UTF-8\r\n"
        b'ETag: "%b"\r\nContent-Length: %d\r\n\r\n' % (tag, len(body)) + body
    )


# -- who is measured ------------------------------------------------------------------------------


class FeedsAlone(Collecting):
    """A collect that leaves the pages of articles for later."""

    def _resume(self, of: set[SourceId] | None, due: datetime | None) -> None:
        """Not now."""

    def _ask_page(self, page: AnnouncedPage) -> None:
        """Not now."""


def warm(fetcher: Fetcher) -> None:
    """Wait until its processes have imported Scrapy; ``reader`` is imported beforehand too."""
    for number in range(SITES):
        fetcher.submit(Request(f"nothing://{number}/"), lambda _: None)
    fetcher.run()


def ours(urls: list[str], folder: Path) -> Figures:
    """Glaneuse's collect, without the pages of articles."""
    options = Options(networks=(ip_network("127.0.0.0/8"),))
    with Store.open(f"sqlite:///{folder}/store.db") as store:
        with store.begin() as tx:
            for url in urls:
                site, name = url[: url.index("/", 8) + 1], f"Flux {url[-4:]}"
                tx.sources.add(name=name, url=site, feed=url, kind=SourceKind.FEED, now=now())

        def refresh() -> float:
            with store.read() as tx:
                sources = tx.sources.all()
            with fetcher_for(store, options, now) as fetcher:
                warm(fetcher)
                began = time.perf_counter()
                report = FeedsAlone(store, fetcher, now).run(sources)
                seconds = time.perf_counter() - began
                memory.append(_memory())
            assert report.failed == 0, report.failures[:3]
            return len(urls) / seconds

        memory: list[float] = []
        first, second = refresh(), refresh()
        with store.read() as tx:
            return Figures(first, second, tx.pages.count_announced(), max(memory))


def theirs(urls: list[str], folder: Path) -> Figures:
    """``reader``, as its documentation says."""
    # It needs « sgmllib », which feedparser's own dependency has under another name.
    sys.modules.setdefault("sgmllib", importlib.import_module("feedparser_sgmllib"))
    reader = importlib.import_module("reader").make_reader(str(folder / "reader.db"))
    for url in urls:
        reader.add_feed(url)

    def refresh() -> float:
        began = time.perf_counter()
        reader.update_feeds(scheduled=False, workers=WORKERS)
        return len(urls) / (time.perf_counter() - began)

    first, second = refresh(), refresh()
    return Figures(first, second, reader.get_entry_counts().total or 0, _memory())


def _memory() -> float:
    """Of this process and of those that it started, at their highest (MB)."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = (_peak(child.pid) for child in multiprocessing.active_children())
    return own + sum(children)


def _peak(pid: int | None) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _measured(run: Callable[[list[str], Path], Figures], urls: list[str]) -> Figures | None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = context.Process(target=_run, args=(run, urls, Path(folder), there))
        process.start()
        there.close()
        try:
            found: Figures | None = here.recv()
        except EOFError:
            found = None
        process.join()
    return found


def _run(run: Any, urls: list[str], folder: Path, connection: Connection) -> None:
    connection.send(run(urls, folder))


def main(_: list[str]) -> None:
    """Measure both, and compare."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there,), daemon=True)
    server.start()
    try:
        urls = here.recv()
        found = {"reader": _measured(theirs, urls), "Glaneuse": _measured(ours, urls)}
    finally:
        server.kill()
    print(f"{FEEDS} feeds of {ENTRIES} entries on {os.cpu_count()} cores, feeds a second")
    for name, one in found.items():
        if one is None:
            print(f"{name:10} could not be measured")
            continue
        print(
            f"{name:10} first {one.first:7.1f}   not modified {one.second:7.1f}   "
            f"{one.entries} entries   {one.memory:.0f} MB"
        )
    reader, glaneuse = found["reader"], found["Glaneuse"]
    if reader and glaneuse:
        first, second = glaneuse.first / reader.first, glaneuse.second / reader.second
        print(f"ratio      first {first:7.2f}   not modified {second:7.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
