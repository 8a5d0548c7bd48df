"""Keeping what was gathered: backups, another database, a new version of the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from core.clock import now
from core.errors import Conflict, GlaneuseError, StoreOutdated, StoreTooNew
from core.settings import FILE_NAME, Settings
from glaneuse import __version__
from glaneuse.commands.stages import bring_index_up_to_date
from glaneuse.display import plural, progress_bar
from glaneuse.wiring import alone_for_all, settings_from

BACKUPS = "backups"  # in the data folder: those that upgrades make
BESIDES = (FILE_NAME, "secret.key")  # files of the data folder that a backup holds too

folder_argument = click.argument(
    "folder", metavar="DOSSIER", type=click.Path(file_okay=False, path_type=Path)
)


@click.command()
@folder_argument
@click.pass_obj
def backup(data_dir: Path | None, *, folder: Path) -> None:
    """Sauvegarde la base, les réglages et la clé dans un dossier neuf.

    Tout peut continuer pendant ce temps.
    """
    rows = _back_up(settings_from(data_dir), folder)
    click.echo(f"{folder} : {plural(rows, 'article')}. Gardez-le ailleurs : il contient la clé.")


def _back_up(settings: Settings, folder: Path) -> int:
    from store.backup import back_up
    from store.database import opened

    besides = {name: settings.data_dir / name for name in BESIDES}
    try:
        with opened(settings.database_url) as engine, progress_bar("Sauvegarde") as progress:
            manifest = back_up(
                engine,
                folder,
                program=__version__,
                now=now(),
                besides={name: file for name, file in besides.items() if file.exists()},
                progress=progress,
            )
    except Conflict as error:
        raise GlaneuseError(f"{folder} n’est pas vide : donnez un dossier neuf.") from error
    return manifest.rows.get("articles", 0)


@click.command()
@folder_argument
@click.option(
    "--replace", is_flag=True, help="À la place de la base actuelle, mise de côté (SQLite)."
)
@click.pass_obj
def restore(data_dir: Path | None, *, folder: Path, replace: bool) -> None:
    """Remet une sauvegarde dans une installation vide, et refait l’index."""
    from store.backup import read_backup, set_aside
    from store.backup import restore as run
    from store.copying import NotEmpty

    manifest = read_backup(folder)
    settings = settings_from(data_dir)
    try:
        with alone_for_all(settings), progress_bar("Restauration") as progress:
            aside = set_aside(settings.database_url, now()) if replace else None
            run(folder, settings.database_url, progress=progress)
    except (Conflict, NotEmpty) as error:
        raise GlaneuseError(_full(settings, replace=replace)) from error
    for name in BESIDES:
        _put_back(folder / name, settings.data_dir / name)
    if aside:
        click.echo(f"L’ancienne base est gardée : {aside}")
    held = plural(manifest.rows.get("articles", 0), "article")
    click.echo(f"Sauvegarde du {manifest.made[:10]} remise en place : {held}")
    bring_index_up_to_date(settings_from(data_dir), rebuild=True)


def _full(settings: Settings, *, replace: bool) -> str:
    if not settings.database_url.startswith("sqlite"):
        return "La base n’est pas vide : créez-en une vide et donnez-la par DATABASE_URL."
    if replace:
        return "La base a changé entre-temps : réessayez."
    return "Cette installation n’est pas vide. Pour mettre sa base de côté : --replace"


def _put_back(saved: Path, place: Path) -> None:
    if not saved.exists():
        return
    if place.exists():
        if place.read_bytes() != saved.read_bytes():
            click.echo(f"{place.name} : celui d’ici est gardé, celui de la sauvegarde est {saved}")
        return
    shutil.copyfile(saved, place)
    place.chmod(0o600)


@click.command("migrate-database")
@click.argument("origin", metavar="DE")
@click.argument("target", metavar="VERS")
@click.pass_obj
def migrate_database(data_dir: Path | None, *, origin: str, target: str) -> None:
    """Copie une base dans une autre, vide, et compare chaque ligne.

    DE et VERS : un fichier SQLite, ou une adresse postgresql+psycopg://…
    """
    from store.copying import NotEmpty, copy_all, copy_bodies, refuse_unless_empty
    from store.database import HEAD, migrate, opened, schema_version

    old_url, new_url = _database_url(origin), _database_url(target)
    _refuse_absent(origin)
    try:
        with (
            alone_for_all(settings_from(data_dir)),
            opened(old_url) as old,
            opened(new_url) as new,
            opened(_pages_url(old_url)) as old_pages,
            opened(_pages_url(new_url)) as new_pages,
            progress_bar("Copie") as progress,
        ):
            version = schema_version(old)
            if not version:
                raise GlaneuseError(f"{origin} est une base vide : il n’y a rien à copier.")
            if version > HEAD:
                raise StoreTooNew(version, HEAD)
            if version < HEAD:
                raise StoreOutdated(origin)
            migrate(new)
            refuse_unless_empty(new)
            copied_pages = copy_bodies(old_pages, new_pages)
            copied = copy_all(old, new, progress=progress)
    except NotEmpty as error:
        raise GlaneuseError(f"{target} n’est pas vide : donnez une base vide.") from error
    click.echo(
        f"{plural(copied.total + copied_pages.total, 'ligne copiée', 'lignes copiées')} "
        "et comparées, sans différence."
    )
    click.echo(f"Ensuite : DATABASE_URL = {new_url} (réglages), puis glaneuse doctor")


def _database_url(given: str) -> str:
    return given if "://" in given else f"sqlite:///{Path(given).absolute()}"


def _refuse_absent(origin: str) -> None:
    """Opening a file of SQLite makes it: one that is not there would be an empty database."""
    file = origin.removeprefix("sqlite:///")
    if "://" not in file and not Path(file).is_file():
        raise GlaneuseError(f"{origin} : il n’y a pas de base de ce nom.")


def _pages_url(url: str) -> str:
    """Where raw pages are: beside an SQLite file, within PostgreSQL."""
    if not url.startswith("sqlite"):
        return url
    return f"sqlite:///{Path(url.removeprefix('sqlite:///')).with_name('pages.sqlite')}"


@click.command()
@click.pass_obj
def upgrade(data_dir: Path | None) -> None:
    """Met la base au niveau de ce programme, après une sauvegarde."""
    from store.backup import check_integrity
    from store.database import HEAD, migrate, opened, schema_version

    settings = settings_from(data_dir)
    with alone_for_all(settings), opened(settings.database_url) as engine:
        version = schema_version(engine)
        if version == HEAD:
            check_integrity(engine)
            click.echo(f"La base est au niveau de ce programme (schéma {HEAD}).")
            return
        if version:
            _back_up_before(settings, version)
        migrate(engine)
        check_integrity(engine)
    click.echo(f"Base mise au niveau {HEAD}, et vérifiée.")


def _back_up_before(settings: Settings, version: str) -> None:
    folder = settings.data_dir / BACKUPS / f"{now():%Y-%m-%dT%H%M%S.%f}-{version}"
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    _back_up(settings, folder)
    click.echo(f"Sauvegarde : {folder}")
    click.echo(
        "Pour revenir en arrière : la version précédente de Glaneuse, "
        f"puis glaneuse restore --replace {folder}"
    )
