"""Bookmarks as browsers and collections export them: the Netscape bookmark file format.

https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

from core.text import one_line, shorten
from core.urls import canonical_url, host_of

_DECLARED = re.compile(r"<!doctype\s+netscape-bookmark-file", re.IGNORECASE)
_HEADING = re.compile(r"h[1-6]")
# What opens a tag that nothing closes before the next one. Such signs, and comments, make Python's
# parser look ahead to the end of the file again and again: a minute for a small hostile file.
_STRAY = re.compile(r"<!--|<(?=[^<>]*+(?:<|\Z))")
_YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark: where, called what, in which folder, kept when."""

    url: str
    title: str
    folder: str = ""
    added: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoBookmark:
    """A link that is none: the line on which it stands, from 1, and where it leads."""

    line: int
    link: str


@dataclass(slots=True)
class Bookmarks:
    """What a file held: each address once, in its order, and the links to no web page."""

    found: dict[str, Bookmark] = field(default_factory=dict)
    passed: list[NoBookmark] = field(default_factory=list)


def is_bookmarks(text: str) -> bool:
    """Whether a file says that it holds bookmarks."""
    return bool(_DECLARED.search(text[:1000]))


def bookmarks_in(text: str) -> Bookmarks:
    """The bookmarks of a file, read as HTML whose elements may be left open."""
    reader = _Reader()
    reader.feed(_STRAY.sub("", text))
    reader.close()
    reader.end_link()
    return reader.read


class _Reader(HTMLParser):
    """Headings name folders; links are bookmarks, a closing tag or not."""

    def __init__(self) -> None:
        super().__init__()
        self.read = Bookmarks()
        self.folder = ""
        self.words: list[str] | None = None  # of the link or the heading that is open
        self.link: dict[str, str | None] | None = None
        self.line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" or _HEADING.fullmatch(tag):
            self.end_link()
            self.words, self.line = [], self.getpos()[0]
            self.link = dict(reversed(attrs)) if tag == "a" else None
        elif tag in {"dt", "dl", "dd"}:
            self.end_link()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"a", "dl"}:
            self.end_link()
        elif _HEADING.fullmatch(tag) and self.words is not None:
            self.folder = one_line("".join(self.words)) if tag != "h1" else ""
            self.words = None

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def end_link(self) -> None:
        """Keep the link that is open, if there is one."""
        link, words, self.link, self.words = self.link, self.words or [], None, None
        if link is None:
            return
        href = link.get("href") or ""
        try:
            url = canonical_url(href)
        except ValueError:
            self.read.passed.append(NoBookmark(self.line, shorten(href, 100)))
            return
        title = one_line("".join(words)) or host_of(url)
        one = Bookmark(url, title, self.folder, _instant(link.get("add_date")))
        self.read.found.setdefault(url, one)


def _instant(stamp: str | None) -> datetime | None:
    """Seconds since 1970, as they are written there."""
    if stamp is None or not stamp.strip().isdecimal():
        return None
    try:
        instant = datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.year in _YEARS else None
