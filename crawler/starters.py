"""The starter list: sources of the field to begin with, in packs to choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from core.clock import Clock
from core.errors import Conflict, NotFound
from core.model import Source, SourceKind
from core.urls import canonical_url
from store import Store

FILE = Path(__file__).with_name("sources.yaml")


@dataclass(frozen=True, slots=True)
class Starter:
    """A source to begin with; ``feeds``: addresses where its feed may be, likeliest first."""

    name: str
    site: str
    packs: tuple[str, ...]
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StarterList:
    """The packs by their key, each with its French label; and the sources."""

    packs: dict[str, str]
    sources: tuple[Starter, ...]

    def chosen(self, packs: Collection[str]) -> list[Starter]:
        """The sources of these packs, each once. Raises NotFound for one that is none."""
        for pack in packs:
            if pack not in self.packs:
                raise NotFound("pack", pack)
        return [one for one in self.sources if not set(packs).isdisjoint(one.packs)]


@lru_cache(maxsize=1)
def starter_list(file: Path = FILE) -> StarterList:
    """The list as shipped."""
    held = yaml.safe_load(file.read_text(encoding="utf-8"))
    sources = tuple(
        Starter(one["name"], one["site"], tuple(one["packs"]), tuple(one.get("feeds", ())))
        for one in held["sources"]
    )
    return StarterList(dict(held["packs"]), sources)


def add_starters(store: Store, starters: Iterable[Starter], clock: Clock) -> list[Source]:
    """Keep these as sources, those that are there already left out. Nothing is fetched.

    Which of its addresses answers is found out at the next collect (``crawler/settling.py``).
    """
    added: list[Source] = []
    with store.begin() as tx:
        sites = {canonical_url(one.url) for one in tx.sources.all()}
        for one in starters:
            if canonical_url(one.site) not in sites:
                feeds = [canonical_url(feed) for feed in one.feeds]
                try:
                    added.append(
                        tx.sources.add(
                            name=one.name,
                            url=one.site,
                            feed=feeds[0] if feeds else one.site,
                            kind=SourceKind.FEED if feeds else SourceKind.LISTING,
                            now=clock(),
                            candidates=(*feeds, one.site),
                        )
                    )
                except Conflict:
                    continue
    return added
