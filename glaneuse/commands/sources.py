"""Sources: adding, listing, checking, removing; OPML in and out."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.clock import now
from core.errors import Conflict, GlaneuseError
from core.model import SourceKind, SourceStatus
from core.settings import Settings
from core.weeks import french_date, paris_date, paris_iso
from glaneuse.commands.options import InputFile, json_option
from glaneuse.display import plural
from glaneuse.messages import sentence
from glaneuse.wiring import open_store, settings_from

if TYPE_CHECKING:
    from crawler.fetching import Fetcher
    from crawler.opml import Outline
    from store import Store
    from store.citations import MetSite
    from store.sources import SourceFigures

_KINDS = {
    SourceKind.FEED: "flux",
    SourceKind.LISTING: "page qui liste ses articles",
    SourceKind.COLLECTION: "collection de liens",
    SourceKind.SITEMAP: "plan de site",
    SourceKind.IMPORT: "articles importés",
    SourceKind.MET: "site cité",
}
_STATUSES = {
    SourceStatus.NEW: "pas encore visitée",
    SourceStatus.OK: "va bien",
    SourceStatus.FAILING: "en échec",
    SourceStatus.REFUSED: "refuse les robots",
}
ALL_PACKS = "tous"
_VISITED = [kind.value for kind in SourceKind if kind not in {SourceKind.IMPORT, SourceKind.MET}]


@click.group()
def sources() -> None:
    """Les sources : d’où viennent les articles."""


@sources.command()
@click.argument("url", metavar="[ADRESSE]", required=False)
@click.option("--pack", "packs", multiple=True, metavar="PAQUET", help="Un paquet de sources.")
@click.option("--name", metavar="NOM", help="Son nom ; sinon, celui que le site se donne.")
@click.option("--kind", type=click.Choice(_VISITED), help="Ce qu’est l’adresse, si on le sait.")
@click.option("--feed", metavar="ADRESSE", help="Son flux, si on le connaît.")
@click.pass_obj
def add(
    data_dir: Path | None,
    url: str | None,
    *,
    packs: tuple[str, ...],
    name: str | None,
    kind: str | None,
    feed: str | None,
) -> None:
    """Ajoute une source (son flux est trouvé tout seul), ou un paquet de sources.

    Sans rien, montre les paquets.
    """
    from crawler.discovery import add_source

    settings = settings_from(data_dir)
    if packs:
        with open_store(settings) as store:
            click.echo(add_packs(store, packs))
    if url is None:
        if not packs:
            click.echo(told_packs())
        return
    with open_store(settings) as store:
        source = add_source(
            store, url, settings=settings, clock=now,
            name=name, kind=SourceKind(kind) if kind else None, feed=feed,
        )  # fmt: skip
    click.echo(f"{source.slug} : {source.name} ({_KINDS[source.kind]}, {source.feed})")


def told_packs() -> str:
    """The packs, a line each, with how many sources are in them."""
    from crawler.starters import starter_list

    held = starter_list()
    lines = [
        f"{pack:14} {label} ({plural(len(held.chosen([pack])), 'source')})"
        for pack, label in held.packs.items()
    ]
    return "\n".join(["Paquets (glaneuse sources add --pack PAQUET, ou --pack tous) :", *lines])


def ask_for_packs() -> tuple[str, ...]:
    """The packs that somebody at the keyboard wants to begin with."""
    from crawler.starters import starter_list

    click.echo(told_packs())
    asked = click.prompt("Lesquels, séparés par des espaces (Entrée : aucun)", default="",
                         show_default=False, prompt_suffix=" : ")  # fmt: skip
    wanted = tuple(str(asked).replace(",", " ").split())
    unknown = [one for one in wanted if one not in {*starter_list().packs, ALL_PACKS}]
    if unknown:
        click.echo(f"Inconnus : {', '.join(unknown)}")
    return tuple(one for one in wanted if one not in unknown)


def add_packs(store: Store, packs: tuple[str, ...]) -> str:
    """Add the sources of these packs, and say how many. Raises NotFound."""
    from crawler.starters import add_starters, starter_list

    held = starter_list()
    wanted = tuple(held.packs) if ALL_PACKS in packs else packs
    added = add_starters(store, held.chosen(wanted), now)
    return (
        f"{plural(len(added), 'source ajoutée', 'sources ajoutées')}, visitées à la prochaine "
        "collecte"
    )


@sources.command("list")
@json_option
@click.pass_obj
def list_sources(data_dir: Path | None, *, as_json: bool) -> None:
    """Les sources et leur état."""
    from crawler.proposals import proposed_sites
    from web.health import reading_back

    with open_store(settings_from(data_dir)) as store, store.read() as tx:
        figures = tx.sources.with_figures()
        proposed = proposed_sites(tx)
        back = tx.backfills.of([one.source.id for one in figures])
    if as_json:
        click.echo(json.dumps([_json(one) for one in figures], ensure_ascii=False, indent=2))
        return
    for one in figures:
        told = reading_back(back.get(one.source.id))
        click.echo(_line(one) + (f" — {told}" if told else ""))
    _tell_proposed(proposed)
    if not figures:
        click.echo("Aucune source. Pour en ajouter une : glaneuse sources add ADRESSE")


def _tell_proposed(proposed: Sequence[MetSite]) -> None:
    if proposed:
        hosts = ", ".join(f"{one.host} ({one.citations})" for one in proposed[:10])
        click.echo(f"Souvent cités, et pas encore des sources : {hosts}")


def _json(figures: SourceFigures) -> dict[str, Any]:
    source = figures.source
    return {
        "slug": source.slug,
        "name": source.name,
        "url": source.url,
        "feed": source.feed if source.kind is SourceKind.FEED else None,
        "kind": source.kind,
        "status": source.status,
        "articles": figures.articles,
        "last_success": paris_iso(source.last_success) if source.last_success else None,
        "next_visit": paris_iso(source.next_visit) if source.next_visit else None,
    }


def _line(figures: SourceFigures) -> str:
    source = figures.source
    state = _STATUSES[source.status]
    if source.last_success:
        state += f", vue le {french_date(paris_date(source.last_success))}"
    if source.last_error:
        state += f" — {source.last_error}"
    return f"{source.slug:32} {plural(figures.articles, 'article'):>13}  {state}"


@sources.command()
@click.option("--source", "slug", metavar="SLUG", help="Cette source seulement.")
@click.pass_obj
def check(data_dir: Path | None, *, slug: str | None) -> None:
    """Essaie chaque source, sans rien garder ; rend 1 si l’une d’elles ne va pas."""
    from crawler.discovery import check_sources
    from crawler.proposals import proposed_sites

    settings = settings_from(data_dir)
    with open_store(settings) as store:
        if slug is not None:
            with store.read() as tx:
                tx.sources.by_slug(slug)
        checks = check_sources(store, settings=settings, clock=now, only=slug)
        with store.read() as tx:
            proposed = proposed_sites(tx) if slug is None else []
    for one in checks:
        seen = one.problem or f"{plural(one.announced, 'article annoncé', 'articles annoncés')}"
        click.echo(f"{'✗' if one.problem else '✓'} {one.source.slug} : {seen}")
    _tell_proposed(proposed)
    if any(one.problem for one in checks):
        raise click.exceptions.Exit(1)


@sources.command()
@click.pass_obj
def health(data_dir: Path | None) -> None:
    """Dit, sans rien visiter, quelles sources échouent, refusent les robots ou se taisent."""
    from crawler.health import health_of_all
    from web.health import reading_back, sentence_of

    with open_store(settings_from(data_dir)) as store, store.read() as tx:
        found = health_of_all(tx, now())
        back = tx.backfills.of([one.source.id for one in found])
    troubles = [one for one in found if one.is_trouble]
    for one in troubles:
        click.echo(f"✗ {one.source.slug} : {sentence_of(one)}")
    if not troubles:
        click.echo("Toutes les sources vont bien.")
    for one in found:
        held = back.get(one.source.id)
        if held is not None and held.done is None:
            click.echo(f"… {one.source.slug} : {reading_back(held)}")


@sources.command()
@click.pass_obj
def tell(data_dir: Path | None) -> None:
    """Écrit à qui tient les sources ce qui va mal (sources, disque, courrier), s’il y a lieu."""
    from web.health import tell_troubles

    settings = settings_from(data_dir)
    with open_store(settings) as store, store.begin() as tx:
        free = shutil.disk_usage(settings.data_dir).free
        written = tell_troubles(tx, settings, now(), free=free)
    click.echo(plural(written, "lettre préparée", "lettres préparées"))


@sources.command()
@click.argument("slug", metavar="SLUG")
@click.pass_obj
def remove(data_dir: Path | None, slug: str) -> None:
    """Cesse de visiter une source ; ses articles restent."""
    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        source = tx.sources.remove(slug)
    click.echo(f"{source.name} ne sera plus visitée ; ses articles restent.")


@sources.command("import")
@click.argument("file", type=InputFile("rb"), metavar="FICHIER")
@click.pass_obj
def import_sources(data_dir: Path | None, file: Any) -> None:
    """Ajoute les sources d’un fichier OPML ou de signets (« - » : l’entrée standard)."""
    from crawler.fetching import Fetcher, options_from

    settings = settings_from(data_dir)
    outlines = _outlines(file.read())
    counts: Counter[str] = Counter()
    with open_store(settings) as store, Fetcher(options_from(settings)) as fetcher:
        for outline in outlines:
            counts[_subscribe(store, settings, outline, fetcher)] += 1
    click.echo(
        f"{plural(counts['added'], 'source ajoutée', 'sources ajoutées')}, "
        f"{counts['there']} déjà là, {plural(counts['failed'], 'échec')}"
    )
    if counts["failed"] == len(outlines) > 0:
        raise click.exceptions.Exit(1)


def _outlines(body: bytes) -> list[Outline]:
    """The subscriptions of a file; a bookmark is a site whose feed is to be found."""
    from crawler.bookmarks import is_bookmarks, read_bookmarks
    from crawler.opml import Outline, read_opml

    if not is_bookmarks(body):
        return read_opml(body)
    return [Outline(one.title, feed="", site=one.url) for one in read_bookmarks(body)]


def _subscribe(store: Store, settings: Settings, outline: Outline, fetcher: Fetcher) -> str:
    """Add one subscription and say so; what came of it: added, there or failed."""
    from crawler.discovery import add_source

    try:
        source = add_source(
            store, outline.site or outline.feed, settings=settings, clock=now,
            name=outline.name or None, feed=outline.feed or None, fetcher=fetcher,
        )  # fmt: skip
    except Conflict:
        return "there"
    except GlaneuseError as error:
        click.echo(f"  ✗ {sentence(error)}", err=True)
        return "failed"
    click.echo(f"{source.slug} : {source.name}")
    return "added"


@sources.command("export")
@click.argument(
    "file", metavar="[FICHIER]", type=click.Path(dir_okay=False, allow_dash=True), default="-"
)
@click.pass_obj
def export_sources(data_dir: Path | None, file: str) -> None:
    """Écrit les sources qui ont un flux en OPML, que lisent tous les lecteurs de flux."""
    from crawler.opml import write_opml

    with open_store(settings_from(data_dir)) as store, store.read() as tx:
        text = write_opml(tx.sources.all())
    with click.open_file(file, "w", encoding="utf-8", atomic=file != "-") as out:
        out.write(text)
