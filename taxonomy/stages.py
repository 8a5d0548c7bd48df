"""articles → themes: the stage that tags what this version of the tagger has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from core.model import ArticleId, Report, Tagging
from core.progress import Progress, silent
from store import Store

BATCH = 200  # articles a transaction: short enough for other writers, long enough to be quick


class TagsTexts(Protocol):
    """What this stage needs of a tagger."""

    version: str

    def tag_all(self, items: Iterable[tuple[str, str]]) -> Iterator[tuple[Tagging, ...]]:
        """The themes of each (title, text)."""


def tag(store: Store, tagger: TagsTexts, *, progress: Progress = silent) -> Report:
    """Tag every article that this version of the tagger has not seen.

    Each batch is kept at once: what was done before an interruption is not done again.
    """
    with store.read() as tx:
        total = tx.articles.count_waiting_tagging(tagger.version)
    done = in_field = 0
    while batch := _next_batch(store, tagger):
        with store.begin() as tx:
            tx.articles.save_taggings(batch, tagger=tagger.version)
        done += len(batch)
        in_field += sum(1 for _, given in batch if given)
        progress(done, max(done, total))
    return Report(done=done, details={"in_field": in_field})


def _next_batch(store: Store, tagger: TagsTexts) -> list[tuple[ArticleId, tuple[Tagging, ...]]]:
    with store.read() as tx:
        waiting = tx.articles.waiting_tagging(tagger.version, BATCH)
    given = tagger.tag_all((article.title, article.text or article.summary) for article in waiting)
    return [(article.id, themes) for article, themes in zip(waiting, given, strict=True)]
