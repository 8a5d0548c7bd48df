"""Fetched pages: waiting to be read, read, or set aside with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from core.model import Announcement, Page, PageId, Reservation, SourceId
from store.addresses import keys_of
from store.batches import batched
from store.meeting import insert_absent
from store.shares import Slice, host_in, hosts, slices
from store.tables import aliases, pages
from store.withdrawals import Withdrawals

_INSTANTS = ("published", "seen")  # of an announcement


class PageState(StrEnum):
    """Where a page stands between fetching and reading."""

    ANNOUNCED = "announced"
    WAITING = "waiting"
    READ = "read"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class AnnouncedPage:
    """A page to fetch: who announced it, and how often it could not be had."""

    id: PageId
    url: str
    source_id: SourceId
    attempts: int


@dataclass(frozen=True, slots=True)
class RejectedPage:
    """A page set aside, and why."""

    url: str
    source_id: SourceId
    reason: str


class Pages:
    """One page per asked address; fetching it again replaces it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- what is announced ------------------------------------------------------------------------

    def announce(
        self, source_id: SourceId, announcements: Mapping[str, Announcement], now: datetime
    ) -> list[AnnouncedPage]:
        """Have the pages at these addresses fetched, those that are not known; which they are."""
        return self.announce_all([(source_id, announcements)], now)

    def announce_all(
        self,
        announced: Iterable[tuple[SourceId, Mapping[str, Announcement]]],
        now: datetime,
    ) -> list[AnnouncedPage]:
        """The same for several sources; an address that two announce is the first one's."""
        told: dict[str, tuple[SourceId, Announcement]] = {}
        for source_id, announcements in announced:
            for url, announcement in announcements.items():
                told.setdefault(url, (source_id, announcement))
        known = self.known(told)
        fresh = [url for url in told if url not in known]
        if not fresh:
            return []
        rows = [
            {
                "source_id": told[url][0],
                "url": url,
                "final_url": url,
                "fetched": now,
                "body": "",
                "state": PageState.ANNOUNCED,
                "announcement": _announcement_json(told[url][1]),
                "due": now,
            }
            for url in fresh
        ]
        insert_absent(self._connection, pages, rows)
        found: list[AnnouncedPage] = []
        for some in batched(fresh, 500):
            query = _to_fetch().where(pages.c.url.in_(some)).order_by(pages.c.id)
            found += [_announced_from(row) for row in self._connection.execute(query)]
        return found

    def to_fetch(
        self,
        now: datetime | None,
        after: PageId | None = None,
        limit: int = 1000,
        host: str | None = None,
    ) -> list[AnnouncedPage]:
        """Announced pages after one, in order; only those due at ``now``, when it is given.

        ``host``: only those of this host (and port).
        """
        query = _to_fetch().where(pages.c.state == PageState.ANNOUNCED, pages.c.id > (after or 0))
        if now is not None:
            query = query.where(pages.c.due <= now)
        if host is not None:
            query = query.where(host_in(pages.c.url) == host)
        rows = self._connection.execute(query.order_by(pages.c.id).limit(limit))
        return [_announced_from(row) for row in rows]

    def hosts_to_fetch(self, now: datetime) -> set[str]:
        """The hosts (and ports) that announced pages due at ``now`` are of."""
        due = (pages.c.state == PageState.ANNOUNCED, pages.c.due <= now)
        return hosts(self._connection, pages.c.url, *due)

    def announced(self, ids: Iterable[PageId]) -> dict[PageId, Announcement]:
        """How these pages were announced."""
        found: dict[PageId, Announcement] = {}
        for some in batched(ids, 500):
            query = select(pages.c.id, pages.c.announcement).where(pages.c.id.in_(some))
            for row in self._connection.execute(query):
                found[PageId(row.id)] = _announcement_from(row.announcement)
        return found

    def postpone(self, id: PageId, due: datetime, reason: str) -> None:
        """This page could not be had, and why: it is asked for again when ``due``."""
        query = update(pages).where(pages.c.id == id, pages.c.state == PageState.ANNOUNCED)
        values = {"due": due, "reason": reason, "attempts": pages.c.attempts + 1}
        self._connection.execute(query.values(values))

    def count_announced(self) -> int:
        """How many pages are to be fetched."""
        query = select(func.count()).select_from(pages)
        query = query.where(pages.c.state == PageState.ANNOUNCED)
        return self._connection.execute(query).scalar_one()

    def count_to_fetch(self) -> dict[SourceId, int]:
        """How many pages are to be fetched of each source that has some."""
        query = select(pages.c.source_id, func.count().label("held"))
        query = query.where(pages.c.state == PageState.ANNOUNCED).group_by(pages.c.source_id)
        return {SourceId(row.source_id): row.held for row in self._connection.execute(query)}

    # -- what was fetched -------------------------------------------------------------------------

    def add(
        self,
        *,
        source_id: SourceId,
        url: str,
        final_url: str,
        fetched: datetime,
        content_type: str,
        body: str,
        announcement: Announcement,
        rejected: str = "",
        reservation: Reservation = Reservation.UNSAID,
        robots_tag: str = "",
    ) -> None:
        """Keep a fetched page, waiting to be read. ``body``: its key among the bodies.

        ``rejected``: why there is nothing to read in it, so that it is not asked for again.
        """
        values = {
            "source_id": source_id,
            "final_url": final_url,
            "fetched": fetched,
            "content_type": content_type,
            "body": body,
            "state": PageState.REJECTED if rejected else PageState.WAITING,
            "reason": rejected,
            "announcement": _announcement_json(announcement),
            "due": None,
            "reservation": reservation,
            "robots_tag": robots_tag,
        }
        changed = self._connection.execute(update(pages).where(pages.c.url == url).values(values))
        if changed.rowcount == 0:
            self._connection.execute(insert(pages), values | {"url": url})

    def put_read(self, page: Page, body: str) -> None:
        """Keep a page that was fetched again and read already."""
        self.add(
            source_id=page.source_id,
            url=page.url,
            final_url=page.final_url,
            fetched=page.fetched,
            content_type=page.content_type,
            body=body,
            announcement=page.announcement,
            reservation=page.reservation,
            robots_tag=page.robots_tag,
        )
        same = update(pages).where(pages.c.url == page.url)
        self._connection.execute(same.values(state=PageState.READ))

    def known(self, urls: Iterable[str]) -> set[str]:
        """Those of these addresses that were fetched already or lead to an article held.

        Or led to one withdrawn for good: nobody asks for it again.
        """
        keys = keys_of(urls)
        found = Withdrawals(self._connection).among(keys)
        for some in batched(keys, 500):
            query = select(pages.c.url).where(pages.c.url.in_(some))
            found.update(self._connection.execute(query).scalars())
            query = select(aliases.c.key).where(aliases.c.key.in_({keys[url] for url in some}))
            held = set(self._connection.execute(query).scalars())
            found.update(url for url in some if keys[url] in held)
        return found

    def waiting(
        self, limit: int, after: PageId | None = None, share: Slice | None = None
    ) -> list[tuple[Page, str]]:
        """Pages to read, oldest first, each with the key of its body; ``share``: only of this."""
        query = select(pages).where(pages.c.state == PageState.WAITING).order_by(pages.c.id)
        if after is not None:
            query = query.where(pages.c.id > after)
        if share is not None:
            query = query.where(share.holds(pages.c.id))
        return [(_page_from(row), row.body) for row in self._connection.execute(query.limit(limit))]

    def slices_waiting(self) -> list[Slice]:
        """The slices that hold pages to read."""
        return slices(self._connection, pages.c.id, pages.c.state == PageState.WAITING)

    def count_waiting(self, share: Slice | None = None) -> int:
        """How many pages wait to be read."""
        query = select(func.count()).select_from(pages).where(pages.c.state == PageState.WAITING)
        if share is not None:
            query = query.where(share.holds(pages.c.id))
        return self._connection.execute(query).scalar_one()

    def oldest(self, now: datetime) -> dict[PageState, datetime]:
        """Since when the oldest page waits to be fetched, and to be read; those that wait."""
        announced = select(func.min(pages.c.due)).where(
            pages.c.state == PageState.ANNOUNCED, pages.c.due <= now
        )
        waiting = select(func.min(pages.c.fetched)).where(pages.c.state == PageState.WAITING)
        asked = {PageState.ANNOUNCED: announced, PageState.WAITING: waiting}
        found = {state: self._connection.execute(one).scalar() for state, one in asked.items()}
        return {state: since for state, since in found.items() if since is not None}

    def fetches(self, since: datetime) -> list[tuple[datetime, bool]]:
        """When each page was fetched since a moment, and whether it was set aside."""
        query = select(pages.c.fetched, pages.c.state).where(pages.c.fetched >= since)
        query = query.where(pages.c.state != PageState.ANNOUNCED)
        rows = self._connection.execute(query)
        return [(fetched, state == PageState.REJECTED) for fetched, state in rows]

    def mark_read(self, ids: Sequence[PageId]) -> None:
        """These pages gave their articles."""
        for some in batched(ids, 500):
            query = update(pages).where(pages.c.id.in_(some))
            self._connection.execute(query.values(state=PageState.READ, reason=""))

    def reject(self, id: PageId, reason: str) -> None:
        """This page gave no article, and why in one line."""
        self._set(id, PageState.REJECTED, reason)

    def oppose(self, urls: Iterable[str]) -> set[str]:
        """Forget what these pages held: mining is opposed; the keys of bodies none has any more.

        Title, address and dates stay of what announced them.
        """
        keys: set[str] = set()
        for some in batched(urls, 500):
            query = select(pages.c.id, pages.c.body, pages.c.announcement, pages.c.reservation)
            for row in self._connection.execute(query.where(pages.c.url.in_(some))).all():
                emptied = {"summary": "", "content": "", "author": ""}
                said = row.reservation or Reservation.FILE
                values = {"body": "", "announcement": {**row.announcement, **emptied}}
                values |= {"reservation": said}
                self._connection.execute(update(pages).where(pages.c.id == row.id).values(values))
                keys.add(row.body)
        kept = select(pages.c.body).where(pages.c.body.in_(keys))
        return keys - set(self._connection.execute(kept).scalars()) - {""}

    def lifted(self, urls: Iterable[str]) -> set[str]:
        """Those of these pages whose own answer said that they may be mined."""
        found: set[str] = set()
        for some in batched(urls, 500):
            query = select(pages.c.url).where(pages.c.reservation == Reservation.LIFTED)
            found.update(self._connection.execute(query.where(pages.c.url.in_(some))).scalars())
        return found

    def rejected(self, source_id: SourceId | None = None) -> list[RejectedPage]:
        """The pages set aside, latest first."""
        query = select(pages).where(pages.c.state == PageState.REJECTED).order_by(pages.c.id.desc())
        if source_id is not None:
            query = query.where(pages.c.source_id == source_id)
        return [
            RejectedPage(row.url, SourceId(row.source_id), row.reason)
            for row in self._connection.execute(query)
        ]

    def count_set_aside(self) -> int:
        """How many pages were set aside though their body was kept."""
        query = select(func.count()).select_from(pages).where(pages.c.body != "")
        query = query.where(pages.c.state == PageState.REJECTED)
        return self._connection.execute(query).scalar_one()

    def read_again(self, source_id: SourceId | None = None) -> int:
        """Put pages back to be read by today's extractor; how many.

        Not those that were set aside without a body: there never was anything to read in them.
        """
        read = pages.c.state == PageState.READ
        kept = (pages.c.state == PageState.REJECTED) & (pages.c.body != "")
        query = update(pages).where(or_(read, kept))
        if source_id is not None:
            query = query.where(pages.c.source_id == source_id)
        return self._connection.execute(query.values(state=PageState.WAITING)).rowcount

    def _set(self, id: PageId, state: PageState, reason: str) -> None:
        query = update(pages).where(pages.c.id == id).values(state=state, reason=reason)
        self._connection.execute(query)


