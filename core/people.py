"""The people who may change things: accounts, their sessions, and who did what.

Readers are not among them: they need no account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

PersonId = NewType("PersonId", int)


class Role(StrEnum):
    """What somebody is here for; on screen Rédaction, Formation, Documentation, Administration."""

    EDITOR = "editor"
    TRAINER = "trainer"
    DOCUMENTALIST = "documentalist"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. ``address`` is an e-mail address in its normal form."""

    id: PersonId
    address: str
    name: str
    role: Role
    disabled: bool
    has_password: bool
    has_second_factor: bool
    created: datetime
    last_sign_in: datetime | None

    @property
    def owner(self) -> PersonId:
        """An account belongs to the person it is of."""
        return self.id

    @property
    def called(self) -> str:
        """What to call them: their name, else their address."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Session:
    """One browser where somebody is signed in. ``device`` is what that browser says it is."""

    id: int
    owner: PersonId
    started: datetime
    seen: datetime
    device: str


class LinkPurpose(StrEnum):
    """What a link sent to somebody is for."""

    INVITATION = "invitation"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link that works once, until it expires. Only a hash of what it carries is kept."""

    owner: PersonId
    purpose: LinkPurpose
    expires: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The shared secret of a TOTP application; asked for at sign-in once ``confirmed``."""

    owner: PersonId
    secret: str
    confirmed: bool
    last_step: int  # the last time step used: a code works once (RFC 6238, section 5.2)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody had typed in the form at ``path`` when it could not be received."""

    key: str
    owner: PersonId
    path: str
    fields: Mapping[str, tuple[str, ...]]
    kept: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what, when, from what to what. ``who``: None for the command line.

    ``before`` and ``after`` hold what changed, by field; empty when the thing was not there
    before, or is no longer after. Never a secret.
    """

    id: int
    at: datetime
    who: PersonId | None
    action: str
    kind: str
    key: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
