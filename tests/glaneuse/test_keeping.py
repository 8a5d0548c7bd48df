"""`glaneuse backup`, `restore`, `upgrade` and `migrate-database`, as typed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy
from click.testing import CliRunner, Result

from core.errors import AlreadyRunning, GlaneuseError, StoreOutdated
from core.settings import read_settings
from glaneuse.cli import cli
from glaneuse.messages import sentence
from glaneuse.wiring import alone
from store import Store
from store.database import HEAD, migrate, opened, schema_version

Run = Callable[..., Result]
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ARTICLES = [
    {"url": f"https://a.example/{n}", "title": f"Aller vers les jeunes {n}", "text": "Maraude."}
    for n in range(20)
]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Type a command on the data folder so named."""
    return lambda folder, *words, **settings: typed(tmp_path / folder, *words, **settings)


def typed(folder: Path, *words: object, **settings: str) -> Result:
    """What comes of a command on a data folder."""
    names = ("DATABASE_URL", "SECRET_KEY", "MEILISEARCH_URL")
    given: dict[str, str | None] = dict.fromkeys(names) | settings
    environment = {f"GLANEUSE_{name}": value for name, value in given.items()}
    arguments = ["--data-dir", str(folder), *map(str, words)]
    return CliRunner().invoke(cli, arguments, env=environment)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with articles, tagged and indexed, settings and a key."""
    folder = tmp_path_factory.mktemp("model")
    file = folder / "articles.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in ARTICLES))
    for words in (("init",), ("import", file), ("tag",), ("index",)):
        assert typed(folder / "first", *words).exit_code == 0
    (folder / "first" / "secret.key").write_text("k" * 40)
    return folder / "first"


@pytest.fixture
def filled(model: Path, tmp_path: Path) -> Path:
    """The same, of the test's own."""
    return Path(shutil.copytree(model, tmp_path / "first"))


def answers(run: Run, folder: str, **settings: str) -> object:
    result = run(folder, "search", "aller vers", "--limit", "50", "--json", **settings)
    return json.loads(result.stdout)


def error(result: Result) -> str:
    assert isinstance(result.exception, GlaneuseError), result.output
    line = sentence(result.exception)
    assert "\n" not in line
    return line


