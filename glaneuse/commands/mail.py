"""The mail: sending what waits, looking at it, deciding what nobody else can decide."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from core.clock import now
from core.errors import Conflict
from core.letters import Decision, Letter, LetterState, OutboxId
from core.weeks import PARIS
from glaneuse.commands.options import json_option
from glaneuse.display import plural, progress_bar, show_failures
from glaneuse.wiring import alone, open_store, open_transport, settings_from

if TYPE_CHECKING:
    from core.model import Report
    from store.outbox import Entry

STATES = {
    LetterState.WAITING: "en attente",
    LetterState.HANDING: "en cours de remise",
    LetterState.SENT: "remis",
    LetterState.DEFERRED: "différé",
    LetterState.REFUSED: "refusé",
    LetterState.FAILED: "abandonné",
    LetterState.UNCERTAIN: "incertain",
    LetterState.DROPPED: "retiré",
}


@click.group()
def mail() -> None:
    """Le courrier : l’envoyer, le suivre, décider des messages incertains."""


@mail.command()
@click.option("--limit", type=click.IntRange(1), metavar="N", help="N messages au plus.")
@json_option
@click.pass_obj
def send(data_dir: Path | None, *, limit: int | None, as_json: bool) -> None:
    """Remet au serveur de courrier les messages qui attendent."""
    from mail.delivery import World, drain
    from mail.message import sender_from

    settings = settings_from(data_dir)
    transport = open_transport(settings)
    with (
        open_store(settings) as store,
        alone(settings, "mail"),
        progress_bar("Courrier") as progress,
    ):
        report = drain(
            store,
            transport,
            sender_from(settings),
            World(now),
            rate=settings.mail_rate,
            place=_place(settings.data_dir),
            limit=limit,
            progress=progress,
        )
        with store.read() as tx:
            uncertain = tx.outbox.counts().get(LetterState.UNCERTAIN, 0)
    if as_json:
        click.echo(json.dumps(asdict(report) | {"uncertain": uncertain}, ensure_ascii=False))
    else:
        _show(report, uncertain)
    if report.failures and not report.done:
        raise click.exceptions.Exit(1)


def _place(data_dir: Path) -> str:
    """This machine's data folder, on which ``alone`` holds the lock."""
    import platform

    return f"{platform.node()}:{data_dir.resolve()}"


def _show(report: Report, uncertain: int) -> None:
    show_failures(report)
    click.echo(
        f"{plural(report.done, 'message remis', 'messages remis')}, "
        f"{plural(report.skipped, 'remis à plus tard', 'remis à plus tard')}, "
        f"{plural(report.failed, 'refusé')}"
    )
    if uncertain:
        several = "messages incertains"
        click.echo(
            f"{plural(uncertain, 'message incertain', several)} : personne ne sait s’ils sont "
            "arrivés. glaneuse mail list --state uncertain, puis glaneuse mail decide"
        )


@mail.command("list")
@click.option(
    "--state", type=click.Choice([state.value for state in LetterState]), help="Cet état seulement."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N")
@json_option
@click.pass_obj
def list_letters(data_dir: Path | None, *, state: str | None, limit: int, as_json: bool) -> None:
    """Les messages, les derniers d’abord, et combien il y en a dans chaque état."""
    with open_store(settings_from(data_dir)) as store, store.read() as tx:
        counts = tx.outbox.counts()
        entries = tx.outbox.entries(LetterState(state) if state else None, limit=limit)
    if as_json:
        click.echo(json.dumps([_entry_json(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        click.echo(_line(entry))
    summary = ", ".join(f"{counts[one]} {word}" for one, word in STATES.items() if one in counts)
    click.echo(summary or "Aucun message.")


def _line(entry: Entry) -> str:
    when = entry.ended or entry.handed or entry.added
    day = f"{when.astimezone(PARIS):%d/%m/%Y %H:%M}"
    what = f"{entry.recipient or '(effacé)'}, « {entry.subject} »"
    answer = f"\n      {entry.answer}" if entry.answer else ""
    return f"{entry.id:>6}  {day}  {STATES[entry.state]} : {what}{answer}"


def _entry_json(entry: Entry) -> dict[str, Any]:
    instants = ("added", "due", "handed", "ended")
    return asdict(entry) | {
        name: value.isoformat() if (value := getattr(entry, name)) else None for name in instants
    }


@mail.command()
@click.argument("id", metavar="NUMÉRO", type=int)
@click.argument("decision", type=click.Choice([one.value for one in Decision]))
@click.pass_obj
def decide(data_dir: Path | None, id: int, decision: str) -> None:
    """Un message incertain, refusé ou abandonné : le renvoyer (resend) ou le retirer (drop)."""
    with open_store(settings_from(data_dir)) as store, store.begin() as tx:
        try:
            tx.outbox.decide(OutboxId(id), Decision(decision), now=now())
        except Conflict as error:
            state = STATES[tx.outbox.by_id(OutboxId(id)).state]
            raise click.ClickException(f"Message {id}, {state} : rien à décider.") from error
    resent = decision == Decision.RESEND
    click.echo(f"Message {id} : {'il sera renvoyé.' if resent else 'retiré.'}")


@mail.command()
@click.argument("address", metavar="ADRESSE")
@click.pass_obj
def test(data_dir: Path | None, address: str) -> None:
    """Remet un message d’essai, tout de suite, et dit la réponse du serveur."""
    from mail.addresses import parse_address
    from mail.delivery import send_one
    from mail.message import compose, sender_from

    settings = settings_from(data_dir)
    letter = Letter(
        key=f"test:{uuid4().hex}",
        recipient=parse_address(address).normal,
        subject="Message d’essai de Glaneuse",
        text="Bonjour,\n\nCe message a été demandé par « glaneuse mail test ». Tout va bien.",
        html="<p>Bonjour,</p><p>Ce message a été demandé par "
        "« glaneuse mail test ». Tout va bien.</p>",
        purpose="test",
    )
    transport, instant = open_transport(settings), now()
    message = compose(letter, sender_from(settings), date=instant, now=instant)
    answer = send_one(transport, message)
    click.echo(answer.line)
    if answer.code // 100 != 2:
        raise click.exceptions.Exit(1)
