"""Feeds as most are: well-formed XML in UTF-8, RSS 0.9x to 2.0, RDF or Atom 1.0, nothing odd.

feedparser reads everything, ten times slower. What is read here is what it would give, in the words
that it uses; whatever is uncommon (another encoding, entities, relative bases, several authors,
dates of another form …) is left to it whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from time import struct_time
from typing import Any

from lxml import etree

Entry = dict[str, Any]

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS = (
    "", "{http://purl.org/rss/1.0/}", "{http://my.netscape.com/rdf/simple/0.9/}",
    "{http://backend.userland.com/rss2}", "{http://channel.netscape.com/rdf/simple/0.9/}",
)  # fmt: skip
_DC = "{http://purl.org/dc/elements/1.1/}"
_FIELDS = {f"{space}{name}": name for space in _RSS for name in
           ("title", "link", "guid", "description", "author", "pubDate")} | {
    "{http://purl.org/rss/1.0/modules/content/}encoded": "content",
    f"{_DC}creator": "author",
    f"{_DC}date": "updated",
    f"{_ATOM}link": "atom:link",
    f"{_ATOM}updated": "updated",
    f"{_ATOM}published": "pubDate",
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink": "origLink",
}  # fmt: skip
_ITEMS = tuple(f"{space}item" for space in _RSS)
_CHANNELS = tuple(f"{space}channel" for space in _RSS)
# What an item may hold that says the same as a field, or changes how one is read.
_ODD = re.compile(
    rb"<!DOCTYPE|<!ENTITY|xml:base|<(?:media|itunes|g|gd):(?:title|author)|<fullitem|<source[\s>]|"
    rb"type=[\"'](?:multipart|application/octet)|mode=|<(?:\w+:)?body[\s>]"
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:GMT|UTC|UT|Z|[+-]\d{4})$"
)
_W3C = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$|\d{4}-\d\d-\d\d$"
)


class _Uncommon(Exception):
    """This feed is for feedparser."""


@dataclass(frozen=True, slots=True)
class PlainFeed:
    """A feed in feedparser's words."""

    title: str
    link: str
    entries: list[Entry]


def read_plain_feed(body: bytes, content_type: str, most: int) -> PlainFeed | None:
    """The feed, its first ``most`` entries; None when it is not of the common kind."""
    if not _is_utf8(body, content_type) or _ODD.search(body):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, strip_cdata=True, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.strip(), parser)
        return _atom(root, most) if root.tag == f"{_ATOM}feed" else _rss(root, most)
    except (etree.XMLSyntaxError, ValueError, _Uncommon):
        return None


def _is_utf8(body: bytes, content_type: str) -> bool:
    declared = [found[1].decode() for found in [_DECLARED.match(body)] if found]
    declared += _CHARSET.findall(content_type)
    if any(name.lower() not in {"utf-8", "utf8"} for name in declared):
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


# -- RSS ------------------------------------------------------------------------------------------


def _rss(root: etree._Element, most: int) -> PlainFeed:
    if etree.QName(root).localname not in {"rss", "RDF"}:
        raise _Uncommon
    channel = next((one for one in root if one.tag in _CHANNELS), None)
    if channel is None:
        raise _Uncommon
    items = [one for one in (*channel, *root) if one.tag in _ITEMS][:most]
    about = dict(_fields(channel))
    return PlainFeed(about.get("title", ""), about.get("link", ""), [_item(one) for one in items])


def _item(item: etree._Element) -> Entry:
    entry: Entry = {}
    for name, text in _fields(item):
        _put(entry, name, text)
    if "content" in entry:
        entry.setdefault("summary", entry["content"][0]["value"])
    return entry


def _fields(parent: etree._Element) -> Iterator[tuple[str, str]]:
    for child in parent:
        name = _FIELDS.get(child.tag, "")
        if name == "atom:link":
            if child.get("rel", "alternate") == "alternate":
                raise _Uncommon
        elif name:
            if len(child):  # markup that was not escaped
                raise _Uncommon
            yield name, (child.text or "").strip()


def _put(entry: Entry, name: str, text: str) -> None:
    """One field of an item, under feedparser's name."""
    if name == "content":
        entry.setdefault("content", []).append({"value": text})
    elif name in {"pubDate", "updated"}:
        entry.setdefault(_DATES[name], _instant(text))
    else:
        name = _NAMES.get(name, name)
        if name in entry and name != "author" and text != entry[name]:
            raise _Uncommon
        entry[name] = text


_NAMES = {"guid": "id", "description": "summary", "origLink": "feedburner_origlink"}
_DATES = {"pubDate": "published_parsed", "updated": "updated_parsed"}


# -- Atom -----------------------------------------------------------------------------------------


def _atom(root: etree._Element, most: int) -> PlainFeed:
    entries = [one for one in root if one.tag == f"{_ATOM}entry"][:most]
    return PlainFeed(
        _construct(root.find(f"{_ATOM}title")), _alternate(root), [_entry(one) for one in entries]
    )


def _entry(entry: etree._Element) -> Entry:
    found: Entry = {
        "title": _construct(entry.find(f"{_ATOM}title")),
        "link": _alternate(entry),
        "id": _text(entry.find(f"{_ATOM}id")),
        "author": _author(entry),
    }
    content, summary = (_construct(entry.find(f"{_ATOM}{tag}")) for tag in ("content", "summary"))
    if content:
        found["content"] = [{"value": content}]
    found["summary"] = summary or content
    for tag, name in (("published", "published_parsed"), ("updated", "updated_parsed")):
        found[name] = _instant(_text(entry.find(f"{_ATOM}{tag}")))
    original = entry.find("{http://rssnamespace.org/feedburner/ext/1.0}origLink")
    if original is not None:
        found["feedburner_origlink"] = _text(original)
    return found


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _alternate(element: etree._Element) -> str:
    links = [
        link.get("href", "")
        for link in element.iterfind(f"{_ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    if len(links) > 1 or (links and not links[0]):
        raise _Uncommon
    return links[0] if links else ""


def _author(entry: etree._Element) -> str:
    authors = entry.findall(f"{_ATOM}author")
    if not authors:
        return ""
    if len(authors) > 1 or authors[0].find(f"{_ATOM}email") is not None:
        raise _Uncommon
    return _text(authors[0].find(f"{_ATOM}name"))


def _construct(element: etree._Element | None) -> str:
    """The text or markup of an Atom text construct (RFC 4287, section 3.1)."""
    if element is None:
        return ""
    kind = element.get("type", "text")
    if element.get("src") or kind not in {"text", "html", "xhtml"}:
        raise _Uncommon
    if kind == "xhtml":
        return "".join(etree.tostring(child, encoding="unicode") for child in element)
    if len(element):
        raise _Uncommon
    return (element.text or "").strip()


# -- dates ----------------------------------------------------------------------------------------


def _instant(text: str) -> struct_time | None:
    """A date in UTC, of the two forms that nearly all feeds use."""
    if not text:
        return None
    if _RFC_822.match(text):
        return parsedate_to_datetime(text).utctimetuple()
    if _W3C.match(text):
        return datetime.fromisoformat(text).utctimetuple()
    raise _Uncommon
