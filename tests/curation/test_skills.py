"""Grids of competences: two reforms side by side, edited without losing the marks of lists."""

from __future__ import annotations

import pytest

from core.reading_lists import Grid
from curation.skills import BadGrid, codes, grids, read_grid, shipped, written


def test_both_reforms_are_shipped() -> None:
    found = [[one.code for one in grid.skills] for grid in shipped()]
    assert found == [["DC1", "DC2", "DC3", "DC4"], ["Bloc 1", "Bloc 2", "Bloc 3", "Bloc 4"]]


def test_a_grid_is_read_as_it_is_written() -> None:
    for grid in shipped():
        assert read_grid(grid, grid.label, written(grid)) == grid


def test_marks_stay_when_a_title_or_a_code_is_rewritten() -> None:
    grid = shipped()[0]
    changed = read_grid(grid, "Autre", "DC1 : Titre\nDF2 : Autre\nDC3\nDC4")
    assert [one.id for one in changed.skills] == [one.id for one in grid.skills]
    assert [one.code for one in changed.skills] == ["DC1", "DF2", "DC3", "DC4"]
    fewer = read_grid(grid, "", "DC2\nDC5")
    assert [one.id for one in fewer.skills] == ["dc2018-dc2", "dc2018-dc5"]


def test_what_is_kept_stands_for_what_is_shipped() -> None:
    own = Grid("blocs2026", "Blocs", read_grid(shipped()[1], "Blocs", "Bloc 1 : Accueil").skills)
    more = read_grid(Grid("deaes", "", ()), "DEAES", "Bloc A")
    held = grids([own, more])
    assert [one.id for one in held] == ["dc2018", "blocs2026", "deaes"]
    assert codes(held)[more.skills[0].id] == "Bloc A"
    hidden = Grid("dc2018", "", ())
    assert [one.id for one in grids([hidden])] == ["blocs2026"]


@pytest.mark.parametrize("lines", ["DC1\nDC1", ": rien", "\n".join(map(str, range(100)))])
def test_a_grid_that_cannot_be_read_says_why(lines: str) -> None:
    with pytest.raises(BadGrid):
        read_grid(shipped()[0], "", lines)
