"""The demo sites, asked over real HTTP on loopback as Glaneuse and a reader ask them."""

from __future__ import annotations

import re
import socket
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
import yaml

from core.model import Access
from core.text import fold
from demo.articles import BadDemoFile, DemoArticle, load_articles, read_article
from demo.prose import citations, to_html
from demo.server import COLLECTIONS, everything_served, serve
from demo.sites import SITES, SOURCES, addresses_of_sources

TODAY = date(2026, 11, 22)
BY_SLUG = {site.slug: site for site in SITES}
WRITTEN_SITES = [site.slug for site in SITES if site.slug != "perles-du-terrain"]
FEEDS = [(site.slug, path) for site in SITES for path in site.feeds if "comments" not in path]
OFF_FIELD = 3


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        charset = re.search(rb"charset=\"?([\w-]+)", self.body[:600])
        return self.body.decode(charset[1].decode() if charset else "utf-8")


def ask(url: str, **headers: str) -> Answer:
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=asked)) as answer:
            return Answer(answer.status, answer.url, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, url, dict(error.headers), error.read())


def visible(html: str) -> str:
    """The page's words, folded, to look for sentences in."""
    without = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(fold(unescape(without)).split())


def beginning(markdown: str) -> str:
    """The first words of a text, folded, without its links."""
    plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown).replace("*", "")
    return " ".join(fold(plain).split())[:60].strip()


def url_of(article: DemoArticle, addresses: dict[str, str]) -> str:
    return addresses[article.site] + BY_SLUG[article.site].path_of(article)


@pytest.fixture(scope="module")
def articles() -> list[DemoArticle]:
    return load_articles()


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with serve(TODAY) as served:
        yield served


# The articles.


def test_there_are_sixty_articles_at_least(articles: list[DemoArticle]) -> None:
    assert len([article for article in articles if not article.same_as]) >= 60


def test_every_site_but_the_collections_has_articles() -> None:
    assert {site.slug for site in SITES} - set(WRITTEN_SITES) == {"perles-du-terrain"}


# Themes added to the vocabulary since the demo was written; their articles are to come.
NEWER = {"accompagnement-social", "discriminations-egalite"}


def test_every_theme_of_the_vocabulary_has_an_article(
    checkout: Path, articles: list[DemoArticle]
) -> None:
    written = yaml.safe_load((checkout / "taxonomy" / "themes.yaml").read_text("utf-8"))
    vocabulary = {theme["id"] for theme in written["thèmes"]}
    assert len(vocabulary) == 36
    given = {theme for article in articles for theme in article.themes}
    assert given == vocabulary - NEWER


def test_some_articles_are_off_the_field(articles: list[DemoArticle]) -> None:
    assert len([article for article in articles if not article.themes]) >= OFF_FIELD


def test_two_articles_at_least_are_on_two_sites(articles: list[DemoArticle]) -> None:
    refs = {article.ref: article for article in articles}
    pairs = [(article.site, refs[article.same_as].site) for article in articles if article.same_as]
    assert len(pairs) >= 2
    assert all(here != there for here, there in pairs)


def test_every_citation_leads_to_an_article(articles: list[DemoArticle]) -> None:
    refs = {article.ref for article in articles}
    dead = [
        (article.ref, ref)
        for article in articles
        for ref in citations(article.body)
        if ref not in refs
    ]
    assert dead == []


def test_the_press_review_cites_other_sites(articles: list[DemoArticle]) -> None:
    cited = {
        ref.partition("/")[0]
        for article in articles
        if article.site == "la-revue-du-mardi"
        for ref in citations(article.body)
    }
    assert len(cited) >= 4


def test_only_the_press_site_keeps_articles_for_its_subscribers(
    articles: list[DemoArticle],
) -> None:
    kept = {article.site for article in articles if article.access is Access.SUBSCRIBERS}
    assert kept == {"trait-social"}


