"""Articles made for the tests of the digest: plain by default, or drawn by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from core.model import (
    Access,
    Article,
    ArticleId,
    Evidence,
    Kind,
    KindGiven,
    Likeness,
    Reprint,
    SameNews,
    Source,
    SourceId,
    SourceKind,
    Tagging,
    Theme,
    ThemeId,
)
from curation.period import Period

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PERIOD = Period.last_days(NOW)
THEMES = tuple(Theme(ThemeId(id), f"Thème {id}", "famille") for id in "abcdefghijklmn")


def source(number: int = 1, name: str = "") -> Source:
    return Source(
        SourceId(number),
        f"source-{number}",
        name or f"Média {number}",
        f"https://media{number}.example/",
        f"https://media{number}.example/feed",
        SourceKind.FEED,
    )


def article(
    number: int = 1,
    title: str | None = None,
    *,
    text: str | None = None,
    by: int | Source = 1,
    themes: str = "a",
    score: float = 0.8,
    hours_ago: float = 24,
    author: str = "",
    summary: str = "",
    access: Access = Access.FREE,
    url: str = "",
    also: tuple[Reprint, ...] = (),
) -> Article:
    """Article ``number``, unlike any other unless title or text is given."""
    published = NOW - timedelta(hours=hours_ago)
    origin = by if isinstance(by, Source) else source(by)
    seen = Evidence("title", 0, 3, "mot")
    return Article(
        ArticleId(number),
        url or f"{origin.url}{number}",
        f"Titre {number}" if title is None else title,
        " ".join(f"mot{number}x{at}" for at in range(150)) if text is None else text,
        origin,
        author=author,
        published=published,
        access=access,
        summary=summary,
        collected=max(published, NOW),
        taggings=tuple(
            Tagging(ThemeId(id), max(score - place / 10, 0), (seen,) * (3 - min(place, 3)))
            for place, id in enumerate(themes)
        ),
        tagger="1",
        also=also,
    )


def reprint(number: int, *, by: int) -> Reprint:
    """Article ``number``, as the same one as another."""
    one = article(number, by=by)
    return Reprint(one.id, one.url, one.title, one.source, SameNews(Likeness.TEXT))


_TEXTS = st.one_of(st.none(), st.just(""), st.text(max_size=40))
_TITLES = st.one_of(st.none(), st.text(max_size=40))


@st.composite
def articles(draw: st.DrawFn, max_size: int = 30) -> list[Article]:
    """Articles of several sources and themes; some empty, off-field or out of date."""
    return [
        replace(_drawn(draw, number), kind=draw(_KINDS))
        for number in range(1, 1 + draw(st.integers(0, max_size)))
    ]


_KINDS = st.one_of(st.none(), st.sampled_from(Kind).map(KindGiven))


def _drawn(draw: st.DrawFn, number: int) -> Article:
    return article(
        number,
        draw(_TITLES),
        text=draw(_TEXTS),
        by=draw(st.integers(1, 6)),
        themes=draw(
            st.text("abcdefghijklmnz", max_size=3).map(lambda t: "".join(dict.fromkeys(t)))
        ),
        score=draw(st.floats(0, 1)),
        hours_ago=draw(st.integers(-30, 200)),
    )
