"""articles → themes: the stage that tags what this version of the tagger has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from core.model import ArticleId, Report, Tagging
from core.progress import Progress, silent
from store import Store
from store.articles import Untagged
from store.shares import Slice

FORGOTTEN = 5_000  # articles a transaction
BATCH = 200  # articles a transaction: short enough for other writers, long enough to be quick


class TagsTexts(Protocol):
    """What this stage needs of a tagger."""

    version: str

    def tag_all(self, items: Iterable[tuple[str, str]]) -> Iterator[tuple[Tagging, ...]]:
        """The themes of each (title, text)."""


def tag(
    store: Store,
    tagger: TagsTexts,
    *,
    share: Slice | None = None,
    progress: Progress = silent,
) -> Report:
    """Tag every article that this version of the tagger has not seen; ``share``: only of this.

    Each batch is kept at once: what was done before an interruption is not done again. An article
    that changes meanwhile waits for the next time.
    """
    with store.read() as tx:
        total = tx.articles.count_waiting_tagging(tagger.version)
    done = in_field = 0
    for batch in _batches(store, tagger.version, share):
        texts = ((article.title, article.text or article.summary) for article in batch)
        given = list(zip((article.id for article in batch), tagger.tag_all(texts), strict=True))
        read = {article.id: article.fingerprint for article in batch}
        with store.begin() as tx:
            tx.articles.save_taggings(given, tagger=tagger.version, read=read)
        done += len(batch)
        in_field += sum(1 for _, themes in given if themes)
        progress(done, max(done, total))
    return Report(done=done, details={"in_field": in_field})


def forget(store: Store) -> None:
    """Have every article tagged again, by pieces, so that other writers need not wait."""
    last: ArticleId | None = ArticleId(0)
    while last is not None:
        with store.begin() as tx:
            last = tx.articles.forget_taggers(last, FORGOTTEN)


def _batches(store: Store, version: str, share: Slice | None) -> Iterator[list[Untagged]]:
    last: ArticleId | None = None
    while True:
        with store.read() as tx:
            batch = tx.articles.waiting_tagging(version, BATCH, last, share)
        if not batch:
            return
        yield batch
        last = batch[-1].id
