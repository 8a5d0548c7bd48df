"""Digests of what the store holds."""

from __future__ import annotations

from collections.abc import Sequence

from core.model import Theme
from curation.digest import Digest, compose
from curation.period import Period
from store import Store


def digest_of(store: Store, period: Period, themes: Sequence[Theme]) -> Digest:
    """The digest of the articles that appeared during ``period``. Raises StoreFailed."""
    with store.read() as transaction:
        articles = transaction.articles.recent(since=period.start, until=period.end)
        cited = transaction.citations.counts(id for one in articles for id in one.everywhere)
    return compose(period, articles, themes, cited=cited)
