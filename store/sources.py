"""Sources: where articles come from, and how the visits went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update

from core.errors import Conflict, NotFound
from core.model import Pace, Source, SourceId, SourceKind, SourceStatus, Validators
from core.text import slugify
from core.urls import canonical_url, host_of
from store.tables import articles, sources

_STARTS = ("https://", "https://www.", "http://", "http://www.")


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """A source and how many of its articles are held."""

    source: Source
    articles: int


@dataclass(frozen=True, slots=True)
class Success:
    """What is remembered of a visit that went well."""

    id: SourceId
    next_visit: datetime
    validators: Validators
    last_full: datetime | None  # when it last sent what it has
    trusted: bool = True  # whether its next « not modified » may be believed
    pace: Pace | None = None  # what its feed asks of those who come again
    opposed: datetime | None = None  # since when it says not to mine it


class Sources:
    """The sources not removed, unless said otherwise."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        name: str,
        url: str,
        feed: str,
        kind: SourceKind,
        now: datetime,
        candidates: Sequence[str] = (),
    ) -> Source:
        """A new source, or a removed one taken up again. Raises Conflict when it is there.

        ``feed``: "" for a source that is never visited. ``candidates``: where it may publish, when
        that was not looked at yet.
        """
        row = self._connection.execute(select(sources).where(sources.c.feed == feed)).first()
        row = row or self._met_at(url)
        values: dict[str, Any] = {"name": name, "url": url, "kind": kind}
        values |= {"candidates": list(candidates)}
        values |= {"status": SourceStatus.NEW}
        if row is not None and not row.removed and row.kind != SourceKind.MET:
            raise Conflict(row.slug)
        if row is not None:
            again = values | {"removed": False, "next_visit": None, "errors_in_a_row": 0}
            again |= {
                "feed": feed or None,
                "added": now if row.kind == SourceKind.MET else row.added,
            }
            again |= {"weight": 0.0, "failing_since": None}
            self._connection.execute(update(sources).where(sources.c.id == row.id).values(again))
            return self.by_slug(row.slug)
        slug = self._free_slug(slugify(name) or slugify(host_of(url)) or "source")
        values |= {"slug": slug, "feed": feed or None, "added": now}
        self._connection.execute(sources.insert(), values)
        return self.by_slug(slug)

    def met(self, url: str, now: datetime) -> Source:
        """The source of a cited article: one whose site it is on, else its site, only met.

        A source of a part of a site is that of what stands under its address.
        """
        host = host_of(url)
        there = [one for one in self.all() if _holds(one, url)]
        if there:
            return max(there, key=lambda one: (len(one.url), -one.id))
        home = canonical_url("/", url)
        row = self._met_at(home)
        if row is not None:
            return source_from(row)
        return self.add(name=host, url=home, feed="", kind=SourceKind.MET, now=now)

    def put_aside(self, id: SourceId) -> None:
        """This site, only met, is not to be proposed as a source."""
        self._set(id, removed=True)

    def set_aside(self) -> set[str]:
        """The hosts of the sites only met that are not to be proposed."""
        query = select(sources.c.url).where(sources.c.kind == SourceKind.MET, sources.c.removed)
        return {host_of(url) for url in self._connection.execute(query).scalars()}

    def _met_at(self, url: str) -> Row[Any] | None:
        """The site whose home this is, when it is only met."""
        if urlsplit(url).path not in {"", "/"}:
            return None
        homes = [f"{start}{_netloc(url)}/" for start in _STARTS]
        query = select(sources).where(sources.c.kind == SourceKind.MET, sources.c.url.in_(homes))
        return self._connection.execute(query.order_by(sources.c.id)).first()

    def by_slug(self, slug: str) -> Source:
        """The source so named, even one removed, whose articles stay. Raises NotFound."""
        row = self._connection.execute(select(sources).where(sources.c.slug == slug)).first()
        if row is None:
            raise NotFound("source", slug)
        return source_from(row)

    def all(self) -> list[Source]:
        """Every source, by name; sites that are only met left out."""
        query = select(sources).where(~sources.c.removed, sources.c.kind != SourceKind.MET)
        query = query.order_by(sources.c.name, sources.c.id)
        return [source_from(row) for row in self._connection.execute(query)]

    def names(self) -> dict[str, str]:
        """The name of every source by its slug, removed ones included."""
        rows = self._connection.execute(select(sources.c.slug, sources.c.name))
        return {row.slug: row.name for row in rows}

    def with_figures(self) -> list[SourceFigures]:
        """Every source with its number of articles, by name."""
        count = select(articles.c.source_id, func.count().label("held"))
        counts = {row.source_id: row.held for row in self._connection.execute(
            count.group_by(articles.c.source_id)
        )}  # fmt: skip
        return [SourceFigures(source, counts.get(source.id, 0)) for source in self.all()]

    def due(self, now: datetime) -> list[Source]:
        """The sources to visit at ``now``, the longest waiting first."""
        query = (
            select(sources)
            .where(~sources.c.removed, sources.c.feed.is_not(None))
            .where(or_(sources.c.next_visit.is_(None), sources.c.next_visit <= now))
            .order_by(sources.c.last_visit.is_not(None), sources.c.last_visit, sources.c.id)
        )
        return [source_from(row) for row in self._connection.execute(query)]

    def record_start(self, ids: Iterable[SourceId], *, now: datetime) -> None:
        """Visits that begin: one that is cut leaves its source « not seen to the end »."""
        query = update(sources).where(sources.c.id.in_(list(ids)))
        self._connection.execute(query.values(last_visit=now))

    def record_successes(self, seen: Iterable[Success], *, now: datetime) -> None:
        """Visits that went well (an unchanged feed included)."""
        rows = [
            {
                "which": one.id,
                "next_visit": one.next_visit,
                "etag": one.validators.etag,
                "last_modified": one.validators.last_modified,
                "trusted": one.trusted,
                "pace": asdict(one.pace) if one.pace else None,
                "opposed": one.opposed,
                "last_full": one.last_full,
            }
            for one in seen
        ]
        if not rows:
            return
        query = update(sources).where(sources.c.id == bindparam("which"))
        query = query.values(
            {name: bindparam(name) for name in rows[0] if name != "which"}
            | {
                "status": SourceStatus.OK,
                "last_visit": now,
                "last_success": now,
                "errors_in_a_row": 0,
                "weight": 0.0,
                "failing_since": None,
                "last_error": "",
            }
        )
        self._connection.execute(query, rows)

    def record_failure(
        self,
        id: SourceId,
        *,
        now: datetime,
        next_visit: datetime,
        error: str,
        status: SourceStatus = SourceStatus.FAILING,
        weight: float = 1.0,
    ) -> None:
        """A visit that failed, and why in one line; ``weight``: how much it counts."""
        self._set(
            id,
            status=status,
            last_visit=now,
            next_visit=next_visit,
            errors_in_a_row=sources.c.errors_in_a_row + 1,
            weight=sources.c.weight + weight,
            failing_since=func.coalesce(sources.c.failing_since, now),
            last_error=error,
        )

    def settle(self, id: SourceId, *, feed: str, kind: SourceKind) -> None:
        """This is where it publishes. Nothing changes when that is another source's already."""
        taken = select(sources.c.id).where(sources.c.feed == feed, sources.c.id != id)
        if self._connection.execute(taken).first() is None:
            self._set(id, feed=feed, kind=kind)

    def move(self, id: SourceId, feed: str) -> bool:
        """Its feed is at another address for good; False when that is another source's."""
        taken = select(sources.c.id).where(sources.c.feed == feed)
        if self._connection.execute(taken).first() is not None:
            return False
        self._set(id, feed=feed)
        return True

    def remove(self, slug: str) -> Source:
        """Visit this source no more; its articles stay. Raises NotFound."""
        source = self.by_slug(slug)
        self._set(source.id, removed=True)
        return source

    def _set(self, id: SourceId, **values: Any) -> None:
        self._connection.execute(update(sources).where(sources.c.id == id).values(values))

    def _free_slug(self, wanted: str) -> str:
        wanted = wanted[:80].strip("-")
        query = select(sources.c.slug).where(sources.c.slug.startswith(wanted))
        taken = set(self._connection.execute(query).scalars())
        number = 1
        slug = wanted
        while slug in taken:
            number += 1
            slug = f"{wanted}-{number}"
        return slug


