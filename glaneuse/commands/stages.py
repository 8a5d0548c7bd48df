"""The stages: collecting, reading again, grouping, tagging, stories, indexing, all in a row."""

from __future__ import annotations

import sys
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

import click

from core.clock import now
from core.errors import IndexOutdated
from core.model import Report
from core.settings import Settings
from glaneuse.commands.asking import close_weeks
from glaneuse.commands.options import Day, source_option
from glaneuse.display import plural, progress_bar, show_failures
from glaneuse.wiring import (
    alone,
    as_said,
    open_describer,
    open_engine,
    open_rarity,
    open_store,
    open_tagger,
    settings_from,
    vocabulary_here,
    vocabulary_of,
)

now_option = click.option("--now", "all_now", is_flag=True, help="Toutes les sources, dues ou non.")


@click.command()
@source_option
@now_option
@click.option(
    "--since",
    type=Day(),
    help="Remonter jusqu’à cette date, quelques pages à chaque collecte.",
)
@click.pass_obj
def collect(
    data_dir: Path | None, *, slug: str | None, all_now: bool, since: datetime | None
) -> None:
    """Visite les sources dues, garde les pages nouvelles, en lit les articles."""
    _collect(settings_from(data_dir), slug, all_now=all_now, since=since)


def _collect(
    settings: Settings,
    slug: str | None = None,
    *,
    all_now: bool = False,
    since: datetime | None = None,
) -> None:
    from crawler.stages import collect as run

    with (
        alone(settings, "collect"),
        open_store(settings) as store,
        progress_bar("Visites") as visits,
        progress_bar("Lecture") as reading,
    ):
        report = run(
            store,
            as_said(settings, store),
            now,
            only=slug,
            all_now=all_now,
            since=since,
            progress=visits,
            reading=reading,
        )
    show_failures(report)
    visited = report.details.get("sources", 0)
    click.echo(f"{plural(visited, 'source visitée', 'sources visitées')}, {_articles(report)}")


@click.command()
@source_option
@click.option(
    "--list", "listed", is_flag=True, help="Montrer plutôt les pages mises de côté, et pourquoi."
)
@click.pass_obj
def reread(data_dir: Path | None, *, slug: str | None, listed: bool) -> None:
    """Relit les pages gardées (30 jours) avec le lecteur d’aujourd’hui."""
    from crawler.stages import reread as run

    settings = settings_from(data_dir)
    if listed:
        _list_set_aside(settings, slug)
        return
    with (
        alone(settings, "collect"),
        open_store(settings) as store,
        progress_bar("Lecture") as progress,
    ):
        report = run(store, now, only=slug, progress=progress)
    show_failures(report)
    click.echo(_articles(report))


def _list_set_aside(settings: Settings, slug: str | None) -> None:
    """The pages that gave no article, and why."""
    with open_store(settings) as store, store.read() as tx:
        pages = tx.pages.rejected(tx.sources.by_slug(slug).id if slug is not None else None)
    for page in pages:
        click.echo(f"{page.url} : {page.reason}")
    if not pages:
        click.echo("Aucune page mise de côté.")


def _articles(report: Report) -> str:
    new = report.details.get("articles_inserted", report.details.get("inserted", 0))
    changed = report.details.get("articles_updated", report.details.get("updated", 0))
    said = [
        plural(new, "article nouveau", "articles nouveaux"),
        plural(changed, "article changé", "articles changés"),
    ]
    if report.failed:
        said.append(plural(report.failed, "échec"))
    return ", ".join(said)


@click.command()
@click.pass_obj
def group(data_dir: Path | None) -> None:
    """Rapproche les articles parus à plusieurs endroits, sans rien effacer."""
    _group(settings_from(data_dir))


def _group(settings: Settings) -> None:
    from curation.grouping import group as run

    with (
        alone(settings, "group"),
        open_store(settings) as store,
        progress_bar("Rapprochements") as progress,
    ):
        report = run(store, progress=progress)
    click.echo(
        f"{plural(report.done, 'article comparé', 'articles comparés')}, "
        f"{plural(report.details['grouped'], 'article rapproché', 'articles rapprochés')}"
    )


