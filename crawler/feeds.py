"""Feeds: RSS 0.9x to 2.0, RDF, Atom (read by feedparser, from bytes) and JSON Feed."""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from core.errors import Unreadable
from core.model import Announcement
from core.text import clean, one_line
from core.urls import canonical_url
from crawler.decoding import decode
from crawler.plain import to_text
from crawler.plain_feeds import read_plain_feed
from crawler.summaries import tidy_summary

MOST_ENTRIES = 1000
EMPTY = "le flux n’annonce aucun article"
LONGEST_SUMMARY = 5_000
_WEB = re.compile(r"https?:", re.IGNORECASE)
_YEARS = range(1990, 2100)
_UTF8 = "application/xml; charset=utf-8"
_MOST_EXPANDED = 20_000_000  # characters that entities may add up to
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?[^\s\"'>]+\s+(\"[^\"]*\"|'[^']*')")
_REFERENCE = re.compile(rb"&(?!#)[^;\s]{1,99};|%[^;\s]{1,99};")
_FIRST_ELEMENT = re.compile(rb"<\s*([A-Za-z_][\w:.-]*)")
_PROLOGUE = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed announces, in its own order."""

    title: str
    site: str  # the address of the site that it is the feed of; "" when it does not say
    entries: tuple[Announcement, ...]


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """Read a feed; ``url`` is where it came from. Raises Unreadable when it is no feed.

    Entries without the address of a web page are left out, as are those beyond a thousand.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        raise Unreadable("feed", "le flux est vide")
    if start in b"{[":
        return _parse_json(body, url)
    if (common := parse_common_feed(body, url=url, content_type=content_type)) is not None:
        return common
    if b"\0" in body[:64]:  # UTF-16 or 32
        body, content_type = _as_utf8(body, content_type), _UTF8
    _check_root(body)
    _check_entities(body)
    feed = _parse_xml(body, url, content_type)
    if feed is None:  # the encoding it declares is not its own
        feed = _parse_xml(_as_utf8(body, content_type), url, _UTF8)
    if feed is None:
        raise Unreadable("feed", "ce n’est pas un flux")
    return feed


def parse_common_feed(body: bytes, *, url: str, content_type: str = "") -> Feed | None:
    """A feed as most are, read at once whatever its size; None for what is of another kind."""
    plain = read_plain_feed(body, content_type, MOST_ENTRIES)
    return None if plain is None else _feed(plain.title, plain.link, plain.entries, url)


# -- XML --------------------------------------------------------------------------------------


def _as_utf8(body: bytes, content_type: str) -> bytes:
    """The same XML in UTF-8, whatever it declares."""
    text = decode(_DECLARATION.sub(b"", body, count=1), content_type)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace")


def _check_root(body: bytes) -> None:
    """Raise Unreadable for a page, or anything that is not XML."""
    head = body[:20_000]
    match = _FIRST_ELEMENT.search(_PROLOGUE.sub(b"", head))
    root = match[1].decode("ascii", "replace").lower() if match else ""
    if root == "html" or (not root and b"<" not in head):
        reason = "une page HTML au lieu d’un flux" if root else "ce n’est pas du XML"
        raise Unreadable("feed", reason)


def _check_entities(body: bytes) -> None:
    """Raise Unreadable for entities made to explode: nested, or long and used many times."""
    values = [match[1] for match in _ENTITY.finditer(body)]
    longest = max(map(len, values), default=0)
    nested = any(_REFERENCE.search(value) for value in values)
    if nested or longest * body.count(b"&") > _MOST_EXPANDED:
        raise Unreadable("feed", "entités XML démesurées, refusées")


def _parse_xml(body: bytes, url: str, content_type: str) -> Feed | None:
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    try:
        # A stream, since feedparser would open a file named by bytes. Its sanitizing is not
        # needed: whatever the feed holds becomes plain text.
        parsed = feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # its parsers raise anything on hostile input
        raise Unreadable("feed", f"flux illisible ({type(error).__name__})") from error
    entries = parsed.get("entries", [])
    if not parsed.get("version") and not entries:
        return None
    feed = parsed.get("feed", {})
    return _feed(feed.get("title"), feed.get("link"), entries, url)


def _feed(title: Any, link: Any, entries: Iterable[Mapping[str, Any]], url: str) -> Feed:
    return Feed(
        title=_line(title),
        site=_address(link, url),
        entries=_distinct(_announcement(entry, url) for entry in entries),
    )


