"""Ten thousand letters to a real SMTP server on loopback, the sender killed on the way.

``python -m benchmarks.mailing [LETTERS] [newsletter]``: the program itself (``glaneuse mail send``;
for a newsletter, ``glaneuse letters send``, which writes the letters too) is started, killed
(``kill -9``) and started again until the outbox is empty, then the server's own log is compared
with the outbox. Letters are signed (DKIM, RSA 2048).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core.letters import Letter, LetterState
from core.model import Access
from core.newsletters import Content, Entry, EntryKind, Section
from people.subscribers import Line, bring
from store import Store

LETTERS = 10_000
KILLS = 5
_HTML = """<html><head><style>p {{ color: #222 }} a {{ color: #005a9c }}</style></head>
<body><h1>La semaine</h1>{}</body></html>"""


class Recorder:
    """The receiving server's log: the Message-IDs it has taken, in order.

    While ``deadly`` is a process, it is killed once the server has a whole letter and before it
    answers: the moment at which nobody can know.
    """

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.deadly: int | None = None
        self._arrived = threading.Condition()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        message = BytesParser(policy=default).parsebytes(envelope.content, headersonly=True)
        with self._arrived:
            self.taken.append(str(message["Message-ID"]))
            if self.deadly is not None:
                os.kill(self.deadly, signal.SIGKILL)
                self.deadly = None
            self._arrived.notify_all()
        return "250 2.0.0 Ok"

    def wait_for(self, count: int, process: subprocess.Popen[bytes]) -> None:
        """Until so many letters arrived, or the process that sends them ended."""
        with self._arrived:
            while len(self.taken) < count and process.poll() is None:
                self._arrived.wait(timeout=0.2)


class Receiver(Controller):
    """An SMTP server on a free port of loopback, for the time of a ``with``."""

    def __init__(self, handler: object, **options: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]  # the library would knock at port 0
        super()._trigger_server()  # type: ignore[no-untyped-call]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out."""

    letters: int
    seconds: float  # of the runs, their starts included
    received: Counter[str] = field(repr=False)  # by Message-ID, from the server's log
    states: Mapping[LetterState, int]
    uncertain_arrived: int  # of the uncertain letters, how many the server has
    sent_missing: int  # letters held for sent that the server has not

    @property
    def twice(self) -> int:
        """How many letters arrived more than once."""
        return sum(count > 1 for count in self.received.values())

    @property
    def rate(self) -> float:
        """Letters per second."""
        return len(self.received) / self.seconds


def send_and_kill(folder: Path, *, letters: int, kills: int) -> Figures:
    """Fill an outbox in ``folder``, send it with the program, killed ``kills`` times."""
    with _opened(folder) as store, store.begin() as tx:
        tx.outbox.add_all(map(_letter, range(letters)), now=datetime.now(UTC))  # noqa: TID251
    recorder = Recorder()
    with Receiver(recorder) as server:
        sending = _Sending(recorder, ("mail", "send"), _environment(folder, server.port))
        seconds = sending.run(letters, kills)
    with _opened(folder) as store:
        return _figures(store, recorder, letters, seconds)


def send_newsletter_and_kill(folder: Path, *, subscribers: int, kills: int) -> Figures:
    """A newsletter that is due, to so many subscribers.

    The program is killed once while it fills the outbox, then ``kills - 1`` times while it sends.
    """
    with _opened(folder) as store:
        _publish(store, subscribers)
    recorder = Recorder()
    with Receiver(recorder) as server:
        environment = _environment(folder, server.port)
        sending = _Sending(recorder, ("letters", "send"), environment)
        start = time.perf_counter()
        with _opened(folder) as store:
            sending.kill_while_filling(store)
        seconds = time.perf_counter() - start + sending.run(subscribers, kills - 1)
    with _opened(folder) as store:
        return _figures(store, recorder, subscribers, seconds)


def _publish(store: Store, subscribers: int) -> None:
    """A letter of ten articles whose time has come, and those who follow it."""
    now = datetime.now(UTC)  # noqa: TID251  the program reads the machine's clock
    lines = [Line(n, f"lectrice{n}@exemple.example") for n in range(subscribers)]
    bring(store, lines, origin="Mesure", by=None, now=now - timedelta(days=1))
    text = "L’aller-vers n’est pas un dispositif de plus, c’est une manière d’attendre. " * 4
    entries = tuple(
        Entry(
            f"e{n}", EntryKind.LINK, title=f"Aller-vers, un métier ({n})", text=text,
            url=f"https://x.example/{n}", source="Carnet de rue", access=Access.FREE,
        )
        for n in range(10)
    )  # fmt: skip
    content = Content("Aller-vers : un métier", "Bonjour.", "", (Section("s", "Une", entries),))
    with store.begin() as tx:
        id = tx.newsletters.add(content, since=now, until=now, by=None, now=now)
        tx.newsletters.schedule(id, now, slug="aller-vers", over=1)


@dataclass(frozen=True, slots=True)
class _Sending:
    """The program that sends, started as often as needed."""

    recorder: Recorder
    words: tuple[str, ...]  # after « glaneuse »
    environment: Mapping[str, str]

    def run(self, letters: int, kills: int) -> float:
        """Until nothing waits, killed ``kills`` times; in how many seconds."""
        start = time.perf_counter()
        for kill in range(kills):
            self._run_until(letters * (kill + 1) // (kills + 1), kill)
        process = self._start()
        if process.wait() != 0:
            raise RuntimeError(f"the program failed: {process.returncode}")
        return time.perf_counter() - start

    def kill_while_filling(self, store: Store) -> None:
        """Kill it once it has begun to put letters into the outbox."""
        process = self._start()
        while process.poll() is None:
            with store.read() as tx:
                if any(tx.outbox.counts().values()):
                    break
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.005)
        _kill(process)

    def _start(self) -> subprocess.Popen[bytes]:
        command = (sys.executable, "-m", "glaneuse", *self.words)
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=self.environment, stdout=quiet, stderr=quiet)

    def _run_until(self, count: int, number: int) -> None:
        """Kill it after ``count`` letters: by turns anywhere, and at the worst moment."""
        process = self._start()
        self.recorder.wait_for(count, process)
        if number % 2 == 0:
            self.recorder.deadly = process.pid
            _ended(process)
            return
        with suppress(subprocess.TimeoutExpired):  # anywhere in the next letters
            process.wait(timeout=0.007 * number)
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    if process.wait() != -signal.SIGKILL:
        raise RuntimeError(f"the program ended by itself: {process.returncode}")


def _opened(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder / 'glaneuse.sqlite'}")


def _figures(store: Store, recorder: Recorder, letters: int, seconds: float) -> Figures:
    received = Counter(recorder.taken)
    with store.read() as tx:
        entries = tx.outbox.entries()
        states = tx.outbox.counts()
    by_state = {
        state: {_message_id(entry.key) for entry in entries if entry.state is state}
        for state in (LetterState.SENT, LetterState.UNCERTAIN)
    }
    return Figures(
        letters=letters,
        seconds=seconds,
        received=received,
        states=states,
        uncertain_arrived=len(by_state[LetterState.UNCERTAIN] & set(received)),
        sent_missing=len(by_state[LetterState.SENT] - set(received)),
    )


def _message_id(key: str) -> str:
    from mail.message import message_id  # noqa: PLC0415  the rest needs no sender

    return message_id(key, "glaneuse.example")


def _environment(folder: Path, port: int) -> dict[str, str]:
    key = folder / "dkim.pem"
    key.write_bytes(
        rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return dict(os.environ) | {
        "GLANEUSE_DATA_DIR": str(folder),
        "GLANEUSE_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "GLANEUSE_MAIL_FROM": "lettre@glaneuse.example",
        "GLANEUSE_MAIL_RATE": "1000",
        "GLANEUSE_PUBLIC_URL": "https://glaneuse.example",
        "GLANEUSE_DKIM_KEY_FILE": str(key),
    }


def _letter(number: int) -> Letter:
    titles = [f"Article {number}-{place} : l’aller-vers, un métier" for place in range(12)]
    return Letter(
        key=f"bench:{number}",
        recipient=f"lectrice{number}@exemple.example",
        subject=f"La semaine du travail social, n° {number}",
        text="\n\n".join(titles),
        html=_HTML.format("".join(f'<p><a href="https://x.example">{t}</a></p>' for t in titles)),
        list_id="semaine.glaneuse.example",
        unsubscribe_url=f"https://glaneuse.example/lettres/{number}",
    )


def main() -> None:
    """Run it and print the figures."""
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS
    with tempfile.TemporaryDirectory() as folder:
        if "newsletter" in sys.argv:
            figures = send_newsletter_and_kill(Path(folder), subscribers=letters, kills=KILLS)
        else:
            figures = send_and_kill(Path(folder), letters=letters, kills=KILLS)
    print(f"{letters} letters, {KILLS} kills: {figures.seconds:.0f} s, {figures.rate:.0f}/s")
    print(f"received {len(figures.received)}, more than once: {figures.twice}")
    print({state.value: count for state, count in figures.states.items()})
    print(f"uncertain that did arrive: {figures.uncertain_arrived}")
    print(f"held for sent, not received: {figures.sent_missing}")


if __name__ == "__main__":
    main()