def _netloc(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _holds(source: Source, url: str) -> bool:
    """Whether an address is of this source's site, or of the part of a site that it is."""
    path = urlsplit(source.url).path.rstrip("/")
    there = urlsplit(url).path
    inside = there == path or there.startswith(f"{path}/")
    return _netloc(source.url) == _netloc(url) and inside


def _pace_from(fields: dict[str, Any] | None) -> Pace | None:
    if not fields:
        return None
    return Pace(fields["every"], tuple(fields["skip_hours"]), tuple(fields["skip_days"]))


def source_columns() -> list[Any]:
    """The columns of ``sources`` but its number, as ``source_…``, for rows of articles."""
    return [column.label(f"source_{column.name}") for column in sources.c if column.name != "id"]


def source_of(row: Any) -> Source:
    """The source of a row that has ``source_columns`` and an article's ``source_id``."""
    return source_from(_SourceView(row))


def source_from(row: Any) -> Source:
    """A row of ``sources`` (or what has its attributes) as the domain's dataclass."""
    return Source(
        id=SourceId(row.id),
        slug=row.slug,
        name=row.name,
        url=row.url,
        feed=row.feed or "",
        kind=SourceKind(row.kind),
        status=SourceStatus(row.status),
        validators=Validators(row.etag, row.last_modified),
        added=row.added,
        last_visit=row.last_visit,
        last_success=row.last_success,
        next_visit=row.next_visit,
        errors_in_a_row=row.errors_in_a_row,
        candidates=tuple(row.candidates or ()),
        last_error=row.last_error,
        last_full=row.last_full,
        trusted=row.trusted,
        weight=row.weight,
        failing_since=row.failing_since,
        pace=_pace_from(row.pace),
        opposed=row.opposed,
    )


class _SourceView:
    """The source's columns of a joined row, under their own names."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, f"source_{name}")
