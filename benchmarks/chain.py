"""``python -m benchmarks.chain FOLDER [COUNT]``: the whole chain beside bare trafilatura.

FOLDER holds ``pages/`` and ``pages.json`` (``[{"file"}]``), else the sample pages of the tests.
COUNT pages (1,000) are made of them, each with other words at the same places, so that none is a
copy of another; they are served on loopback, fed by feeds of 50. The chain: fetch, read, look for
copies, tag, describe, index in the embedded engine. Bare trafilatura reads the same pages in as
many processes, already started. Prints pages a second and where the time goes; exits with 1 under
the bar.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from trafilatura import bare_extraction
from trafilatura.settings import Document

from benchmarks.corpus import vocabulary
from benchmarks.extraction import SAMPLES
from benchmarks.feeds import warm
from core.clock import now
from core.model import SourceKind
from core.progress import silent
from core.settings import read_settings
from crawler.collecting import Collecting
from crawler.fetching import Options
from crawler.memory import fetcher_for
from crawler.stages import read
from curation.grouping import group
from glaneuse.wiring import open_describer, open_engine, open_store, open_tagger
from indexer.stages import drain
from store import Store
from taxonomy.describing import describe
from taxonomy.stages import tag

BAR = 0.4
COUNT = 1_000
FED = 50  # pages in a feed
_TEXT = re.compile(r"<p[ >].*?</p>", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"(?<=[ >’'])[^\W\d_]{3,}(?=[ ,.<])")
_OPPOSED = re.compile(r"<meta[^>]+tdm-reservation[^>]*>", re.IGNORECASE)
_CANONICAL = re.compile(r"<link[^>]+rel=[\"']?canonical[^>]*>", re.IGNORECASE)


def main(arguments: Sequence[str]) -> None:
    """Time both, and say where the chain's time goes."""
    folder = Path(arguments[0]) if arguments else SAMPLES
    count = int(arguments[1]) if len(arguments) > 1 else COUNT
    processes = len(os.sched_getaffinity(0))
    pages = list(made(folder, count))
    bare = count / timed(lambda: read_bare(pages, processes))
    steps = chain(pages, processes)
    total = sum(steps.values())
    print(f"  bare trafilatura, {processes} processes: {bare:.1f} pages/s")
    print(f"  the whole chain, {processes} processes: {count / total:.1f} pages/s")
    for name, seconds in steps.items():
        print(f"    {name:24} {seconds / count * 1000:6.2f} ms a page, {seconds / total:4.0%}")
    print(f"  ratio {count / total / bare:.2f} (bar {BAR})")
    if count / total < BAR * bare:
        sys.exit(1)


def made(folder: Path, count: int) -> Iterator[bytes]:
    """Pages with the markup of real ones, and other words at the places of their words."""
    labels = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
    bodies = [(folder / "pages" / label["file"]).read_bytes() for label in labels]
    words = vocabulary()[40:20_000]
    for number in range(count):
        yield _other_words(bodies[number % len(bodies)], words, Random(number))


def _other_words(body: bytes, words: Sequence[str], random: Random) -> bytes:
    def paragraph(match: re.Match[str]) -> str:
        return _WORD.sub(lambda _: random.choice(words), match[0])

    # Their words are not the publisher's: nobody opposes that these be read.
    text = _OPPOSED.sub("", _CANONICAL.sub("", body.decode(errors="surrogateescape")))
    return _TEXT.sub(paragraph, text).encode(errors="surrogateescape")


def timed(work: Callable[[], Any]) -> float:
    """Seconds that it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


# -- bare trafilatura -----------------------------------------------------------------------------


def read_bare(pages: Sequence[bytes], processes: int) -> None:
    """Every page, by processes started for it, as the chain starts its own."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for _ in pool.imap_unordered(_bare, pages, chunksize=8):
            pass


def _bare(page: bytes) -> str:
    found = bare_extraction(page, url="https://exemple.fr/a", with_metadata=True)
    assert found is None or isinstance(found, Document)
    return found.text or "" if found else ""


# -- the chain ------------------------------------------------------------------------------------


def chain(pages: Sequence[bytes], processes: int) -> dict[str, float]:
    """Seconds that each stage takes, models and fetching process loaded before."""
    with TemporaryDirectory(prefix="glaneuse-bench-") as folder, served(pages) as (base, feeds):
        settings = read_settings({"GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8"}, Path(folder))
        tagger, describer = open_tagger(settings), open_describer()
        tagger.tag("Un titre", "Un texte.")
        options = Options(networks=settings.allow_private_networks)
        with open_store(settings) as store, fetcher_for(store, options, now) as fetcher:
            with store.begin() as tx:
                sources = [
                    tx.sources.add(name=url, url=base, feed=url, kind=SourceKind.FEED, now=now())
                    for url in feeds
                ]
            engine = open_engine(settings, writing=True)
            warm(fetcher)
            steps = {
                "fetch": timed(lambda: Collecting(store, fetcher, now, silent).run(sources)),
                "read": timed(lambda: read(store, now, processes=processes)),
                "look for copies": timed(lambda: group(store)),
                "tag": timed(lambda: tag(store, tagger)),
                "kind and names": timed(lambda: describe(store, describer)),
                "index": timed(lambda: drain(store, engine)),
            }
            check(store, len(pages))
        return steps


def check(store: Store, count: int) -> None:
    """Nothing was left out: nearly every page is an article, in the index, and most are no copy.

    Two samples of fifteen have their words outside of paragraphs, where none was changed.
    """
    with store.read() as tx:
        articles = tx.articles.by_ids(tx.articles.ids())
        left = (tx.pages.count_waiting(), tx.groups.count_waiting(), tx.changes.count())
    assert left == (0, 0, 0)
    assert len(articles) >= 0.9 * count, len(articles)
    assert sum(one.leads for one in articles) >= 0.8 * len(articles)


@contextmanager
def served(pages: Sequence[bytes]) -> Iterator[tuple[str, list[str]]]:
    """The pages on loopback, by a process of its own: the base address, and the feeds'."""
    context = multiprocessing.get_context("fork")
    theirs, ours = context.Pipe()
    server = context.Process(target=_serve, args=(pages, theirs), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{ours.recv()}"
    try:
        yield base, [f"{base}/fil-{at}.xml" for at in range(-(-len(pages) // FED))]
    finally:
        server.terminate()
        server.join()


def _serve(pages: Sequence[bytes], port: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body together: apart, each page waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            feed, page = re.fullmatch(r"/fil-(\d+)\.xml", self.path), self.path[1:]
            if feed:
                self._answer(
                    "application/rss+xml", _feed(self.headers["Host"], int(feed[1]), len(pages))
                )
            elif page.isdecimal():
                self._answer("text/html", pages[int(page)])
            else:
                self.send_error(404)

        def _answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.send(server.server_port)
    server.serve_forever()


def _feed(host: str, at: int, count: int) -> bytes:
    first, last = at * FED, min(count, (at + 1) * FED)
    items = "".join(f"<item><link>http://{host}/{n}</link></item>" for n in range(first, last))
    return f'<rss version="2.0"><channel><title>Fil {at}</title>{items}</channel></rss>'.encode()


if __name__ == "__main__":
    main(sys.argv[1:])
