"""Articles added by hand: an address, a title; what Glaneuse may read of them comes later."""

from __future__ import annotations

from datetime import datetime

from core.model import Access, ArticleId, Extracted
from core.text import one_line
from core.urls import canonical_url
from store import Transaction
from store.articles import Saved

LONGEST_TITLE = 300  # characters


def add_by_hand(
    tx: Transaction,
    *,
    url: str,
    title: str,
    now: datetime,
    author: str = "",
    published: datetime | None = None,
) -> tuple[ArticleId, Saved]:
    """Keep an article that somebody pasted: not read, and looked at once at the next collect.

    One that is held already is left as it is (UNCHANGED). Raises ValueError for an address that
    is none of a page, Withdrawn.
    """
    address = canonical_url(url)
    held = tx.articles.by_urls([address]).get(address)
    if held is not None:
        return held, Saved.UNCHANGED
    read = Extracted(
        url=address,
        title=one_line(title)[:LONGEST_TITLE],
        text="",
        author=one_line(author),
        published=published,
        access=Access.UNREAD,
    )
    source = tx.sources.met(address, now)
    id, saved = tx.articles.save(read, source_id=source.id, now=now)
    tx.revisits.plan(id, now)
    return id, saved
