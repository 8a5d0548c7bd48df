"""Letters on the desk and sent, their versions, what is put aside for the next one, images."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.errors import Conflict, NotFound
from core.model import Access, ArticleId
from core.newsletters import (
    Content,
    Entry,
    EntryKind,
    Kept,
    Newsletter,
    NewsletterId,
    NewsletterState,
    Picture,
    Section,
    Version,
)
from core.people import PersonId
from core.settings import LOGO, Logo
from store.tables import (
    newsletter_basket,
    newsletter_pictures,
    newsletter_versions,
    newsletters,
    said_settings,
)

_PUBLIC = (NewsletterState.SENDING, NewsletterState.SENT)
_TO_COME = (NewsletterState.SCHEDULED, NewsletterState.SENDING)


class Newsletters:
    """Letters. Each save of a letter's content is a version, kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- writing --------------------------------------------------------------------------------

    def add(
        self,
        content: Content,
        *,
        since: datetime,
        until: datetime,
        by: PersonId | None,
        now: datetime,
    ) -> NewsletterId:
        """A new draft, at its version 1."""
        row = {
            "content": _json(content), "since": since, "until": until,
            "state": NewsletterState.DRAFT, "version": 1, "created": now, "updated": now,
            "person_id": by,
        }  # fmt: skip
        key = self._connection.execute(insert(newsletters).values(row)).inserted_primary_key
        id = NewsletterId(key[0] if key else 0)
        self._keep(id, 1, content, by, now)
        return id

    def save(
        self, id: NewsletterId, content: Content, *, over: int, by: PersonId | None, now: datetime
    ) -> int:
        """Its content from now on; the number of this version.

        ``over``: the version that it is made from. Raises NotFound; Conflict when the letter has
        another by now, or may no longer be changed.
        """
        values = {"content": _json(content), "version": over + 1, "updated": now, "person_id": by}
        self._change(id, over, values)
        self._keep(id, over + 1, content, by, now)
        return over + 1

    def keep_aside(
        self, id: NewsletterId, content: Content, *, over: int, by: PersonId | None, now: datetime
    ) -> int:
        """Keep a content as a version without making it the letter's. Raises as ``save``."""
        self._change(id, over, {"version": over + 1})
        self._keep(id, over + 1, content, by, now)
        return over + 1

    def cover(self, id: NewsletterId, *, since: datetime, until: datetime) -> None:
        """Another period."""
        self._set(id, since=since, until=until)

    def remove(self, id: NewsletterId) -> None:
        """Forget a draft, with its versions. Raises Conflict for what is no draft."""
        draft = delete(newsletters).where(newsletters.c.id == id)
        draft = draft.where(newsletters.c.state == NewsletterState.DRAFT)
        if self._connection.execute(draft).rowcount == 0:
            self._refuse(id)

    # -- sending --------------------------------------------------------------------------------

    def schedule(self, id: NewsletterId, at: datetime, *, slug: str, over: int) -> None:
        """It goes at ``at``, as it is in the version ``over``; ``slug`` names its page.

        Raises Conflict when the letter has another version, is no draft, or the name is taken.
        """
        values = {
            "state": NewsletterState.SCHEDULED, "scheduled": at, "slug": slug, "held": None,
        }  # fmt: skip
        try:
            with self._connection.begin_nested():
                self._change(id, over, values)
        except sqlalchemy.exc.IntegrityError as error:
            raise Conflict(f"another letter is called {slug}") from error

    def call_back(self, id: NewsletterId, *, held: datetime | None = None) -> bool:
        """A draft again, if its sending has not begun; ``held``: it could not be sent then."""
        values = {"state": NewsletterState.DRAFT, "scheduled": None, "held": held}
        return self._step(id, NewsletterState.SCHEDULED, values)

    def begin_sending(self, id: NewsletterId, now: datetime) -> bool:
        """It is public from now on, and is not called back any more; False when not scheduled."""
        return self._step(
            id, NewsletterState.SCHEDULED, {"state": NewsletterState.SENDING, "sent": now}
        )

    def end_sending(self, id: NewsletterId) -> bool:
        """All its letters are in the outbox."""
        return self._step(id, NewsletterState.SENDING, {"state": NewsletterState.SENT})

    def due(self, now: datetime) -> list[Newsletter]:
        """Those whose time has come, and those whose sending was interrupted; first ones first."""
        query = select(newsletters).where(
            newsletters.c.state.in_(_TO_COME), newsletters.c.scheduled <= now
        )
        return self._load(query.order_by(newsletters.c.scheduled, newsletters.c.id))

    # -- asking ---------------------------------------------------------------------------------

    def by_id(self, id: NewsletterId) -> Newsletter:
        """One letter. Raises NotFound."""
        return self._one(select(newsletters).where(newsletters.c.id == id), id)

    def hold(self, id: NewsletterId) -> Newsletter:
        """One letter, which nobody else changes before this transaction ends. Raises NotFound."""
        return self._one(select(newsletters).where(newsletters.c.id == id).with_for_update(), id)

    def by_slug(self, slug: str) -> Newsletter:
        """The public letter of that name. Raises NotFound."""
        query = select(newsletters).where(newsletters.c.slug == slug)
        return self._one(query.where(newsletters.c.state.in_(_PUBLIC)), slug)

    def is_taken(self, slug: str, *, by_other_than: NewsletterId) -> bool:
        """Whether another letter is called so."""
        query = select(newsletters.c.id).where(newsletters.c.slug == slug)
        found = self._connection.execute(query).scalar()
        return found is not None and found != by_other_than

    def on_the_desk(self) -> list[Newsletter]:
        """Drafts and scheduled ones, last changed first."""
        query = select(newsletters).where(newsletters.c.state.not_in(_PUBLIC))
        return self._load(query.order_by(newsletters.c.updated.desc(), newsletters.c.id))

    def published(self, *, limit: int | None = None, offset: int = 0) -> list[Newsletter]:
        """Those that anybody may read, latest first."""
        query = select(newsletters).where(newsletters.c.state.in_(_PUBLIC))
        query = query.order_by(newsletters.c.sent.desc(), newsletters.c.id.desc())
        return self._load(query.limit(limit).offset(offset))

    def count_published(self) -> int:
        """How many letters anybody may read."""
        query = select(func.count()).select_from(newsletters)
        query = query.where(newsletters.c.state.in_(_PUBLIC))
        return self._connection.execute(query).scalar_one()

    def covered_until(self) -> datetime | None:
        """Where the period of the last letter ends, sent or to be sent; None without any."""
        query = select(func.max(newsletters.c.until))
        query = query.where(newsletters.c.state != NewsletterState.DRAFT)
        return self._connection.execute(query).scalar()

    # -- versions -------------------------------------------------------------------------------

    def versions(self, id: NewsletterId) -> list[Version]:
        """The versions that are kept, latest first."""
        of = newsletter_versions.c
        query = select(of.number, of.at, of.person_id).where(of.newsletter_id == id)
        return [
            Version(row.number, row.at, _person(row.person_id))
            for row in self._connection.execute(query.order_by(of.number.desc()))
        ]

    def saved_by(self, person: PersonId) -> list[tuple[NewsletterId, Version]]:
        """The versions that somebody saved, of every letter, first ones first."""
        of = newsletter_versions.c
        query = select(of.newsletter_id, of.number, of.at).where(of.person_id == person)
        return [
            (NewsletterId(row.newsletter_id), Version(row.number, row.at, person))
            for row in self._connection.execute(query.order_by(of.at, of.newsletter_id, of.number))
        ]

    def content_of(self, id: NewsletterId, number: int) -> Content | None:
        """What a version said, if it is still kept."""
        of = newsletter_versions.c
        query = select(of.content).where(of.newsletter_id == id, of.number == number)
        found = self._connection.execute(query).scalar()
        return None if found is None else _content_from(found)

    def forget_versions(self, id: NewsletterId, numbers: Collection[int]) -> None:
        """Keep these versions no longer."""
        of = newsletter_versions.c
        which = delete(newsletter_versions).where(of.newsletter_id == id, of.number.in_(numbers))
        self._connection.execute(which)

    # -- inside ---------------------------------------------------------------------------------

    def _keep(
        self, id: NewsletterId, number: int, content: Content, by: PersonId | None, now: datetime
    ) -> None:
        row = {"newsletter_id": id, "number": number, "at": now, "person_id": by}
        self._connection.execute(insert(newsletter_versions), row | {"content": _json(content)})

    def _change(self, id: NewsletterId, over: int, values: Mapping[str, Any]) -> None:
        which = update(newsletters).where(newsletters.c.id == id, newsletters.c.version == over)
        which = which.where(newsletters.c.state == NewsletterState.DRAFT)
        if self._connection.execute(which.values(values)).rowcount == 0:
            self._refuse(id)

    def _refuse(self, id: NewsletterId) -> None:
        found = self.by_id(id)
        raise Conflict(f"newsletter {id} is {found.state}, at version {found.version}")

    def _step(self, id: NewsletterId, state: NewsletterState, values: Mapping[str, Any]) -> bool:
        which = update(newsletters).where(newsletters.c.id == id, newsletters.c.state == state)
        return self._connection.execute(which.values(values)).rowcount == 1

    def _set(self, id: NewsletterId, **values: Any) -> None:
        self._connection.execute(update(newsletters).where(newsletters.c.id == id).values(values))

    def _one(self, query: Any, key: object) -> Newsletter:
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("newsletter", key)
        return _newsletter_from(row)

    def _load(self, query: Any) -> list[Newsletter]:
        return [_newsletter_from(row) for row in self._connection.execute(query)]


