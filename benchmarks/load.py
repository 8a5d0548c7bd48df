"""``python -m benchmarks.load [FOLDER] [SECONDS] [ARTICLES]``: two hundred readers, and a collect.

The site of the command `glaneuse serve` on 100,000 made-up articles; readers who think for three
seconds (exponential) between two requests, six in ten a search, the others pages; meanwhile the
commands collect, tag and index read a thousand pages of sites on loopback, at the lowest priority.
All on the cores of this machine, the readers too: how busy others keep it is said, since latencies
are theirs then. FOLDER keeps the library. Prints latencies; exits with 1 at an error, or when the
95th percentile of pages is above the bar.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from time import monotonic, perf_counter
from urllib.parse import quote_plus

from benchmarks.chain import made
from benchmarks.chain import served as sites_of
from benchmarks.corpus import questions
from benchmarks.extraction import SAMPLES
from benchmarks.pages import HOST, fill, wait_for
from core.clock import now
from core.model import SourceKind
from core.settings import read_settings
from store import Store
from taxonomy.vocabulary import load_vocabulary
from web.server import free_port

READERS = 200
THINK = 3.0  # seconds
SEARCHES = 0.6
BAR = 0.8  # seconds, 95th percentile of pages
SECONDS = 60
COLLECTED = 1_000
LOWEST = 19  # nice


@dataclass
class Seen:
    """How long each kind of request took, and what went wrong."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> None:
    """Fill, serve, collect, read, print."""
    seconds = int(arguments[1]) if len(arguments) > 1 else SECONDS
    count = int(arguments[2]) if len(arguments) > 2 else 100_000
    with tempfile.TemporaryDirectory(prefix="glaneuse-bench-") as temporary:
        folder = Path(arguments[0] if arguments else temporary)
        if not (folder / "glaneuse.sqlite").exists():
            fill(folder, count)
        busy = os.getloadavg()[0]
        with sites_of(list(made(SAMPLES, COLLECTED))) as (base, feeds):
            slugs = add_sources(folder, base, feeds)
            with served(folder) as (port, spent), collecting(folder, slugs) as rounds:
                before = spent()
                seen = read(port, folder, seconds)
                used = spent() - before
    print(
        f"{READERS} readers, {seconds} s, {os.cpu_count()} cores, {rounds[0]} commands of a"
        f" collect; load of the machine before: {busy:.1f}"
    )
    asked = max(1, sum(map(len, seen.seconds.values())))
    print(f"  the site: {1000 * used / asked:.1f} ms of a processor an answer, {asked} answers")
    for kind, took in sorted(seen.seconds.items()):
        cuts = [1000 * cut for cut in quantiles(took, n=100)]
        print(f"  {kind:7} {len(took):6}: p50 {cuts[49]:5.0f} ms, p95 {cuts[94]:5.0f} ms")
    pages = quantiles(seen.seconds["page"], n=100)[94]
    print(f"  errors {len(seen.errors)} {seen.errors[:3]}; bar for pages {BAR * 1000:.0f} ms")
    if seen.errors or pages > BAR:
        sys.exit(1)


def add_sources(folder: Path, base: str, feeds: Sequence[str]) -> list[str]:
    """The sites to collect from, by slug."""
    settings = read_settings({}, folder)
    with Store.open(settings.database_url) as store, store.begin() as tx:
        run = now().isoformat()
        return [
            tx.sources.add(
                name=f"Essai {number} {run}", url=base, feed=feed, kind=SourceKind.FEED, now=now()
            ).slug
            for number, feed in enumerate(feeds)
        ]


def environment(folder: Path) -> Mapping[str, str]:
    """Settings: sites on loopback may be visited, and readers come from one address."""
    ours = {
        "GLANEUSE_DATA_DIR": str(folder),
        "GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
    }
    return os.environ | ours


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, Callable[[], float]]]:
    """The port of the site, and how many seconds of a processor it has taken so far."""
    port = free_port(HOST, 0)
    command = [sys.executable, "-m", "glaneuse", "serve", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment(folder), stdout=quiet, stderr=quiet) as process:
        try:
            wait_for(port)
            yield port, lambda: processor_time(process.pid)
        finally:
            process.terminate()


def processor_time(pid: int) -> float:
    """Seconds, as Linux counts them (proc(5))."""
    counted = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(counted[11]) + int(counted[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def collecting(folder: Path, slugs: Sequence[str]) -> Iterator[list[int]]:
    """A collect without end, at the lowest priority; how many commands were run or begun."""
    stop, rounds = threading.Event(), [0]
    running: list[subprocess.Popen[bytes]] = []

    def work() -> None:
        while True:
            for slug in slugs:
                for words in (["collect", "--source", slug], ["tag"], ["index"]):
                    if stop.is_set():
                        return
                    program = ["nice", "-n", str(LOWEST), sys.executable, "-m", "glaneuse"]
                    quiet = subprocess.DEVNULL
                    rounds[0] += 1
                    with subprocess.Popen(
                        [*program, *words], env=environment(folder), stdout=quiet, stderr=quiet
                    ) as process:
                        running[:] = [process]

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield rounds
    finally:
        stop.set()
        for process in running:
            process.terminate()  # tagging all that is held takes minutes
        thread.join()


def read(port: int, folder: Path, seconds: float) -> Seen:
    """What the readers met."""
    seen, words = Seen(), questions(500)
    with Store.open(read_settings({}, folder).database_url) as store, store.read() as tx:
        articles = [one.id for one in tx.articles.recent(limit=200)]
    pages = ["/", "/semaines", *(f"/themes/{one}" for one in list(load_vocabulary().themes)[:20])]
    pages += [f"/articles/{id}" for id in articles]
    ends = monotonic() + seconds
    told = {"words": words, "pages": pages, "ends": ends, "seen": seen}
    readers = [
        threading.Thread(target=one_reader, args=(port, Random(number)), kwargs=told)
        for number in range(READERS)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return seen


def one_reader(
    port: int,
    dice: Random,
    *,
    words: Sequence[str],
    pages: Sequence[str],
    ends: float,
    seen: Seen,
) -> None:
    """Think, ask, and again."""
    thinking = threading.Event()
    while not thinking.wait(dice.expovariate(1 / THINK)) and monotonic() < ends:
        searches = dice.random() < SEARCHES
        path = f"/recherche?q={quote_plus(dice.choice(words))}" if searches else dice.choice(pages)
        began = perf_counter()
        try:
            status = ask(port, path)
        except OSError as error:
            seen.errors.append(f"{path}: {error!r}")
            continue
        seen.seconds["search" if searches else "page"].append(perf_counter() - began)
        if status != 200:
            seen.errors.append(f"{path}: {status}")


def ask(port: int, path: str) -> int:
    """The status of an answer, read to its end; redirects followed once."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        if answer.status in {301, 302, 303, 307, 308}:
            connection.request("GET", answer.headers["Location"])
            answer = connection.getresponse()
            answer.read()
        return answer.status
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