_TOLD = [field.name for field in fields(Announcement)]


def _announcement_json(announcement: Announcement) -> dict[str, Any]:
    instants = {name: getattr(announcement, name) for name in _INSTANTS}
    told = {name: instant.isoformat() if instant else None for name, instant in instants.items()}
    return {name: getattr(announcement, name) for name in _TOLD} | told


def _announcement_from(kept: Mapping[str, Any]) -> Announcement:
    told = {name: kept.get(name) for name in _INSTANTS}
    instants = {name: datetime.fromisoformat(text) if text else None for name, text in told.items()}
    return Announcement(**{**kept, **instants})


def _to_fetch() -> Select[Any]:
    return select(pages.c.id, pages.c.url, pages.c.source_id, pages.c.attempts)


def _announced_from(row: Row[Any]) -> AnnouncedPage:
    return AnnouncedPage(PageId(row.id), row.url, SourceId(row.source_id), row.attempts)


def _page_from(row: Row[Any]) -> Page:
    return Page(
        id=PageId(row.id),
        source_id=SourceId(row.source_id),
        url=row.url,
        final_url=row.final_url,
        fetched=row.fetched,
        content_type=row.content_type,
        announcement=_announcement_from(row.announcement),
        reservation=Reservation(row.reservation),
        robots_tag=row.robots_tag,
    )