def _announcement(entry: Mapping[str, Any], base: str) -> Announcement | None:
    entry = dict(entry)  # feedparser's own kind of dictionary answers for keys that are not there
    address = _entry_address(entry, base)
    if not address:
        return None
    summary = _plain(entry.get("summary"))
    content = max((_plain(one.get("value")) for one in _contents(entry)), key=len, default="")
    if len(summary) > max(len(content), LONGEST_SUMMARY):  # a whole article as description
        summary, content = "", summary
    return Announcement(
        url=address,
        title=_line(entry.get("title")),
        summary=tidy_summary(summary, _line(entry.get("title"))),
        content=content,
        author=_line(entry.get("author")),
        published=_instant(entry.get("published_parsed") or entry.get("updated_parsed")),
    )


def _entry_address(entry: Mapping[str, Any], base: str) -> str:
    """Where the article is: FeedBurner's origin, the link, a permanent id, else an alternate."""
    links = [one.get("href") for one in entry.get("links", ()) if one.get("rel") == "alternate"]
    identity = entry.get("id") if _WEB.match(str(entry.get("id", ""))) else ""
    for candidate in (entry.get("feedburner_origlink"), entry.get("link"), *links, identity):
        if address := _address(candidate, base):
            return address
    return ""


def _contents(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in entry.get("content", ()) if isinstance(one, Mapping)]


def _instant(parsed: Any) -> datetime | None:
    """An instant from feedparser's UTC tuple; None when no article could be of then."""
    if parsed is None:
        return None
    try:
        instant = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return instant if instant.year in _YEARS else None


# -- JSON -------------------------------------------------------------------------------------


def _parse_json(body: bytes, url: str) -> Feed:
    """JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("feed", "ni XML, ni JSON lisible") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise Unreadable("feed", "du JSON qui n’est pas un flux")
    return Feed(
        title=_line(data.get("title")),
        site=_address(data.get("home_page_url"), url),
        entries=_distinct(_json_announcement(item, url) for item in items),
    )


def _json_announcement(item: Any, base: str) -> Announcement | None:
    if not isinstance(item, dict):
        return None
    identity = item.get("id") if str(item.get("id", "")).startswith(("http:", "https:")) else ""
    address = next(
        filter(None, (_address(item.get(n), base) for n in ("url", "external_url"))), ""
    ) or _address(identity, base)
    if not address:
        return None
    content = _plain(item.get("content_html")) or _text(item.get("content_text"))
    return Announcement(
        url=address,
        title=_line(item.get("title")),
        summary=tidy_summary(_text(item.get("summary")), _line(item.get("title"))),
        content=content,
        author=_json_author(item),
        published=_iso(item.get("date_published")) or _iso(item.get("date_modified")),
    )


def _json_author(item: Mapping[str, Any]) -> str:
    authors = item.get("authors") or [item.get("author")]
    if not isinstance(authors, list):
        return ""
    return ", ".join(_line(one.get("name")) for one in authors if isinstance(one, dict))


def _iso(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(_text(value).strip())
    except ValueError:
        return None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC) if instant.year in _YEARS else None


# -- both -------------------------------------------------------------------------------------


def _distinct(found: Iterable[Announcement | None]) -> tuple[Announcement, ...]:
    """The announcements, the first of each address, at most ``MOST_ENTRIES``."""
    kept: dict[str, Announcement] = {}
    for announcement in found:
        if announcement is not None and announcement.url not in kept:
            kept[announcement.url] = announcement
            if len(kept) == MOST_ENTRIES:
                break
    return tuple(kept.values())


def _address(value: Any, base: str) -> str:
    text = _text(value).strip()
    if not text:
        return ""
    try:
        return canonical_url(text, base)
    except ValueError:
        return ""


def _line(value: Any) -> str:
    """One line of plain text from a title or a name that may hold markup or entities."""
    text = _text(value)
    return one_line(to_text(text) if re.search(r"<[a-zA-Z/!]|&[#\w]+;", text) else text)


def _plain(value: Any) -> str:
    """Paragraphs of plain text; what entities of the markup stood for is cleaned as well."""
    return clean(to_text(_text(value)))


def _text(value: Any) -> str:
    """A text without what no database keeps (NUL, lone surrogates); "" for anything else."""
    return clean(value) if isinstance(value, str) else ""
