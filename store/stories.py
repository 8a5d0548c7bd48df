"""Articles that tell of the same event: how they are found, and the stories that they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, union, update

from core.model import ArticleId, SourceId
from store.batches import batched
from store.groups import shown_once
from store.tables import articles, event_keys, reprints, sources, stories

BATCH = 500
FEWEST = 2  # sources that make a story


@dataclass(frozen=True, slots=True)
class Heard:
    """What is looked at to tell of which event an article speaks."""

    id: ArticleId
    source_id: SourceId
    source_name: str
    title: str
    text: str
    summary: str
    appeared: datetime
    leads: bool  # its group, if it is in one


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in a list: how many articles and sources it has, and from when to when."""

    id: ArticleId
    articles: int
    sources: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands: the strand that was found, and the story that is shown."""

    strand: ArticleId
    story: ArticleId


class Stories:
    """A story is known by an article that it began with; the number of any of them leads there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- for the stage ------------------------------------------------------------------------

    def renew(self, method: str, limit: int) -> int:
        """Have ``limit`` articles that another method looked at looked at again; how many."""
        old = select(articles.c.id).where(articles.c.in_field, articles.c.teller > "")
        old = old.where(articles.c.teller != method).limit(limit)
        ids = list(self._connection.execute(old).scalars())
        for some in batched(ids, BATCH):
            self._forget(some)
            query = update(articles).where(articles.c.id.in_(some))
            self._connection.execute(query.values(teller=""))
        return len(ids)

    def count_waiting(self) -> int:
        """How many articles of the field nothing was looked for."""
        query = _waiting(select(func.count()).select_from(articles))
        return int(self._connection.execute(query).scalar_one())

    def waiting(self, limit: int) -> list[Heard]:
        """Articles of the field for which nothing was looked for, oldest first."""
        query = _waiting(select(*_HEARD)).order_by(articles.c.id).limit(limit)
        return [Heard(**row._asdict()) for row in self._connection.execute(query)]

    def heard(self, ids: Iterable[int]) -> list[Heard]:
        """Those of these that are held, still of the field, and lead."""
        found: list[Heard] = []
        for some in batched(sorted(ids), BATCH):
            query = select(*_HEARD).where(articles.c.id.in_(some), articles.c.in_field)
            rows = self._connection.execute(query.where(shown_once(articles.c.id)))
            found += [Heard(**row._asdict()) for row in rows]
        return found

    def holders(
        self, wanted: Iterable[int], weeks: range
    ) -> dict[int, list[tuple[int, ArticleId]]]:
        """The articles of these weeks that have each of these keys, with their week."""
        found: defaultdict[int, list[tuple[int, ArticleId]]] = defaultdict(list)
        inside = event_keys.c.week.between(weeks.start, weeks.stop - 1)
        for some in batched(wanted, BATCH):
            query = select(event_keys).where(event_keys.c.key.in_(some), inside)
            for row in self._connection.execute(query):
                found[row.key].append((row.week, ArticleId(row.article_id)))
        return dict(found)

    def replace_keys(self, id: ArticleId, week: int, keys: Collection[int]) -> None:
        """Have an article found by these keys, at its week, and by no others."""
        self._connection.execute(delete(event_keys).where(event_keys.c.article_id == id))
        rows = [{"key": key, "week": week, "article_id": id} for key in sorted(keys)]
        if rows:
            self._connection.execute(insert(event_keys), rows)

    def of(self, ids: Iterable[int]) -> dict[ArticleId, ArticleId]:
        """The story of each of these that is in one."""
        return {id: standing.story for id, standing in self.standings(ids).items()}

    def standings(self, ids: Iterable[int]) -> dict[ArticleId, Standing]:
        """Where each of these that is in a strand stands."""
        found: dict[ArticleId, Standing] = {}
        for some in batched(ids, BATCH):
            query = select(stories).where(stories.c.article_id.in_(some))
            found |= _standings(self._connection.execute(query))
        return found

    def beside(self, ids: Iterable[ArticleId]) -> dict[ArticleId, Standing]:
        """Where these stand, and every article that shares a strand or a story with one of them."""
        held = self.standings(ids)
        strands = sorted({one.strand for one in held.values()})
        for some in batched(strands, BATCH):
            query = select(stories).where(stories.c.strand_id.in_(some))
            held |= _standings(self._connection.execute(query))
        for some in batched(sorted({one.story for one in held.values()}), BATCH):
            query = select(stories).where(stories.c.story_id.in_(some))
            held |= _standings(self._connection.execute(query))
        return held

    def present(self, ids: Iterable[ArticleId]) -> set[ArticleId]:
        """Those of these that may be told of: still of the field, analysed, and leading."""
        found: set[ArticleId] = set()
        for some in batched(ids, BATCH):
            query = select(articles.c.id).where(articles.c.id.in_(some), articles.c.in_field)
            query = query.where(articles.c.opposed.is_(None), shown_once(articles.c.id))
            found |= {ArticleId(id) for id in self._connection.execute(query).scalars()}
        return found

    def members(self, strands: Iterable[int]) -> dict[ArticleId, list[ArticleId]]:
        """The articles of each of these strands."""
        found: defaultdict[ArticleId, list[ArticleId]] = defaultdict(list)
        for some in batched(strands, BATCH):
            query = select(stories).where(stories.c.strand_id.in_(some))
            for row in self._connection.execute(query.order_by(stories.c.article_id)):
                found[ArticleId(row.strand_id)].append(ArticleId(row.article_id))
        return dict(found)

    def put(self, strand: ArticleId, ids: Iterable[ArticleId]) -> None:
        """Have these articles stand in a strand, which is a story, and in no other."""
        self.place({id: Standing(strand, strand) for id in ids})

    def place(self, standings: Mapping[ArticleId, Standing]) -> None:
        """Have these articles stand there, and nowhere else."""
        for some in batched(sorted(standings), BATCH):
            self._connection.execute(delete(stories).where(stories.c.article_id.in_(some)))
        rows = [
            {"article_id": id, "story_id": one.story, "strand_id": one.strand}
            for id, one in sorted(standings.items())
        ]
        if rows:
            self._connection.execute(insert(stories), rows)

    def leave(self, id: ArticleId) -> None:
        """Have an article stand in no strand; one known by its number is known by another's."""
        self._connection.execute(delete(stories).where(stories.c.article_id == id))
        left = self.members([id]).get(id)
        if left:
            self.put(left[0], left)

    def ask_again(self, ids: Iterable[ArticleId]) -> None:
        """Have what else tells of these articles' events looked for again."""
        self.looked(ids, "")

    def looked(self, ids: Iterable[ArticleId], method: str) -> None:
        """What else tells of these articles' events was looked for, by this method."""
        for some in batched(ids, BATCH):
            query = update(articles).where(articles.c.id.in_(some))
            self._connection.execute(query.values(teller=method))

    def _forget(self, ids: Collection[int]) -> None:
        for table in (event_keys, stories):
            self._connection.execute(delete(table).where(table.c.article_id.in_(ids)))

    # -- what is shown ------------------------------------------------------------------------

    def timeline(self, id: ArticleId) -> tuple[ArticleId, list[ArticleId]] | None:
        """The story to which this number leads, and its articles, the first to appear first.

        ``id``: of the story, or of any of its articles. None when there is none: several sources
        make one.
        """
        story = self.of([id]).get(id, id)
        found = self.timelines([story]).get(story)
        return (story, found) if found else None

    def timelines(self, ids: Iterable[ArticleId]) -> dict[ArticleId, list[ArticleId]]:
        """The articles of each of these stories that several sources tell, in order."""
        found: defaultdict[ArticleId, list[ArticleId]] = defaultdict(list)
        sources: defaultdict[ArticleId, set[int]] = defaultdict(set)
        for some in batched(ids, BATCH):
            query = _shown(select(stories.c.story_id, articles.c.id, articles.c.source_id))
            query = query.where(stories.c.story_id.in_(some))
            rows = self._connection.execute(query.order_by(articles.c.appeared, articles.c.id))
            for row in rows:
                found[ArticleId(row.story_id)].append(ArticleId(row.id))
                sources[ArticleId(row.story_id)].add(row.source_id)
        return {id: told for id, told in found.items() if len(sources[id]) >= FEWEST}

    def sources(self, ids: Iterable[ArticleId]) -> dict[ArticleId, int]:
        """How many sources tell of the event of each of these articles, when several do.

        Those that published a copy of one of its articles count as well.
        """
        of = self.of(ids)
        counts: dict[ArticleId, int] = {}
        for some in batched(sorted(set(of.values())), BATCH):
            told = _shown(select(stories.c.story_id, articles.c.source_id))
            copies = _copies().where(stories.c.story_id.in_(some))
            both = union(told.where(stories.c.story_id.in_(some)), copies).subquery()
            counted = select(both.c.story_id, func.count()).group_by(both.c.story_id)
            for story, count in self._connection.execute(counted):
                counts[ArticleId(story)] = int(count)
        return {id: counts[story] for id, story in of.items() if counts.get(story, 0) >= FEWEST}

    def latest(self, *, since: datetime, limit: int) -> list[StoryLine]:
        """The stories with news since, the latest first."""
        last = func.max(articles.c.appeared)
        query = _shown(
            select(
                stories.c.story_id,
                func.count().label("articles"),
                func.count(articles.c.source_id.distinct()).label("sources"),
                func.min(articles.c.appeared).label("first"),
                last.label("last"),
            )
        )
        query = query.group_by(stories.c.story_id).order_by(last.desc(), stories.c.story_id)
        query = query.having(func.count(articles.c.source_id.distinct()) >= FEWEST, last >= since)
        rows = self._connection.execute(query.limit(limit))
        return [
            StoryLine(ArticleId(row.story_id), row.articles, row.sources, row.first, row.last)
            for row in rows
        ]


