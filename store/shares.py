"""Shares of a stage's work: rows by number in slices of one size, or whatever is at one host.

Two processes that take different shares never meet the same row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

SIZE: Final = 200  # rows of a slice: some seconds of work


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """The rows whose number divided by ``SIZE`` is this one."""

    number: int

    def holds(self, id: ColumnElement[int]) -> ColumnElement[bool]:
        """The condition that a row is of this slice."""
        return id.between(self.number * SIZE, self.number * SIZE + SIZE - 1)


def slices(
    connection: Connection, id: ColumnElement[int], *conditions: ColumnElement[bool]
) -> list[Slice]:
    """The slices that hold a row of these, in order."""
    number = (id // SIZE).label("number")
    query = select(number).where(*conditions).distinct().order_by(number)
    return [Slice(found) for found in connection.execute(query).scalars()]


def is_another(version: ColumnElement[str], current: str) -> ColumnElement[bool]:
    """The same as ``!=``, in two halves that an index each can find."""
    return (version < current) | (version > current)


def host_in(url: ColumnElement[Any]) -> ColumnElement[str]:
    """Host and port of an address, as ``core.urls.netloc_of`` gives them."""
    return func.lower(func.split_part(url, "/", 3))


def hosts(
    connection: Connection, url: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> set[str]:
    """Hosts and ports of the addresses of these rows."""
    query = select(host_in(url)).where(*conditions).distinct()
    return set(connection.execute(query).scalars())
