"""The newsletter, « La lettre »: what editors compose, and what subscribers receive.

Texts are plain: paragraphs separated by blank lines, web addresses written out. Nothing in them
is markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from core.model import Access, ArticleId
from core.people import PersonId

NewsletterId = NewType("NewsletterId", int)


class EntryKind(StrEnum):
    """What an entry is; which fields of ``Entry`` it uses is said there."""

    ARTICLE = "article"  # one that Glaneuse has collected
    LINK = "link"  # one that it has not: the address was pasted
    NEWS = "news"  # the organisation's own
    EVENT = "event"
    JOB = "job"
    TEXT = "text"  # a free block
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a section. Every kind may have a title, a text and an address.

    ``id`` is the entry's own as long as the letter lives, wherever it is moved and whoever edits.
    """

    id: str  # letters and digits, unique in the letter
    kind: EntryKind
    title: str = ""
    url: str = ""  # of the original; "" when there is nothing to follow
    text: str = ""  # the blurb
    # Whether ``text`` is, word for word, a short quotation of the article; else it was typed.
    is_quotation: bool = False
    # Of articles and links: who published it, who wrote it, whether all may read it, the article.
    source: str = ""
    author: str = ""
    access: Access = Access.UNKNOWN
    article: ArticleId | None = None
    # Of articles, links and news: when published; of events: when; of jobs: until when to apply.
    day: date | None = None
    hours: str = ""  # of events, as typed: « 14 h à 17 h »
    place: str = ""  # of events and jobs
    # Of images: the name under which the store keeps it, what says the same to who does not see
    # it, whose it is.
    image: str = ""
    alternative: str = ""
    credit: str = ""
    note: str = ""  # between editors; never sent nor published


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the letter. ``brief``: its entries are lines without text, as in « Et aussi »."""

    id: str  # letters and digits, unique in the letter
    title: str
    entries: tuple[Entry, ...] = ()
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What is written in a letter: what former versions keep, and what rendering takes."""

    subject: str = ""
    foreword: str = ""
    signature: str = ""  # who signs the foreword, as typed: « Claire, pour la rédaction »
    sections: tuple[Section, ...] = ()

    @property
    def entries(self) -> Iterator[Entry]:
        """All the entries, in reading order."""
        for section in self.sections:
            yield from section.entries

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send: a foreword alone is no letter."""
        return not any(True for _ in self.entries)


class NewsletterState(StrEnum):
    """How far a letter is."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"  # goes at ``Newsletter.scheduled``; may still be called back
    SENDING = "sending"  # public; its letters are being put into the outbox
    SENT = "sent"  # public; all its letters are in the outbox


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A letter on the desk, or sent.

    ``version`` counts the changes of ``content``: whoever saves says which one they had read.
    """

    id: NewsletterId
    content: Content
    since: datetime  # the period covered, [since, until)
    until: datetime
    state: NewsletterState
    version: int
    created: datetime
    updated: datetime
    updated_by: PersonId | None = None
    scheduled: datetime | None = None
    sent: datetime | None = None
    slug: str = ""  # names its public page, « /lettres/… »; "" until it was scheduled once
    # When it was not sent as scheduled, an article of it having been withdrawn meanwhile.
    held: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed."""
        return self.state is NewsletterState.DRAFT

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.state in {NewsletterState.SENDING, NewsletterState.SENT}


@dataclass(frozen=True, slots=True)
class Version:
    """That a letter's content was saved: which version, when and by whom."""

    number: int
    at: datetime
    by: PersonId | None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it is kept and served: cleaned of what cameras write in it, at most so wide."""

    name: str  # of its content: « 3f2a….jpg »
    media_type: str
    width: int  # pixels
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """Something in the basket: an entry for the next letter, put aside by somebody.

    The entry's id names it in the basket too.
    """

    entry: Entry
    by: PersonId | None
    at: datetime
