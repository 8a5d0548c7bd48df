"""The tables beside the index."""

from __future__ import annotations

from pathlib import Path

from indexer.forms import Tables, keyed
from indexer.french import French
from indexer.lexicon import Lexicon

PAIRS = {
    "logements": "logement",  # the stemmer does it
    "meurt": "mourir",
    "sont": "etre",  # a stop word
    "travailleuse": "travailleur",
    "travailleuses": "travailleuse",
}


def test_only_what_the_stemmer_gets_wrong_is_kept() -> None:
    forms = keyed(PAIRS)
    assert set(forms) == {"meurt", "travailleuse", "travailleuses"}
    french = French(Lexicon(forms))
    assert len(set(french.keys("mourir meurt").split())) == 1
    assert len(set(french.keys("Travailleuses travailleuse travailleurs").split())) == 1


def test_tables_are_read_as_they_were_made(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "french", "1")
    assert not tables.are_made
    tables.make(PAIRS.items())
    again = Tables(tmp_path / "french", "1")
    assert again.are_made
    assert again.forms == keyed(PAIRS)
    assert again.has_word("mourir")
    assert again.has_word("logements")
    assert not again.has_word("logem")
    assert not Tables(tmp_path / "french", "2").are_made
