"""Sitemaps, and going back in time: paged feeds, archives, listings, sitemaps; bit by bit."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Protocol

import pytest

from core.clock import now
from core.errors import Unreadable
from core.model import Announcement, SourceKind
from core.settings import Settings
from crawler.backfill import ENOUGH, MOST_ATTEMPTS
from crawler.discovery import add_source
from crawler.fetching import Fetcher
from crawler.older import older_page
from crawler.sitemaps import LONGEST, read_sitemap
from crawler.stages import collect
from store import Store
from store.backfills import Backfill
from tests.crawler.local_site import RSS, LocalSite, Reply, item

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
XML = "application/xml"
NEWS = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://a.example/vieux</loc><lastmod>2024-02-03</lastmod></url>
<url><loc>https://a.example/neuf?utm_source=x</loc>
 <image:image><image:loc>https://a.example/x.jpg</image:loc><image:title>Photo</image:title></image:image>
 <news:news><news:publication_date>2026-11-20T10:00:00+01:00</news:publication_date>
 <news:title>Une gr\u00e8ve &amp; apr\u00e8s</news:title></news:news></url>
<url><loc>javascript:alert(1)</loc></url><url><loc>https://a.example/sans-date</loc></url>
</urlset>"""


def index(*urls: str) -> str:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</sitemapindex>"


def urlset(*entries: tuple[str, str]) -> str:
    told = "".join(f"<url><loc>{url}</loc><lastmod>{day}</lastmod></url>" for url, day in entries)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{told}</urlset>"


def test_a_news_sitemap_gives_titles_and_dates_the_latest_first() -> None:
    read = read_sitemap(NEWS.encode(), url="https://a.example/sitemap.xml").announcements
    assert [one.url for one in read] == [
        "https://a.example/neuf",
        "https://a.example/vieux",
        "https://a.example/sans-date",
    ]
    assert read[0].title == "Une grève & après"
    assert read[0].published == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_an_index_gives_its_files_without_those_of_categories() -> None:
    body = index("https://a.example/post-1.xml.gz", "https://a.example/category-1.xml")
    read = read_sitemap(gzip.compress(body.encode()), url="https://a.example/s.xml")
    assert read.children == ("https://a.example/post-1.xml.gz",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>non</body></html>",
        b"\x1f\x8bgarbage",
        gzip.compress(b"<urlset>" + b" " * (LONGEST + 1)),
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset/>",
        b"{}",
    ],
    ids=["empty", "page", "bad gzip", "bomb", "entities", "json"],
)
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_sitemap(body, url="https://a.example/sitemap.xml")


def test_a_site_is_followed_by_its_sitemap(
    store: Store, settings: Settings, site: LocalSite, fetcher: Fetcher
) -> None:
    day = now().date().isoformat()
    links = [(site.page(f"/{n}", f"Article numéro {n}"), day) for n in range(3)]
    old = (site.page("/vieux", "Un vieil article"), "2020-01-01")
    site.replies["/posts.xml"] = Reply(urlset(*links, old).encode(), XML)
    site.replies["/sitemap.xml"] = Reply(index(f"{site.url}/posts.xml").encode(), XML)
    source = add_source(
        store, f"{site.url}/sitemap.xml", settings=settings, clock=now, fetcher=fetcher
    )
    assert source.kind is SourceKind.SITEMAP
    collect(store, settings, now, fetcher=fetcher, processes=0)
    assert held(store) == {f"Article numéro {n}" for n in range(3)}


# -- back in time ---------------------------------------------------------------------------------


def held(store: Store) -> set[str]:
    with store.read() as tx:
        return {one.title for one in tx.articles.recent(off_field=True)}


def dated(site: LocalSite, name: str, day: int, month: str = "Jun", year: int = 2026) -> str:
    link = site.page(f"/{name}", f"Article {name}")
    return item(link, f"Article {name}", f"<pubDate>{day} {month} {year} 10:00:00 GMT</pubDate>")


def feed(*items: str, more: str = "") -> Reply:
    text = f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>F</title>{more}"
    return Reply(f"{text}{''.join(items)}</channel></rss>".encode(), RSS)


class Gather(Protocol):
    """Collects all there is, and says how far its one source was read back."""

    def __call__(
        self, store: Store, settings: Settings, since: datetime | None = None
    ) -> Backfill: ...


