"""A real Meilisearch server for the tests: on loopback, in its own folder, ended by its pid."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

NOBODY = 65534
PATIENCE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and its master key."""

    url: str
    key: str
    pid: int


def program(checkout: Path) -> Path | None:
    """The server's program: what GLANEUSE_TEST_MEILISEARCH says, .tools/, then the PATH."""
    named = os.environ.get("GLANEUSE_TEST_MEILISEARCH")
    if named:
        return Path(named)
    shipped = checkout / ".tools" / "meilisearch"
    found = shipped if shipped.exists() else shutil.which("meilisearch")
    return Path(found) if found else None


@contextmanager
def running(server: Path, folder: Path) -> Iterator[Server]:
    """The server, answering; as an ordinary user when the tests are run by root."""
    key = "a-master-key-for-tests-only"
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    user = _ordinary_user(server, folder)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(str(server), "--no-analytics", "--http-addr", f"127.0.0.1:{port}"),
                *("--db-path", str(folder / "db"), "--dump-dir", str(folder / "dumps")),
                *("--snapshot-dir", str(folder / "snapshots"), "--master-key", key),
                *("--max-indexing-threads", "2"),
            ],
            cwd=folder,
            stdout=log,
            stderr=log,
            user=user,
            env=os.environ | {"TMPDIR": str(folder)},  # where that user may write
        )
    try:
        _wait_until_healthy(url, process, folder / "log")
        yield Server(url, key, process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _ordinary_user(server: Path, folder: Path) -> int | None:
    """Nobody, when we are root and nobody may run the program from where it is."""
    if os.geteuid() != 0:
        return None
    os.chown(folder, NOBODY, NOBODY)
    reach = ["test", "-x", str(server), "-a", "-w", str(folder)]
    can = subprocess.run(reach, user=NOBODY, check=False, cwd="/").returncode == 0
    return NOBODY if can else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = monotonic() + PATIENCE
    while monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=1):
                return
        except (URLError, OSError):
            sleep(0.05)  # the condition is the server's answer
    process.kill()
    process.wait()
    raise AssertionError(f"Meilisearch does not start: {log.read_text(errors='replace')[-2000:]}")
