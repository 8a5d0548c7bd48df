"""Personal data: what is kept about an address, forgetting it, forgetting what is old."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.clock import now
from glaneuse.commands.options import ask_whether
from glaneuse.display import plural
from glaneuse.wiring import open_store, settings_from

if TYPE_CHECKING:
    from people.personal_data import Erased


@click.group()
def privacy() -> None:
    """Les données personnelles : dire ce qui est gardé d’une adresse, l’effacer."""


@privacy.command()
@click.argument("address", metavar="ADRESSE")
@click.pass_obj
def export(data_dir: Path | None, *, address: str) -> None:
    """Écrit en JSON tout ce qui est gardé d’une adresse."""
    from people.personal_data import export_all

    with open_store(settings_from(data_dir)) as store, store.read() as tx:
        held = export_all(tx, _normal(address))
    click.echo(json.dumps(held, ensure_ascii=False, indent=2, default=_plain))


@privacy.command()
@click.argument("address", metavar="ADRESSE")
@click.option("--yes", is_flag=True, help="Sans demander de confirmation.")
@click.pass_obj
def erase(data_dir: Path | None, *, address: str, yes: bool) -> None:
    """Efface une adresse : compte, abonnements, demandes, courrier. On ne peut y revenir."""
    from people.personal_data import erase_all

    known = _normal(address)
    if not yes:
        ask_whether(f"Effacer tout ce qui concerne {known} ?")
    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        erased = erase_all(tx, known, now())
    click.echo(_said(erased))


def _said(erased: Erased) -> str:
    if not any(asdict(erased).values()):
        return "Rien n’était gardé de cette adresse."
    counted = [
        plural(erased.accounts, "compte"),
        plural(erased.subscriptions, "abonnement ou accord", "abonnements ou accords"),
        plural(erased.requests, "demande"),
        plural(erased.letters, "message"),
    ]
    line = f"Effacé : {', '.join(counted)}."
    return line + (
        " Il reste une empreinte, pour ne plus écrire à cette adresse."
        if erased.suppressions
        else ""
    )


THINGS = {
    "unconfirmed": "demandes d’abonnement jamais confirmées",
    "confirmations": "liens de confirmation",
    "left": "adresses de désabonnés",
    "proofs": "preuves d’accord",
    "letters": "contenus de messages",
    "told": "articles déjà envoyés",
    "requests": "demandes traitées",
    "sessions": "sessions",
    "links": "liens d’invitation ou de mot de passe",
    "drafts": "brouillons",
    "bin": "bibliographies jetées",
    "revisions": "changements de bibliographies",
    "pictures": "images de lettres",
    "attempts": "essais",
    "history": "lignes d’historique",
    "pages": "pages brutes",
}


@click.command()
@click.pass_obj
def retention(data_dir: Path | None) -> None:
    """Efface ce qui n’a plus lieu d’être gardé, et dit quoi."""
    from people.retention import believes, forget

    with open_store(settings_from(data_dir)) as store:
        if not believes(store, now()):
            click.echo(
                "L’horloge a fait un bond de plus de deux mois depuis la dernière fois. Si elle est"
                " juste, l’effacement se fera demain ; sinon, remettez-la à l’heure."
            )
            return
        forgotten = forget(store, now())
    for thing, count in forgotten.items():
        if count:
            click.echo(f"{THINGS[thing]} : {count}")
    if not any(forgotten.values()):
        click.echo("Rien à effacer.")


def _normal(address: str) -> str:
    from mail.addresses import parse_address

    return parse_address(address).normal


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
