"""Following by mail: asked for by anyone, agreed to by the owner of the address, left at will.

Double opt-in: what is asked for sends one letter; its link opens a page, and the button on that
page is the agreement. Opening a link changes nothing: mail programs and their scanners open links
by themselves.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

from core.errors import GlaneuseError, NotFound
from core.subscriptions import (
    Consent,
    ConsentId,
    Ending,
    Rhythm,
    Subject,
    Subscription,
    SubscriptionId,
)
from people.throttle import Limit, Throttle, TooMany
from store import ReadTransaction, Transaction
from store.suppressions import SuppressionReason

LINK_LASTS: Final = timedelta(days=7)
MOST_PENDING: Final = 20  # requests for one address that nobody agreed to yet

SIGN_UPS_PER_PLACE: Final = Limit(10, timedelta(hours=1))
SIGN_UPS_PER_DOMAIN: Final = Limit(60, timedelta(hours=1))
SIGN_UPS_IN_ALL: Final = Limit(300, timedelta(hours=1))
CONFIRMATIONS_PER_ADDRESS: Final = Limit(1, timedelta(days=1))


class TokenState(StrEnum):
    """Why the link of a letter leads nowhere."""

    UNKNOWN = "unknown"  # cut, made up, replaced by a newer one, or forgotten since
    USED = "used"
    EXPIRED = "expired"


class TokenRefused(GlaneuseError):
    """A confirmation link, or the link of a subscription, that leads nowhere."""

    def __init__(self, state: TokenState) -> None:
        super().__init__(f"subscription link: {state}")
        self.state = state


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sign-up form said: who, what, how often, and the words that were on the page."""

    address: str  # in its normal form
    subject: Subject
    rhythm: Rhythm
    words: str
    version: str


# -- links ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and reads the two links that letters carry."""

    secret: str

    def of_subscription(self, subscription: Subscription) -> str:
        """What opens the page of a subscription, for as long as it is kept."""
        token: str = self._signer("subscription").dumps([subscription.id, subscription.nonce])
        return token

    def read_subscription(self, tx: ReadTransaction, token: str) -> Subscription:
        """Which subscription, ended or not. Raises TokenRefused."""
        id, nonce = self._read("subscription", token, (0, ""))
        try:
            found = tx.subscriptions.by_id(SubscriptionId(id))
        except NotFound as error:
            raise TokenRefused(TokenState.UNKNOWN) from error
        if not found.address or not secrets.compare_digest(found.nonce, nonce):
            raise TokenRefused(TokenState.UNKNOWN)
        return found

    def of_consent(self, tx: Transaction, consent: Consent) -> str:
        """A new confirmation link for it; one made before works no more."""
        nonce = secrets.token_urlsafe(32)
        tx.subscriptions.attach_link(consent.id, _hashed(nonce))
        token: str = self._signer("consent").dumps([0, nonce])
        return token

    def read_consent(self, tx: ReadTransaction, token: str, now: datetime) -> Consent:
        """What it confirms. Raises TokenRefused. Looking does not use it up."""
        _, nonce = self._read("consent", token, (0, ""))
        found = tx.subscriptions.by_link(_hashed(nonce))
        if found is None:
            raise TokenRefused(TokenState.UNKNOWN)
        consent, used = found
        if used is not None:
            raise TokenRefused(TokenState.USED)
        if consent.expires <= now:
            raise TokenRefused(TokenState.EXPIRED)
        return consent

    def use_consent(self, tx: Transaction, token: str, now: datetime) -> Consent:
        """What it confirms, and it works no more. Raises TokenRefused."""
        consent = self.read_consent(tx, token, now)
        _, nonce = self._read("consent", token, (0, ""))
        if not tx.subscriptions.use_link(_hashed(nonce), now):
            raise TokenRefused(TokenState.USED)
        return consent

    def _read(self, purpose: str, token: str, like: tuple[int, str]) -> tuple[int, str]:
        try:
            carried: Any = self._signer(purpose).loads(token)
            number, nonce = carried
        except (BadData, UnicodeError, TypeError, ValueError) as error:
            raise TokenRefused(TokenState.UNKNOWN) from error
        return int(number), str(nonce)

    def _signer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=f"glaneuse {purpose}")


