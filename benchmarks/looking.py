"""``python -m benchmarks.looking [SMALL] [LARGE] [DATABASE_URL]``: the cost of looking for copies.

A store is filled in bulk to SMALL articles (10,000), then to LARGE (1,000,000); at each size new
articles come in and the real stage compares them: unlike any other, copies of some that are held,
and others that share a site's boilerplate with thousands. Prints milliseconds an article (lookup,
comparison and writing), and exits with 1 when LARGE costs a millisecond more than SMALL.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import insert

from benchmarks.corpus import articles as made_up
from core.model import Access, Extracted, Source, SourceKind
from curation.grouping import HOLDERS, METHOD, group
from curation.shingles import KEYS, shingles, sketch, words_of
from store import Store
from store.batches import batched
from store.database import open_engine
from store.tables import articles, keys

BAR_MS = 1.0
ROUNDS = 5
EACH = 100  # new articles of each sort, a round
POOL = 2 * ROUNDS * EACH
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filling:
    """What the store is filled with: texts that are held, and a site's foot."""

    source: Source
    texts: Sequence[str]
    foot: str


def main(arguments: Sequence[str]) -> None:
    """Fill, measure, fill on, measure again."""
    small, large = (int(one) for one in (*arguments, *("10000", "1000000")[len(arguments) :])[:2])
    if not POOL < small < large:
        sys.exit(f"SMALL is more than {POOL}, and LARGE more than SMALL")
    with TemporaryDirectory(prefix="glaneuse-bench-") as folder:
        url = arguments[2] if len(arguments) > 2 else f"sqlite:///{Path(folder)}/glaneuse.sqlite"
        with Store.open(url) as store:
            texts = [document.text for document in made_up(POOL)]
            filling = Filling(_source(store), texts, " ".join(texts[0].split()[:90]))
            _keep(store, filling, "held", texts)
            group(store)
            _share_foot(url, filling, 10**7)
            _fill(url, filling, 10**7, small - POOL)
            few = _measured(store, filling, 0)
            _fill(url, filling, 2 * 10**7, large - small)
            many = _measured(store, filling, ROUNDS)
    print(f"  {small:>9,} articles held: {few:.2f} ms an article")
    print(f"  {large:>9,} articles held: {many:.2f} ms an article, {many - few:+.2f}")
    if many - few > BAR_MS:
        sys.exit(1)


def _measured(store: Store, filling: Filling, first: int) -> float:
    """Milliseconds an article, the median of several rounds."""
    taken: list[float] = []
    for round_ in range(first, first + ROUNDS):
        new = [document.text for document in made_up(EACH * 2, seed=100 + round_)]
        copied = filling.texts[round_ * EACH : (round_ + 1) * EACH]
        sorts = (
            *new[:EACH],
            *(f"Un mot d’abord. {text}" for text in copied),
            *(f"{text} {filling.foot}" for text in new[EACH:]),
        )
        _keep(store, filling, f"new/{round_}", sorts)
        start = perf_counter()
        report = group(store)
        taken.append((perf_counter() - start) / report.done * 1000)
        assert report.details["grouped"] >= EACH
    return median(taken)


def _keep(store: Store, filling: Filling, name: str, texts: Sequence[str]) -> None:
    with store.begin() as tx:
        for at, text in enumerate(texts):
            url = f"{filling.source.url}{name}/{at}"
            one = Extracted(url, f"Article {name} {at}", text, published=EPOCH)
            tx.articles.save(one, source_id=filling.source.id, now=EPOCH)


def _source(store: Store) -> Source:
    with store.begin() as tx:
        home = "https://exemple.fr/"
        return tx.sources.add(
            name="Exemple", url=home, feed=f"{home}feed", kind=SourceKind.FEED, now=EPOCH
        )


def _share_foot(url: str, filling: Filling, first: int) -> None:
    """Each key of the foot is held by as many articles as the stage lets."""
    foot = sketch(shingles(words_of(filling.foot).numbers))
    ids = range(first, first + 10 * HOLDERS, 10)
    with _writing(url) as connection:
        rows = [{"key": key, "article_id": id} for key in foot for id in ids]
        connection.execute(insert(keys), rows)


def _fill(url: str, filling: Filling, first: int, count: int) -> None:
    """Articles already compared, one in ten with the foot; keys as those of texts of their own."""
    drawn = np.random.default_rng(first)
    ids = np.repeat(np.arange(first, first + count, dtype=np.int64), KEYS)
    values = drawn.integers(0, 2**48, size=len(ids), dtype=np.int64)
    order = np.argsort(values, kind="stable")
    with _writing(url) as connection:
        for some in batched(range(first, first + count), 5_000):
            connection.execute(insert(articles), [_row(filling, id) for id in some])
        for part in np.array_split(order, max(1, len(order) // 50_000)):
            rows = zip(values[part].tolist(), ids[part].tolist(), strict=True)
            connection.execute(insert(keys), [{"key": k, "article_id": id} for k, id in rows])


def _row(filling: Filling, id: int) -> dict[str, Any]:
    appeared = EPOCH + timedelta(minutes=id)
    return {
        "id": id,
        "url": f"{filling.source.url}{id}",
        "source_id": filling.source.id,
        "title": f"Titre {id}",
        "text": filling.texts[id % POOL] + (f" {filling.foot}" if id % 10 == 0 else ""),
        "published": appeared,
        "appeared": appeared,
        "access": Access.FREE,
        "collected": appeared,
        "updated": appeared,
        "fingerprint": str(id),
        "grouper": METHOD,
    }


@contextmanager
def _writing(url: str) -> Iterator[Any]:
    engine = open_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
