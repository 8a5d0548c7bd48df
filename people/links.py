"""Invitations and resets: links that are signed, expire, and work once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from core.errors import GlaneuseError, NotFound
from core.people import LinkPurpose, OneTimeLink, Person
from store import Transaction

LASTS: Final = MappingProxyType(
    {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=2)}
)


class LinkState(StrEnum):
    """Why a link does not work."""

    UNKNOWN = "unknown"  # cut, made up, or replaced by a newer one
    USED = "used"
    EXPIRED = "expired"
    DISABLED = "disabled"  # the account was


class LinkRefused(GlaneuseError):
    """A link that leads nowhere, or no more."""

    def __init__(self, purpose: LinkPurpose, state: LinkState) -> None:
        super().__init__(f"{purpose} link: {state}")
        self.purpose = purpose
        self.state = state


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads tokens: a random nonce, signed; the store holds the nonce's hash."""

    secret: str

    def make(self, tx: Transaction, person: Person, purpose: LinkPurpose, now: datetime) -> str:
        """A new token for this person; those of the same purpose work no more."""
        nonce = secrets.token_urlsafe(32)
        link = OneTimeLink(person.id, purpose, now + LASTS[purpose], used=None)
        tx.links.add(_hashed(nonce), link, now=now)
        return self._signer(purpose).dumps(nonce)

    def read(self, tx: Transaction, token: str, purpose: LinkPurpose, now: datetime) -> Person:
        """Whom a token is for. Raises LinkRefused. Looking does not use it up."""
        link = tx.links.by_nonce(_hashed(self._nonce(token, purpose)))
        if link is None or link.purpose != purpose:
            raise LinkRefused(purpose, LinkState.UNKNOWN)
        if link.used is not None:
            raise LinkRefused(purpose, LinkState.USED)
        if link.expires <= now:
            raise LinkRefused(purpose, LinkState.EXPIRED)
        try:
            person = tx.accounts.by_id(link.owner)
        except NotFound as error:
            raise LinkRefused(purpose, LinkState.UNKNOWN) from error
        if person.disabled:
            raise LinkRefused(purpose, LinkState.DISABLED)
        return person

    def use(self, tx: Transaction, token: str, purpose: LinkPurpose, now: datetime) -> Person:
        """Whom it is for, and it works no more. Raises LinkRefused."""
        person = self.read(tx, token, purpose, now)
        if not tx.links.use(_hashed(self._nonce(token, purpose)), now):
            raise LinkRefused(purpose, LinkState.USED)
        return person

    def _nonce(self, token: str, purpose: LinkPurpose) -> str:
        try:
            nonce = self._signer(purpose).loads(token)
        except (BadData, UnicodeError) as error:
            raise LinkRefused(purpose, LinkState.UNKNOWN) from error
        return str(nonce)

    def _signer(self, purpose: LinkPurpose) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=f"glaneuse {purpose}")


def _hashed(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
