"""Sites that press reviews cite often and that are no source yet: proposed to the team."""

from __future__ import annotations

from datetime import datetime

from core.model import Source, SourceKind
from core.urls import canonical_url, host_of
from store import ReadTransaction, Transaction
from store.citations import MetSite

OFTEN = 3  # articles cited
MOST = 50


def proposed_sites(tx: ReadTransaction, limit: int = MOST) -> list[MetSite]:
    """The sites met often that are neither sources nor set aside, most cited first."""
    known = {host_of(one.url) for one in tx.sources.all()} | tx.sources.set_aside()
    met = tx.citations.met(fewest=OFTEN, limit=limit + len(known))
    return [one for one in met if one.host not in known][:limit]


def add_unseen(tx: Transaction, url: str, now: datetime, name: str = "") -> Source:
    """Keep an address as a source without looking: where it publishes is found at the next collect.

    Raises ValueError for what is no address of a page, Conflict when it is a source already.
    """
    address = canonical_url(url)
    return tx.sources.add(
        name=name or host_of(address),
        url=address,
        feed=address,
        kind=SourceKind.LISTING,
        now=now,
        candidates=(address,),
    )
