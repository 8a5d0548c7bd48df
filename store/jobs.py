"""When each job of the schedule last ran, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from store.tables import jobs

INTERRUPTED = (130, -2)  # exit codes of a command that was asked to end, early on or later


@dataclass(frozen=True, slots=True)
class JobRun:
    """The last run of a job. ``ended`` is None while it lasts, or when it was cut."""

    name: str
    started: datetime
    ended: datetime | None
    code: int | None  # exit code of its command
    said: str  # its last line

    @property
    def failed(self) -> bool:
        """Whether it ended badly; being interrupted, it will do the rest next time."""
        return self.code not in {None, 0, *INTERRUPTED}


class Jobs:
    """One row a job."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, JobRun]:
        """The last run of each job that ever ran, by name."""
        rows = self._connection.execute(select(jobs).order_by(jobs.c.name))
        return {row.name: JobRun(*row) for row in rows}

    def start(self, name: str, *, now: datetime) -> None:
        """It begins."""
        self._connection.execute(delete(jobs).where(jobs.c.name == name))
        self._connection.execute(insert(jobs), {"name": name, "started": now, "said": ""})

    def end(self, name: str, *, now: datetime, code: int, said: str) -> None:
        """It ended."""
        values = {"ended": now, "code": code, "said": said}
        self._connection.execute(update(jobs).where(jobs.c.name == name).values(values))
