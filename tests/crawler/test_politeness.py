"""Politeness over several runs: waits, rules, addresses and lies are remembered in the store."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from core.clock import Clock, now
from core.model import Source, SourceKind, SourceStatus
from core.settings import Settings
from crawler import stages
from crawler.collecting import MOST_ATTEMPTS, Collecting
from crawler.fetching import SITES_EACH, Answer, Fetcher, Options, Request, Trouble, why_not
from crawler.memory import fetcher_for
from crawler.reading import read_waiting
from store import Store
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import ALLOW_ALL, RSS, LocalSite, Reply, item, rss
from tests.crawler.test_stages import add, articles, only_source, titles


def later(hours: float) -> Clock:
    """The machine's clock, some hours ahead."""
    return lambda: now() + timedelta(hours=hours)


def collect(
    store: Store, settings: Settings, clock: Clock = now, *, all_now: bool = False
) -> list[str]:
    """Collect what is due; what there was to say."""
    report = stages.collect(store, settings, clock, all_now=all_now, options=OPTIONS, processes=0)
    return list(report.failures)


def visit(store: Store, fetcher: Fetcher, clock: Clock) -> None:
    """Visit what is due, with a fetcher that runs already, and read what came."""
    with store.read() as tx:
        due = tx.sources.due(clock())
    Collecting(store, fetcher, clock).run(due)
    read_waiting(store, clock, processes=0)


def hosts_waiting(store: Store) -> list[datetime]:
    with store.read() as tx:
        return list(tx.hosts.waiting(now()).values())


# -- waits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["/feed", "/a", "/robots.txt"])
def test_a_wait_asked_anywhere_holds_for_the_whole_site_and_for_later_runs(
    store: Store, settings: Settings, site: LocalSite, where: str
) -> None:
    link = site.page("/a", "Un article")
    for path in ("/feed", "/autre"):
        add(store, site.feed(path, item(link, "Un article"), item(site.page("/b", "Un autre"))))
    patient, site.replies[where] = (
        site.replies[where],
        Reply(b"", status=503, headers={"Retry-After": "7200"}),
    )
    collect(store, settings)
    (until,) = hosts_waiting(store)
    assert timedelta(hours=1.9) < until - now() < timedelta(hours=2)
    site.asked.clear()
    site.robots.clear()
    collect(store, settings, later(1.9), all_now=True)
    assert (site.asked, site.robots) == ([], [])
    site.replies[where] = patient
    collect(store, settings, later(2.1), all_now=True)
    assert titles(store) == ["Un article", "Un autre"]


