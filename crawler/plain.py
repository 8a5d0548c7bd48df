"""Fragments of HTML, as feeds carry them, as plain text."""

from __future__ import annotations

import re
from html import unescape

from lxml.etree import LxmlError
from lxml.html import HtmlElement, fromstring

from core.text import clean, one_line
from crawler.markup import spare_attributes

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
_UNSEEN = frozenset("script style noscript template svg iframe object form button".split())
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")
_BREAK = "\x00"


def to_text(fragment: str) -> str:
    """The text of a fragment, paragraphs separated by blank lines; no markup is left in it.

    Text without markup is given back as it is, but for control characters.
    """
    if not _MARKUP.search(fragment):
        return clean(fragment)
    try:
        tree = fromstring(f"<div>{spare_attributes(clean(fragment))}</div>")
    except (LxmlError, ValueError, AssertionError):
        return _stripped(fragment)
    pieces: list[str] = []
    _collect(tree, pieces)
    paragraphs = (one_line(part) for part in "".join(pieces).split(_BREAK))
    # The parser gives up on markup nested too deep, and keeps nothing of what is inside.
    return "\n\n".join(part for part in paragraphs if part) or _stripped(fragment)


def _stripped(fragment: str) -> str:
    """The text between tags, scripts left out, as well as can be told without a tree."""
    bare = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", fragment)
    return one_line(unescape(re.sub(r"<[^>]*>?", " ", bare)))


def _collect(tree: HtmlElement, pieces: list[str]) -> None:
    """Walk without recursion, since hostile markup may nest a million deep."""
    stack: list[tuple[HtmlElement, bool]] = [(tree, False)]
    while stack:
        element, leaving = stack.pop()
        seen = isinstance(element.tag, str) and element.tag not in _UNSEEN
        edge = "" if not seen or element.tag in _INLINE else _BREAK
        if leaving:
            pieces.extend((edge, element.tail or ""))
            continue
        pieces.extend((edge, (element.text or "") if seen else ""))
        stack.append((element, True))
        if seen:
            stack.extend((child, False) for child in reversed(element))
