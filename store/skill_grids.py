"""Grids of competences that this installation changed or added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from core.reading_lists import Grid, Skill, SkillId
from store.tables import skill_grids


class SkillGrids:
    """The shipped ones are a file (``curation/skills.toml``); a grid kept here stands for its."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Grid]:
        """Those kept here, by id."""
        rows = self._connection.execute(select(skill_grids).order_by(skill_grids.c.id))
        return [
            Grid(
                row.id,
                row.label,
                tuple(Skill(SkillId(id), code, label) for id, code, label in row.skills),
            )
            for row in rows
        ]

    def put(self, grid: Grid, now: datetime) -> None:
        """Keep a grid; one without competences hides the shipped one of its id."""
        self._connection.execute(delete(skill_grids).where(skill_grids.c.id == grid.id))
        skills = [[one.id, one.code, one.label] for one in grid.skills]
        row: dict[str, Any] = {"id": grid.id, "label": grid.label, "skills": skills, "changed": now}
        self._connection.execute(insert(skill_grids), row)
