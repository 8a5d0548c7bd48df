"""What people say of stories: that articles tell of the same event, or that they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select

from core.model import ArticleId
from core.people import PersonId
from store.batches import batched
from store.groups import Groups
from store.tables import reprints, story_pairs, story_sayings

BATCH = 400

Pair = tuple[ArticleId, ArticleId]


@dataclass(frozen=True, slots=True)
class Saying:
    """That each of these articles tells the same story as each of those, or another one."""

    id: int
    together: bool
    ones: tuple[ArticleId, ...]
    others: tuple[ArticleId, ...]
    by: PersonId | None
    at: datetime


class StorySayings:
    """What was said last of two articles holds; taken back, what was said before holds again."""

    def __init__(self, connection: Connection, groups: Groups) -> None:
        self._connection = connection
        self._groups = groups

    def exist(self) -> bool:
        """Whether anything was said at all."""
        return self._connection.execute(select(story_sayings.c.id).limit(1)).first() is not None

    def say(
        self,
        ones: Iterable[ArticleId],
        others: Iterable[ArticleId],
        *,
        together: bool,
        by: PersonId | None,
        now: datetime,
    ) -> int:
        """Hold this; the number by which it is taken back."""
        row = {"together": together, "person_id": by, "at": now}
        query = insert(story_sayings).values(**row).returning(story_sayings.c.id)
        id = int(self._connection.execute(query).scalar_one())
        held = sorted(set(others))
        for one in sorted(set(ones)):
            rows = [{"saying_id": id, "one_id": one, "other_id": other} for other in held]
            self._connection.execute(insert(story_pairs), rows)
        return id

    def take_back(self, id: int) -> None:
        """This was not said."""
        self._connection.execute(delete(story_sayings).where(story_sayings.c.id == id))

    def by_id(self, id: int) -> Saying | None:
        """What was said under this number, unless it was taken back."""
        found = self._sayings(_pairs().where(story_sayings.c.id == id))
        return found[0] if found else None

    def about(self, ids: Iterable[ArticleId]) -> list[Saying]:
        """What was said of any of these articles, or of copies of theirs; the last first."""
        wanted: set[int] = set()
        for some in batched(sorted(self._with_copies(ids)), BATCH):
            query = select(story_pairs.c.saying_id).where(_touching(some))
            wanted |= set(self._connection.execute(query).scalars())
        found: list[Saying] = []
        for numbers in batched(sorted(wanted), BATCH):
            found += self._sayings(_pairs().where(story_sayings.c.id.in_(numbers)))
        return sorted(found, key=lambda one: -one.id)

    def verdicts(self, ids: Iterable[ArticleId]) -> dict[Pair, bool]:
        """What holds of pairs of which one is among these: the same story (True), or not.

        What was said of a copy holds for the article that leads its group, by which it is known
        here; the first of a pair has the lower number.
        """
        rows: dict[tuple[int, int, int], bool] = {}
        for some in batched(sorted(self._with_copies(ids)), BATCH):
            for row in self._connection.execute(_pairs().where(_touching(some))):
                rows[row.id, row.one_id, row.other_id] = row.together
        leaders = self._groups.leaders({ArticleId(id) for _, *pair in rows for id in pair})
        found: dict[Pair, bool] = {}
        for key in sorted(rows):
            ids = (ArticleId(id) for id in key[1:])
            first, second = sorted(leaders.get(id, id) for id in ids)
            if first != second:
                found[first, second] = rows[key]
        return found

    def _sayings(self, query: Select[Any]) -> list[Saying]:
        rows: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in self._connection.execute(query):
            rows[row.id].append(row)
        return [_saying(some) for some in rows.values()]

    def _with_copies(self, ids: Iterable[ArticleId]) -> set[int]:
        """These, and the articles for which they lead."""
        found: set[int] = set(ids)
        for some in batched(sorted(found), BATCH):
            query = select(reprints.c.article_id).where(reprints.c.leader_id.in_(some))
            found |= set(self._connection.execute(query).scalars())
        return found


def _pairs() -> Select[Any]:
    return (
        select(story_sayings, story_pairs.c.one_id, story_pairs.c.other_id)
        .join(story_pairs, story_pairs.c.saying_id == story_sayings.c.id)
        .order_by(story_pairs.c.one_id, story_pairs.c.other_id)
    )


def _touching(ids: list[int]) -> Any:
    return or_(story_pairs.c.one_id.in_(ids), story_pairs.c.other_id.in_(ids))


def _saying(rows: list[Row[Any]]) -> Saying:
    first = rows[0]
    return Saying(
        id=first.id,
        together=first.together,
        ones=tuple(dict.fromkeys(ArticleId(row.one_id) for row in rows)),
        others=tuple(dict.fromkeys(ArticleId(row.other_id) for row in rows)),
        by=None if first.person_id is None else PersonId(first.person_id),
        at=first.at,
    )
