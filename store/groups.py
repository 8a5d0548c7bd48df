"""Articles that are the same one: how copies are found, what was found, the groups they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from core.model import Access, ArticleId, Likeness, Reprint, SameNews, SourceId
from store.batches import batched
from store.changes import Changes
from store.sources import source_columns, source_of
from store.tables import articles, keys, pairs, reprints, revisits, sketches, sources

BATCH = 500
APART = "apart"


@dataclass(frozen=True, slots=True)
class Comparable:
    """What is looked at to tell whether two articles are the same one."""

    id: ArticleId
    source_id: SourceId
    title: str
    text: str
    summary: str
    appeared: datetime
    fingerprint: str  # of this text: to tell later whether it has changed
    opposed: datetime | None = None  # its publisher opposes mining: it is not to be compared


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, ``first`` < ``second``: the same one, or (None) said to be different."""

    first: ArticleId
    second: ArticleId
    same: SameNews | None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """What decides which article of a group leads."""

    id: ArticleId
    source_id: SourceId
    length: int  # characters of its text
    appeared: datetime
    gone: bool = False  # withdrawn by its publisher


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that are the same one: who leads, and the others in order, each with the reason."""

    leader: Member
    others: tuple[tuple[Member, SameNews], ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Articles that may have to be grouped anew: all of them, those that are linked, and how."""

    ids: Collection[ArticleId]
    members: Sequence[Member]
    pairs: Sequence[Pair]


