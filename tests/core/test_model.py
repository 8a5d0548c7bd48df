from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.model import Article, ArticleId, Source, SourceId, SourceKind, Tagging, ThemeId

EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
SOURCE = Source(SourceId(1), "s", "S", "https://s.example/", "https://s.example/f", SourceKind.FEED)


@pytest.mark.parametrize(
    ("published", "collected", "appeared"),
    [
        (EARLY, LATE, EARLY),
        (LATE, EARLY, EARLY),
        (EARLY, None, EARLY),
        (None, LATE, LATE),
        (None, None, None),
    ],
)
def test_an_article_appears_when_published_and_at_the_latest_when_collected(
    published: datetime | None, collected: datetime | None, appeared: datetime | None
) -> None:
    one = Article(
        ArticleId(1),
        "https://s.example/1",
        "",
        "",
        SOURCE,
        published=published,
        collected=collected,
    )
    assert one.appeared == appeared


def test_an_article_s_themes_are_those_of_its_taggings_surest_first() -> None:
    given = (Tagging(ThemeId("b"), 0.9), Tagging(ThemeId("a"), 0.5))
    one = Article(ArticleId(1), "https://s.example/1", "", "", SOURCE, taggings=given)
    assert one.themes == ("b", "a")
