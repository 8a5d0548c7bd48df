"""Ten readings that complete one another, and why each is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.model import Article, ArticleId, Kind, KindGiven, Source, SourceId, SourceKind
from curation.dossier import Candidate, Genre, Why, dossier

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def candidate(
    id: int,
    near: float,
    kind: Kind = Kind.NEWS,
    *,
    source: int = 0,
    years: float = 0.1,
    cited: int = 0,
) -> Candidate:
    name = f"source-{source or id}"
    article = Article(
        ArticleId(id),
        f"https://a.example/{id}",
        f"Titre {id}",
        "",
        Source(SourceId(source or id), name, name, f"https://{name}.example/", "", SourceKind.FEED),
        published=NOW - timedelta(days=365 * years),
        kind=KindGiven(kind),
    )
    return Candidate(article, near, cited)


def test_the_nearest_comes_first_and_every_kind_is_there() -> None:
    news = [candidate(n, 1 - n / 100) for n in range(1, 20)]
    others = [
        candidate(30, 0.5, Kind.OFFICIAL), candidate(31, 0.5, Kind.STUDY),
        candidate(32, 0.5, Kind.PRACTICE), candidate(33, 0.5, Kind.OPINION),
        candidate(34, 0.45, Kind.PUBLICATION), candidate(35, 0.4, Kind.INTERVIEW),
    ]  # fmt: skip
    picks = dossier([*others, *news], NOW)
    assert len(picks) == 10
    assert (picks[0].article.id, picks[0].why) == (1, Why.NEAREST)
    assert {one.genre for one in picks} >= set(Genre) - {Genre.TOOL}
    assert [one.why for one in picks if one.genre is Genre.LAW][:1] == [Why.GENRE]
    assert len({one.article.id for one in picks}) == 10


def test_dates_and_voices_differ() -> None:
    same = [candidate(n, 0.9, source=100) for n in range(1, 12)]
    others = [candidate(20 + n, 0.7) for n in range(5)]
    old = candidate(50, 0.6, years=8)
    picks = dossier([*same, *others, old], NOW, size=6)
    ids = [one.article.id for one in picks]
    assert 50 in ids
    assert next(one.why for one in picks if one.article.id == 50) is Why.OLDER
    assert sum(one.article.source.id == 100 for one in picks) == 2
    assert Why.VOICE in {one.why for one in picks}
    alone = dossier(same, NOW, size=6)
    assert len(alone) == 6


def test_what_is_far_from_the_question_or_no_reading_is_left_out() -> None:
    far, job = candidate(1, 0.1), candidate(2, 0.9, Kind.JOB)
    event = candidate(3, 0.9, Kind.EVENT)
    assert dossier([far, job, event], NOW) == ()


def test_what_is_kept_stays_and_what_is_dropped_goes() -> None:
    pool = [candidate(n, 1 - n / 100) for n in range(1, 30)]
    kept, dropped = {ArticleId(25)}, {ArticleId(1), ArticleId(2)}
    ids = {one.article.id for one in dossier(pool, NOW, kept=kept, dropped=dropped)}
    assert kept <= ids
    assert ids.isdisjoint(dropped)
    assert len(ids) == 10


def test_the_same_article_found_twice_is_one_and_what_is_cited_says_so() -> None:
    once, again = candidate(1, 0.4), candidate(1, 0.9)
    assert len(dossier([once, again], NOW)) == 1
    cited = candidate(3, 0.5, source=2, cited=4)
    picks = dossier([candidate(1, 1.0), candidate(2, 0.9), cited], NOW)
    assert [one.why for one in picks if one.article.id == 3] == [Why.CITED]


def test_the_same_question_gives_the_same_dossier() -> None:
    pool = [candidate(n, 0.5) for n in range(1, 40)]
    assert dossier(pool, NOW) == dossier(list(reversed(pool)), NOW)
