"""What an edit would change, asked of a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core.model import ThemeId
from core.vocabulary_edits import Edit, EditKind
from taxonomy.trial import Item, as_request, read_answer

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
