"""Opposition to mining and limits on extracts: read, obeyed, and what was kept before goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from core.clock import now
from core.corrections import Verdict
from core.model import (
    Access,
    Article,
    Description,
    EntityType,
    Evidence,
    Extracted,
    Kind,
    KindGiven,
    Named,
    Reservation,
    Tagging,
    ThemeId,
)
from core.settings import Settings
from crawler import stages
from crawler.extract import extract
from crawler.optout import file_reserves, header_limit, page_limit, page_reserves, reservation
from indexer.entries import document
from store import Store
from store.tables import pages
from taxonomy.vocabulary import load_vocabulary
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import LocalSite, Reply, article, item
from tests.crawler.test_stages import add, articles, only_source
from web.notice import explained, notice_of

VOCABULARY = load_vocabulary()
URL = "https://site.example/dossiers/2026/a.html"
MORE = "<description>Ce que le fil en dit.</description><author>Ada Exemple</author>"


def rules(*pairs: tuple[str, object]) -> str:
    return json.dumps([{"location": where, "tdm-reservation": value} for where, value in pairs])


# -- the protocol ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "reserved"),
    [
        ([("/", 1)], True),
        ([("/", 0)], False),
        ([("/", "1")], True),
        ([("/", 2)], False),
        ([("/", True)], False),
        ([("/dossiers/", 1)], True),
        ([("dossiers/", 1)], True),
        ([("/Dossiers/", 1)], False),
        ([("/actualites/", 1)], False),
        ([("/dossiers/", 0), ("/", 1)], False),
        ([("/", 1), ("/dossiers/", 0)], True),  # « the most specific is the first in sequence »
        ([("/*.html$", 1)], True),
        ([("/*.html", 1)], True),
        ([("/*.pdf$", 1)], False),
        ([("/dossiers/*/a.html", 1)], True),
        ([("/dossiers/2026$", 1)], False),
        ([("/dossiers/2026/a.html$", 1)], True),
        ([("/dossiers/%32026/", 1)], True),
        ([("*", 1)], True),
        ([("/" + "*a" * 200 + "b", 1)], False),
    ],
)
def test_a_file_reserves_by_location(pairs: list[tuple[str, object]], *, reserved: bool) -> None:
    assert file_reserves(rules(*pairs), URL) is reserved


@pytest.mark.parametrize(
    ("text", "reserved"),
    [
        ("", False), ("{", False), ("[" * 100_000, False), ("[1, null, {}]", False),
        ('[{"location": "/"}]', False), ('[{"location": 3, "tdm-reservation": 1}]', False),
        ('[{"location": "", "tdm-reservation": 1}]', False),
        ('{"location": "/", "tdm-reservation": 1}', True), ('{"tdm-reservation": 1}', True),
        ('[{"tdm-reservation": 1}]', False),
    ],
)  # fmt: skip
def test_a_file_written_wrong(text: str, *, reserved: bool) -> None:
    assert file_reserves(text, URL) is reserved


@pytest.mark.parametrize(
    ("header", "file", "said"),
    [
        ("", "", Reservation.UNSAID),
        ("1", "", Reservation.HEADER),
        ("0", rules(("/", 1)), Reservation.LIFTED),
        ("1", rules(("/", 0)), Reservation.HEADER),
        ("", rules(("/", 1)), Reservation.FILE),
        ("oui", rules(("/", 1)), Reservation.FILE),
        (" 1 ", "", Reservation.HEADER),
    ],
)
def test_the_header_wins_over_the_file(header: str, file: str, said: Reservation) -> None:
    assert reservation(header, file, URL) is said


def test_a_page_reserves_in_its_head() -> None:
    assert page_reserves(["1"])
    assert page_reserves(["0", "1"])
    assert not page_reserves(["0"])
    assert not page_reserves([])


@pytest.mark.parametrize(
    ("tag", "limit"),
    [
        ("", None), ("noindex, nofollow", None), ("nosnippet", 0), ("max-snippet:50", 50),
        ("max-snippet: 50, nosnippet", 0), ("max-snippet:-1", None), ("max-snippet:beaucoup", None),
        ("googlebot: nosnippet", None), ("googlebot: noindex, nosnippet", None),
        ("glaneuse: nosnippet", 0), ("Glaneuse: max-snippet: 80", 80),
        ("googlebot: nosnippet\nmax-snippet: 90", 90), ("max-snippet:120\nmax-snippet:60", 60),
        ("unavailable_after: 25 Jun 2026 15:00:00 PST, nosnippet", 0),
        ("max-image-preview: large, max-snippet: 12, max-video-preview: -1", 12),
    ],
)  # fmt: skip
def test_what_a_header_lets_be_shown(tag: str, limit: int | None) -> None:
    assert header_limit(tag) == limit


@pytest.mark.parametrize(
    ("contents", "limit"),
    [([], None), (["index, max-snippet:-1, max-image-preview:large"], None), (["NOSNIPPET"], 0),
     (["max-snippet:70", "max-snippet:30"], 30)],
)  # fmt: skip
def test_what_a_page_lets_be_shown(contents: Sequence[str], limit: int | None) -> None:
    assert page_limit(contents) == limit


# -- collecting -----------------------------------------------------------------------------------


def collect(store: Store, settings: Settings, days: float = 0) -> None:
    later = timedelta(days=days)
    stages.collect(
        store, settings, lambda: now() + later, all_now=True, options=OPTIONS, processes=0
    )


def pages_of(store: Store, url: str) -> list[Row[Any]]:
    """The rows of the pages at an address."""
    with store._engine.connect() as connection:
        return [*connection.execute(select(pages).where(pages.c.url == url))]


def is_emptied(store: Store, one: Article) -> bool:
    """Whether title, address and dates are all that is kept of an article, anywhere."""
    told = [row.announcement for row in pages_of(store, one.url)]
    kept = (one.text, one.summary, one.author, one.image, *one.taggings)
    words = [told[name] for told in told for name in ("summary", "content", "author")]
    return not any(kept) and not any(words) and not has_body(store, one)


def has_body(store: Store, one: Article) -> bool:
    keys = {row.body for row in pages_of(store, one.url)}
    return bool(store.bodies.get(keys))


def opposing(site: LocalSite, how: str) -> None:
    """Have the site oppose mining of /a in this way."""
    page = article("Un article").encode()
    if how == "header":
        site.replies["/a"] = Reply(page, headers={"TDM-Reservation": "1"})
    elif how == "file":
        site.replies["/.well-known/tdmrep.json"] = Reply(rules(("/a", 1)).encode())
    elif how == "page":
        head = "<meta name='TDM-Reservation' content='1'>"
        site.replies["/a"] = Reply(article("Un article", head=head).encode())
    elif how == "feed":
        feed = site.replies["/feed"]
        site.replies["/feed"] = Reply(
            feed.body, feed.content_type, headers={"tdm-reservation": "1"}
        )


@pytest.mark.parametrize("how", ["header", "file", "page", "feed"])
def test_of_a_page_that_opposes_mining_title_link_and_date_are_kept(
    store: Store, settings: Settings, site: LocalSite, how: str
) -> None:
    date = "<pubDate>Sun, 22 Nov 2026 12:00:00 GMT</pubDate>"
    site.page("/a", "Un article")
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article", MORE + date)))
    opposing(site, how)
    collect(store, settings)
    (one,) = articles(store)
    assert (one.title, one.url, one.access) == ("Un article", f"{site.url}/a", Access.UNREAD)
    assert one.opposed is not None
    assert one.published is not None
    assert is_emptied(store, one)
    with store.read() as tx:
        assert tx.articles.waiting_tagging("a version", 9) == []
        assert tx.articles.count_waiting_tagging("a version") == 0
    assert (only_source(store).opposed is not None) is (how == "feed")


def test_the_title_of_a_page_that_opposes_is_read_when_nobody_told_it(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/a"] = Reply(article("Un titre").encode(), headers={"TDM-Reservation": "1"})
    add(store, site.feed("/feed", f"<item><link>{site.url}/a</link></item>"))
    collect(store, settings)
    assert [one.title for one in articles(store)] == ["Un titre"]


def test_the_header_of_a_page_lifts_what_the_file_says(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/.well-known/tdmrep.json"] = Reply(rules(("/a", 1), ("/b", 1)).encode())
    page = article("Un article").encode()
    site.replies["/a"] = Reply(page, headers={"TDM-Reservation": "0"})
    site.replies["/b"] = Reply(page)
    add(store, site.feed("/feed", *(item(f"{site.url}/{n}", n) for n in "ab")))
    for days in (0, 2):
        collect(store, settings, days)
        found = {one.url[-1]: one.opposed is not None for one in articles(store)}
        assert found == {"a": False, "b": True}


@pytest.mark.parametrize(("header", "page", "opposed"), [
    ("0", "1", False), ("1", "0", True), ("1", "1", True), ("0", "0", False),
    ("", "1", True), ("", "0", False), ("oui", "1", True), ("oui", "0", False),
])  # fmt: skip
def test_a_header_that_speaks_decides_over_the_page(
    store: Store, settings: Settings, site: LocalSite, header: str, page: str, *, opposed: bool
) -> None:
    head = f"<meta name='tdm-reservation' content='{page}'>"
    headers = {"TDM-Reservation": header} if header else {}
    site.replies["/a"] = Reply(article("Un article", head=head).encode(), headers=headers)
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article")))
    for days in (0, 2):  # as it is when it is looked at again
        collect(store, settings, days)
        (one,) = articles(store)
        assert (one.opposed is not None, one.text != "") == (opposed, not opposed)


@pytest.mark.parametrize("how", ["file", "feed"])
def test_what_was_kept_before_the_opposition_goes(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite, how: str
) -> None:
    add(store, site.feed("/feed", item(site.page("/a", "Un article"), "Un article", MORE)))
    add(store, other_site.feed("/feed", item(other_site.page("/b", "Un autre"), "Un autre", MORE)))
    collect(store, settings)
    taggings = [Tagging(ThemeId("logement"), 0.9, (Evidence("text", 0, 4, "mots"),))]
    with store.begin() as tx:
        ids = [one.id for one in articles(store)]
        tx.articles.save_taggings([(id, taggings) for id in ids], tagger="1")
        read = Description(
            KindGiven(Kind.NEWS, ("un signe",)), (Named(EntityType.TERRITORY, "orne"),)
        )
        tx.descriptions.save([(id, read) for id in ids], describer="1")
        mine = tx.articles.by_urls([f"{site.url}/a"])[f"{site.url}/a"]
        given = ThemeId("hebergement")
        tx.articles.correct(mine, given, Verdict.GIVEN, by=None, now=now())
        tx.changes.done(tx.changes.next(99))
    opposing(site, how)
    collect(store, settings, days=2)
    found = {one.title: one for one in articles(store)}
    one, other = found["Un article"], found["Un autre"]
    assert one.opposed is not None
    assert [(tagging.theme, tagging.by_people) for tagging in one.taggings] == [(given, True)]
    assert (one.text, one.summary, one.author) == ("", "", "")
    assert (one.kind, one.names, one.section) == (None, (), "")
    assert (other.kind, other.names) == (read.kind, read.names)
    assert (other.opposed, other.text != "", len(other.taggings)) == (None, True, 1)
    with store.read() as tx:
        assert not has_body(store, one)
        assert has_body(store, other)
        assert [change.article_id for change in tx.changes.next(9)] == [one.id]
        assert tx.corrections.own_taggings([one.id]) == {one.id: ()}
    assert document(one).text == document(one).extract == ""
    stages.reread(store, now, processes=0)  # nothing brings it back
    again = {one.title: one for one in articles(store)}["Un article"]
    assert (again.text, again.opposed) == ("", one.opposed)


def test_a_file_that_cannot_be_had_today_still_holds(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/.well-known/tdmrep.json"] = Reply(rules(("/", 1)).encode())
    add(store, site.feed("/feed", item(site.page("/a", "Un article"), "Un article")))
    collect(store, settings)
    site.replies["/.well-known/tdmrep.json"] = Reply(status=503)
    site.feed("/feed", item(site.page("/b", "Un autre"), "Un autre"))
    collect(store, settings, days=2)
    assert [one.opposed is not None for one in articles(store)] == [True, True]


# -- what is shown --------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "shown"), [("header", 40), ("page", 40), ("none", 200)])
def test_what_is_shown_keeps_to_what_the_page_allows(
    store: Store, settings: Settings, site: LocalSite, where: str, shown: int
) -> None:
    head = "<meta name='robots' content='index, max-snippet:40'>" if where == "page" else ""
    headers = {"X-Robots-Tag": "max-snippet: 40"} if where == "header" else {}
    text = "Une phrase ordinaire de plus pour que ce texte soit long. " * 60
    site.replies["/a"] = Reply(article("Un article", text, head).encode(), headers=headers)
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article")))
    collect(store, settings)
    (one,) = articles(store)
    extract = notice_of(one, VOCABULARY, 200).extract
    assert shown / 2 < len(extract) <= shown
    assert len(explained(one, VOCABULARY, 200)[0]) <= shown
    indexed = document(one)
    assert (indexed.shown, len(indexed.extract) <= shown) == (shown, True)


def test_nosnippet_shows_nothing_of_the_text(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/a"] = Reply(
        article("Un article").encode(), headers={"X-Robots-Tag": "nosnippet"}
    )
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article", MORE)))
    collect(store, settings)
    (one,) = articles(store)
    assert (one.max_snippet, one.opposed) == (0, None)
    assert one.text
    assert notice_of(one, VOCABULARY, 200).extract == ""
    assert document(one).extract == ""
    with store.begin() as tx:
        again = Extracted(one.url, one.title, one.text, access=one.access)
        tx.articles.save(again, source_id=one.source.id, now=now())
    (one,) = articles(store)
    assert one.max_snippet is None


def test_the_date_that_an_opposing_page_declares_is_kept() -> None:
    page = (
        '<html><head><title>Un article</title><meta name="tdm-reservation" content="1">'
        '<meta property="article:published_time" content="2026-11-20T10:00:00+01:00"></head>'
        "<body><h1>Un article</h1><p>Ce que la page dit n'est pas lu.</p></body></html>"
    )
    read = extract(page.encode(), url="https://site.test/a", today=date(2026, 11, 22))
    assert isinstance(read, Extracted)
    assert (read.opposed, read.text) == (True, "")
    assert read.published == datetime(2026, 11, 20, 9, tzinfo=UTC)
