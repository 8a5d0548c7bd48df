"""Digests of what the store holds; each week's is closed on Monday morning, and stays so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from core.digests import ClosedDigest, Ids
from core.model import Article, ArticleId, Report, Theme
from core.newsletters import EntryKind
from core.weeks import PARIS, Week
from curation.digest import RUBRICS, Digest, Rubric, Section, compose
from curation.period import Period
from curation.ranking import Echoes
from store import ReadTransaction, Store

HOUR: Final = time(6)  # on Monday, in Paris: an hour before the letters that speak of the week
WEEKS: Final = 4  # that are closed afterwards, when nothing ran on time
LETTERS: Final = 6  # sent lately, whose articles were picked


def digest_of(store: Store, period: Period, themes: Sequence[Theme]) -> Digest:
    """The digest of the articles that appeared during ``period``. Raises StoreFailed."""
    with store.read() as tx:
        return digest_in(tx, period, themes)


def digest_in(tx: ReadTransaction, period: Period, themes: Sequence[Theme]) -> Digest:
    """The same, of what a transaction sees: a closed week as it was closed."""
    closed = tx.digests.of(period.week) if period.week else None
    if closed is not None:
        return reopened(closed, tx.articles.by_ids(closed.ids), themes)
    articles = tx.articles.recent(since=period.start, until=period.end)
    return compose(period, articles, themes, echoes=echoes_of(tx, articles))


def echoes_of(tx: ReadTransaction, articles: Iterable[Article]) -> Echoes:
    """What others make of these articles."""
    known = list(articles)
    ids = [one.id for one in known]
    told_by = tx.stories.sources(ids)
    return Echoes(
        cited=tx.citations.counts(id for one in known for id in one.everywhere),
        stories=tx.stories.of(told_by),
        told_by=told_by,
        picked=picked(tx),
    )


def picked(tx: ReadTransaction) -> frozenset[ArticleId]:
    """The articles that editors put aside, or in a letter, lately."""
    entries = [kept.entry for kept in tx.basket.all()]
    for letter in (*tx.newsletters.on_the_desk(), *tx.newsletters.published(limit=LETTERS)):
        entries += letter.content.entries
    return frozenset(
        one.article for one in entries if one.kind is EntryKind.ARTICLE and one.article is not None
    )


# -- closing --------------------------------------------------------------------------------------


def closing_of(week: Week) -> datetime:
    """When a week is closed: the next Monday at six, Paris time."""
    return datetime.combine(week.next.monday, HOUR, PARIS).astimezone(week.end.tzinfo)


def last_to_close(now: datetime) -> Week:
    """The latest week whose time to be closed has come."""
    week = Week.of(now).previous
    return week if closing_of(week) <= now else week.previous


def close(store: Store, themes: Sequence[Theme], now: datetime) -> Report:
    """Close what weeks are due: ``done``. An empty one is closed as well.

    Weeks long gone are left as they are: an archive read late goes on growing. So does a week that
    was over when a source was added, for as long as that source is being read for the first time.
    """
    weeks = [last_to_close(now)]
    while len(weeks) < WEEKS:
        weeks.append(weeks[-1].previous)
    with store.read() as tx:
        due = sorted(set(weeks) - tx.digests.closed_among(weeks, now))
        begun = tx.backfills.latest_begun()
    done = 0
    for week in due:
        if begun is not None and week.end <= begun:
            continue
        with store.begin() as tx:
            digest = digest_in(tx, Period.of_week(week), themes)
            done += tx.digests.keep(closed_of(digest, week, now))
    return Report(done=done)


def closed_of(digest: Digest, week: Week, now: datetime) -> ClosedDigest:
    """A digest as it is kept."""
    return ClosedDigest(
        week=week,
        closed=now,
        headline=digest.headline,
        leading=_ids(digest.leading),
        sections=tuple((one.theme.id, _ids(one.articles)) for one in digest.sections),
        rubrics=tuple((one.kind, _ids(one.articles)) for one in digest.rubrics),
        more=_ids(digest.more),
        beside=tuple((id, _ids(others)) for id, others in digest.beside.items()),
        unshown=digest.unshown,
        picked=digest.picked,
    )


def reopened(closed: ClosedDigest, articles: Iterable[Article], themes: Sequence[Theme]) -> Digest:
    """A closed digest with what is known of its articles today.

    Those withdrawn since are gone; those found since to be the same are shown once; those whose
    theme has left the vocabulary go to « Et aussi ».
    """
    held = _Held({one.id: one for one in articles})
    known = {theme.id: theme for theme in themes}
    leading = held.take(closed.leading)
    sections = {id: held.take(ids) for id, ids in closed.sections}
    titles = dict(RUBRICS)
    rubrics = [(kind, held.take(ids)) for kind, ids in closed.rubrics]
    more = (*(one for id in sections if id not in known for one in sections[id]),)
    digest = Digest(
        Period.of_week(closed.week),
        closed.headline,
        leading,
        tuple(Section(known[id], some) for id, some in sections.items() if some and id in known),
        tuple(Rubric(kind, titles[kind], some) for kind, some in rubrics if some),
        (*more, *held.take(closed.more)),
        closed.unshown,
        picked=closed.picked,
        closed=closed.closed,
    )
    beside = {id: held.take(others) for id, others in closed.beside}
    shown = {one.id for one in digest.articles}
    return replace(digest, beside={id: some for id, some in beside.items() if some and id in shown})


class _Held:
    """Articles to be placed, each once, with whatever is the same."""

    def __init__(self, articles: Mapping[ArticleId, Article]) -> None:
        self._articles = articles
        self._placed: set[ArticleId] = set()

    def take(self, ids: Ids) -> tuple[Article, ...]:
        """Those of these that are held and were not placed before."""
        taken = []
        for id in ids:
            article = self._articles.get(id)
            if article is not None and self._placed.isdisjoint(article.everywhere):
                self._placed.update(article.everywhere)
                taken.append(article)
        return tuple(taken)


def _ids(articles: Iterable[Article]) -> Ids:
    return tuple(one.id for one in articles)
