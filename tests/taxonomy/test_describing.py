"""The stage that gives articles their kind and their names."""

from __future__ import annotations

import pytest

from core.model import EntityType, Extracted, Kind, SourceKind
from store import Store
from taxonomy import describing
from taxonomy.describing import Describer, describe
from taxonomy.genres import load_genres
from taxonomy.lexicon import load_lexicon
from tests.web.samples import NOW


@pytest.fixture(scope="session")
def describer() -> Describer:
    return Describer(load_lexicon(), load_genres())


def fill(store: Store, number: int) -> None:
    with store.begin() as tx:
        source = tx.sources.add(
            name="Site", url="https://s.example/", feed="", kind=SourceKind.IMPORT, now=NOW
        )
        for n in range(number):
            read = Extracted(f"https://s.example/agenda/{n}", "Dans l'Orne", "La Cnil vient.")
            tx.articles.save(read, source_id=source.id, now=NOW)


def test_everything_is_described_once(store: Store, describer: Describer) -> None:
    fill(store, 3)
    assert describe(store, describer).done == 3
    assert describe(store, describer).done == 0
    with store.read() as tx:
        article = tx.articles.recent(off_field=True, limit=1)[0]
    assert article.kind is not None
    assert article.kind.kind is Kind.EVENT
    assert [(one.type, one.id, one.times) for one in article.names] == [
        (EntityType.ORGANISATION, "cnil", 1),
        (EntityType.TERRITORY, "orne", 1),
        (EntityType.TERRITORY, "normandie", 0),  # its region
    ]


def test_what_was_done_before_an_interruption_is_kept(store: Store, describer: Describer) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert (done, total) == (describing.BATCH, describing.BATCH + 5)
        raise Stopped

    fill(store, describing.BATCH + 5)
    with pytest.raises(Stopped):
        describe(store, describer, progress=stop)
    assert describe(store, describer).done == 5
