"""Opening a database: connection, transactions and schema version, on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event, make_url

from core.errors import BadSettings, StoreFailed, StoreTooNew, UpgradeFailed

HEAD = "0025"  # the schema this program works with; a test holds it to the last migration
BUSY_TIMEOUT_MS = 30_000
STATISTICS_READ = 600  # seconds: SQLite reads them when a connection is opened, and then no more
UNDEFINED_TABLE = "42P01"  # of PostgreSQL, where SQLite speaks of an operational error


def open_engine(url: str) -> Engine:
    """An engine on the database at ``url``. Raises BadSettings for an address of another kind."""
    try:
        parsed = make_url(url)
    except sqlalchemy.exc.ArgumentError as error:
        raise BadSettings("DATABASE_URL", url, "sqlite:///… ou postgresql+psycopg://…") from error
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, parsed.database)
    if parsed.get_backend_name() == "postgresql":
        return sqlalchemy.create_engine(url, pool_pre_ping=True)
    raise BadSettings("DATABASE_URL", url, "sqlite:///… ou postgresql+psycopg://…")


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The same, for the time of the block. Raises BadSettings."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _open_sqlite(url: str, database: str | None) -> Engine:
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        engine = sqlalchemy.create_engine(url, pool_recycle=STATISTICS_READ)
    else:  # one connection for all, or each would see an empty database of its own
        engine = sqlalchemy.create_engine(
            url, poolclass=sqlalchemy.StaticPool, connect_args={"check_same_thread": False}
        )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.create_function("split_part", 3, _split_part, deterministic=True)
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    for pragma in (
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _split_part(text: str, separator: str, number: int) -> str:
    """The function of this name that PostgreSQL has."""
    parts = text.split(separator)
    return parts[number - 1] if number <= len(parts) else ""


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: one that upgrades half-way cannot wait (SQLITE_BUSY).
    options = connection.get_execution_options()
    writing = options.get("writing", True)
    if writing:  # FULL: what is committed outlives a power cut, not only a killed process
        level = "FULL" if options.get("durable", False) else "NORMAL"
        connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def analyse(engine: Engine) -> None:
    """Have SQLite know how large tables are, so that it plans its queries well (ANALYZE).

    A few milliseconds, however many articles there are. PostgreSQL sees to it by itself.
    """
    if engine.dialect.name == "sqlite":
        with translated(), engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
            connection.exec_driver_sql("ANALYZE")


def schema_version(engine: Engine) -> str:
    """The schema's revision, "" for an empty database. Raises StoreFailed when unreachable."""
    try:
        with engine.connect().execution_options(writing=False) as connection:
            if not sqlalchemy.inspect(connection).has_table("alembic_version"):
                return ""
            statement = sqlalchemy.text("SELECT version_num FROM alembic_version")
            return str(connection.execute(statement).scalar() or "")
    except (sqlalchemy.exc.DBAPIError, sqlite3.Error) as error:
        raise StoreFailed(str(getattr(error, "orig", error))) from error


def migrate(engine: Engine, *, to: str = HEAD) -> None:
    """Bring the schema to revision ``to``, all of the way or not at all.

    Raises StoreTooNew for one made by a newer program, UpgradeFailed when a step fails.
    """
    version = schema_version(engine)
    if version == to:
        return
    if version > to:
        raise StoreTooNew(version, to)
    from alembic import command  # noqa: PLC0415  slow to import, seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with translated(), engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    except StoreFailed as error:
        raise UpgradeFailed(version, str(error)) from error


@contextmanager
def translated() -> Iterator[None]:
    """The database's own refusals (gone, locked, full) as StoreFailed; bugs pass as they are."""
    try:
        yield
    except sqlalchemy.exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != UNDEFINED_TABLE:
            raise
        raise StoreFailed(str(error.orig)) from error
    except (
        sqlalchemy.exc.OperationalError,
        sqlalchemy.exc.InternalError,
        sqlalchemy.exc.IntegrityError,  # on PostgreSQL: another writer came first
        sqlalchemy.exc.DataError,
    ) as error:
        raise StoreFailed(str(error.orig or error)) from error
