from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import BadVocabulary
from core.model import ThemeId
from taxonomy.vocabulary import FOLDER, Strength, Vocabulary, load_vocabulary

THEMES = """\
familles:
  - id: enfance
    libellé: Enfance
thèmes:
  - id: accueil
    libellé: Accueil
    famille: enfance
    forts:
      - enfant … confié
      - famille d'accueil
    faux amis:
      - famille d'accueil pour chiens
    voir aussi: [droits]
  - id: droits
    libellé: Droits
    famille: enfance
    moyens:
      - guichet
"""
ACRONYMS = """\
sigles:
  - sigle: ASE
    sens: aide sociale à l'enfance
    thèmes: [accueil]
  - sigle: TSA
    sens: premier sens
    thèmes: [accueil]
  - sigle: TSA
    sens: second sens
    thèmes: [droits]
    force: faible
"""


def folder(path: Path, themes: str = THEMES, acronyms: str = ACRONYMS) -> Path:
    (path / "themes.yaml").write_text(themes, encoding="utf-8")
    (path / "acronyms.yaml").write_text(acronyms, encoding="utf-8")
    return path


def test_the_shipped_vocabulary_holds_34_themes_in_6_families(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.themes) == 36
    assert len(vocabulary.families) == 6
    assert {theme.family for theme in vocabulary.themes.values()} == {
        family.id for family in vocabulary.families
    }


def test_every_shipped_theme_has_a_note_and_strong_terms(vocabulary: Vocabulary) -> None:
    strong = {term.theme for term in vocabulary.terms if term.strength is Strength.STRONG}
    assert all(theme.note and theme.id in strong for theme in vocabulary.themes.values())


def test_a_vocabulary_is_read_from_any_folder(tmp_path: Path) -> None:
    read = load_vocabulary(folder(tmp_path))
    assert list(read.themes) == ["accueil", "droits"]
    assert read.related[ThemeId("accueil")] == ("droits",)
    assert [a.ambiguous for a in read.acronyms] == [False, True, True]


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    first = load_vocabulary(folder(tmp_path)).version
    assert load_vocabulary(folder(tmp_path)).version == first
    second = load_vocabulary(folder(tmp_path, THEMES + "      - accès aux droits\n")).version
    third = load_vocabulary(folder(tmp_path, acronyms=ACRONYMS + "    ambigu: oui\n")).version
    assert len({first, second, third}) == 3


def test_two_themes_that_share_a_strong_term_are_both_named(tmp_path: Path) -> None:
    shared = THEMES + "    forts:\n      - famille d'accueil\n"
    (warning,) = load_vocabulary(folder(tmp_path, shared)).warnings
    assert "famille d'accueil" in warning
    assert "accueil" in warning
    assert "droits" in warning


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (("    libellé: Droits\n", "\tlibellé: Droits\n"), 15, ""),
        (("    libellé: Droits\n", ""), 14, "libellé"),
        (("    libellé: Droits\n", "    libellé: ''\n"), 15, "libellé"),
        (("    libellé: Droits\n", "    libelle: Droits\n"), 15, "libelle"),
        (("    libellé: Droits\n", "    libellé: Droits\n    libellé: Deux\n"), 16, "libellé"),
        (("id: droits", "id: accueil"), 14, "id"),
        (("id: droits", "id: Les droits"), 14, "id"),
        (("voir aussi: [droits]", "voir aussi: [absent]"), 13, "voir aussi"),
        (("    famille: enfance\n    moyens", "    famille: autre\n    moyens"), 16, "famille"),
        (("      - guichet\n", "      - '!'\n"), 18, "moyens"),
        (("      - guichet\n", "      - le\n"), 18, "moyens"),
        (("      - guichet\n", "      - a … b … c\n"), 18, "moyens"),
        (("      - guichet\n", "      guichet\n"), 18, "moyens"),
        (("      - guichet\n", "      - [guichet]\n"), 18, "moyens"),
    ],
)
def test_an_editors_slip_is_named_with_its_line_and_field(
    tmp_path: Path, change: tuple[str, str], line: int, field: str
) -> None:
    assert change[0] in THEMES
    with pytest.raises(BadVocabulary) as caught:
        load_vocabulary(folder(tmp_path, THEMES.replace(*change)))
    assert (caught.value.file, caught.value.line, caught.value.field) == (
        "themes.yaml",
        line,
        field,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("    sens: premier sens\n", ""), "sens"),
        (("force: faible", "force: énorme"), "force"),
        (("thèmes: [droits]", "thèmes: [rien]"), "thèmes"),
        (("force: faible", "ambigu: peut-être"), "ambigu"),
    ],
)
def test_a_slip_in_the_acronyms_is_named_too(
    tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    with pytest.raises(BadVocabulary) as caught:
        load_vocabulary(folder(tmp_path, acronyms=ACRONYMS.replace(*change)))
    assert (caught.value.file, caught.value.field) == ("acronyms.yaml", field)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"- un\n- deux\n", b"{", b"familles: 3"])
def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path, content: bytes) -> None:
    (folder(tmp_path) / "themes.yaml").write_bytes(content)
    with pytest.raises(BadVocabulary):
        load_vocabulary(tmp_path)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadVocabulary) as caught:
        load_vocabulary(tmp_path)
    assert caught.value.line == 0


def test_reading_the_vocabulary_does_not_load_spacy() -> None:
    code = (
        "import sys, taxonomy.vocabulary as v; v.load_vocabulary(); print('spacy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parent
    )
    assert done.stdout.strip() == "False"


def test_the_shipped_files_hold_no_tabulation_and_explain_themselves() -> None:
    for name in ("themes.yaml", "acronyms.yaml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert "\t" not in text
        assert re.match(r"# Les \w+", text)
