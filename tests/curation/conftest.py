"""A store on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/glaneuse.sqlite"
    else:
        url = request.getfixturevalue("postgresql_url")
    with Store.open(url) as store:
        yield store
