"""Articles that speak of the same things: the search asked with an article's own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from core.errors import SearchUnavailable
from core.model import Article, ArticleId
from core.text import fold, one_line
from indexer.engine import Query, SearchEngine
from web.memory import Memory

SHOWN = 4
ASKED = 12  # answers looked at, so that enough are left when some are of no common theme
WORDS = 14  # of the title and the evidence; more of them slow the engine and say nothing more
KEPT = timedelta(minutes=10)  # an article is read by many on the same day


def similar_ids(engine: SearchEngine, memory: Memory, article: Article) -> list[ArticleId]:
    """The articles nearest to this one that share a theme with it, ``SHOWN`` at most.

    Empty when the article has no theme, or the search is down: the page stands without.
    """
    if not article.themes:
        return []
    key = ("similar", article.id, article.themes)
    try:
        return memory.recall(key, lambda: _found(engine, article), kept=KEPT)
    except SearchUnavailable:
        return []


def _found(engine: SearchEngine, article: Article) -> list[ArticleId]:
    words = " ".join(_words(article))
    hits = engine.search(Query(words, themes=article.themes, size=ASKED, plain=True)).hits
    title = fold(one_line(article.title))
    own = {article.id, *(reprint.id for reprint in article.also)}
    others = (hit for hit in hits if hit.id not in own and fold(_plain(hit.title)) != title)
    return [hit.id for hit in others][:SHOWN]


def _plain(pieces: tuple[object, ...]) -> str:
    return one_line("".join(getattr(piece, "text", "") for piece in pieces))


def _words(article: Article) -> list[str]:
    """The title's words and the words that decided for its themes, without what engines read."""
    return list(dict.fromkeys(_candidates(article)))[:WORDS]


def _candidates(article: Article) -> Iterator[str]:
    for text in (article.title, *(one.text for t in article.taggings for one in t.evidence)):
        yield from (word for word in _letters(text).split() if len(word) > 3)


def _letters(text: str) -> str:
    return "".join(char if char.isalnum() else " " for char in text)