def _hashed(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


# -- asking ---------------------------------------------------------------------------------------


def count_sign_up(
    tx: Transaction, throttle: Throttle, address: str, *, place: str, now: datetime
) -> TooMany | None:
    """Count a sign-up by where it comes from and where it leads; None when it may go on.

    Says nothing of the address itself: the answer is the same for any address of its domain.
    """
    domain = address.rpartition("@")[2].lower()
    counted = {
        f"sign-up from {place}": SIGN_UPS_PER_PLACE,
        f"sign-up at {domain}": SIGN_UPS_PER_DOMAIN,
        "sign-up": SIGN_UPS_IN_ALL,
    }
    attempt = throttle.attempt(tx, counted, now)
    return attempt if isinstance(attempt, TooMany) else None


def ask(tx: Transaction, throttle: Throttle, wish: Wish, now: datetime) -> Consent | None:
    """Keep the wish; what to send a confirmation letter for, None when none is to go.

    None goes to an address that is not written to, nor a second one within a day: the link of the
    first then confirms both.
    """
    if tx.suppressions.against(wish.address, of_list=True) is not None:
        return None
    pending = tx.subscriptions.pending(wish.address, now)
    if len(pending) >= MOST_PENDING and wish.subject not in {one.subject for one in pending}:
        return None
    consent = tx.subscriptions.ask(
        wish.address,
        wish.subject,
        wish.rhythm,
        words=wish.words,
        version=wish.version,
        now=now,
        expires=now + LINK_LASTS,
    )
    counted = {_confirmations(wish.address): CONFIRMATIONS_PER_ADDRESS}
    return None if isinstance(throttle.attempt(tx, counted, now), TooMany) else consent


def _confirmations(address: str) -> str:
    return f"confirmation {address.lower()}"


# -- agreeing -------------------------------------------------------------------------------------


def confirm_by_link(  # noqa: PLR0917  which link, what was chosen, when
    tx: Transaction,
    throttle: Throttle,
    tokens: Tokens,
    token: str,
    chosen: Collection[int],
    now: datetime,
) -> list[Subscription]:
    """The owner of the address agrees to these requests. Raises TokenRefused.

    The link works no more, whatever was chosen: what is asked for later the same day gets another.
    """
    consent = tokens.use_consent(tx, token, now)
    throttle.forgive(tx, _confirmations(consent.address))
    tx.suppressions.remove(consent.address, SuppressionReason.LEFT)
    return agree(tx, consent.address, chosen, now)


def agree(
    tx: Transaction, address: str, chosen: Collection[int], now: datetime
) -> list[Subscription]:
    """Begin what was chosen among what this address is asked about.

    Only for who holds a confirmation link: letters to subscribers get forwarded.
    """
    return [
        tx.subscriptions.confirm(consent, nonce=secrets.token_urlsafe(12), now=now)
        for consent in reversed(tx.subscriptions.pending(address, now))
        if consent.id in {ConsentId(one) for one in chosen}
    ]


def refuse_by_link(tx: Transaction, tokens: Tokens, token: str, now: datetime) -> None:
    """« It was not me »: nothing begins, and nothing more is sent. Raises TokenRefused."""
    address = tokens.use_consent(tx, token, now).address
    tx.subscriptions.withdraw_pending(address)
    never_write(tx, address, now)


# -- changing and leaving -------------------------------------------------------------------------


def change_rhythm(tx: Transaction, subscription: Subscription, rhythm: Rhythm) -> None:
    """Letters come at another rhythm; what waits to be sent still goes."""
    tx.subscriptions.change_rhythm(subscription.id, rhythm)


def leave(tx: Transaction, subscription: Subscription, ending: Ending, now: datetime) -> bool:
    """No more letters for it, not even those that wait; False when that was so already."""
    tx.outbox.withdraw(f"{letters_of(subscription)}:", now=now, answer="désabonnement")
    return tx.subscriptions.end(subscription.id, ending, now)


def leave_all(tx: Transaction, address: str, now: datetime) -> int:
    """No more letters for anything; how many subscriptions ended."""
    return sum(leave(tx, one, Ending.LEFT, now) for one in tx.subscriptions.of(address))


def never_write(tx: Transaction, address: str, now: datetime) -> None:
    """No letter any more, and no confirmation of anybody's request either."""
    leave_all(tx, address, now)
    tx.subscriptions.withdraw_pending(address)
    tx.suppressions.add(address, SuppressionReason.LEFT, now=now)


def write_again(tx: Transaction, address: str) -> None:
    """Letters may come again, once asked for."""
    tx.suppressions.remove(address, SuppressionReason.LEFT)


def letters_of(subscription: Subscription) -> str:
    """How the keys of its letters begin, in the outbox."""
    return f"follow:{subscription.id}"
