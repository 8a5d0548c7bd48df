"""The short form of `make soak`: three faults, then the invariants."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import meilisearch_server
from tests.soak.soak import soak

FEW = ("worker-1 killed", "PostgreSQL killed", "connections to meilisearch cut")


def test_nothing_is_lost(tmp_path: Path, checkout: Path) -> None:
    server = meilisearch_server.program(checkout)
    if server is None:
        assert os.environ.get("CI") != "true", "no meilisearch"
        pytest.skip("no meilisearch: see CONTRIBUTING.md")
    assert soak(tmp_path, server, 1, only=FEW) == 0
