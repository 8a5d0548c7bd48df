"""A library with its front end: store, engine, application, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from core.model import ArticleId
from core.settings import Settings
from indexer.engine import SearchEngine
from indexer.stages import drain
from store import Store
from taxonomy.vocabulary import Vocabulary, load_vocabulary
from tests.parts import Parts
from tests.web.samples import NOW, Sample, fill, samples
from tests.web.serving import serving
from web.application import create_app

CI = os.environ.get("CI") == "true"
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class SetClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Library:
    """What an application is made of, filled with the samples."""

    settings: Settings
    store: Store
    engine: SearchEngine
    vocabulary: Vocabulary
    clock: SetClock
    samples: list[Sample]
    ids: list[ArticleId]

    def id(self, title: str) -> ArticleId:
        """The article whose title begins so."""
        at = next(n for n, one in enumerate(self.samples) if one.title.startswith(title))
        return self.ids[at]

    def app(self, *, engine: SearchEngine | None = None, store: Store | None = None) -> Flask:
        """An application on it."""
        return create_app(
            self.settings,
            store or self.store,
            engine or self.engine,
            self.vocabulary,
            self.clock,
        )


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The vocabulary as shipped."""
    return load_vocabulary()


def make_library(
    parts: Parts, folder: Path, vocabulary: Vocabulary, library: list[Sample]
) -> Library:
    """A library in a folder of its own."""
    settings = parts.settings(folder, {"GLANEUSE_CONTACT": "contact@glaneuse.example"})
    store = parts.store(folder)
    ids = fill(store, library)
    engine = parts.engine(settings)
    drain(store, engine)
    return Library(settings, store, engine, vocabulary, SetClock(), library, ids)


@pytest.fixture(scope="session")
def library(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary
) -> Iterator[Library]:
    """The samples, to be read only."""
    made = make_library(parts, tmp_path_factory.mktemp("library"), vocabulary, samples())
    yield made
    made.store.close()


@pytest.fixture
def own_library(parts: Parts, tmp_path: Path, vocabulary: Vocabulary) -> Iterator[Library]:
    """The samples, to be changed."""
    made = make_library(parts, tmp_path, vocabulary, samples())
    yield made
    made.store.close()


@pytest.fixture
def empty_library(parts: Parts, tmp_path: Path, vocabulary: Vocabulary) -> Iterator[Library]:
    """No article at all."""
    made = make_library(parts, tmp_path, vocabulary, [])
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def app(library: Library) -> Flask:
    """The front end of the library."""
    return library.app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Asks the front end without a network."""
    return app.test_client()


@pytest.fixture(scope="session")
def site(app: Flask) -> Iterator[str]:
    """The address of the front end as in production."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    program = os.environ.get("GLANEUSE_TEST_CHROMIUM") or shutil.which("chromium")
    if program is None:
        reason = "no Chromium: install the chromium package, or set GLANEUSE_TEST_CHROMIUM"
        if CI:
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()
