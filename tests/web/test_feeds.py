"""The Atom feeds, as a feed reader reads them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import jsonschema
import pytest
from flask.testing import FlaskClient

from core.model import Extracted, Tagging, ThemeId
from crawler.feeds import parse_feed
from tests.web.conftest import Library
from tests.web.samples import NOW

FEEDS = (
    "/themes/numerique/atom.xml",
    "/themes/sante-acces-aux-soins/atom.xml",
    "/semaines/atom.xml",
    "/territoires/orne/atom.xml",
    "/organisations/cnil/atom.xml",
    "/paroles-de-terrain/atom.xml",
    "/lettres/atom.xml",
    "/sources/la-gazette-des-solidarites/atom.xml",
    "/recherche/atom.xml",
    "/recherche/atom.xml?q=num%C3%A9rique&theme=numerique",
    "/recherche/atom.xml?q=introuvable",
)
JSON_FEEDS = tuple(one.replace("atom.xml", "feed.json") for one in FEEDS if "lettres" not in one)
SCHEMA = json.loads(Path(__file__).with_name("json_feed.schema.json").read_text("utf-8"))
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_reader_has_nothing_to_say(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    parsed = feedparser.parse(
        answer.data, response_headers={name.lower(): value for name, value in answer.headers}
    )
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert answer.content_type == "application/atom+xml; charset=utf-8"


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_has_what_atom_demands(client: FlaskClient, address: str) -> None:
    feed = ET.fromstring(client.get(address).data)
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(ATOM + name)) == 1
        assert part.findall(f"{ATOM}link[@rel='alternate']")
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    (itself,) = feed.findall(f"{ATOM}link[@rel='self']")
    assert itself.attrib["href"] == "http://localhost" + address
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def test_a_theme_feed_leads_to_the_originals_with_extracts_only(client: FlaskClient) -> None:
    parsed = feedparser.parse(client.get("/themes/numerique/atom.xml").data)
    entry = parsed.entries[0]
    assert entry.title == "L’ordinateur entre nous"
    assert entry.link == "https://www.carnet.example/2"
    assert entry.published == "2026-11-21T13:00:00+00:00"
    assert [tag.label for tag in entry.tags] == ["Numérique"]
    assert len(entry.summary) < 280
    assert "content" not in entry


def test_the_weeks_feed_holds_the_last_whole_weeks(client: FlaskClient) -> None:
    parsed = feedparser.parse(client.get("/semaines/atom.xml").data)
    assert parsed.entries[0].title.startswith("Semaine du 9 au 15 novembre 2026 – ")
    assert parsed.entries[0].link == "http://localhost/semaines/2026-S46"
    assert parsed.entries[0].updated == "2026-11-15T23:00:00+00:00"


def test_identifiers_stay_when_the_site_moves_to_another_port(client: FlaskClient) -> None:
    here = feedparser.parse(client.get("/themes/numerique/atom.xml").data)
    there = feedparser.parse(
        client.get("/themes/numerique/atom.xml", base_url="http://127.0.0.1:8001").data
    )
    assert [entry.id for entry in here.entries] == [entry.id for entry in there.entries]
    assert here.entries[0].id.startswith("tag:")


def test_characters_that_xml_cannot_hold_are_left_out(own_library: Library) -> None:
    with own_library.store.begin() as tx:
        source = tx.sources.by_slug("union-du-travail-social")
        odd = Extracted("https://a.example/1", "Un \ufffe titre \uffff & <b>", "Texte\x0b " * 90)
        id, _ = tx.articles.save(odd, source_id=source.id, now=NOW)
        tx.articles.save_taggings([(id, [Tagging(ThemeId("numerique"), 1)])], tagger="t")
    answer = own_library.app().test_client().get("/themes/numerique/atom.xml")
    parsed = feedparser.parse(answer.data)
    assert not parsed.bozo
    assert parsed.entries[0].title_detail.value == "Un  titre  & <b>"


@pytest.mark.parametrize("address", FEEDS)
def test_an_unchanged_feed_is_not_sent_again(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    later = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, again.data) == (304, b"")
    assert later.status_code == 304


def test_a_feed_of_no_theme_is_a_404(client: FlaskClient) -> None:
    assert client.get("/themes/inconnu/atom.xml").status_code == 404


@pytest.mark.parametrize("address", JSON_FEEDS)
def test_a_json_feed_is_one_by_its_schema(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.content_type == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.data)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).validate(feed)
    assert feed["feed_url"] == "http://localhost" + address


@pytest.mark.parametrize("address", JSON_FEEDS)
def test_both_forms_of_a_feed_tell_of_the_same(client: FlaskClient, address: str) -> None:
    told = json.loads(client.get(address).data)["items"]
    atom = feedparser.parse(client.get(address.replace("feed.json", "atom.xml")).data)
    assert [item["id"] for item in told] == [entry.id for entry in atom.entries]
    assert [item["url"] for item in told] == [entry.link for entry in atom.entries]
    assert all(len(item.get("content_text", "")) <= 200 for item in told)


def test_the_weeks_in_json_hold_what_the_digest_shows(client: FlaskClient) -> None:
    week = json.loads(client.get("/semaines/feed.json").data)["items"][0]
    assert week["url"] == "http://localhost/semaines/2026-S46"
    for title in re.findall(r'">([^<]+)</a>', week["content_html"]):
        assert title in client.get("/semaines/2026-S46").text
    longest = max(map(len, re.findall(r"<br/>([^<]+)", week["content_html"])))
    assert longest <= 200


def test_our_own_reader_reads_our_json_feeds(client: FlaskClient) -> None:
    address = "/themes/numerique/feed.json"
    read = parse_feed(client.get(address).data, url=f"http://localhost{address}")
    assert read.title == "Glaneuse – Numérique"
    assert read.entries[0].url == "https://www.carnet.example/2"
    assert read.entries[0].title == "L’ordinateur entre nous"
    assert read.entries[0].published is not None


def test_a_search_feed_holds_what_the_search_finds_latest_first(client: FlaskClient) -> None:
    parsed = feedparser.parse(client.get("/recherche/atom.xml?q=num%C3%A9rique").data)
    assert parsed.feed.title == "Glaneuse – «\u00a0numérique\u00a0»"
    dates = [entry.updated for entry in parsed.entries]
    assert dates == sorted(dates, reverse=True)
    assert any(entry.title.startswith("Le numérique, un guichet") for entry in parsed.entries)


@pytest.mark.parametrize(
    "page",
    ["/themes/numerique", "/sources/la-gazette-des-solidarites", "/recherche?q=num%C3%A9rique"],
)
def test_pages_tell_of_their_feeds_and_these_exist(client: FlaskClient, page: str) -> None:
    html = client.get(page).text
    for kind in ("application/atom+xml", "application/feed+json"):
        link = rf'<link rel="alternate" type="{re.escape(kind)}"[^>]* href="([^"]+)"'
        (address,) = re.findall(link, html)
        assert client.get(address.replace("&amp;", "&")).status_code == 200
