"""Backups: the database as one SQLite file, whatever it lives in, with what it takes to check it.

A backup is a folder made beside, then given its name: one that was cut has no name. Raw pages stay
out of it, being kept for a month only and always to be had again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, delete, select, update

from core.errors import Conflict, StoreFailed, Unreadable
from core.progress import Progress, silent
from store.copying import copy_all, counts, refuse_unless_empty
from store.database import HEAD, migrate, opened, schema_version
from store.pages import PageState
from store.tables import pages, sources

DATABASE: Final = "glaneuse.sqlite"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    program: str  # version of Glaneuse
    schema: str
    made: str  # instant, ISO 8601
    rows: Mapping[str, int]  # by table
    files: Mapping[str, str]  # SHA-256 by name


def back_up(
    engine: Engine,
    folder: Path,
    *,
    program: str,
    now: datetime,
    besides: Mapping[str, Path],
    progress: Progress = silent,
) -> Manifest:
    """The database, and the files ``besides`` by their names there, in a new folder.

    It shows one moment, whatever is written meanwhile. Raises Conflict when the folder holds
    something, StoreFailed when the database cannot be read or the disk is full.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(str(folder))
    unnamed = folder.with_name(f"{folder.name}.incomplete")
    shutil.rmtree(unnamed, ignore_errors=True)
    unnamed.mkdir(mode=0o700, parents=True)
    try:
        _write_database(engine, unnamed / DATABASE, progress)
        for name, file in besides.items():
            shutil.copyfile(file, unnamed / name)
        manifest = _describe(unnamed, program, now)
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
        (unnamed / MANIFEST).write_text(text + "\n", encoding="utf-8")
        for file in unnamed.iterdir():
            _keep(file)
        unnamed.replace(folder)
    except OSError as error:
        raise StoreFailed(f"la sauvegarde ne peut être écrite ({error})") from error
    finally:
        shutil.rmtree(unnamed, ignore_errors=True)
    return manifest


