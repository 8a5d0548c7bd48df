"""The web front end, alone or with the schedule."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from core.clock import now
from core.errors import AlreadyRunning, GlaneuseError
from core.settings import Settings
from glaneuse.orders import Stage
from glaneuse.wiring import alone, open_engine, open_store, settings_from

if TYPE_CHECKING:
    from flask import Flask

    from store import Store

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="HÔTE", help="Adresse écoutée."
)
SCHEDULE = "schedule"  # held alone by `run`, shared by the workers of one database
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, metavar="PORT",
    help="Port écouté (0 : un qui soit libre).",
)  # fmt: skip


@click.command()
@host_option
@port_option
@click.pass_obj
def serve(data_dir: Path | None, *, host: str, port: int) -> None:
    """Sert le site, sur le port voulu ou le premier libre après lui."""
    from web.server import free_port
    from web.server import serve as answer

    settings = settings_from(data_dir)
    with open_store(settings) as store:
        app = _application(settings, store, host)
        chosen = free_port(host, port)
        if chosen != port:
            click.echo(f"Le port {port} est pris.", err=True)
        click.echo(f"Glaneuse : http://{host}:{chosen} (Ctrl-C pour arrêter)")
        if first := _first_address(settings, store, f"http://{host}:{chosen}"):
            click.echo(f"Aucun compte encore. Pour ouvrir le premier : {first}")
        answer(app, host, chosen, trusted_proxy=settings.trusted_proxy)


@click.command()
@host_option
@port_option
@click.pass_obj
def run(data_dir: Path | None, *, host: str, port: int) -> None:
    """Sert le site, et fait à leur heure la collecte, les lettres et le ménage."""
    from glaneuse.running import Schedule
    from glaneuse.schedule import JOBS, Lane
    from web.entrance import may_write
    from web.server import free_port
    from web.server import serve as answer

    settings = settings_from(data_dir)
    signal.signal(signal.SIGTERM, _leave)
    with (
        alone(settings, "run"),
        open_store(settings) as store,
        store.holding(SCHEDULE) as allowed,
    ):
        if not allowed:
            raise AlreadyRunning("worker")
        app = _application(settings, store, host)
        chosen = free_port(host, port)
        if port and chosen != port:  # a proxy in front would not find us elsewhere
            raise GlaneuseError(f"Le port {port} est pris : donnez-en un autre par --port.")
        jobs = [job for job in JOBS if job.lane is not Lane.MAIL or may_write(settings)]
        say = _sayer(settings)
        schedule = Schedule(store, now, _command(settings), say, jobs)
        say("glaneuse", f"http://{host}:{chosen} (Ctrl-C pour arrêter)")
        if first := _first_address(settings, store, f"http://{host}:{chosen}"):
            say("glaneuse", f"aucun compte encore ; pour ouvrir le premier : {first}")
        schedule.start()
        try:
            answer(app, host, chosen, trusted_proxy=settings.trusted_proxy)
        finally:
            say("glaneuse", "arrêt : ce qui est en cours finit ou reprendra")
            schedule.stop()


@click.command()
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice([str(stage) for stage in Stage]),
    help="Ne faire que cela (à répéter) ; par défaut, tout.",
)
@click.option("--once", is_flag=True, help="Finir quand il n’y a plus rien à faire.")
@click.pass_obj
def worker(data_dir: Path | None, *, stages: tuple[str, ...], once: bool) -> None:
    """Prend sa part du travail, avec d’autres processus, sur PostgreSQL."""
    from glaneuse.schedule import JOBS, Lane
    from glaneuse.workers import Workers
    from glaneuse.workshop import Workshop
    from web.entrance import may_write

    settings = settings_from(data_dir)
    with open_store(settings) as store, store.holding(SCHEDULE, shared=True) as allowed:
        if not allowed:
            raise AlreadyRunning("run")
        jobs = [job for job in JOBS if job.lane is not Lane.MAIL or may_write(settings)]
        shop = Workshop(settings, store, now, jobs, _command(settings), _sayer(settings))
        chosen = [Stage(one) for one in stages] or list(Stage)
        Workers(settings.database_url, shop, chosen).run(once=once)


def _application(settings: Settings, store: Store, host: str) -> Flask:
    from taxonomy.vocabulary import load_vocabulary
    from web.application import create_app
    from web.hosts import THIS_MACHINE

    # A site that only this machine can reach, to try it, owes nobody its legal notice.
    shared = bool(settings.public_url) or host not in THIS_MACHINE
    return create_app(
        settings,
        store,
        open_engine(settings),
        load_vocabulary(),
        now,
        private_until_complete=shared,
    )


def _first_address(settings: Settings, store: Store, here: str) -> str:
    """Where the first account is opened; "" when there is one."""
    from people.secret import signing_secret
    from web.installation import first_address

    path = first_address(store, signing_secret(settings))
    return (settings.public_url or here) + path if path else ""


def _command(settings: Settings) -> Callable[[Sequence[str]], list[str]]:
    """How the words of a job become a process of this program on this data folder."""
    program = [sys.executable, "-m", "glaneuse", "--data-dir", str(settings.data_dir)]
    return lambda words: [*program, *words]


def _sayer(settings: Settings) -> Callable[[str, str], None]:
    """What speaks, as LOG_FORMAT wants it; what libraries log follows."""
    from glaneuse.logs import configure, say

    configure(settings)
    return lambda who, what: say(settings, now, who, what)


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