class Basket:
    """What the team puts aside for the next letter: an article stands in it once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, entry: Entry, *, by: PersonId | None, now: datetime) -> None:
        """Put aside; of an article that is there already, only the note is added."""
        held = None if entry.article is None else self._of_article(entry.article)
        if held is None:
            row = {"key": entry.id, "article_id": entry.article, "entry": _entry_json(entry)}
            self._connection.execute(insert(newsletter_basket), row | {"person_id": by, "at": now})
        elif entry.note:
            notes = "\n".join(note for note in (held.entry.note, entry.note) if note)
            self._note(held.entry.id, _entry_json(held.entry) | {"note": notes})

    def all(self) -> list[Kept]:
        """All that is put aside, first ones first."""
        query = select(newsletter_basket)
        query = query.order_by(newsletter_basket.c.at, newsletter_basket.c.key)
        return [_kept_from(row) for row in self._connection.execute(query)]

    def count(self) -> int:
        """How many things are put aside."""
        query = select(func.count()).select_from(newsletter_basket)
        return self._connection.execute(query).scalar_one()

    def holding(self, article: ArticleId) -> Kept | None:
        """What is put aside of an article."""
        return self._of_article(article)

    def take(self, keys: Collection[str]) -> list[Kept]:
        """Take these out."""
        found = [one for one in self.all() if one.entry.id in keys]
        gone = delete(newsletter_basket).where(newsletter_basket.c.key.in_(list(keys)))
        self._connection.execute(gone)
        return found

    def take_articles(self, ids: Collection[ArticleId]) -> None:
        """Take these articles out, if they are there."""
        gone = newsletter_basket.c.article_id.in_(list(ids))
        self._connection.execute(delete(newsletter_basket).where(gone))

    def _of_article(self, article: ArticleId) -> Kept | None:
        query = select(newsletter_basket).where(newsletter_basket.c.article_id == article)
        row = self._connection.execute(query).first()
        return None if row is None else _kept_from(row)

    def _note(self, key: str, entry: Mapping[str, Any]) -> None:
        query = update(newsletter_basket).where(newsletter_basket.c.key == key)
        self._connection.execute(query.values(entry=entry))


class Pictures:
    """Images, by a name made of their content: the same one is kept once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, picture: Picture, *, now: datetime) -> None:
        """Keep it; one that is kept already is as if it were new."""
        again = update(newsletter_pictures).where(newsletter_pictures.c.name == picture.name)
        if self._connection.execute(again.values(at=now)).rowcount == 0:
            row = {field.name: getattr(picture, field.name) for field in fields(picture)}
            self._connection.execute(insert(newsletter_pictures), row | {"at": now})

    def prune(self, before: datetime) -> int:
        """Forget those kept before then that nothing shows, former letters neither; how many."""
        old = newsletter_pictures.c.at < before
        names = set(
            self._connection.execute(select(newsletter_pictures.c.name).where(old)).scalars()
        )
        logo = select(said_settings.c.value).where(said_settings.c.name == LOGO)
        names -= {Logo.read(said).name for said in self._connection.execute(logo).scalars()}
        for table in (newsletters, newsletter_versions) if names else ():
            contents = self._connection.execute(select(table.c.content))
            for content in contents.scalars():
                names -= {entry.image for entry in _content_from(content).entries}
        gone = delete(newsletter_pictures).where(old, newsletter_pictures.c.name.in_(list(names)))
        return self._connection.execute(gone).rowcount if names else 0

    def by_name(self, name: str) -> Picture | None:
        """The image so named."""
        query = select(newsletter_pictures).where(newsletter_pictures.c.name == name)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return Picture(row.name, row.media_type, row.width, row.height, bytes(row.content))


