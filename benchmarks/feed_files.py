"""Feeds that others wrote, served over HTTP: none stops the run, each well-formed one is read.

``python -m benchmarks.feed_files FOLDER``: every file under it is served by a server on loopback,
fetched by our fetcher and read as a feed; the files stay where they are. feedparser alone reads the
same bytes: an entry counts as had when its address, as feedparser gives it, is among ours.
"""

from __future__ import annotations

import io
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import feedparser
from lxml import etree

from core.errors import Unreadable
from core.urls import canonical_url
from crawler.feeds import parse_feed
from crawler.fetching import Answer, Fetcher, Options, Request, why_not

SLOW = 1.0  # seconds to read one
_SERVED = {".xml": "application/xml", ".rss": "application/rss+xml", ".json": "application/json"}


@dataclass(slots=True)
class Outcome:
    """What came of all the files."""

    read: int = 0
    entries: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    crashed: list[str] = field(default_factory=list)
    well_formed: int = 0  # with entries that have an address
    missing: list[str] = field(default_factory=list)  # of these, those that lack one of theirs
    slow: list[str] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def guess_type(self, path: object) -> str:
        return _SERVED.get(Path(str(path)).suffix, "application/xml")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder at an address on loopback."""
    server = _Server(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def read_all(folder: Path) -> Outcome:
    """Serve, fetch and read every file of a folder."""
    outcome = Outcome()
    kinds = {".xml", ".rss", ".atom", ".rdf", ".json"}
    paths = sorted(path for path in folder.rglob("*") if path.suffix in kinds)
    options = Options(networks=(ip_network("127.0.0.0/8"),))
    with serving(folder) as site, Fetcher(options) as fetcher:
        for path in paths:
            name = path.relative_to(folder).as_posix()
            fetcher.submit(Request(f"{site}/{quote(name)}"), partial(_answered, outcome, name))
        fetcher.run()
    return outcome


def _answered(outcome: Outcome, name: str, answer: Answer) -> None:
    if not answer.is_fresh:
        outcome.refused[why_not(answer)] += 1
        return
    began = time.perf_counter()
    try:
        feed = parse_feed(answer.body, url=answer.final_url, content_type=answer.content_type)
    except Unreadable as error:
        outcome.refused[error.reason] += 1
        ours: set[str] = set()
    except Exception as error:  # noqa: BLE001  what this is here to find
        outcome.crashed.append(f"{name}: {error!r}")
        return
    else:
        outcome.read += 1
        outcome.entries += len(feed.entries)
        ours = {entry.url for entry in feed.entries}
    if time.perf_counter() - began > SLOW:
        outcome.slow.append(name)
    theirs = _addresses(answer)
    if theirs and _is_well_formed(answer.body):
        outcome.well_formed += 1
        if theirs - ours:
            outcome.missing.append(name)


def _is_well_formed(body: bytes) -> bool:
    try:
        etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True


def _addresses(answer: Answer) -> set[str]:
    """The addresses of web pages that feedparser alone finds for entries."""
    headers = {"content-type": answer.content_type, "content-location": answer.final_url}
    found: set[str] = set()
    try:
        parsed = feedparser.parse(io.BytesIO(answer.body), response_headers=headers)
    except Exception:  # noqa: BLE001  it raises on some of its own test cases
        return found
    for link in filter(None, (entry.get("link") for entry in parsed.entries)):
        try:
            found.add(canonical_url(link, answer.final_url))
        except ValueError:
            continue
    return found if parsed.entries and not parsed.bozo else set()


def main(arguments: list[str]) -> None:
    """Read them and tell."""
    began = time.perf_counter()
    outcome = read_all(Path(arguments[0]))
    files = outcome.read + sum(outcome.refused.values()) + len(outcome.crashed)
    print(f"files: {files} in {time.perf_counter() - began:.1f} s")
    print(f"read as feeds: {outcome.read}, with {outcome.entries} entries")
    print(f"well-formed with entries: {outcome.well_formed}, lacking one: {len(outcome.missing)}")
    print(f"tracebacks: {len(outcome.crashed)}, slower than {SLOW:g} s: {len(outcome.slow)}")
    for reason, count in outcome.refused.most_common():
        print(f"  {count:5} {reason}")
    for name in (*outcome.crashed, *outcome.missing, *outcome.slow):
        print(f"  ! {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
