"""A settings file that cannot be used: one line says where, what, and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from core.errors import GlaneuseError
from core.settings import TABLE
from glaneuse.cli import cli
from glaneuse.messages import sentence


def said(folder: Path, written: str, *words: str) -> str:
    """What a command says of a folder whose settings are so written on the third line."""
    (folder / "glaneuse.toml").write_text(f"# Réglages\n\n{written}\n", encoding="utf-8")
    unset = {setting.variable: None for setting in TABLE}
    result = CliRunner(env=unset).invoke(cli, ["--data-dir", str(folder), *words])
    if isinstance(result.exception, GlaneuseError):
        return sentence(result.exception)
    return result.output


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('contakt = "x"', "CONTAKT n’est pas un réglage. Vouliez-vous dire CONTACT ?"),
        ("[zzz]\na = 1", "ZZZ n’est pas un réglage. Ceux qui existent : DATA_DIR, DATABASE_URL"),
        (
            "extract_length = 900",
            "réglage EXTRACT_LENGTH : « 900 » ne convient pas. Il faut : ",
        ),
        ("mail_rate = 0", "réglage MAIL_RATE : « 0 » ne convient pas. Il faut : un nombre au-dess"),
        (
            "contact = true",
            "réglage CONTACT : « True » ne convient pas. Il faut : un texte",
        ),
        ("contact = moi@a.fr", "ce n’est pas du TOML ; un texte s’écrit entre guillemets"),
    ],
)
def test_a_mistake_is_shown_with_its_file_and_line(
    tmp_path: Path, written: str, words: str
) -> None:
    line = said(tmp_path, written, "sources", "list")
    assert line.startswith(f"{tmp_path / 'glaneuse.toml'}, ligne 3 : {words}")
    assert "\n" not in line
    assert not (tmp_path / "glaneuse.sqlite").exists()


def test_a_name_written_twice_is_shown_on_the_second_line(tmp_path: Path) -> None:
    line = said(tmp_path, 'contact = "a"\ncontact = "b"', "sources", "list")
    assert "ligne 4 : ce nom y est déjà écrit plus haut" in line


def test_a_number_may_have_a_point(tmp_path: Path) -> None:
    assert "Aucune source" in said(tmp_path, "mail_rate = 2.5", "sources", "list")


def test_a_database_of_no_known_kind_is_said(tmp_path: Path) -> None:
    for address in ("mysql://a/b", "nimporte"):
        line = said(tmp_path, f'database_url = "{address}"', "sources", "list")
        assert line.endswith("Il faut : sqlite:///… ou postgresql+psycopg://….")


def test_a_database_that_does_not_answer_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    address = "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"
    line = said(tmp_path, f'database_url = "{address}"', "sources", "list")
    assert line.startswith("La base de données ne peut être utilisée : connection failed")
    assert "Vérifiez DATABASE_URL" in line
    assert "\n" not in line


def test_a_file_of_pages_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "pages.sqlite").mkdir()
    assert "unable to open database file" in said(tmp_path, "", "sources", "list")
    assert "✗ Base de données : La base de données ne peut être" in said(tmp_path, "", "doctor")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('secret_key = "court"', "✗ Secret : Réglage SECRET_KEY : « … » ne convient pas. Il faut"),
        ('territory = "ornne"', "TERRITORY « ornne » inconnu\n    → vouliez-vous dire orne ?"),
        ('smtp_url = "ftp://x"', "✗ Courrier : Réglage SMTP_URL : « ftp://x » ne convient pas"),
    ],
)
def test_the_doctor_shows_what_only_its_user_can_judge(
    tmp_path: Path, written: str, words: str
) -> None:
    assert words in said(tmp_path, written, "doctor")
