"""Setting up an installation, and asking whether it is all right."""

from __future__ import annotations

import difflib
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from core.clock import now
from core.errors import GlaneuseError, IndexMissing, IndexOutdated, SearchUnavailable
from core.letters import LetterState
from core.settings import FILE_NAME, TABLE, Settings, completed
from core.weeks import paris_iso
from glaneuse.commands.options import json_option
from glaneuse.display import plural
from glaneuse.messages import sentence
from glaneuse.schedule import JOBS
from glaneuse.wiring import open_engine, open_store, open_transport, settings_from

if TYPE_CHECKING:
    from crawler.health import Health
    from store.jobs import JobRun


@click.command()
@click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="PAQUET",
    help="Un paquet de sources pour commencer (« tous » : toutes) ; sans lui, on vous demande.",
)
@click.pass_obj
def init(data_dir: Path | None, packs: tuple[str, ...]) -> None:
    """Prépare le dossier de données : base, réglages, sources pour commencer."""
    from glaneuse.commands.sources import add_packs, ask_for_packs

    settings = settings_from(data_dir)
    with open_store(settings) as store:
        with store.read() as tx:
            is_new = not tx.sources.all()
        if not packs and is_new and sys.stdin.isatty():
            packs = ask_for_packs()
        if packs:
            click.echo(add_packs(store, packs))
    file = settings.data_dir / FILE_NAME
    if not file.exists():
        file.write_text(_commented_settings(), encoding="utf-8")
    click.echo(f"Prêt : {settings.data_dir}")
    click.echo(f"Réglages : {file}")
    click.echo("Ensuite : glaneuse sources add ADRESSE (ou --pack PAQUET), puis glaneuse update")


