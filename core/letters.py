"""A letter to one person, as those who write it and those who carry it both know it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NewType, Self

from core.errors import BadLetter

OutboxId = NewType("OutboxId", int)

_BREAKS = re.compile(r"[\r\n\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029\ud800-\udfff]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_LIST_ID = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_KEY_LENGTH = 200
# What only ``mail/message.py`` writes: the sender's, the signature's, and how parts are encoded.
_RESERVED = {
    "from", "sender", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version",
    "dkim-signature", "auto-submitted", "list-id", "list-unsubscribe", "list-unsubscribe-post",
    "return-path", "received",
}  # fmt: skip


class LetterState(StrEnum):
    """Where a letter of the outbox stands."""

    WAITING = "waiting"
    HANDING = "handing"  # marked just before the server is given it
    SENT = "sent"
    DEFERRED = "deferred"  # refused for now; will be tried again
    REFUSED = "refused"  # for good
    FAILED = "failed"  # given up after days of temporary refusals
    UNCERTAIN = "uncertain"  # its hand-over was cut: a person decides
    DROPPED = "dropped"  # by a person's word


class Decision(StrEnum):
    """What a person may say of a letter that went no further by itself."""

    RESEND = "resend"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent, and to whom; encoded only when it is handed over.

    Raises BadLetter for anything that could break out of its header.
    """

    # Names this letter for ever: the same key is never kept, nor sent, twice. Without personal
    # data, since it outlives the rest. « weekly:2026-W47:subscription:12 »
    key: str
    recipient: str  # an address in its normal form (``mail.addresses``)
    subject: str
    text: str
    html: str = ""
    recipient_name: str = ""
    purpose: str = ""  # « invitation », « weekly » …: for lists and counts
    list_id: str = ""  # « theme-logement.glaneuse.example »: letters one may leave have one
    unsubscribe_url: str = ""  # https: one POST to it, without cookies, is enough (RFC 8058)
    unsubscribe_mailto: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False  # before all the letters that are not: somebody waits for it
    # What stands in text and HTML wherever each recipient's own ``filling`` goes: letters to many
    # have these alike, so they are kept once. "": the letter says what it says.
    gap: str = ""
    filling: str = ""

    def __post_init__(self) -> None:
        for name in (
            "key",
            "recipient",
            "list_id",
            "unsubscribe_url",
            "unsubscribe_mailto",
            "filling",
        ):
            _check_one_line(name, getattr(self, name))
        if not 0 < len(self.key) <= _KEY_LENGTH:
            raise BadLetter("key", f"1 to {_KEY_LENGTH} characters")
        if self.list_id and not _LIST_ID.fullmatch(self.list_id):
            raise BadLetter("list_id", "letters, digits, dashes and at least one dot")
        if self.unsubscribe_url and not self.unsubscribe_url.startswith(("https://", "http://")):
            raise BadLetter("unsubscribe_url", "an https address")
        for name in ("unsubscribe_url", "unsubscribe_mailto"):
            _check_plain(name, getattr(self, name))
        for name, value in self.headers.items():
            _check_header(name, value)

    def filled(self) -> Self:
        """The same letter as its recipient reads it."""
        if not self.gap:
            return self
        text, html = (part.replace(self.gap, self.filling) for part in (self.text, self.html))
        return replace(self, text=text, html=html, gap="", filling="")


def _check_one_line(name: str, value: str) -> None:
    if _BREAKS.search(value):
        raise BadLetter(name, "a line break, a NUL or half a character inside")


def _check_plain(name: str, value: str) -> None:
    if len(value) > 900 or not value.isascii() or re.search(r"[\s<>,\x00-\x1f\x7f]", value):
        raise BadLetter(name, "ASCII without spaces, « < », « > » or commas, 900 at most")


def _check_header(name: str, value: str) -> None:
    if not _HEADER_NAME.fullmatch(name):
        raise BadLetter("headers", f"{name!r} is no header name")
    if name.lower() in _RESERVED or name.lower().startswith("content-"):
        raise BadLetter("headers", f"{name} is written by the sender")
    _check_one_line(name, value)
