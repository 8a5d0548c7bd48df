"""The files of names, and what is said of an editor's slip in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import BadVocabulary
from core.model import EntityType
from taxonomy.lexicon import FILES, FOLDER, TERRITORIES, load_lexicon


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*(file for file, _ in FILES.values()), TERRITORIES):
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


def test_what_ships_is_whole() -> None:
    lexicon = load_lexicon()
    assert not lexicon.warnings
    numbers = {one.number for one in lexicon.territories.values() if one.number}
    metropolitan = {f"{n:02d}" for n in range(1, 96) if n != 20} | {"2A", "2B"}
    assert numbers >= metropolitan | {"971", "972", "973", "974", "976"}
    regions = [one for one in lexicon.territories.values() if not one.region]
    assert len(regions) == 13 + 10
    assert all(
        one.region in lexicon.territories for one in lexicon.territories.values() if one.region
    )


def test_a_region_holds_its_departements() -> None:
    lexicon = load_lexicon()
    assert "orne" in lexicon.within("normandie")
    assert lexicon.within("orne") == ("orne",)


def test_a_profession_leads_to_its_diploma() -> None:
    lexicon = load_lexicon()
    profession = lexicon.get(EntityType.PROFESSION, "educateur-specialise")
    assert profession is not None
    assert profession.feminine == "éducatrice spécialisée"
    assert lexicon.get(EntityType.DIPLOMA, profession.diploma) is not None
    assert lexicon.get(EntityType.DIPLOMA, "none") is None


def test_any_change_of_a_file_changes_the_version(folder: Path) -> None:
    before = load_lexicon(folder).version
    path = folder / TERRITORIES
    path.write_text(path.read_text(encoding="utf-8") + "\n# relu\n", encoding="utf-8")
    assert load_lexicon(folder).version != before


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        ("organisations.yaml", "sigle: HCTS", "sigel: HCTS", "sigel", "champ inconnu"),
        ("organisations.yaml", "- id: dgcs", "- id: hcts", "id", "déjà défini"),
        ("organisations.yaml", "ambigu: [DDD]", "ambigu: [DXD]", "ambigu", "pas un de"),
        ("professions.yaml", "diplôme: dees\n", "diplôme: bac\n", "diplôme", "diplôme inconnu"),
        (TERRITORIES, 'numéro: "61"', 'numéro: "soixante"', "numéro", "pas un numéro"),
        (TERRITORIES, "nom: Orne, article: \"l'\"", "nom: Orne, article: un", "article", "le, la"),
        (TERRITORIES, "nom: Orne, ", "", "nom", "champ absent"),
        ("diplomes.yaml", "  - id: cafdes", "\t- id: cafdes", "", ""),
    ],
)  # fmt: skip
def test_a_slip_is_named_where_it_stands(
    folder: Path, file: str, old: str, new: str, field: str, reason: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    expected = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadVocabulary) as caught:
        load_lexicon(folder)
    error = caught.value
    assert (error.file, error.field) == (file, field)
    assert abs(error.line - expected) <= 1
    assert reason in error.reason


def test_two_things_of_one_name_are_said_to_share_it(folder: Path) -> None:
    path = folder / "dispositifs.yaml"
    with path.open("a", encoding="utf-8") as file:
        file.write("\n  - id: autre\n    nom: minima sociaux\n")
    warnings = load_lexicon(folder).warnings
    assert len(warnings) == 1
    assert "autre" in warnings[0]
    assert "minima-sociaux" in warnings[0]
