"""Bookmarks (``core/bookmarks.py``) kept as articles to read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from core.bookmarks import Bookmark, bookmarks_in
from core.bookmarks import is_bookmarks as declares_bookmarks
from core.clock import Clock
from core.errors import Unreadable, Withdrawn
from core.model import Report
from crawler.adding import add_by_hand
from crawler.decoding import decode
from store import Store
from store.articles import Saved

MOST = 20_000


def is_bookmarks(body: bytes) -> bool:
    """Whether a file says that it holds bookmarks."""
    return declares_bookmarks(decode(body[:1000]))


def read_bookmarks(body: bytes) -> list[Bookmark]:
    """The bookmarks of web pages in a file, each address once, in its order. Raises Unreadable."""
    text = decode(body)
    if not declares_bookmarks(text):
        raise Unreadable("Signets", "ce n’est pas un fichier de signets")
    return list(islice(bookmarks_in(text).found.values(), MOST))


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
