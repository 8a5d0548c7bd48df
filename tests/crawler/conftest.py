"""A fetcher shared by all tests (its process takes a second to start), sites, an empty store."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from core.clock import Clock, now
from core.settings import Settings
from crawler.fetching import MEGABYTE, Fetcher, Options
from store import Store
from tests.crawler.local_site import LocalSite, serving
from tests.parts import Parts

LOOPBACK = (ip_network("127.0.0.0/8"),)
OPTIONS = Options(
    user_agent="Glaneuse/0.1 (+redaction@glaneuse.example)",
    networks=LOOPBACK,
    names={
        "site.test": ("127.0.0.1",),
        "interne.test": ("10.0.0.7", "fd00::7"),
        "melange.test": ("192.168.1.1", "127.0.0.1"),
    },
    timeout=3.0,
    max_body=2 * MEGABYTE,
    max_redirects=4,
)


@pytest.fixture(scope="session")
def fetcher() -> Iterator[Fetcher]:
    """One fetching process for all."""
    with Fetcher(OPTIONS) as fetcher:
        yield fetcher


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """A site that answers 404 to everything until told otherwise."""
    with serving() as site:
        yield site


@pytest.fixture
def other_site() -> Iterator[LocalSite]:
    """Another one."""
    with serving() as site:
        yield site


@pytest.fixture
def settings(parts: Parts, tmp_path: Path) -> Settings:
    """Settings that allow loopback and read nothing back."""
    said = {
        "GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
        "GLANEUSE_BACKFILL_MONTHS": "0",  # what tests of it ask for
    }
    return parts.settings(tmp_path, said)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An empty store."""
    with Store.open(settings.database_url, settings.bodies_url) as store:
        yield store


@pytest.fixture
def clock() -> Clock:
    """The machine's."""
    return now
