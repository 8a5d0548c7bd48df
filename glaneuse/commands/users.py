"""Accounts: inviting, listing, changing a role, suspending."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.clock import now
from core.people import Person, Role
from glaneuse.commands.options import json_option
from glaneuse.wiring import open_store, settings_from

if TYPE_CHECKING:
    from core.settings import Settings
    from store import Transaction

ROLES = {
    Role.EDITOR: "rédaction",
    Role.TRAINER: "formation",
    Role.DOCUMENTALIST: "documentation",
    Role.ADMIN: "administration",
}
SERVED_AT = "http://127.0.0.1:8000"  # where ``glaneuse serve`` answers when nothing else is said

role_choice = click.Choice([role.value for role in Role])


@click.group()
def users() -> None:
    """Les comptes de l’équipe : inviter, changer un rôle, suspendre."""


@users.command()
@click.argument("address", metavar="ADRESSE")
@click.option("--role", type=role_choice, required=True, help="Ce que la personne vient faire.")
@click.option("--name", default="", metavar="NOM", help="Nom affiché.")
@click.pass_obj
def add(data_dir: Path | None, *, address: str, role: str, name: str) -> None:
    """Invite quelqu’un : envoie le lien qui ouvre son compte, ou l’affiche sans courrier."""
    from core.text import one_line
    from people.accounts import invite

    settings = settings_from(data_dir)
    with open_store(settings) as store, store.begin() as tx:
        person = invite(
            tx,
            by=None,
            address=_normal(address),
            name=one_line(name)[:100],
            role=Role(role),
            now=now(),
        )
        _say(_hand_over(tx, settings, person))


@users.command()
@click.argument("address", metavar="ADRESSE")
@click.pass_obj
def link(data_dir: Path | None, *, address: str) -> None:
    """Un nouveau lien pour choisir un mot de passe ; le précédent ne vaut plus."""
    settings = settings_from(data_dir)
    with open_store(settings) as store, store.begin() as tx:
        person = tx.accounts.by_address(_normal(address))
        if person.disabled:
            raise click.ClickException("Accès suspendu : glaneuse users enable ADRESSE d’abord.")
        tx.audit.record(None, "link", "account", person.id, {}, {}, now=now())
        _say(_hand_over(tx, settings, person))


@users.command("list")
@json_option
@click.pass_obj
def show(data_dir: Path | None, *, as_json: bool) -> None:
    """Les comptes, leur rôle et leur état."""
    with open_store(settings_from(data_dir)) as store, store.read() as tx:
        people = tx.accounts.all()
    if as_json:
        click.echo(json.dumps([_json(one) for one in people], ensure_ascii=False, indent=2))
        return
    for one in people:
        name = f" ({one.name})" if one.name else ""
        click.echo(f"{one.address}{name} : {ROLES[one.role]}, {_state(one)}")
    if not people:
        click.echo("Aucun compte : glaneuse users add ADRESSE --role admin")


@users.command()
@click.argument("address", metavar="ADRESSE")
@click.argument("role", type=role_choice)
@click.pass_obj
def role(data_dir: Path | None, *, address: str, role: str) -> None:
    """Change le rôle d’un compte."""
    _change(data_dir, address, role=Role(role))


@users.command()
@click.argument("address", metavar="ADRESSE")
@click.pass_obj
def disable(data_dir: Path | None, *, address: str) -> None:
    """Suspend un compte : la personne est déconnectée partout et ne peut plus entrer."""
    _change(data_dir, address, disabled=True)


@users.command()
@click.argument("address", metavar="ADRESSE")
@click.pass_obj
def enable(data_dir: Path | None, *, address: str) -> None:
    """Rouvre un compte suspendu."""
    _change(data_dir, address, disabled=False)


# -- inside ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _HandedOver:
    """A link on its way, or to be passed on (``address``)."""

    person: Person
    address: str
    lasting: str
    served_elsewhere: bool


def _hand_over(tx: Transaction, settings: Settings, person: Person) -> _HandedOver:
    from people.accounts import make_link
    from people.links import Links
    from people.secret import signing_secret
    from web.entrance import may_write
    from web.invitations import lasting, link_address, link_letter

    when = now()
    purpose, token = make_link(tx, Links(signing_secret(settings)), person, when)
    address = link_address(settings.public_url or SERVED_AT, purpose, token)
    if may_write(settings):
        tx.outbox.add(link_letter(person, purpose, address, when), now=when)
        address = ""
    return _HandedOver(person, address, lasting(purpose, when), not settings.public_url)


def _say(handed: _HandedOver) -> None:
    if not handed.address:
        click.echo(f"Le lien part vers {handed.person.address} (glaneuse mail send).")
        return
    click.echo(
        f"Lien à transmettre à {handed.person.address}, valable une fois, {handed.lasting} :"
    )
    click.echo(handed.address)
    if handed.served_elsewhere:
        click.echo(
            f"PUBLIC_URL n’est pas réglé : remplacez {SERVED_AT} par l’adresse du site.", err=True
        )


def _change(
    data_dir: Path | None, address: str, *, role: Role | None = None, disabled: bool | None = None
) -> None:
    from people.accounts import Standing, change_standing

    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        person = tx.accounts.by_address(_normal(address))
        standing = Standing(
            person.name,
            person.role if role is None else role,
            person.disabled if disabled is None else disabled,
        )
        changed = change_standing(tx, person, standing, by=None, now=now())
    click.echo(f"{changed.address} : {ROLES[changed.role]}, {_state(changed)}")


def _normal(address: str) -> str:
    from mail.addresses import parse_address

    return parse_address(address).normal


def _state(person: Person) -> str:
    if person.disabled:
        return "accès suspendu"
    return "actif" if person.has_password else "invitation en attente"


def _json(person: Person) -> dict[str, Any]:
    seen = person.last_sign_in
    return {
        "address": person.address,
        "name": person.name,
        "role": person.role.value,
        "disabled": person.disabled,
        "invited": not person.has_password,
        "second_factor": person.has_second_factor,
        "created": person.created.isoformat(),
        "last_sign_in": seen.isoformat() if seen else None,
    }
