"""A page as a tree: parsing, the words of an element, what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import LxmlError, XPath, iterwalk
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from core.text import one_line

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small "
    "span strike strong sub sup time tt u var".split()
)
# « 3 novembre 2025 · 5 min · Lise Morvan »: between such signs stand labels.
SIGNS = re.compile(r"\s[|•·–—-]\s")
LINE = 60  # characters: a shorter line may be a heading, a label or a notice
_LABEL = 30  # characters: a longer heading is a title
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What a browser does not show as text.
_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "object")
_ATTRIBUTE = (
    r"[\s/]*+[^\s/>][^\s/>=]*+"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|))?+"
)
# A script, left as it is; or a tag, of which the parser may see no more than 100 attributes: it
# compares each with all others.
_TAG = re.compile(
    r"(<(?:script|style)\b[^>]{0,2000}+>[^<]*+(?:<(?!/s)[^<]*+)*+)"
    rf"|(<[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{0,100}}+)(?:{_ATTRIBUTE})*+",
    re.IGNORECASE,
)
_LONG_NAMES = XPath(
    "//*[string-length(@class) > 1000 or string-length(@id) > 1000 or string-length(@style) > 5000]"
)
# Characters that no tree can be given again as text, once read.
_NO_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]+")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse(text: str) -> HtmlElement | None:
    """The tree of a page, comments left out; None when there is nothing to make one of."""
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
    )
    # Two passes over a page, where ``str.translate`` takes a fifth of all its reading.
    text = text.replace("\x0b", "\n").replace("\x0c", "\n")
    text = spare_attributes(_XML_DECLARATION.sub("", _NO_CHARACTERS.sub("", text)))
    try:
        tree = document_fromstring(text.encode("utf-8", errors="ignore"), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None
    if not isinstance(tree, HtmlElement):
        return None
    for element in _LONG_NAMES(tree):  # no page's own names: they would be read again and again
        for name in ("class", "id", "style"):
            element.attrib.pop(name, None)
    return tree


def spare_attributes(text: str) -> str:
    """Markup whose elements have no more attributes than any page needs."""
    return _TAG.sub(r"\1\2", text)


def drop_unseen(tree: HtmlElement) -> None:
    """Take scripts, styles and the like out of the tree (JSON-LD must have been read before)."""
    for element in list(tree.iter(*_UNSEEN)):
        drop(element)


def drop(element: HtmlElement) -> None:
    """Take an element out of its tree, leaving the text that follows it."""
    if element.getparent() is not None:
        element.drop_tree()


def words(element: HtmlElement) -> str:
    """What an element says, on one line, as read aloud: pieces joined as they stand."""
    return one_line("".join(element.itertext()))


def spaced_words(element: HtmlElement) -> str:
    """What an element says, on one line, its pieces set apart (« 22 », « juil. », « 2020 »)."""
    return one_line(" ".join(element.itertext()))


def lines_of(element: HtmlElement) -> list[str]:
    """What an element says, its pieces set apart, a line for each line break."""
    lines = [""]
    for event, one in iterwalk(element, events=("start", "end")):
        if event == "start":
            lines[-1] += f" {one.text or ''}"
        elif one is not element:
            lines += [""] if one.tag == "br" else []
            lines[-1] += f" {one.tail or ''}"
    return [line for line in map(one_line, lines) if line]


def names(element: HtmlElement) -> str:
    """Everything a page calls an element by: classes, id, role, data-hook (Wix)."""
    get = element.get
    return " ".join(
        part
        for part in (get("class"), get("id"), get("itemprop"), get("rel"), get("data-hook"))
        if part
    ).lower()


def enclosing_line(element: HtmlElement, longest: int = 160) -> HtmlElement:
    """The largest ancestor of ``element`` (or itself) that says at most ``longest`` characters.

    Not one that holds a title above or below it: a short one and its dateline are two lines.
    """
    while (parent := element.getparent()) is not None and parent.tag not in ("body", "html"):
        if not says_at_most(parent, longest) or _holds_title(parent, element):
            break
        element = parent
    return element


def _holds_title(parent: HtmlElement, element: HtmlElement) -> bool:
    """Whether a heading stands in ``parent`` beside ``element``, which is none."""
    if element.tag in HEADINGS:
        return False
    beside = (child for child in parent if child is not element)
    return any(
        not says_at_most(heading, _LABEL)
        for child in beside
        for heading in child.iter("h1", "h2", "h3")
    )


def says_at_most(element: HtmlElement, longest: int) -> bool:
    """Whether an element's text, spaces apart, has at most ``longest`` characters."""
    total = 0
    for piece in element.itertext():
        total += len(piece.strip())
        if total > longest:
            return False
    return True


def link_share(element: HtmlElement) -> float:
    """The part of an element's text that stands in links, 0 to 1."""
    total = len(words(element))
    return sum(len(words(link)) for link in element.iter("a")) / total if total else 0.0


def shown(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The elements of the body, in the order of the page."""
    body = tree.find("body")
    yield from (tree if body is None else body).iter()