def test_a_redirect_to_a_site_that_asked_to_wait_is_not_followed(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    site.replies["/feed"] = Reply.to(f"{other_site.url}/feed", 302)
    add(store, f"{site.url}/feed")
    with store.begin() as tx:
        tx.hosts.wait(other_site.url, now() + timedelta(hours=1))
    (line,) = collect(store, settings)
    assert "prie d’attendre" in line.replace("vient de prier", "prie")
    assert other_site.asked == []
    assert only_source(store).weight == 0


@pytest.mark.parametrize("header", ["bientôt", "", "-3", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_garbage_in_retry_after_is_no_wait_but_ends_the_run_for_that_site(
    store: Store, settings: Settings, site: LocalSite, header: str
) -> None:
    busy = Reply(b"", status=429, headers={"Retry-After": header.encode().decode("latin-1")})
    site.replies |= {f"/{n}": busy for n in range(40)}
    add(store, site.feed("/feed", *(item(f"{site.url}/{n}", f"Titre {n}") for n in range(40))))
    lines = collect(store, settings)
    assert hosts_waiting(store) == []
    assert len(site.asked) <= 1 + 16  # the feed, and what was on its way
    assert any("trop de demandes" in line for line in lines)


# -- several processes ----------------------------------------------------------------------------


def test_a_site_is_asked_by_one_process_only_redirects_from_others_included(
    site: LocalSite,
) -> None:
    names = [f"s{number}.test" for number in range(SITES_EACH + 5)]
    port = site.url.rpartition(":")[2]
    last = f"http://{names[-1]}:{port}"
    site.replies |= {"/": Reply.to(f"{last}/page"), "/page": Reply(b"<p>bonjour</p>")}
    options = replace(OPTIONS, names=dict.fromkeys(names, ("127.0.0.1",)), processes=2)
    answers: list[Answer] = []
    with Fetcher(options) as fetcher:
        for name in names:
            fetcher.submit(Request(f"http://{name}:{port}/"), answers.append)
        fetcher.run()
        assert len(fetcher._processes) == 2
    assert {one.url for one in answers} == {f"http://{name}:{port}/" for name in names}
    assert {(one.status, one.final_url, one.moved) for one in answers} == {
        (200, f"{last}/page", f"{last}/page")
    }
    assert site.robots.count("/robots.txt") == len(names)  # once each, the last one's too


def test_redirects_are_counted_from_site_to_site(
    fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    site.replies["/a"] = Reply.to(f"{other_site.url}/a")
    other_site.replies["/a"] = Reply.to(f"{site.url}/a")
    answer = fetcher.fetch(f"{site.url}/a")
    assert (answer.url, answer.trouble) == (f"{site.url}/a", Trouble.LOOP)
    assert len(site.asked) + len(other_site.asked) == OPTIONS.max_redirects + 1


def test_a_robots_txt_that_is_at_another_site_is_asked_by_the_process_of_that_site(
    site: LocalSite, other_site: LocalSite
) -> None:
    names = [f"s{number}.test" for number in range(SITES_EACH + 5)]
    port, port_there = (one.url.rpartition(":")[2] for one in (site, other_site))
    there = f"http://loin.test:{port_there}"
    site.replies["/robots.txt"] = Reply.to(f"{there}/commun.txt")
    site.replies |= {"/a": Reply(b"<p>bonjour</p>"), "/prive": Reply(b"<p>non</p>")}
    other_site.replies["/commun.txt"] = Reply(b"User-agent: *\nDisallow: /prive\n", "text/plain")
    rules = b"User-agent: *\nCrawl-delay: 0.05\nDisallow:\n"
    other_site.replies["/robots.txt"] = Reply(rules, "text/plain")
    other_site.replies["/x"] = Reply(b"<p>bonjour</p>")
    names_of = dict.fromkeys([*names, "loin.test"], ("127.0.0.1",))
    answers: list[Answer] = []
    with Fetcher(replace(OPTIONS, names=names_of, processes=2)) as fetcher:
        assert fetcher.fetch(f"{there}/x").is_fresh  # its pace is known in its process
        began = time.monotonic()
        for name in names:
            for path in ("/a", "/prive"):
                fetcher.submit(Request(f"http://{name}:{port}{path}"), answers.append)
        fetcher.run()
        assert time.monotonic() - began >= 0.05 * (len(names) - 1)
        assert len(fetcher._processes) == 2
    said = {(urlsplit(one.url).path, one.status, one.trouble) for one in answers}
    assert said == {("/a", 200, Trouble.NONE), ("/prive", 0, Trouble.ROBOTS)}
    assert site.paths == ["/a"] * len(names)
    assert other_site.paths.count("/commun.txt") == len(names)


@pytest.mark.parametrize(("steps", "obeyed"), [(5, True), (9, False)])
def test_a_robots_txt_is_followed_through_five_redirects_from_site_to_site(
    site: LocalSite, other_site: LocalSite, steps: int, obeyed: bool
) -> None:
    sites = [site, other_site]
    for step in range(steps):
        path = f"/{step}" if step else "/robots.txt"
        sites[step % 2].replies[path] = Reply.to(f"{sites[(step + 1) % 2].url}/{step + 1}", 302)
    refusal = Reply(b"User-agent: *\nDisallow: /\n", "text/plain")
    sites[steps % 2].replies[f"/{steps}"] = refusal
    url = site.page("/a", "Un article")
    with Fetcher(replace(OPTIONS, max_redirects=Options().max_redirects)) as fetcher:
        answer = fetcher.fetch(url)
    # Further than that is as no robots.txt at all (RFC 9309, section 2.3.1.2).
    assert (answer.trouble is Trouble.ROBOTS) is obeyed
    assert answer.is_fresh is not obeyed


def test_two_sites_whose_robots_txt_is_the_other_s_do_not_wait_for_each_other(
    fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    site.replies["/robots.txt"] = Reply.to(f"{other_site.url}/robots.txt")
    other_site.replies["/robots.txt"] = Reply.to(f"{site.url}/robots.txt")
    answers: list[Answer] = []
    for place in (site, other_site):
        for n in range(5):
            fetcher.submit(Request(place.page(f"/{n}", "Un article")), answers.append)
    fetcher.run()
    assert [one.is_fresh for one in answers] == [True] * 10  # as if neither had any


def test_a_robots_txt_at_a_private_address_is_not_read_and_refuses_all_for_now(
    fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/robots.txt"] = Reply.to("http://interne.test/robots.txt")
    answer = fetcher.fetch(site.page("/a", "Un article"))
    assert (answer.trouble, site.asked) == (Trouble.ROBOTS_DOWN, [])
    assert "(interne.test : adresse d’un réseau privé, refusée (fd00::7)" in why_not(answer)


def test_a_robots_txt_at_a_site_that_asked_to_wait_is_waited_for_and_not_taken_for_none(
    store: Store, site: LocalSite, other_site: LocalSite
) -> None:
    site.replies["/robots.txt"] = Reply.to(f"{other_site.url}/robots.txt")
    url = site.page("/a", "Un article")
    with store.begin() as tx:
        tx.hosts.wait(other_site.url, now() + timedelta(hours=1))
    with fetcher_for(store, OPTIONS, now) as fetcher:
        assert fetcher.fetch(url).trouble is Trouble.WAIT
    assert (site.asked, other_site.robots) == ([], [])
    with store.read() as tx:
        assert tx.hosts.rules(site.url) is None


# -- pages that fail ------------------------------------------------------------------------------


def test_a_page_that_fails_for_ever_costs_its_feed_nothing_and_is_at_last_told_by_it(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/a"] = Reply(b"", status=500)
    more = "<description>Ce que le fil en dit suffit à savoir de quoi il parle.</description>"
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article", more)))
    for day in range(MOST_ATTEMPTS + 1):
        visit(store, fetcher, later(27 * day))
    assert site.paths.count("/a") == MOST_ATTEMPTS
    full = [headers for path, headers in site.asked if path == "/feed"]
    assert sum("If-None-Match" not in headers for headers in full) == 2  # the first, and a week on
    (one,) = articles(store)
    assert (one.title, one.summary[:7]) == ("Un article", "Ce que ")


def test_a_page_that_failed_is_asked_for_later_and_later(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/a"] = Reply(b"", status=502)
    add(store, site.feed("/feed", item(f"{site.url}/a", "Un article")))
    for hours, asked in ((0, 1), (0.9, 1), (1.1, 2), (2.9, 2), (3.3, 3)):
        collect(store, settings, later(hours))
        assert site.paths.count("/a") == asked


# -- « not modified » -----------------------------------------------------------------------------


def test_all_is_asked_for_once_a_week_whatever_the_server_says(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    add(store, site.feed("/feed", item(site.page("/a", "Un article"))))
    for days in (0, 3, 6, 8, 9):
        collect(store, settings, later(24 * days), all_now=True)
    asked = ["If-None-Match" in headers for path, headers in site.asked if path == "/feed"]
    assert asked == [False, True, True, False, True]


def test_a_server_that_lies_is_believed_no_more(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    def dated(path: str, days: float) -> str:
        day = (now() + timedelta(days=days)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return item(site.page(path, f"Article {path}"), path, f"<pubDate>{day}</pubDate>")

    add(store, site.feed("/feed", dated("/a", -9)))
    collect(store, settings)
    honest = site.replies["/feed"]
    etag = site.asked[0][1].get("If-None-Match")
    assert etag is None
    for days in (1, 6):  # it says « not modified », though an article came on the second day
        collect(store, settings, later(24 * days), all_now=True)
    assert only_source(store).trusted
    site.replies["/feed"] = replace(honest, body=rss(dated("/a", -9), dated("/b", 2)).encode())
    collect(store, settings, later(24 * 8), all_now=True)
    assert titles(store) == ["Article /a", "Article /b"]
    assert not only_source(store).trusted
    site.asked.clear()
    collect(store, settings, later(24 * 9), all_now=True)
    assert "If-None-Match" not in site.asked[0][1]


def test_not_modified_that_nobody_asked_for_is_said(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    site.replies["/feed"] = Reply(b"", status=304)
    add(store, f"{site.url}/feed", name="Bizarre")
    add(store, other_site.feed("/feed", item(other_site.page("/a", "Un article"))))
    (line,) = collect(store, settings)
    assert line.startswith("Bizarre\u00a0: le site dit que rien n’a changé (304)")
    assert titles(store) == ["Un article"]


# -- addresses that change ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "remembered"),
    [((301,), "/1"), ((308,), "/1"), ((301, 308), "/2"), ((302,), "/0"), ((307,), "/0"),
     ((303,), "/0"), ((301, 302), "/1"), ((302, 301), "/0"), ((301, 302, 301), "/1")],
)  # fmt: skip
def test_an_address_that_changed_for_good_is_remembered(
    store: Store, settings: Settings, site: LocalSite, statuses: tuple[int, ...], remembered: str
) -> None:
    for number, status in enumerate(statuses):
        site.replies[f"/{number}"] = Reply.to(f"/{number + 1}", status)
    site.feed(f"/{len(statuses)}", item(site.page("/a", "Un article")))
    add(store, f"{site.url}/0")
    collect(store, settings)
    assert only_source(store).feed == site.url + remembered
    assert titles(store) == ["Un article"]


def test_an_address_that_leads_to_no_feed_is_not_remembered(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/feed"] = Reply.to("/portail")
    site.page("/portail", "Bienvenue sur le réseau de l’hôtel")
    add(store, f"{site.url}/feed")
    (line,) = collect(store, settings)
    assert "une page HTML au lieu d’un flux" in line
    assert only_source(store).feed == f"{site.url}/feed"


def test_two_sources_do_not_take_one_address(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/ancien"] = Reply.to("/feed")
    add(store, site.feed("/feed", item(site.page("/a", "Un article"))))
    add(store, f"{site.url}/ancien")
    assert collect(store, settings) == []
    with store.read() as tx:
        assert {one.feed for one in tx.sources.all()} == {f"{site.url}/feed", f"{site.url}/ancien"}


# -- robots.txt -----------------------------------------------------------------------------------


def test_what_is_written_for_robots_is_read_once_a_day(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    add(store, site.feed("/feed", item(site.page("/a", "Un article"))))
    for hours in (0, 20, 23):
        collect(store, settings, later(hours), all_now=True)
    assert site.robots == ["/robots.txt", "/.well-known/tdmrep.json"]
    site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n", "text/plain")
    collect(store, settings, later(25), all_now=True)
    assert only_source(store).status is SourceStatus.REFUSED
    site.replies["/robots.txt"] = Reply(ALLOW_ALL, "text/plain")
    collect(store, settings, later(50), all_now=True)
    assert only_source(store).status is SourceStatus.OK


def test_a_crawl_delay_is_kept_between_requests(store: Store, site: LocalSite) -> None:
    rules = b"User-agent: *\nCrawl-delay: 0.4\nDisallow:\n"
    site.replies["/robots.txt"] = Reply(rules, "text/plain")
    urls = [site.page(f"/{n}", f"Article {n}") for n in range(4)]
    with fetcher_for(store, OPTIONS, now) as fetcher:
        began = time.monotonic()
        for url in urls:
            fetcher.submit(Request(url), lambda _: None)
        fetcher.run()
        assert time.monotonic() - began >= 3 * 0.4


def test_one_site_with_much_to_give_does_not_keep_the_others_waiting(
    site: LocalSite, other_site: LocalSite
) -> None:
    rules = b"User-agent: *\nCrawl-delay: 0.2\nDisallow:\n"
    site.replies["/robots.txt"] = Reply(rules, "text/plain")
    order: list[str] = []
    with Fetcher(replace(OPTIONS, at_once=2)) as fetcher:
        for url in [site.page(f"/{n}", f"Article {n}") for n in range(20)]:
            fetcher.submit(Request(url), lambda answer: order.append(answer.url))
        last = other_site.page("/a", "Un article")
        fetcher.submit(Request(last), lambda answer: order.append(answer.url))
        fetcher.run()
    assert order.index(last) < 10


def _request(url: str) -> Request:
    return Request(url)


# -- what a feed asks -----------------------------------------------------------------------------


def test_what_a_feed_and_its_server_ask_decides_of_the_next_visit(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    link = site.page("/a", "Un article")
    asking = rss(item(link)).replace("<link>/</link>", "<link>/</link><ttl>600</ttl>")
    site.replies["/feed"] = Reply(asking.encode(), RSS, etag=True)
    held = {"Cache-Control": "max-age=18000"}
    other_site.replies["/feed"] = Reply(rss(item(link)).encode(), RSS, headers=held)
    add(store, f"{site.url}/feed", name="Un")
    add(store, f"{other_site.url}/feed", name="Deux")
    for clock in (now, later(24)):  # the second time, « not modified » for the first of them
        collect(store, settings, clock)
        waits = {one.name: one.next_visit - clock() for one in sources(store) if one.next_visit}
        assert timedelta(hours=9.9) < waits["Un"] < timedelta(hours=11.1)
        assert timedelta(hours=4.9) < waits["Deux"] < timedelta(hours=5.6)


def sources(store: Store) -> list[Source]:
    with store.read() as tx:
        return tx.sources.all()


def test_a_source_that_was_given_up_comes_back_by_itself(
    store: Store, fetcher: Fetcher, site: LocalSite
) -> None:
    add(store, f"{site.url}/feed")
    for days in range(32):
        visit(store, fetcher, later(27 * days))
    dead = only_source(store)
    assert (dead.errors_in_a_row, dead.weight) == (30, 30.0)
    assert dead.next_visit is not None
    assert dead.last_visit is not None
    assert dead.next_visit - dead.last_visit > timedelta(days=29)
    site.feed("/feed", item(site.page("/a", "Un article")))
    visit(store, fetcher, later(27 * 80))
    back = only_source(store)
    assert (back.status, back.weight, back.failing_since) == (SourceStatus.OK, 0.0, None)


def test_errors_that_pass_by_themselves_weigh_little(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    site.replies["/feed"] = Reply(status=502)
    add(store, f"{site.url}/feed", SourceKind.FEED, "Passager")
    add(store, f"{other_site.url}/feed", SourceKind.FEED, "Durable")
    collect(store, settings)
    assert {one.name: one.weight for one in sources(store)} == {"Passager": 0.25, "Durable": 1.0}


def test_the_hosts_to_leave_alone_are_told_to_every_fetcher(store: Store, site: LocalSite) -> None:
    with store.begin() as tx:
        tx.hosts.wait(site.url, now() + timedelta(hours=1))
    url = site.page("/a", "Un article")
    with fetcher_for(store, OPTIONS, now) as fetcher:
        assert not fetcher.fetch(url).is_fresh
    assert site.asked == []
    assert Options().patient == frozenset()
