"""The mail server: its address, one connection to it, one letter over that connection.

``smtplib`` speaks the protocol; what is added is the moment at which a letter may have been
taken: from the end-of-data mark until the server's answer, nobody knows.
"""

from __future__ import annotations

import math
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from core.errors import BadSettings, MailUnavailable
from core.text import shorten
from mail.answers import Answer, Stage
from mail.message import Message

TIMEOUT = 60.0  # seconds for one answer
LETTER_DEADLINE = 300.0  # seconds for a whole letter, however slowly the server dribbles
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
FAREWELL = 2.0  # seconds for the answer to QUIT, which says nothing more
DISCONNECTING = 421


class Cut(Exception):
    """The connection ended under a letter; ``maybe_taken``: after the server had it all."""

    def __init__(self, reason: str, *, maybe_taken: bool) -> None:
        super().__init__(reason)
        self.maybe_taken = maybe_taken


class NeedsSmtputf8(Exception):
    """The recipient's name is not ASCII, and the server does not take such names (RFC 6531)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over."""

    host: str
    port: int
    scheme: str  # smtp, smtps or smtp+starttls
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"  # never the password


def read_server(url: str) -> Server:
    """The server that SMTP_URL names. Raises MailUnavailable when none is, BadSettings."""
    if not url:
        raise MailUnavailable("aucun serveur de courrier n’est donné (réglage SMTP_URL)")
    allowed = "smtp+starttls://nom:motdepasse@serveur:port, smtps://… ou smtp://…"
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except ValueError as error:  # a port or a name that is none
        raise BadSettings("SMTP_URL", _without_password(url), allowed) from error
    if parts.scheme not in PORTS or not host or parts.path not in {"", "/"} or parts.query:
        raise BadSettings("SMTP_URL", _without_password(url), allowed)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(host, port or PORTS[parts.scheme], parts.scheme, user, password)


def _without_password(url: str) -> str:
    return re.sub(r"//.*@", "//…@", url)


@dataclass(frozen=True, slots=True)
class Transport:
    """How to reach the server. ``tls``: another trust than the system's authorities."""

    server: Server
    own_name: str  # what we call ourselves (EHLO)
    tls: ssl.SSLContext | None = None
    timeout: float = TIMEOUT
    deadline: float = LETTER_DEADLINE

    def open(self) -> Session:
        """A connection ready for letters. Raises MailUnavailable, saying at which step."""
        steps = _Steps(self)
        watch = Watch(self.deadline, steps.cut)
        try:
            with watch.limited(self.deadline):
                return Session(steps.climb(), watch, self.deadline)
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error
            text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
            watch.end()
            steps.leave()
            raise MailUnavailable(
                shorten(f"{self.server} ({steps.at}) : {error.smtp_code} {text}", 300)
            ) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            watch.end()
            steps.leave()
            raise MailUnavailable(
                shorten(f"{self.server} ({steps.at}) : {_said(error)}", 300)
            ) from error


class Watch:
    """Cuts a connection whose letter takes too long, however alive it looks.

    A time-out bounds each wait for the network, not a server that sends a byte a minute. One
    thread for the whole connection: it wakes when the deadline may have passed.
    """

    def __init__(self, period: float, cut: Callable[[], None]) -> None:
        self._period = period
        self._cut = cut
        self._until = math.inf
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """For the time of the block, which is cut after so many seconds."""
        self._until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._until = math.inf

    def end(self) -> None:
        """Watch no more."""
        self._over.set()

    def _look(self) -> None:
        wait = self._period
        while not self._over.wait(wait):
            left = self._until - time.monotonic()
            if left <= 0:
                self._cut()
                return
            wait = min(left, self._period)


