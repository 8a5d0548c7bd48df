"""Collecting whole: sources visited over HTTP, pages stored, articles read."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import Clock, now
from core.errors import NotFound
from core.model import (
    Announcement,
    Article,
    Extracted,
    Page,
    PageId,
    Rejected,
    Report,
    Source,
    SourceId,
    SourceKind,
    SourceStatus,
)
from core.settings import Settings
from crawler import reading, stages
from crawler.collecting import Collecting, owner
from crawler.fetching import MEGABYTE, Answer, Fetcher, Options, Request, Then
from crawler.memory import fetcher_for
from crawler.reading import read_page, read_waiting
from crawler.sites import is_same_site
from store import Store
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import RSS, LocalSite, Reply, article, item, rss

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def add(store: Store, feed: str, kind: SourceKind = SourceKind.FEED, name: str = "") -> Source:
    with store.begin() as tx:
        url = feed if kind is not SourceKind.FEED else feed[: feed.index("/", 8) + 1]
        return tx.sources.add(name=name or feed, url=url, feed=feed, kind=kind, now=now())


def run(store: Store, fetcher: Fetcher, clock: Clock = now) -> Report:
    """Visit every source, read what came, and say how the visits went."""
    with store.read() as tx:
        sources = tx.sources.all()
    report = Collecting(store, fetcher, clock).run(sources, all_now=True)
    read_waiting(store, clock, processes=0)
    return report


def articles(store: Store) -> list[Article]:
    with store.read() as tx:
        return tx.articles.recent(off_field=True)


def titles(store: Store) -> list[str]:
    return sorted(one.title for one in articles(store))


def only_source(store: Store) -> Source:
    with store.read() as tx:
        (source,) = tx.sources.all()
    return source


# -- what is collected --------------------------------------------------------------------------


def test_a_feed_becomes_articles(store: Store, fetcher: Fetcher, site: LocalSite) -> None:
    links = [site.page(f"/{n}", f"Article numéro {n}") for n in range(3)]
    add(
        store,
        site.feed("/feed", *(item(link, f"Article numéro {n}") for n, link in enumerate(links))),
    )
    report = run(store, fetcher)
    assert (report.done, report.failed, report.failures) == (3, 0, ())
    assert titles(store) == ["Article numéro 0", "Article numéro 1", "Article numéro 2"]
    assert all("quartier" in one.text for one in articles(store))
    assert only_source(store).status is SourceStatus.OK


def test_a_second_run_gets_304_and_adds_nothing(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    add(store, site.feed("/feed", item(site.page("/a", "Un article"))))
    run(store, fetcher)
    site.asked.clear()
    report = run(store, fetcher)
    assert (report.done, report.skipped, report.failures) == (0, 1, ())
    assert site.paths == ["/feed"]
    assert len(articles(store)) == 1


def test_without_validators_known_articles_are_not_fetched_again(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    link = site.page("/a", "Un article")
    site.replies["/feed"] = Reply(rss(item(link)).encode(), RSS)
    add(store, f"{site.url}/feed")
    run(store, fetcher)
    site.asked.clear()
    run(store, fetcher)
    assert site.paths == ["/feed"]


def test_one_article_for_all_the_addresses_that_lead_to_it(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    head = f"<link rel=canonical href='{site.url}/a'>"
    site.page("/a", "Un article", head=head)
    site.page("/a?vue=mobile", "Un article", head=head)
    site.replies["/court"] = Reply.to("/a", 302)
    links = ("/a?utm_source=rss", "/a?vue=mobile", "/court", "/a#haut")
    add(store, site.feed("/feed", *(item(site.url + link, "Un article") for link in links)))
    run(store, fetcher)
    (one,) = articles(store)
    assert one.url == f"{site.url}/a"
    assert "/a?utm_source=rss" not in site.paths
    with store.read() as tx:
        assert len(tx.articles.by_urls([f"{site.url}/court", f"{site.url}/a?vue=mobile"])) == 2


def test_an_excerpt_gets_its_text_from_the_page(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    more = "<description>Un extrait seulement […]</description>"
    add(store, site.feed("/feed", item(site.page("/a", "Un article"), "Un article", more)))
    run(store, fetcher)
    (one,) = articles(store)
    assert one.summary == "Un extrait seulement…"
    assert len(one.text) > 500


@pytest.mark.parametrize("status", [401, 403, 451])
def test_an_article_that_refuses_us_exists_from_its_announcement(
    store: Store, fetcher: Fetcher, site: LocalSite, status: int
) -> None:
    site.replies["/a"] = Reply(b"non", status=status)
    more = "<description>Ce que le fil en dit.</description>"
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article réservé", more)))
    run(store, fetcher)
    (one,) = articles(store)
    assert (one.title, one.summary) == ("Un article réservé", "Ce que le fil en dit.")
    assert one.url == f"{site.url}/a"


def test_articles_that_robots_txt_keeps_from_us_exist_too(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /articles/\n", "text/plain")
    add(store, site.feed("/feed", item(f"{site.url}/articles/a", "Un article")))
    run(store, fetcher)
    assert titles(store) == ["Un article"]
    assert site.paths == ["/feed"]


def test_a_date_that_has_not_come_is_not_believed(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/a"] = Reply(status=403)
    more = "<pubDate>Fri, 01 Jan 2094 00:00:00 GMT</pubDate>"
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article", more)))
    run(store, fetcher)
    assert [one.published for one in articles(store)] == [None]


def test_a_page_that_is_gone_is_not_asked_for_again(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/feed"] = Reply(rss(item(f"{site.url}/a", "Disparu")).encode(), RSS)
    add(store, f"{site.url}/feed", name="Le fil")
    report = run(store, fetcher)
    assert report.failures == (f"Le fil\u00a0: {site.url}/a\u00a0: page introuvable (404)",)
    site.asked.clear()
    run(store, fetcher)
    assert site.paths == ["/feed"]
    assert articles(store) == []


def test_a_page_that_fails_is_asked_for_again_at_the_next_visit(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/a"] = Reply(b"oups", status=500)
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article")))
    run(store, fetcher)
    assert articles(store) == []
    site.page("/a", "Un article")
    run(store, fetcher)
    assert titles(store) == ["Un article"]


def test_a_page_of_fifty_megabytes_is_one_line_and_the_rest_goes_on(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/gros"] = Reply(endless=50_000_000)
    links = [item(f"{site.url}/gros", "Énorme"), item(site.page("/a", "Un article"), "Un article")]
    add(store, site.feed("/feed", *links), name="Le fil")
    report = run(store, fetcher)
    (line,) = report.failures
    assert "trop volumineux" in line
    assert titles(store) == ["Un article", "Énorme"]


def test_a_page_with_nothing_to_read_in_it_falls_back_on_the_feed(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/rapport.pdf"] = Reply(b"%PDF-1.4 rien", "application/pdf")
    more = "<description>Le rapport annuel est paru.</description>"
    add(store, site.feed("/feed", item(f"{site.url}/rapport.pdf", "Le rapport", more)))
    run(store, fetcher)
    assert titles(store) == ["Le rapport"]


def test_a_page_of_another_site_cannot_rewrite_an_article_by_claiming_its_address(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    original = site.page("/a", "Un article")
    add(store, site.feed("/feed", item(original, "Un article")))
    run(store, fetcher)
    head = f"<link rel=canonical href='{original}'>"
    copy = other_site.page("/copie", "Tout autre chose", head=head)
    add(store, other_site.feed("/feed", item(copy, "Tout autre chose")))
    run(store, fetcher)
    assert {one.url: one.title for one in articles(store)} == {
        original: "Un article", copy: "Tout autre chose"
    }  # fmt: skip


def test_a_page_cannot_take_the_place_of_another_s_article_to_come(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    head = f"<link rel=canonical href='{site.url}/a'>"
    copy = other_site.page("/copie", "Tout autre chose", head=head)
    add(store, other_site.feed("/feed", item(copy, "Tout autre chose")))
    run(store, fetcher)
    original = site.page("/a", "Un article")
    add(store, site.feed("/feed", item(original, "Un article")))
    run(store, fetcher)
    assert {one.url: one.title for one in articles(store)} == {
        original: "Un article", copy: "Tout autre chose"
    }  # fmt: skip


def test_a_site_that_asks_for_fewer_requests_gets_no_more_in_that_run(
    store: Store, site: LocalSite
) -> None:
    busy = Reply(b"", status=429, headers={"Retry-After": "86400"})
    site.replies |= {f"/{n}": busy for n in range(60)}
    add(store, site.feed("/feed", *(item(f"{site.url}/{n}") for n in range(60))))
    with fetcher_for(store, replace(OPTIONS, at_once=4), now) as fetcher:
        run(store, fetcher)
    assert len(site.asked) < 10  # the feed, and what was on its way already
    source = only_source(store)
    assert source.next_visit is not None
    assert source.validators.etag  # its pages wait by themselves: the feed is not read again
    with store.read() as tx:
        assert tx.pages.count_announced() == 60
        (until,) = tx.hosts.waiting(now()).values()
    assert until > now() + timedelta(hours=23)


def test_the_wait_that_an_article_s_page_asks_for_is_obeyed_and_ends(
    store: Store, site: LocalSite, settings: Settings
) -> None:
    site.replies["/a"] = Reply(b"", status=429, headers={"Retry-After": "90000"})
    source = add(store, site.feed("/feed", item(f"{site.url}/a", "Un article")))
    stages.collect(store, settings, now, options=OPTIONS)
    site.asked.clear()
    for only in (None, source.slug):
        stages.collect(store, settings, now, only=only, all_now=True, options=OPTIONS)
    assert site.asked == []
    site.page("/a", "Un article")
    stages.collect(store, settings, lambda: now() + timedelta(hours=26), options=OPTIONS)
    assert titles(store) == ["Un article"]


def test_a_site_that_is_down_without_asking_to_wait_may_be_visited_at_once(
    store: Store, site: LocalSite, settings: Settings, fetcher: Fetcher
) -> None:
    site.replies["/feed"] = Reply(b"", status=503)
    source = add(store, f"{site.url}/feed")
    run(store, fetcher)
    site.feed("/feed", item(site.page("/a", "Un article"), "Un article"))
    stages.collect(store, settings, now, only=source.slug, options=OPTIONS)
    assert titles(store) == ["Un article"]


def test_heavy_pages_are_written_before_they_fill_the_memory(
    store: Store, clock: Clock, site: LocalSite
) -> None:
    class Silent(Fetcher):
        def submit(self, request: Request, then: Then) -> None:
            """Answer in turn."""
            asked.append((request, then))

        def run(self) -> None:
            """Answer with a megabyte whatever is asked."""
            while asked:
                request, then = asked.popleft()
                kind = "text/html"
                held.append(stored())
                body = request.url.encode().ljust(MEGABYTE)
                if request.url.endswith("/feed"):
                    links = (item(f"{site.url}/{n}") for n in range(20))
                    body, kind = rss(*links).encode(), RSS
                then(Answer(request.url, request.url, 200, body, kind))

    def stored() -> int:
        with store.read() as tx:
            return tx.pages.count_waiting()

    asked: deque[tuple[Request, Then]] = deque()
    held: list[int] = []
    source = add(store, f"{site.url}/feed")
    Collecting(store, Silent(OPTIONS), clock).run([source])
    assert held[15:18] == [0, 0, 16]
    assert stored() == 20


@pytest.mark.parametrize("count", [0, 3, 9])
def test_bodies_are_fetched_a_few_at_a_time(store: Store, count: int) -> None:
    store_pages(store, [bytes([65 + n]) for n in range(count)])
    bodies = [body for _, body in reading._waiting(store)]
    assert bodies == [bytes([65 + n]) for n in range(count)]


# -- listings and collections -------------------------------------------------------------------


def teasers(*links: str) -> str:
    return "".join(
        f"<article><h2><a href='{link}'>Un article du site à lire {link}</a></h2></article>"
        for link in links
    )


def listing(*links: str, after: str = "") -> Reply:
    following = f"<a href='{after}'>Page suivante</a>" if after else ""
    return Reply(f"<html><body>{teasers(*links)}{following}</body></html>".encode())


def test_a_listing_is_followed_over_its_pages(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    for name in "abcdef":
        site.page(f"/{name}", f"Article {name}")
    site.replies |= {
        "/liste": listing("/a", "/b", after="/liste?page=2"),
        "/liste?page=2": listing("/c", "/d", after="/liste?page=3"),
        "/liste?page=3": listing("/e", "/f"),
    }
    add(store, f"{site.url}/liste", SourceKind.LISTING)
    run(store, fetcher)
    assert len(articles(store)) == 6
    site.asked.clear()
    run(store, fetcher)
    assert site.paths == ["/liste"]


def test_a_listing_that_runs_in_circles_ends(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.page("/a", "Article a")
    site.replies["/liste"] = listing("/a", "/b", after="/liste?page=2")
    site.replies["/liste?page=2"] = listing("/a", "/b", after="/liste?page=2")
    add(store, f"{site.url}/liste", SourceKind.LISTING)
    run(store, fetcher)
    assert site.paths.count("/liste?page=2") == 1


def test_what_a_collection_gathers_belongs_to_the_site_that_published_it(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    of_source = site.page("/a", "Article de la source")
    add(store, site.feed("/feed"), name="La source")
    loose = [other_site.page(f"/p/{n}", f"Perle {n}") for n in range(2)]
    port = other_site.url.rpartition(":")[2]
    home = f"http://site.test:{port}"
    other_site.replies["/perles"] = listing(of_source, *loose)
    add(store, f"{home}/perles", SourceKind.COLLECTION, name="Les perles")
    run(store, fetcher)
    owners = {one.title: one.source.name for one in articles(store)}
    assert owners == {
        "Article de la source": "La source", "Perle 0": "Les perles", "Perle 1": "Les perles"
    }  # fmt: skip


def test_sub_collections_are_followed_at_any_depth_within_what_its_author_gathers(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    pages = [other_site.page(f"/p/{n}", f"Perle {n}") for n in range(4)]
    site.replies |= {
        "/ada/une": listing("/ada/deux", "/ada/trois"),  # nothing but sub-collections
        "/ada/deux": listing(pages[0], pages[1], "/ada/quatre", "/ada/une", "/bob/autre"),
        "/ada/trois": listing(pages[2], "/ada/quatre"),
        "/ada/quatre": listing(pages[3], "/ada/deux"),
    }
    add(store, f"{site.url}/ada/une", SourceKind.COLLECTION, name="Les perles")
    run(store, fetcher)
    assert {one.title for one in articles(store)} == {f"Perle {n}" for n in range(4)}
    assert sorted(site.paths) == ["/ada/deux", "/ada/quatre", "/ada/trois", "/ada/une"]


WORDS = "<description>Des mots qui ne sont pas les siens.</description>"


@pytest.mark.parametrize("rules", [b"User-agent: *\nDisallow: /a\n", b""])
def test_what_others_say_of_a_page_that_refuses_us_is_theirs(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite, rules: bytes
) -> None:
    site.replies |= {"/robots.txt": Reply(rules, "text/plain"), "/a": Reply(status=403)}
    add(store, site.feed("/feed"), name="La source")
    more = WORDS + "<author>Une autre</author>"
    add(store, other_site.feed("/feed", item(f"{site.url}/a", "Vu ailleurs", more)), name="Autre")
    run(store, fetcher)
    (one,) = articles(store)
    assert (one.source.name, one.title) == ("Autre", "Vu ailleurs")
    assert (one.summary, one.text, one.author) == ("", "", "")


@pytest.mark.parametrize("text", ["", "Trop court."])
def test_what_others_say_of_a_page_completes_it_in_nothing(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite, text: str
) -> None:
    link = site.page("/a", "Son titre")
    if text:
        site.replies["/a"] = Reply(f"<title>Son titre</title><p>{text}".encode())
    add(store, site.feed("/feed"), name="La source")
    content = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    content += "Des mots prêtés à une autre. " * 300 + "</content:encoded>"
    add(store, other_site.feed("/feed", item(link, "Autre titre", WORDS + content)))
    run(store, fetcher)
    for one in articles(store):
        assert (one.source.name, one.title, one.summary) == ("La source", "Son titre", "")
        assert "prêtés" not in one.text
        assert "siens" not in one.text
    assert text or len(articles(store)) == 1


def test_a_feed_on_another_host_speaks_for_the_site_it_is_the_feed_of(
    store: Store, fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    site.replies["/a"] = Reply(status=403)
    more = "<description>Ce que le fil en dit.</description>"
    feed = other_site.feed("/feed", item(f"{site.url}/a", "Un article", more))
    with store.begin() as tx:
        tx.sources.add(name="S", url=f"{site.url}/", feed=feed, kind=SourceKind.FEED, now=now())
    run(store, fetcher)
    assert [one.summary for one in articles(store)] == ["Ce que le fil en dit."]


def test_a_listing_without_articles_is_a_failure(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/liste"] = Reply(b"<html><body>En travaux</body></html>")
    add(store, f"{site.url}/liste", SourceKind.LISTING)
    assert run(store, fetcher).failed == 1
    assert only_source(store).status is SourceStatus.FAILING


# -- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(article("Une page").encode()), "une page HTML au lieu d’un flux"),
        (Reply(), "le flux est vide"),
        (Reply(b"tout autre chose", "text/plain"), "ce n’est pas du XML"),
        (Reply(b"<rss version='2.0'><channel/></rss>", "text/xml"), "n’annonce aucun article"),
        (Reply(status=404), "page introuvable (404)"),
        (Reply(status=500), "erreur 500 du site"),
        (Reply.to("/feed"), "redirections sans fin"),
        (Reply.to("http://interne.test/"), "réseau privé"),
        (Reply(endless=50_000_000), "trop volumineux"),
    ],
)
def test_a_source_in_trouble_is_one_line_and_the_others_go_on(
    store: Store,
    fetcher: Fetcher,
    site: LocalSite,
    other_site: LocalSite,
    reply: Reply,
    reason: str,
) -> None:
    site.replies["/feed"] = reply
    add(store, f"{site.url}/feed", name="En panne")
    add(store, other_site.feed("/feed", item(other_site.page("/a", "Un article"), "Un article")))
    report = run(store, fetcher)
    (line,) = report.failures
    assert line.startswith("En panne\u00a0: ")
    assert reason in line
    assert "\n" not in line
    assert (report.failed, titles(store)) == (1, ["Un article"])


def test_a_failing_feed_loses_nothing_already_stored(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    url = site.feed("/feed", item(site.page("/a", "Un article"), "Un article"))
    add(store, url)
    run(store, fetcher)
    good, site.replies["/feed"] = site.replies["/feed"], Reply(b"<html></html>")
    run(store, fetcher)
    source = only_source(store)
    assert (source.status, source.errors_in_a_row) == (SourceStatus.FAILING, 1)
    assert source.last_success is not None
    site.replies["/feed"] = good
    run(store, fetcher)
    assert only_source(store).status is SourceStatus.OK
    assert titles(store) == ["Un article"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_source_that_refuses_robots_is_shown_as_refusing(
    store: Store, fetcher: Fetcher, site: LocalSite, mark: bytes
) -> None:
    rules = mark + b"User-agent: *\nDisallow: /\n"
    site.replies["/robots.txt"] = Reply(rules, "text/plain")
    add(store, site.feed("/feed", item(f"{site.url}/a")))
    run(store, fetcher)
    assert only_source(store).status is SourceStatus.REFUSED
    assert site.asked == []


def test_retry_after_is_obeyed_even_when_all_is_asked_for_now(
    store: Store, site: LocalSite, settings: Settings, clock: Clock
) -> None:
    site.replies["/feed"] = Reply(b"", status=429, headers={"Retry-After": "90000"})
    source = add(store, f"{site.url}/feed")
    stages.collect(store, settings, clock, options=OPTIONS)
    after = only_source(store)
    assert after.next_visit is not None
    assert after.next_visit - now() > timedelta(hours=24)
    for only in (None, source.slug):
        stages.collect(store, settings, clock, only=only, all_now=True, options=OPTIONS)
    assert site.paths == ["/feed"]


def test_only_sources_that_are_due_are_visited(
    store: Store, site: LocalSite, settings: Settings, clock: Clock
) -> None:
    add(store, site.feed("/feed", item(site.page("/a", "Un article"), "Un article")), name="Fil")
    seen: list[tuple[int, int]] = []
    report = stages.collect(
        store, settings, clock, options=OPTIONS, progress=lambda *steps: seen.append(steps)
    )
    assert (report.done, report.details["pages"]) == (1, 1)
    assert seen[-1] == (2, 2)
    assert stages.collect(store, settings, clock, options=OPTIONS).details.get("sources", 0) == 0
    stages.collect(store, settings, clock, only="fil", options=OPTIONS)
    assert site.paths == ["/feed", "/a", "/feed"]
    with pytest.raises(NotFound):
        stages.collect(store, settings, clock, only="personne")


def test_a_feed_of_hostile_entries_is_collected(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    entries = [
        item("javascript:alert(1)", "A"),
        item("http://[::1/", "B"),
        item("file:///etc/passwd", "C"),
        item("http://interne.test/secret", "D"),
        item(site.page("/%C3%A9/x%20y?q=%22", "Un article"), "Un article"),
        item("http://nulle-part.invalid/" + "x" * 5000, "E"),
    ]
    add(store, site.feed("/feed", *entries))
    report = run(store, fetcher)
    assert titles(store) == ["Un article"]
    assert all("\n" not in line for line in report.failures)


HOSTILE = "Du texte.\ud800\x00\u202e Et la suite."


def test_a_feed_of_characters_that_no_database_keeps_is_collected(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies |= {"/a": Reply(status=403), "/b": Reply(status=403)}
    entry = {
        "url": f"{site.url}/a",
        "title": f"Titre. {HOSTILE}",
        "authors": [{"name": HOSTILE}],
        "summary": HOSTILE,
        "content_text": HOSTILE,
    }
    other = {"url": f"{site.url}/b", "title": "Un article"}
    site.replies["/feed"] = Reply(
        json.dumps({"items": [entry, other]}).encode(), "application/json"
    )
    add(store, f"{site.url}/feed")
    assert run(store, fetcher).failures == ()
    clean = "Du texte. Et la suite."
    told = {(one.title, one.text, one.summary, one.author) for one in articles(store)}
    assert told == {(f"Titre. {clean}", clean, clean, clean), ("Un article", "", "", "")}


def test_an_article_that_cannot_be_written_is_set_aside_and_the_others_are_written(
    store: Store,
) -> None:
    store_pages(store, [article(f"Article {n}").encode() for n in range(5)])
    with store.begin() as tx:
        poisoned = tx.pages.waiting(9)[2][0]
        source = poisoned.source_id
    outcomes = [*reading.read_pages(reading._waiting(store), NOON.date(), 0)]
    outcomes[2] = replace(outcomes[2], result=Extracted(poisoned.url, "Titre", HOSTILE))
    written = reading._written(store, outcomes, now, set())
    assert [became for became, _ in written] == [*2 * ["inserted"], "rejected", *2 * ["inserted"]]
    with store.read() as tx:
        (rejected,) = tx.pages.rejected(source)
        assert tx.pages.count_waiting() == 0
    assert rejected.reason == "enregistrement impossible (UnicodeEncodeError)"
    assert len(articles(store)) == 4


# -- killed and resumed -------------------------------------------------------------------------


def _collect_until_killed(settings: Settings, pages: int) -> None:
    """In a process of its own: collect, and be killed once some pages are stored."""
    with Store.open(settings.database_url, settings.bodies_url) as store:

        def progress(done: int, _: int) -> None:
            if done > pages:
                os.kill(os.getpid(), signal.SIGKILL)

        stages.collect(store, settings, now, options=OPTIONS, progress=progress, all_now=True)


@pytest.mark.parametrize("pages", [30])
def test_a_collect_killed_half_way_is_taken_up_again(
    store: Store, fetcher: Fetcher, site: LocalSite, settings: Settings, pages: int
) -> None:
    links = [site.page(f"/{n}", f"Article numéro {n}") for n in range(60)]
    add(store, site.feed("/feed", *(item(link, link) for link in links)))
    process = multiprocessing.get_context("spawn").Process(
        target=_collect_until_killed, args=(settings, pages)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    run(store, fetcher)
    assert titles(store) == sorted(f"Article numéro {n}" for n in range(60))
    assert all(site.paths.count(f"/{n}") <= 2 for n in range(60))


# -- reading ------------------------------------------------------------------------------------


def page(title: str = "", content: str = "") -> Page:
    url = "https://site.example/a"
    told = Announcement(url, title, content=content)
    return Page(PageId(1), SourceId(1), url, url, NOON, "text/html", told)


def test_a_page_without_body_is_what_announced_it() -> None:
    read = read_page(page(title="Titre", content="Un.\n\nDeux."), b"", NOON.date())
    assert isinstance(read, Extracted)
    assert (read.title, read.text) == ("Titre", "Un.\n\nDeux.")
    assert isinstance(read_page(page(), b"", NOON.date()), Rejected)


def test_a_page_no_longer_kept_is_said_so() -> None:
    read = read_page(page(title="Titre"), None, NOON.date())
    assert isinstance(read, Rejected)
    assert "conservée" in read.reason


@pytest.mark.parametrize("body", [b"\0" * 99, b"<" * 9999, b"<div>" * 99_999, b"<p>\xff\xfe", b"x"])
def test_a_poisoned_page_is_set_aside(body: bytes) -> None:
    assert isinstance(read_page(page(), body, NOON.date()), Rejected)


def store_pages(store: Store, bodies: list[bytes]) -> None:
    source = add(store, "https://site.example/feed")
    keys = [store.bodies.put(body, NOON) for body in bodies]
    with store.begin() as tx:
        for number, key in enumerate(keys):
            url = f"https://site.example/{number}"
            tx.pages.add(
                source_id=source.id, url=url, final_url=url, fetched=NOON, content_type="text/html",
                body=key, announcement=Announcement(url),
            )  # fmt: skip


@pytest.mark.parametrize("processes", [0, 2])
def test_pages_are_read_in_any_number_of_processes(store: Store, processes: int) -> None:
    store_pages(store, [article(f"Article {n}").encode() for n in range(5)] + [b"rien"])
    report = read_waiting(store, now, processes=processes)
    assert (report.done, report.failed) == (5, 1)
    assert titles(store) == [f"Article {n}" for n in range(5)]
    assert read_waiting(store, now, processes=0) == Report(details={})


def test_a_reader_that_dies_sets_only_its_page_aside(store: Store) -> None:
    store_pages(store, [b"a", b"meurs", b"b"])
    with store.read() as tx:
        waiting = [one for one, _ in tx.pages.waiting(9)]
    pages = zip(waiting, (b"a", b"meurs", b"b"), strict=True)
    found = list(reading.read_pages(pages, NOON.date(), 1, read=_fragile))
    reasons = [one.result.reason for one in found if isinstance(one.result, Rejected)]
    assert reasons == ["a", "la lecture a fait tomber le lecteur", "b"]


def _fragile(page: Page, body: bytes | None, _: object) -> Rejected:
    if body == b"meurs":
        os.kill(os.getpid(), signal.SIGKILL)
    return Rejected(page.url, (body or b"").decode())


def test_pages_are_read_again_without_asking_the_site(
    store: Store, fetcher: Fetcher, site: LocalSite, clock: Clock
) -> None:
    add(store, site.feed("/feed", item(site.page("/a", "Un article"), "Un article")))
    run(store, fetcher)
    asked = len(site.asked)
    report = stages.reread(store, clock)
    assert (report.done, report.skipped, len(site.asked)) == (0, 1, asked)


def test_dead_pages_do_not_become_articles_by_being_read_again(
    store: Store, fetcher: Fetcher, site: LocalSite, clock: Clock
) -> None:
    site.replies |= {"/b": Reply(status=410), "/c": Reply.to("/c"), "/d": Reply(status=403)}
    links = [item(f"{site.url}/{name}", f"Article {name}", WORDS) for name in "abcd"]
    add(store, site.feed("/feed", *links))
    run(store, fetcher)
    assert titles(store) == ["Article d"]
    report = stages.reread(store, clock)
    assert (report.done, report.skipped, titles(store)) == (0, 1, ["Article d"])


def test_a_page_that_is_no_longer_kept_leaves_its_article_alone(
    store: Store, fetcher: Fetcher, site: LocalSite, clock: Clock
) -> None:
    add(store, site.feed("/feed", item(site.page("/a", "Un article"), "Un article")))
    run(store, fetcher)
    store.bodies.prune(now() + timedelta(days=1))
    report = stages.reread(store, clock)
    assert (report.failed, report.skipped, titles(store)) == (0, 1, ["Un article"])


# -- whose -------------------------------------------------------------------------------------


def test_among_sources_of_one_host_the_nearest_address_owns_the_page() -> None:
    def at(number: int, url: str) -> Source:
        return Source(SourceId(number), "s", "S", url, f"{url}feed", SourceKind.FEED)

    sources = [
        at(1, "https://h.example/"),
        at(2, "https://h.example/ada/"),
        at(3, "https://i.example/"),
    ]
    cases: dict[str, int] = {
        "https://h.example/ada/x": 2, "https://www.h.example/b": 1, "https://j.example/": 3,
        "https://i.example/x": 3,
    }  # fmt: skip
    assert {url: owner(url, sources[2], sources) for url in cases} == cases


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("https://www.h.example/a", "http://h.example/b", True),
     ("https://amp.h.example/a", "https://www.h.example/", True),
     ("https://a.blogs.example/", "https://b.blogs.example/", False),
     ("https://h.example/", "https://notreh.example/", False),
     ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", False),
     ("https://example/", "https://h.example/", False), ("", "", False)],
)  # fmt: skip
def test_two_addresses_are_of_one_site_or_not(one: str, other: str, same: bool) -> None:
    assert is_same_site(one, other) is is_same_site(other, one) is same


def test_the_default_limits_are_sane() -> None:
    options = Options()
    assert options.networks == ()
    assert options.timeout <= 30
    assert options.max_body <= 10_000_000 * 1.1


def test_each_reason_for_which_pages_were_not_had_is_said_once(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    for page in "abc":
        site.replies[f"/{page}"] = Reply(status=404)
    site.replies["/d"] = Reply(status=410)
    add(store, site.feed("/feed", "".join(item(f"{site.url}/{page}") for page in "abcd")))
    report = run(store, fetcher)
    said = sorted(line.rpartition("\u00a0: ")[2] for line in report.failures)
    assert said == ["page introuvable (404) (et 2 autres pages)", "page supprimée (410)"]
