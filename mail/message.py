"""A letter as bytes: both parts, headers that nothing breaks out of, the signature."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from pathlib import Path
from urllib.parse import urlsplit

import css_inline

from core.errors import BadAddress, BadSettings
from core.letters import Letter
from core.settings import Settings
from core.text import clean, one_line, shorten
from mail.addresses import Address, parse_address
from mail.signature import DkimKey, read_dkim_key, sign

NAME_LENGTH = 80
SUBJECT_LENGTH = 250
# Written as they are: Python would encode a long address that it cannot fold.
_VERBATIM = {"list-id", "list-unsubscribe", "list-unsubscribe-post", "message-id"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the same for all letters of an installation."""

    address: Address
    name: str
    host: str  # ASCII; names our letters (Message-ID) and ourselves to the server (EHLO)
    dkim: DkimKey | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A letter ready for the wire."""

    sender: str
    recipient: str
    content: bytes
    needs_smtputf8: bool


def sender_from(settings: Settings) -> Sender:
    """The sender that the settings describe. Raises BadSettings."""
    try:
        address = parse_address(settings.mail_from)
    except BadAddress as error:
        raise BadSettings("MAIL_FROM", settings.mail_from, error.reason) from error
    if address.needs_smtputf8:
        raise BadSettings("MAIL_FROM", settings.mail_from, "un nom sans accent avant le @")
    key = None
    if settings.dkim_key_file:
        path = Path(settings.dkim_key_file)
        key = read_dkim_key(path, selector=settings.dkim_selector, domain=address.domain)
    return Sender(address, settings.mail_name, _host(settings.public_url) or address.domain, key)


def _host(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").encode("idna").decode()
    except ValueError:  # UnicodeError is one: no domain name
        return ""
    return host if "." in host and ":" not in host else ""


def compose(letter: Letter, sender: Sender, *, date: datetime, now: datetime) -> Message:
    """The letter as it goes on the wire, signed when there is a key.

    ``date``: when it was written; ``now``: when it is signed. The same letter and date give the
    same bytes but for the signature's. Raises BadAddress for a recipient that is none.
    """
    letter, recipient = letter.filled(), parse_address(letter.recipient)
    message = EmailMessage(policy=_POLICY)
    message["Date"] = date
    message["From"] = _mailbox(sender.name, sender.address)
    message["To"] = _mailbox(letter.recipient_name, recipient)
    message["Subject"] = shorten(_harmless(letter.subject), SUBJECT_LENGTH)
    message["Message-ID"] = message_id(letter.key, sender.host)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (*_list_headers(letter), *letter.headers.items()):
        message[name] = _harmless(value)
    _set_parts(message, letter)
    content = message.as_bytes()
    if sender.dkim is not None:
        content = sign(content, sender.dkim, now=now) + content
    return Message(
        sender.address.normal, recipient.normal, content, needs_smtputf8=recipient.needs_smtputf8
    )


def message_id(key: str, host: str) -> str:
    """The Message-ID of the letter with this key, the same at each attempt."""
    return f"<{_digest(key)}@{host}>"


def _set_parts(message: EmailMessage, letter: Letter) -> None:
    # Quoted-printable: ASCII lines of 76 at most, which no server rewrites under the signature.
    message.set_content(clean(letter.text) + "\n", cte="quoted-printable")
    if letter.html:
        html = inline_css(clean(letter.html))
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        # « =_ » cannot stand in quoted-printable text, so no text contains it (RFC 2045, 6.7).
        message.set_boundary(f"=_{_digest(letter.key)}")


def inline_css(html: str) -> str:
    """The page with its rules on the elements themselves; nothing is fetched, nothing opened."""
    return _INLINER.inline(_LINKS.sub("", html))


def inline_fragment(html: str, rules: str) -> str:
    """A piece of a page with these rules on its elements; what depends on the screen is left."""
    return _INLINER.inline_fragment(_LINKS.sub("", html), css=rules)


def encoded_size(text: str, html: str) -> int:
    """Bytes of both parts as they travel, ``html`` having its rules on its elements already."""
    message = EmailMessage(policy=_POLICY)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return len(message.as_bytes())


def _list_headers(letter: Letter) -> list[tuple[str, str]]:
    """RFC 2919, 2369 and 8058."""
    headers = []
    if letter.list_id:
        headers.append(("List-Id", f"<{letter.list_id}>"))
    ways = [letter.unsubscribe_url]
    if letter.unsubscribe_mailto:
        ways.append("mailto:" + letter.unsubscribe_mailto.removeprefix("mailto:"))
    if any(ways):
        headers.append(("List-Unsubscribe", ", ".join(f"<{way}>" for way in ways if way)))
    if letter.unsubscribe_url.startswith("https://"):
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _mailbox(name: str, address: Address) -> HeaderAddress:
    local, _, domain = address.normal.rpartition("@")
    return HeaderAddress(display_name(name), local, domain)


def display_name(name: str) -> str:
    """A name that can only be read as one: no address in it, nothing that ends or encodes it."""
    harmless = re.sub(r'[<>()\[\]{}",;:\\@＠﹫=?|%`\x7f]', " ", _harmless(name))
    return shorten(harmless, NAME_LENGTH)


def _harmless(text: str) -> str:
    # An « encoded word » that somebody typed would be decoded by the reader's program.
    return one_line(text).replace("=?", "= ?")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


class _Policy(EmailPolicy):
    def fold(self, name: str, value: str) -> str:
        if name.lower() in _VERBATIM:
            return f"{name}: {value}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _VERBATIM:
            return self.fold(name, value).encode()
        folded: bytes = super().fold_binary(name, value)
        return folded


_POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit")
_LINKS = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
