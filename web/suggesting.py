"""What is suggested while somebody types: themes, sources, articles, with their addresses.

Names are compared folded, word by word, by their beginnings; articles come from the search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.errors import SearchUnavailable
from core.model import ArticleId
from core.text import fold, one_line, shorten
from indexer.engine import SearchEngine

SHORTEST: Final = 2  # characters typed
LONGEST: Final = 100
ARTICLES: Final = 4
TITLE_LENGTH: Final = 90


@dataclass(frozen=True, slots=True)
class Name:
    """Something that has a page: what it is called, what it is (« Thème »), where its page is."""

    label: str
    kind: str
    address: str


def named(typed: str, names: Iterable[Name], most: int) -> list[Name]:
    """The names in which every word typed begins a word, those that begin so first."""
    wanted = _words(typed)
    if len("".join(wanted)) < SHORTEST:
        return []

    def order(name: Name) -> tuple[bool, str]:
        return _words(name.label)[: len(wanted)] != wanted, fold(name.label)

    return sorted((one for one in names if _begins(wanted, _words(one.label))), key=order)[:most]


def titled(typed: str, engine: SearchEngine) -> list[tuple[ArticleId, str]]:
    """The newest articles whose titles go so: number and title. None when the search is down."""
    if len(typed) <= SHORTEST:
        return []
    try:
        found = engine.suggest(typed, ARTICLES)
    except SearchUnavailable:
        return []
    titles = ((one.id, one_line(one.title)) for one in found)
    return [(id, shorten(title, TITLE_LENGTH)) for id, title in titles if title]


def _begins(wanted: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in wanted)


@lru_cache(maxsize=8192)  # the same names at each key that is pressed
def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(char if char.isalnum() else " " for char in fold(text)).split())