@pytest.fixture
def gather(fetcher: Fetcher) -> Gather:
    def run(store: Store, settings: Settings, since: datetime | None = None) -> Backfill:
        collect(store, settings, now, all_now=True, since=since, fetcher=fetcher, processes=0)
        with store.read() as tx:
            (source,) = tx.sources.all()
            return tx.backfills.of([source.id])[source.id]

    return run


def add(store: Store, url: str, kind: SourceKind = SourceKind.FEED) -> None:
    with store.begin() as tx:
        home = url[: url.index("/", 8) + 1]
        tx.sources.add(name="S", url=home, feed=url, kind=kind, now=now())


WORDPRESS = "<generator>https://wordpress.org/?v=6.8</generator>"


def test_a_wordpress_feed_is_read_back_a_few_pages_at_a_time(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    for page in range(1, 9):
        path = "/feed/" if page == 1 else f"/feed/?paged={page}"
        month = ("Nov", "Oct", "Sep", "Aug", "Jul", "Jun", "May", "Apr")[page - 1]
        site.replies[path] = feed(dated(site, f"p{page}", 5, month), more=WORDPRESS)
    add(store, f"{site.url}/feed/")
    first = gather(store, settings, datetime(2026, 6, 1, tzinfo=UTC))
    assert (first.pages, first.done) == (3, None)
    assert held(store) == {"Article p1", "Article p2", "Article p3"}
    second = gather(store, settings)
    third = gather(store, settings)
    assert (second.done, third.pages) == (None, 7)
    assert third.done is not None
    assert held(store) == {f"Article p{n}" for n in range(1, 7)}  # May is before June
    site.asked.clear()
    gather(store, settings)
    assert site.paths == ["/feed/"]


def test_archives_are_followed_as_feeds_link_them(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    link = "<atom:link rel='prev-archive' href='/archive/1'/>"
    site.replies["/feed"] = feed(dated(site, "neuf", 5), more=link)
    site.replies["/archive/1"] = feed(dated(site, "vieux", 4))
    add(store, f"{site.url}/feed")
    assert gather(store, settings, SINCE).done is not None
    assert held(store) == {"Article neuf", "Article vieux"}


def test_a_site_that_gives_the_same_page_for_ever_is_left(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    same = dated(site, "seul", 5)
    for path in ("/feed/", "/feed/?paged=2", "/feed/?paged=3"):
        site.replies[path] = feed(same, more=WORDPRESS)
    add(store, f"{site.url}/feed/")
    assert gather(store, settings, SINCE).done is not None
    assert "/feed/?paged=3" not in site.paths


def test_without_older_pages_the_sitemap_tells(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    site.replies["/feed"] = feed(dated(site, "neuf", 5))
    old = [(site.page(f"/s{n}", f"Article s{n}"), day) for n, day in
           enumerate(("2026-03-01", "2025-12-31", "2019-01-01"))]  # fmt: skip
    site.replies["/sitemap.xml"] = Reply(urlset(*old).encode(), XML)
    add(store, f"{site.url}/feed")
    result = gather(store, settings, SINCE)
    assert result.done is not None
    assert held(store) == {"Article neuf", "Article s0"}
    assert "/sitemap_index.xml" not in site.paths


def test_a_listing_is_read_page_after_page(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    for page in range(1, 8):
        teasers = "".join(
            f"<article><h2><a href='{site.page(f'/a{page}{n}', f'Un long titre {page}{n}')}'>"
            f"Un long titre {page}{n}</a></h2><p>Publié le {n} mars 2026</p></article>"
            for n in range(1, 4)
        )
        following = f"<a rel=next href='/actus?page={page + 1}'>Suivant</a>" if page < 7 else ""
        body = f"<html><body><main>{teasers}{following}</main></body></html>"
        path = "/actus" if page == 1 else f"/actus?page={page}"
        site.replies[path] = Reply(body.encode())
    add(store, f"{site.url}/actus", SourceKind.LISTING)
    for _ in range(3):
        result = gather(store, settings, SINCE)
    assert (result.pages, result.done is not None) == (7, True)
    assert len(held(store)) == 21


# -- the first twelve months ----------------------------------------------------------------------


def reading_back(settings: Settings) -> Settings:
    return replace(settings, backfill_months=12)


def ago(site: LocalSite, name: str, days: int) -> str:
    link = site.page(f"/{name}", f"Article {name}")
    when = format_datetime(now() - timedelta(days=days))
    return item(link, f"Article {name}", f"<pubDate>{when}</pubDate>")


def test_the_archives_of_a_new_source_are_read_by_themselves(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    for page, days in enumerate((1, 100, 200, 300, 360, 400, 500), start=1):
        path = "/feed/" if page == 1 else f"/feed/?paged={page}"
        site.replies[path] = feed(ago(site, f"p{page}", days), more=WORDPRESS)
    add(store, f"{site.url}/feed/")
    first = gather(store, reading_back(settings))
    assert (first.pages, held(store)) == (0, {"Article p1"})
    for _ in range(3):
        last = gather(store, reading_back(settings))
    assert last.done is not None
    assert held(store) == {f"Article p{n}" for n in range(1, 6)}
    assert site.paths.count("/feed/?paged=2") == 1
    assert "/feed/?paged=7" not in site.paths


def test_a_feed_that_tells_the_whole_year_has_no_archive_to_read(
    store: Store, settings: Settings, site: LocalSite, fetcher: Fetcher
) -> None:
    site.replies["/feed"] = feed(ago(site, "neuf", 1), ago(site, "vieux", 400))
    add(store, f"{site.url}/feed")
    for _ in range(2):
        collect(store, reading_back(settings), now, all_now=True, fetcher=fetcher, processes=0)
    assert set(site.paths) == {"/feed", "/neuf", "/vieux"}


def test_a_new_source_is_read_back_only_once_it_answers(
    store: Store, settings: Settings, site: LocalSite, fetcher: Fetcher, gather: Gather
) -> None:
    add(store, f"{site.url}/feed")
    collect(store, reading_back(settings), now, all_now=True, fetcher=fetcher, processes=0)
    with store.read() as tx:
        assert tx.backfills.running() == []
    site.replies["/feed"] = feed(ago(site, "neuf", 1), more=WORDPRESS)
    assert gather(store, reading_back(settings)).todo[0].url == f"{site.url}/feed?paged=2"


def test_a_page_of_the_archives_that_never_comes_is_passed_over(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    site.replies["/feed/"] = feed(ago(site, "neuf", 1), more=WORDPRESS)
    site.replies["/feed/?paged=2"] = Reply(b"", status=500)
    add(store, f"{site.url}/feed/")
    for _ in range(MOST_ATTEMPTS):
        assert gather(store, reading_back(settings)).done is None
    while gather(store, reading_back(settings)).done is None:
        assert len(site.paths) < 20
    assert site.paths.count("/feed/?paged=2") == MOST_ATTEMPTS


def test_no_more_is_looked_for_while_much_is_to_be_fetched(
    store: Store, settings: Settings, site: LocalSite, fetcher: Fetcher, gather: Gather
) -> None:
    site.replies["/feed/"] = feed(ago(site, "neuf", 1), more=WORDPRESS)
    site.replies["/feed/?paged=2"] = feed(ago(site, "vieux", 60), more=WORDPRESS)
    add(store, f"{site.url}/feed/")
    first = gather(store, reading_back(settings))
    with store.begin() as tx:
        later = now() + timedelta(days=1)
        told = {f"{site.url}/a{n}": Announcement(f"{site.url}/a{n}") for n in range(ENOUGH)}
        for page in tx.pages.announce(first.source_id, told, now()):
            tx.pages.postpone(page.id, later, "")
    collect(store, reading_back(settings), now, fetcher=fetcher, processes=0)
    assert "/feed/?paged=2" not in site.paths


def test_a_site_out_of_order_is_taken_up_where_it_stopped(
    store: Store, settings: Settings, site: LocalSite, gather: Gather
) -> None:
    site.replies["/feed/"] = feed(dated(site, "p1", 5), more=WORDPRESS)
    site.replies["/feed/?paged=2"] = Reply(b"", status=500)
    add(store, f"{site.url}/feed/")
    stopped = gather(store, settings, SINCE)
    assert (stopped.pages, stopped.done) == (1, None)
    site.replies["/feed/?paged=2"] = feed(dated(site, "p2", 4), more=WORDPRESS)
    assert gather(store, settings).done is not None
    assert held(store) == {"Article p1", "Article p2"}


def test_a_json_feed_says_where_its_next_page_is() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1.1","items":[],"next_url":"/feed/2"}'
    assert older_page(body, "https://a.example/feed") == "https://a.example/feed/2"
