"""`glaneuse run`: the site and the schedule, stopped, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError

import pytest

from tests.crawler.local_site import LocalSite, item, serving
from tests.journey.conftest import Glaneuse
from web.server import free_port


@contextmanager
def running(glaneuse: Glaneuse, port: int) -> Iterator[subprocess.Popen[str]]:
    process = glaneuse.start("run", "--port", str(port))
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()))
    reader.start()
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reader.join()
        if process.stdout:
            process.stdout.close()
        sys.stdout.writelines(lines)  # shown by pytest when the test fails


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.2)


def answers(port: int, path: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as reply:
            return str(reply.read().decode())
    except (URLError, ConnectionError):  # not open yet
        return ""


def health(glaneuse: Glaneuse) -> dict[str, Any]:
    return {check["name"]: check for check in json.loads(glaneuse.run("doctor", "--json").stdout)}


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serving() as site:
        yield site


def test_what_a_source_publishes_is_found_and_run_stops_and_starts_again(
    glaneuse: Glaneuse, site: LocalSite
) -> None:
    page = site.page("/a", "Une équipe mobile d’aller-vers", "L’aller-vers en maraude. " * 30)
    site.feed("/feed", item(page, "Une équipe mobile d’aller-vers"))
    glaneuse("init")
    glaneuse("sources", "add", f"{site.url}/feed", "--name", "Carnet")
    port = free_port("127.0.0.1", 0)
    with running(glaneuse, port) as process:
        until(lambda: "équipe mobile" in answers(port, "/recherche?q=maraude"))
        refused = glaneuse.run("run", "--port", "0")
        assert refused.returncode == 1
        assert "tourne déjà" in refused.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert health(glaneuse)["Horaire"]["ok"]
    with running(glaneuse, port) as process:
        until(lambda: "équipe mobile" in answers(port, "/recherche?q=maraude"))
        process.send_signal(signal.SIGKILL)
        process.wait()
    with running(glaneuse, port):
        until(lambda: "équipe mobile" in answers(port, "/"))


def test_a_port_that_is_taken_is_said(glaneuse: Glaneuse, site: LocalSite) -> None:
    port = site.url.rpartition(":")[2]
    result = glaneuse.run("run", "--port", port)
    assert result.returncode == 1
    assert f"Le port {port} est pris" in result.stderr
