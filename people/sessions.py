"""Sessions: they begin with a token that only the browser holds, and they end."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.people import Person, Session
from store import Store, Transaction

IDLE: Final = timedelta(hours=12)  # without being used
WHOLE: Final = timedelta(days=14)  # however much it is used
NOTED: Final = timedelta(minutes=5)  # « last seen » is not written more often


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person, and the session through which they are here."""

    person: Person
    session: Session


def begin_session(tx: Transaction, person: Person, *, device: str, now: datetime) -> str:
    """A new session; its token, for the browser alone."""
    token = secrets.token_urlsafe(32)
    tx.sessions.start(person.id, _hashed(token), device=device, now=now)
    tx.accounts.record_sign_in(person.id, now)
    return token


def resume_session(store: Store, token: str, now: datetime) -> SignedIn | None:
    """Who holds this token, unless the session ended or the account is disabled."""
    with store.read() as tx:
        session = tx.sessions.by_token(_hashed(token))
        if session is None or not is_open(session, now):
            return None
        person = tx.accounts.by_id(session.owner)
    if person.disabled:
        return None
    if now - session.seen >= NOTED:
        with store.begin() as tx:
            tx.sessions.see(session.id, now)
    return SignedIn(person, session)


def is_open(session: Session, now: datetime) -> bool:
    """Whether it has neither been left idle nor lasted too long."""
    return now - session.seen < IDLE and now - session.started < WHOLE


def end_by_token(tx: Transaction, token: str) -> None:
    """Sign out there."""
    session = tx.sessions.by_token(_hashed(token))
    if session is not None:
        tx.sessions.end(session.id)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
