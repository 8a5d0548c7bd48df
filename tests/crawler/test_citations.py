"""Press reviews of several hands: what they cite, in whose words; and what then comes of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.clock import Clock, now
from core.model import Access, Article, ArticleId, Citation, Extracted, SourceKind
from core.settings import Settings
from crawler.citing import ATTEMPTS, PATIENCE, Citing
from crawler.extract import extract
from crawler.fetching import Fetcher
from crawler.reading import read_waiting
from crawler.stages import collect
from store import Store
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import LocalSite, Reply, article, item

REVIEWS = Path(__file__).parent / "reviews"
TODAY = date(2026, 11, 25)


def citations(page: str, url: str = "https://carnet.example/billets/un-billet") -> list[Citation]:
    read = extract(page.encode(), url=url, content_type="text/html; charset=utf-8", today=TODAY)
    return list(read.citations) if isinstance(read, Extracted) else []


# -- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(one.stem for one in REVIEWS.glob("*.html")))
def test_every_cited_article_is_found_with_the_words_that_cite_it(name: str) -> None:
    expected = json.loads((REVIEWS / f"{name}.json").read_text())
    url = f"https://carnet.example/{name}" if name != "lettre" else "https://lettre.example/212"
    found = citations((REVIEWS / f"{name}.html").read_text(), url)
    assert [one.url for one in found] == [url for url, _, _ in expected]
    for one, (_, words, heading) in zip(found, expected, strict=True):
        assert words in one.words
        assert one.heading == heading
        assert one.title


def page(*paragraphs: str, title: str = "Une journée au foyer") -> str:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"


PROSE = (
    "Ce matin-là, l’équipe attendait une famille qui venait de loin, et personne ne savait dire "
    "combien de temps elle resterait. On a préparé trois lits, puis un quatrième. "
) * 3


def test_an_article_with_links_in_passing_is_no_press_review() -> None:
    passing = (
        f"{PROSE} Le <a href='https://droit.example/loi/2002'>projet de loi</a> n’en dit rien, "
        f"ni <a href='https://stats.example/etude/1'>les chiffres connus</a>. {PROSE}"
    )
    assert citations(page(PROSE, passing, PROSE)) == []


def test_references_at_the_end_of_an_article_make_no_press_review() -> None:
    references = "".join(
        f"<li><a href='https://revue{n}.example/a/{n}'>L’aller-vers en pratique, tome {n}</a></li>"
        for n in range(8)
    )
    assert (
        citations(page(PROSE, PROSE, f"</p><h2>Bibliographie</h2><ul>{references}</ul><p>")) == []
    )


def test_links_to_its_own_site_to_homes_and_to_networks_are_no_citations() -> None:
    links = (
        "<a href='/un-autre-billet'>Un autre billet de ce carnet</a>",
        "<a href='https://www.journal.example/'>Le Journal</a>",
        "<a href='https://x.com/journal/status/1'>Le fil du journal sur un réseau</a>",
        "<a href='https://images.example/photo.jpg'>Une image de la manifestation</a>",
        "<a href='https://journal.example/a/1'>Des éducatrices en grève à l’hôpital</a>",
    )
    found = citations(page(*links, PROSE, title="Revue de presse du mardi"))
    assert [one.url for one in found] == ["https://journal.example/a/1"]


def test_addresses_written_out_are_read_too() -> None:
    found = citations(
        page(
            f"La grève s’étend dans les foyers. https://journal.example/a/1. {PROSE}",
            "Un rapport : (https://rapports.example/foyers.pdf)",
            title="Revue de presse du mardi",
        )
    )
    assert [one.url for one in found] == [
        "https://journal.example/a/1",
        "https://rapports.example/foyers.pdf",
    ]
    assert "La grève s’étend" in found[0].words


def test_links_through_a_search_engine_lead_where_they_lead() -> None:
    link = "https://www.google.com/url?q=https%3A%2F%2Fjournal.example%2Fa%2F1&sa=D"
    found = citations(page(f"<a href='{link}'>Grève</a>", PROSE, title="Revue de presse"))
    assert [one.url for one in found] == ["https://journal.example/a/1"]


def test_words_are_bounded_and_citations_too() -> None:
    items = "".join(
        f"<li><a href='https://j{n}.example/a'>Un titre assez long {n}</a> {PROSE * 5}</li>"
        for n in range(250)
    )
    found = citations(page(f"</p><ul>{items}</ul><p>", title="Revue de presse"))
    assert len(found) == 200
    assert max(len(one.words) for one in found) <= 600


# -- fetching -------------------------------------------------------------------------------------


def review(store: Store, site: LocalSite, *links: str, path: str = "/revue") -> None:
    """A source whose one article is a press review that cites these."""
    items = "".join(f"<li><a href='{one}'>{_title(one)}</a>, à lire vite.</li>" for one in links)
    text = f"{PROSE}</p><ul>{items}</ul><p>{PROSE}"
    link = site.page(path, "Revue de presse de la semaine", text)
    feed = site.feed("/feed", item(link, "Revue de presse de la semaine"))
    with store.begin() as tx:
        tx.sources.add(name="Le carnet", url=site.url, feed=feed, kind=SourceKind.FEED, now=now())


def _title(url: str) -> str:
    return f"Le reportage qui parle de {url.rpartition('/')[2]}"


def gather(store: Store, settings: Settings, clock: Clock = now) -> None:
    collect(store, settings, clock, all_now=True, options=OPTIONS, processes=0)


def articles(store: Store) -> dict[str, Article]:
    with store.read() as tx:
        return {one.title: one for one in tx.articles.recent(off_field=True)}


def test_cited_articles_are_fetched_and_say_who_cites_them(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    review(store, site, other_site.page("/a", "Une grève"), other_site.page("/b", "Un rapport"))
    gather(store, settings)
    held = articles(store)
    assert held.keys() == {"Revue de presse de la semaine", "Une grève", "Un rapport"}
    with store.read() as tx:
        cited = tx.citations.of(held["Revue de presse de la semaine"].id)
        citing = tx.citations.citing(held["Une grève"].id)
        counts = tx.citations.counts([held["Une grève"].id])
        listed = tx.sources.all()
    assert [one.article_id for one in cited] == [held["Une grève"].id, held["Un rapport"].id]
    assert [one.title for one in citing] == ["Revue de presse de la semaine"]
    assert "à lire vite" in citing[0].citation.words
    assert counts == {held["Une grève"].id: 1}
    assert held["Une grève"].source.kind is SourceKind.MET
    assert [one.name for one in listed] == ["Le carnet"]


def test_a_second_collect_asks_for_nothing_again(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    review(store, site, other_site.page("/a", "Une grève"))
    gather(store, settings)
    other_site.asked.clear()
    gather(store, settings)
    assert other_site.paths == []


def test_an_article_of_a_source_of_ours_stays_its_own(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    link = other_site.page("/a", "Une grève")
    with store.begin() as tx:
        feed = other_site.feed("/feed", item(link, "Une grève"))
        tx.sources.add(
            name="Le journal", url=other_site.url, feed=feed, kind=SourceKind.FEED, now=now()
        )
    review(store, site, link)
    gather(store, settings)
    assert articles(store)["Une grève"].source.name == "Le journal"


def test_a_cited_article_that_refuses_robots_is_kept_as_not_read(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    other_site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /", "text/plain")
    review(store, site, f"{other_site.url}/greve")
    gather(store, settings)
    kept = articles(store)[_title("greve")]
    assert (kept.access, kept.text) == (Access.UNREAD, "")
    assert kept.url == f"{other_site.url}/greve"


def test_a_dead_link_gives_no_article(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    review(store, site, f"{other_site.url}/disparu")
    gather(store, settings)
    assert articles(store).keys() == {"Revue de presse de la semaine"}


def test_a_cited_page_too_large_to_be_read_is_kept_as_not_read(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    other_site.replies["/rapport"] = Reply(endless=OPTIONS.max_body * 3)
    review(store, site, f"{other_site.url}/rapport")
    gather(store, settings)
    kept = articles(store)[_title("rapport")]
    assert (kept.access, kept.text) == (Access.UNREAD, "")


def test_a_cited_site_that_is_down_is_asked_again_later_then_kept_as_not_read(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite, fetcher: Fetcher
) -> None:
    other_site.replies["/greve"] = Reply(article("Panne").encode(), status=500)
    review(store, site, f"{other_site.url}/greve")
    gather(store, settings)
    assert len(articles(store)) == 1
    later = now()
    for attempt in range(1, ATTEMPTS):
        Citing(store, fetcher, lambda: later).run()  # noqa: B023  called at once: too early
        assert other_site.paths.count("/greve") == attempt
        later += PATIENCE * 2**attempt
        Citing(store, fetcher, lambda: later).run()  # noqa: B023
    read_waiting(store, now, processes=0)
    assert other_site.paths.count("/greve") == ATTEMPTS
    assert articles(store)[_title("greve")].access is Access.UNREAD


def test_what_a_cited_press_review_cites_is_not_followed(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    further = f"{site.url}/plus-loin"
    text = f"{PROSE}</p><ul><li><a href='{further}'>Un titre de plus loin</a></li></ul><p>{PROSE}"
    review(store, site, other_site.page("/a", "Une autre revue de presse", text))
    gather(store, settings)
    gather(store, settings)
    assert "/plus-loin" not in site.paths
    with store.read() as tx:
        held = articles(store)["Une autre revue de presse"]
        assert [one.citation.url for one in tx.citations.of(held.id)] == [further]


def test_only_so_many_are_asked_for_at_once(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite, fetcher: Fetcher
) -> None:
    review(store, site, *(other_site.page(f"/{n}", f"Article {n}") for n in range(5)))
    gather(store, settings)
    with store.begin() as tx:
        tx.citations.replace(_review_id(store), _cited(other_site, 10, 17))
    Citing(store, fetcher, now).run(limit=3)
    assert len(other_site.paths) == 8
    with store.read() as tx:
        assert tx.citations.count_sought() == 4


def _review_id(store: Store) -> ArticleId:
    return articles(store)["Revue de presse de la semaine"].id


def _cited(site: LocalSite, start: int, end: int) -> Sequence[Citation]:
    return [Citation(site.page(f"/{n}", f"Article {n}")) for n in range(start, end)]


def test_without_a_date_it_appeared_when_it_was_cited(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    other_site.replies["/greve"] = Reply(b"non", status=403)
    review(store, site, f"{other_site.url}/greve")
    clock = now()
    gather(store, settings, lambda: clock)
    held = articles(store)
    assert held[_title("greve")].published is None
    with store.read() as tx:
        (found,) = tx.articles.recent(until=clock + timedelta(seconds=1), limit=1, off_field=True)
    assert found.id in {one.id for one in held.values()}


def test_a_site_that_becomes_a_source_keeps_its_cited_articles(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    review(store, site, other_site.page("/a", "Une grève"))
    gather(store, settings)
    with store.begin() as tx:
        source = tx.sources.add(
            name="Le journal",
            url=f"{other_site.url}/",
            feed=f"{other_site.url}/feed",
            kind=SourceKind.FEED,
            now=now(),
        )
    assert articles(store)["Une grève"].source == source


def test_sites_that_are_cited_often_are_told(
    store: Store, settings: Settings, site: LocalSite, other_site: LocalSite
) -> None:
    review(store, site, *(other_site.page(f"/{n}", f"Article {n}") for n in range(3)))
    gather(store, settings)
    with store.read() as tx:
        (met,) = tx.citations.met(fewest=3, limit=10)
        assert (met.host, met.citations, met.sources) == ("127.0.0.1", 3, 1)
        assert tx.citations.met(fewest=4, limit=10) == []
