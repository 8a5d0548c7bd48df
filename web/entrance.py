"""What letting people in takes: made once from the settings, handed to the views."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings import Settings
from people.links import Links
from people.passwords import Passwords
from people.secret import signing_secret
from people.sign_in import SignIn
from people.throttle import Throttle
from store import Store


@dataclass(frozen=True, slots=True)
class Entrance:
    """Signs, verifies and counts. ``may_write``: whether letters can be sent from here."""

    secret: str
    passwords: Passwords
    links: Links
    throttle: Throttle
    sign_in: SignIn
    may_write: bool


def open_entrance(settings: Settings, store: Store, passwords: Passwords) -> Entrance:
    """The entrance of an installation. Raises BadSettings for its secret."""
    secret = signing_secret(settings)
    throttle = Throttle(secret.encode())
    return Entrance(
        secret=secret,
        passwords=passwords,
        links=Links(secret),
        throttle=throttle,
        sign_in=SignIn(store, passwords, throttle),
        may_write=may_write(settings),
    )


def may_write(settings: Settings) -> bool:
    """Whether letters can be sent: links in them need an address that is ours for certain.

    The address by which a request reached us is not: anybody may write any ``Host``.
    """
    return bool(settings.smtp_url and settings.mail_from and settings.public_url)