class Groups:
    """A change of a group is recorded for the search index in the same transaction."""

    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection = connection
        self._changes = changes

    # -- what there is to do ------------------------------------------------------------------

    def renew(self, method: str, limit: int) -> int:
        """Have ``limit`` articles that were compared by another method compared again; how many."""
        old = select(articles.c.id).where(
            or_(
                and_(articles.c.grouper > "", articles.c.grouper < method),
                articles.c.grouper > method,
            )
        )
        ids = list(self._connection.execute(old.limit(limit)).scalars())
        self.ask_again(ids)
        return len(ids)

    def ask_again(self, ids: Iterable[int]) -> None:
        """Have these compared again."""
        for some in batched(ids, BATCH):
            query = update(articles).where(articles.c.id.in_(some))
            self._connection.execute(query.values(grouper=""))

    def count_waiting(self) -> int:
        """How many articles have not been compared with the others."""
        query = select(func.count()).select_from(articles).where(articles.c.grouper == "")
        return self._connection.execute(query).scalar_one()

    def waiting(self, limit: int) -> list[Comparable]:
        """Articles to compare, oldest first; each waits until ``compared``."""
        query = select(articles.c.id).where(articles.c.grouper == "").order_by(articles.c.id)
        return self.comparable(self._connection.execute(query.limit(limit)).scalars())

    def comparable(self, ids: Iterable[int]) -> list[Comparable]:
        """Those of these articles that are held, in the order of their numbers."""
        names = [field for field in Comparable.__dataclass_fields__ if field != "source_id"]
        found: list[Comparable] = []
        for some in batched(sorted(ids), BATCH):
            query = select(articles.c.source_id, *(articles.c[name] for name in names))
            rows = self._connection.execute(query.where(articles.c.id.in_(some)))
            found += [Comparable(**row._asdict()) for row in rows]
        return sorted(found, key=lambda one: one.id)

    def compared(self, done: Mapping[ArticleId, str], method: str) -> None:
        """These were compared, as they were under these fingerprints; others still wait."""
        for some in batched(done, BATCH):
            query = select(articles.c.id, articles.c.fingerprint).where(articles.c.id.in_(some))
            rows = self._connection.execute(query)
            same = [row.id for row in rows if done[ArticleId(row.id)] == row.fingerprint]
            mark = update(articles).where(articles.c.id.in_(same))
            self._connection.execute(mark.values(grouper=method))

    # -- finding ------------------------------------------------------------------------------

    def holders(self, wanted: Iterable[int]) -> dict[int, list[ArticleId]]:
        """The articles that have each of these keys."""
        found: defaultdict[int, list[ArticleId]] = defaultdict(list)
        for some in batched(wanted, BATCH):
            for row in self._connection.execute(select(keys).where(keys.c.key.in_(some))):
                found[row.key].append(ArticleId(row.article_id))
        return dict(found)

    def replace_keys(self, given: Mapping[ArticleId, Collection[int]]) -> None:
        """Have each of these articles found by these keys, and by no others."""
        self._drop_keys(given)
        rows = [{"key": key, "article_id": id} for id, own in given.items() for key in set(own)]
        if rows:
            self._connection.execute(insert(keys), sorted(rows, key=lambda row: row["key"]))
        kept = [{"article_id": id, "keys": sorted(set(own))} for id, own in given.items() if own]
        if kept:
            self._connection.execute(insert(sketches), kept)

    def _drop_keys(self, ids: Iterable[ArticleId]) -> None:
        for some in batched(ids, BATCH):
            of_these = sketches.c.article_id.in_(some)
            for row in self._connection.execute(select(sketches).where(of_these)).all():
                query = delete(keys).where(keys.c.key.in_(row.keys))
                self._connection.execute(query.where(keys.c.article_id == row.article_id))
            self._connection.execute(delete(sketches).where(of_these))

    # -- pairs --------------------------------------------------------------------------------

    def replace_found(self, ids: Collection[ArticleId], found: Iterable[Pair]) -> None:
        """What was found about these articles, in place of what was found before.

        What somebody said about two articles stays, whatever is found.
        """
        for some in batched(ids, BATCH):
            touching = or_(pairs.c.first_id.in_(some), pairs.c.second_id.in_(some))
            self._connection.execute(delete(pairs).where(touching, pairs.c.by_hand.is_(False)))
        new = {(one.first, one.second): one for one in found}
        said = {(one.first, one.second) for one in self._pairs({id for pair in new for id in pair})}
        rows = [_pair_row(one) for key, one in new.items() if key not in said]
        if rows:
            self._connection.execute(insert(pairs), rows)

    def say(self, said: Iterable[Pair]) -> None:
        """What somebody says about pairs of articles, for ever."""
        for one in said:
            which = and_(pairs.c.first_id == one.first, pairs.c.second_id == one.second)
            self._connection.execute(delete(pairs).where(which))
            self._connection.execute(insert(pairs), _pair_row(one))

    def said(self, id: ArticleId) -> list[Pair]:
        """What somebody said of this article and others."""
        return [one for one in self._pairs([id]) if one.by_hand]

    def unsay(self, one: Pair) -> None:
        """What somebody said of these two holds no longer."""
        which = and_(pairs.c.first_id == one.first, pairs.c.second_id == one.second)
        self._connection.execute(delete(pairs).where(which, pairs.c.by_hand))

    def drop(self, refuted: Iterable[Pair]) -> None:
        """These are the same article no longer, unless somebody said so."""
        for one in refuted:
            which = and_(pairs.c.first_id == one.first, pairs.c.second_id == one.second)
            self._connection.execute(delete(pairs).where(which, pairs.c.by_hand.is_(False)))

    def found_among(self, ids: Collection[ArticleId]) -> list[Pair]:
        """The pairs that were found between these."""
        linked = self._pairs(ids)
        return [one for one in linked if not one.by_hand and {one.first, one.second} <= set(ids)]

    def around(self, ids: Iterable[ArticleId]) -> Neighbourhood:
        """These, those linked to them from one to the next, and those grouped with them now."""
        reached: set[ArticleId] = set()
        linked: dict[tuple[ArticleId, ArticleId], Pair] = {}
        new = set(ids)
        while new:
            reached |= new
            found = self._pairs(new)
            linked |= {(one.first, one.second): one for one in found}
            same = (one for one in found if one.same is not None)
            near = {id for one in same for id in (one.first, one.second)}
            new = (near | self._grouped_with(new)) - reached
        inside = [one for one in linked.values() if {one.first, one.second} <= reached]
        members = self._members({id for one in inside for id in (one.first, one.second)})
        return Neighbourhood(reached, members, inside)

    def _pairs(self, ids: Iterable[ArticleId]) -> list[Pair]:
        found: dict[tuple[int, int], Pair] = {}
        for some in batched(ids, BATCH):
            for column in (pairs.c.first_id, pairs.c.second_id):
                for row in self._connection.execute(select(pairs).where(column.in_(some))):
                    found[row.first_id, row.second_id] = _pair_from(row)
        return list(found.values())

    def _grouped_with(self, ids: Iterable[ArticleId]) -> set[ArticleId]:
        found: set[ArticleId] = set()
        for some in batched(ids, BATCH):
            leaders = select(reprints.c.leader_id).where(reprints.c.article_id.in_(some))
            heads = {*some, *self._connection.execute(leaders).scalars()}
            query = select(reprints).where(reprints.c.leader_id.in_(heads))
            for row in self._connection.execute(query):
                found |= {ArticleId(row.article_id), ArticleId(row.leader_id)}
        return found

    def _members(self, ids: Iterable[ArticleId]) -> list[Member]:
        found: list[Member] = []
        columns = (articles.c.id, articles.c.source_id, articles.c.appeared)
        length = func.length(articles.c.text).label("length")
        for some in batched(ids, BATCH):
            query = select(*columns, length, revisits.c.gone.is_not(None).label("gone"))
            query = query.outerjoin(revisits).where(articles.c.id.in_(some))
            found += [Member(**row._asdict()) for row in self._connection.execute(query)]
        return found

    # -- groups -------------------------------------------------------------------------------

    def arrange(self, ids: Iterable[ArticleId], groups: Iterable[Group]) -> list[ArticleId]:
        """Have these articles make these groups; those in none stand alone. Which changed."""
        wanted = {row["article_id"]: row for group in groups for row in _reprint_rows(group)}
        held = self._reprints(ids)
        changed = {id for id in held.keys() | wanted.keys() if held.get(id) != wanted.get(id)}
        if not changed:
            return []
        for some in batched(changed, BATCH):
            self._connection.execute(delete(reprints).where(reprints.c.article_id.in_(some)))
        rows = [wanted[id] for id in sorted(changed) if id in wanted]
        if rows:
            self._connection.execute(insert(reprints), rows)
        leaders = {rows[id]["leader_id"] for rows in (held, wanted) for id in changed & rows.keys()}
        self._changes.record(changed | leaders)
        self._ask_for_stories(changed | leaders)
        return sorted(changed | leaders)

    def _ask_for_stories(self, ids: Iterable[ArticleId]) -> None:
        """A group stands in a story by its leader, which may have changed."""
        for some in batched(sorted(ids), BATCH):
            query = update(articles).where(articles.c.id.in_(some))
            self._connection.execute(query.values(teller=""))

    def _reprints(self, ids: Iterable[ArticleId]) -> dict[ArticleId, dict[str, Any]]:
        found: dict[ArticleId, dict[str, Any]] = {}
        for some in batched(ids, BATCH):
            for row in self._connection.execute(_REPRINTS, {"ids": some}):
                found[ArticleId(row.article_id)] = row._asdict()
        return found

    # -- what is shown ------------------------------------------------------------------------

    def leaders(self, ids: Iterable[ArticleId]) -> dict[ArticleId, ArticleId]:
        """Who leads for each of these articles that does not itself."""
        return {id: ArticleId(row["leader_id"]) for id, row in self._reprints(ids).items()}

    def also(self, ids: Collection[ArticleId]) -> dict[ArticleId, tuple[Reprint, ...]]:
        """For each of these that has any: the same article elsewhere, its leader first."""
        leaders = self.leaders(ids)
        members: defaultdict[ArticleId, list[Reprint]] = defaultdict(list)
        for some in batched({*ids, *leaders.values()}, BATCH):
            for row in self._connection.execute(_OTHERS, {"ids": some}):
                members[ArticleId(row.leader_id)].append(_reprint_from(row))
        heads = self._heads(set(leaders.values()))
        found = {id: tuple(members[id]) for id in ids if id in members and id not in leaders}
        for id, leader in leaders.items():
            own = next(one.same for one in members[leader] if one.id == id)
            rest = (one for one in members[leader] if one.id != id)
            found[id] = (_with_reason(heads[leader], own), *rest)
        return found

    def _heads(self, leaders: Collection[ArticleId]) -> dict[ArticleId, Row[Any]]:
        found: dict[ArticleId, Row[Any]] = {}
        for some in batched(leaders, BATCH):
            query = select(*_SHOWN).join(sources).where(articles.c.id.in_(some))
            found |= {ArticleId(row.id): row for row in self._connection.execute(query)}
        return found


