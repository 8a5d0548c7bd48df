"""Where the tests' stores and engines are: files of SQLite and Tantivy, or two real servers.

`pytest --parts=served` (`make test-served`) has every test that does not say which ones it means
use PostgreSQL and Meilisearch; this is the only place that knows.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import meilisearch
import sqlalchemy

from core.settings import Settings, read_settings
from indexer.embedded import EmbeddedEngine
from indexer.engine import SearchEngine
from indexer.french import French
from indexer.meili import MeiliEngine
from store import Store
from store.database import migrate, opened
from tests.meilisearch_server import Server

TEMPLATE = "glaneuse_template"


class Databases:
    """Copies of an empty store on a PostgreSQL server: making its tables once is enough."""

    def __init__(self, server: str) -> None:
        self._url = sqlalchemy.make_url(server).set(drivername="postgresql+psycopg")
        self._admin = sqlalchemy.create_engine(self._url, isolation_level="AUTOCOMMIT")
        for promise in ("fsync", "full_page_writes", "synchronous_commit"):
            self._say(f"ALTER SYSTEM SET {promise} = off")  # nobody pulls the plug of a test
        self._say("SELECT pg_reload_conf()")
        self._say(f"CREATE DATABASE {TEMPLATE}")
        with opened(self.url(TEMPLATE)) as engine:
            migrate(engine)

    def url(self, name: str) -> str:
        """The address of a database."""
        return self._url.set(database=name).render_as_string(hide_password=False)

    def make(self, name: str, *, template: str = TEMPLATE) -> str:
        """A new one; its address. ``template``: what it is a copy of."""
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """It goes, whoever is still connected."""
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(sqlalchemy.text(statement))

    def close(self) -> None:
        """Let the server go."""
        self._admin.dispose()


@dataclass(slots=True)
class Parts:
    """The store and the engine of a data folder: the same ones each time it is named.

    ``template``: the file of an empty store. ``databases``, ``meilisearch``: None for the parts
    that need no server.
    """

    template: Path
    databases: Databases | None = None
    meilisearch: Server | None = None
    _made: dict[Path, str] = field(default_factory=dict)  # data folder → database on the server

    @property
    def served(self) -> bool:
        """Whether they are PostgreSQL and Meilisearch."""
        return self.databases is not None

    def environment(self, folder: Path) -> dict[str, str]:
        """What a program working on this data folder must be told."""
        if self.databases is None or self.meilisearch is None:
            return {}
        return {
            "GLANEUSE_DATABASE_URL": self.database(folder),
            "GLANEUSE_MEILISEARCH_URL": self.meilisearch.url,
            "GLANEUSE_MEILISEARCH_KEY": self.meilisearch.key,
            "GLANEUSE_MEILISEARCH_INDEX": _name(folder),
        }

    def settings(self, folder: Path, said: Mapping[str, str] | None = None) -> Settings:
        """The settings of such a program, with those that are ``said``; its database is there."""
        self.database(folder)
        return read_settings(self.environment(folder) | dict(said or {}), folder)

    def database(self, folder: Path) -> str:
        """The address of this folder's database, with its tables; empty the first time."""
        if self.databases is None:
            return self.file(folder)
        if folder not in self._made:
            self.databases.make(_name(folder))
            self._made[folder] = _name(folder)
        return self.databases.url(self._made[folder])

    def file(self, folder: Path) -> str:
        """The same, of a file of this folder whichever the parts are."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "glaneuse.sqlite"
        if not file.exists():
            shutil.copyfile(self.template, file)
        return f"sqlite:///{file.absolute()}"

    def store(self, folder: Path) -> Store:
        """The store of this folder, to be closed after use; raw pages are kept in it."""
        return Store.open(self.database(folder))

    @staticmethod
    def engine(settings: Settings, french: French | None = None) -> SearchEngine:
        """The engine of these settings."""
        if not settings.meilisearch_url:
            return EmbeddedEngine(settings.index_dir, french)
        return MeiliEngine(
            settings.meilisearch_url, settings.meilisearch_key, settings.meilisearch_index,
            timeout=30, french=french,
        )  # fmt: skip

    def forget(self, folder: Path) -> None:
        """What the servers hold for data folders in this folder is no longer needed."""
        if self.databases is None or self.meilisearch is None:
            return
        for one in [one for one in self._made if one.is_relative_to(folder)]:
            name = self._made.pop(one)
            self.databases.drop(name)
            client = meilisearch.Client(self.meilisearch.url, self.meilisearch.key)
            for index in (name, f"{name}-words"):
                client.index(index).delete()  # nobody waits for it, nor minds when it never was


def _name(folder: Path) -> str:
    return "glaneuse_" + sha256(str(folder).encode()).hexdigest()[:20]
