"""Sitemaps and news sitemaps (https://www.sitemaps.org/protocol.html), with indexes and gzip."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from core.errors import Unreadable
from core.model import Announcement
from core.text import one_line
from core.urls import canonical_url

LONGEST = 20_000_000  # bytes, once decompressed
MOST = 50_000  # addresses in one file, as the protocol has it
_YEARS = range(1990, 2100)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
# Files of an index that hold no articles.
_NO_ARTICLES = re.compile(
    r"categor|tag|author|auteur|user|image|video|product|taxonom|attachment|rubrique|mot[s-]?cle"
)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses, the latest first, those without a date last; or other sitemaps, likewise."""

    announcements: tuple[Announcement, ...] = ()
    children: tuple[str, ...] = ()


def read_sitemap(body: bytes, *, url: str) -> Sitemap:
    """Read a sitemap or an index of sitemaps. Raises Unreadable when it is neither."""
    plain = _decompressed(body)
    if _ENTITY.search(plain[:100_000]):
        raise Unreadable("sitemap", "entités XML refusées")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(plain, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("sitemap", "ce n’est pas un plan de site") from error
    kind = etree.QName(root).localname.lower() if root is not None else ""
    if kind == "sitemapindex":
        found = [(address, _date(one)) for one, address in _located(root, url)]
        kept = [one for one in found if not _NO_ARTICLES.search(one[0].rpartition("/")[2])]
        return Sitemap(children=tuple(address for address, _ in sorted(kept, key=_latest)))
    if kind == "urlset":
        told = [_announcement(one, address) for one, address in _located(root, url)]
        return Sitemap(tuple(sorted(told, key=lambda one: _latest((one.url, one.published)))))
    raise Unreadable("sitemap", "ce n’est pas un plan de site")


def _decompressed(body: bytes) -> bytes:
    """The XML, whatever it came in; a file that grows beyond measure is refused."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = reader.decompress(body, LONGEST)
    except zlib.error as error:
        raise Unreadable("sitemap", "compression illisible") from error
    if reader.unconsumed_tail:
        raise Unreadable("sitemap", "plan de site démesuré, refusé")
    return plain


def _located(root: Any, base: str) -> Iterator[tuple[Any, str]]:
    """The entries of a file, each with its address."""
    for count, entry in enumerate(root):
        if count == MOST:
            return
        try:
            yield entry, canonical_url(_text(entry, "loc"), base)
        except ValueError:
            continue


def _announcement(entry: Any, address: str) -> Announcement:
    return Announcement(address, title=one_line(_text(entry, "title")), published=_date(entry))


def _text(entry: Any, name: str) -> str:
    """What an element of this name says, in whatever namespace; images and videos left out."""
    for element in entry.iter():
        if isinstance(element.tag, str):
            kind = etree.QName(element)
            namespace = kind.namespace or ""
            if kind.localname == name and "image" not in namespace and "video" not in namespace:
                return (element.text or "").strip()
    return ""


def _date(entry: Any) -> datetime | None:
    for name in ("publication_date", "lastmod"):
        try:
            instant = datetime.fromisoformat(_text(entry, name))
        except ValueError:
            continue
        instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        if instant.year in _YEARS:
            return instant.astimezone(UTC)
    return None


def _latest(one: tuple[str, datetime | None]) -> float:
    """The latest first; in their order, those without a date."""
    return -one[1].timestamp() if one[1] is not None else 0.0
