"""The store: transactions over groups of tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, func, make_url, select

from core.errors import StoreOutdated
from store.accounts import Accounts
from store.appointments import Appointments
from store.articles import Articles
from store.attempts import Attempts
from store.audit import Audit
from store.backfills import Backfills
from store.bodies import Bodies
from store.changes import Changes
from store.citations import Citations
from store.corrections import Corrections
from store.database import HEAD, analyse, migrate, open_engine, schema_version, translated
from store.descriptions import Descriptions
from store.digests import Digests
from store.doubts import Doubts
from store.drafts import Drafts
from store.groups import Groups
from store.hosts import Hosts
from store.jobs import Jobs
from store.leases import Leases
from store.links import OneTimeLinks
from store.newsletters import Basket, Newsletters, Pictures
from store.outbox import Outbox
from store.pages import Pages
from store.reading_lists import ReadingLists
from store.requests import Requests
from store.revisits import Revisits
from store.said_settings import SaidSettings
from store.sessions import Sessions
from store.skill_grids import SkillGrids
from store.sources import Sources
from store.stories import Stories
from store.story_sayings import StorySayings
from store.subscriptions import Subscriptions
from store.suppressions import Suppressions
from store.vocabulary_edits import VocabularyEdits
from store.withdrawals import Withdrawals


class Transaction:
    """All or nothing: what is done through it is kept when the block ends without error."""

    def __init__(self, connection: Connection) -> None:
        self.sources = Sources(connection)
        self.pages = Pages(connection)
        self.hosts = Hosts(connection)
        self.changes = Changes(connection)
        self.corrections = Corrections(connection)
        self.groups = Groups(connection, self.changes)
        self.descriptions = Descriptions(connection, self.changes)
        self.withdrawals = Withdrawals(connection)
        self.articles = Articles(
            connection, self.changes, self.corrections, self.groups, self.withdrawals
        )
        self.stories = Stories(connection)
        self.story_sayings = StorySayings(connection, self.groups)
        self.citations = Citations(connection)
        self.doubts = Doubts(connection)
        self.revisits = Revisits(connection)
        self.vocabulary_edits = VocabularyEdits(connection, self.changes)
        self.backfills = Backfills(connection)
        self.outbox = Outbox(connection)
        self.suppressions = Suppressions(connection)
        self.leases = Leases(connection)
        self.jobs = Jobs(connection)
        self.appointments = Appointments(connection)
        self.accounts = Accounts(connection)
        self.said_settings = SaidSettings(connection)
        self.sessions = Sessions(connection)
        self.links = OneTimeLinks(connection)
        self.attempts = Attempts(connection)
        self.drafts = Drafts(connection)
        self.audit = Audit(connection)
        self.subscriptions = Subscriptions(connection)
        self.requests = Requests(connection)
        self.reading_lists = ReadingLists(connection)
        self.digests = Digests(connection)
        self.newsletters = Newsletters(connection)
        self.basket = Basket(connection)
        self.pictures = Pictures(connection)
        self.skill_grids = SkillGrids(connection)


ReadTransaction = Transaction  # the same questions; the database refuses its writes


class Store:
    """Sources, pages, articles, taggings and the change log. Close it after use."""

    def __init__(self, engine: Engine, bodies: Bodies) -> None:
        self._engine = engine
        self.bodies = bodies

    @classmethod
    def open(cls, url: str, bodies_url: str | None = None) -> Self:
        """The store at an SQLAlchemy address; an empty database is given its tables.

        ``bodies_url``: where raw pages are kept; by default in the same database.
        Raises BadSettings for an address that is none, StoreOutdated for a schema of an earlier
        version (``migrate`` changes it, which is somebody's decision), StoreFailed when it cannot
        be used.
        """
        engine = open_engine(url)
        if "" < schema_version(engine) < HEAD:
            raise StoreOutdated(url)
        migrate(engine)
        return cls(engine, Bodies(engine if bodies_url is None else open_engine(bodies_url)))

    @staticmethod
    def is_at(url: str) -> bool:
        """Whether there is something to open at an address, without making it."""
        parsed = make_url(url)
        is_file = parsed.get_backend_name() == "sqlite"
        return not is_file or Path(parsed.database or "").is_file()

    @property
    def is_current(self) -> bool:
        """Whether the schema is the one this program works with."""
        return schema_version(self._engine) == HEAD

    @contextmanager
    def begin(self, *, durable: bool = False) -> Iterator[Transaction]:
        """A writing transaction. On SQLite there is one writer at a time; keep it short.

        ``durable``: on the disk when the block ends, so that even a power cut keeps it.
        """
        engine = self._engine.execution_options(durable=durable)
        with translated(), engine.begin() as connection:
            yield Transaction(connection)

    @contextmanager
    def read(self) -> Iterator[ReadTransaction]:
        """A consistent view for reading: the same data from its first question to its last."""
        options: dict[str, Any] = {"writing": False}
        if self._engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with translated(), self._engine.connect().execution_options(**options) as connection:
            yield Transaction(connection)

    @contextmanager
    def holding(self, name: str, *, shared: bool = False) -> Iterator[bool]:
        """Whether ``name`` is ours for the time of the block: nobody else holds it.

        ``shared``: with others who share it too. On PostgreSQL, over all machines, by an advisory
        lock, which ends with its connection, so that the dead hold nothing. On SQLite always: there
        the data folder's own locks hold.
        """
        if self._engine.dialect.name != "postgresql":
            yield True
            return
        how = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
        key = func.hashtextextended(name, 0)
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with translated():
            connection = engine.connect()
        try:
            with translated():
                mine = bool(connection.execute(select(getattr(func, how)(key))).scalar())
            yield mine
        finally:
            connection.invalidate()  # closed for good: the lock goes with it
            connection.close()

    def analyse(self) -> None:
        """Have the database look at what it holds, to answer quickly; after many changes."""
        analyse(self._engine)

    def close(self) -> None:
        """Give the connections back."""
        self.bodies.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
