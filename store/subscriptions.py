"""Following by mail: what was asked for, what was agreed to, what was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, or_, select, update

from core.errors import NotFound
from core.model import ArticleId
from core.subscriptions import (
    Brought,
    Consent,
    ConsentId,
    Ending,
    Rhythm,
    Subject,
    SubjectKind,
    Subscription,
    SubscriptionId,
)
from store.batches import batched
from store.groups import shown_once
from store.tables import articles, consents, subscriptions, taggings, told


@dataclass(frozen=True, slots=True)
class Fresh:
    """An article that may be new to somebody, and since when it is held."""

    id: ArticleId
    collected: datetime


class Subscriptions:
    """By address in its normal form; two spellings that differ in case alone are one person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- asking -------------------------------------------------------------------------------

    def ask(
        self,
        address: str,
        subject: Subject,
        rhythm: Rhythm,
        *,
        words: str,
        version: str,
        now: datetime,
        expires: datetime,
    ) -> Consent:
        """Keep what somebody asks for; asking again for the same thing renews the request."""
        values = {
            "address": address, "rhythm": rhythm, "words": words, "version": version,
            "asked": now, "expires": expires,
        }  # fmt: skip
        about = {"digest": _digest(address), "subject": _digest_of(subject)}
        known = update(consents).where(
            consents.c.digest == about["digest"],
            consents.c.subject == about["subject"],
            consents.c.confirmed.is_(None),
        )
        if self._connection.execute(known.values(values)).rowcount == 0:
            row = values | about | {"kind": subject.kind, "key": subject.key}
            self._connection.execute(insert(consents), row)
        return next(one for one in self.pending(address, now) if one.subject == subject)

    def pending(self, address: str, now: datetime) -> list[Consent]:
        """What was asked for at this address, and neither agreed to nor too old; latest first."""
        query = select(consents).where(
            consents.c.digest == _digest(address),
            consents.c.confirmed.is_(None),
            consents.c.expires > now,
        )
        rows = self._connection.execute(query.order_by(consents.c.asked.desc(), consents.c.id))
        return [_consent_from(row) for row in rows]

    def attach_link(self, id: ConsentId, nonce_hash: str) -> None:
        """The link that was sent for it; one sent before works no more."""
        query = update(consents).where(consents.c.id == id)
        self._connection.execute(query.values(nonce_hash=nonce_hash, link_used=None))

    def by_link(self, nonce_hash: str) -> tuple[Consent, datetime | None] | None:
        """What a link was sent for, and when it was used."""
        query = select(consents).where(consents.c.nonce_hash == nonce_hash)
        row = self._connection.execute(query).first()
        return None if row is None else (_consent_from(row), row.link_used)

    def use_link(self, nonce_hash: str, now: datetime) -> bool:
        """Take it; False when somebody did already."""
        query = update(consents).where(consents.c.nonce_hash == nonce_hash)
        unused = query.where(consents.c.link_used.is_(None))
        return self._connection.execute(unused.values(link_used=now)).rowcount == 1

    def withdraw_pending(self, address: str) -> int:
        """Forget what was asked for and not agreed to; how many."""
        query = delete(consents).where(consents.c.digest == _digest(address))
        return self._connection.execute(query.where(consents.c.confirmed.is_(None))).rowcount

    # -- following ----------------------------------------------------------------------------

    def confirm(self, consent: Consent, *, nonce: str, now: datetime) -> Subscription:
        """Agreed to: the subscription begins, begins again, or takes another rhythm."""
        about = {"digest": _digest(consent.address), "subject": _digest_of(consent.subject)}
        same = and_(*(subscriptions.c[name] == value for name, value in about.items()))
        row = self._connection.execute(select(subscriptions).where(same)).first()
        values: dict[str, Any] = {"address": consent.address, "rhythm": consent.rhythm}
        if row is None:
            values |= about | {"kind": consent.subject.kind, "key": consent.subject.key}
            values |= {"nonce": nonce, "confirmed": now}
            self._connection.execute(insert(subscriptions), values)
        else:
            if row.ended is not None:  # what appeared meanwhile was not asked for
                values |= {"ended": None, "ending": None, "confirmed": now, "looked": None}
            self._connection.execute(update(subscriptions).where(same).values(values))
        found = self._one(select(subscriptions).where(same), consent.id)
        proof = update(consents).where(consents.c.id == consent.id)
        self._connection.execute(proof.values(confirmed=now, subscription_id=found.id))
        return found

    def by_id(self, id: SubscriptionId) -> Subscription:
        """The subscription so numbered, ended or not. Raises NotFound."""
        return self._one(select(subscriptions).where(subscriptions.c.id == id), id)

    def of(self, address: str) -> list[Subscription]:
        """Those of an address, ended ones too, first ones first."""
        query = select(subscriptions).where(subscriptions.c.digest == _digest(address))
        rows = self._connection.execute(query.order_by(subscriptions.c.id))
        return [_subscription_from(row) for row in rows]

    def consents_of(self, address: str) -> list[Consent]:
        """What was asked for at an address, agreed to or not, first ones first."""
        query = select(consents).where(consents.c.digest == _digest(address))
        rows = self._connection.execute(query.order_by(consents.c.id))
        return [_consent_from(row) for row in rows]

    def change_rhythm(self, id: SubscriptionId, rhythm: Rhythm) -> None:
        """Letters come at another rhythm."""
        self._set(subscriptions.c.id == id, rhythm=rhythm)

    def end(self, id: SubscriptionId, ending: Ending, now: datetime) -> bool:
        """No more letters; False when it had ended already."""
        active = and_(subscriptions.c.id == id, subscriptions.c.ended.is_(None))
        return self._set(active, ended=now, ending=ending) == 1

    def count_active(self) -> int:
        """How many are followed now."""
        query = select(func.count()).select_from(subscriptions)
        return self._connection.execute(query.where(subscriptions.c.ended.is_(None))).scalar_one()

    def held(self, addresses: Iterable[str], subject: Subject) -> dict[str, bool]:
        """Those of these that follow this, or did: whether they do now."""
        known: dict[str, bool] = {}
        digests = {_digest(address): address for address in addresses}
        for some in batched(digests, 500):
            query = select(subscriptions.c.digest, subscriptions.c.ended)
            query = query.where(
                subscriptions.c.digest.in_(some), subscriptions.c.subject == _digest_of(subject)
            )
            for row in self._connection.execute(query):
                known[digests[row.digest]] = row.ended is None
        return known

    def bring(
        self,
        several: Collection[Brought],
        subject: Subject,
        rhythm: Rhythm,
        *,
        version: str,
        now: datetime,
    ) -> None:
        """These follow it from now on, who never did, each with its proof."""
        about = {
            "subject": _digest_of(subject), "kind": subject.kind, "key": subject.key,
            "rhythm": rhythm,
        }  # fmt: skip
        for some in batched(several, 500):
            rows = {_digest(one.address): one for one in some}
            begun = [
                about | {"digest": digest, "address": one.address, "nonce": one.nonce}
                | {"confirmed": now}
                for digest, one in rows.items()
            ]  # fmt: skip
            self._connection.execute(insert(subscriptions), begun)
            query = select(subscriptions.c.digest, subscriptions.c.id).where(
                subscriptions.c.digest.in_(rows), subscriptions.c.subject == about["subject"]
            )
            proofs = [
                about | {"digest": digest, "address": rows[digest].address, "version": version}
                | {"words": rows[digest].words, "asked": rows[digest].asked, "expires": now}
                | {"confirmed": now, "subscription_id": id}
                for digest, id in self._connection.execute(query)
            ]  # fmt: skip
            self._connection.execute(insert(consents), proofs)

    def roll(self, subject: Subject) -> Iterator[tuple[str, datetime, str]]:
        """Who follows this now, by address: since when, and the words of the last agreement."""
        proofs = consents.alias()
        last = select(func.max(proofs.c.id))
        last = last.where(proofs.c.subscription_id == subscriptions.c.id).correlate(subscriptions)
        query = select(subscriptions.c.address, subscriptions.c.confirmed, consents.c.words)
        query = query.select_from(
            subscriptions.outerjoin(consents, consents.c.id == last.scalar_subquery())
        )
        query = query.where(_follows(subject)).order_by(subscriptions.c.address)
        for row in self._connection.execute(query):
            yield row.address, row.confirmed, row.words or ""

    def following(
        self, subject: Subject, *, after: SubscriptionId, limit: int
    ) -> list[Subscription]:
        """Who follows this now, first ones first: ``limit`` of them, those after one."""
        query = select(subscriptions).where(_follows(subject), subscriptions.c.id > after)
        rows = self._connection.execute(query.order_by(subscriptions.c.id).limit(limit))
        return [_subscription_from(row) for row in rows]

    def count_following(self, subject: Subject) -> int:
        """How many follow this now."""
        query = select(func.count()).select_from(subscriptions).where(_follows(subject))
        return self._connection.execute(query).scalar_one()

    # -- letters --------------------------------------------------------------------------------

    def due(self, rhythm: Rhythm, slot: datetime) -> list[Subscription]:
        """Those of this rhythm that were not looked at since ``slot``, and are older."""
        query = select(subscriptions).where(
            subscriptions.c.rhythm == rhythm,
            subscriptions.c.ended.is_(None),
            subscriptions.c.confirmed < slot,
            _unseen_since(slot),
        )
        rows = self._connection.execute(query.order_by(subscriptions.c.id))
        return [_subscription_from(row) for row in rows]

    def claim(self, id: SubscriptionId, slot: datetime, now: datetime) -> bool:
        """Look at it now, once for this slot; False when that was done, or it has ended."""
        open_ = and_(
            subscriptions.c.id == id, subscriptions.c.ended.is_(None), _unseen_since(slot)
        )  # fmt: skip
        return self._set(open_, looked=now) == 1

    def told(self, id: SubscriptionId) -> set[ArticleId]:
        """The articles that it has had."""
        query = select(told.c.article_id).where(told.c.subscription_id == id)
        return {ArticleId(one) for one in self._connection.execute(query).scalars()}

    def tell(self, id: SubscriptionId, ids: Iterable[ArticleId], now: datetime) -> None:
        """It has these articles now."""
        rows = [{"subscription_id": id, "article_id": one, "at": now} for one in ids]
        if rows:
            self._connection.execute(insert(told), rows)

    def fresh_of_theme(self, theme: str, *, since: datetime, appeared: datetime) -> list[Fresh]:
        """Articles of a theme held since an instant at the earliest, latest first.

        ``appeared``: those older than this are not news, though they were only found now.
        """
        query = select(articles.c.id, articles.c.collected).join(
            taggings, taggings.c.article_id == articles.c.id
        )
        query = query.where(taggings.c.theme == theme, taggings.c.appeared >= appeared)
        query = query.where(articles.c.collected >= since, shown_once(articles.c.id))
        rows = self._connection.execute(query.order_by(taggings.c.appeared.desc(), articles.c.id))
        return [Fresh(ArticleId(row.id), row.collected) for row in rows]

    def fresh_among(
        self, ids: Sequence[ArticleId], *, since: datetime, appeared: datetime
    ) -> list[Fresh]:
        """Those of these articles, in the same sense, in the order given."""
        found: dict[ArticleId, Fresh] = {}
        for some in batched(ids, 500):
            query = select(articles.c.id, articles.c.collected).where(articles.c.id.in_(some))
            query = query.where(articles.c.appeared >= appeared, articles.c.collected >= since)
            query = query.where(shown_once(articles.c.id))
            for row in self._connection.execute(query):
                found[ArticleId(row.id)] = Fresh(ArticleId(row.id), row.collected)
        return [found[id] for id in ids if id in found]

    # -- forgetting -----------------------------------------------------------------------------

    def erase(self, address: str) -> int:
        """Forget all of an address, proofs included; how many rows."""
        digest = _digest(address)
        return sum(
            self._connection.execute(delete(table).where(table.c.digest == digest)).rowcount
            for table in (consents, subscriptions)
        )

    def prune_unconfirmed(self, asked_before: datetime) -> int:
        """Forget what was asked for long ago and never agreed to; how many."""
        old = and_(consents.c.confirmed.is_(None), consents.c.asked < asked_before)
        return self._connection.execute(delete(consents).where(old)).rowcount

    def prune_links(self, expired_before: datetime) -> int:
        """Forget links that expired before an instant; how many. What they proved stays."""
        old = and_(consents.c.nonce_hash.is_not(None), consents.c.expires < expired_before)
        query = update(consents).where(old).values(nonce_hash=None)
        return self._connection.execute(query).rowcount

    def forget_addresses(self, ended_before: datetime) -> int:
        """Of what ended long enough ago keep the proof, under a digest of the address; how many."""
        ended = and_(subscriptions.c.ended < ended_before, subscriptions.c.address != "")
        ids = list(self._connection.execute(select(subscriptions.c.id).where(ended)).scalars())
        for some in batched(ids, 500):
            self._set(subscriptions.c.id.in_(some), address="")
            proofs = update(consents).where(consents.c.subscription_id.in_(some))
            self._connection.execute(proofs.values(address=""))
        return len(ids)

    def prune_ended(self, ended_before: datetime) -> int:
        """Forget what ended long ago, proofs included; how many."""
        query = delete(subscriptions).where(subscriptions.c.ended < ended_before)
        return self._connection.execute(query).rowcount

    def prune_told(self, before: datetime) -> int:
        """Forget which articles were sent before an instant; how many."""
        return self._connection.execute(delete(told).where(told.c.at < before)).rowcount

    # -- inside ---------------------------------------------------------------------------------

    def _one(self, query: Select[Any], key: object) -> Subscription:
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("subscription", key)
        return _subscription_from(row)

    def _set(self, which: Any, **values: Any) -> int:
        query = update(subscriptions).where(which).values(values)
        return self._connection.execute(query).rowcount


