"""The demo collected for real, by the commands that anybody would type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.clock import now
from core.settings import Settings, read_settings
from core.weeks import paris_date
from demo.server import serve
from demo.sites import addresses_of_sources
from store import Store
from tests.parts import Parts


@dataclass(frozen=True, slots=True)
class Glaneuse:
    """The command line on a data folder."""

    data: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command, whatever its exit code."""
        return subprocess.run(
            self.command(*arguments), env=dict(self.environment), input=text, text=True,
            capture_output=True, check=False, timeout=300,
        )  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments), env=dict(self.environment), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def __call__(self, *arguments: str, text: str | None = None) -> str:
        """Run a command that must succeed; its output."""
        done = self.run(*arguments, text=text)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """The answer of a command, as data."""
        return json.loads(self(*arguments, "--json"))

    @property
    def settings(self) -> Settings:
        """What the commands are told."""
        return read_settings(self.environment, self.data)

    def store(self) -> Store:
        """The store that the commands use, to be closed after use."""
        return Store.open(self.settings.database_url, self.settings.bodies_url)

    @staticmethod
    def command(*arguments: str) -> list[str]:
        """What is run."""
        return [sys.executable, "-m", "glaneuse", *arguments]


def glaneuse_on(parts: Parts, data: Path) -> Glaneuse:
    """The command line on this folder, free to visit loopback."""
    kept = {name: value for name, value in os.environ.items() if "GLANEUSE" not in name}
    settings = {
        "GLANEUSE_DATA_DIR": str(data),
        "GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
        "GLANEUSE_CONTACT": "tests@glaneuse.example",
    }
    return Glaneuse(data, kept | settings | parts.environment(data))


@pytest.fixture(scope="session")
def sites() -> Iterator[dict[str, str]]:
    """The demo sites, served on loopback: slug → address."""
    with serve(paris_date(now())) as addresses:
        yield addresses


@pytest.fixture
def glaneuse(parts: Parts, tmp_path: Path) -> Glaneuse:
    """The command line on an empty folder."""
    return glaneuse_on(parts, tmp_path / "data")


@pytest.fixture(scope="session")
def collected(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory, sites: dict[str, str]
) -> Glaneuse:
    """The command line on a folder where the demo was collected, tagged and indexed."""
    made = glaneuse_on(parts, tmp_path_factory.mktemp("demo") / "data")
    for name, address in addresses_of_sources(sites):
        made("sources", "add", address, "--name", name)
    made("update")
    return made
