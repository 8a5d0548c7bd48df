"""How sources are doing: what is failing, what refuses us, what has fallen silent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.model import Source, SourceKind, SourceStatus
from crawler.schedule import is_given_up, is_silent, silent_from, usual_gap
from store import ReadTransaction

ENDURED = timedelta(days=3)  # of failing, before anybody is told


class State(StrEnum):
    """What there is to say of a source; the first that holds."""

    REFUSED = "refused"
    GIVEN_UP = "given up"
    FAILING = "failing"
    SILENT = "silent"
    NEW = "new"
    WELL = "well"
    NOT_VISITED = "not visited"


TROUBLES = (State.REFUSED, State.GIVEN_UP, State.FAILING, State.SILENT)


@dataclass(frozen=True, slots=True)
class Health:
    """A source, its usual rhythm, when it last published, and how it is doing."""

    source: Source
    state: State
    articles: int = 0
    latest: datetime | None = None  # its last article
    gap: timedelta | None = None  # usual, between two articles
    since: datetime | None = None  # from when somebody should know; None when all is well

    @property
    def is_trouble(self) -> bool:
        """Whether somebody should look."""
        return self.state in TROUBLES


def health_of(
    source: Source, appeared: Sequence[datetime], now: datetime, articles: int = 0
) -> Health:
    """How a source is doing; ``appeared``: when its latest articles did."""
    gap, latest = usual_gap(appeared, now), max(appeared, default=None)
    state = _state(source, gap, latest, now)
    since = None
    if state is State.SILENT and latest is not None:
        since = silent_from(gap, latest)
    elif state in TROUBLES and source.failing_since is not None:
        since = source.failing_since + ENDURED
    return Health(source, state, articles, latest, gap, since)


def _state(source: Source, gap: timedelta | None, latest: datetime | None, now: datetime) -> State:
    if not source.feed or source.kind in {SourceKind.IMPORT, SourceKind.MET}:
        return State.NOT_VISITED
    if source.status is SourceStatus.REFUSED:
        return State.REFUSED
    if is_given_up(source.weight, source.failing_since, now):
        return State.GIVEN_UP
    if source.status is SourceStatus.FAILING:
        return State.FAILING
    if source.status is SourceStatus.NEW:
        return State.NEW
    return State.SILENT if is_silent(gap, latest, now) else State.WELL


def health_of_all(tx: ReadTransaction, now: datetime) -> list[Health]:
    """Every source that is visited, those in trouble first, then by name."""
    figures = [one for one in tx.sources.with_figures() if one.source.feed]
    moments = tx.articles.moments(one.source.id for one in figures)
    found = [
        health_of(one.source, moments.get(one.source.id, []), now, one.articles) for one in figures
    ]
    visited = [one for one in found if one.state is not State.NOT_VISITED]
    return sorted(visited, key=lambda one: not one.is_trouble)


def fresh_troubles(found: Iterable[Health], now: datetime, window: timedelta) -> list[Health]:
    """Those whose trouble became worth telling within ``window``: each is told once."""
    return [one for one in found if one.since is not None and now - window < one.since <= now]
