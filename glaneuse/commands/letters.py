"""The letters to who follows a theme, a search or the newsletter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from core.clock import now
from core.errors import MailUnavailable
from glaneuse.commands.mail import send as send_mail
from glaneuse.commands.options import InputFile
from glaneuse.display import plural, progress_bar, show_failures
from glaneuse.wiring import alone, as_said, open_engine, open_store, settings_from, vocabulary_of

if TYPE_CHECKING:
    from core.settings import Settings
    from store import Store
    from web.letters import Stationery


@click.group()
def letters() -> None:
    """Les lettres à qui suit un thème, une recherche ou la lettre de la rédaction."""


@letters.command()
@click.pass_context
def send(context: click.Context) -> None:
    """Écrit les lettres dues (à sept heures, à l’heure programmée), puis remet tout le courrier."""
    from people.letters import prepare
    from people.newsletters import dispatch
    from web.entrance import may_write
    from web.newsletter_letters import Press
    from web.newsletters import open_with

    settings = settings_from(context.obj)
    if not may_write(settings):
        raise MailUnavailable("il faut les réglages SMTP_URL, MAIL_FROM et PUBLIC_URL")
    with (
        alone(settings, "letters"),
        open_store(settings) as store,
        progress_bar("Lettres") as progress,
    ):
        stationery = _stationery(settings, store)
        subjects = stationery.subjects
        report = prepare(
            store,
            subjects.search_with(open_engine(settings)),
            stationery.edition,
            now(),
            moved=subjects.vocabulary.moved,
            progress=progress,
        )
        issues = dispatch(store, open_with(store, Press(stationery)), now(), progress)
    show_failures(report)
    show_failures(issues)
    several = "lettres écrites"
    click.echo(
        f"{plural(report.done, 'lettre écrite', several)}, "
        f"{plural(report.skipped, 'abonnement sans nouveauté', 'abonnements sans nouveauté')}, "
        f"{plural(issues.done, 'lettre de la rédaction', 'lettres de la rédaction')}"
    )
    context.invoke(send_mail, limit=None, as_json=False)


@letters.command()
@click.argument("address", metavar="ADRESSE")
@click.pass_obj
def complained(data_dir: Path | None, *, address: str) -> None:
    """Note une plainte, telle que l’hébergeur la transmet : plus aucune lettre à cette adresse."""
    from mail.addresses import parse_address
    from people.subscriptions import leave_all
    from store.suppressions import SuppressionReason

    known, when = parse_address(address).normal, now()
    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        ended = leave_all(tx, known, when)
        tx.suppressions.add(known, SuppressionReason.COMPLAINED, now=when)
    several = plural(ended, "abonnement a pris fin", "abonnements ont pris fin")
    click.echo(f"{known} : plus aucune lettre ; {several}.")


@letters.command()
@click.argument("address", metavar="ADRESSE")
@click.pass_obj
def allow(data_dir: Path | None, *, address: str) -> None:
    """Permet d’écrire de nouveau à une adresse : qui l’avait refusé le demande, ou un serveur."""
    from mail.addresses import parse_address

    known = parse_address(address).normal
    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        lifted = tx.suppressions.remove(known)
    click.echo(f"{known} : {'on peut lui écrire' if lifted else 'rien ne l’empêchait'}.")


@letters.command("import")
@click.argument("file", metavar="FICHIER.csv", type=InputFile("rb"))
@click.option(
    "--origin", metavar="TEXTE", required=True, help="D’où viennent ces adresses, et leur accord."
)
@click.option("--agreed", is_flag=True, help="Ces personnes ont demandé à recevoir la lettre.")
@click.pass_obj
def bring(data_dir: Path | None, *, file: BinaryIO, origin: str, agreed: bool) -> None:
    """Reprend des abonnements à la lettre d’un fichier ; chaque ligne refusée est nommée."""
    from core.cells import decoded
    from core.weeks import paris_date
    from mail.addresses import parse_address
    from people.subscribers import Came, bring, read_list

    if not agreed:
        raise click.UsageError("Il faut leur accord : dites-le par --agreed.")
    when = now()
    lines = read_list(
        decoded(file.read()), lambda typed: parse_address(typed).normal, paris_date(when)
    )
    with open_store(settings_from(data_dir)) as store, progress_bar("Adresses") as progress:
        outcome = bring(store, lines, origin=origin, by=None, now=when, progress=progress)
    for wrong in outcome.wrong:
        click.echo(f"ligne {wrong.number} : {wrong.typed} : {wrong.reason}", err=True)
    counts = outcome.counts
    click.echo(
        f"{plural(counts[Came.ADDED], 'adresse ajoutée', 'adresses ajoutées')}, "
        f"{counts[Came.KNOWN]} déjà abonnées, {counts[Came.TWICE]} en double, "
        f"{counts[Came.LEFT]} désabonnées, {counts[Came.UNWANTED]} exclues, "
        f"{plural(len(outcome.wrong), 'ligne refusée', 'lignes refusées')}"
    )


@letters.command()
@click.pass_obj
def export(data_dir: Path | None) -> None:
    """Écrit qui reçoit la lettre, en CSV."""
    from people.subscribers import write_list

    with open_store(settings_from(data_dir)) as store, store.read() as tx:
        for line in write_list(tx):
            click.echo(line, nl=False)


def _stationery(settings: Settings, store: Store) -> Stationery:
    from people.secret import signing_secret
    from people.subscriptions import Tokens
    from taxonomy.genres import load_genres
    from taxonomy.lexicon import load_lexicon
    from web.labels import labels_of
    from web.letters import Stationery
    from web.subjects import Subjects

    with store.read() as tx:
        names = tx.sources.names()
    labels = labels_of(load_lexicon(), load_genres())
    subjects = Subjects(vocabulary_of(store), names, labels)
    return Stationery(as_said(settings, store), subjects, Tokens(signing_secret(settings)))
