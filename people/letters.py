"""What to send to who follows something: chosen here, written elsewhere.

A subscription is looked at once for each of its slots (seven in the morning, Paris time: every
day, or on Monday). What is new to it: articles that Glaneuse has found since it began, in the last
fortnight at the earliest, that it has not had. Asked by when they were found rather than when they
appeared, and remembered one by one, so that an article found late, or given its theme late, comes
once, and comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from core.errors import SearchUnavailable
from core.letters import Letter
from core.model import Article, ArticleId, Report, ThemeId
from core.progress import Progress, silent
from core.subscriptions import Ending, Rhythm, Subject, SubjectKind, Subscription
from core.weeks import PARIS, paris_date
from people.subscriptions import leave, letters_of
from store import ReadTransaction, Store, Transaction
from store.batches import batched
from store.subscriptions import Fresh

HOUR: Final = time(7)  # in Paris
LOOKED_BACK: Final = timedelta(days=15)  # a weekly letter survives one week without sending
# What appeared earlier than this before it was found is an archive, not news: a source newly read.
LATE: Final = timedelta(days=30)
MOST: Final = 50  # articles in a letter
BATCH: Final = 50  # subscriptions a transaction

# The articles that a saved search finds, latest first.
Search = Callable[[str], Sequence[ArticleId]]


@dataclass(frozen=True, slots=True)
class Edition:
    """A letter to be written: for which subscription and slot, with what."""

    subscription: Subscription
    slot: datetime
    articles: tuple[Article, ...]  # ``MOST`` of them
    total: int

    @property
    def key(self) -> str:
        """Names the letter for ever: a subscription has one for each slot."""
        return f"{letters_of(self.subscription)}:{paris_date(self.slot).isoformat()}"


Write = Callable[[Edition], Letter]


def slot(rhythm: Rhythm, now: datetime) -> datetime:
    """The latest instant at which letters of this rhythm were to go."""
    local = now.astimezone(PARIS)
    day = local.date()
    if rhythm is Rhythm.WEEKLY:
        day -= timedelta(days=day.weekday())
    step = timedelta(days=7 if rhythm is Rhythm.WEEKLY else 1)
    found = datetime.combine(day, HOUR, PARIS)
    return (found if found <= local else datetime.combine(day - step, HOUR, PARIS)).astimezone(
        now.tzinfo
    )


def due(tx: ReadTransaction, now: datetime) -> list[tuple[Subscription, datetime]]:
    """The subscriptions to look at now, with their slots."""
    return [
        (one, at)
        for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY)
        for at in (slot(rhythm, now),)
        for one in tx.subscriptions.due(rhythm, at)
    ]


def prepare(
    store: Store,
    search: Search,
    write: Write,
    now: datetime,
    *,
    moved: Mapping[ThemeId, ThemeId] = MappingProxyType({}),
    progress: Progress = silent,
) -> Report:
    """Put into the outbox what is due: ``done`` letters; ``skipped`` had nothing new.

    ``moved``: themes that were merged or renamed, and what they are now: who follows the former
    follows the latter.

    Killed and run again, it goes on where it was: what a subscription has had, that it was looked
    at and its letter are kept together. ``failed`` ones follow a search that could not be asked:
    they are looked at next time.
    """
    with store.read() as tx:
        waiting = due(tx, now)
    news = _News(store, search, now, moved)
    came: Counter[_Came] = Counter()
    for some in batched(waiting, BATCH):
        looked = _look(store, news, write, some)
        came[_Came.FAILED] += len(some) - len(looked)
        with store.begin() as tx:
            came.update([_keep(tx, one, now) for one in looked])
        progress(came.total(), len(waiting))
    return Report(
        done=came[_Came.WRITTEN],
        skipped=came[_Came.QUIET],
        failed=came[_Came.FAILED],
        failures=tuple(news.failures),
        details={"ended": came[_Came.ENDED]},
    )


class _Came(Enum):
    """What came of looking at a subscription."""

    WRITTEN = auto()
    QUIET = auto()
    ENDED = auto()
    FAILED = auto()
    GONE = auto()  # ended, or looked at by another process, meanwhile


@dataclass(frozen=True, slots=True)
class _Looked:
    """A subscription, what is new to it, and the letter that says so; None when nothing is."""

    subscription: Subscription
    slot: datetime
    new: tuple[ArticleId, ...]
    letter: Letter | None


def _look(
    store: Store, news: _News, write: Write, some: Sequence[tuple[Subscription, datetime]]
) -> list[_Looked]:
    """Choose and write, out of any writing transaction; those whose search answers not are out."""
    found = {one.subject: news.of(one.subject) for one, _ in some}
    chosen: list[tuple[Subscription, datetime, tuple[ArticleId, ...], Edition | None]] = []
    with store.read() as tx:
        for subscription, at in some:
            if (fresh := found[subscription.subject]) is not None:
                new = _new_to(tx, subscription, fresh)
                chosen.append((subscription, at, new, _edition(tx, subscription, at, new)))
    return [
        _Looked(subscription, at, new, None if edition is None else write(edition))
        for subscription, at, new, edition in chosen
    ]


def _keep(tx: Transaction, looked: _Looked, now: datetime) -> _Came:
    """Remember that it was looked at, with what it has had and its letter."""
    subscription = looked.subscription
    if not tx.subscriptions.claim(subscription.id, looked.slot, now):
        return _Came.GONE
    if tx.suppressions.against(subscription.address, of_list=True) is not None:
        leave(tx, subscription, Ending.REFUSED, now)
        return _Came.ENDED
    if looked.letter is None:
        return _Came.QUIET
    tx.subscriptions.tell(subscription.id, looked.new, now)
    tx.outbox.add(looked.letter, now=now)
    return _Came.WRITTEN


@dataclass(frozen=True, slots=True)
class _News:
    """What is new, found once for all who follow the same thing."""

    store: Store
    search: Search
    now: datetime
    moved: Mapping[ThemeId, ThemeId]
    held: dict[Subject, list[Fresh] | None] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def of(self, subject: Subject) -> list[Fresh] | None:
        """Latest first; None when it could not be asked."""
        if subject not in self.held:
            self.held[subject] = self._find(subject)
        return self.held[subject]

    def _find(self, subject: Subject) -> list[Fresh] | None:
        since = self.now - LOOKED_BACK
        appeared = since - LATE
        if subject.kind is SubjectKind.THEME:
            theme = ThemeId(subject.key)
            theme = self.moved.get(theme, theme)
            with self.store.read() as tx:
                return tx.subscriptions.fresh_of_theme(theme, since=since, appeared=appeared)
        if self.failures:  # it will not answer the others either
            return None
        try:
            ids = self.search(subject.key)
        except SearchUnavailable as error:
            self.failures.append(str(error))
            return None
        with self.store.read() as tx:
            return tx.subscriptions.fresh_among(ids, since=since, appeared=appeared)


def _new_to(
    tx: ReadTransaction, subscription: Subscription, found: Sequence[Fresh]
) -> tuple[ArticleId, ...]:
    """What was found since it began, and it has not had, there or elsewhere."""
    had = tx.subscriptions.told(subscription.id)
    new = [one.id for one in found if one.collected >= subscription.confirmed and one.id not in had]
    also = tx.groups.also(new) if had else {}
    return tuple(id for id in new if had.isdisjoint(one.id for one in also.get(id, ())))


def _edition(
    tx: ReadTransaction, subscription: Subscription, at: datetime, new: Sequence[ArticleId]
) -> Edition | None:
    """The letter to be written; None when there is nothing new."""
    if not new:
        return None
    return Edition(subscription, at, tuple(tx.articles.by_ids(new[:MOST])), len(new))
