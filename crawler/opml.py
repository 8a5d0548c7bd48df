"""OPML 2.0 subscription lists, in and out (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from core.errors import Unreadable
from core.model import Source, SourceKind
from core.text import one_line


@dataclass(frozen=True, slots=True)
class Outline:
    """A subscription: its name, its feed, its site ("" when not said)."""

    name: str
    feed: str
    site: str = ""


def read_opml(body: bytes) -> list[Outline]:
    """The subscriptions of a file, each feed once, folders flattened.

    Entities are not expanded, so that a file cannot grow while being read. Raises Unreadable.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        tree = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("OPML", "ce n’est pas un fichier OPML") from error
    if tree is None or etree.QName(tree).localname.lower() != "opml":
        raise Unreadable("OPML", "ce n’est pas un fichier OPML")
    found = (_outline({k.lower(): v for k, v in e.attrib.items()}) for e in tree.iter("outline"))
    return list({one.feed: one for one in found if one.feed}.values())


def _outline(fields: dict[str, str]) -> Outline:
    return Outline(
        name=one_line(fields.get("text") or fields.get("title") or ""),
        feed=fields.get("xmlurl", "").strip(),
        site=fields.get("htmlurl", "").strip(),
    )


def write_opml(sources: Iterable[Source]) -> str:
    """A file of those that have a feed."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources de Glaneuse"
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind is SourceKind.FEED:
            etree.SubElement(
                body, "outline", type="rss", text=source.name, title=source.name,
                xmlUrl=source.feed, htmlUrl=source.url,
            )  # fmt: skip
    text: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return text