def _commented_settings() -> str:
    lines = ["# Réglages de Glaneuse : ôtez le « # » devant ceux que vous changez.", ""]
    for setting in TABLE:
        if setting.name != "DATA_DIR":  # the folder that holds this file
            lines += [f"# {setting.help}", f'# {setting.name} = "{setting.default}"', ""]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is all right, what was seen, what to do if not."""

    name: str
    ok: bool
    seen: str
    advice: str = ""


@click.command()
@json_option
@click.pass_obj
def doctor(data_dir: Path | None, *, as_json: bool) -> None:
    """Tout va-t-il bien ? Sinon, que faire."""
    checks = list(_checks(settings_from(data_dir)))
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            click.echo(f"{'✓' if check.ok else '✗'} {check.name} : {check.seen}")
            if check.advice:
                click.echo(f"    → {check.advice}")
    if not all(check.ok for check in checks):
        raise click.exceptions.Exit(1)


def _checks(settings: Settings) -> Iterator[Check]:
    there = settings.data_dir.is_dir()
    yield Check(
        "Dossier de données", there, str(settings.data_dir), "" if there else "glaneuse init"
    )
    yield _disk(settings)
    yield from _said_wrong(settings)
    yield from _store_and_engine(settings)


def _contact(settings: Settings) -> Check:
    if settings.contact or settings.public_url:
        return Check("Contact pour les éditeurs", ok=True, seen=settings.contact)
    advice = "donnez CONTACT (adresse ou page) : les sites visités doivent pouvoir vous écrire"
    return Check("Contact pour les éditeurs", ok=False, seen="aucun", advice=advice)


def _mentions(settings: Settings) -> Check:
    from web.legal import missing_mentions

    missing = missing_mentions(settings)
    if not missing or not settings.public_url:  # without an address of its own, nobody reads it
        return Check(
            "Mentions légales", ok=True, seen="site non publié" if missing else "complètes"
        )
    names = ", ".join(name for name, _ in missing)
    return Check(
        "Mentions légales", False, "incomplètes", f"donnez {names} (réglages, ou page « Ce site »)"
    )


def _disk(settings: Settings) -> Check:
    from web.health import LOW_DISK

    folder = settings.data_dir if settings.data_dir.exists() else Path()
    free = shutil.disk_usage(folder).free
    seen = f"{free / 2**30:.1f} Gio libres".replace(".", ",")
    advice = "" if free >= LOW_DISK else "faites de la place sur ce disque"
    return Check("Disque", free >= LOW_DISK, seen, advice)


def _said_wrong(settings: Settings) -> Iterator[Check]:
    """Settings whose value only its user can judge: what it says of them."""
    from people.secret import signing_secret
    from taxonomy.lexicon import load_lexicon

    try:
        signing_secret(settings)
    except GlaneuseError as error:
        yield Check("Secret", False, sentence(error), "corrigez SECRET_KEY, ou ôtez-la")
    known = load_lexicon().territories
    if settings.territory and settings.territory not in known:
        near = difflib.get_close_matches(settings.territory, known, n=1)
        advice = f"vouliez-vous dire {near[0]} ?" if near else "voyez les pages /territoires"
        yield Check("Territoire", False, f"TERRITORY « {settings.territory} » inconnu", advice)


def _store_and_engine(settings: Settings) -> Iterator[Check]:
    from crawler.health import health_of_all

    try:
        store = open_store(settings)
    except GlaneuseError as error:
        yield Check("Base de données", ok=False, seen=sentence(error))
        return
    with store, store.read() as tx:
        held = tx.articles.count(off_field=True)
        waiting = tx.changes.count()
        troubled = [one for one in health_of_all(tx, now()) if one.is_trouble]
        sources = len(tx.sources.all())
        aside = tx.pages.count_set_aside()
        letters = tx.outbox.counts()
        runs = tx.jobs.all()
        settings = completed(settings, tx.said_settings.all())
    yield Check("Base de données", ok=True, seen=plural(held, "article"))
    yield _contact(settings)
    yield _mentions(settings)
    yield _sources(sources, troubled)
    if aside:
        seen = plural(aside, "page mise de côté", "pages mises de côté")
        yield Check("Pages illisibles", ok=True, seen=f"{seen} (glaneuse reread --list)")
    yield _engine(settings, held, waiting)
    yield from _mail(settings, letters)
    yield _clock(runs, now())
    yield from _schedule(runs)


def _sources(count: int, troubled: Sequence[Health]) -> Check:
    if not count:
        return Check("Sources", False, "aucune", "glaneuse sources add ADRESSE")
    from crawler.health import State

    failing = [one.source.slug for one in troubled if one.state is not State.SILENT]
    silent = [one.source.slug for one in troubled if one.state is State.SILENT]
    said = [f"{len(failing)} en échec : {', '.join(failing)}"] if failing else []
    said += [f"{len(silent)} sans rien de nouveau : {', '.join(silent)}"] if silent else []
    if said:
        advice = "glaneuse sources check" if failing else "glaneuse sources health"
        return Check("Sources", not failing, " ; ".join(said), advice)
    return Check("Sources", ok=True, seen=plural(count, "source"))


def _engine(settings: Settings, held: int, waiting: int) -> Check:
    from indexer.engine import Query

    engine = open_engine(settings)
    try:
        engine.search(Query(size=1, plain=True))
        indexed = engine.count()
    except SearchUnavailable as error:
        return Check("Recherche", False, f"{engine.name} : {error}", _mending(settings, error))
    seen = f"{engine.name}, {plural(indexed, 'article indexé', 'articles indexés')}"
    if waiting:
        return Check("Recherche", False, f"{seen}, {waiting} en attente", "glaneuse index")
    if indexed != held:
        return Check("Recherche", False, f"{seen} pour {held}", "glaneuse index --rebuild")
    return Check("Recherche", ok=True, seen=seen)


def _mail(settings: Settings, letters: dict[LetterState, int]) -> Iterator[Check]:
    waiting = letters.get(LetterState.WAITING, 0) + letters.get(LetterState.DEFERRED, 0)
    seen = f", {plural(waiting, 'message')} en attente" if waiting else ""
    if not settings.smtp_url:
        advice = "donnez SMTP_URL et MAIL_FROM, puis : glaneuse mail send" if waiting else ""
        yield Check("Courrier", not waiting, f"aucun serveur, rien n’est envoyé{seen}", advice)
        return
    from mail.delivery import check

    try:
        yield Check("Courrier", True, f"{check(open_transport(settings))}{seen}")
    except GlaneuseError as error:
        yield Check("Courrier", False, f"{sentence(error)}{seen}", "vérifiez SMTP_URL et MAIL_FROM")
    uncertain = letters.get(LetterState.UNCERTAIN, 0)
    if uncertain:
        seen = plural(uncertain, "message incertain", "messages incertains")
        yield Check("Courrier", False, seen, "glaneuse mail list --state uncertain")


def _mending(settings: Settings, error: SearchUnavailable) -> str:
    """What brings the search back: only an index of another version is to be made again."""
    if isinstance(error, IndexMissing):
        return "glaneuse update"
    if isinstance(error, IndexOutdated) or not settings.meilisearch_url:
        return "glaneuse index --rebuild"
    return (
        f"voyez si Meilisearch tourne et répond à {settings.meilisearch_url} (systemctl start "
        "meilisearch, ou podman compose up --detach meilisearch) ; l’index n’est pas à refaire"
    )


SKEW: Final = timedelta(minutes=5)  # between two machines that keep time


def _clock(runs: dict[str, JobRun], now: datetime) -> Check:
    """A clock put back shows by what ran in the future; one ahead, by what retention saw."""
    from people.retention import CLOCK

    ahead = [run for run in runs.values() if run.started > now + SKEW]
    if ahead:
        seen = f"{paris_iso(now)}, alors que « {ahead[0].name} » a tourné plus tard"
        return Check("Horloge", False, seen, "mettez la machine à l’heure (NTP) ; rien n’est perdu")
    if CLOCK in runs and runs[CLOCK].said:
        seen = f"{paris_iso(now)}, après un bond de {runs[CLOCK].said}"
        return Check("Horloge", False, seen, "si elle est juste, ce n’est rien : voyez demain")
    return Check("Horloge", True, paris_iso(now))


def _schedule(runs: dict[str, JobRun]) -> Iterator[Check]:
    """What `glaneuse run` did; nothing where the schedule is somebody else's."""
    if not runs:
        return
    failed = [run for run in runs.values() if run.failed]
    late = [
        job.name
        for job in JOBS
        if job.name in runs and runs[job.name].started < now() - 3 * job.every
    ]
    for run in failed:
        yield Check("Horaire", False, f"{run.name} : {run.said}", f"glaneuse {run.name}")
    if late and not failed:
        seen = f"en retard : {', '.join(late)}"
        yield Check("Horaire", False, seen, "glaneuse run tourne-t-il ?")
    if not failed and not late:
        yield Check("Horaire", True, plural(len(runs), "tâche à l’heure", "tâches à l’heure"))
