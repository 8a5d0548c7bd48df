"""The outbox: letters waiting, being handed over, sent, or stopped with the reason.

A letter is marked ``handing`` in a transaction of its own before the server is given it, and
settled after the server's answer. One that is found ``handing`` without a living drain, or whose
answer never came, is ``uncertain``: nobody knows whether it arrived, so it is never sent again by
itself; a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from core.errors import Conflict, NotFound
from core.letters import Decision, Letter, LetterState, OutboxId
from core.text import clean, one_line
from store.batches import batched
from store.meeting import insert_absent
from store.tables import outbox, outbox_texts

_Shared = dict[tuple[str, str], int]

_OPEN = (LetterState.WAITING, LetterState.DEFERRED)
_MARKED = (LetterState.HANDING, LetterState.UNCERTAIN)
_ENDED = (LetterState.SENT, LetterState.REFUSED, LetterState.FAILED, LetterState.DROPPED)
_DECIDED = (LetterState.UNCERTAIN, LetterState.REFUSED, LetterState.FAILED)
_EMPTY: dict[str, Any] = {
    "recipient": "", "recipient_name": "", "subject": "", "text": "", "html": "",
    "unsubscribe_url": "", "unsubscribe_mailto": "", "headers": {}, "answer": "", "shared": None,
    "gap": "", "filling": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queued:
    """A letter that may be handed over now."""

    id: OutboxId
    letter: Letter
    added: datetime
    due: datetime
    attempts: int  # hand-overs answered « not now » so far


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter of the outbox, for lists: without its text."""

    id: OutboxId
    key: str
    purpose: str
    recipient: str  # "" once forgotten
    subject: str
    state: LetterState
    added: datetime
    due: datetime | None
    attempts: int
    handed: datetime | None
    ended: datetime | None
    answer: str


