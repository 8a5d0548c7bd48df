"""What a page says of itself to machines: meta elements, links, JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from core.text import one_line

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Posting|Report|OpinionNews|Review|PodcastEpisode)$")
_PAGE = frozenset({"WebPage", "ItemPage", "AboutPage", "CreativeWork"})
_OTHERS = frozenset({"itemListElement", "comment", "citation", "mentions", "about"})
_DEPTH = 12
_NODES = 2_000
_ESCAPED = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself. ``article``: its JSON-LD article, or {}; ``nodes``: all."""

    metas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    canonical: str = ""
    title: str = ""
    language: str = ""
    nodes: tuple[Mapping[str, Any], ...] = ()
    article: Mapping[str, Any] = field(default_factory=dict)

    def meta(self, *keys: str) -> str:
        """The first non-empty content among meta elements called ``keys``, on one line."""
        return next((value for key in keys for value in self.metas.get(key, ()) if value), "")

    def of_type(self, *types: str) -> Iterator[Mapping[str, Any]]:
        """The JSON-LD nodes of one of these types."""
        return (node for node in self.nodes if not types_of(node).isdisjoint(types))

    def resolve(self, value: Any) -> Any:
        """The JSON-LD node that ``value`` points to with ``@id`` alone, else ``value``."""
        if isinstance(value, dict) and set(value) == {"@id"}:
            return next(
                (n for n in self.nodes if n.get("@id") == value["@id"] and len(n) > 1), value
            )
        return value


def plain(value: Any, longest: int = 2000) -> str:
    """A machine-readable value as plain text on one line, entities decoded; "" when no text.

    No more than ``longest`` characters are read of it.
    """
    if not isinstance(value, str):
        return ""
    value = value[:longest]
    for _ in range(2):  # many sites escape twice
        if not _ESCAPED.search(value):
            break
        value = html.unescape(value)
    if "<" in value:
        value = re.sub(r"</?[a-zA-Z][^<>]*>", " ", value)
    return one_line(value)


def types_of(node: Mapping[str, Any]) -> set[str]:
    """The schema.org types of a JSON-LD node, without their namespace."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {str(kind).rpartition("/")[2] for kind in listed if isinstance(kind, str)}


def read_head(tree: HtmlElement) -> Head:
    """Read what a page says of itself. Never raises, whatever the page."""
    nodes = tuple(_json_ld(tree))
    title = tree.find(".//head/title")
    if title is None:
        title = tree.find(".//title")
    return Head(
        metas=_metas(tree),
        canonical=_canonical(tree),
        title=plain("".join(title.itertext()), 600) if title is not None else "",
        language=(
            tree.get("lang")
            or tree.get("xml:lang")
            or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
            or ""
        ).strip(),
        nodes=nodes,
        article=_main_article(nodes),
    )


def _metas(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in islice(tree.iter("meta"), _NODES):
        content = plain(element.get("content"))
        for attribute in ("property", "name", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key and content:
                found[key] = (*found.get(key, ()), content)
    return found


def _canonical(tree: HtmlElement) -> str:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
            return str(element.get("href")).strip()
    return ""


def _json_ld(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    count = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _walk(_loads(script.text or ""), _DEPTH):
            count += 1
            if count > _NODES:
                return
            yield node


def _loads(text: str) -> Any:
    cleaned = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", text
    )
    try:
        return json.loads(cleaned.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Every object that has a type, outermost first."""
    if depth == 0:
        return
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for key, child in value.items():
            if key not in _OTHERS and isinstance(child, dict | list):
                yield from _walk(child, depth - 1)
    elif isinstance(value, list):
        for child in value:
            yield from _walk(child, depth - 1)


def _main_article(nodes: tuple[Mapping[str, Any], ...]) -> Mapping[str, Any]:
    """The first article, which pages put before those that they only mention."""
    for node in nodes:
        if any(_ARTICLE.search(kind) for kind in types_of(node)):
            return node
    for node in nodes:
        if types_of(node) & _PAGE and node.get("datePublished"):
            return node
    return {}


_GENERAL = frozenset({"Article", "WebPage", "BlogPosting", "NewsArticle", "Thing", "CreativeWork"})
_OTHER_THINGS = frozenset({"JobPosting", "Event", "EducationEvent", "HowTo", "FAQPage", "Book"})
_SECTION = 200  # characters kept


def read_section(head: Head) -> str:
    """What a page says that it is: its sections, then its schema.org types, parted by « ; »."""
    named = [head.meta("article:section", "og:article:section", "og:section"), *_sections(head)]
    types = types_of(head.article) - _GENERAL
    types |= {type for node in head.nodes for type in types_of(node) & _OTHER_THINGS}
    said = dict.fromkeys(one for one in (*named, *sorted(types)) if one)
    return "; ".join(said)[:_SECTION]


def _sections(head: Head) -> Iterator[str]:
    value = head.article.get("articleSection")
    for one in value[:5] if isinstance(value, list) else [value]:
        yield plain(one, 100).replace(";", ",")
