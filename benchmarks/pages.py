"""``python -m benchmarks.pages [N] [FOLDER]``: the site's pages on N articles, over HTTP.

The site runs in a process of its own, on its own core where there are several, and the clients on
another. FOLDER keeps the library, so that a second run need not make it again.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from urllib.parse import quote_plus

from benchmarks.corpus import articles, questions
from core.clock import now
from core.model import Evidence, Extracted, SourceKind, Tagging, ThemeId
from core.settings import read_settings
from glaneuse.wiring import open_engine
from indexer.engine import Document, Query
from indexer.stages import rebuild
from store import Store
from taxonomy.vocabulary import load_vocabulary
from web.server import free_port

HOST = "127.0.0.1"
ASKED = 150  # times each page, one client
CLIENTS, LOAD = 32, 1_200  # requests at once, and in all
BATCH = 2_000
YEARS = 6
GZIP = {"Accept-Encoding": "gzip"}


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    count = int(arguments[0]) if arguments else 100_000
    with tempfile.TemporaryDirectory(prefix="glaneuse-bench-") as made:
        folder = Path(arguments[1] if len(arguments) > 1 else made)
        if not (folder / "glaneuse.sqlite").exists():
            fill(folder, count)
        cores = sorted(os.sched_getaffinity(0))
        with served(folder, cores[0]) as port:
            os.sched_setaffinity(0, {cores[-1]})
            measure(folder, port)


def fill(folder: Path, count: int) -> None:
    """A library of so many made-up articles, the last ones of today, tagged and indexed."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = read_settings({}, folder)
    themes = tuple(load_vocabulary().themes)
    shift = now() - timedelta(days=YEARS * 365) - datetime(2021, 1, 1, tzinfo=UTC)
    store = Store.open(settings.database_url)
    sources: dict[str, object] = {}
    batch: list[Document] = []
    for document in articles(count):
        batch.append(document)
        if len(batch) == BATCH:
            save(store, batch, sources, themes, shift)
            batch = []
    save(store, batch, sources, themes, shift)
    rebuild(store, open_engine(settings, writing=True))
    store.analyse()  # as the command does
    store.close()


def save(
    store: Store,
    batch: Sequence[Document],
    sources: dict[str, object],
    themes: Sequence[ThemeId],
    shift: timedelta,
) -> None:
    """Put some articles into the store."""
    with store.begin() as tx:
        for name in {one.source_name for one in batch} - set(sources):
            url = f"https://{name.lower()}.exemple.fr/"
            sources[name] = tx.sources.add(
                name=name, url=url, feed=f"{url}feed", kind=SourceKind.FEED, now=now()
            ).id
        tagged = []
        for one in batch:
            published = (one.published or now()) + shift
            text = Extracted(one.url, one.title, one.text, published=published, access=one.access)
            source = sources[one.source_name]
            id, _ = tx.articles.save(text, source_id=source, now=published)  # type: ignore[arg-type]
            words = (Evidence("text", 0, 12, one.text[:12]),)
            ids = {themes[int(theme.rpartition("-")[2]) % len(themes)] for theme in one.themes}
            tagged.append((id, [Tagging(theme, 0.8, words) for theme in sorted(ids)]))
        tx.articles.save_taggings(tagged, tagger="benchmark")


@contextmanager
def served(folder: Path, core: int) -> Iterator[int]:
    """The port of the site, run by the command that anybody would use."""
    port = free_port(HOST, 0)
    environment = os.environ | {"GLANEUSE_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "glaneuse", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            os.sched_setaffinity(process.pid, {core})
            wait_for(port)
            yield port
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Until the site answers, a minute at most."""
    end = now() + timedelta(minutes=1)
    while True:
        try:
            ask(port, "/healthz")
        except OSError:
            if now() > end:
                raise
        else:
            return


def measure(folder: Path, port: int) -> None:
    """Each page alone, then the search page under load."""
    home = ask(port, "/")[1].decode()
    theme = re.findall(r'href="(/themes/[a-z-]+)"', home)[0]
    article = re.findall(r'href="(/articles/[^"]+)"', home)[0]
    week = ask(port, "/semaines/derniere", redirected=True)[2]
    print(f"home: {weigh(port, home)} bytes transferred, its files included, images left out")
    for name, path in (("home", "/"), ("theme", theme), ("week", week), ("article", article)):
        report(name, timed(lambda path=path: ask(port, path), ASKED))  # type: ignore[misc]
    engine = open_engine(read_settings({}, folder))
    words = questions(ASKED)
    bare = timed_each([lambda one=one: engine.search(Query(one)) for one in words])  # type: ignore[misc]
    paths = [f"/recherche?q={quote_plus(one)}" for one in words]
    page = timed_each([lambda path=path: ask(port, path) for path in paths])  # type: ignore[misc]
    report("engine call", bare)
    report("search page", page)
    allowed = 1.5 * middle(bare) + 10
    print(f"search page p50 {middle(page):.1f} ms, bar 1.5 × engine + 10 ms = {allowed:.1f} ms")
    begun = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda n: ask(port, paths[n % len(paths)]), range(LOAD)))
    print(f"{LOAD / (perf_counter() - begun):.0f} search pages/s under {CLIENTS} clients (bar 40)")


def ask(port: int, path: str, *, redirected: bool = False) -> tuple[float, bytes, str]:
    """One request on a connection of its own: ms until the first byte, body, Location."""
    begun = perf_counter()
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        first = (perf_counter() - begun) * 1000
        body = answer.read()
        if answer.status != (302 if redirected else 200):
            raise OSError(f"{path}: {answer.status}")
        return first, body, answer.getheader("Location", "")
    finally:
        connection.close()


def weigh(port: int, home: str) -> int:
    """Bytes of the home page and of the files that it asks for, as a browser gets them."""
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', home)
    total = 0
    for path in ("/", *dict.fromkeys(one for one in files if ".svg" not in one)):
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        connection.request("GET", path, headers=GZIP)
        total += len(connection.getresponse().read())
        connection.close()
    return total


def timed(call: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of so many calls."""
    return timed_each([call] * times)


def timed_each(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of each call; of pages, until their first byte."""
    for call in calls[:5]:
        call()
    taken = []
    for call in calls:
        begun = perf_counter()
        answer = call()
        whole = (perf_counter() - begun) * 1000
        taken.append(answer[0] if isinstance(answer, tuple) else whole)
    return taken


def middle(taken: Sequence[float]) -> float:
    """The median."""
    return quantiles(taken, n=20)[9]


def report(name: str, taken: Sequence[float]) -> None:
    """One line."""
    print(
        f"{name}: p50 {middle(taken):.1f} ms, p95 {quantiles(taken, n=20)[18]:.1f} ms", flush=True
    )


if __name__ == "__main__":
    main(sys.argv[1:])
