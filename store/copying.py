"""A whole database copied into another, of either kind, and compared row by row.

Both sides are one transaction each: the source is seen as it was when the copy began, whatever is
written meanwhile, and the target has everything or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

import sqlalchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    event,
    func,
    select,
)

from core.errors import StoreFailed
from core.progress import Progress, silent
from store.bodies import bodies
from store.columns import Instant
from store.database import HEAD, schema_version
from store.tables import metadata

BATCH: Final = 500  # rows written at once


class NotEmpty(StoreFailed):
    """The database that was to receive a copy holds something already."""


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table of the copy has."""

    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


def copy_all(source: Engine, target: Engine, *, progress: Progress = silent) -> Copied:
    """Every row of ``source`` into ``target``, which has the same schema and holds none.

    Then each table is read again on both sides, and compared. Raises NotEmpty, and StoreFailed
    naming table and row when one could not be copied or came out otherwise.
    """
    return _copy(source, target, tables_of(source), progress)


def copy_bodies(source: Engine, target: Engine, *, progress: Progress = silent) -> Copied:
    """The raw pages alone, which on SQLite have a file of their own; a cache, so replaced.

    Raises StoreFailed as ``copy_all``.
    """
    for engine in (source, target):
        bodies.metadata.create_all(engine)
    with target.begin() as connection:
        connection.execute(bodies.delete())
    return _copy(source, target, (bodies,), progress)


def tables_of(engine: Engine) -> tuple[Table, ...]:
    """The tables of a database, those referred to first: as they are, in one of an earlier schema.

    Without the raw pages, a cache that stands in the same database on PostgreSQL.
    """
    if schema_version(engine) == HEAD:
        return tuple(metadata.sorted_tables)
    found = MetaData()
    event.listen(found, "column_reflect", _as_declared)
    others = {"alembic_version", bodies.name}
    found.reflect(engine, only=lambda name, _: name not in others)
    return tuple(found.sorted_tables)


def _as_declared(_inspector: Any, _table: Table, column: Any) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = Instant()


def refuse_unless_empty(engine: Engine) -> None:
    """Raises NotEmpty when a table has a row."""
    tables = tables_of(engine)
    with _reading(engine) as connection:
        _refuse_rows(connection, tables)


def _refuse_rows(connection: Connection, tables: tuple[Table, ...]) -> None:
    for table in tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise NotEmpty(f"the table {table.name} holds rows already")


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has, in one view of the database."""
    tables = tables_of(engine)
    with _reading(engine) as connection:
        return {table.name: _count(connection, table) for table in tables}


def _copy(source: Engine, target: Engine, tables: tuple[Table, ...], progress: Progress) -> Copied:
    with _reading(source) as old, target.begin() as new:
        _refuse_rows(new, tables)
        rows = {table.name: _count(old, table) for table in tables}
        done, total = 0, 2 * sum(rows.values())
        for step in _steps(old, new, tables):
            done += step
            progress(done, total)
    return Copied(rows)


def _steps(old: Connection, new: Connection, tables: tuple[Table, ...]) -> Iterator[int]:
    """Fill each table, then compare each; how many rows each step was."""
    for table in tables:
        yield from _fill(old, new, table)
        _raise_next_key(old, new, table)
    for table in tables:
        yield from _compare(old, new, table)


def _reading(engine: Engine) -> Connection:
    """A connection whose transaction sees one state of the database, and changes nothing."""
    options: dict[str, Any] = {"writing": False}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return engine.connect().execution_options(**options)


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _rows(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    """The rows by primary key, in the order of bytes: languages order words each in its way."""
    keys: list[Any] = list(table.primary_key)
    if connection.dialect.name == "postgresql":  # SQLite compares bytes by itself
        keys = [sqlalchemy.collate(key, "C") if _is_text(key) else key for key in keys]
    query = select(table).order_by(*keys)
    yield from connection.execute(query, execution_options={"yield_per": BATCH})


def _is_text(column: sqlalchemy.Column[Any]) -> bool:
    return isinstance(column.type, String)


def _fill(old: Connection, new: Connection, table: Table) -> Iterator[int]:
    for batch in _batches(_rows(old, table)):
        values = [dict(row._mapping) for row in batch]  # noqa: SLF001  SQLAlchemy's own name
        try:
            new.execute(table.insert(), values)
        except (sqlalchemy.exc.DataError, sqlalchemy.exc.IntegrityError, ValueError) as error:
            keys = f"{_key(table, batch[0])} … {_key(table, batch[-1])}"
            reason = getattr(error, "orig", None) or error
            raise StoreFailed(f"table {table.name}, lignes {keys} : {reason}") from error
        yield len(batch)


def _batches(rows: Iterator[Row[Any]]) -> Iterator[list[Row[Any]]]:
    batch: list[Row[Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _compare(old: Connection, new: Connection, table: Table) -> Iterator[int]:
    """Read both sides again; raises StoreFailed at the first row that differs."""
    for row, copy in zip_longest(_rows(old, table), _rows(new, table)):
        if row is None or copy is None or tuple(row) != tuple(copy):
            key = _key(table, copy if row is None else row)
            raise StoreFailed(f"table {table.name}, ligne {key} : la copie diffère")
        yield 1


def _key(table: Table, row: Row[Any]) -> str:
    return "/".join(str(row._mapping[column.name]) for column in table.primary_key)  # noqa: SLF001


# -- keys that were given once are not given again, even if their row is gone ---------------------


def _raise_next_key(old: Connection, new: Connection, table: Table) -> None:
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer) or column.foreign_keys:
        return
    last = _last_key(old, table, column.name)
    if not last:
        return
    if new.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        new.execute(select(func.setval(sequence, last)))
        return
    values = {"name": table.name, "last": last}
    found = new.execute(
        sqlalchemy.text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name"), values
    )
    if not found.rowcount:
        new.execute(sqlalchemy.text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), values)


def _last_key(connection: Connection, table: Table, column: str) -> int:
    """The highest key ever given, 0 for none."""
    if connection.dialect.name == "postgresql":
        name = connection.execute(
            select(func.pg_get_serial_sequence(table.name, column))
        ).scalar_one()
        query = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}"  # noqa: S608
        return int(connection.execute(sqlalchemy.text(query)).scalar_one())
    query = "SELECT seq FROM sqlite_sequence WHERE name = :name"
    return connection.execute(sqlalchemy.text(query), {"name": table.name}).scalar() or 0
