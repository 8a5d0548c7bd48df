"""What an edit would change, asked of a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.model import ThemeId
from core.vocabulary_edits import Edit, EditKind
from taxonomy.model import load_model, to_bytes
from taxonomy.trial import Item, as_request, compare, read_answer

LOGEMENT = ThemeId("logement")
TERMS = ("verger suspendu", "soupente du quai", "berge à tous", "grange ouverte", "lavoir commun")
TEXT = f"{'. '.join(TERMS)}. ".capitalize() * 4 + "Le travail social y accompagne chacun."


def test_texts_that_change_are_told_and_the_others_are_not(checkout: Path) -> None:
    edits = [Edit(EditKind.TERM, LOGEMENT, text, {"strength": "forts"}) for text in TERMS]
    items = [Item(1, "Un verger suspendu", TEXT), Item(2, "🙂", "")]
    for before, after in (([], edits), (edits, [])):
        ran = subprocess.run(
            [sys.executable, "-m", "taxonomy.trial"], input=as_request(before, after, items),
            capture_output=True, text=True, cwd=checkout, check=True, timeout=120,
        )  # fmt: skip
        (found,) = read_answer(ran.stdout)
        assert found.id == 1
        assert LOGEMENT in (found.gained if after else found.lost)


def test_a_trial_judges_by_what_was_learnt_here(tmp_path: Path) -> None:
    """By a model that gives nothing, nothing is gained."""
    shipped = load_model()
    silent = np.zeros_like(shipped.shared)
    silent[-1] = -30
    path = tmp_path / "model.npz"
    path.write_bytes(to_bytes(replace(shipped, shared=silent)))
    edits = [Edit(EditKind.TERM, LOGEMENT, text, {"strength": "forts"}) for text in TERMS]
    items = [Item(1, "Un verger suspendu", TEXT)]
    assert compare([], edits, items)
    assert compare([], edits, items, str(path)) == []
