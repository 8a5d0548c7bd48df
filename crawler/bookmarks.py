"""Bookmarks as browsers and collections export them: the Netscape bookmark file format.

https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.clock import Clock
from core.errors import Unreadable, Withdrawn
from core.model import Report
from core.text import one_line
from core.urls import canonical_url, host_of
from crawler.adding import add_by_hand
from crawler.decoding import decode
from crawler.markup import HEADINGS, parse, words
from store import Store
from store.articles import Saved

MOST = 20_000
_DECLARED = re.compile(rb"<!doctype\s+netscape-bookmark-file", re.IGNORECASE)
_YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark: where, called what, in which folder, kept when."""

    url: str
    title: str
    folder: str = ""
    added: datetime | None = None


def is_bookmarks(body: bytes) -> bool:
    """Whether a file says that it holds bookmarks."""
    return bool(_DECLARED.search(body[:1000]))


def read_bookmarks(body: bytes) -> list[Bookmark]:
    """The bookmarks of web pages in a file, each address once, in its order. Raises Unreadable."""
    tree = parse(decode(body)) if is_bookmarks(body) else None
    if tree is None:
        raise Unreadable("Signets", "ce n’est pas un fichier de signets")
    found: dict[str, Bookmark] = {}
    folder = ""
    for element in tree.iter("a", *HEADINGS):
        if element.tag != "a":
            folder = words(element) if element.tag != "h1" else ""
            continue
        try:
            url = canonical_url(element.get("href") or "")
        except ValueError:
            continue
        title = one_line(words(element)) or host_of(url)
        found.setdefault(url, Bookmark(url, title, folder, _instant(element.get("add_date"))))
        if len(found) == MOST:
            break
    return list(found.values())


def import_bookmarks(bookmarks: Iterable[Bookmark], store: Store, clock: Clock) -> Report:
    """Keep these as articles to read; those that were withdrawn are named and passed over."""
    done, skipped, failures = 0, 0, []
    for one in bookmarks:
        try:
            with store.begin() as tx:
                _, saved = add_by_hand(tx, url=one.url, title=one.title, now=clock())
        except Withdrawn:
            failures.append(f"{one.url} : cet article a été retiré de Glaneuse")
            continue
        done += saved is Saved.INSERTED
        skipped += saved is not Saved.INSERTED
    return Report(done, skipped, len(failures), tuple(failures))


def _instant(stamp: str | None) -> datetime | None:
    """Seconds since 1970, as they are written there."""
    if stamp is None or not stamp.strip().isdecimal():
        return None
    try:
        instant = datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.year in _YEARS else None
