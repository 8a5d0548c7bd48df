"""The letters to who follows a theme, a search or the newsletter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.clock import now
from core.errors import MailUnavailable
from glaneuse.commands.mail import send as send_mail
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
def allow(data_dir: Path | None, *, address: str) -> None:
    """Permet d’écrire de nouveau à une adresse : qui l’avait refusé le demande, ou un serveur."""
    from mail.addresses import parse_address

    known = parse_address(address).normal
    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        lifted = tx.suppressions.remove(known)
    click.echo(f"{known} : {'on peut lui écrire' if lifted else 'rien ne l’empêchait'}.")


def _stationery(settings: Settings, store: Store) -> Stationery:
    from people.secret import signing_secret
    from people.subscriptions import Tokens
    from taxonomy.kinds import load_genres
    from taxonomy.lexicon import load_lexicon
    from web.labels import labels_of
    from web.letters import Stationery
    from web.subjects import Subjects

    with store.read() as tx:
        names = tx.sources.names()
    labels = labels_of(load_lexicon(), load_genres())
    subjects = Subjects(vocabulary_of(store), names, labels)
    return Stationery(as_said(settings, store), subjects, Tokens(signing_secret(settings)))
