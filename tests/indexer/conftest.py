"""The engines under test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.meilisearch_server import Server, program, running


@pytest.fixture(scope="session")
def meilisearch_server(checkout: Path) -> Iterator[Server]:
    """A running server; without the program: skipped on a person's machine, a failure in CI."""
    server = program(checkout)
    if server is None:
        reason = "no Meilisearch in .tools/, on the PATH or in GLANEUSE_TEST_MEILISEARCH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with (
        tempfile.TemporaryDirectory(prefix="glaneuse-meilisearch-") as folder,
        running(server, Path(folder)) as up,
    ):
        yield up