class _Steps:
    """Connecting, greeting, encrypting, signing in; ``at`` says which failed."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._smtp: smtplib.SMTP | None = None
        self.at = "connexion"

    def climb(self) -> smtplib.SMTP:
        server = self._transport.server
        smtp = self._smtp = self._connect()
        self.at = "EHLO"
        smtp.ehlo_or_helo_if_needed()
        if self._wants_starttls(smtp):
            self.at = "STARTTLS"
            smtp.starttls(context=self._context())
            smtp.ehlo_or_helo_if_needed()
        if server.user:
            self.at = "authentification"
            if server.scheme == "smtp" and not _is_private(smtp, server):
                raise smtplib.SMTPException("mot de passe non envoyé : connexion non chiffrée")
            smtp.login(server.user, server.password)
        return smtp

    def cut(self) -> None:
        """End the connection now, from any thread."""
        if self._smtp is not None:
            _shut(self._smtp)

    def leave(self) -> None:
        """Give the connection back."""
        self.cut()
        if self._smtp is not None:
            self._smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server, timeout = self._transport.server, self._transport.timeout
        name = self._transport.own_name
        # Made, then connected, so that the deadline can cut the greeting too.
        if server.scheme == "smtps":
            context = self._context()
            self._smtp = smtplib.SMTP_SSL(local_hostname=name, timeout=timeout, context=context)
        else:
            self._smtp = smtplib.SMTP(local_hostname=name, timeout=timeout)
        # The name its certificate must bear, which smtplib takes from nowhere else.
        self._smtp._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001
        code, text = self._smtp.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        # The end-of-data mark is sent apart: Nagle would hold it back for 40 ms a letter.
        sock: socket.socket = self._smtp.sock  # type: ignore[assignment]
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._smtp

    def _wants_starttls(self, smtp: smtplib.SMTP) -> bool:
        server = self._transport.server
        if server.scheme == "smtp":
            return server.host not in LOOPBACK and smtp.has_extn("starttls")
        return server.scheme == "smtp+starttls"

    def _context(self) -> ssl.SSLContext:
        return self._transport.tls or ssl.create_default_context()


def _is_private(smtp: smtplib.SMTP, server: Server) -> bool:
    return server.host in LOOPBACK or isinstance(smtp.sock, ssl.SSLSocket)


class Session:
    """One connection, for many letters."""

    def __init__(self, smtp: smtplib.SMTP, watch: Watch, deadline: float) -> None:
        self._smtp = smtp
        self._watch = watch
        self._deadline: Final = deadline
        self.is_alive = True
        self.was_useful = False  # whether an earlier letter got an answer of its own

    def hand(self, message: Message, mark: Callable[[], bool]) -> Answer | None:
        """Give the server a letter; its answer.

        ``mark`` is called when the server is ready for the letter and has seen nothing of it; when
        it gives False nothing is sent and there is no answer (None). Raises Cut, NeedsSmtputf8.
        """
        if message.needs_smtputf8 and not self._smtp.has_extn("smtputf8"):
            raise NeedsSmtputf8
        with self._watch.limited(self._deadline):
            refusal = self._announce(message)
            if refusal is not None:
                return refusal
            if not mark():
                self.close()
                return None
            answer = self._transfer(message.content)
        self.was_useful = True
        self.is_alive = answer.code != DISCONNECTING
        return answer

    def _announce(self, message: Message) -> Answer | None:
        """Sender, recipient, DATA: what was refused, or None when the server waits for the text."""
        options = ["SMTPUTF8"] if message.needs_smtputf8 else []
        steps: tuple[tuple[Stage, set[int], Callable[[], tuple[int, bytes]]], ...] = (
            (Stage.SENDER, {250}, lambda: self._smtp.mail(message.sender, options)),
            (Stage.RECIPIENT, {250, 251, 252}, lambda: self._smtp.rcpt(message.recipient)),
            (Stage.DATA, {354}, lambda: self._smtp.docmd("DATA")),
        )
        with _cut(maybe_taken=False):
            for stage, good, ask in steps:
                answer = _answer(ask(), stage)
                if answer.code == DISCONNECTING or answer.code < 200:
                    raise smtplib.SMTPServerDisconnected(answer.line)
                if answer.code not in good:
                    self._reset()
                    self.was_useful = self.was_useful or stage is not Stage.SENDER
                    return answer
        return None

    def _reset(self) -> None:
        """Make ready for the next letter; the answer to this one stands whatever happens."""
        try:
            self.is_alive = self._smtp.docmd("RSET")[0] == 250
        except (OSError, smtplib.SMTPException):
            self.is_alive = False

    def _transfer(self, content: bytes) -> Answer:
        stuffed = re.sub(rb"(?m)^\.", b"..", content)  # RFC 5321, 4.5.2
        if not stuffed.endswith(b"\r\n"):
            stuffed += b"\r\n"
        with _cut(maybe_taken=False):
            self._smtp.send(stuffed)
        with _cut(maybe_taken=True):
            self._smtp.send(b".\r\n")
            answer = _answer(self._smtp.getreply(), Stage.END)
            if answer.code != 250 and answer.code < 400:  # also the first bytes of an answer cut
                raise smtplib.SMTPServerDisconnected(f"réponse illisible : {answer.text}")
        return answer

    def close(self) -> None:
        """Leave politely if the server still listens."""
        with suppress(OSError, smtplib.SMTPException, ValueError):
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(FAREWELL)
            self._smtp.quit()
        self._watch.end()
        _shut(self._smtp)
        self._smtp.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _answer(reply: tuple[int, bytes], stage: Stage) -> Answer:
    return Answer(reply[0], reply[1].decode(errors="replace"), stage)


@contextmanager
def _cut(*, maybe_taken: bool) -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise Cut(shorten(_said(error), 300), maybe_taken=maybe_taken) from error


def _shut(smtp: smtplib.SMTP) -> None:
    sock = smtp.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "pas de réponse à temps"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificat refusé ({error.verify_message})"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)
