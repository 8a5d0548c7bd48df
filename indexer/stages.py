"""The stage: what changed in the store goes to the search engine, each group under its leader."""

from __future__ import annotations

from collections.abc import Iterator

from core.model import Report
from core.progress import Progress, silent
from indexer.engine import Document, SearchEngine
from indexer.entries import document
from store import Store
from store.batches import batched

BATCH = 500
_ALL = 1_000_000_000


def drain(
    store: Store,
    engine: SearchEngine,
    limit: int = BATCH,
    *,
    extract_length: int = 200,
    progress: Progress = silent,
) -> Report:
    """Index what changed, ``limit`` articles at a time, until nothing is left to do.

    A change is forgotten only once the engine has it: killed in between, it is indexed again.
    Raises IndexBusy and SearchUnavailable.
    """
    with store.read() as tx:
        total = tx.changes.count()
    put = removed = 0
    engine.put(())  # so that there is an index, even without any article
    while True:
        with store.read() as tx:
            changes = tx.changes.next(limit)
            ids = [change.article_id for change in changes]
            articles = [one for one in tx.articles.by_ids(ids) if one.leads]
        if not changes:
            return Report(done=put + removed, details={"indexed": put, "removed": removed})
        present = {article.id for article in articles}
        gone = [identifier for identifier in ids if identifier not in present]
        if articles:
            engine.put([document(article, extract_length) for article in articles])
        if gone:
            engine.remove(gone)
        with store.begin() as writing:
            writing.changes.done(changes)
        put, removed = put + len(articles), removed + len(gone)
        progress(put + removed, max(put + removed, total))


def rebuild(
    store: Store,
    engine: SearchEngine,
    *,
    extract_length: int = 200,
    progress: Progress = silent,
) -> Report:
    """Make a new index of every article; searches answer from the old one meanwhile.

    What changes while it runs stays in the change log, for the next ``drain``.
    """
    with store.read() as tx:
        changes = tx.changes.next(_ALL)
        ids = list(tx.articles.ids())
    done = 0

    def documents() -> Iterator[Document]:
        nonlocal done
        for batch in batched(ids, BATCH):
            with store.read() as tx:
                articles = tx.articles.by_ids(batch)
            yield from (document(one, extract_length) for one in articles if one.leads)
            done += len(articles)
            progress(done, len(ids))

    engine.rebuild(documents())
    for seen in batched(changes, BATCH):
        with store.begin() as writing:
            writing.changes.done(seen)
    return Report(done=done, details={"indexed": done})
