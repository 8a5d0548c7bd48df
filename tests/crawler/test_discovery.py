"""From the address that a person gives to what is to be followed there."""

from __future__ import annotations

import pytest

from core.clock import Clock, now
from core.errors import AddressRefused, BadSource, Conflict, FetchFailed
from core.model import SourceKind
from core.settings import Settings
from crawler.discovery import Found, add_source, check_sources, discover
from crawler.fetching import Fetcher
from store import Store
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import RSS, LocalSite, Reply, item, rss

TITLES = (
    "Une nuit avec la maraude du centre-ville",
    "Le café des parents ouvre aussi le samedi",
    "Trois familles dans leur logement à elles",
)


def find(fetcher: Fetcher, url: str, **more: object) -> Found:
    return discover(url, fetcher.fetch, now(), **more)  # type: ignore[arg-type]


def home(*links: str, title: str = "Accueil - Le carnet", inside: str = "") -> Reply:
    head = f"<title>{title}</title>{''.join(links)}"
    return Reply(f"<html><head>{head}</head><body>{inside}</body></html>".encode())


def alternate(href: str, title: str = "", kind: str = RSS) -> str:
    return f"<link rel='alternate' type='{kind}' title='{title}' href='{href}'>"


def teasers(*links: str) -> str:
    return "".join(
        f"<article><h2><a href='{link}'>{title}</a></h2></article>"
        for link, title in zip(links, TITLES, strict=False)
    )


def test_the_address_of_a_feed_is_taken_as_it_is(fetcher: Fetcher, site: LocalSite) -> None:
    url = site.feed("/fil.xml", item("/a", "A"), title="Le carnet » Flux")
    assert find(fetcher, url) == Found(SourceKind.FEED, url, "Le carnet", f"{site.url}/")


def test_the_feed_that_a_page_names_is_found(fetcher: Fetcher, site: LocalSite) -> None:
    url = site.feed("/fil/du/site", item("/a", "A"))
    site.replies["/"] = home(alternate("fil/du/site"))
    found = find(fetcher, site.url)
    assert (found.kind, found.feed, found.site) == (SourceKind.FEED, url, f"{site.url}/")


@pytest.mark.parametrize(
    ("title", "href"),
    [("Le carnet » Flux des commentaires", "/c/feed/"), ("Fil 2", "/comments/feed/"),
     ("Comments Feed", "/c/feed/")],
)  # fmt: skip
def test_the_comments_feed_is_not_the_feed(
    fetcher: Fetcher, site: LocalSite, title: str, href: str
) -> None:
    site.feed(href, item("/a", "Merci"))
    url = site.feed("/feed/", item("/a", "A"))
    site.replies["/"] = home(alternate(href, title), alternate("/feed/", "Le carnet » Flux"))
    assert find(fetcher, site.url).feed == url


def test_a_feed_whose_own_title_says_comments_is_not_the_feed(
    fetcher: Fetcher, site: LocalSite
) -> None:
    site.feed("/1", item("/a", "Merci"), title="Commentaires sur : Le carnet")
    url = site.feed("/2", item("/a", "A"))
    site.replies["/"] = home(alternate("/1"), alternate("/2"))
    assert find(fetcher, site.url).feed == url


def test_a_feed_that_asks_how_is_not_taken_for_comments(fetcher: Fetcher, site: LocalSite) -> None:
    url = site.feed("/comment-faire/feed", item("/a", "A"), title="Comment dire, comment faire")
    site.replies["/"] = home(alternate("/comment-faire/feed", "Comment dire, comment faire"))
    assert find(fetcher, site.url).feed == url


