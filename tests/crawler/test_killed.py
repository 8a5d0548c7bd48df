"""Killed at any moment and run again, a collect ends as if nothing had happened.

``GLANEUSE_TEST_KILLS=30`` for more than the few of every day.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from core.clock import now
from core.model import SourceKind
from core.settings import Settings
from crawler import stages
from curation.grouping import group
from store import Store
from store.tables import (
    aliases,
    articles,
    citations,
    keys,
    pages,
    pairs,
    reprints,
    sources,
)
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import RSS, LocalSite, Reply, item, rss
from tests.crawler.test_stages import listing
from tests.parts import Parts

KILLS = int(os.environ.get("GLANEUSE_TEST_KILLS", "3"))
FEEDS, PAGES = 6, 15
ARCHIVES = 12  # pages, of four articles
REPRINTED, CITED = 4, 5
SYLLABLES = (
    "ba be bo da de di fa fi fo la le li lo ma me mi mo na ne no ra re ri ro ta te to".split()
)
# What may differ: numbers, instants, how often things were tried.
LEFT_OUT = {
    "id", "article_id", "source_id", "added", "last_visit", "last_success", "next_visit", "fetched",
    "collected", "updated", "due", "attempts", "last_full", "appeared",
}  # fmt: skip


def text_of(seed: int) -> str:
    """Sentences unlike those of any other number."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(200)]
    return ". ".join(" ".join(words[n : n + 12]).capitalize() for n in range(0, 200, 12)) + "."


def press_review(site: LocalSite) -> str:
    """A page that cites articles of another site, which is the same server."""
    there = f"http://site.test:{site.url.rpartition(':')[2]}"
    for n in range(CITED):
        site.page(f"/cite/{n}", f"Un article cité {n}", text_of(9000 + n))
    links = "".join(
        f"<li><a href='{there}/cite/{n}'>Le reportage {n} sur le foyer</a>, à lire.</li>"
        for n in range(CITED)
    )
    text = f"{text_of(9998)}</p><ul>{links}</ul><p>{text_of(9999)}"
    return site.page("/revue", "Revue de presse de la semaine", text)


def field_of(site: LocalSite) -> list[tuple[str, SourceKind]]:
    """Feeds that share pages and reprint others', pages that fail or redirect, and a listing."""
    found = []
    for number in range(FEEDS):
        links = [
            site.page(
                f"/{number}/{n}",
                f"Article {n} du fil {number}",
                text_of(n if number < 2 and n < REPRINTED else 100 * number + n),
            )
            for n in range(PAGES)
        ]
        links += [press_review(site)] if number == 0 else []
        # Whose the shared page is depends on which feed is had first: it is none of the reprints,
        # since copies within one source are judged otherwise.
        shared = f"{site.url}/0/{REPRINTED}"
        links += [shared, f"{site.url}/perdu/{number}", f"{site.url}/court/{number}"]
        site.replies[f"/court/{number}"] = Reply.to(f"/{number}/3", 302)
        site.replies[f"/feed/{number}"] = Reply(
            rss(*(item(link, f"Titre {link[-5:]}") for link in links)).encode(), RSS, etag=True
        )
        found.append((f"{site.url}/feed/{number}", SourceKind.FEED))
    here = [site.page(f"/actualites/{n}.html", f"Une actualité {n}") for n in range(6)]
    site.replies["/actualites"] = listing(*here)
    return [*found, (f"{site.url}/actualites", SourceKind.LISTING)]


def open_store(settings: Settings) -> Store:
    return Store.open(settings.database_url, settings.bodies_url)


def collect(settings: Settings) -> None:
    """In a process of its own: collect everything, what is cited too, and group the copies."""
    with open_store(settings) as store:
        stages.collect(store, settings, now, options=OPTIONS, all_now=True, processes=0)
        group(store)


def follow(parts: Parts, folder: Path, field: list[tuple[str, SourceKind]]) -> Settings:
    """The settings of a new installation that has these sources."""
    settings = parts.settings(folder, {"GLANEUSE_BACKFILL_MONTHS": "0"})
    with open_store(settings) as store, store.begin() as tx:
        for feed, kind in field:
            name = feed.rpartition("/")[2]
            tx.sources.add(name=f"Source {name}", url=feed, feed=feed, kind=kind, now=now())
    return settings


def kept(settings: Settings) -> dict[str, list[str]]:
    """All that is held, but for what may differ."""
    found: dict[str, list[str]] = {}
    with open_store(settings) as store, store._engine.connect() as connection:
        for table in (articles, pages, sources, aliases):
            rows: list[dict[str, Any]] = [
                {name: value for name, value in row._mapping.items() if name not in LEFT_OUT}
                for row in connection.execute(select(table))
            ]
            for row in rows:
                if "announcement" in row:
                    row["announcement"]["seen"] = None  # when what cites it appeared
            found[table.name] = sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)
        found["citations"] = cited(connection)
        found["copies"] = copies(connection)
        bodies = [row.body for row in connection.execute(select(pages.c.body)) if row.body]
        assert len(store.bodies.get(bodies)) == len(set(bodies))  # every page has its body
    return found