class Outbox:
    """One letter per key."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- writing letters ------------------------------------------------------------------------

    def add(self, letter: Letter, *, now: datetime, due: datetime | None = None) -> OutboxId:
        """Keep a letter to be sent, from ``due`` on (at once by default).

        A letter whose key is known already is left out: the first one stays, sent or not.
        """
        known = select(outbox.c.id).where(outbox.c.key == letter.key)
        id = self._connection.execute(known).scalar()
        if id is None:
            try:
                with self._connection.begin_nested():
                    shared = self._share([letter])
                    query = insert(outbox).values(_values(letter, now, due, shared))
                    key = self._connection.execute(query).inserted_primary_key
                    id = key[0] if key else 0
            except sqlalchemy.exc.IntegrityError:  # added by somebody else meanwhile
                id = self._connection.execute(known).scalar_one()
        return OutboxId(id)

    def add_all(
        self, letters: Iterable[Letter], *, now: datetime, due: datetime | None = None
    ) -> int:
        """Keep many; how many were new. Raises Conflict when another adds the same ones now."""
        added = 0
        for some in batched(letters, 500):
            by_key = {letter.key: letter for letter in reversed(some)}
            query = select(outbox.c.key).where(outbox.c.key.in_(list(by_key)))
            known = set(self._connection.execute(query).scalars())
            new = [one for key, one in by_key.items() if key not in known]
            shared = self._share(new)
            rows = [_values(one, now, due, shared) for one in new]
            try:
                if rows:
                    self._connection.execute(insert(outbox), rows)
            except sqlalchemy.exc.IntegrityError as error:
                raise Conflict("the same letters are being added by another process") from error
            added += len(rows)
        return added

    # -- handing them over ----------------------------------------------------------------------

    def next(self, limit: int, now: datetime) -> list[Queued]:
        """The letters to hand over, urgent ones first, then those due for longest."""
        query = _LETTERS.where(outbox.c.due.is_not(None), outbox.c.due <= now)
        query = query.order_by(outbox.c.rank, outbox.c.due, outbox.c.id).limit(limit)
        return [_queued_from(row) for row in self._connection.execute(query)]

    def count_due(self, now: datetime) -> int:
        """How many letters may be handed over now."""
        query = select(func.count()).select_from(outbox)
        query = query.where(outbox.c.due.is_not(None), outbox.c.due <= now)
        return self._connection.execute(query).scalar_one()

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the oldest of these letters waits; None when none does."""
        query = select(func.min(outbox.c.due)).where(outbox.c.due <= now)
        return self._connection.execute(query).scalar()

    def mark_handing(self, id: OutboxId, *, run: str, now: datetime) -> bool:
        """Say that this run hands it over now; False when another has it, or it is settled.

        To be committed, durably, before the server is given the letter.
        """
        query = update(outbox).where(outbox.c.id == id, outbox.c.state.in_(_OPEN))
        values = {"state": LetterState.HANDING, "run": run, "handed": now, "due": None}
        return self._connection.execute(query.values(values)).rowcount == 1

    def mark_sent(self, id: OutboxId, *, run: str, now: datetime, answer: str) -> None:
        """The server has taken it."""
        self._settle(id, run, state=LetterState.SENT, due=None, ended=now, answer=answer)

    def defer(self, id: OutboxId, *, run: str, due: datetime, answer: str) -> None:
        """The server does not want it now: to be tried again from ``due`` on."""
        again = outbox.c.attempts + 1
        self._settle(
            id, run, state=LetterState.DEFERRED, due=due, attempts=again, answer=answer, handed=None
        )

    def unmark(self, id: OutboxId, *, run: str, due: datetime) -> None:
        """Its hand-over was cut before the server had all of it: it waits as before."""
        self._settle(id, run, state=LetterState.WAITING, due=due, handed=None)

    def refuse(self, id: OutboxId, *, run: str, now: datetime, answer: str) -> None:
        """The server will never want it, or it must not go."""
        self._settle(id, run, state=LetterState.REFUSED, due=None, ended=now, answer=answer)

    def give_up(self, id: OutboxId, *, run: str, now: datetime, answer: str) -> None:
        """It was refused for now too long."""
        self._settle(id, run, state=LetterState.FAILED, due=None, ended=now, answer=answer)

    def doubt(self, id: OutboxId, *, run: str, answer: str) -> None:
        """Whether it arrived is not known: its hand-over was cut before the answer."""
        self._settle(id, run, state=LetterState.UNCERTAIN, due=None, answer=answer)

    def doubt_abandoned(self, *, run: str, answer: str) -> int:
        """Doubt what other runs left half handed; how many. Only for the one living drain."""
        query = update(outbox).where(outbox.c.state == LetterState.HANDING, outbox.c.run != run)
        values = {"state": LetterState.UNCERTAIN, "due": None, "answer": answer}
        return self._connection.execute(query.values(values)).rowcount

    # -- asking and deciding --------------------------------------------------------------------

    def counts(self) -> dict[LetterState, int]:
        """How many letters are in each state (those that have any).

        But for uncertain ones that were forgotten: nobody can decide on them any more.
        """
        past = and_(outbox.c.state == LetterState.UNCERTAIN, outbox.c.recipient == "")
        query = select(outbox.c.state, func.count()).where(~past).group_by(outbox.c.state)
        return {LetterState(state): held for state, held in self._connection.execute(query)}

    def counts_of(self, end: str) -> dict[LetterState, int]:
        """The same of letters whose key ends so, forgotten ones too."""
        query = select(outbox.c.state, func.count()).where(
            outbox.c.key.endswith(end, autoescape=True)
        )
        rows = self._connection.execute(query.group_by(outbox.c.state))
        return {LetterState(state): held for state, held in rows}

    def entries(
        self, state: LetterState | None = None, *, limit: int | None = None, offset: int = 0
    ) -> list[Entry]:
        """The letters, in one state or all, latest first."""
        query = select(*_ENTRY).order_by(outbox.c.id.desc())
        if state is not None:
            query = query.where(outbox.c.state == state)
        return self._entries(query.limit(limit).offset(offset))

    def by_id(self, id: OutboxId) -> Entry:
        """One letter. Raises NotFound."""
        found = self._entries(select(*_ENTRY).where(outbox.c.id == id))
        if not found:
            raise NotFound("letter", id)
        return found[0]

    def letter(self, id: OutboxId) -> Letter:
        """What a letter says. Raises NotFound, also for one that was forgotten."""
        row = self._connection.execute(_LETTERS.where(outbox.c.id == id)).first()
        if row is None or not row.recipient:
            raise NotFound("letter", id)
        return _letter_from(row)

    def of(self, address: str) -> list[Entry]:
        """The letters to an address (in its normal form), latest first."""
        query = select(*_ENTRY).where(outbox.c.recipient == address)
        return self._entries(query.order_by(outbox.c.id.desc()))

    def by_keys(self, keys: Collection[str]) -> list[Entry]:
        """The letters of these keys, but for those that were forgotten; latest first."""
        query = select(*_ENTRY).where(outbox.c.key.in_(keys), outbox.c.recipient != "")
        return self._entries(query.order_by(outbox.c.id.desc()))

    def decide(self, id: OutboxId, decision: Decision, *, now: datetime, answer: str = "") -> None:
        """A person's word on an uncertain letter, or on a refused or failed one.

        Raises NotFound, and Conflict for a letter in another state (decided meanwhile, sent …).
        """
        query = update(outbox).where(
            outbox.c.id == id, outbox.c.state.in_(_DECIDED), outbox.c.recipient != ""
        )
        if decision is Decision.RESEND:
            # Its age starts anew, or one that failed would be given up at its first refusal.
            values = {
                "state": LetterState.WAITING, "due": now, "added": now, "run": "",
                "handed": None, "ended": None, "attempts": 0, "answer": answer,
            }  # fmt: skip
        else:
            values = {"state": LetterState.DROPPED, "due": None, "ended": now, "answer": answer}
        if self._connection.execute(query.values(values)).rowcount == 0:
            raise Conflict(f"letter {id} is {self.by_id(id).state}: there is nothing to decide")

    def withdraw(self, start: str, *, now: datetime, answer: str = "") -> int:
        """Drop the letters not yet handed over whose key begins so; how many."""
        unsent = and_(outbox.c.state.in_(_OPEN), outbox.c.key.startswith(start, autoescape=True))
        values = {"state": LetterState.DROPPED, "due": None, "ended": now, "answer": answer}
        return self._connection.execute(update(outbox).where(unsent).values(values)).rowcount

    # -- forgetting -----------------------------------------------------------------------------

    def forget_ended(self, before: datetime) -> int:
        """Empty the letters that ended before an instant; how many.

        Those that were handed over before it too, when nobody knows what became of them: they stay
        uncertain. Key, purpose, state and dates stay.
        """
        ended = and_(outbox.c.state.in_(_ENDED), outbox.c.ended < before)
        doubted = and_(outbox.c.state == LetterState.UNCERTAIN, outbox.c.handed < before)
        old = and_(or_(ended, doubted), outbox.c.recipient != "")
        return self._empty(old)

    def erase(self, address: str, *, now: datetime) -> int:
        """Empty every letter to an address; those that were to be sent are dropped. How many."""
        return self._erase(outbox.c.recipient == address, now)

    def erase_keys(self, keys: Collection[str], *, now: datetime) -> int:
        """The same with the letters of these keys, whoever they were to."""
        return self._erase(and_(outbox.c.key.in_(keys), outbox.c.recipient != ""), now)

    # -- inside ---------------------------------------------------------------------------------

    def _erase(self, which: ColumnElement[bool], now: datetime) -> int:
        unsent = update(outbox).where(which, outbox.c.state.not_in(_ENDED))
        stopped = {"state": LetterState.DROPPED, "due": None, "ended": now}
        self._connection.execute(unsent.values(stopped))
        return self._empty(which)

    def _empty(self, which: ColumnElement[bool]) -> int:
        """How many; texts that no letter has any more go too."""
        emptied = self._connection.execute(update(outbox).where(which).values(_EMPTY)).rowcount
        held = exists().where(outbox.c.shared == outbox_texts.c.id)
        self._connection.execute(delete(outbox_texts).where(~held))
        return emptied

    def _share(self, letters: Iterable[Letter]) -> _Shared:
        """Keep, once, what letters with a gap have alike: where it is, by text and HTML."""
        alike = {(one.text, one.html) for one in letters if one.gap}
        return {(text, html): self._keep(clean(text), clean(html)) for text, html in alike}

    def _keep(self, text: str, html: str) -> int:
        digest = sha256(f"{len(text)} {text}{html}".encode()).hexdigest()
        insert_absent(
            self._connection, outbox_texts, {"digest": digest, "text": text, "html": html}
        )
        known = select(outbox_texts.c.id).where(outbox_texts.c.digest == digest)
        return int(self._connection.execute(known).scalar_one())

    def _settle(self, id: OutboxId, run: str, **values: Any) -> None:
        # Not yet marked, or marked by this run; also when another took this run for dead
        # meanwhile, since this one knows. Never what a person has decided.
        mine = and_(outbox.c.state.in_(_MARKED), outbox.c.run == run)
        query = update(outbox).where(outbox.c.id == id, or_(outbox.c.state.in_(_OPEN), mine))
        self._connection.execute(query.values(values))

    def _entries(self, query: Select[Any]) -> list[Entry]:
        return [_entry_from(row) for row in self._connection.execute(query)]


