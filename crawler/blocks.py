"""A page's body as the lines that a reader sees, with the links in each: order kept, markup gone.

A line is a paragraph, a list item, a heading, a cell, or what stands between two line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from core.text import one_line
from core.urls import canonical_url
from crawler.markup import HEADINGS, INLINE, names

BOLD = 7
LONGEST_HEADING = 160  # characters; a longer line is prose, however bold
_MOST = 4_000  # lines of a page that are looked at
_ROOMS = frozenset("body main article section div td tr tbody table center".split())
_CONTENT = re.compile(
    r"(?:^|[\s_-])(?:hentry|articlebody|(?:entry|post|article|blog|node|single)[-_](?:content|body|"
    r"text)|texte|article-texte|crayon)(?:$|[\s_])"
)
ADDRESS = re.compile(r"https?://[^\s<>()\[\]«»]{4,1000}")
_ITEMS = frozenset({"li", "dd", "dt"})
_DEEPEST = 40  # rooms in rooms
_LONGEST_LINE = 10_000  # characters: more is no line that somebody wrote


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a line: where it leads, what it says, where its words stand in the line."""

    url: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A line. ``level``: 1 to 6 for a heading, 7 for a bold line that serves as one, else 0.

    ``group`` is shared by the lines of one paragraph or list item. A line of level 7 without text
    says that what stood under a bold line ends here.
    """

    text: str
    links: tuple[Link, ...] = ()
    level: int = 0
    group: int = 0
    is_item: bool = False  # of a list


def read_blocks(tree: HtmlElement, url: str, after: HtmlElement | None = None) -> list[Block]:
    """The lines of a page's main part, those that follow ``after`` (its title) when it is there."""
    room = _main_room(tree)
    reading = _Reading(url)
    begun = after is None or after not in set(room.iter())
    stack: list[tuple[HtmlElement, bool]] = [(room, False)]
    while stack and len(reading.blocks) < _MOST:
        element, leaving = stack.pop()
        if not isinstance(element.tag, str):
            reading.add(element.tail or "")
            continue
        if leaving:
            if element is after:
                reading.forget()
                begun = True
            elif begun:
                reading.leave(element)
            if begun and element is not room:
                reading.add(element.tail or "")
            continue
        if begun:
            reading.enter(element)
            reading.add(element.text or "")
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    reading.flush()
    return reading.blocks


def _main_room(tree: HtmlElement) -> HtmlElement:
    """The element that holds the body: the page's, then ever smaller ones that hold nearly all."""
    body = tree.find("body")
    room = tree if body is None else body
    for _ in range(_DEEPEST):
        total = _length(room)
        inner = next((one for one in room if _is_room(one, total)), None)
        if inner is None:
            break
        room = inner
    return room


def _is_room(element: HtmlElement, total: int) -> bool:
    if element.tag not in _ROOMS:
        return False
    called = element.tag in ("article", "main") or _CONTENT.search(names(element))
    return _length(element) >= total * (0.5 if called else 0.9) > 0


def _length(element: HtmlElement) -> int:
    return len("".join(element.itertext()))


