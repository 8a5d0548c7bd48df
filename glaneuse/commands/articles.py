"""Articles one by one: added by hand, withdrawn for good; bookmarks in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from core.clock import now
from core.errors import NotFound
from core.model import ArticleId
from core.urls import canonical_url
from glaneuse.commands.options import Day, InputFile, ask_whether
from glaneuse.display import plural, show_failures
from glaneuse.wiring import open_store, settings_from


@click.group()
def articles() -> None:
    """Les articles, un par un : ajouter, retirer."""


@articles.command()
@click.argument("url", metavar="ADRESSE")
@click.option("--title", metavar="TITRE", required=True, help="Son titre.")
@click.option("--author", metavar="NOM", default="", help="Qui l’a écrit.")
@click.option("--published", type=Day(), help="Quand il a paru.")
@click.pass_obj
def add(
    data_dir: Path | None, url: str, *, title: str, author: str, published: datetime | None
) -> None:
    """Ajoute un article ; Glaneuse essaiera de le lire à la prochaine collecte."""
    from crawler.adding import add_by_hand
    from store.articles import Saved

    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        try:
            id, saved = add_by_hand(
                tx, url=url, title=title, author=author, published=published, now=now()
            )
        except ValueError as error:
            raise click.BadParameter(f"« {url} » n’est pas l’adresse d’une page") from error
    done = "ajouté" if saved is Saved.INSERTED else "déjà là"
    click.echo(f"article {id} : {done}")


@articles.command()
@click.argument("article", metavar="ADRESSE|NUMÉRO")
@click.option("--yes", is_flag=True, help="Sans demander.")
@click.pass_obj
def withdraw(data_dir: Path | None, article: str, *, yes: bool) -> None:
    """Retire un article pour de bon : il ne revient par aucun chemin."""
    with open_store(settings_from(data_dir)) as store:
        with store.read() as tx:
            held = tx.articles.by_id(_named(tx, article))
        if not yes:
            ask_whether(f"Retirer « {held.title} » ({held.url}) pour de bon ?")
        with store.begin() as tx:
            tx.articles.withdraw(held.id, now())
            tx.audit.record(None, "withdraw", "article", held.id, {}, {}, now=now())
    click.echo(f"Retiré : {held.url}. La recherche l’oublie au prochain « glaneuse index ».")


def _named(tx: Any, name: str) -> ArticleId:
    """The article of this number, or to which this address leads. Raises NotFound."""
    if name.isdecimal():
        return ArticleId(int(name))
    try:
        url = canonical_url(name)
    except ValueError as error:
        raise NotFound("article", name) from error
    held: ArticleId | None = tx.articles.by_urls([url]).get(url)
    if held is None:
        raise NotFound("article", name)
    return held


@articles.command("import")
@click.argument("file", type=InputFile("rb"), metavar="FICHIER.html")
@click.pass_obj
def import_bookmarks(data_dir: Path | None, file: Any) -> None:
    """Ajoute les articles d’un fichier de signets (« - » : l’entrée standard)."""
    from crawler.bookmarks import import_bookmarks as run
    from crawler.bookmarks import read_bookmarks

    bookmarks = read_bookmarks(file.read())
    with open_store(settings_from(data_dir)) as store:
        report = run(bookmarks, store, now)
    show_failures(report)
    click.echo(
        f"{plural(report.done, 'article ajouté', 'articles ajoutés')}, {report.skipped} déjà là ; "
        "Glaneuse essaiera de les lire à la prochaine collecte"
    )
