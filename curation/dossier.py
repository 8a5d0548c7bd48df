"""« Constituer un dossier »: some readings on a question, chosen to complete one another. Pure.

Each next reading is the one that is near the question *and* brings most of what is not there yet:
a kind of text, a period, a voice. That is the greedy choice of xQuAD (Santos, Macdonald & Ounis,
« Exploiting query reformulations for web search result diversification », WWW 2010), with plain
aspects instead of reformulations: what a dossier for students has to cover.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from core.model import Article, ArticleId, Kind

SIZE: Final = 10
# Below this part of the best answer's nearness, an article is no longer about the question.
LEAST: Final = 0.2
A_VOICE: Final = 2  # readings of one source, at most, as long as others are left
_RECENT: Final = timedelta(days=365)
_LATELY: Final = timedelta(days=4 * 365)


class Genre(StrEnum):
    """The kinds of text that a dossier sets side by side."""

    NEWS = "news"
    PRACTICE = "practice"
    STUDY = "study"
    LAW = "law"
    OPINION = "opinion"
    TOOL = "tool"


class Why(StrEnum):
    """The reason for a reading's place."""

    NEAREST = "nearest"  # of all, the nearest to the question
    GENRE = "genre"  # the first of its kind in the dossier
    OLDER = "older"  # a landmark from before the others
    RECENT = "recent"  # the first of the last twelve months
    VOICE = "voice"  # somebody who has not spoken yet
    CITED = "cited"  # others refer to it
    CLOSE = "close"  # near the question, beside what is there


GENRES: Final = {
    Kind.NEWS: Genre.NEWS,
    Kind.OFFICIAL: Genre.LAW,
    Kind.STUDY: Genre.STUDY,
    Kind.PUBLICATION: Genre.STUDY,
    Kind.OPINION: Genre.OPINION,
    Kind.INTERVIEW: Genre.PRACTICE,
    Kind.PRACTICE: Genre.PRACTICE,
    Kind.TOOL: Genre.TOOL,
}
LEFT_OUT: Final = frozenset({Kind.JOB, Kind.EVENT})
_WORTH: Final = {
    Genre.LAW: 0.6,
    Genre.STUDY: 0.6,
    Genre.PRACTICE: 0.6,
    Genre.NEWS: 0.35,
    Genre.OPINION: 0.5,
    Genre.TOOL: 0.25,
}
_PERIOD: Final = 0.3
_VOICE: Final = 0.25
_CITED: Final = 0.03  # for each source that cites it, up to five


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that answers the question; ``near``: how well, the best being 1."""

    article: Article
    near: float
    cited: int = 0  # by how many other sources

    @property
    def genre(self) -> Genre:
        """What kind of text it is here."""
        kind = self.article.kind.kind if self.article.kind else Kind.NEWS
        return GENRES.get(kind, Genre.NEWS)


@dataclass(frozen=True, slots=True)
class Pick:
    """A reading of the dossier, and the reason for its place."""

    article: Article
    genre: Genre
    why: Why
    cited: int = 0


def dossier(
    candidates: Iterable[Candidate],
    now: datetime,
    *,
    size: int = SIZE,
    kept: Collection[ArticleId] = (),
    dropped: Collection[ArticleId] = (),
) -> tuple[Pick, ...]:
    """The readings chosen, those ``kept`` first among them, none of those ``dropped``."""
    pool = [one for one in _fit(candidates) if one.article.id not in dropped]
    chosen: list[Candidate] = []
    picks: list[Pick] = []
    while pool and len(picks) < size:
        best = _best([one for one in pool if one.article.id in kept] or pool, chosen, now)
        picks.append(Pick(best.article, best.genre, _why(best, chosen, now), best.cited))
        chosen.append(best)
        pool.remove(best)
    return tuple(picks)


def _fit(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that can be read for a course, each once, near enough to the question."""
    best: dict[ArticleId, Candidate] = {}
    for one in candidates:
        known = best.get(one.article.id)
        if known is None or one.near > known.near:
            best[one.article.id] = one
    return [
        one
        for one in best.values()
        if one.near >= LEAST and (one.article.kind is None or one.article.kind.kind not in LEFT_OUT)
    ]


def _best(pool: Sequence[Candidate], chosen: Sequence[Candidate], now: datetime) -> Candidate:
    voices = Counter(one.article.source.id for one in chosen)
    fresh = [one for one in pool if voices[one.article.source.id] < A_VOICE] or list(pool)
    return max(fresh, key=lambda one: (_worth(one, chosen, now), -one.article.id))


def _worth(one: Candidate, chosen: Sequence[Candidate], now: datetime) -> float:
    """Nearness, and what it brings that the others have not."""
    if not chosen:
        return one.near
    genres = Counter(other.genre for other in chosen)
    periods = Counter(_period(other, now) for other in chosen)
    voices = Counter(other.article.source.id for other in chosen)
    return (
        one.near
        + _WORTH[one.genre] / (1 + genres[one.genre]) ** 2
        + _PERIOD / (1 + periods[_period(one, now)]) ** 2
        + _VOICE / (1 + voices[one.article.source.id])
        + _CITED * min(one.cited, 5)
    )


def _period(one: Candidate, now: datetime) -> int:
    """0 within twelve months, 1 within four years, 2 before."""
    when = one.article.appeared
    if when is None or now - when <= _RECENT:
        return 0
    return 1 if now - when <= _LATELY else 2


def _why(one: Candidate, chosen: Sequence[Candidate], now: datetime) -> Why:
    if not chosen:
        return Why.NEAREST
    if all(other.genre is not one.genre for other in chosen):
        return Why.GENRE
    if all(_period(other, now) != _period(one, now) for other in chosen):
        return Why.RECENT if _period(one, now) == 0 else Why.OLDER
    if one.cited > 1:
        return Why.CITED
    if all(other.article.source.id != one.article.source.id for other in chosen):
        return Why.VOICE
    return Why.CLOSE
