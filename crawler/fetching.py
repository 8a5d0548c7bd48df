"""Fetching: addresses in, answers out. Scrapy works in processes of its own, behind pipes.

A Twisted reactor starts once per process and must never wait for a parser; so the other
processes (``crawler/spider.py``) only fetch, and this side parses, decides and stores. They hold
nothing: killing one, or us, loses at most what was on its way.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache, partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias
from urllib.parse import urljoin, urlsplit

from core.errors import AddressRefused, FetchFailed
from core.model import Reservation, SiteRules, Validators
from core.settings import Network, Settings
from core.text import one_line
from core.urls import canonical_url
from crawler.processes import deaf_to_interrupts
from crawler.sites import site_of

VERSION = "0.1"
ROBOT = "Glaneuse"
MEGABYTE = 1024 * 1024
# Requests given to the other process at once: bounds what it holds, not what runs.
AHEAD = 500
# Of which to one site: a slow one with much to give does not keep the others waiting, and few
# connections are opened (Scrapy starts all that waits at once where nothing is to be spaced).
AT_SITE = 2
# Sites for which one process is enough: beyond, another is started, up to ``Options.processes``.
SITES_EACH = 25
# The headers of an answer that are kept.
HEADERS = ("retry-after", "cache-control", "expires", "date", "age", "x-robots-tag",
           "tdm-reservation")  # fmt: skip


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
    at_once: int = 64  # hosts, of one process
    processes: int = min(os.cpu_count() or 1, 4)
    max_headers: int = 64 * 1024
    patient: frozenset[str] = frozenset()  # hosts (and ports) that asked to be left alone
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
    """An address to fetch; with ``validators``, only if it changed.

    ``rules``: what its site wrote for robots, as far as we know; ``outdated``: to be read again.
    ``way``: the redirects that led there from another site, each an address and its reason (a
    status, or what Scrapy says). ``for_robots``: a file for robots, which nothing forbids.
    """

    url: str
    validators: Validators = field(default_factory=Validators)
    rules: SiteRules | None = None
    outdated: bool = False
    way: tuple[tuple[str, int | str], ...] = ()
    for_robots: bool = False

    @property
    def first(self) -> str:
        """The address asked for before any redirect."""
        return self.way[0][0] if self.way else self.url


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: a response of any status, or the trouble met."""

    url: str
    final_url: str = ""
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    headers: Mapping[str, str] = field(default_factory=dict)  # those of ``HEADERS``
    reservation: Reservation = Reservation.UNSAID  # what it says of mining
    moved: str = ""  # where it is from now on: what permanent redirects alone led to
    trouble: Trouble = Trouble.NONE
    detail: str = ""
    learnt: tuple[SiteRules, ...] = ()  # what was read for robots on the way
    onward: Request | None = None  # to be asked of the process that has its site

    @property
    def site(self) -> str:
        """The site that answered."""
        return site_root(self.final_url or self.url)

    @property
    def retry_after(self) -> str:
        """How long it asks to wait, as sent."""
        return self.headers.get("retry-after", "")

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
    304: "le site dit que rien n’a changé (304) à qui ne l’avait jamais lu",
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


