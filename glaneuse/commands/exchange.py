"""Articles in and out: pages read one by one, JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.clock import now
from core.model import Extracted, Rejected
from core.urls import is_web_address
from core.weeks import french_date, paris_date, paris_iso
from glaneuse.commands.options import InputFile, json_option
from glaneuse.display import plural, show_failures
from glaneuse.wiring import open_store, settings_from, vocabulary_of

if TYPE_CHECKING:
    from crawler.fetching import Fetch
    from store import Store

# The address of a page in a file that does not say its own (RFC 2606: never a real host).
NOWHERE = "http://page.invalid/"


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="FICHIER|ADRESSE…")
@json_option
@click.pass_obj
def extract(data_dir: Path | None, pages: tuple[str, ...], *, as_json: bool) -> None:
    """Ce que le lecteur de pages lit dans des fichiers ou à des adresses."""
    read = 0
    with ExitStack() as stack:
        fetch = _fetcher(data_dir, pages, stack)
        for page in pages:
            result = _read_address(page, fetch) if is_web_address(page) else _read_file(page)
            read += isinstance(result, Extracted)
            show = json.dumps(_line(page, result), ensure_ascii=False) if as_json else None
            click.echo(show or _readable(page, result))
    if not read:
        raise click.exceptions.Exit(1)


def _fetcher(data_dir: Path | None, pages: Iterable[str], stack: ExitStack) -> Fetch:
    """One fetching process for all the addresses; none when there are only files."""
    from crawler.fetching import Fetcher, options_from

    fetcher = Fetcher(options_from(settings_from(data_dir)))
    if any(is_web_address(page) for page in pages):
        stack.enter_context(fetcher)
    return fetcher.fetch


def _read_file(name: str) -> Extracted | Rejected:
    from crawler.extract import extract as read

    try:
        body = Path(name).read_bytes()
    except OSError as error:
        return Rejected("", f"le fichier ne peut être lu ({error.strerror})")
    result = read(body, url=NOWHERE, today=paris_date(now()))
    return replace(result, url="") if result.url == NOWHERE else result


def _read_address(url: str, fetch: Fetch) -> Extracted | Rejected:
    from crawler.extract import extract as read
    from crawler.fetching import why_not

    answer = fetch(url)
    if not answer.is_fresh:
        return Rejected(url, why_not(answer))
    return read(
        answer.body,
        url=answer.final_url,
        content_type=answer.content_type,
        today=paris_date(now()),
    )


def _readable(page: str, result: Extracted | Rejected) -> str:
    if isinstance(result, Rejected):
        return f"{page} : {result.reason}\n"
    day = french_date(paris_date(result.published)) if result.published else "sans date"
    head = f"{result.title}\n{result.author or 'sans auteur'}, {day}, accès {result.access}"
    return f"{head}\n{result.url or page}\n\n{result.text}\n"


def _line(page: str, result: Extracted | Rejected) -> dict[str, Any]:
    where = {"file": page, "url": result.url}
    if isinstance(result, Rejected):
        return where | {"error": result.reason}
    return where | {
        "title": result.title,
        "text": result.text,
        "author": result.author,
        "published": paris_iso(result.published) if result.published else None,
        "language": result.language,
        "access": result.access,
        "site": result.site,
        "image": result.image,
    }


@click.command("import")
@click.argument("file", metavar="FICHIER", type=InputFile(encoding="utf-8-sig", errors="replace"))
@click.pass_obj
def import_articles(data_dir: Path | None, file: Any) -> None:
    """Reprend des articles d’un fichier JSON Lines (« - » : l’entrée standard)."""
    from crawler.exchange import import_lines

    with open_store(settings_from(data_dir)) as store:
        report = import_lines(file, store, now)
    show_failures(report)
    click.echo(
        f"{plural(report.done, 'article importé', 'articles importés')}, "
        f"{plural(report.skipped, 'déjà là', 'déjà là')}, "
        f"{plural(report.failed, 'ligne refusée', 'lignes refusées')}"
    )
    if report.failed and not report.done and not report.skipped:
        raise click.exceptions.Exit(1)


@click.command("export")
@click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--gold",
    is_flag=True,
    help="Les articles dont on a corrigé les thèmes, pour « glaneuse evaluate ».",
)
@click.pass_obj
def export_articles(data_dir: Path | None, file: str, *, gold: bool) -> None:
    """Écrit tous les articles, texte entier compris, dans un fichier JSON Lines."""
    with open_store(settings_from(data_dir)) as store:
        count = _write(file, _gold_lines(store) if gold else _article_lines(store))
    if file != "-":
        click.echo(plural(count, "article écrit", "articles écrits"), err=True)


def _article_lines(store: Store) -> Iterable[str]:
    from crawler.exchange import export_lines

    return export_lines(store)


def _gold_lines(store: Store) -> Iterable[str]:
    from taxonomy.corrections import gold_lines

    return gold_lines(store, vocabulary_of(store).themes)


def _write(file: str, lines: Iterable[str]) -> int:
    """Write these lines; how many."""
    count = 0
    with click.open_file(file, "w", encoding="utf-8", atomic=file != "-") as out:
        for line in lines:
            out.write(line + "\n")
            count += 1
    return count
