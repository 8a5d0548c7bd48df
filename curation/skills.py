"""Grids of competences: as shipped, with what the installation changed; written and read as lines.

Ids are made once of a grid's id and a code, so that a code or a title that is rewritten keeps the
marks that lists have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from core.reading_lists import Grid, Skill, SkillId
from core.text import one_line, slugify

_FILE: Final = Path(__file__).with_name("skills.toml")
MOST: Final = 60  # competences of a grid
LONGEST: Final = 300  # characters of a line


class BadGrid(ValueError):
    """A grid that cannot be read; ``reason`` is French, for who wrote it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@cache
def shipped() -> tuple[Grid, ...]:
    """The grids of the file."""
    held = tomllib.loads(_FILE.read_text(encoding="utf-8"))["grid"]
    return tuple(
        Grid(
            one["id"],
            one["label"],
            tuple(Skill(_id(one["id"], c), c, t) for c, t in one["skills"].items()),
        )
        for one in held
    )


def grids(kept: Iterable[Grid]) -> tuple[Grid, ...]:
    """The shipped grids, those kept by the installation in their place or after them."""
    own = {one.id: one for one in kept}
    base = [own.pop(one.id, one) for one in shipped()]
    return tuple(one for one in (*base, *own.values()) if one.skills)


def codes(all_grids: Iterable[Grid]) -> Mapping[SkillId, str]:
    """The code of each competence."""
    return {skill.id: skill.code for grid in all_grids for skill in grid.skills}


def written(grid: Grid) -> str:
    """The competences as lines to edit: « DC1 : Intervention professionnelle »."""
    lines = (f"{one.code} : {one.label}" if one.label else one.code for one in grid.skills)
    return "\n".join(lines)


def read_grid(grid: Grid, label: str, lines: str) -> Grid:
    """The grid as edited: a line a competence, « code : title ». Raises BadGrid.

    A competence keeps its id under the same code; one whose code alone was changed keeps that of
    the line it stands in the place of.
    """
    given = [one_line(line) for line in lines.splitlines() if line.strip()]
    if len(given) > MOST:
        raise BadGrid(f"Une grille a {MOST} lignes au plus.")
    pairs = [_pair(line) for line in given]
    if len({code for code, _ in pairs}) < len(pairs):
        raise BadGrid("Deux lignes ont le même code.")
    known = {one.code: one.id for one in grid.skills}
    kept = {known[code] for code, _ in pairs if code in known}
    skills = [
        Skill(_known(grid, known, kept, rank, code), code, title)
        for rank, (code, title) in enumerate(pairs)
    ]
    return Grid(grid.id, label, tuple(skills))


def _pair(line: str) -> tuple[str, str]:
    code, _, title = line.partition(":")
    if not code.strip() or len(line) > LONGEST:
        raise BadGrid(f"« {line[:60]} » : écrivez un code, deux-points, puis l’intitulé.")
    return code.strip(), title.strip()


def _known(
    grid: Grid, known: Mapping[str, SkillId], kept: set[SkillId], rank: int, code: str
) -> SkillId:
    if code in known:
        return known[code]
    if rank < len(grid.skills) and grid.skills[rank].id not in kept:
        return grid.skills[rank].id
    return _id(grid.id, code)


def _id(grid: str, code: str) -> SkillId:
    return SkillId(f"{grid}-{slugify(code)}")