def test_articles_have_addresses_of_their_own(articles: list[DemoArticle]) -> None:
    for site, group in groupby(articles, key=lambda article: article.site):
        own = list(group)
        paths = Counter(
            path for a in own for path in [BY_SLUG[site].path_of(a), *BY_SLUG[site].aliases_of(a)]
        )
        assert [path for path, times in paths.items() if times > 1] == []
        assert len({article.number for article in own}) == len(own)


def test_no_article_is_in_the_future(articles: list[DemoArticle]) -> None:
    first_hour = datetime(2026, 11, 22, 1, tzinfo=articles[0].published(TODAY).tzinfo)
    assert max(article.published(TODAY) for article in articles) < first_hour


def test_an_article_keeps_its_address_from_a_day_to_the_next() -> None:
    addresses = {site.slug: "http://127.0.0.1:1" for site in SITES}
    today = everything_served(TODAY, addresses)
    tomorrow = everything_served(date(2026, 11, 23), addresses)
    assert {site: set(pages) for site, pages in today.items()} == {
        site: set(pages) for site, pages in tomorrow.items()
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Bonjour", "front matter"),
        (b"---\ntitle: [\n---\nTexte", "not YAML"),
        (b"---\n- a\n---\nTexte", "name: value"),
        (b"---\ntitle: Un titre\n---\nTexte", "missing: access, author"),
        (b"\xff\xfe", "utf-8"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "carnet-du-lien" / "un-billet.md"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(BadDemoFile, match=reason) as caught:
        load_articles(tmp_path)
    assert str(path) in str(caught.value)


GOOD = {
    "title": "Un titre",
    "author": "Prénom Nom",
    "days_ago": "3",
    "access": "libre",
    "themes": "[logement]",
    "section": "Billets",
    "summary": "Un chapeau.",
}


def written(folder: Path, body: str = "Un texte.", **fields: str) -> Path:
    path = folder / "carnet-du-lien" / "un-billet.md"
    path.parent.mkdir(exist_ok=True)
    lines = "\n".join(f"{name}: {value}" for name, value in {**GOOD, **fields}.items())
    path.write_text(f"---\n{lines}\n---\n{body}\n", "utf-8")
    return path


def test_a_file_is_read_as_an_article(tmp_path: Path) -> None:
    article = read_article(written(tmp_path, hour="9"))
    assert (article.ref, article.title, article.hour) == ("carnet-du-lien/un-billet", "Un titre", 9)
    assert (article.access, article.themes) == (Access.FREE, ("logement",))
    assert article.published(TODAY).strftime("%Y-%m-%d %H") == "2026-11-19 09"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"days_ago": "-1"}, "days_ago"),
        ({"days_ago": "hier"}, "days_ago"),
        ({"hour": "24"}, "hour"),
        ({"access": "payant"}, "access"),
        ({"themes": "logement"}, "themes"),
        ({"title": "12"}, "title"),
        ({"sumary": "x"}, "unknown: sumary"),
        ({"same_as": "trait-social/nulle-part"}, "same_as"),
    ],
)
def test_a_bad_field_is_named(tmp_path: Path, fields: dict[str, str], reason: str) -> None:
    path = written(tmp_path, **fields)
    with pytest.raises(BadDemoFile, match=reason) as caught:
        load_articles(tmp_path)
    assert caught.value.path == path


def test_an_article_without_a_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDemoFile, match="no text"):
        read_article(written(tmp_path, body=""))


def test_a_folder_of_no_site_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "carnet-du-lien").rename(tmp_path / "site-inconnu")
    addresses = {site.slug: "http://127.0.0.1:1" for site in SITES}
    with pytest.raises(BadDemoFile, match="no demo site"):
        everything_served(TODAY, addresses, tmp_path)


def test_markup_written_in_an_article_is_only_text() -> None:
    assert "<b>" not in to_html("Un <b>mot</b>.", lambda ref: ref)


# The sites.


def test_every_site_answers(addresses: dict[str, str]) -> None:
    assert len(addresses) >= 7
    assert [ask(f"{address}/").status for address in addresses.values()] == [200] * len(addresses)


