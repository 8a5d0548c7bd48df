"""The things Glaneuse speaks of. Frozen, plain, without behaviour that touches the world.

Instants are aware UTC ``datetime``s; Paris time is used only to choose a week or to print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

ArticleId = NewType("ArticleId", int)
SourceId = NewType("SourceId", int)
PageId = NewType("PageId", int)
ThemeId = NewType("ThemeId", str)


class Access(StrEnum):
    """Whether a reader may read the original: freely, with a subscription, or not known."""

    FREE = "libre"
    SUBSCRIBERS = "abonnés"
    UNKNOWN = "inconnu"
    UNREAD = "non lu"  # robots may not read it: what its source or a person says of it is all


class SourceKind(StrEnum):
    """How a source tells what is new."""

    FEED = "feed"
    LISTING = "listing"
    COLLECTION = "collection"
    SITEMAP = "sitemap"
    IMPORT = "import"  # not visited: its articles were imported
    MET = "met"  # not visited: press reviews cite its articles


class SourceStatus(StrEnum):
    """How a source is doing, as seen at its last visit."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"
    REFUSED = "refused"


class Reservation(StrEnum):
    """Where a site says that its texts are not to be mined (TDM Reservation Protocol)."""

    UNSAID = ""
    HEADER = "header"
    FILE = "file"
    LIFTED = "lifted"  # its header says that they may be, whatever file and page say

    @property
    def is_reserved(self) -> bool:
        """Whether mining is opposed."""
        return self in {Reservation.HEADER, Reservation.FILE}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask « only if it changed » (RFC 9110, section 13)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What a site (scheme, host and port) writes for robots: "" for a file that it has not."""

    site: str
    robots: str = ""
    tdmrep: str = ""
    read: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """What a feed asks of those who come again: ``ttl``, ``sy:updatePeriod``, hours and days off.

    Seconds; hours of the day (GMT) and days of the week (Monday is 0) when not to come.
    """

    every: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A place that publishes: its address, where it says what is new, and how it is doing."""

    id: SourceId
    slug: str
    name: str
    url: str
    feed: str  # visited to learn what is new; for a listing, the page itself; "": not visited
    kind: SourceKind
    status: SourceStatus = SourceStatus.NEW
    validators: Validators = Validators()
    added: datetime | None = None
    last_visit: datetime | None = None
    last_success: datetime | None = None
    next_visit: datetime | None = None
    errors_in_a_row: int = 0
    candidates: tuple[str, ...] = ()  # where it may publish, until one was found to answer
    last_error: str = ""
    last_full: datetime | None = None  # when it last sent what it has, not only « nothing new »
    trusted: bool = True  # whether its « nothing new » (304) may be believed
    weight: float = 0.0  # of the errors in a row: passing ones count for less
    failing_since: datetime | None = None
    pace: Pace | None = None  # what its feed asks of those who come again
    opposed: datetime | None = None  # since when its feed says not to mine it

    @property
    def was_seen_whole(self) -> bool:
        """Whether its last visit came to its end: neither cut half-way nor failed."""
        if self.last_success is None:
            return False
        return self.last_visit is None or self.last_visit <= self.last_success


