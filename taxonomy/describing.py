"""articles → kinds and names: the stage that describes what this version has not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from core.model import ArticleId, Description, EntityType, Named, Report
from core.progress import Progress, silent
from store import Store
from store.descriptions import Undescribed
from store.shares import Slice
from taxonomy.entities import Recogniser
from taxonomy.genres import Genres
from taxonomy.kinds import Presented, kind_of
from taxonomy.lexicon import Lexicon

BATCH: Final = 200  # articles a transaction: short enough for other writers


class Describer:
    """Gives a text its kind and what it names; its version changes with the files it reads."""

    def __init__(self, lexicon: Lexicon, genres: Genres) -> None:
        self.version = f"{lexicon.version}-{genres.version}"
        self._lexicon = lexicon
        self._recogniser = Recogniser(lexicon)
        self._genres = genres

    def describe(self, presented: Presented) -> Description:
        """The kind of an article, and what it names."""
        names = self._recogniser.names(presented.title, presented.text)
        return Description(kind_of(presented, self._genres), (*names, *self._regions(names)))

    def _regions(self, names: Sequence[Named]) -> Iterator[Named]:
        """The regions of the départements named, said no time: they are searched by as well."""
        territories = self._lexicon.territories
        named = {one.id for one in names if one.type is EntityType.TERRITORY}
        implied = {territories[id].region for id in named} - named - {""}
        return (Named(EntityType.TERRITORY, id, 0) for id in sorted(implied))


def describe(
    store: Store,
    describer: Describer,
    *,
    share: Slice | None = None,
    progress: Progress = silent,
) -> Report:
    """Describe every article that this version has not seen; ``share``: only of this.

    Each batch is kept at once; an article that changes meanwhile waits for the next time.
    """
    with store.read() as tx:
        total = tx.descriptions.count_waiting(describer.version)
    done = 0
    for batch in _batches(store, describer.version, share):
        given = [(article.id, describer.describe(_presented(article))) for article in batch]
        read = {article.id: article.fingerprint for article in batch}
        with store.begin() as tx:
            tx.descriptions.save(given, describer=describer.version, read=read)
        done += len(batch)
        progress(done, max(done, total))
    return Report(done=done)


def _presented(article: Undescribed) -> Presented:
    text = article.text or article.summary
    return Presented(article.title, text, article.url, article.section)


def _batches(store: Store, version: str, share: Slice | None) -> Iterator[list[Undescribed]]:
    last: ArticleId | None = None
    while True:
        with store.read() as tx:
            batch = tx.descriptions.waiting(version, BATCH, last, share)
        if not batch:
            return
        yield batch
        last = batch[-1].id
