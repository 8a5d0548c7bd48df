"""Feeds of every kind, well made or not, as bytes."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from crawler.feeds import MOST_ENTRIES, Feed, parse_feed
from crawler.plain import to_text
from tests.crawler.local_site import item, rss

URL = "https://site.example/blog/feed"


def read(text: str | bytes, content_type: str = "") -> Feed:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(body, url=URL, content_type=content_type)


def test_an_rss_feed_gives_titles_links_dates_and_summaries_as_text() -> None:
    more = (
        "<description><![CDATA[<p>L&#8217;<b>aller-vers</b>,<br>c&eacute;l&egrave;bre</p>]]>"
        "</description><pubDate>Sun, 22 Nov 2026 10:00:00 +0100</pubDate>"
        "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>Ada Martin</dc:creator>"
    )
    feed = read(rss(item("https://site.example/a?utm_source=rss", "Un &amp; deux", more)))
    (entry,) = feed.entries
    assert feed.title == "Le fil"
    assert feed.site == "https://site.example/"
    assert entry.url == "https://site.example/a"
    assert entry.title == "Un & deux"
    assert entry.summary == "L’aller-vers, célèbre"
    assert entry.author == "Ada Martin"
    assert entry.published == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_the_whole_content_is_kept_beside_the_summary() -> None:
    content = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    content += "<![CDATA[<p>Premier.</p><script>x()</script><p>Second.</p>]]></content:encoded>"
    (entry,) = read(rss(item("/a", "A", "<description>Court</description>" + content))).entries
    assert entry.summary == "Court"
    assert entry.content == "Premier.\n\nSecond."


@pytest.mark.parametrize(
    "text",
    [
        ("<rss version='0.91'><channel><title>T</title><item><title>A</title>"
        "<link>https://site.example/a</link></item></channel></rss>"),
        "<rss><channel><item><link>/a</link><title>A</title></item></channel></rss>",
        ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/'><channel><title>T</title></channel><item "
        "rdf:about='https://site.example/a'><title>A</title><link>https://site.example/a</link>"
        "</item></rdf:RDF>"),
        ("<?xml version='1.0'?><!-- un mot --><feed xmlns='http://www.w3.org/2005/Atom'><entry>"
        "<title type='html'>&lt;i&gt;A&lt;/i&gt;</title><link href='/a'/></entry></feed>"),
        ("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>A</title>"
        "<link rel='alternate' type='text/html' href='https://site.example/a'/></entry></feed>"),
        ("\n\n  <rss version='2.0'><channel><item><guid>https://site.example/a</guid>"
        "<title>A</title></item></channel></rss>"),
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T",
                    "items": [{"id": "1", "url": "/a", "title": "A"}]}),
    ],
    ids=["rss-0.91", "rss-bare", "rdf", "atom", "atom-0.3", "guid", "json"],
)  # fmt: skip
def test_every_kind_of_feed_is_read(text: str) -> None:
    (entry,) = read(text).entries
    assert (entry.url, entry.title) == ("https://site.example/a", "A")
    assert entry.published is None


def test_a_json_feed_gives_what_it_holds() -> None:
    items = [
        {"id": "1", "url": "https://site.example/a", "title": "A", "content_html": "<p>Un</p>",
         "summary": "Résumé", "date_published": "2026-11-22T10:00:00+01:00",
         "authors": [{"name": "Ada"}, {"name": "Zoé"}]},
        {"id": "https://site.example/b", "content_text": "B"},
        "pas un article", {"id": 7}, {"url": "javascript:alert(1)"},
    ]  # fmt: skip
    feed = read(json.dumps({"home_page_url": "/", "title": "Fil", "items": items}))
    first, second = feed.entries
    assert (first.summary, first.content, first.author) == ("Résumé", "Un", "Ada, Zoé")
    assert first.published == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert second.url == "https://site.example/b"


def test_feedburner_gives_the_original_address() -> None:
    more = "<feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>"
    more += "https://site.example/a</feedburner:origLink>"
    (entry,) = read(rss(item("https://feeds.example/~r/1", "A", more))).entries
    assert entry.url == "https://site.example/a"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "mailto:a@b.example", "", "ftp://a.example/"]
)
def test_an_entry_without_the_address_of_a_page_is_left_out(link: str) -> None:
    feed = read(rss(item(link, "A"), item("https://site.example/b", "B")))
    assert [entry.title for entry in feed.entries] == ["B"]


def test_an_address_announced_twice_counts_once() -> None:
    feed = read(rss(item("/a", "A"), item("/a?utm_medium=x#commentaires", "A bis")))
    assert [entry.title for entry in feed.entries] == ["A"]


def test_no_markup_is_left_in_anything() -> None:
    hostile = "<![CDATA[<img src=x onerror=alert(1)><script>alert(2)</script>Bonjour]]>"
    text = rss(
        f"<item><title>{hostile}</title><link>/a</link><description>{hostile}</description>"
        f"<author>{hostile}</author></item>",
        title=hostile,
    )
    feed = read(text)
    (entry,) = feed.entries
    assert feed.title == entry.title == "Bonjour"
    assert entry.summary == ""  # it would only repeat the title
    assert "<" not in repr(feed)


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "utf-16", "klingon"])
def test_a_wrong_encoding_does_not_lose_the_entries(declared: str) -> None:
    text = rss(item("/a", "Éducation spécialisée")).replace("utf-8", declared)
    assert len(read(text.encode("cp1252")).entries) == 1


def test_windows_1252_declared_as_utf_8_is_read() -> None:
    (entry,) = read(rss(item("/a", "Éducation « spécialisée »")).encode("cp1252")).entries
    assert entry.title == "Éducation « spécialisée »"


def test_utf_16_is_read() -> None:
    text = rss(item("/a", "Éducation")).replace("utf-8", "utf-16")
    assert read(text.encode("utf-16")).entries[0].title == "Éducation"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "vide"),
        (b"  \n", "vide"),
        (b"<!DOCTYPE html><html><body><p>Bonjour</p></body></html>", "HTML"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'></html>", "HTML"),
        (b"Bonjour", "XML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "pas un flux"),
        (b"{}", "JSON"),
        (b'{"items": 3}', "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"%PDF-1.4", "XML"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(body)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss()).entries == ()


def test_a_feed_cut_short_gives_what_it_has() -> None:
    whole = rss(item("/a", "A"), item("/b", "B"))
    assert [e.title for e in read(whole[: whole.index("<title>B")]).entries][:1] == ["A"]


@pytest.mark.parametrize(
    "date",
    [
        "hier",
        "",
        "0000-00-00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "9" * 30,
        "Thu, 01 Jan 2900 00:00:00 GMT",
        "22/11",
    ],
)
def test_a_date_that_is_none_is_no_date(date: str) -> None:
    (entry,) = read(rss(item("/a", "A", f"<pubDate>{date}</pubDate>"))).entries
    assert entry.published is None


def bomb(levels: int, width: int = 10) -> str:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * width}">' if n else '<!ENTITY l0 "boum">'
        for n in range(levels)
    )
    text = rss(item("/a", f"&l{levels - 1};"))
    return text.replace("<rss", f"<!DOCTYPE rss [{entities}]><rss")


def test_an_entity_bomb_is_refused() -> None:
    with pytest.raises(Unreadable, match="entités"):
        read(bomb(12))
    with pytest.raises(Unreadable, match="entités"):
        read(bomb(12).encode("utf-16"))


def test_a_long_entity_used_many_times_is_refused() -> None:
    declared = f"<!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]><rss"
    with pytest.raises(Unreadable, match="entités"):
        read(rss(item("/a", "&a;" * 1000)).replace("<rss", declared))


def test_a_few_harmless_entities_are_read() -> None:
    declared = '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY ase "aide sociale">]><rss'
    (entry,) = read(rss(item("/a", "L&#39;&ase;&nbsp;!")).replace("<rss", declared)).entries
    assert entry.title == "L'aide sociale !"


def test_a_file_is_never_read_instead() -> None:
    text = '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + rss(item("/a", "A &f;"))
    assert "root" not in read(text).entries[0].title
    with pytest.raises(Unreadable):
        read(b"/etc/passwd")


def test_the_entries_of_a_huge_feed_are_bounded() -> None:
    feed = read(rss(*(item(f"/{n}", "A") for n in range(MOST_ENTRIES + 50))))
    assert len(feed.entries) == MOST_ENTRIES


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for whole in (body, b"<rss><channel><item><link>/a</link>" + body, b'{"items":[' + body):
        with contextlib.suppress(Unreadable):
            read(whole)


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("sans balise", "sans balise"),
        ("<p>un</p><p>deux</p>", "un\n\ndeux"),
        ("un<br>deux <em>tr</em>ois", "un\n\ndeux trois"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("<!-- rien --><style>p{}</style>", ""),
        ("<p>non fermé <b>gras", "non fermé gras"),
        ("<div>" * 60_000 + "profond", "profond"),
    ],
)
def test_fragments_become_plain_text(fragment: str, text: str) -> None:
    assert to_text(fragment) == text