def shown_once(article_id: Column[int], *, in_source: bool = False) -> ColumnElement[bool]:
    """Whether an article stands for its group; ``in_source``: among those of its source."""
    behind = select(reprints.c.article_id).where(reprints.c.article_id == article_id)
    if in_source:
        behind = behind.where(reprints.c.repeats_source)
    return ~behind.exists()


_SHOWN = (
    *(articles.c[name] for name in ("id", "url", "title", "author", "published", "access", "site")),
    articles.c.source_id,
    *source_columns(),
)


# Asked for every list that is shown: made once, they are not compiled again.
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_REPRINTS: Final = select(reprints).where(reprints.c.article_id.in_(_IDS))
_OTHERS: Final[Select[Any]] = (
    select(*_SHOWN, reprints.c.leader_id, reprints.c.likeness, reprints.c.share)
    .join(sources)
    .join(reprints, reprints.c.article_id == articles.c.id)
    .where(reprints.c.leader_id.in_(_IDS))
    .order_by(reprints.c.leader_id, reprints.c.rank)
)


def _reprint_from(row: Row[Any]) -> Reprint:
    return _with_reason(row, SameNews(Likeness(row.likeness), row.share))


def _with_reason(row: Row[Any], same: SameNews) -> Reprint:
    return Reprint(
        id=ArticleId(row.id),
        url=row.url,
        title=row.title,
        source=source_of(row),
        same=same,
        author=row.author,
        published=row.published,
        access=Access(row.access),
        site=row.site,
    )


def _reprint_rows(group: Group) -> list[dict[str, Any]]:
    seen = {group.leader.source_id}
    rows: list[dict[str, Any]] = []
    for rank, (member, same) in enumerate(group.others, start=1):
        rows.append(
            {
                "article_id": member.id,
                "leader_id": group.leader.id,
                "likeness": same.likeness.value,
                "share": same.share,
                "rank": rank,
                "repeats_source": member.source_id in seen,
            }
        )
        seen.add(member.source_id)
    return rows


def _pair_row(one: Pair) -> dict[str, Any]:
    return {
        "first_id": one.first,
        "second_id": one.second,
        "verdict": one.same.likeness if one.same else APART,
        "share": one.same.share if one.same else 0.0,
        "by_hand": one.by_hand,
    }


def _pair_from(row: Row[Any]) -> Pair:
    apart = row.verdict == APART
    same = None if apart else SameNews(Likeness(row.verdict), row.share)
    return Pair(ArticleId(row.first_id), ArticleId(row.second_id), same, by_hand=row.by_hand)
