"""``python -m benchmarks.retagging [COUNT]``: all that is held tagged again, as ``tag --all`` does.

COUNT generated articles (2,000) are kept, tagged, indexed; then forgotten, and tagged, described
and indexed again. Prints the processor's time of each stage, an article and for 100,000.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.tagging import generated
from core.clock import now
from core.model import Extracted, SourceKind
from core.settings import read_settings
from glaneuse.wiring import open_describer, open_engine, open_store, open_tagger, vocabulary_of
from indexer.stages import drain
from store import Store
from taxonomy import stages
from taxonomy.describing import describe

COUNT = 2_000
MANY = 100_000
_WORDS = 330  # of an article


def main(arguments: Sequence[str]) -> None:
    """Tag twice; the second time is what counts."""
    count = int(arguments[0]) if arguments else COUNT
    with TemporaryDirectory() as folder:
        settings = read_settings({}, Path(folder))
        with open_store(settings) as store:
            _fill(store, count)
            tagger = open_tagger(settings, vocabulary_of(store))
            describer, engine = open_describer(), open_engine(settings, writing=True)
            steps: tuple[tuple[str, Callable[[], object]], ...] = (
                ("themes", lambda: stages.tag(store, tagger)),
                ("kinds and names", lambda: describe(store, describer)),
                ("index", lambda: drain(store, engine)),
            )
            for _, step in steps:
                step()
            stages.forget(store)
            _time(steps, count)


def _time(steps: Sequence[tuple[str, Callable[[], object]]], count: int) -> None:
    total = 0.0
    for name, step in steps:
        start = process_time()
        step()
        took = process_time() - start
        total += took
        print(f"{name:16} {1000 * took / count:6.2f} ms an article")
    minutes = total / count * MANY / 60
    print(f"{'all':16} {1000 * total / count:6.2f} ms, {minutes:.0f} min of a core for {MANY:,}")


def _fill(store: Store, count: int) -> None:
    with store.begin() as tx:
        home = "https://revue.example/"
        source = tx.sources.add(name="Revue", url=home, feed=home, kind=SourceKind.FEED, now=now())
        for number, (title, text) in enumerate(generated(count * _WORDS)[:count]):
            article = Extracted(f"{home}{number}", title, text, published=now())
            tx.articles.save(article, source_id=source.id, now=now())


if __name__ == "__main__":
    main(sys.argv[1:])
