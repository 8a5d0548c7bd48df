"""Asking: the search and the digest, on the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.clock import now
from core.errors import NotFound
from core.settings import Settings
from core.weeks import Week, french_date, paris_date, paris_next_midnight
from glaneuse.commands.options import Day, json_option
from glaneuse.display import plural
from glaneuse.wiring import open_engine, open_store, settings_from, vocabulary_of

if TYPE_CHECKING:
    from indexer.engine import Piece, Results


@click.command()
@click.argument("words", nargs=-1, metavar="[MOTS]…")
@click.option("--theme", "themes", multiple=True, metavar="ID", help="Ce thème (répétable).")
@click.option("--source", "sources", multiple=True, metavar="SLUG", help="Cette source.")
@click.option("--since", type=Day(), help="Depuis ce jour.")
@click.option("--until", type=Day(), help="Jusqu’à ce jour compris.")
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance",
              help="Par pertinence, ou du plus récent au plus ancien.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N",
              help="N réponses au plus.")  # fmt: skip
@click.option("--off-field", is_flag=True, help="Inclure le hors-champ.")
@json_option
@click.pass_obj
def search(
    data_dir: Path | None,
    words: tuple[str, ...],
    *,
    themes: tuple[str, ...],
    sources: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    sort: str,
    limit: int,
    off_field: bool,
    as_json: bool,
) -> None:
    """Cherche des mots, une "expression exacte" ; sans mot, tout ce que gardent les filtres.

    Aussi : -mot (après un « -- »), theme:logement, source:slug, avant:2024, apres:2024-09,
    acces:libre.
    """
    from indexer.as_json import results_json
    from indexer.engine import Query, Sort
    from indexer.typed import Names, understand
    from taxonomy.vocabulary import load_vocabulary

    labels = {str(id): theme.label for id, theme in load_vocabulary().themes.items()}
    typed = understand(" ".join(words), Names({"themes": labels}))
    query = Query(
        themes=themes,
        sources=sources,
        since=since,
        until=paris_next_midnight(until) if until else None,
        off_field=off_field,
        sort=Sort(sort),
        size=limit,
    )
    results = open_engine(settings_from(data_dir)).search(typed.narrow(query))
    if as_json:
        click.echo(json.dumps(results_json(results), ensure_ascii=False, indent=2))
    else:
        _show(results)


def _show(results: Results) -> None:
    for correction in results.corrections:
        click.echo(f"« {correction.typed} » : « {correction.used} » a été cherché à la place.")
    for acronym, meanings in results.meanings.items():
        click.echo(f"{acronym} : {' ? '.join(meanings)} ?")
    click.echo(plural(results.total, "article"))
    for hit in results.hits:
        day = french_date(paris_date(hit.published)) if hit.published else "sans date"
        click.echo()
        click.echo(_styled(hit.title, bold=True))
        click.echo(f"  {hit.source_name}, {day} — {', '.join(hit.themes) or 'hors champ'}")
        click.echo(f"  {_styled(hit.excerpt)}")
        click.echo(f"  {hit.url}")


def _styled(pieces: tuple[Piece, ...], *, bold: bool = False) -> str:
    return "".join(
        click.style(piece.text, bold=bold or piece.marked, underline=piece.marked)
        for piece in pieces
    )


@click.command()
@click.option("--week", metavar="AAAA-Wnn", help="Une semaine, par exemple 2026-W47.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    show_default=True,
)
@click.option("--close", is_flag=True, help="Arrêter les semaines finies, sans rien montrer.")
@click.pass_obj
def digest(data_dir: Path | None, week: str | None, form: str, *, close: bool) -> None:
    """La semaine : les sept derniers jours, ou une semaine donnée."""
    from curation import rendering
    from curation.digests import digest_of
    from curation.period import Period

    settings = settings_from(data_dir)
    if close:
        close_weeks(settings)
        return
    period = Period.of_week(_week(week)) if week else Period.last_days(now())
    with open_store(settings) as store:
        made = digest_of(store, period, tuple(vocabulary_of(store).themes.values()))
    render = {
        "text": rendering.as_text,
        "markdown": rendering.as_markdown,
        "html": rendering.as_html,
        "json": rendering.as_json,
    }[form]
    click.echo(render(made, extract_length=settings.extract_length))


def close_weeks(settings: Settings) -> None:
    """Close the weeks that are over, the first time that this runs after Monday at six."""
    from curation.digests import close

    with open_store(settings) as store:
        report = close(store, tuple(vocabulary_of(store).themes.values()), now())
    if report.done:
        click.echo(plural(report.done, "semaine arrêtée", "semaines arrêtées"))


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise NotFound("semaine ; écrivez par exemple 2026-W47", text) from error