@dataclass(frozen=True, slots=True)
class Announcement:
    """An article as a feed entry or a listing announces it, before its page was read."""

    url: str
    title: str = ""
    summary: str = ""  # plain text, whatever the feed held
    content: str = ""  # plain text of the whole article, when the feed carries it
    author: str = ""
    published: datetime | None = None
    seen: datetime | None = None  # when somebody spoke of it: it had appeared by then


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page waiting for, or after, its reading; the body is kept aside, compressed."""

    id: PageId
    source_id: SourceId
    url: str  # as asked
    final_url: str  # after redirects
    fetched: datetime
    content_type: str
    announcement: Announcement
    reservation: Reservation = Reservation.UNSAID
    robots_tag: str = ""  # the X-Robots-Tag headers, one a line


@dataclass(frozen=True, slots=True)
class Citation:
    """An article cited by another: which, called what, in whose words, under which heading."""

    url: str  # canonical address, on another site
    title: str = ""
    words: str = ""  # the sentence or the comment that cites it
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What the extractor read in a page."""

    url: str  # canonical address
    title: str
    text: str  # paragraphs separated by blank lines
    author: str = ""
    published: datetime | None = None
    site: str = ""
    language: str = ""
    image: str = ""
    access: Access = Access.UNKNOWN
    citations: tuple[Citation, ...] = ()  # of a press review
    opposed: bool = False  # its publisher opposes mining: title, address and date are all there is
    max_snippet: int | None = None  # characters that its publisher lets be shown; None: no limit
    section: str = ""  # what the page says it is: its section, its schema.org type


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a page gave no article (no text, a login page, a CAPTCHA …)."""

    url: str
    reason: str
    is_closed: bool = False  # a door was shut on us: an article may well be behind
    is_dead: bool = False  # the page says itself that there is nothing here


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that decided for a theme: where they stand (``title`` or ``text``), and which."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Tagging:
    """A theme given to an article: how sure we are (0 to 1) and why."""

    theme: ThemeId
    score: float
    evidence: tuple[Evidence, ...] = ()
    by_people: bool = False  # given or confirmed by somebody (core/corrections.py)


class Kind(StrEnum):
    """What kind of text an article is."""

    NEWS = "actualite"
    OFFICIAL = "texte-officiel"
    STUDY = "etude"
    OPINION = "tribune"
    INTERVIEW = "entretien"
    PRACTICE = "recit"
    TOOL = "outil"
    EVENT = "agenda"
    PUBLICATION = "publication"
    JOB = "offre-emploi"


@dataclass(frozen=True, slots=True)
class KindGiven:
    """The kind given to an article, and the signs that decided, in French, strongest first."""

    kind: Kind
    reasons: tuple[str, ...] = ()


class EntityType(StrEnum):
    """What an article may name, besides its themes. Never a person."""

    ORGANISATION = "organisation"
    PROFESSION = "profession"
    MEASURE = "dispositif"  # a right, an allowance, a procedure, a programme
    ESTABLISHMENT = "etablissement"  # a sort of establishment or service
    DIPLOMA = "diplome"
    TERRITORY = "territoire"


@dataclass(frozen=True, slots=True)
class Named:
    """Something that an article names: how many times, and whether its title does."""

    type: EntityType
    id: str
    times: int = 1
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What is read in an article besides its themes: its kind, and what it names."""

    kind: KindGiven
    names: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of the vocabulary, as shown to readers."""

    id: ThemeId
    label: str
    family: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of themes: used to navigate, never given to an article."""

    id: str
    label: str


class Likeness(StrEnum):
    """Why two articles are taken for the same one."""

    TEXT = "text"  # the same text
    PART = "part"  # most of one is in the other, which says more
    REWORKED = "reworked"  # the same text with changes
    TITLE = "title"  # the same title within a few days, one text at least being short or unread
    HAND = "hand"  # somebody of the team said so


@dataclass(frozen=True, slots=True)
class SameNews:
    """That two articles are the same one: why, and what part of the shorter both have (0 to 1)."""

    likeness: Likeness
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Reprint:
    """An article that is the same as another one, as it is shown beside it."""

    id: ArticleId
    url: str
    title: str
    source: Source
    same: SameNews
    author: str = ""
    published: datetime | None = None
    access: Access = Access.UNKNOWN
    site: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article, once per canonical address."""

    id: ArticleId
    url: str
    title: str
    text: str  # for search and tagging only; never shown whole
    source: Source
    author: str = ""
    published: datetime | None = None
    language: str = ""
    access: Access = Access.UNKNOWN
    site: str = ""
    image: str = ""
    summary: str = ""  # the source's own, offered for syndication
    collected: datetime | None = None
    taggings: tuple[Tagging, ...] = ()
    tagger: str = ""  # version that made the taggings; "" when never tagged
    also: tuple[Reprint, ...] = ()  # « Paru aussi dans »: the same article, elsewhere
    leads: bool = True  # whether it stands for the others in lists
    opposed: datetime | None = None  # since when its publisher is known to oppose mining
    max_snippet: int | None = None  # characters that its publisher lets be shown; None: no limit
    section: str = ""  # what its page says of itself
    kind: KindGiven | None = None  # None when not described yet
    names: tuple[Named, ...] = ()

    @property
    def everywhere(self) -> tuple[ArticleId, ...]:
        """Its number, then those of the same article elsewhere."""
        return (self.id, *(one.id for one in self.also))

    def showable(self, length: int) -> int:
        """How many characters may be shown of it, of the ``length`` that we would."""
        return length if self.max_snippet is None else min(length, self.max_snippet)

    @property
    def themes(self) -> tuple[ThemeId, ...]:
        """The themes' ids, surest first."""
        return tuple(tagging.theme for tagging in self.taggings)

    @property
    def appeared(self) -> datetime | None:
        """When it counts as having appeared: published, at the latest when it was collected."""
        if self.published and self.collected:
            return min(self.published, self.collected)
        return self.published or self.collected


@dataclass(frozen=True, slots=True)
class Report:
    """What a stage did. Every stage returns one, so that all are printed the same way."""

    done: int = 0
    skipped: int = 0
    failed: int = 0
    failures: tuple[str, ...] = ()  # one line each, for the person who reads
    details: Mapping[str, int] = field(default_factory=dict)