@lru_cache(maxsize=4096)
def site_root(url: str) -> str:
    """Scheme, host and port of an address: what has one robots.txt."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Memory(Protocol):
    """What is known of sites from former runs. Called in the process that asks, never in ours."""

    def recall(self, site: str) -> tuple[SiteRules, bool] | None:
        """The rules of a site as last read, and whether they are to be read again."""

    def keep(self, rules: SiteRules) -> None:
        """Remember rules just read."""

    def heed(self, answer: Answer) -> None:
        """Remember how long a site asks to be left alone."""


Then: TypeAlias = Callable[[Answer], None]
Fetch: TypeAlias = Callable[[str], Answer]


class Fetcher:
    """Fetches, in other processes. A context manager; give it work, then ``run``.

    Each site is fetched by one process only, so that its pace is kept in one place: a redirect to
    a site that a process was not given comes back here, and is asked of the one that has it.
    """

    def __init__(self, options: Options, memory: Memory | None = None) -> None:
        self._options = options
        self._memory = memory
        self._queues: dict[str, deque[tuple[Request, Then]]] = {}  # by site root
        self._ready: dict[str, None] = {}  # the site roots that may be asked something, in turn
        self._waiting = 0
        self._at: Counter[str] = Counter()  # how much each site root was asked and did not answer
        self._number = 0
        self._homes: dict[str, int] = {}  # the process of each site
        self._processes: list[_Process] = []

    @property
    def outstanding(self) -> int:
        """How many answers are still to come."""
        return self._waiting + self._asked

    @property
    def _asked(self) -> int:
        return sum(len(process.asked) for process in self._processes)

    def submit(self, request: Request, then: Then) -> None:
        """Have ``then`` called with the answer, during ``run``; it may submit more."""
        site = site_root(request.url)
        if request.for_robots:
            # At once: two sites whose robots.txt is the other's would wait for each other.
            self._give(site, request, then)
            return
        self._queues.setdefault(site, deque()).append((request, then))
        self._waiting += 1
        self._make_ready(site)

    def run(self) -> None:
        """Hand out answers as they come, until none is outstanding."""
        while self.outstanding:
            self._send()
            for request, then, answer in self._receive():
                site = site_root(request.url)
                self._at[site] -= 1
                self._make_ready(site)
                self._remember(answer)
                if answer.onward is not None:
                    self.submit(answer.onward, then)
                else:
                    then(answer)
            self._run_errands()

    def fetch(self, url: str) -> Answer:
        """One address, now."""
        answers: list[Answer] = []
        self.submit(Request(url), answers.append)
        self.run()
        return answers[0]

    def start(self, sites: int = 1) -> None:
        """Start now what so many sites will need: a process takes a second to be ready."""
        wanted = min(-(-sites // SITES_EACH), self._options.processes)
        while len(self._processes) < max(wanted, 1):
            self._processes.append(_Process(self._options))

    def close(self) -> None:
        """End the other processes, whatever they are doing."""
        for process in self._processes:
            process.close()
        self._processes.clear()
        self._homes.clear()

    def _make_ready(self, site: str) -> None:
        if self._queues.get(site) and self._at[site] < AT_SITE:
            self._ready[site] = None

    def _send(self) -> None:
        """Give the other processes what they have room for, each site in its turn."""
        room = AHEAD - self._asked
        while self._ready and room > 0:
            site = next(iter(self._ready))
            del self._ready[site]
            request, then = self._queues[site].popleft()
            self._waiting -= 1
            self._give(site, request, then)
            self._make_ready(site)
            room -= 1
        for process in self._processes:
            process.send()

    def _give(self, site: str, request: Request, then: Then) -> None:
        """Have the process of this site ready to be asked."""
        self._number += 1
        self._at[site] += 1
        process = self._processes[self._home(site)]
        process.ask(self._number, self._with_rules(process, site, request), then)

    def _run_errands(self) -> None:
        """Have asked what a process needs from a site that another has."""
        for process in self._processes:
            for number, request in process.take_errands():
                self.submit(request, partial(process.settle, number))

    def _home(self, site: str) -> int:
        """The process that fetches from this site: the one that has the fewest."""
        name = site_of(site)
        if name not in self._homes:
            self.start(len(self._homes) + 1)
            shares = Counter(self._homes.values())
            self._homes[name] = min(range(len(self._processes)), key=lambda n: (shares[n], n))
        return self._homes[name]

    def _with_rules(self, process: _Process, site: str, request: Request) -> Request:
        """The request; with what we know of its site, when the process was not told."""
        if site in process.told or self._memory is None:
            return request
        process.told.add(site)
        known = self._memory.recall(site)
        if known is None:
            return request
        return replace(request, rules=known[0], outdated=known[1])

    def _remember(self, answer: Answer) -> None:
        if self._memory is None:
            return
        for rules in answer.learnt:
            self._memory.keep(rules)
        if answer.retry_after and not (answer.is_fresh or answer.is_unchanged):
            self._memory.heed(answer)

    def _receive(self) -> list[tuple[Request, Then, Answer]]:
        """What those that have something to say answered: at least one answer."""
        asked = {one.connection: n for n, one in enumerate(self._processes) if one.asked}
        found: list[tuple[Request, Then, Answer]] = []
        for connection in wait(list(asked)):
            place = asked[connection]  # type: ignore[index]
            try:
                found += self._processes[place].answered()
            except (EOFError, OSError):
                # It died (killed, out of memory): what it held comes to nothing, the rest goes
                # on in a new one.
                dead = self._processes[place]
                dead.close()
                self._processes[place] = _Process(self._options)
                found += [
                    (request, then, Answer(request.url, request.url, trouble=Trouble.STOPPED))
                    for request, then in dead.asked.values()
                ]
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Process:
    """A process that fetches, and what it was asked and has not answered."""

    def __init__(self, options: Options) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, options), name="glaneuse-fetch", daemon=True
        )
        with deaf_to_interrupts():
            self._process.start()
        theirs.close()
        self.asked: dict[int, tuple[Request, Then]] = {}
        self.told: set[str] = set()  # site roots whose rules it has
        self._ready: list[tuple[int, Request | Answer]] = []
        self._errands: list[tuple[int, Request]] = []

    def ask(self, number: int, request: Request, then: Then) -> None:
        """Have a request ready for it."""
        self.asked[number] = (request, then)
        self._ready.append((number, request))

    def send(self) -> None:
        """Give it those that are ready."""
        ready, self._ready = self._ready, []
        if ready:
            with contextlib.suppress(OSError):  # it is dead: seen when its answers are awaited
                self.connection.send(ready)

    def answered(self) -> list[tuple[Request, Then, Answer]]:
        """Its next answers. Raises EOFError or OSError when it died."""
        found = []
        for number, said in self.connection.recv():
            if isinstance(said, Request):
                self._errands.append((number, said))
            else:
                found.append((*self.asked.pop(number), said))
        return found

    def take_errands(self) -> list[tuple[int, Request]]:
        """What it needs from sites that are not its own, each with the number it gave it."""
        errands, self._errands = self._errands, []
        return errands

    def settle(self, number: int, answer: Answer) -> None:
        """Have what came of an errand ready for it."""
        self._ready.append((number, answer))

    def close(self) -> None:
        """End it, whatever it is doing."""
        self.connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


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
