"""Fetching: addresses in, answers out. Scrapy works in a process of its own, behind a pipe.

A Twisted reactor starts once per process and must never wait for a parser; so the other process
(``crawler/spider.py``) only fetches, and this side parses, decides and stores. It holds nothing:
killing it, or us, loses at most what was on its way.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urljoin

from core.errors import AddressRefused, FetchFailed
from core.model import Validators
from core.settings import Network, Settings
from core.text import one_line
from core.urls import canonical_url
from crawler.processes import deaf_to_interrupts

VERSION = "0.1"
ROBOT = "Glaneuse"
MEGABYTE = 1024 * 1024
# Requests given to the other process at once: bounds what it holds, not what runs.
AHEAD = 500


class Trouble(StrEnum):
    """What kept an address from being fetched."""

    NONE = ""
    TIMEOUT = "timeout"
    NO_HOST = "no host"
    NO_CONNECTION = "no connection"
    PRIVATE = "private address"
    NOT_WEB = "not http"
    ROBOTS = "robots"
    ROBOTS_DOWN = "robots unreachable"
    LOOP = "redirects"
    TOO_LARGE = "too large"
    BROKEN = "broken answer"
    WAIT = "asked to wait"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Options:
    """How to fetch. Seconds; bytes."""

    user_agent: str = f"{ROBOT}/{VERSION}"
    networks: tuple[Network, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # as in curl's --resolve
    timeout: float = 20.0
    max_body: int = 10 * MEGABYTE
    max_redirects: int = 8
    delay: float = 1.0  # between two requests to a public host
    longest_delay: float = 30.0  # that a robots.txt may ask for
    at_once: int = 64  # hosts
    log_file: Path | None = None


def options_from(settings: Settings) -> Options:
    """How this installation fetches."""
    who = one_line(settings.contact or settings.public_url)
    who = who.encode("ascii", "ignore").decode().replace("(", "").replace(")", "")
    agent = f"{ROBOT}/{VERSION} (+{who})" if who else f"{ROBOT}/{VERSION}"
    return Options(
        user_agent=agent,
        networks=settings.allow_private_networks,
        log_file=settings.data_dir / "logs" / "collect.log",
    )


@dataclass(frozen=True, slots=True)
class Request:
    """An address to fetch; with ``validators``, only if it changed."""

    url: str
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: a response of any status, or the trouble met."""

    url: str
    final_url: str = ""
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    retry_after: str = ""  # the header, as sent
    trouble: Trouble = Trouble.NONE
    detail: str = ""

    @property
    def is_fresh(self) -> bool:
        """Whether it carries what was asked for."""
        return not self.trouble and 200 <= self.status < 300

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that nothing changed."""
        return not self.trouble and self.status == 304

    @property
    def is_refused(self) -> bool:
        """Whether the publisher refuses that we read it."""
        return self.trouble is Trouble.ROBOTS or self.status in {401, 402, 403, 451}

    @property
    def is_gone(self) -> bool:
        """Whether asking again would bring nothing more."""
        lasting = {Trouble.LOOP, Trouble.TOO_LARGE, Trouble.PRIVATE, Trouble.NOT_WEB}
        return self.trouble in lasting or self.status in {400, 404, 405, 406, 410, 414}


_SENTENCES = {
    Trouble.TIMEOUT: "ne répond pas (délai de {detail} s dépassé)",
    Trouble.NO_HOST: "nom de site introuvable",
    Trouble.NO_CONNECTION: "connexion impossible",
    Trouble.PRIVATE: "adresse d’un réseau privé, refusée ({detail})",
    Trouble.NOT_WEB: "n’est pas une adresse http ou https",
    Trouble.ROBOTS: "refusé par le fichier robots.txt du site",
    Trouble.ROBOTS_DOWN: "le fichier robots.txt du site ne répond pas ({detail})",
    Trouble.LOOP: "redirections sans fin",
    Trouble.TOO_LARGE: "trop volumineux (plus de {detail} Mo)",
    Trouble.BROKEN: "réponse illisible ({detail})",
    Trouble.WAIT: "le site vient de prier d’attendre",
    Trouble.STOPPED: "téléchargement interrompu",
}
_STATUSES = {
    401: "accès refusé (401, identification demandée)",
    403: "accès refusé par le site (403)",
    404: "page introuvable (404)",
    410: "page supprimée (410)",
    429: "trop de demandes, le site prie d’attendre (429)",
    503: "site momentanément indisponible (503)",
}


def why_not(answer: Answer) -> str:
    """One French sentence for an answer that brought nothing; "" when it did."""
    if answer.trouble:
        return _SENTENCES[answer.trouble].format(detail=one_line(answer.detail)[:120])
    if answer.is_fresh or answer.is_unchanged:
        return ""
    return _STATUSES.get(answer.status, f"erreur {answer.status} du site")


def raise_for(answer: Answer) -> None:
    """Raise AddressRefused or FetchFailed for an answer that brought nothing."""
    if reason := why_not(answer):
        kind = {Trouble.PRIVATE, Trouble.NOT_WEB}
        raise (AddressRefused if answer.trouble in kind else FetchFailed)(answer.url, reason)


Then: TypeAlias = Callable[[Answer], None]
Fetch: TypeAlias = Callable[[str], Answer]


class Fetcher:
    """Fetches, in another process. A context manager; give it work, then ``run``."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._waiting: deque[tuple[Request, Then]] = deque()
        self._sent: dict[int, tuple[Request, Then]] = {}
        self._number = 0
        self._connection: Connection | None = None
        self._process: multiprocessing.process.BaseProcess | None = None

    @property
    def outstanding(self) -> int:
        """How many answers are still to come."""
        return len(self._waiting) + len(self._sent)

    def submit(self, request: Request, then: Then) -> None:
        """Have ``then`` called with the answer, during ``run``; it may submit more."""
        self._waiting.append((request, then))

    def run(self) -> None:
        """Hand out answers as they come, until none is outstanding."""
        while self.outstanding:
            self._send()
            for number, answer in self._receive():
                _, then = self._sent.pop(number)
                then(answer)

    def fetch(self, url: str) -> Answer:
        """One address, now."""
        answers: list[Answer] = []
        self.submit(Request(url), answers.append)
        self.run()
        return answers[0]

    def close(self) -> None:
        """End the other process, whatever it is doing."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._connection = self._process = None

    def _send(self) -> None:
        connection = self._started()
        while self._waiting and len(self._sent) < AHEAD:
            request, then = self._waiting.popleft()
            self._number += 1
            self._sent[self._number] = (request, then)
            try:
                connection.send((self._number, request))
            except OSError:
                return  # the other process is dead: ``_receive`` says so

    def _receive(self) -> list[tuple[int, Answer]]:
        connection = self._started()
        try:
            return [connection.recv()]
        except (EOFError, OSError):
            # It died (killed, out of memory): what it held comes to nothing, the rest goes on
            # in a new one.
            self.close()
            return [
                (number, Answer(request.url, request.url, trouble=Trouble.STOPPED))
                for number, (request, _) in self._sent.items()
            ]

    def _started(self) -> Connection:
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(
                target=_serve, args=(theirs, self._options), name="glaneuse-fetch", daemon=True
            )
            with deaf_to_interrupts():
                self._process.start()
            theirs.close()
        return self._connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _serve(connection: Connection, options: Options) -> None:
    """What the other process does. Scrapy, slow to import, is imported there only."""
    from crawler.spider import serve  # noqa: PLC0415

    serve(connection, options)


def web_address(url: str, base: str = "") -> str:
    """The address as it is asked for. Raises AddressRefused when it is not one of a page."""
    try:
        return canonical_url(url, base)
    except ValueError as error:
        reason = _SENTENCES[Trouble.NOT_WEB]
        raise AddressRefused(urljoin(base, one_line(url))[:200], reason) from error
