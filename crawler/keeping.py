"""What is kept of an answer, as its publisher wants it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.model import Announcement, Reservation
from crawler.decoding import decode
from crawler.fetching import Answer
from crawler.head import read_head
from crawler.markup import parse
from crawler.optout import reduced

_READABLE = (
    "text/", "application/xhtml", "application/xml", "application/octet-stream", "application/pdf",
)  # fmt: skip


EARLY = timedelta(days=1)  # that an article may be dated after now


@dataclass(frozen=True, slots=True)
class Kept:
    """Of a page: the body to read (b"": none), what announced it, and what its site opposes."""

    body: bytes
    announcement: Announcement
    reservation: Reservation
    robots_tag: str


def kept_of(answer: Answer, told: Announcement, *, source_opposes: bool = False) -> Kept:
    """What may be kept of a page: when mining is opposed, its title, address and dates alone.

    ``source_opposes``: its feed does; so does then a page that says nothing.
    """
    tag, said = answer.headers.get("x-robots-tag", ""), answer.reservation
    if source_opposes and said is Reservation.UNSAID:
        said = Reservation.HEADER
    if not said.is_reserved:
        return Kept(answer.body if has_text(answer) else b"", told, said, tag)
    title = told.title or (_title(answer) if has_text(answer) else "")
    return Kept(b"", replace(reduced(told), title=title), said, tag)


def without_future(told: Announcement, now: datetime) -> Announcement:
    """The same, without a date that has not come."""
    if told.published is None or told.published <= now + EARLY:
        return told
    return replace(told, published=None)


def has_text(answer: Answer) -> bool:
    """Whether the body is worth keeping: that of a page, had in full."""
    kind = answer.content_type.lower().lstrip()
    return bool(answer.body) and answer.is_fresh and (not kind or kind.startswith(_READABLE))


def _title(answer: Answer) -> str:
    tree = parse(decode(answer.body, answer.content_type))
    return read_head(tree).title[:300] if tree is not None else ""