@dataclass(slots=True)
class _Reading:
    """The line being read."""

    base: str
    blocks: list[Block] = field(default_factory=list)
    text: str = ""
    links: list[Link] = field(default_factory=list)
    level: int = 0
    group: int = 0
    bold: int = 0  # characters of the line in bold
    depth: int = 0  # bold elements that are open
    items: int = 0  # list items that are open
    opened: list[tuple[HtmlElement, int]] = field(default_factory=list)
    bold_rooms: list[HtmlElement] = field(default_factory=list)  # what bold lines head

    def enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self.flush(_room_of(element), same_group=True)
        elif tag == "a":
            self.opened.append((element, len(self.text)))
        elif tag not in INLINE and tag != "img":
            self.flush(element.getparent(), same_group=self._goes_on(element))
            self.level = int(tag[1]) if tag in HEADINGS else self.level
            self.items += tag in _ITEMS
        if tag in ("b", "strong"):
            self.depth += 1

    def leave(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "a":
            self._close(element)
        elif tag not in INLINE and tag not in ("img", "br"):
            self.flush(element.getparent(), same_group=self._goes_on(element))
            self.level = 0 if tag in HEADINGS else self.level
            self.items = max(0, self.items - (tag in _ITEMS))
            self._end_bold(element)
        if tag in ("b", "strong"):
            self.depth = max(0, self.depth - 1)

    def _goes_on(self, element: HtmlElement) -> bool:
        """Whether a block is one of several of a same list item."""
        return element.tag not in _ITEMS and any(
            above.tag in _ITEMS for above in element.iterancestors()
        )

    def _close(self, element: HtmlElement) -> None:
        if not self.opened or self.opened[-1][0] is not element:
            return  # the line ended inside the link: it was closed with it
        _, start = self.opened.pop()
        self._keep_link(element, start)

    def _keep_link(self, element: HtmlElement, start: int) -> None:
        try:
            url = canonical_url((element.get("href") or "").strip() or "javascript:", self.base)
        except ValueError:
            return
        said = self.text[start:].strip()
        image = "" if said else _image_words(element)
        begin = start + len(self.text[start:]) - len(self.text[start:].lstrip())
        self.links.append(Link(url, said or image, begin, begin + len(said)))

    def add(self, text: str) -> None:
        if not text:
            return
        joined = re.sub(r"\s+", " ", text)
        if not self.text or self.text.endswith(" "):
            joined = joined.lstrip(" ")
        if len(self.text) + len(joined) > _LONGEST_LINE:
            self.flush(same_group=True)
        self.text += joined[:_LONGEST_LINE]
        self.bold += len(joined) if self.depth else 0

    def forget(self) -> None:
        """Begin here: what was read before does not count."""
        self.blocks.clear()
        self.text, self.links, self.opened = "", [], []
        self.level = self.bold = self.depth = 0

    def _end_bold(self, room: HtmlElement) -> None:
        if room in self.bold_rooms:
            self.bold_rooms.remove(room)
            self.blocks.append(Block("", level=BOLD, group=self.group))

    def flush(self, room: HtmlElement | None = None, *, same_group: bool = False) -> None:
        """End the line; a link that goes on is in both lines. ``room``: what it stands in."""
        still_open = [element for element, _ in self.opened]
        for element, start in self.opened:
            if self.text[start:].strip():
                self._keep_link(element, start)
        text = self.text.rstrip()
        if one_line(text) or self.links:
            level = self.level or (BOLD if self._is_bold_line(text) else 0)
            if level == BOLD and room is not None and room not in self.bold_rooms:
                self.bold_rooms.append(room)
            links = (*self.links, *_written_addresses(text, self.links))
            self.blocks.append(Block(text, links, level, self.group, self.items > 0))
        if not same_group:
            self.group += 1
        self.text, self.links, self.bold = "", [], 0
        self.opened = [(element, 0) for element in still_open]

    def _is_bold_line(self, text: str) -> bool:
        whole = len(text.strip()) - 2 <= self.bold
        return bool(text) and whole and len(text) <= LONGEST_HEADING and not self.links


def _room_of(element: HtmlElement) -> HtmlElement | None:
    """The block in which an inline element stands."""
    return next((one for one in element.iterancestors() if one.tag not in INLINE), None)


def _written_addresses(text: str, links: Sequence[Link]) -> Iterator[Link]:
    """Addresses written out in a line, without being links."""
    for match in ADDRESS.finditer(text):
        written = match[0].rstrip(".,;:!?»”\"'")
        if not any(link.start <= match.start() < link.end for link in links):
            try:
                url = canonical_url(written)
            except ValueError:
                continue
            yield Link(url, written, match.start(), match.start() + len(written))


def _image_words(element: HtmlElement) -> str:
    """What a link without words is told to be: its title, or its picture's alternative."""
    said: Iterator[str | None] = (image.get("alt") for image in element.iter("img"))
    return one_line(element.get("title") or next((one for one in said if one), "") or "")
