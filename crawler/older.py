"""Where the entries before a feed's are: archives (RFC 5005), next pages, WordPress's way."""

from __future__ import annotations

import json
import re
from html import unescape

from core.urls import canonical_url

_LINK = re.compile(rb"<(?:\w+:)?link\b[^>]{0,1000}>", re.IGNORECASE)
_REL = re.compile(r"\brel\s*=\s*[\"'](prev-archive|next)[\"']", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']([^\"']{1,2000})[\"']", re.IGNORECASE)
_ENTRY = re.compile(rb"<(?:item|entry)\b", re.IGNORECASE)
_WORDPRESS = re.compile(rb"<generator[^>]{0,300}>[^<]{0,200}wordpress", re.IGNORECASE)
_PAGED = re.compile(r"([?&]paged=)(\d{1,4})")


def older_page(body: bytes, url: str) -> str:
    """The address of the feed's former page; "" when it does not say."""
    if body.lstrip()[:1] == b"{":
        return _address(_next_of_json(body), url)
    around = _around_entries(body)
    tags = [tag.decode("utf-8", "replace") for tag in _LINK.findall(around)]
    for name in ("prev-archive", "next"):
        for tag in tags:
            rel, href = _REL.search(tag), _HREF.search(tag)
            if rel and href and rel[1].lower() == name:
                return _address(unescape(href[1]), url)
    return _wordpress_page(url) if _WORDPRESS.search(around) else ""


def _around_entries(body: bytes) -> bytes:
    """What is said of the feed itself, before its entries and after."""
    first = _ENTRY.search(body)
    last = max(body.rfind(b"</item>"), body.rfind(b"</entry>"))
    return body[: first.start()] + body[max(last, first.start()) :] if first else body


def _wordpress_page(url: str) -> str:
    page = _PAGED.search(url)
    if page:
        return url[: page.start(2)] + str(int(page[2]) + 1) + url[page.end(2) :]
    return f"{url}{'&' if '?' in url else '?'}paged=2"


def _next_of_json(body: bytes) -> str:
    try:
        held = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ""
    said = held.get("next_url") if isinstance(held, dict) else None
    return said if isinstance(said, str) else ""


def _address(link: str, base: str) -> str:
    try:
        address = canonical_url(link, base) if link else ""
    except ValueError:
        return ""
    return "" if address == base else address
