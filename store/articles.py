"""Articles: one per canonical address, with their themes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from core.corrections import Correction, Verdict, effective
from core.errors import NotFound, Withdrawn
from core.model import (
    Access,
    Article,
    ArticleId,
    Evidence,
    Extracted,
    Kind,
    Named,
    Reprint,
    SourceId,
    Tagging,
    ThemeId,
)
from core.people import PersonId
from store.addresses import keys_of
from store.batches import batched
from store.changes import Changes
from store.corrections import Corrections
from store.descriptions import Naming, kind_from, names_of, names_one
from store.groups import Groups, shown_once
from store.shares import Slice, is_another, slices
from store.sources import source_columns, source_of
from store.tables import (
    aliases,
    articles,
    citations,
    event_keys,
    names,
    pages,
    sources,
    stories,
    taggings,
)
from store.withdrawals import Withdrawals

BATCH = 500
_COMPARED = ("title", "text", "author", "published", "access")  # what matters, when it changes


class Saved(StrEnum):
    """What saving an article did."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Untagged:
    """What a tagger needs of an article."""

    id: ArticleId
    title: str
    text: str
    summary: str
    fingerprint: str  # of this text: to tell later whether it has changed


@dataclass(frozen=True, slots=True)
class Dated:
    """When an article was published, as far as it says, and since when it counts."""

    published: datetime | None
    appeared: datetime


@dataclass(frozen=True, slots=True)
class _Held:
    appeared: datetime
    fingerprint: str
    tagger: str


