"""What the pages count and name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.model import Extracted, SourceKind, Tagging, ThemeId
from store import Store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def fill(store: Store) -> None:
    with store.begin() as tx:
        sources = [
            tx.sources.add(
                name=name,
                url=f"https://{name}.example/",
                feed=f"https://{name}.example/f",
                kind=SourceKind.FEED,
                now=NOW,
            )
            for name in ("Alpha", "Beta")
        ]
        for number in range(6):
            article = Extracted(
                f"https://a.example/{number}",
                f"Titre {number}",
                "Texte.",
                published=NOW - timedelta(days=number),
            )
            id, _ = tx.articles.save(article, source_id=sources[number % 2].id, now=NOW)
            given = [Tagging(ThemeId("numerique"), 1)] if number < 4 else []
            tx.articles.save_taggings([(id, given)], tagger="t")
        tx.sources.remove("beta")


def test_a_count_is_the_length_of_its_list(store: Store) -> None:
    fill(store)
    since, until = NOW - timedelta(days=2), NOW
    with store.read() as tx:
        source = tx.sources.by_slug("alpha").id
        for theme in (None, "numerique", "autre"):
            for origin in (None, source):
                for start, end in ((None, None), (since, None), (None, until), (since, until)):
                    asked = {"theme": theme, "source": origin, "since": start, "until": end}
                    found = tx.articles.recent(**asked)  # type: ignore[arg-type]
                    assert tx.articles.count(**asked) == len(found)  # type: ignore[arg-type]


def test_removed_sources_keep_their_names(store: Store) -> None:
    fill(store)
    with store.read() as tx:
        assert tx.sources.names() == {"alpha": "Alpha", "beta": "Beta"}