@click.command()
@click.option("--all", "everything", is_flag=True, help="Tout classer de nouveau.")
@click.option("--jsonl", is_flag=True, help="Lire des textes sur l’entrée, sans base.")
@click.pass_obj
def tag(data_dir: Path | None, *, everything: bool, jsonl: bool) -> None:
    """Donne ses thèmes à chaque article qui n’en a pas, ou dont le classement a vieilli."""
    if jsonl:
        _tag_lines(settings_from(data_dir))
    else:
        _tag(settings_from(data_dir), everything=everything)


def _tag_lines(settings: Settings) -> None:
    from taxonomy.jsonl import tag_lines

    # Half a character in a line must not stop the others.
    lines = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    for line in tag_lines(lines, open_tagger(settings, vocabulary_here(settings))):
        sys.stdout.write(line + "\n")


def _tag(settings: Settings, *, everything: bool = False) -> None:
    from taxonomy.describing import describe
    from taxonomy.stages import forget
    from taxonomy.stages import tag as run

    with alone(settings, "tag"), open_store(settings) as store:
        if everything:
            forget(store)
        with progress_bar("Thèmes") as progress:
            report = run(store, open_tagger(settings, vocabulary_of(store)), progress=progress)
        with progress_bar("Genres et noms") as progress:
            described = describe(store, open_describer(), progress=progress)
    click.echo(
        f"{plural(report.done, 'article classé', 'articles classés')}, "
        f"dont {report.details['in_field']} dans le champ ; "
        f"{plural(described.done, 'article décrit', 'articles décrits')}"
    )


@click.command()
@click.pass_obj
def stories(data_dir: Path | None) -> None:
    """Réunit les articles qui parlent du même événement dans plusieurs sources."""
    _tell(settings_from(data_dir))


def _tell(settings: Settings) -> None:
    from curation.telling import tell

    with (
        alone(settings, "stories"),
        open_store(settings) as store,
        progress_bar("Sujets") as progress,
    ):
        report = tell(store, open_rarity(), progress=progress)
    click.echo(
        f"{plural(report.done, 'article regardé', 'articles regardés')}, "
        f"{plural(report.details['joined'], 'mis dans un sujet', 'mis dans un sujet')}"
    )


@click.command()
@click.option(
    "--rebuild", is_flag=True, help="Refaire l’index ; la recherche répond pendant ce temps."
)
@click.pass_obj
def index(data_dir: Path | None, *, rebuild: bool) -> None:
    """Met l’index de recherche à jour."""
    bring_index_up_to_date(settings_from(data_dir), rebuild=rebuild)


def bring_index_up_to_date(settings: Settings, *, rebuild: bool = False) -> None:
    """Drain the change log into the engine, or fill it anew, and say how many articles it took."""
    from indexer import stages

    with open_store(settings) as store, progress_bar("Index") as progress:
        engine = open_engine(settings, writing=True)
        length = settings.extract_length
        run = stages.rebuild if rebuild else stages.drain
        try:
            report = run(store, engine, extract_length=length, progress=progress)
        except IndexOutdated:
            # The index is made of what the store holds: nothing is lost by making it again.
            click.echo("L’index vient d’une autre version de Glaneuse : il est refait.", err=True)
            report = stages.rebuild(store, engine, extract_length=length, progress=progress)
        store.analyse()  # every way of bringing articles ends here
    click.echo(plural(report.done, "article indexé", "articles indexés"))


@click.command()
@now_option
@click.pass_obj
def update(data_dir: Path | None, *, all_now: bool) -> None:
    """Collecte, rapproche, classe, suit les sujets, indexe, arrête la semaine passée."""
    settings = settings_from(data_dir)
    with open_store(settings) as store, store.begin() as tx:
        tx.appointments.bring_back(now())
    _collect(settings, all_now=all_now)
    _group(settings)
    _tag(settings)
    _tell(settings)
    bring_index_up_to_date(settings)
    close_weeks(settings)
