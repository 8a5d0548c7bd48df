"""Killed at any moment and run again, a collect ends as if nothing had happened.

``GLANEUSE_TEST_KILLS=30`` for more than the few of every day.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.clock import now
from core.model import SourceKind
from core.settings import read_settings
from crawler import stages
from store import Store
from store.tables import aliases, articles, pages, sources
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import RSS, LocalSite, Reply, item, rss
from tests.crawler.test_stages import listing

KILLS = int(os.environ.get("GLANEUSE_TEST_KILLS", "3"))
FEEDS, PAGES = 6, 15
# What may differ: numbers, instants, how often things were tried.
LEFT_OUT = {
    "id", "article_id", "source_id", "added", "last_visit", "last_success", "next_visit", "fetched",
    "collected", "updated", "due", "attempts", "last_full", "appeared",
}  # fmt: skip


def field_of(site: LocalSite) -> list[tuple[str, SourceKind]]:
    """Feeds that share pages, pages that fail for good or redirect, and a listing."""
    found = []
    for number in range(FEEDS):
        links = [site.page(f"/{number}/{n}", f"Article {n} du fil {number}") for n in range(PAGES)]
        links += [f"{site.url}/0/1", f"{site.url}/perdu/{number}", f"{site.url}/court/{number}"]
        site.replies[f"/court/{number}"] = Reply.to(f"/{number}/3", 302)
        site.replies[f"/feed/{number}"] = Reply(
            rss(*(item(link, f"Titre {link[-5:]}") for link in links)).encode(), RSS, etag=True
        )
        found.append((f"{site.url}/feed/{number}", SourceKind.FEED))
    here = [site.page(f"/actualites/{n}.html", f"Une actualité {n}") for n in range(6)]
    site.replies["/actualites"] = listing(*here)
    return [*found, (f"{site.url}/actualites", SourceKind.LISTING)]


def open_store(folder: Path) -> Store:
    settings = read_settings({}, folder)
    folder.mkdir(exist_ok=True)
    return Store.open(settings.database_url, settings.bodies_url)


def collect(folder: Path) -> None:
    """In a process of its own: collect everything."""
    with open_store(folder) as store:
        stages.collect(
            store, read_settings({}, folder), now, options=OPTIONS, all_now=True, processes=0
        )


def follow(folder: Path, field: list[tuple[str, SourceKind]]) -> None:
    with open_store(folder) as store, store.begin() as tx:
        for feed, kind in field:
            name = feed.rpartition("/")[2]
            tx.sources.add(name=f"Source {name}", url=feed, feed=feed, kind=kind, now=now())


def kept(folder: Path) -> dict[str, list[str]]:
    """All that is held, but for what may differ."""
    found: dict[str, list[str]] = {}
    with open_store(folder) as store, store._engine.connect() as connection:
        for table in (articles, pages, sources, aliases):
            rows: list[dict[str, Any]] = [
                {name: value for name, value in row._mapping.items() if name not in LEFT_OUT}
                for row in connection.execute(select(table))
            ]
            found[table.name] = sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)
        keys = [row.body for row in connection.execute(select(pages.c.body)) if row.body]
        assert len(store.bodies.get(keys)) == len(set(keys))  # every page has its body
    return found


def test_a_collect_killed_at_any_moment_ends_as_if_it_had_not_been(
    site: LocalSite, tmp_path: Path
) -> None:
    field = field_of(site)
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    for folder in (calm, killed):
        follow(folder, field)
    collect(calm)
    context = multiprocessing.get_context("spawn")
    chance = random.Random(2026)
    done = 0
    while done < KILLS:
        process = context.Process(target=collect, args=(killed,))
        process.start()
        process.join(chance.uniform(1.0, 8.0))
        done += process.exitcode is None
        process.kill()
        process.join()
        if process.exitcode == 0:  # it was faster: begin again from nothing
            follow_again(killed, field)
    collect(killed)
    assert kept(killed) == kept(calm)
    with open_store(killed) as store, store.read() as tx:
        assert tx.pages.count_announced() == tx.pages.count_waiting() == 0


def follow_again(folder: Path, field: list[tuple[str, SourceKind]]) -> None:
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    follow(folder, field)