_ENTRY: Sequence[sqlalchemy.Column[Any]] = [
    outbox.c[name] for name in Entry.__dataclass_fields__ if name in outbox.c
]


_LETTERS = select(
    outbox, outbox_texts.c.text.label("shared_text"), outbox_texts.c.html.label("shared_html")
).select_from(outbox.outerjoin(outbox_texts, outbox.c.shared == outbox_texts.c.id))


def _values(letter: Letter, now: datetime, due: datetime | None, shared: _Shared) -> dict[str, Any]:
    where = shared.get((letter.text, letter.html)) if letter.gap else None
    return {
        "key": letter.key,
        "purpose": letter.purpose,
        "recipient": letter.recipient,
        "recipient_name": one_line(letter.recipient_name),
        "subject": one_line(letter.subject),
        "text": "" if letter.gap else clean(letter.text),
        "html": "" if letter.gap else clean(letter.html),
        "shared": where,
        "gap": letter.gap,
        "filling": letter.filling,
        "list_id": letter.list_id,
        "unsubscribe_url": letter.unsubscribe_url,
        "unsubscribe_mailto": letter.unsubscribe_mailto,
        "headers": dict(letter.headers),
        "state": LetterState.WAITING,
        "rank": 0 if letter.urgent else 1,
        "added": now,
        "due": due or now,
    }


def _queued_from(row: Row[Any]) -> Queued:
    return Queued(OutboxId(row.id), _letter_from(row), row.added, row.due, row.attempts)


def _letter_from(row: Row[Any]) -> Letter:
    return Letter(
        key=row.key,
        recipient=row.recipient,
        subject=row.subject,
        text=row.text if row.shared is None else row.shared_text,
        html=row.html if row.shared is None else row.shared_html,
        gap=row.gap,
        filling=row.filling,
        recipient_name=row.recipient_name,
        purpose=row.purpose,
        list_id=row.list_id,
        unsubscribe_url=row.unsubscribe_url,
        unsubscribe_mailto=row.unsubscribe_mailto,
        headers=row.headers,
        urgent=row.rank == 0,
    )


def _entry_from(row: Row[Any]) -> Entry:
    fields = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    return Entry(**fields | {"id": OutboxId(row.id), "state": LetterState(row.state)})