def _follows(subject: Subject) -> Any:
    return and_(subscriptions.c.subject == _digest_of(subject), subscriptions.c.ended.is_(None))


def _unseen_since(slot: datetime) -> Any:
    return or_(subscriptions.c.looked.is_(None), subscriptions.c.looked < slot)


def _digest(address: str) -> str:
    return hashlib.sha256(address.lower().encode(errors="surrogatepass")).hexdigest()


def _digest_of(subject: Subject) -> str:
    return _digest(f"{subject.kind} {subject.key}")


def _subject_from(row: Row[Any]) -> Subject:
    return Subject(SubjectKind(row.kind), row.key)


def _subscription_from(row: Row[Any]) -> Subscription:
    return Subscription(
        id=SubscriptionId(row.id),
        address=row.address,
        subject=_subject_from(row),
        rhythm=Rhythm(row.rhythm),
        nonce=row.nonce,
        confirmed=row.confirmed,
        looked=row.looked,
        ended=row.ended,
        ending=None if row.ending is None else Ending(row.ending),
    )


def _consent_from(row: Row[Any]) -> Consent:
    held = row.subscription_id
    return Consent(
        id=ConsentId(row.id),
        address=row.address,
        subject=_subject_from(row),
        rhythm=Rhythm(row.rhythm),
        words=row.words,
        version=row.version,
        asked=row.asked,
        expires=row.expires,
        confirmed=row.confirmed,
        subscription=None if held is None else SubscriptionId(held),
    )
