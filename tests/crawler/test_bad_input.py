"""What servers really send: one clear line each, and the other sources go on."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from ipaddress import ip_network

import pytest

from core.errors import Unreadable
from crawler.feeds import parse_feed
from crawler.fetching import MEGABYTE, Fetcher, Options, Trouble, why_not
from crawler.slowly import FeedReader
from store import Store
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import RSS, LocalSite, Reply, article, item, rss
from tests.crawler.test_stages import add, articles, run, titles

SPARE = "Un article d’ailleurs"


def collected(
    store: Store, fetcher: Fetcher, site: LocalSite, other: LocalSite, reply: Reply
) -> tuple[str, ...]:
    """What is said of a source whose feed answers this; the other source goes on all the same."""
    site.replies["/feed"] = reply
    add(store, f"{site.url}/feed", name="Étrange")
    add(store, other.feed("/feed", item(other.page("/x", SPARE), SPARE)), name="Ordinaire")
    report = run(store, fetcher)
    assert SPARE in titles(store), report
    assert all(line.startswith("Étrange\u00a0: ") and "\n" not in line for line in report.failures)
    return report.failures


# -- lies about encodings -------------------------------------------------------------------------


FEED = rss(item("https://site.test/a", "Un titre")).encode()


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (FEED, "gzip", "mal compressée"),  # said to be compressed, and is not
        (FEED, "deflate", "mal compressée"),
        (gzip.compress(FEED)[:-9], "gzip", ""),  # cut short
        (gzip.compress(FEED)[:40], "gzip", "mal compressée"),
        (zlib.compress(FEED), "deflate", None),
        (zlib.compress(FEED)[2:-4], "deflate", None),  # raw, as some servers send it
        (gzip.compress(gzip.compress(FEED)), "gzip", ""),
        (b"\x1f\x8b" + b"\x00" * 50, "gzip", ""),
    ],
    ids=range(8),  # not the bodies, which hold the time at which they were packed
)
def test_lies_about_compression_are_one_line_at_most(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite,
    body: bytes, encoding: str, reason: str | None,
) -> None:  # fmt: skip
    reply = Reply(body, RSS, headers={"Content-Encoding": encoding})
    said = collected(store, fetcher, site, other_site, reply)
    of_feed = [line for line in said if "site.test" not in line]
    assert len(of_feed) <= 1
    if reason is None:
        assert of_feed == []
    elif reason:
        assert reason in of_feed[0]


def test_a_small_answer_that_unfolds_into_gigabytes_is_refused(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * (20 * MEGABYTE)))
    reply = Reply(gzip.decompress(bomb), RSS, headers={"Content-Encoding": "gzip"})
    (line,) = collected(store, fetcher, site, other_site, reply)
    assert "trop volumineux" in line


def test_windows_1252_declared_as_utf_8_keeps_its_accents(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    link = site.page("/a", "Un article")
    text = rss(item(link, "L’été à l’hôpital : 50 €"))
    body = text.encode("cp1252")
    reply = Reply(body, "application/rss+xml; charset=utf-8")
    assert collected(store, fetcher, site, other_site, reply) == ()
    site.replies["/b"] = Reply(status=403)
    told = parse_feed(body, url=link, content_type="application/rss+xml; charset=utf-8")
    assert [one.title for one in told.entries] == ["L’été à l’hôpital : 50 €"]


# -- answers that are not what they say -----------------------------------------------------------


CAPTCHA = (
    "<html><head><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x.js'>"
    "</script></head><body><h1>Verifying you are human</h1></body></html>"
)
LOGIN = (
    "<html><head><title>Connexion</title></head><body><h1>Connexion</h1><form action='/login'>"
    "<input name=user><input type=password name=mdp></form></body></html>"
)


@pytest.mark.parametrize("page", [CAPTCHA, LOGIN])
def test_a_captcha_or_a_login_page_instead_of_a_feed(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite, page: str
) -> None:
    (line,) = collected(store, fetcher, site, other_site, Reply(page.encode()))
    assert "une page HTML au lieu d’un flux" in line


@pytest.mark.parametrize("page", [CAPTCHA, LOGIN])
def test_a_captcha_or_a_login_page_instead_of_an_article(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite, page: str
) -> None:
    site.replies["/a"] = Reply(page.encode())
    more = "<description>Ce que le fil en dit.</description>"
    reply = Reply(rss(item(f"{site.url}/a", "Un article", more)).encode(), RSS)
    collected(store, fetcher, site, other_site, reply)
    (one,) = [one for one in articles(store) if one.title != SPARE]
    assert (one.title, one.summary) == ("Un article", "Ce que le fil en dit.")
    assert "human" not in one.text
    assert "Connexion" not in one.text


def test_entries_with_odd_ids_dates_and_links(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    def entry(path: str, date: str) -> str:
        more = f"<guid isPermaLink='false'>le-meme</guid><pubDate>{date}</pubDate>"
        return item(site.page(path, f"Article {path}"), f"Article {path}", more)

    feed = rss(
        entry("/a", "Thu, 01 Jan 1970 00:00:00 GMT"),
        entry("/b", "Thu, 31 Dec 2099 00:00:00 GMT"),
        item("javascript:alert(1)", "Un piège"),
        item("data:text/html,x", "Un autre"),
        item("http://[::1", "Une adresse cassée"),
    )
    assert collected(store, fetcher, site, other_site, Reply(feed.encode(), RSS)) == ()
    found = {one.title: one.published for one in articles(store) if one.title != SPARE}
    assert found == {"Article /a": None, "Article /b": None}
    renamed = feed.replace("le-meme", "un-autre")  # ids that change are no new articles
    site.replies["/feed"] = Reply(renamed.encode(), RSS)
    site.asked.clear()
    run(store, fetcher)
    assert site.paths == ["/feed"]


# -- names and addresses --------------------------------------------------------------------------


def test_a_name_with_a_public_and_a_private_address_never_reaches_the_private_one(
    site: LocalSite,
) -> None:
    """The public one does not answer here; the private one, which would, is not tried."""
    site.page("/a", "Un article")
    port = site.url.rpartition(":")[2]
    names = {"double.test": ("203.0.113.9", "127.0.0.1"), "prive.test": ("127.0.0.1",)}
    options = Options(networks=(ip_network("203.0.113.0/24"),), names=names, timeout=1.0)
    with Fetcher(options) as fetcher:
        answer = fetcher.fetch(f"http://double.test:{port}/a")
        assert answer.trouble in {Trouble.TIMEOUT, Trouble.NO_CONNECTION}
        assert fetcher.fetch(f"http://prive.test:{port}/a").trouble is Trouble.PRIVATE
    assert (site.asked, site.robots) == ([], [])


@pytest.mark.parametrize("where", ["/robots.txt", "/.well-known/tdmrep.json", "/a"])
@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.7/x", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.7]/",
     "http://[64:ff9b::a00:7]/", "http://100.64.0.1/",
     "http://interne.test/", "http://0x0a000007/", "http://[fe80::1]/"],
)  # fmt: skip
def test_no_redirect_leads_to_a_private_address_whatever_is_asked_for(
    site: LocalSite, where: str, target: str
) -> None:
    site.page("/a", "Un article")
    site.replies[where] = Reply.to(target, 302)
    with Fetcher(replace(OPTIONS, timeout=2.0)) as fetcher:
        answer = fetcher.fetch(f"{site.url}/a")
    if where == "/.well-known/tdmrep.json":
        assert answer.is_fresh  # it is as if there were no file
    else:
        assert not answer.is_fresh
        assert why_not(answer)
        assert answer.trouble is not Trouble.TIMEOUT


# -- limits ---------------------------------------------------------------------------------------


def test_headers_without_end_are_refused(fetcher: Fetcher, site: LocalSite) -> None:
    many = {f"X-Filler-{n}": "x" * 1000 for n in range(600)}
    site.replies["/a"] = Reply(article("Un article").encode(), headers=many)
    answer = fetcher.fetch(f"{site.url}/a")
    assert not answer.is_fresh
    assert why_not(answer)


def test_a_feed_that_takes_too_long_to_read_is_set_aside() -> None:
    body = b"<rss version='2.0'><channel><item><title>" + b"<![CDATA[" * 200_000
    with FeedReader(seconds=0.01) as reader, pytest.raises(Unreadable, match="interrompue"):
        reader.read(body, url="https://site.test/feed", content_type=RSS)


def test_an_odd_feed_is_read_aside_as_it_would_be_here() -> None:
    text = rss(item("https://site.test/a", "Été")).replace("utf-8", "iso-8859-1")
    body = text.encode("iso-8859-1")
    with FeedReader() as reader:
        assert reader.read(body, url="https://site.test/feed", content_type=RSS) == parse_feed(
            body, url="https://site.test/feed", content_type=RSS
        )
        with pytest.raises(Unreadable, match="pas du XML"):
            reader.read(b"rien", url="https://site.test/feed", content_type="")
