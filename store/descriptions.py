"""What kind of text articles are, and what they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, select, update

from core.model import (
    ArticleId,
    Description,
    EntityType,
    Kind,
    KindGiven,
    Named,
    ThemeId,
)
from store.batches import batched
from store.changes import Changes
from store.groups import shown_once
from store.shares import Slice
from store.tables import articles, names, taggings

BATCH = 500


@dataclass(frozen=True, slots=True)
class Undescribed:
    """What a describer needs of an article."""

    id: ArticleId
    url: str
    title: str
    text: str
    summary: str
    section: str
    fingerprint: str  # of this text: to tell later whether it has changed


@dataclass(frozen=True, slots=True)
class Naming:
    """Articles that name one of these: a département, or a region with all of its own."""

    type: EntityType
    ids: tuple[str, ...]


class Descriptions:
    """Every change made here is recorded for the search index in the same transaction."""

    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection = connection
        self._changes = changes

    def save(
        self,
        described: Sequence[tuple[ArticleId, Description]],
        *,
        describer: str,
        read: Mapping[ArticleId, str] = MappingProxyType({}),
    ) -> None:
        """Replace kinds and names by those that ``describer`` (a version) gives.

        ``read``: the fingerprints of the texts that were read. An article that changed since, or
        that went, is passed over.
        """
        held = self._fingerprints([id for id, _ in described])
        kept = [
            (id, given)
            for id, given in described
            if id in held and read.get(id, held[id]) == held[id]
        ]
        for some in batched([id for id, _ in kept], BATCH):
            self._connection.execute(delete(names).where(names.c.article_id.in_(some)))
        kinds = [
            {"of": id, "kind": given.kind.kind, "kind_reasons": list(given.kind.reasons)}
            for id, given in kept
        ]
        if kinds:
            query = update(articles).where(articles.c.id == bindparam("of"))
            self._connection.execute(query.values(describer=describer), kinds)
        rows = [
            _row(id, rank, named) for id, given in kept for rank, named in enumerate(given.names)
        ]
        if rows:
            self._connection.execute(insert(names), rows)
        self._changes.record([id for id, _ in kept])

    def counts(self, type: EntityType) -> dict[str, int]:
        """How many articles of the field name each thing of a type."""
        query = (
            select(names.c.named, func.count())
            .join(articles, articles.c.id == names.c.article_id)
            .where(names.c.type == type, articles.c.in_field, shown_once(articles.c.id))
            .group_by(names.c.named)
        )
        return {named: int(held) for named, held in self._connection.execute(query)}

    def kinds(self) -> dict[Kind, int]:
        """How many articles of the field are of each kind."""
        query = select(articles.c.kind, func.count()).where(articles.c.in_field)
        query = query.where(shown_once(articles.c.id))
        found = self._connection.execute(query.group_by(articles.c.kind))
        return {Kind(kind): held for kind, held in found if kind}

    def themes(self, naming: Naming, limit: int) -> dict[ThemeId, int]:
        """The themes of the articles that name these, the most frequent first."""
        query = (
            select(taggings.c.theme, func.count())
            .where(names_one(naming, taggings.c.article_id), shown_once(taggings.c.article_id))
            .group_by(taggings.c.theme)
            .order_by(func.count().desc(), taggings.c.theme)
        )
        found = self._connection.execute(query.limit(limit))
        return {ThemeId(theme): held for theme, held in found}

    # -- for the stage ------------------------------------------------------------------------

    def waiting(
        self,
        describer: str,
        limit: int,
        after: ArticleId | None = None,
        share: Slice | None = None,
    ) -> list[Undescribed]:
        """Articles ``after`` one that this version of the describer has not seen, in order.

        ``share``: only those of this slice.
        """
        columns = [articles.c[name] for name in Undescribed.__slots__]
        query = select(*columns).order_by(articles.c.id).limit(limit)
        query = query.where(articles.c.describer != describer, articles.c.id > (after or 0))
        query = query.where(articles.c.opposed.is_(None))  # nothing is to be read in these
        if share is not None:
            query = query.where(share.holds(articles.c.id))
        return [Undescribed(*row) for row in self._connection.execute(query)]

    def count_waiting(self, describer: str) -> int:
        """How many articles this version of the describer has not seen."""
        query = select(func.count()).select_from(articles)
        query = query.where(articles.c.describer != describer, articles.c.opposed.is_(None))
        return self._connection.execute(query).scalar_one()

    def _fingerprints(self, ids: Sequence[ArticleId]) -> dict[ArticleId, str]:
        found: dict[ArticleId, str] = {}
        for some in batched(ids, BATCH):
            query = select(articles.c.id, articles.c.fingerprint).where(articles.c.id.in_(some))
            for row in self._connection.execute(query.with_for_update()):
                found[ArticleId(row.id)] = row.fingerprint
        return found


def names_of(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[Named, ...]]:
    """What these articles name."""
    found: defaultdict[int, list[Named]] = defaultdict(list)
    for some in batched(ids, BATCH):
        query = select(names).where(names.c.article_id.in_(some)).order_by(names.c.rank)
        for row in connection.execute(query):
            named = Named(EntityType(row.type), row.named, row.times, row.in_title)
            found[row.article_id].append(named)
    return {id: tuple(given) for id, given in found.items()}


def kind_from(kind: str, reasons: Collection[str]) -> KindGiven | None:
    """The kind of a row; None when none was given yet."""
    return KindGiven(Kind(kind), tuple(reasons)) if kind else None


def names_one(naming: Naming, article_id: Any) -> Any:
    """The condition that an article names one of these; each article once."""
    inside: Select[Any] = select(names.c.article_id).where(
        names.c.article_id == article_id,
        names.c.type == naming.type,
        names.c.named.in_(naming.ids),
    )
    return exists(inside)


def _row(id: ArticleId, rank: int, named: Named) -> dict[str, Any]:
    return {
        "article_id": id,
        "type": named.type,
        "named": named.id,
        "rank": rank,
        "times": named.times,
        "in_title": named.in_title,
    }