def test_every_site_has_a_port_of_its_own_on_loopback(addresses: dict[str, str]) -> None:
    parts = [urlsplit(address) for address in addresses.values()]
    assert {part.hostname for part in parts} == {"127.0.0.1"}
    assert len({part.port for part in parts}) == len(SITES)


@pytest.mark.parametrize("site", WRITTEN_SITES)
def test_every_article_is_on_its_site(
    site: str, addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    for article in articles:
        if article.site == site:
            answer = ask(url_of(article, addresses))
            words = visible(answer.text)
            assert answer.status == 200, article.ref
            assert beginning(article.title) in words
            assert beginning(article.body) in words


@pytest.mark.parametrize("site", WRITTEN_SITES)
def test_themes_are_never_served(
    site: str, addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    themes = {theme for article in articles for theme in article.themes if "-" in theme}
    page = ask(f"{addresses[site]}/").text
    slugs = {article.slug for article in articles}
    assert [theme for theme in themes - slugs if f'"{theme}"' in page] == []


@pytest.mark.parametrize("site", [site.slug for site in SITES])
def test_no_link_inside_a_site_is_dead(site: str, addresses: dict[str, str]) -> None:
    """Followed from the home page, like a robot that obeys nothing; forms apart."""
    base, seen, todo = addresses[site], set[str](), {f"{addresses[site]}/"}
    dead = []
    while todo:
        url = todo.pop()
        seen.add(url)
        answer = ask(url)
        if answer.status != 200:
            dead.append(url)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        links = re.findall(r"<a\s[^>]*?href=[\"']([^\"'#]+)", answer.text, re.IGNORECASE)
        found = {urljoin(answer.url, unescape(link)).partition("#")[0] for link in links}
        todo |= {link for link in found if link.startswith(f"{base}/")} - seen
    assert dead == []


def test_citations_lead_to_pages_of_other_sites(
    addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    pages = {
        link
        for article in articles
        if article.site == "la-revue-du-mardi"
        for link in re.findall(r'href="(http://127[^"]+)"', ask(url_of(article, addresses)).text)
        if not link.startswith(addresses["la-revue-du-mardi"])
    }
    assert len(pages) >= 10
    assert {ask(page).status for page in pages} == {200}


def test_pages_fetch_nothing_from_elsewhere(addresses: dict[str, str]) -> None:
    for address in addresses.values():
        page = ask(f"{address}/").text
        fetched = re.findall(
            r"<(?:script|img|iframe|link)\b[^>]+(?:src|href)=[\"'](http[^\"']+)", page
        )
        assert [url for url in fetched if not url.startswith(address)] == []


@pytest.mark.parametrize("site", [site.slug for site in SITES])
def test_every_site_says_what_robots_may_read(site: str, addresses: dict[str, str]) -> None:
    answer = ask(f"{addresses[site]}/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("User-agent: *\n")


def test_one_site_forbids_its_search_to_robots(addresses: dict[str, str]) -> None:
    robots = ask(f"{addresses['trait-social']}/robots.txt").text
    assert "Disallow: /recherche" in robots
    assert ask(f"{addresses['trait-social']}/recherche").status == 200


def test_an_unknown_address_is_not_found(addresses: dict[str, str]) -> None:
    answers = [ask(f"{address}/favicon.ico") for address in addresses.values()]
    assert {answer.status for answer in answers} == {404}
    assert all("<title>" in answer.text.lower() for answer in answers)


def test_tracking_parameters_lead_to_the_same_page(
    addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    blog = next(article for article in articles if article.site == "carnet-du-lien")
    union = next(article for article in articles if article.site == "syndicat-travail-social")
    for url, sign in ((url_of(blog, addresses), "?"), (url_of(union, addresses), "&")):
        assert ask(f"{url}{sign}utm_source=rss&utm_medium=rss").body == ask(url).body


@pytest.mark.parametrize("site", ["carnet-du-lien", "rhizomes-social", "observatoire-solidarites"])
def test_other_addresses_of_an_article_redirect_to_it(
    site: str, addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    article = next(article for article in articles if article.site == site)
    for alias in BY_SLUG[site].aliases_of(article):
        answer = ask(addresses[site] + alias)
        assert (answer.status, answer.url) == (200, url_of(article, addresses))
        assert f'<link rel="canonical" href="{answer.url}"' in answer.text


def test_the_subscribers_part_is_not_served(
    addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    article = next(one for one in articles if one.access is Access.SUBSCRIBERS)
    page = ask(url_of(article, addresses)).text
    first, *rest = [part for part in article.body.split("\n\n") if not part.startswith(("#", "-"))]
    assert beginning(first) in visible(page)
    assert beginning(rest[-1]) not in visible(page)
    assert '"isAccessibleForFree": false' in page
    assert "réservée aux abonnés" in page


def test_the_hand_made_site_is_in_an_old_encoding_that_only_the_page_declares(
    addresses: dict[str, str],
) -> None:
    answer = ask(f"{addresses['association-des-deux-rives']}/actualites.htm")
    assert answer.headers["Content-Type"] == "text/html"
    assert b"charset=windows-1252" in answer.body
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")
    assert "salarié·es" in ask(f"{addresses['association-des-deux-rives']}/").text


def test_dates_are_written_as_each_site_writes_them(
    addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    patterns = {
        "syndicat-travail-social": r"Publié le \d+(er)? [a-zéû]+ 20\d\d",
        "rhizomes-social": r"(lun|mar|mercre|jeu|vendre|same|)di(manche)? \d+(er)? [a-zéû]+ 20\d\d",
        "observatoire-solidarites": r"\d\d/\d\d/20\d\d",
        "association-des-deux-rives": r"Mis en ligne le \d+(er)? [a-zéû]+ 20\d\d",
    }
    for site, pattern in patterns.items():
        article = next(article for article in articles if article.site == site)
        page = ask(url_of(article, addresses)).text
        assert re.search(pattern, page), site
        assert "<time" not in page


def test_the_union_spreads_its_news_over_pages(addresses: dict[str, str]) -> None:
    first = ask(f"{addresses['syndicat-travail-social']}/actualites").text
    second = ask(f"{addresses['syndicat-travail-social']}/actualites?page=2").text
    listed = [
        set(re.findall(r'class="t" href="(/article[^"]+)"', page)) for page in (first, second)
    ]
    assert 'href="/actualites?page=2"' in first
    assert listed[0]
    assert listed[1]
    assert not listed[0] & listed[1]


# The feeds.


@pytest.mark.parametrize(("site", "path"), FEEDS)
def test_a_feed_announces_the_articles_of_its_site(
    site: str, path: str, addresses: dict[str, str], articles: list[DemoArticle]
) -> None:
    answer = ask(addresses[site] + path)
    feed = feedparser.parse(answer.body)
    own = [article for article in articles if article.site == site]
    assert not feed.bozo, feed.get("bozo_exception")
    assert len(feed.entries) == min(len(own), 20)
    assert answer.headers["Content-Type"].startswith(BY_SLUG[site].feed_type)
    assert all(
        entry.get("published_parsed") or entry.get("updated_parsed") for entry in feed.entries
    )
    assert {ask(entry.link).status for entry in feed.entries} == {200}


@pytest.mark.parametrize(("site", "path"), FEEDS)
def test_the_home_page_gives_the_feed(site: str, path: str, addresses: dict[str, str]) -> None:
    page = ask(f"{addresses[site]}/")
    links = re.findall(r'<link rel="alternate"[^>]+href="([^"]+)"', page.text)
    assert urljoin(page.url, links[0]) == addresses[site] + path


def test_a_blog_gives_the_feed_of_its_comments_too(addresses: dict[str, str]) -> None:
    page = ask(f"{addresses['carnet-du-lien']}/").text
    feed = feedparser.parse(ask(f"{addresses['carnet-du-lien']}/comments/feed/").body)
    assert f"{addresses['carnet-du-lien']}/comments/feed/" in page
    assert not feed.bozo
    assert feed.entries


@pytest.mark.parametrize("site", ["syndicat-travail-social", "association-des-deux-rives"])
def test_some_sites_have_no_feed(site: str, addresses: dict[str, str]) -> None:
    assert "alternate" not in ask(f"{addresses[site]}/").text
    assert {ask(addresses[site] + path).status for path in ("/feed/", "/rss.xml", "/feed")} == {404}


@pytest.mark.parametrize(("site", "path"), FEEDS)
def test_an_unchanged_feed_is_not_sent_again(
    site: str, path: str, addresses: dict[str, str]
) -> None:
    url = addresses[site] + path
    first = ask(url)
    by_etag = ask(url, If_None_Match=first.headers["ETag"])
    by_date = ask(url, If_Modified_Since=first.headers["Last-Modified"])
    assert [(by_etag.status, by_etag.body), (by_date.status, by_date.body)] == [(304, b"")] * 2
    assert ask(url, If_None_Match='"autre"').status == 200


def test_the_feeds_of_press_and_institution_give_excerpts_only(addresses: dict[str, str]) -> None:
    full = feedparser.parse(ask(f"{addresses['carnet-du-lien']}/feed/").body)
    short = feedparser.parse(ask(f"{addresses['trait-social']}/flux/actualites.atom").body)
    assert all("content" in entry for entry in full.entries)
    assert not any("content" in entry for entry in short.entries)


# The collections.


def test_the_collections_hold_articles_that_exist(articles: list[DemoArticle]) -> None:
    refs = {article.ref for article in articles}
    collections = yaml.safe_load(COLLECTIONS.read_text("utf-8"))["collections"]
    pearls = [pearl["article"] for one in collections for pearl in one["pearls"]]
    assert len(pearls) >= 12
    assert set(pearls) <= refs
    assert len({pearl.partition("/")[0] for pearl in pearls}) >= 5


def test_a_collection_links_to_articles_of_other_sites(addresses: dict[str, str]) -> None:
    source = next(source for source in SOURCES if source.site == "perles-du-terrain")
    page = ask(addresses["perles-du-terrain"] + source.path).text
    links = re.findall(r'<h2><a href="(http[^"]+)"', page)
    assert len(links) >= 8
    assert {ask(link).status for link in links} == {200}


# Serving.


def test_sources_are_pages_of_the_sites(addresses: dict[str, str]) -> None:
    sources = addresses_of_sources(addresses)
    assert {ask(address).status for _, address in sources} == {200}
    assert {urlsplit(address).port for _, address in sources} == {
        urlsplit(address).port for address in addresses.values()
    }


def test_ports_are_the_same_at_the_next_run(tmp_path: Path) -> None:
    with serve(TODAY, tmp_path) as first:
        assert ask(f"{first['trait-social']}/").status == 200
    with serve(TODAY, tmp_path) as second:
        assert ask(f"{second['trait-social']}/").status == 200
    assert first == second


def test_a_port_taken_meanwhile_is_replaced(tmp_path: Path) -> None:
    with serve(TODAY, tmp_path) as first:
        pass
    taken = urlsplit(first["trait-social"]).port
    with socket.create_server(("127.0.0.1", taken or 0)), serve(TODAY, tmp_path) as second:
        assert ask(f"{second['trait-social']}/").status == 200
    changed = {slug for slug in first if first[slug] != second[slug]}
    assert changed == {"trait-social"}


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", '{"trait-social": "x"}', '{"trait-social": null}']
)
def test_an_unreadable_file_of_ports_does_no_harm(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content, "utf-8")
    with serve(TODAY, tmp_path) as served:
        assert len(served) == len(SITES)


def test_stopped_sites_answer_no_more() -> None:
    with serve(TODAY) as served:
        pass
    with pytest.raises(urllib.error.URLError):
        ask(f"{served['trait-social']}/")
