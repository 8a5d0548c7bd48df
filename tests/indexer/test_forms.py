"""The table of forms, beside the index."""

from __future__ import annotations

from pathlib import Path

from indexer.forms import keyed, read_forms, write_forms
from indexer.french import French
from indexer.lexicon import Lexicon

PAIRS = [
    ("logements", "logement"),  # the stemmer does it
    ("meurt", "mourir"),
    ("sont", "etre"),  # a stop word
    ("travailleuse", "travailleur"),
    ("travailleuses", "travailleuse"),
]


def test_only_what_the_stemmer_gets_wrong_is_kept() -> None:
    forms = keyed(PAIRS)
    assert set(forms) == {"meurt", "travailleuse", "travailleuses"}
    french = French(Lexicon(forms))
    assert len(set(french.keys("mourir meurt").split())) == 1
    assert len(set(french.keys("Travailleuses travailleuse travailleurs").split())) == 1


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "new" / "forms.tsv"
    assert read_forms(file) is None
    write_forms(file, keyed(PAIRS))
    assert read_forms(file) == keyed(PAIRS)
    assert [path.name for path in file.parent.iterdir()] == ["forms.tsv"]
