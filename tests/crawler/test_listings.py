"""Listing pages: the articles, and nothing of the menus around them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from core.weeks import paris_date
from crawler.listings import Listing, read_collection, read_listing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://site.example/actualites"
AROUND = """<header><a href="/">Association du quartier</a></header>
<nav class="menu"><ul><li><a href="/qui-sommes-nous">Qui sommes-nous et que faisons-nous ?</a></li>
<li><a href="/equipe">Notre équipe et nos bénévoles</a></li></ul></nav>
<aside class="sidebar"><a href="/don">Faire un don à notre association</a>
<a href="/tag/enfance">Protection de l’enfance en danger</a></aside>"""
FOOT = """<footer><a href="/mentions-legales">Mentions légales et confidentialité du site</a>
<a href="https://www.facebook.com/asso">Suivez notre association sur Facebook</a></footer>"""
TITLES = (
    "Une nuit avec la maraude du centre-ville",
    "Le café des parents ouvre aussi le samedi",
    "Trois familles dans leur logement à elles",
)


def page(inside: str, head: str = "") -> bytes:
    body = f"{AROUND}<div id=c>{inside}</div>{FOOT}"
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def listing(inside: str, url: str = URL, head: str = "") -> Listing:
    return read_listing(page(inside, head), url=url, now=NOW)


def titles(found: Listing) -> list[str]:
    return [one.title for one in found.announcements]


TEASERS = {
    "heading": "<article><h2><a href='/a{n}'>{t}</a></h2><p class=date>Le 2{n} octobre 2026</p>"
    "<p>Un chapô.</p><a href='/a{n}' class=more>Lire la suite</a></article>",
    "only read more": "<div class=t><h3>{t}</h3><p>Publié le 2{n} octobre 2026</p><p>Un chapô.</p>"
    "<a href='/a{n}'>Lire la suite</a></div>",
    "whole card": "<a href='/a{n}' class=card><h3>{t}</h3><p>Un chapô assez long pour un résumé."
    "</p><time datetime='2026-10-2{n}T08:00:00+02:00'>2{n}/10/2026</time></a>",
    "table": "<table><tr><td>2{n}/10/2026</td><td><a href='a{n}.htm'><b>{t}</b></a></td></tr>"
    "</table>",
    "author": "<li><h3><a href='/a{n}'>{t}</a></h3><p>2{n} octobre 2026 par <a class=author "
    "href='/ada'>Ada Martin</a></p></li>",
    "image first": "<div class=t><a href='/a{n}'><img src=x></a><h4><a href='/a{n}'>{t}</a></h4>"
    "<span>2{n} oct. 2026</span></div>",
    "section": "<div class=t><a class=category href='/vie-locale'>La vie de notre quartier</a>"
    "<h2><a href='/a{n}?utm_source=liste'>{t}</a></h2><em>2{n} octobre 2026</em></div>",
}


@pytest.mark.parametrize("name", TEASERS)
def test_teasers_of_many_makes_give_titles_and_dates(name: str) -> None:
    found = listing("".join(TEASERS[name].format(n=n, t=t) for n, t in enumerate(TITLES)))
    assert titles(found) == list(TITLES)
    days = [paris_date(one.published) for one in found.announcements if one.published]
    assert days == [date(2026, 10, 20), date(2026, 10, 21), date(2026, 10, 22)]
    assert all("/a" in one.url and "utm" not in one.url for one in found.announcements)


def test_a_bare_list_of_links_is_a_listing() -> None:
    found = listing(
        "<ul>" + "".join(f"<li><a href='/{t[:9]}'>{t}</a></li>" for t in TITLES) + "</ul>"
    )
    assert titles(found) == list(TITLES)


def test_a_first_teaser_set_larger_is_of_the_list() -> None:
    first = f"<section class=une><h1><a href='/blog/a'>{TITLES[0]}</a></h1></section>"
    rest = "".join(
        f"<li><h3><a href='/blog/{n}'>{t}</a></h3></li>" for n, t in enumerate(TITLES[1:])
    )
    assert titles(listing(f"{first}<ul>{rest}</ul>")) == list(TITLES)


def test_a_teaser_with_one_class_more_is_of_the_list() -> None:
    kinds = ("t", "t t--abonnes", "t")
    teasers = (
        f"<div class='{k}'><h2><a href='/{k[-3:]}{n}/{n}'>{t}</a></h2></div>"
        for n, (k, t) in enumerate(zip(kinds, TITLES, strict=True))
    )
    assert titles(listing("".join(teasers))) == list(TITLES)


@pytest.mark.parametrize(
    "href",
    ["/photo.jpg", "https://ailleurs.example/a", "/tag/enfance", "/author/ada", "/page/3",
     "mailto:a@b.example", "#haut", "/actualites", "/", "/connexion", "/a?replytocom=3"],
)  # fmt: skip
def test_what_is_no_article_of_the_site_is_left_out(href: str) -> None:
    links = [("/a1", TITLES[0]), ("/a2", TITLES[1]), (href, "Un titre aussi long que les autres")]
    teasers = (f"<article><h2><a href='{h}'>{t}</a></h2></article>" for h, t in links)
    assert titles(listing("".join(teasers))) == list(TITLES[:2])


def test_reports_listed_as_articles_are_are_articles() -> None:
    links = [("/a1", TITLES[0]), ("/docs/maraude.PDF", TITLES[1]), ("/docs/b.pdf?v=2", TITLES[2])]
    teasers = (
        f"<article><h2><a href='{h}'>{t}</a></h2><p>2{n} octobre 2026</p></article>"
        for n, (h, t) in enumerate(links)
    )
    found = listing("".join(teasers)).announcements
    assert [urlsplit(one.url).path for one in found] == ["/a1", "/docs/maraude.PDF", "/docs/b.pdf"]
    assert all(one.published for one in found)


def test_reports_to_download_take_the_heading_above_them_as_title() -> None:
    teasers = (
        f"<div class=t><h3>{t}</h3><p>2{n} octobre 2026</p>"
        f"<a href='/wp-content/uploads/2026/10/r{n}.pdf'>Télécharger (PDF, 2 Mo)</a></div>"
        for n, t in enumerate(TITLES)
    )
    assert titles(listing("".join(teasers))) == list(TITLES)


@pytest.mark.parametrize(
    "more",
    [
        "<p><a href='/docs/{n}.pdf'>Télécharger le PDF de cet article</a></p>",
        "<p>Voir aussi <a href='/docs/{n}.pdf'>le règlement intérieur de la structure</a></p>",
    ],
)
def test_a_report_beside_an_article_is_not_another(more: str) -> None:
    teasers = (
        f"<article><h2><a href='/a{n}'>{t}</a></h2><p>2{n} octobre 2026</p>{more}</article>"
        for n, t in enumerate(TITLES)
    )
    found = listing("".join(one.replace("{n}", str(n)) for n, one in enumerate(teasers)))
    assert [urlsplit(one.url).path for one in found.announcements] == ["/a0", "/a1", "/a2"]


def test_a_wrapper_called_after_its_margin_is_no_margin() -> None:
    teasers = "".join(
        f"<h2><a href='/a{n}'>{t}</a></h2><p>{t} {t}</p>" for n, t in enumerate(TITLES)
    )
    found = listing(f"<div class='content with-sidebar' id='menu-open'>{teasers * 3}</div>")
    assert titles(found) == list(TITLES)


def test_a_page_of_sections_only_lists_nothing() -> None:
    found = listing("".join(f"<a href='/{n}'>{n}</a>" for n in ("Enfance", "Logement", "Santé")))
    assert found.announcements == ()


@pytest.mark.parametrize(
    ("inside", "url", "expected"),
    [
        ("<a href='?page=2'>Suivant &gt;</a>", URL, "?page=2"),
        ("<a href='/actualites?page=2'>Page suivante</a>", URL, "?page=2"),
        ("<a href='/actualites?page=3' rel=next>→</a>", URL + "?page=2", "?page=3"),
        ("<b>1</b> <a href='?page=2'>2</a> <a href='?page=3'>3</a>", URL, "?page=2"),
        ("<a href='?debut_articles=10#pagination'>page suivante</a>", URL, "?debut_articles=10"),
        ("<a href='/actualites/page/2/'>← Articles plus anciens</a>", URL, "/page/2/"),
        ("<a href='/a/suivant'>Suivant</a>", URL, None),
        ("<a href='https://ailleurs.example/?page=2'>Suivant</a>", URL, None),
        ("<a href='?page=1'>1</a> <b>2</b>", URL + "?page=2", None),
    ],
)
def test_the_next_page_is_found(inside: str, url: str, expected: str | None) -> None:
    assert listing(inside, url).next_page == ("" if expected is None else URL + expected)


def test_the_next_page_named_in_the_head_is_found() -> None:
    assert (
        listing("", head="<link rel=next href='/actualites?page=2'>").next_page == URL + "?page=2"
    )


def test_relative_links_follow_the_base_element() -> None:
    inside = "".join(f"<h2><a href='a{n}'>{t}</a></h2>" for n, t in enumerate(TITLES))
    found = listing(inside, head="<base href='https://site.example/blog/'>")
    assert found.announcements[0].url == "https://site.example/blog/a0"


def collection() -> Listing:
    pearls = "".join(
        f"<li class=pearl><h2><a href='https://{n}.example/p/{n}'>{t}</a></h2><p>Un mot.</p></li>"
        for n, t in enumerate(TITLES)
    )
    child = "<li class='pearl folder'><h2><a href='/ada/autre/id7'>Lire en formation</a></h2></li>"
    share = "<a href='https://twitter.com/share?u=x'>Partager cette collection sur Twitter</a>"
    body = page(f"<ul>{child}{pearls}</ul>{share}")
    return read_collection(body, url="https://perles.example/ada/une/id3", now=NOW)


def test_a_collection_gives_the_pages_of_other_sites() -> None:
    assert titles(collection()) == list(TITLES)


def test_a_collection_names_its_sub_collections() -> None:
    assert collection().children == ("https://perles.example/ada/autre/id7",)


@pytest.mark.parametrize("body", [b"", b"\0\0", b"<a href=", b"<a href='http://[x'>" + b"a" * 99])
def test_any_bytes_give_a_listing(body: bytes) -> None:
    assert read_listing(body, url=URL, now=NOW).announcements == ()
    assert read_collection(body, url=URL, now=NOW).announcements == ()


def test_a_page_nested_very_deep_is_read() -> None:
    body = b"<div>" * 50_000 + b"<a href='/a'>Un titre assez long</a>"
    assert len(read_listing(body, url=URL, now=NOW).announcements) <= 1
