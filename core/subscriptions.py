"""Following by mail: what is followed, how often, and the proof that it was asked for.

Readers have no account: an address, what it follows, and the words it agreed to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

SubscriptionId = NewType("SubscriptionId", int)
ConsentId = NewType("ConsentId", int)
RequestId = NewType("RequestId", int)


class Rhythm(StrEnum):
    """How often a letter may come: by itself at seven in the morning, Paris time."""

    DAILY = "daily"
    WEEKLY = "weekly"  # on Monday
    ISSUE = "issue"  # when an editor sends one: of the newsletter alone


class SubjectKind(StrEnum):
    """What can be followed."""

    THEME = "theme"
    SEARCH = "search"
    NEWSLETTER = "newsletter"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is followed. ``key``: a theme's id, or a search as its address has it (« q=… »)."""

    kind: SubjectKind
    key: str


NEWSLETTER: Final = Subject(SubjectKind.NEWSLETTER, "")


class Ending(StrEnum):
    """Why a subscription ended."""

    LEFT = "left"  # by its owner
    ONE_CLICK = "one-click"  # by the mail program's own button (RFC 8058)
    REFUSED = "refused"  # the address is on the list of those that are not written to


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody follows something. ``address`` is "" once it ended and was forgotten."""

    id: SubscriptionId
    address: str  # in its normal form, as it is written to
    subject: Subject
    rhythm: Rhythm
    nonce: str  # what its page's address carries, signed
    confirmed: datetime
    looked: datetime | None  # when it was last looked whether there was something to send
    ended: datetime | None
    ending: Ending | None

    @property
    def is_active(self) -> bool:
        """Whether letters are to be sent."""
        return self.ended is None


@dataclass(frozen=True, slots=True)
class Brought:
    """An address that agreed elsewhere: in which words, when, and the nonce of its links."""

    address: str
    words: str
    asked: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody asked for and, once ``confirmed``, the proof that they did."""

    id: ConsentId
    address: str
    subject: Subject
    rhythm: Rhythm
    words: str  # exactly what was shown
    version: str  # of the text those words come from
    asked: datetime
    expires: datetime
    confirmed: datetime | None
    subscription: SubscriptionId | None


class RequestKind(StrEnum):
    """What somebody writes for."""

    WITHDRAWAL = "withdrawal"
    MISTAKE = "mistake"
    PERSONAL_DATA = "personal-data"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Contact:
    """A request as it was written in the contact form."""

    kind: RequestKind
    url: str  # the article or page it is about; "" when none
    name: str
    address: str
    message: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request received. ``done``: when somebody said that it was dealt with."""

    id: RequestId
    contact: Contact
    received: datetime
    done: datetime | None
