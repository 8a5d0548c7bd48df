"""The starter list as shipped, and how the sources added from it find their feeds."""

from __future__ import annotations

import pytest

from core.clock import now
from core.errors import NotFound
from core.model import Source, SourceKind, SourceStatus
from core.settings import Settings
from core.urls import canonical_url, is_web_address
from crawler.stages import collect
from crawler.starters import Starter, add_starters, starter_list
from store import Store
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import LocalSite, Reply, article, item


def test_the_list_is_sound() -> None:
    held = starter_list()
    assert len(held.sources) > 100
    assert len({one.name for one in held.sources}) == len(held.sources)
    feeds = [canonical_url(feed) for one in held.sources for feed in one.feeds]
    assert len(set(feeds)) == len(feeds)
    for one in held.sources:
        assert one.packs
        assert set(one.packs) <= held.packs.keys()
        assert all(is_web_address(url) for url in (one.site, *one.feeds)), one.name
    assert all(held.chosen([pack]) for pack in held.packs)


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(NotFound):
        starter_list().chosen(["jardinage"])


def test_a_pack_is_added_once_without_network(store: Store) -> None:
    chosen = starter_list().chosen(["enfance", "syndicats"])
    assert len(add_starters(store, chosen, now)) == len(chosen)
    assert add_starters(store, starter_list().chosen(["enfance"]), now) == []
    with store.read() as tx:
        sources = tx.sources.all()
    assert {one.status for one in sources} == {SourceStatus.NEW}
    assert all(one.candidates for one in sources)


def visited(store: Store, settings: Settings, *starters: Starter) -> list[Source]:
    add_starters(store, starters, now)
    collect(store, settings, now, options=OPTIONS, processes=0)
    with store.read() as tx:
        return tx.sources.all()


def test_the_candidate_that_answers_is_remembered(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.feed("/rss.xml", item(site.page("/a", "Un article")))
    site.replies["/feed"] = Reply(article("Pas un flux").encode())
    site.feed("/vide")
    dead = tuple(f"{site.url}{path}" for path in ("/mort", "/feed", "/vide"))
    starter = Starter("S", f"{site.url}/", ("presse",), (*dead, f"{site.url}/rss.xml"))
    (source,) = visited(store, settings, starter)
    assert (source.feed, source.kind) == (f"{site.url}/rss.xml", SourceKind.FEED)
    assert source.status is SourceStatus.OK
    site.asked.clear()
    collect(store, settings, now, all_now=True, options=OPTIONS, processes=0)
    assert site.paths == ["/rss.xml"]


def test_when_none_answers_the_site_says_where_its_feed_is(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    link = "<link rel=alternate type=application/rss+xml href=/ici.xml>"
    site.page("/", "Accueil", head=link)
    site.feed("/ici.xml", item(site.page("/a", "Un article")))
    starter = Starter("S", f"{site.url}/", ("presse",), (f"{site.url}/ancien.xml",))
    (source,) = visited(store, settings, starter)
    assert source.feed == f"{site.url}/ici.xml"
    assert source.last_success is not None


def test_without_any_feed_its_page_is_followed(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    teasers = "".join(
        f"<article><h2><a href='{site.page(f'/a{n}', f'Un article assez long {n}')}'>"
        f"Un article assez long {n}</a></h2><p>Publié le {n} novembre 2026</p></article>"
        for n in range(1, 6)
    )
    body = f"<html><head><title>S</title></head><body><main>{teasers}</main></body></html>"
    site.replies["/actualites"] = Reply(body.encode())
    (source,) = visited(store, settings, Starter("S", f"{site.url}/actualites", ("presse",)))
    assert (source.kind, source.status) == (SourceKind.LISTING, SourceStatus.OK)
    with store.read() as tx:
        assert tx.articles.count(source=source.id, off_field=True) == 5


def test_a_source_whose_addresses_all_fail_says_so_and_the_others_go_on(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    feed = site.feed("/feed", item(site.page("/a", "Un article")))
    well, ill = visited(
        store,
        settings,
        Starter("A", f"{site.url}/", ("presse",), (feed,)),
        Starter("B", f"{other_site.url}/", ("presse",), (f"{other_site.url}/feed",)),
    )
    assert well.status is SourceStatus.OK
    assert (ill.status, ill.errors_in_a_row) == (SourceStatus.FAILING, 1)
    assert "introuvable" in ill.last_error