@pytest.mark.usefixtures("filled")
def test_a_restored_backup_finds_the_same(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    assert "20 articles" in run("first", "backup", saved).stdout
    assert run("second", "restore", saved).exit_code == 0
    assert answers(run, "second") == answers(run, "first")
    assert (tmp_path / "second" / "secret.key").read_text() == "k" * 40
    assert (tmp_path / "second" / "secret.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "second" / "glaneuse.toml").exists()
    health = {
        check["name"]: check for check in json.loads(run("second", "doctor", "--json").stdout)
    }
    assert health["Recherche"]["ok"]
    assert health["Base de données"]["seen"] == "20 articles"


def test_what_is_there_is_never_overwritten(run: Run, filled: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    run("first", "backup", saved)
    assert "dossier neuf" in error(run("first", "backup", saved))
    assert "--replace" in error(run("first", "restore", saved))
    replaced = run("first", "restore", saved, "--replace")
    assert replaced.exit_code == 0, replaced.output
    (aside,) = filled.glob("glaneuse.sqlite.*")
    assert str(aside) in replaced.stdout
    with Store.open(f"sqlite:///{aside}") as store, store.read() as tx:
        assert tx.articles.count(off_field=True) == 20


def test_no_restoring_under_a_running_collect(run: Run, filled: Path, tmp_path: Path) -> None:
    run("first", "backup", tmp_path / "saved")
    settings = read_settings({}, filled)
    with alone(settings, "collect"):
        result = run("first", "restore", tmp_path / "saved", "--replace")
    assert isinstance(result.exception, AlreadyRunning)
    assert not list(filled.glob("glaneuse.sqlite.2*"))


def test_no_backup_at_all_is_said(run: Run, tmp_path: Path) -> None:
    assert "sauvegarde" in error(run("second", "restore", tmp_path))
    assert "sauvegarde" in error(run("second", "restore", tmp_path / "nowhere"))


def earlier(folder: Path, schema: str) -> str:
    """A data folder whose database an earlier version made; its address."""
    folder.mkdir()
    url = f"sqlite:///{folder}/glaneuse.sqlite"
    with opened(url) as engine:
        migrate(engine, to=schema)
    return url


REVISIONS = [f"{number:04}" for number in range(1, int(HEAD))]


@pytest.mark.parametrize("schema", REVISIONS)
def test_each_earlier_schema_is_upgraded_after_a_backup(
    schema: str, run: Run, tmp_path: Path
) -> None:
    url = earlier(tmp_path / "old", schema)
    refused = run("old", "sources", "list")
    assert isinstance(refused.exception, StoreOutdated)
    assert "glaneuse upgrade" in error(refused)
    result = run("old", "upgrade")
    assert result.exit_code == 0, result.output
    assert run("old", "sources", "list").exit_code == 0
    (saved,) = (tmp_path / "old" / "backups").iterdir()
    assert json.loads((saved / "manifest.json").read_text())["schema"] == schema
    with opened(url) as engine:
        assert schema_version(engine) == HEAD
    assert "est au niveau" in run("old", "upgrade").stdout


def test_a_step_that_fails_changes_nothing(run: Run, tmp_path: Path) -> None:
    url = earlier(tmp_path / "old", REVISIONS[0])
    with opened(url) as engine, engine.begin() as connection:  # in the way of a later step
        connection.execute(sqlalchemy.text("CREATE TABLE subscriptions (mine INTEGER)"))
    said = error(run("old", "upgrade"))
    assert "reste au schéma 0001" in said
    assert "glaneuse restore --replace" in said
    with opened(url) as engine:
        assert schema_version(engine) == REVISIONS[0]
        assert not sqlalchemy.inspect(engine).has_table("outbox")  # of the step before
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("DROP TABLE subscriptions"))
    assert run("old", "upgrade").exit_code == 0


def test_a_half_applied_migration_is_said_and_a_backup_puts_it_right(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    """The tables of a version that it does not bear, as another program may leave them."""
    saved = tmp_path / "saved"
    run("first", "backup", saved)
    for statement in (
        f"UPDATE alembic_version SET version_num = '{REVISIONS[-1]}'",
        "DELETE FROM alembic_version",
        "DROP TABLE alembic_version",
    ):
        with opened(f"sqlite:///{filled}/glaneuse.sqlite") as engine, engine.begin() as connection:
            connection.execute(sqlalchemy.text(statement))
        assert "La mise à niveau de la base échoue" in error(run("first", "upgrade"))
        assert run("first", "restore", saved, "--replace").exit_code == 0
        assert len(json.loads(run("first", "search", "", "--json").stdout)["hits"]) == 20


def test_what_is_no_database_is_said_and_a_backup_replaces_it(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    run("first", "backup", tmp_path / "saved")
    (filled / "glaneuse.sqlite").write_bytes(b"rien d'une base" * 999)
    assert "file is not a database" in error(run("first", "tag"))
    assert run("first", "restore", tmp_path / "saved", "--replace").exit_code == 0
    assert run("first", "tag").exit_code == 0


def test_a_database_of_a_newer_program_is_refused(run: Run, filled: Path) -> None:
    with opened(f"sqlite:///{filled}/glaneuse.sqlite") as engine, engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE alembic_version SET version_num = '9999'"))
    for command in ("upgrade", "tag"):
        assert "plus récente (schéma 9999" in error(run("first", command))


def test_from_sqlite_to_postgresql_and_back(
    run: Run, filled: Path, tmp_path: Path, postgresql_url: str
) -> None:
    moved = run("first", "migrate-database", filled / "glaneuse.sqlite", postgresql_url)
    assert moved.exit_code == 0, moved.output
    assert "sans différence" in moved.stdout
    on_server = {"DATABASE_URL": postgresql_url}
    run("second", "index", "--rebuild", **on_server)
    assert answers(run, "second", **on_server) == answers(run, "first")
    back = run("first", "migrate-database", postgresql_url, tmp_path / "third" / "glaneuse.sqlite")
    assert back.exit_code == 0, back.output
    run("third", "index", "--rebuild")
    assert answers(run, "third") == answers(run, "first")
    again = run("first", "migrate-database", filled / "glaneuse.sqlite", postgresql_url)
    assert "base vide" in error(again)


def test_an_installation_on_postgresql_is_backed_up_and_restored(
    run: Run, filled: Path, tmp_path: Path, postgresql_url: str
) -> None:
    run("first", "migrate-database", filled / "glaneuse.sqlite", postgresql_url)
    on_server = {"DATABASE_URL": postgresql_url}
    assert run("first", "backup", tmp_path / "saved", **on_server).exit_code == 0
    assert "créez-en une vide" in error(run("first", "restore", tmp_path / "saved", **on_server))
    assert run("second", "restore", tmp_path / "saved").exit_code == 0
    assert answers(run, "second") == answers(run, "first")
