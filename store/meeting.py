"""Rows that two writers may bring at once: the first one's is kept, the other is no error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_absent(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any]
) -> None:
    """Insert those of these rows that are not there already."""
    on_postgresql = connection.dialect.name == "postgresql"
    new = (postgresql.insert if on_postgresql else sqlite.insert)(table)
    connection.execute(new.on_conflict_do_nothing(), rows)
