"""Reading lists: contents whole and as JSON, editions written once, changes as differences."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update

from core.errors import NotFound
from core.model import ArticleId, ThemeId
from core.people import PersonId
from core.reading_lists import (
    Contents,
    Edition,
    EditionNotice,
    LinkState,
    ListId,
    ListNotice,
    ReadingList,
    Revision,
    Visibility,
    contents_from_plain,
    contents_to_plain,
)
from core.text import fold, one_line
from store.batches import batched
from store.tables import (
    articles,
    reading_list_editions,
    reading_list_editors,
    reading_list_revisions,
    reading_lists,
    revisits,
    withdrawals,
)

BATCH = 500
WORDS = 60_000  # characters of a list that it can be found by


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lists are looked for: those with all these words, this theme, this subject."""

    words: str = ""
    theme: ThemeId | None = None
    subject: str = ""


class ReadingLists:
    """Whose they are and what they say. Whether somebody may is asked elsewhere, about each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- one list -----------------------------------------------------------------------------

    def add(
        self,
        contents: Contents,
        *,
        slug: str,
        owner: PersonId,
        now: datetime,
        copied_from: str = "",
    ) -> ReadingList:
        """A list nobody else sees yet."""
        row: dict[str, Any] = {"slug": slug, "owner_id": owner, "created": now, "changed": now}
        row |= {"visibility": Visibility.PRIVATE, "copied_from": copied_from, "revision": 1}
        row |= _values(contents)
        self._connection.execute(insert(reading_lists), row)
        return self.by_slug(slug)

    def by_slug(self, slug: str, *, hold: bool = False) -> ReadingList:
        """The list at an address. Raises NotFound.

        ``hold``: no other transaction changes it before this one ends.
        """
        query = select(reading_lists).where(reading_lists.c.slug == slug)
        row = self._connection.execute(query.with_for_update() if hold else query).first()
        if row is None:
            raise NotFound("reading-list", slug)
        return _list_from(row, self._editors([row.id]).get(row.id, ()))

    def save(self, one: ReadingList, contents: Contents, now: datetime) -> ReadingList:
        """Have a list that is held say this."""
        values = _values(contents) | {"revision": one.revision + 1, "changed": now}
        self._set(one.id, **values)
        return self.by_slug(one.slug)

    def set_visibility(self, id: ListId, visibility: Visibility) -> None:
        """Who may read it."""
        self._set(id, visibility=visibility)

    def set_slug(self, id: ListId, slug: str) -> None:
        """Another address: the former one leads nowhere any more."""
        self._set(id, slug=slug)

    def set_deleted(self, id: ListId, deleted: datetime | None) -> None:
        """Into the bin, or out of it."""
        self._set(id, deleted=deleted)

    def set_editors(self, id: ListId, editors: Collection[PersonId]) -> None:
        """Who may change it besides its owner."""
        gone = delete(reading_list_editors).where(reading_list_editors.c.list_id == id)
        self._connection.execute(gone)
        rows = [{"list_id": id, "person_id": one} for one in sorted(editors)]
        if rows:
            self._connection.execute(insert(reading_list_editors), rows)

    # -- several ------------------------------------------------------------------------------

    def of(self, person: PersonId) -> list[ListNotice]:
        """The lists that somebody owns or may change, the latest changed first, bin included."""
        shared = select(reading_list_editors.c.list_id).where(
            reading_list_editors.c.person_id == person
        )
        theirs = or_(reading_lists.c.owner_id == person, reading_lists.c.id.in_(shared))
        return self._notices(_noticed().where(theirs))

    def all(self) -> list[ListNotice]:
        """Every list, for who looks after them."""
        return self._notices(_noticed())

    def public(self, wanted: Wanted | None = None) -> list[ListNotice]:
        """The lists that anyone may read, the latest changed first."""
        wanted = wanted or Wanted()
        public = reading_lists.c.visibility == Visibility.PUBLIC
        query = _noticed().where(public, reading_lists.c.deleted.is_(None))
        for word in fold(wanted.words).split()[:20]:
            query = query.where(reading_lists.c.words.contains(word, autoescape=True))
        if wanted.subject:
            query = query.where(reading_lists.c.subject == wanted.subject)
        found = self._notices(query)
        return [one for one in found if wanted.theme is None or wanted.theme in one.themes]

    def _notices(self, query: Select[Any]) -> list[ListNotice]:
        ordered = query.order_by(reading_lists.c.changed.desc(), reading_lists.c.id.desc())
        rows = self._connection.execute(ordered).all()
        editors = self._editors([row.id for row in rows])
        return [_notice_from(row, editors.get(row.id, ())) for row in rows]

    # -- editions -----------------------------------------------------------------------------

    def freeze(
        self, one: ReadingList, *, label: str, by: PersonId, visibility: Visibility, now: datetime
    ) -> int:
        """Keep a list that is held as it stands; the number of the edition."""
        last = select(func.max(reading_list_editions.c.number)).where(
            reading_list_editions.c.list_id == one.id
        )
        number = (self._connection.execute(last).scalar() or 0) + 1
        row = {"list_id": one.id, "number": number, "label": label, "frozen": now, "person_id": by}
        row |= {"visibility": visibility, "size": one.contents.size}
        row |= {"contents": contents_to_plain(one.contents)}
        self._connection.execute(insert(reading_list_editions), row)
        return number

    def editions(self, id: ListId) -> list[EditionNotice]:
        """The editions of a list, latest first."""
        table = reading_list_editions.c
        columns = (table.number, table.label, table.frozen, table.visibility, table.size)
        query = select(*columns).where(table.list_id == id).order_by(table.number.desc())
        return [
            EditionNotice(row.number, row.label, row.frozen, Visibility(row.visibility), row.size)
            for row in self._connection.execute(query)
        ]

    def edition(self, id: ListId, number: int) -> Edition:
        """One edition. Raises NotFound."""
        table = reading_list_editions
        query = select(table).where(table.c.list_id == id, table.c.number == number)
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("edition", number)
        return Edition(
            id,
            number,
            row.label,
            row.frozen,
            _person(row.person_id),
            Visibility(row.visibility),
            contents_from_plain(row.contents),
        )

    def share_edition(self, id: ListId, number: int, visibility: Visibility) -> None:
        """Who may read an edition; what it says does not change."""
        table = reading_list_editions
        query = update(table).where(table.c.list_id == id, table.c.number == number)
        self._connection.execute(query.values(visibility=visibility))

    # -- changes ------------------------------------------------------------------------------

    def record(self, revision: Revision) -> None:
        """Keep what a change was."""
        row: dict[str, Any] = {"list_id": revision.list_id, "number": revision.number}
        row |= {"at": revision.at, "person_id": revision.who, "deed": revision.deed}
        row |= {"difference": {part: list(both) for part, both in revision.difference.items()}}
        self._connection.execute(insert(reading_list_revisions), row)

    def revisions(self, id: ListId, *, limit: int = 20, offset: int = 0) -> list[Revision]:
        """The changes of a list, latest first."""
        table = reading_list_revisions
        query = select(table).where(table.c.list_id == id).order_by(table.c.number.desc())
        rows = self._connection.execute(query.limit(limit).offset(offset))
        return [_revision_from(row) for row in rows]

    def revisions_since(self, id: ListId, number: int) -> list[Revision]:
        """The changes after that one, earliest first."""
        table = reading_list_revisions
        query = select(table).where(table.c.list_id == id, table.c.number > number)
        return [_revision_from(row) for row in self._connection.execute(query.order_by("number"))]

    def revision(self, id: ListId, number: int) -> Revision:
        """One change. Raises NotFound."""
        table = reading_list_revisions
        query = select(table).where(table.c.list_id == id, table.c.number == number)
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("revision", number)
        return _revision_from(row)

    def count_revisions(self, id: ListId) -> int:
        """How many changes are kept of a list."""
        table = reading_list_revisions
        query = select(func.count()).select_from(table).where(table.c.list_id == id)
        return int(self._connection.execute(query).scalar_one())

    # -- the articles among the items ---------------------------------------------------------

    def link_states(self, ids: Iterable[ArticleId]) -> dict[ArticleId, LinkState]:
        """What is known of the pages of these articles, for those of which something is."""
        states: dict[ArticleId, LinkState] = {}
        for some in batched(sorted(set(ids)), BATCH):
            states |= self._missing(some) | self._withdrawn(some)
        return states

    def _missing(self, some: Collection[ArticleId]) -> dict[ArticleId, LinkState]:
        table = revisits.c
        query = select(table.article_id, table.missing, table.gone)
        troubled = or_(table.missing.is_not(None), table.gone.is_not(None))
        rows = self._connection.execute(query.where(table.article_id.in_(some), troubled))
        return {ArticleId(row.article_id): LinkState(row.missing, row.gone) for row in rows}

    def _withdrawn(self, some: Collection[ArticleId]) -> dict[ArticleId, LinkState]:
        held = select(articles.c.id).where(articles.c.id.in_(some))
        lost = set(some) - set(self._connection.execute(held).scalars())
        if not lost:
            return {}
        query = select(withdrawals.c.article_id).where(withdrawals.c.article_id.in_(lost))
        found = self._connection.execute(query).scalars()
        return {ArticleId(id): LinkState(withdrawn=True) for id in found}

    # -- forgetting ---------------------------------------------------------------------------

    def prune_bin(self, before: datetime) -> int:
        """Forget what has long been in the bin; how many."""
        old = reading_lists.c.deleted < before
        return self._connection.execute(delete(reading_lists).where(old)).rowcount

    def prune_revisions(self, before: datetime) -> int:
        """Forget old changes; how many."""
        old = reading_list_revisions.c.at < before
        return self._connection.execute(delete(reading_list_revisions).where(old)).rowcount

    def erase_private(self, owner: PersonId) -> int:
        """Forget the lists that only their owner ever saw; how many."""
        table = reading_lists.c
        read = select(reading_list_editions.c.list_id).where(
            reading_list_editions.c.visibility != Visibility.PRIVATE
        )
        shared = select(reading_list_editors.c.list_id)
        own = delete(reading_lists).where(
            table.owner_id == owner,
            table.visibility == Visibility.PRIVATE,
            table.id.not_in(read),
            table.id.not_in(shared),
        )
        return self._connection.execute(own).rowcount

    # -- inside -------------------------------------------------------------------------------

    def _set(self, id: ListId, **values: Any) -> None:
        query = update(reading_lists).where(reading_lists.c.id == id)
        self._connection.execute(query.values(values))

    def _editors(self, ids: Collection[int]) -> dict[int, tuple[PersonId, ...]]:
        found: dict[int, tuple[PersonId, ...]] = {}
        table = reading_list_editors.c
        for some in batched(ids, BATCH):
            query = select(table.list_id, table.person_id).where(table.list_id.in_(some))
            for row in self._connection.execute(query.order_by(table.person_id)):
                found[row.list_id] = (*found.get(row.list_id, ()), PersonId(row.person_id))
        return found


def _noticed() -> Select[Any]:
    table = reading_lists.c
    return select(
        table.id, table.slug, table.owner_id, table.visibility, table.title, table.audience,
        table.subject, table.themes, table.size, table.changed, table.deleted,
    )  # fmt: skip


def _values(contents: Contents) -> dict[str, Any]:
    return {
        "contents": contents_to_plain(contents),
        "title": contents.title,
        "audience": contents.audience,
        "subject": contents.subject,
        "themes": list(contents.themes),
        "size": contents.size,
        "words": _words(contents),
    }


def _words(contents: Contents) -> str:
    said = [contents.title, contents.subject, contents.audience, contents.introduction]
    said += [section.title for section in contents.sections]
    for item in contents.items:
        said += [item.reference.title, *(who.family for who in item.reference.authors)]
    return one_line(fold(" ".join(said)))[:WORDS]


def _person(id: int | None) -> PersonId | None:
    return None if id is None else PersonId(id)


def _list_from(row: Row[Any], editors: tuple[PersonId, ...]) -> ReadingList:
    return ReadingList(
        id=ListId(row.id),
        slug=row.slug,
        owner=_person(row.owner_id),
        editors=editors,
        visibility=Visibility(row.visibility),
        contents=contents_from_plain(row.contents),
        revision=row.revision,
        created=row.created,
        changed=row.changed,
        copied_from=row.copied_from,
        deleted=row.deleted,
    )


def _notice_from(row: Row[Any], editors: tuple[PersonId, ...]) -> ListNotice:
    return ListNotice(
        ListId(row.id),
        row.slug,
        _person(row.owner_id),
        editors,
        Visibility(row.visibility),
        row.title,
        row.audience,
        row.subject,
        tuple(ThemeId(one) for one in row.themes),
        row.size,
        row.changed,
        row.deleted,
    )


def _revision_from(row: Row[Any]) -> Revision:
    difference = {part: (before, after) for part, (before, after) in row.difference.items()}
    return Revision(
        ListId(row.list_id), row.number, row.at, _person(row.person_id), row.deed, difference
    )