def test_a_named_feed_that_is_a_page_or_dead_is_passed_over(
    fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/1"] = home()
    url = site.feed("/3", item("/a", "A"))
    site.replies["/"] = home(*(alternate(f"/{n}") for n in (1, 2, 3)))
    assert find(fetcher, site.url).feed == url


def test_a_feed_with_entries_is_preferred_to_an_empty_one(
    fetcher: Fetcher, site: LocalSite
) -> None:
    site.feed("/vide")
    url = site.feed("/plein", item("/a", "A"))
    site.replies["/"] = home(alternate("/vide"), alternate("/plein"))
    assert find(fetcher, site.url).feed == url


@pytest.mark.parametrize(
    "path",
    ["/feed/", "/rss.xml", "/spip.php?page=backend", "/atom.xml", "/index.xml", "/?feed=rss2"],
)
def test_the_usual_addresses_are_tried(fetcher: Fetcher, site: LocalSite, path: str) -> None:
    url = site.feed(path, item("/a", "A"))
    site.replies["/"] = home(inside=teasers("/a", "/b", "/c"))
    assert find(fetcher, site.url).feed == url


def test_the_publishing_system_says_where_to_look_first(fetcher: Fetcher, site: LocalSite) -> None:
    site.feed("/spip.php?page=backend", item("/a", "A"))
    site.replies["/"] = home("<meta name=generator content='SPIP 4.2'>")
    find(fetcher, site.url)
    assert site.paths == ["/", "/spip.php?page=backend"]


def test_a_link_that_looks_like_a_feed_is_followed(fetcher: Fetcher, site: LocalSite) -> None:
    url = site.feed("/export?id=7", item("/a", "A"))
    site.replies["/"] = home(inside="<a href='/export?id=7'>S’abonner au flux RSS</a>")
    assert find(fetcher, site.url).feed == url


def test_a_json_feed_is_found(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/fil"] = Reply(b'{"title":"T","items":[{"url":"/a"}]}', "application/feed+json")
    site.replies["/"] = home(alternate("/fil", kind="application/feed+json"))
    assert find(fetcher, site.url).feed == f"{site.url}/fil"


def test_a_page_without_feed_is_a_listing(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/actualites"] = home(title="Les Deux Rives", inside=teasers("/a", "/b", "/c"))
    url = f"{site.url}/actualites"
    assert find(fetcher, url) == Found(SourceKind.LISTING, url, "Les Deux Rives", url)


def test_a_page_of_links_elsewhere_is_a_collection(fetcher: Fetcher, site: LocalSite) -> None:
    elsewhere = teasers(*(f"https://{n}.example/{n}" for n in "abc"))
    site.replies["/perles"] = home(title="Perles", inside=elsewhere)
    assert find(fetcher, f"{site.url}/perles").kind is SourceKind.COLLECTION


def test_the_kind_asked_for_spares_the_search(fetcher: Fetcher, site: LocalSite) -> None:
    site.feed("/feed/", item("/a", "A"))
    site.replies["/"] = home(alternate("/feed/"), inside=teasers("/a", "/b", "/c"))
    assert find(fetcher, site.url, kind=SourceKind.LISTING).kind is SourceKind.LISTING
    assert site.paths == ["/"]


def test_the_feed_asked_for_is_checked(fetcher: Fetcher, site: LocalSite) -> None:
    url = site.feed("/fil", item("/a", "A"))
    site.replies["/"] = home()
    assert find(fetcher, f"{site.url}/", feed="/fil").feed == url
    with pytest.raises(BadSource, match="flux"):
        find(fetcher, f"{site.url}/", feed="/")


@pytest.mark.parametrize(
    "reply",
    [home(), Reply(), Reply(b"%PDF-1.4 rien", "application/pdf"), Reply(b"\x89PNG", "image/png")],
)
def test_an_address_with_nothing_to_follow_is_refused(
    fetcher: Fetcher, site: LocalSite, reply: Reply
) -> None:
    site.replies["/x"] = reply
    with pytest.raises(BadSource, match=r"ni .*, ni "):
        find(fetcher, f"{site.url}/x")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [(Reply(status=404), "404"), (Reply(status=500), "500"), (Reply.to("/x"), "redirections")],
)
def test_an_address_that_cannot_be_had_is_told(
    fetcher: Fetcher, site: LocalSite, reply: Reply, reason: str
) -> None:
    site.replies["/x"] = reply
    with pytest.raises(FetchFailed, match=reason):
        find(fetcher, f"{site.url}/x")


@pytest.mark.parametrize("url", ["ftp://site.test/", "http://interne.test/", "file:///etc/passwd"])
def test_an_address_that_is_not_to_be_fetched_is_refused(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(AddressRefused):
        find(fetcher, url)


def test_an_address_typed_without_its_scheme_is_found(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/"] = home(inside=teasers("/a", "/b", "/c"))
    assert find(fetcher, site.url.removeprefix("http://")).site == f"{site.url}/"


def test_robots_txt_is_obeyed_by_the_search(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n", "text/plain")
    with pytest.raises(FetchFailed, match=r"robots\.txt"):
        find(fetcher, site.url)
    assert site.asked == []


def test_a_source_is_added_once_and_can_be_checked(
    store: Store, settings: Settings, clock: Clock, site: LocalSite
) -> None:
    site.feed("/feed/", item("/a", "A"), item("/b", "B"))
    site.replies["/"] = home(alternate("/feed/"))

    def add() -> str:
        return add_source(
            store, site.url, settings=settings, clock=clock, name="Le carnet", options=OPTIONS
        ).slug

    assert add() == "le-carnet"
    with pytest.raises(Conflict, match="le-carnet"):
        add()
    site.replies["/feed/"] = Reply(rss(item("/a", "A")).encode(), RSS)
    (check,) = check_sources(store, settings=settings, clock=clock, options=OPTIONS)
    assert (check.source.slug, check.announced, check.problem) == ("le-carnet", 1, "")