def read_backup(folder: Path) -> Manifest:
    """What a backup says of itself, each of its files checked. Raises Unreadable."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        wrong = [name for name, sum in manifest.files.items() if not _is_there(folder, name, sum)]
    except FileNotFoundError as error:
        raise Unreadable(str(folder), f"pas de sauvegarde ici ({MANIFEST} manque)") from error
    except (OSError, ValueError, TypeError) as error:
        raise Unreadable(str(folder), f"ce n’est pas une sauvegarde entière ({error})") from error
    if wrong:
        raise Unreadable(str(folder), f"fichier abîmé : {', '.join(wrong)}")
    if manifest.schema > HEAD:
        raise Unreadable(
            str(folder), f"faite par une version plus récente de Glaneuse ({manifest.program})"
        )
    return manifest


def restore(folder: Path, url: str, *, progress: Progress = silent) -> Manifest:
    """Fill the empty database at ``url`` with a backup, brought to today's schema.

    Pages that waited to be read are forgotten, their bodies being elsewhere, and their sources will
    be asked again for all that they announce. Raises Unreadable for a backup that is not whole,
    NotEmpty when the database holds something, StoreFailed.
    """
    manifest = read_backup(folder)
    with opened(url) as engine:
        refuse_unless_empty(engine)
        if engine.dialect.name == "sqlite":
            _place(folder / DATABASE, engine)
            migrate(engine)
        else:
            _copy_in(folder / DATABASE, engine, progress)
        _visit_again(engine)
    return manifest


def set_aside(url: str, now: datetime) -> Path | None:
    """Give the SQLite file at ``url`` another name, what its log still holds included.

    The new name; None when there was no file. Raises Conflict for a database on a server, which is
    not ours to put away.
    """
    with opened(url) as engine:
        if engine.dialect.name != "sqlite":
            raise Conflict(engine.url.render_as_string())
        file = Path(engine.url.database or "")
        if not file.exists():
            return None
        with suppress(StoreFailed):  # damaged, or no database: put aside as it is, log and all
            _end_journal(engine)
    aside = file.with_name(f"{file.name}.{now:%Y-%m-%dT%H%M%S.%f}")
    file.replace(aside)
    for beside in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + beside).replace(aside.with_name(aside.name + beside))
    return aside


def check_integrity(engine: Engine) -> None:
    """Raises StoreFailed when a file of SQLite is damaged or refers to what is not there."""
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL holds its own promises
    with engine.connect().execution_options(writing=False) as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        if said != "ok":
            raise StoreFailed(f"la base est abîmée ({said})")
        missing = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if missing is not None:
            raise StoreFailed(f"la table {missing[0]} renvoie à une ligne qui n’y est pas")


def _write_database(engine: Engine, file: Path, progress: Progress) -> None:
    if engine.dialect.name == "sqlite":  # a reader like any other: collecting goes on meanwhile
        _without_transaction(engine, "VACUUM INTO ?", str(file))
        return
    with opened(f"sqlite:///{file}") as copy:
        migrate(copy, to=schema_version(engine))
        copy_all(engine, copy, progress=progress)
        _end_journal(copy)


def _end_journal(engine: Engine) -> None:
    """All in one file: what stands in the write-ahead log goes where it belongs."""
    engine.dispose()
    _without_transaction(engine, "PRAGMA journal_mode = DELETE")


def _without_transaction(engine: Engine, statement: str, *values: str) -> None:
    """What SQLite does in none, where our engines always begin one. Raises StoreFailed."""
    try:
        with closing(sqlite3.connect(engine.url.database or "")) as connection:
            connection.execute(statement, values)
    except sqlite3.Error as error:
        raise StoreFailed(f"{statement}: {error}") from error


def _describe(folder: Path, program: str, now: datetime) -> Manifest:
    with opened(f"sqlite:///{folder / DATABASE}") as copy:
        check_integrity(copy)
        schema, rows = schema_version(copy), counts(copy)
        _end_journal(copy)
    files = {file.name: _sum(file) for file in sorted(folder.iterdir())}
    return Manifest(program, schema, now.isoformat(), rows, files)


def _is_there(folder: Path, name: str, sum: str) -> bool:
    """Whether a file of the folder itself, not one that a name or a link leads to, is whole."""
    file = folder / name
    return name == file.name and not file.is_symlink() and _sum(file) == sum


def _sum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _keep(file: Path) -> None:
    """For the owner alone, and on the disk before the folder has its name."""
    file.chmod(0o600)
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _place(file: Path, engine: Engine) -> None:
    """The file as the database, in one step. Only an empty database was there."""
    database = Path(engine.url.database or "")
    engine.dispose()
    unnamed = database.with_name(f"{database.name}.incomplete")
    try:
        shutil.copyfile(file, unnamed)
        _keep(unnamed)
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        unnamed.replace(database)
    except OSError as error:
        raise StoreFailed(f"la sauvegarde ne peut être mise en place ({error})") from error
    finally:
        unnamed.unlink(missing_ok=True)


def _copy_in(file: Path, engine: Engine, progress: Progress) -> None:
    """Into PostgreSQL, by way of a copy that may be brought to today's schema."""
    migrate(engine)
    with tempfile.TemporaryDirectory(prefix="glaneuse-") as folder:
        copy = Path(folder) / DATABASE
        shutil.copyfile(file, copy)
        with opened(f"sqlite:///{copy}") as held:
            migrate(held)
            copy_all(held, engine, progress=progress)


def _visit_again(engine: Engine) -> None:
    with engine.begin() as connection:
        without_body = (pages.c.state == PageState.WAITING) & (pages.c.body != "")
        lost = select(pages.c.source_id).where(without_body)
        afresh = {"etag": "", "last_modified": "", "next_visit": None}
        connection.execute(update(sources).where(sources.c.id.in_(lost)).values(afresh))
        connection.execute(delete(pages).where(without_body))