def addresses(connection: Connection) -> dict[int, str]:
    return {row.id: row.url for row in connection.execute(select(articles))}


def cited(connection: Connection) -> list[str]:
    """Which article cites which, in which words, and whether it was had."""
    urls, table = addresses(connection), citations.c
    columns = (table.article_id, table.url, table.rank, table.words, table.sought)
    return sorted(f"{urls[row[0]]} {row[1:]}" for row in connection.execute(select(*columns)))


def copies(connection: Connection) -> list[str]:
    """Which articles are copies of each other, whichever leads; and by what they are found."""
    urls = addresses(connection)
    found = [
        f"{sorted((urls[row.first_id], urls[row.second_id]))} {row.verdict} {row.share:.6f}"
        for row in connection.execute(select(pairs))
    ]
    grouped = {row.article_id: row.leader_id for row in connection.execute(select(reprints))}
    for leader in set(grouped.values()):
        members = {leader, *(id for id, first in grouped.items() if first == leader)}
        found.append(str(sorted(urls[id] for id in members)))
    held = connection.execute(select(keys)).all()
    return sorted(found) + sorted(f"{row.key} {urls[row.article_id]}" for row in held)


def archives_of(site: LocalSite) -> str:
    """A feed as WordPress pages it, a few articles a page over months; its address."""
    generator = "<generator>https://wordpress.org/?v=6.8</generator>"
    for page in range(1, ARCHIVES + 1):
        items = []
        for n in range(4):
            number = 4 * page + n
            link = site.page(f"/vieux/{number}", f"Un article {number}", text_of(5000 + number))
            day = format_datetime(now() - timedelta(days=20 * page + n))
            items.append(item(link, f"Un article {number}", f"<pubDate>{day}</pubDate>"))
        told = rss(*items).replace("<link>/</link>", f"<link>/</link>{generator}")
        path = "/archives/" if page == 1 else f"/archives/?paged={page}"
        site.replies[path] = Reply(told.encode(), RSS)
    return f"{site.url}/archives/"


def read_back(settings: Settings) -> None:
    """In a process of its own: collect, as the schedule does, until all was read back."""
    settings = replace(settings, backfill_months=12)
    with open_store(settings) as store:
        while True:
            stages.collect(store, settings, now, options=OPTIONS, all_now=True, processes=0)
            with store.read() as tx:
                if not tx.backfills.running() and not tx.pages.count_announced():
                    break


def test_what_is_read_back_at_first_is_taken_up_where_it_was_killed(
    site: LocalSite, parts: Parts, tmp_path: Path
) -> None:
    field = [(archives_of(site), SourceKind.FEED)]
    calm, killed = (follow(parts, tmp_path / name, field) for name in ("calm", "killed"))
    read_back(calm)
    site.asked.clear()
    context = multiprocessing.get_context("spawn")
    for kill in range(KILLS + 1):
        process = context.Process(target=read_back, args=(killed,))
        process.start()
        if kill < KILLS:
            asked = len(site.asked)
            while len(site.asked) < asked + 8 and process.is_alive():
                process.join(0.01)
            process.kill()
        process.join()
    assert process.exitcode == 0
    assert kept(killed) == kept(calm)
    ways = [how_far(settings) for settings in (calm, killed)]
    # All but the first page, and the one where the site says that there are no more.
    assert ways == [(ARCHIVES, 4 * (ARCHIVES - 1), True)] * 2
    assert max(Counter(path for path in site.paths if "vieux" in path).values()) <= 1 + KILLS


def how_far(settings: Settings) -> tuple[int, int, bool]:
    """Pages looked at, articles found, whether that is all."""
    with open_store(settings) as store, store.read() as tx:
        (one,) = tx.backfills.of([source.id for source in tx.sources.all()]).values()
    return one.pages, one.found, one.done is not None


def test_a_collect_killed_at_any_moment_ends_as_if_it_had_not_been(
    site: LocalSite, parts: Parts, tmp_path: Path
) -> None:
    field = field_of(site)
    calm, killed = (follow(parts, tmp_path / name, field) for name in ("calm", "killed"))
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
            killed = follow(parts, tmp_path / f"killed-{uuid4().hex}", field)
    collect(killed)
    undisturbed = kept(calm)
    assert kept(killed) == undisturbed
    assert len(undisturbed["citations"]) == CITED
    assert sum(one.startswith("[") for one in undisturbed["copies"]) >= 2 * REPRINTED
    with open_store(killed) as store, store.read() as tx:
        assert tx.pages.count_announced() == tx.pages.count_waiting() == 0
