"""Several processes on one PostgreSQL: each order once, nothing held by the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import BadSettings
from core.model import SourceKind
from core.settings import read_settings
from glaneuse.orders import Order, Stage, Versions, gathering, stages
from glaneuse.schedule import JOBS
from glaneuse.workers import Workers
from glaneuse.workshop import BUSY, Workshop
from store import Store
from tests.crawler.local_site import LocalSite, Reply, item, serving

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PAGES = 5

# A worker with a quick heartbeat, as a process that may be killed.
QUICK = """
import sys, pathlib
from core.clock import now
from core.settings import read_settings
from glaneuse.orders import Stage
from glaneuse.schedule import JOBS
from glaneuse.workers import Workers
from glaneuse.workshop import Workshop
from store import Store
url, folder, once = sys.argv[1:]
settings = read_settings(
    {"GLANEUSE_DATABASE_URL": url, "GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8"},
    pathlib.Path(folder),
)
def say(who, what):
    print(who, what, flush=True)
with Store.open(url) as store:
    shop = Workshop(settings, store, now, JOBS[:1], lambda words: words, say)
    Workers(url, shop, list(Stage), heartbeat=0.2, dead=2).run(once=once == "once")
"""


def start(url: str, folder: Path, *, once: bool) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", QUICK, url, str(folder), "once" if once else "on"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def lines_of(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0, said
    return said


@pytest.fixture
def sites() -> Iterator[list[LocalSite]]:
    """Three sites with some articles each; the first also tells of the second's."""
    with ExitStack() as stack:
        found = [stack.enter_context(serving()) for _ in range(3)]
        for number, site in enumerate(found):
            items = [
                item(site.page(f"/{at}", f"La maraude {number}-{at} et l’aller-vers"))
                for at in range(PAGES)
            ]
            site.feed("/feed", *items)
        yield found


def add(store: Store, sites: list[LocalSite]) -> None:
    with store.begin() as tx:
        for site in sites:
            tx.sources.add(
                name=site.url,
                url=site.url + "/",
                feed=f"{site.url}/feed",
                kind=SourceKind.FEED,
                now=NOW,
            )


def themes(store: Store) -> dict[str, tuple[str, ...]]:
    with store.read() as tx:
        return {one.url: one.themes for one in tx.articles.by_ids(tx.articles.ids())}


def test_two_workers_do_all_that_one_loop_does_and_nothing_twice(
    postgresql_url: str, tmp_path: Path, sites: list[LocalSite]
) -> None:
    with Store.open(postgresql_url) as store:
        add(store, sites)
        both = [start(postgresql_url, tmp_path / name, once=True) for name in "ab"]
        said = "".join(lines_of(one) for one in both)
        found = themes(store)
        with store.read() as tx:
            assert (tx.pages.count_waiting(), tx.pages.count_announced()) == (0, 0)
            assert (tx.groups.count_waiting(), tx.changes.count()) == (0, 0)
    assert len(found) == PAGES * len(sites)
    assert all("aller-vers" in given for given in found.values())
    for site in sites:
        assert set(Counter(site.paths).values()) == {1}, said
        assert f"collect:{site.url.removeprefix('http://')}" in said


def test_what_a_killed_worker_was_doing_is_taken_back(
    postgresql_url: str, tmp_path: Path, sites: list[LocalSite]
) -> None:
    feed = sites[0].replies["/feed"]
    sites[0].replies["/feed"] = Reply(stuck=True)
    with Store.open(postgresql_url) as store:
        add(store, sites[:1])
        dying = start(postgresql_url, tmp_path / "a", once=False)
        until(lambda: "/feed" in sites[0].paths)
        os.killpg(dying.pid, signal.SIGKILL)
        dying.communicate()
        sites[0].replies["/feed"] = feed
        said = lines_of(start(postgresql_url, tmp_path / "b", once=True))
        assert "repris à un processus qui ne répond plus" in said
        assert len(themes(store)) == PAGES


def test_a_worker_that_is_stopped_leaves_its_order_to_others(
    postgresql_url: str, tmp_path: Path, sites: list[LocalSite]
) -> None:
    with Store.open(postgresql_url) as store:
        add(store, sites)
        working = start(postgresql_url, tmp_path / "a", once=False)
        until(lambda: any(site.paths for site in sites))
        working.send_signal(signal.SIGTERM)
        lines_of(working)
        with store.begin() as tx:
            tx.jobs.start("update", now=NOW - timedelta(days=1))
        lines_of(start(postgresql_url, tmp_path / "b", once=True))
        assert len(themes(store)) == PAGES * len(sites)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


# -- orders ---------------------------------------------------------------------------------------


def test_an_order_that_somebody_else_has_is_left_alone(postgresql_url: str, tmp_path: Path) -> None:
    order = Order(Stage.COLLECT, "site.example")
    with Store.open(postgresql_url) as store, Store.open(postgresql_url) as other:
        shop = Workshop(read_settings({}, tmp_path), store, lambda: NOW, JOBS, list, print)
        with other.holding(order.name) as held:
            assert held
            assert shop.do(order, careful=False) == BUSY
        assert shop.do(order, careful=False) != BUSY


def test_shared_holders_keep_one_alone_out(postgresql_url: str) -> None:
    with Store.open(postgresql_url) as one, Store.open(postgresql_url) as other:
        with one.holding("schedule", shared=True) as first:
            with other.holding("schedule", shared=True) as second:
                assert first
                assert second
            with other.holding("schedule") as alone:
                assert not alone
        with other.holding("schedule") as alone:
            assert alone


def test_workers_need_postgresql(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path)
    with Store.open(settings.database_url) as store:
        shop = Workshop(settings, store, lambda: NOW, JOBS, list, print)
        with pytest.raises(BadSettings):
            Workers(settings.database_url, shop, list(Stage)).run(once=True)


def test_orders_follow_the_store(tmp_path: Path) -> None:
    """Visits by host, but those that asked to wait; then each stage after the other."""
    with Store.open(f"sqlite:///{tmp_path}/glaneuse.sqlite") as store:
        with store.begin() as tx:
            for host in ("a.example", "b.example", "c.example:8080"):
                url = f"https://{host}/"
                tx.sources.add(name=host, url=url, feed=f"{url}f", kind=SourceKind.FEED, now=NOW)
            tx.hosts.wait("https://b.example", NOW + timedelta(hours=1))
        with store.read() as tx:
            assert [one.of for one in gathering(tx, NOW)] == ["a.example", "c.example:8080"]
            assert list(stages(tx, Versions("t", "d"))) == []
