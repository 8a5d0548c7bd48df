from __future__ import annotations

from pathlib import Path

from core.model import Article, Extracted, SourceKind
from curation.digests import digest_of
from store import Store
from tests.curation.samples import PERIOD, THEMES, article


def _keep(store: Store, one: Article) -> None:
    with store.begin() as transaction:
        origin = transaction.sources.add(
            name=one.source.name,
            url=one.source.url,
            feed=one.source.feed,
            kind=SourceKind.FEED,
            now=one.collected or PERIOD.end,
        )
        extracted = Extracted(one.url, one.title, one.text, published=one.published)
        id, _ = transaction.articles.save(extracted, source_id=origin.id, now=PERIOD.end)
        transaction.articles.save_taggings([(id, one.taggings)], tagger="1")


def test_a_digest_is_made_of_what_the_store_holds(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/glaneuse.sqlite") as store:
        _keep(store, article(1, by=1))
        _keep(store, article(2, by=2, themes=""))
        _keep(store, article(3, by=3, hours_ago=200))
        digest = digest_of(store, PERIOD, THEMES)
    assert [one.title for one in digest.articles] == ["Titre 1"]
    assert digest.headline == "Titre 1"