# -- contents as JSON -----------------------------------------------------------------------------


def _entry_json(entry: Entry) -> dict[str, Any]:
    """An entry as JSON: what it does not say is left out."""
    unsaid = Entry("", entry.kind)
    said = {name: value for name, value in asdict(entry).items() if value != getattr(unsaid, name)}
    if entry.day is not None:
        said["day"] = entry.day.isoformat()
    return said | {"id": entry.id, "kind": entry.kind}


def _json(content: Content) -> dict[str, Any]:
    sections = [
        {
            "id": section.id, "title": section.title, "brief": section.brief,
            "entries": [_entry_json(entry) for entry in section.entries],
        }
        for section in content.sections
    ]  # fmt: skip
    return {
        "subject": content.subject, "foreword": content.foreword,
        "signature": content.signature, "sections": sections,
    }  # fmt: skip


def _content_from(kept: Mapping[str, Any]) -> Content:
    sections = tuple(
        Section(one["id"], one["title"], tuple(map(_entry_from, one["entries"])), one["brief"])
        for one in kept["sections"]
    )
    return Content(kept["subject"], kept["foreword"], kept["signature"], sections)


def _entry_from(kept: Mapping[str, Any]) -> Entry:
    values = dict(kept) | {"kind": EntryKind(kept["kind"])}
    if "access" in kept:
        values["access"] = Access(kept["access"])
    if "day" in kept:
        values["day"] = date.fromisoformat(kept["day"])
    return Entry(**values)


def _person(id: int | None) -> PersonId | None:
    return None if id is None else PersonId(id)


def _kept_from(row: Row[Any]) -> Kept:
    return Kept(_entry_from(row.entry), _person(row.person_id), row.at)


def _newsletter_from(row: Row[Any]) -> Newsletter:
    return Newsletter(
        id=NewsletterId(row.id),
        content=_content_from(row.content),
        since=row.since,
        until=row.until,
        state=NewsletterState(row.state),
        version=row.version,
        created=row.created,
        updated=row.updated,
        updated_by=_person(row.person_id),
        scheduled=row.scheduled,
        sent=row.sent,
        slug=row.slug or "",
        held=row.held,
    )
