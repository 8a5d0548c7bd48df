"""The house holds: arrows between rooms, names of modules, light start, one schema."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.database import HEAD, migrate, open_engine
from store.tables import metadata

NOT_THE_PROGRAM = {"benchmarks", "demo", "docs", "tests"}
NAMES_THAT_SAY_NOTHING = {
    *("util", "utils", "helper", "helpers", "common", "misc", "base", "manager", "managers"),
    *("handler", "handlers", "service", "services", "lib", "stuff", "tools"),
}
HEAVY = {"spacy", "scrapy", "twisted", "trafilatura", "flask", "lxml", "feedparser", "tantivy"}


def _rooms(checkout: Path) -> set[str]:
    return {path.parent.name for path in checkout.glob("*/__init__.py")} - NOT_THE_PROGRAM


def _modules(checkout: Path) -> Iterator[Path]:
    for room in sorted(_rooms(checkout)):
        yield from (checkout / room).rglob("*.py")


def test_the_arrows_between_the_rooms_go_one_way(checkout: Path) -> None:
    ran = _run(checkout, "-c", _LINT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout


# The command itself, wherever its script was installed.
_LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename="pyproject.toml", no_cache=True))
"""


def test_every_room_is_held_by_the_contracts_and_installed(checkout: Path) -> None:
    tools = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    rooms = _rooms(checkout)
    assert {"core", "glaneuse"} < rooms
    assert set(tools["importlinter"]["root_packages"]) == rooms
    assert set(tools["setuptools"]["packages"]["find"]["include"]) == {f"{room}*" for room in rooms}


def test_no_module_has_a_name_that_says_nothing(checkout: Path) -> None:
    vague = [
        str(path.relative_to(checkout))
        for path in _modules(checkout)
        if {path.stem, path.parent.name} & NAMES_THAT_SAY_NOTHING
    ]
    assert vague == []


def test_no_code_of_the_program_reads_the_machine_s_clock_but_one_module(checkout: Path) -> None:
    clocks = [
        str(path.relative_to(checkout))
        for path in _modules(checkout)
        if any(call in path.read_text(encoding="utf-8") for call in ("time.time()", ".now(UTC)"))
    ]
    assert clocks == ["core/clock.py"]


def test_help_loads_no_heavy_library(checkout: Path) -> None:
    ran = _run(checkout, "-X", "importtime", "-m", "glaneuse", "--help")
    assert ran.returncode == 0, ran.stderr[-2000:]
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in ran.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert "click" in imported
    assert imported & HEAVY == set()


def test_the_web_front_end_never_loads_the_collector_nor_the_language_model(checkout: Path) -> None:
    ran = _run(checkout, "-c", _LOAD_WEB)
    assert ran.returncode == 0, ran.stderr[-2000:]
    loaded = set(ran.stdout.split())
    assert "flask" in loaded
    assert loaded & {"scrapy", "twisted", "trafilatura", "spacy", "spacy_lookups_data"} == set()


_LOAD_WEB = """
import importlib, pkgutil, sys
import web
for module in pkgutil.walk_packages(web.__path__, "web."):
    importlib.import_module(module.name)
print(*sys.modules)
"""


def _run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=checkout, capture_output=True, text=True, check=False
    )


# -- the schema -----------------------------------------------------------------------------------


def test_the_program_s_schema_is_the_last_migration(checkout: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(checkout / "store" / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def _differences(url: str) -> list[object]:
    engine = open_engine(url)
    migrate(engine)
    with engine.connect() as connection:
        options = {"compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    return list(found)


def test_migrations_make_the_tables_that_the_program_declares(tmp_path: Path) -> None:
    assert _differences(f"sqlite:///{tmp_path}/glaneuse.sqlite") == []


def test_migrations_make_the_declared_tables_on_postgresql(postgresql_url: str) -> None:
    assert _differences(postgresql_url) == []


def test_a_missing_column_would_be_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/glaneuse.sqlite"
    engine = open_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("ALTER TABLE articles DROP COLUMN image"))
    engine.dispose()
    assert len(_differences(url)) == 1
