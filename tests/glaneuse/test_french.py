"""A command written wrong, a file that is not there, a server that is down: said in French."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from core.errors import GlaneuseError
from core.settings import TABLE
from glaneuse.cli import cli
from glaneuse.locale import FOLDER
from glaneuse.messages import sentence

WORDS = FOLDER / "fr" / "LC_MESSAGES" / "messages.po"
ENGLISH = ("Usage:", "Error", "Invalid", "Missing", "No such", "Try ", "Show ", "ARGS", "Commands")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "glaneuse", "--data-dir", str(folder), *words]
    return subprocess.run(command, text=True, capture_output=True, check=False)


def said(folder: Path, *words: str, **settings: str) -> str:
    """What a command says, of an error too."""
    unset = {setting.variable: None for setting in TABLE}
    environment = unset | {f"GLANEUSE_{name}": value for name, value in settings.items()}
    result = CliRunner(env=environment).invoke(cli, ["--data-dir", str(folder), *words])
    if isinstance(result.exception, GlaneuseError):
        return sentence(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("--help", "Affiche cette aide."),
        ("sarch x", "« sarch » n’est pas une commande. Vouliez-vous dire 'search' ?"),
        ("sources lits", "sources [OPTIONS] COMMANDE [ARGUMENTS]…"),
        ("collect --foo", "« --foo » n’est pas une option. Vouliez-vous dire '--now' ?"),
        ("search --limit x a", "'--limit' : « x » n’est pas un nombre."),
        ("search --limit 0 a", "'--limit' : 0 ne convient pas. Il faut : 1<=x<=1000."),
        ("search --since hier", "'--since' : « hier » n’est pas une date"),
        ("digest --format pdf", "'--format' : « pdf » ne convient pas. Il faut l’un de ceux-ci :"),
        ("users add", "Il manque 'ADRESSE'."),
        ("users add a@b.example", "Il manque l’option '--role'. À choisir :"),
        ("doctor x y", "En trop dans la commande : x y"),
        ("serve --port", "L’option --port demande une valeur."),
        ("evaluate /nowhere.jsonl", "'FICHIER' : /nowhere.jsonl : il n’y a rien de ce nom."),
        ("evaluate-search /nowhere", "'DOSSIER' : /nowhere : il n’y a rien de ce nom."),
        ("import /", "'FICHIER' : / : c’est un dossier ; il faut un fichier."),
    ],
)
def test_what_is_typed_wrong_is_said_in_french(tmp_path: Path, command: str, words: str) -> None:
    done = run(tmp_path, *command.split())
    output = done.stdout + done.stderr
    assert words in output
    assert [word for word in ENGLISH if word in output] == []
    assert done.returncode == (0 if command == "--help" else 2)
    assert not (tmp_path / "glaneuse.sqlite").exists()


def test_the_words_are_those_of_click_and_are_compiled() -> None:
    with WORDS.open(encoding="utf-8") as file:
        catalog = read_po(file, locale="fr")
    theirs = {
        _of(found[2])
        for found in extract_from_dir(Path(click.__file__).parent, [("**.py", "python")])
    }
    ours = {_of(message.id): message.string for message in catalog if message.id}
    assert ours.keys() <= theirs
    with WORDS.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    for message in compiled:
        if message.id:
            assert _of(message.string) == _of(ours.pop(_of(message.id)))
    assert ours == {}


def _of(words: object) -> object:
    """A sentence, or that for one and that for several."""
    return tuple(words) if isinstance(words, list) else words


def test_what_is_not_there_to_be_copied_or_restored_is_said(tmp_path: Path) -> None:
    absent = tmp_path / "absent.sqlite"
    copied = said(tmp_path, "migrate-database", str(absent), str(tmp_path / "new.sqlite"))
    assert copied == f"{absent} : il n’y a pas de base de ce nom."
    assert not absent.exists()
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    copied = said(tmp_path, "migrate-database", str(empty), str(tmp_path / "new.sqlite"))
    assert copied == f"{empty} est une base vide : il n’y a rien à copier."
    restored = said(tmp_path, "restore", str(tmp_path / "nowhere"))
    assert restored.endswith("nowhere : pas de sauvegarde ici (manifest.json manque)")


def test_the_doctor_tells_a_server_that_is_down_from_an_index_to_be_made(tmp_path: Path) -> None:
    assert "✗ Recherche : embedded : rien n’a encore été indexé" in said(tmp_path, "doctor")
    down = said(tmp_path, "doctor", MEILISEARCH_URL="http://127.0.0.1:9", MEILISEARCH_KEY="k" * 16)
    assert "✗ Recherche : meilisearch : rien ne répond à l’adresse de MEILISEARCH_URL" in down
    assert "voyez si Meilisearch tourne et répond à http://127.0.0.1:9" in down
    assert "--rebuild" not in down


def test_the_settings_file_is_explained_in_french(tmp_path: Path) -> None:
    said(tmp_path, "init")
    written = (tmp_path / "glaneuse.toml").read_text(encoding="utf-8")
    assert "# adresse à laquelle on lit Glaneuse\n# PUBLIC_URL" in written
    assert [line for line in written.splitlines() if line.startswith("# the ")] == []