_HEARD = (
    *(articles.c[name] for name in ("id", "source_id", "title", "text", "summary", "appeared")),
    shown_once(articles.c.id).label("leads"),
    select(sources.c.name)
    .where(sources.c.id == articles.c.source_id)
    .scalar_subquery()
    .label("source_name"),
)


def _standings(rows: Iterable[Row[Any]]) -> dict[ArticleId, Standing]:
    return {
        ArticleId(row.article_id): Standing(ArticleId(row.strand_id), ArticleId(row.story_id))
        for row in rows
    }


def _waiting(query: Select[Any]) -> Select[Any]:
    return query.where(articles.c.in_field, articles.c.teller == "", articles.c.opposed.is_(None))


def _shown(query: Select[Any]) -> Select[Any]:
    """From the articles of stories: those still of the field, each group once."""
    query = query.select_from(articles).join(stories, stories.c.article_id == articles.c.id)
    return query.where(articles.c.in_field, shown_once(articles.c.id))


def _copies() -> Select[Any]:
    """The sources of what is the same as an article of a story."""
    query = select(stories.c.story_id, articles.c.source_id).select_from(articles)
    query = query.join(reprints, reprints.c.article_id == articles.c.id)
    return query.join(stories, stories.c.article_id == reprints.c.leader_id)