class Articles:
    """Every change made here is recorded for the search index in the same transaction."""

    def __init__(
        self,
        connection: Connection,
        changes: Changes,
        corrections: Corrections,
        groups: Groups,
        withdrawals: Withdrawals,
    ) -> None:
        self._connection = connection
        self._withdrawals = withdrawals
        self._changes = changes
        self._corrections = corrections
        self._groups = groups

    # -- writing ----------------------------------------------------------------------------

    def save(
        self,
        extracted: Extracted,
        *,
        source_id: SourceId,
        now: datetime,
        summary: str = "",
        also_at: Iterable[str] = (),
        seen: datetime | None = None,
    ) -> tuple[ArticleId, Saved]:
        """Keep what was read, once per canonical address.

        ``seen``: when somebody spoke of it; without a date, it counts as having appeared then.

        ``also_at``: other addresses that lead to it. An article known under one of them is
        updated when something that matters changed; its first source and dates stay. Raises
        Withdrawn for one that was withdrawn for good.
        """
        urls = {extracted.url, *also_at}
        if self._withdrawals.among(urls):
            raise Withdrawn(extracted.url)
        known = self._known(extracted.url, urls)
        values = _values(extracted, summary)
        if known is None:  # under none of these addresses
            id = self._insert(extracted, values, source_id, now, seen)
            self._insert_aliases(id, urls)
            saved = Saved.INSERTED
        elif known.fingerprint == values["fingerprint"]:
            id, saved = ArticleId(known.id), Saved.UNCHANGED
        else:
            id, saved = self._update(known, extracted, values, now), Saved.UPDATED
        if known is not None:
            self._add_aliases(id, urls)
        if extracted.opposed and (known is None or known.opposed is None):
            self.oppose([id], now)
        if self._limit(id, extracted.max_snippet, known, now) or saved is not Saved.UNCHANGED:
            self._changes.record([id])
        return id, saved

    def oppose(self, ids: Sequence[ArticleId], now: datetime) -> None:
        """Their publisher opposes mining: title, address and dates stay, and what people said.

        Text, author, summary, image, themes found by the tagger, kind, names, citations and what
        tells copies go, and so does what the search index has of them.
        """
        emptied = {"text": "", "summary": "", "author": "", "image": "", "language": ""}
        emptied |= {"section": "", "kind": "", "describer": "", "tagger": "", "grouper": ""}
        emptied |= {"teller": ""}
        emptied |= {"access": Access.UNREAD}
        for id in ids:
            query = update(articles).where(articles.c.id == id)
            self._connection.execute(query.values(**emptied, kind_reasons=[], opposed=now))
            row = self._connection.execute(select(articles).where(articles.c.id == id)).one()
            left = {name: getattr(row, name) for name in _COMPARED}
            self._connection.execute(query.values(fingerprint=_fingerprint(left)))
        said = self._corrections.of(ids)
        self._corrections.keep_own_taggings({id: () for id in ids if id in said})
        self._write_taggings([(id, effective((), said.get(id, ()))) for id in ids], self._held(ids))
        self._groups.replace_keys(dict.fromkeys(ids, ()))
        for analysed in (citations, names, event_keys, stories):
            gone = delete(analysed).where(analysed.c.article_id.in_(list(ids)))
            self._connection.execute(gone)

    def at_site(self, site: str, source: SourceId | None = None) -> dict[str, ArticleId]:
        """The articles not opposed yet whose address begins with a site's (or of a source)."""
        query = select(articles.c.url, articles.c.id).where(articles.c.opposed.is_(None))
        query = query.where(articles.c.url.startswith(f"{site}/", autoescape=True))
        if source is not None:
            query = query.where(articles.c.source_id == source)
        return {row.url: ArticleId(row.id) for row in self._connection.execute(query)}

    def addresses(self, ids: Sequence[ArticleId]) -> list[str]:
        """Every address known to lead to these articles."""
        found: list[str] = []
        for some in batched(ids, BATCH):
            query = select(aliases.c.url).where(aliases.c.article_id.in_(some))
            found += self._connection.execute(query).scalars()
        return found

    def _limit(
        self, id: ArticleId, limit: int | None, known: Row[Any] | None, now: datetime
    ) -> bool:
        """Remember how much may be shown of an article; whether that changed."""
        if limit == (known.max_snippet if known is not None else None):
            return False
        query = update(articles).where(articles.c.id == id)
        self._connection.execute(query.values(max_snippet=limit, max_snippet_seen=now))
        return True

    def save_taggings(
        self,
        tagged: Sequence[tuple[ArticleId, Sequence[Tagging]]],
        *,
        tagger: str,
        read: Mapping[ArticleId, str] = MappingProxyType({}),
    ) -> None:
        """Replace the themes of these articles by those that ``tagger`` (a version) gives.

        What people said of them holds. ``read``: the fingerprints of the texts that were tagged.
        An article that changed since is passed over: these themes are not those of its new text,
        and it still waits.
        """
        held = self._held([id for id, _ in tagged])
        kept = [
            (id, given)
            for id, given in tagged
            if id in held and read.get(id, held[id].fingerprint) == held[id].fingerprint
        ]
        self._write_taggings(self._corrected(kept), held, tagger=tagger)

    def correct(
        self,
        id: ArticleId,
        theme: ThemeId,
        verdict: Verdict | None,
        *,
        by: PersonId | None,
        now: datetime,
    ) -> Correction | None:
        """Have people's word on a theme of an article hold; None takes it back.

        Its themes follow at once, in the store and in the change log. What was said before,
        None when nothing. Raises NotFound.
        """
        held = self._held([id])
        if id not in held:
            raise NotFound("article", id)
        given = self._own_taggings(id)
        said = {one.theme: one for one in self._corrections.of([id]).get(id, ())}
        if verdict is None:
            self._corrections.remove(id, theme)
        else:
            score = next((one.score for one in given if one.theme == theme), None)
            made = Correction(id, theme, verdict, by, now, held[id].tagger, score)
            self._corrections.put(made)
        self._corrections.keep_own_taggings({id: given})
        if verdict is None and not set(said) - {theme}:
            self._corrections.forget_own_taggings(id)
        now_said = self._corrections.of([id]).get(id, ())
        self._write_taggings([(id, effective(given, now_said))], held)
        return said.get(theme)

    def withdraw(self, id: ArticleId, now: datetime) -> Article:
        """Delete an article for good, with all that was made of it; it does not come back.

        What it was. Raises NotFound.
        """
        article = self.by_id(id)
        query = select(aliases.c.url).where(aliases.c.article_id == id)
        urls = {article.url, *self._connection.execute(query).scalars()}
        self._withdrawals.add(urls, id, now)
        for some in batched(sorted(urls), BATCH):
            reached = or_(pages.c.url.in_(some), pages.c.final_url.in_(some))
            self._connection.execute(delete(pages).where(reached))
        alike = [one.id for one in self._groups.also([id]).get(id, ())]
        self._groups.replace_keys({id: ()})
        self._connection.execute(delete(articles).where(articles.c.id == id))
        self._groups.ask_again(alike)
        self._changes.record([id, *alike])
        return article

    # -- one or several by name ---------------------------------------------------------------

    def by_id(self, id: ArticleId) -> Article:
        """The article. Raises NotFound."""
        found = self.by_ids([id])
        if not found:
            raise NotFound("article", id)
        return found[0]

    def by_ids(self, ids: Iterable[ArticleId]) -> list[Article]:
        """Those of these articles that are held, in the order asked."""
        wanted = list(ids)
        found: dict[ArticleId, Article] = {}
        for some in batched(wanted, BATCH):
            for article in self._load(_whole().where(articles.c.id.in_(some))):
                found[article.id] = article
        return [found[id] for id in wanted if id in found]

    def dated(self, ids: Iterable[ArticleId]) -> list[Dated]:
        """The dates of these articles, in the order of their numbers."""
        query = select(articles.c.published, articles.c.appeared).order_by(articles.c.id)
        query = query.where(articles.c.id.in_(list(ids)))
        return [Dated(*row) for row in self._connection.execute(query)]

    def by_urls(self, urls: Iterable[str]) -> dict[str, ArticleId]:
        """The articles to which these addresses lead, in whichever of a page's forms they are."""
        keys = keys_of(urls)
        exact: dict[str, ArticleId] = {}
        held: dict[str, ArticleId] = {}
        for some in batched(set(keys.values()), BATCH):
            query = select(aliases).where(aliases.c.key.in_(some)).order_by(aliases.c.article_id)
            for row in self._connection.execute(query):
                exact[row.url] = held[row.key] = ArticleId(row.article_id)
        found = {url: exact.get(url) or held.get(key) for url, key in keys.items()}
        return {url: id for url, id in found.items() if id is not None}

    def recognise(self, urls: Iterable[str]) -> None:
        """Remember these very addresses, where another form of theirs leads to an article."""
        for url, id in self.by_urls(urls).items():
            self._add_aliases(id, {url})

    def ids(self) -> Iterator[ArticleId]:
        """Every article's id, in order; read in pieces, so that all need not fit in memory."""
        last = 0
        while True:
            query = select(articles.c.id).where(articles.c.id > last).order_by(articles.c.id)
            batch = list(self._connection.execute(query.limit(10_000)).scalars())
            if not batch:
                return
            yield from map(ArticleId, batch)
            last = batch[-1]

    # -- lists --------------------------------------------------------------------------------

    def recent(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        theme: str | None = None,
        source: SourceId | None = None,
        kinds: Collection[Kind] = (),
        naming: Naming | None = None,
        access: Collection[Access] = (),
        off_field: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """Articles that appeared in ``[since, until)``, latest first, each group once.

        A group stands at its leader; in a ``source``'s own list, at its first article there.
        """
        query = _filtered(
            _whole(), since=since, until=until, theme=theme, source=source, off_field=off_field
        )
        query = _described(query, kinds, naming, access)
        appeared = articles.c.appeared if theme is None else taggings.c.appeared
        query = query.order_by(appeared.desc(), articles.c.id.desc())
        return self._load(query.limit(limit).offset(offset))

    def gathered(self, *, since: datetime, within: timedelta, limit: int) -> list[Article]:
        """Articles of the field collected since a moment, latest to appear first.

        ``within``: how long before that moment they may have appeared; older ones are no news.
        """
        query = _whole().where(articles.c.in_field, shown_once(articles.c.id))
        query = query.where(articles.c.collected >= since, articles.c.appeared >= since - within)
        order = (articles.c.appeared.desc(), articles.c.id.desc())
        return self._load(query.order_by(*order).limit(limit))

    def count(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        theme: str | None = None,
        source: SourceId | None = None,
        kinds: Collection[Kind] = (),
        naming: Naming | None = None,
        access: Collection[Access] = (),
        off_field: bool = False,
    ) -> int:
        """How many ``recent`` would give without limit."""
        if theme is not None and source is None and not (kinds or naming or access):
            # whatever has a theme is of the field
            query = select(func.count()).where(taggings.c.theme == theme)
            query = query.where(shown_once(taggings.c.article_id))
            query = _dated(query, taggings.c.appeared, since, until)
        else:
            counting = select(func.count()).select_from(articles)
            query = _filtered(
                counting, since=since, until=until, theme=theme, source=source, off_field=off_field
            )
            query = _described(query, kinds, naming, access)
        count: int = self._connection.execute(query).scalar_one()
        return count

    def counts(
        self,
        spans: Sequence[tuple[datetime, datetime]],
        *,
        theme: str | None = None,
        source: SourceId | None = None,
        naming: Naming | None = None,
    ) -> list[int]:
        """How many articles of the field appeared in each ``[since, until)``, in one question."""
        appeared = articles.c.appeared if theme is None else taggings.c.appeared
        held = [
            func.count(case((and_(appeared >= since, appeared < until), 1)))
            for since, until in spans
        ]
        counting = select().add_columns(*held).select_from(articles)
        query = _filtered(
            counting,
            since=min(since for since, _ in spans),
            until=max(until for _, until in spans),
            theme=theme,
            source=source,
            off_field=False,
        )
        return list(self._connection.execute(_described(query, (), naming)).one())

    def without_theme(self, limit: int) -> list[tuple[str, str]]:
        """Title and text of the latest articles that have no theme."""
        query = select(articles.c.title, articles.c.text, articles.c.summary)
        query = query.where(articles.c.in_field.is_(False)).order_by(articles.c.appeared.desc())
        rows = self._connection.execute(query.limit(limit))
        return [(row.title, row.text or row.summary) for row in rows]

    def theme_counts(self, *, since: datetime, until: datetime) -> dict[ThemeId, int]:
        """How many articles of each theme appeared in ``[since, until)``."""
        query = (
            select(taggings.c.theme, func.count())
            .where(taggings.c.appeared >= since, taggings.c.appeared < until)
            .where(shown_once(taggings.c.article_id))
            .group_by(taggings.c.theme)
        )
        return {ThemeId(theme): held for theme, held in self._connection.execute(query)}

    def appearances(
        self, since: datetime, source: SourceId | None = None
    ) -> list[tuple[SourceId, datetime]]:
        """The source and the moment of each article that appeared since."""
        query = select(articles.c.source_id, articles.c.appeared)
        query = query.where(articles.c.appeared >= since)
        if source is not None:
            query = query.where(articles.c.source_id == source)
        rows = self._connection.execute(query)
        return [(SourceId(row.source_id), row.appeared) for row in rows]

    def moments(self, ids: Iterable[SourceId], limit: int = 25) -> dict[SourceId, list[datetime]]:
        """When the latest articles of each of these sources appeared, latest first."""
        found: defaultdict[SourceId, list[datetime]] = defaultdict(list)
        place = func.row_number().over(
            partition_by=articles.c.source_id, order_by=articles.c.appeared.desc()
        )
        for some in batched(ids, BATCH):
            inner = select(articles.c.source_id, articles.c.appeared, place.label("place"))
            ranked = inner.where(articles.c.source_id.in_(some)).subquery()
            query = select(ranked.c.source_id, ranked.c.appeared).where(ranked.c.place <= limit)
            for row in self._connection.execute(query.order_by(ranked.c.place)):
                found[SourceId(row.source_id)].append(row.appeared)
        return found

    def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last article of the field appeared; None when there is none."""
        query = select(func.min(articles.c.appeared), func.max(articles.c.appeared))
        first, last = self._connection.execute(query.where(articles.c.in_field)).one()
        return None if first is None else (first, last)

    # -- for stages -----------------------------------------------------------------------------

    def waiting_tagging(
        self,
        tagger: str,
        limit: int,
        after: ArticleId | None = None,
        share: Slice | None = None,
    ) -> list[Untagged]:
        """Articles ``after`` one that this version of the tagger has not seen, in order.

        ``share``: only those of this slice.
        """
        names = (articles.c.id, articles.c.title, articles.c.text, articles.c.summary)
        query = select(*names, articles.c.fingerprint).order_by(articles.c.id).limit(limit)
        query = query.where(articles.c.tagger != tagger, articles.c.id > (after or 0))
        query = query.where(articles.c.opposed.is_(None))
        if share is not None:
            query = query.where(share.holds(articles.c.id))
        return [
            Untagged(ArticleId(row.id), row.title, row.text, row.summary, row.fingerprint)
            for row in self._connection.execute(query)
        ]

    def count_waiting_tagging(self, tagger: str) -> int:
        """How many articles this version of the tagger has not seen."""
        query = select(func.count()).select_from(articles).where(articles.c.tagger != tagger)
        query = query.where(articles.c.opposed.is_(None))
        return self._connection.execute(query).scalar_one()

    def slices_waiting(self, tagger: str, describer: str) -> list[Slice]:
        """The slices that hold articles which these versions have not seen."""
        stale = is_another(articles.c.tagger, tagger) | is_another(articles.c.describer, describer)
        return slices(self._connection, articles.c.id, stale, articles.c.opposed.is_(None))

    def forget_taggers(self, after: ArticleId, limit: int) -> ArticleId | None:
        """Have ``limit`` articles after one tagged and described again; the last, None at the end.

        Until they are, the themes they have stay.
        """
        following = select(articles.c.id).where(articles.c.id > after).order_by(articles.c.id)
        ids = list(self._connection.execute(following.limit(limit)).scalars())
        if not ids:
            return None
        query = update(articles).where(articles.c.id > after, articles.c.id <= ids[-1])
        self._connection.execute(query.values(tagger="", describer=""))
        return ArticleId(ids[-1])

    # -- inside -------------------------------------------------------------------------------

    def _known(self, url: str, urls: set[str]) -> Row[Any] | None:
        """Its row, whose own address is an alias too; else that of one known elsewhere."""
        joined = select(articles).join(aliases).where(aliases.c.key.in_(keys_of(urls).values()))
        order = (case((articles.c.url == url, 0), else_=1), articles.c.id)
        return self._connection.execute(joined.order_by(*order).limit(1)).first()

    def _insert(
        self,
        extracted: Extracted,
        values: dict[str, Any],
        source_id: SourceId,
        now: datetime,
        seen: datetime | None,
    ) -> ArticleId:
        row = values | {
            "url": extracted.url,
            "source_id": source_id,
            "collected": now,
            "updated": now,
            "appeared": _appeared_at(extracted.published or seen, now),
        }
        key = self._connection.execute(insert(articles), row).inserted_primary_key
        return ArticleId(key[0]) if key else ArticleId(0)

    def _update(
        self, known: Row[Any], extracted: Extracted, values: dict[str, Any], now: datetime
    ) -> ArticleId:
        published = extracted.published or known.published
        appeared = _appeared_at(published, known.collected) if published else known.appeared
        values |= {"opposed": known.opposed if extracted.opposed else None}
        values |= {"published": published, "appeared": appeared, "updated": now}
        values |= {"tagger": "", "describer": "", "grouper": "", "teller": ""}
        self._connection.execute(update(articles).where(articles.c.id == known.id).values(values))
        moved = update(taggings).where(taggings.c.article_id == known.id)
        self._connection.execute(moved.values(appeared=appeared))
        return ArticleId(known.id)

    def _add_aliases(self, id: ArticleId, urls: set[str]) -> None:
        query = select(aliases.c.url).where(aliases.c.url.in_(urls))
        self._insert_aliases(id, urls - set(self._connection.execute(query).scalars()))

    def _insert_aliases(self, id: ArticleId, fresh: set[str]) -> None:
        if fresh:
            keys = keys_of(fresh)
            rows = [{"url": url, "article_id": id, "key": keys[url]} for url in sorted(fresh)]
            self._connection.execute(insert(aliases), rows)

    def _held(self, ids: Sequence[ArticleId]) -> dict[ArticleId, _Held]:
        """What these are now, locked until the end on PostgreSQL."""
        found: dict[ArticleId, _Held] = {}
        columns = (articles.c.id, *(articles.c[name] for name in _Held.__slots__))
        for some in batched(ids, BATCH):
            query = select(*columns).where(articles.c.id.in_(some)).with_for_update()
            for row in self._connection.execute(query):
                found[ArticleId(row.id)] = _Held(row.appeared, row.fingerprint, row.tagger)
        return found

    def _own_taggings(self, id: ArticleId) -> tuple[Tagging, ...]:
        """What the tagger alone gives to an article."""
        held = self._corrections.own_taggings([id])
        return held[id] if id in held else self._taggings([id]).get(id, ())

    def _corrected(
        self, tagged: Sequence[tuple[ArticleId, Sequence[Tagging]]]
    ) -> list[tuple[ArticleId, Sequence[Tagging]]]:
        """What the tagger gives, as people corrected it."""
        said = self._corrections.of([id for id, _ in tagged])
        self._corrections.keep_own_taggings({id: given for id, given in tagged if id in said})
        return [(id, effective(given, said.get(id, ()))) for id, given in tagged]

    def _write_taggings(
        self,
        tagged: Sequence[tuple[ArticleId, Sequence[Tagging]]],
        held: Mapping[ArticleId, _Held],
        *,
        tagger: str | None = None,
    ) -> None:
        """Replace themes; ``tagger``: the version that has now seen these articles."""
        self._replace_taggings(tagged, {id: held[id].appeared for id, _ in tagged})
        version = {} if tagger is None else {"tagger": tagger}
        for in_field in (True, False):
            changed = [id for id, given in tagged if bool(given) is in_field]
            for some in batched(changed, BATCH):
                query = update(articles).where(articles.c.id.in_(some))
                self._connection.execute(query.values(in_field=in_field, **version))
        self._changes.record([id for id, _ in tagged])

    def _replace_taggings(
        self,
        tagged: Sequence[tuple[ArticleId, Sequence[Tagging]]],
        appeared: Mapping[ArticleId, datetime],
    ) -> None:
        for some in batched(appeared, BATCH):
            self._connection.execute(delete(taggings).where(taggings.c.article_id.in_(some)))
        rows = [
            _tagging_row(id, rank, tagging, appeared[id])
            for id, given in tagged
            for rank, tagging in enumerate(given)
        ]
        if rows:
            self._connection.execute(insert(taggings), rows)

    def _load(self, query: Select[Any]) -> list[Article]:
        rows = self._connection.execute(query).all()
        ids = [row.id for row in rows]
        given, named = self._taggings(ids), names_of(self._connection, ids)
        also = self._groups.also(ids)
        leaders = self._groups.leaders(also)
        return [
            _article_from(
                row,
                given=given.get(row.id, ()),
                also=also.get(row.id, ()),
                named=named.get(row.id, ()),
                leads=row.id not in leaders,
            )
            for row in rows
        ]

    def _taggings(self, ids: Sequence[int]) -> dict[int, tuple[Tagging, ...]]:
        found: defaultdict[int, list[Tagging]] = defaultdict(list)
        for some in batched(ids, BATCH):
            query = select(taggings).where(taggings.c.article_id.in_(some))
            for row in self._connection.execute(query.order_by(taggings.c.rank)):
                evidence = tuple(Evidence(**one) for one in row.evidence)
                tagging = Tagging(ThemeId(row.theme), row.score, evidence, row.by_people)
                found[row.article_id].append(tagging)
        return {id: tuple(given) for id, given in found.items()}


def _whole() -> Select[Any]:
    return select(articles, *source_columns()).join(sources)


def _filtered(
    query: Select[Any],
    *,
    since: datetime | None,
    until: datetime | None,
    theme: str | None,
    source: SourceId | None,
    off_field: bool,
) -> Select[Any]:
    appeared = articles.c.appeared
    if theme is not None:
        query = query.join(taggings, taggings.c.article_id == articles.c.id)
        query = query.where(taggings.c.theme == theme)
        appeared = taggings.c.appeared
    query = _dated(query, appeared, since, until)
    query = query.where(shown_once(articles.c.id, in_source=source is not None))
    if source is not None:
        query = query.where(articles.c.source_id == source)
    return query if off_field else query.where(articles.c.in_field)


def _described(
    query: Select[Any],
    kinds: Collection[Kind],
    naming: Naming | None,
    access: Collection[Access] = (),
) -> Select[Any]:
    if kinds:
        query = query.where(articles.c.kind.in_(kinds))
    if access:
        query = query.where(articles.c.access.in_(access))
    return query if naming is None else query.where(names_one(naming, articles.c.id))


def _dated(
    query: Select[Any],
    appeared: Column[datetime],
    since: datetime | None,
    until: datetime | None,
) -> Select[Any]:
    if since is not None:
        query = query.where(appeared >= since)
    return query if until is None else query.where(appeared < until)


def _values(extracted: Extracted, summary: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": extracted.title,
        "text": extracted.text,
        "author": extracted.author,
        "published": extracted.published,
        "language": extracted.language,
        "access": extracted.access,
        "site": extracted.site,
        "image": extracted.image,
        "summary": summary,
        "section": extracted.section,
    }
    return values | {"fingerprint": _fingerprint(values)}


def _fingerprint(values: dict[str, Any]) -> str:
    parts = [str(values[name]) for name in _COMPARED]
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()


def _appeared_at(published: datetime | None, collected: datetime) -> datetime:
    # An article dated after its collection is announced too early: it counts from then.
    return min(published, collected) if published else collected


def _tagging_row(id: ArticleId, rank: int, tagging: Tagging, appeared: datetime) -> dict[str, Any]:
    return {
        "article_id": id,
        "theme": tagging.theme,
        "rank": rank,
        "score": tagging.score,
        "evidence": [asdict(evidence) for evidence in tagging.evidence],
        "appeared": appeared,
        "by_people": tagging.by_people,
    }


def _article_from(
    row: Row[Any],
    *,
    given: tuple[Tagging, ...],
    also: tuple[Reprint, ...],
    named: tuple[Named, ...],
    leads: bool,
) -> Article:
    return Article(
        id=ArticleId(row.id),
        url=row.url,
        title=row.title,
        text=row.text,
        source=source_of(row),
        author=row.author,
        published=row.published,
        language=row.language,
        access=Access(row.access),
        site=row.site,
        image=row.image,
        summary=row.summary,
        collected=row.collected,
        taggings=given,
        tagger=row.tagger,
        also=also,
        leads=leads,
        opposed=row.opposed,
        max_snippet=row.max_snippet,
        section=row.section,
        kind=kind_from(row.kind, row.kind_reasons),
        names=named,
    )
