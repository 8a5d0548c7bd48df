"""How the installation is doing, for who administers it: what ``/metrics`` tells, in charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, render_template

from core.letters import LetterState
from core.text import NBSP
from core.weeks import french_date, paris_date, paris_midnight
from people.rights import Action
from store import ReadTransaction
from store.jobs import JobRun
from web.charts import Chart, Span, chart
from web.context import now, parts, today
from web.guard import open_to
from web.metrics import latencies, queues, waits
from web.typography import number

bp = Blueprint("watching", __name__, url_prefix="/administration/fonctionnement")

DAYS: Final = 14
SEARCHES: Final = frozenset({"search.show", "api.search"})
QUEUES: Final = {
    "fetch": "Pages à visiter",
    "read": "Pages à lire",
    "group": "Articles à comparer",
    "index": "Articles à indexer",
    "mail": "Messages à envoyer",
}
LETTERS: Final = {
    LetterState.WAITING: "En attente",
    LetterState.HANDING: "En train de partir",
    LetterState.DEFERRED: "Refusés pour l’instant",
    LetterState.SENT: "Envoyés",
    LetterState.REFUSED: "Refusés",
    LetterState.FAILED: "Abandonnés",
    LetterState.UNCERTAIN: "Incertains",
    LetterState.DROPPED: "Écartés",
}
JOBS: Final = {
    "update": "Collecte, lecture, thèmes, index",
    "weeks": "Semaines closes",
    "retention": "Durées de conservation",
    "health": "Lettre sur la santé des sources",
    "letters": "Recherches suivies et semaine par courriel",
    "newsletters": "Lettres de la rédaction",
    "mail": "Envoi du courrier",
}
WIDTH: Final = 100  # of a bar's drawing, in its own units


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its bar: ``width`` of ``WIDTH``; ``besides``: another column's words."""

    label: str
    count: int
    width: float
    besides: str = ""


@bp.get("")
@open_to(Action.MANAGE_ACCOUNTS)
def show() -> str:
    """Visits, queues, searches, mail, jobs."""
    p = parts()
    with p.store.read() as tx:
        read, aside = p.memory.recall("fetches by day", lambda: _by_day(tx, today()))
        held, since = queues(tx, now()), waits(tx, now())
        waiting = lines(
            (label, held[stage], lasting(since[stage]) if since.get(stage) else "")
            for stage, label in QUEUES.items()
        )
        counts = tx.outbox.counts()
        runs = [one for name, one in tx.jobs.all().items() if name in JOBS]
    return render_template(
        "accounts/watching.html",
        read=read,
        aside=aside,
        days=DAYS,
        waiting=waiting,
        searches=lines((told, count, "") for told, count in _bands(latencies(SEARCHES))),
        letters=lines((LETTERS[state], counts.get(state, 0), "") for state in _told(counts)),
        runs=[(JOBS[one.name], one, _took(one)) for one in runs],
        width=WIDTH,
    )


def lines(figures: Iterable[tuple[str, int, str]]) -> list[Line]:
    """Figures side by side; one that is not zero is never drawn thinner than a line."""
    held = list(figures)
    most = max((count for _, count, _ in held), default=0)
    return [
        Line(label, count, max(1.0, round(WIDTH * count / most, 1)) if count else 0.0, besides)
        for label, count, besides in held
    ]


def lasting(wait: timedelta) -> str:
    """« 40 s », « 12 min », « 5 h », « 3 jours »."""
    seconds = int(wait.total_seconds())
    for size, unit in ((86_400, "jours"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and unit != "jours"):
            return f"{seconds // size}{NBSP}{unit}"
    return f"{seconds}{NBSP}s"


def _by_day(tx: ReadTransaction, day: date) -> tuple[Chart, Chart]:
    """Pages fetched on each of the last days, and those of them that were set aside."""
    days = [day - timedelta(days=ago) for ago in reversed(range(DAYS))]
    fetched = tx.pages.fetches(paris_midnight(days[0]))
    every = Counter(paris_date(at) for at, _ in fetched)
    aside = Counter(paris_date(at) for at, was_set_aside in fetched if was_set_aside)
    return _chart(days, every), _chart(days, aside)


def _chart(days: Sequence[date], counts: Counter[date]) -> Chart:
    return chart([Span(french_date(one), one, one, counts[one]) for one in days])


def _bands(counts: Sequence[tuple[float, int]]) -> list[tuple[str, int]]:
    """« jusqu’à 80 ms », « plus de 5 000 ms »; the ends where there is nothing are left out."""
    used = [at for at, (_, count) in enumerate(counts) if count]
    if not used:
        return []
    bounds = [round(1000 * bound) for bound, _ in counts[:-1]]
    names = [f"jusqu’à{NBSP}{number(one)}{NBSP}ms" for one in bounds]
    names.append(f"plus de {number(bounds[-1])}{NBSP}ms")
    told = list(zip(names, (count for _, count in counts), strict=True))
    return told[: used[-1] + 1]


def _told(counts: Mapping[LetterState, int]) -> list[LetterState]:
    """The states of letters that there are, and that none waits."""
    return [one for one in LETTERS if counts.get(one) or one is LetterState.WAITING]


def _took(run: JobRun) -> str:
    if run.ended is None:
        return "en cours, ou interrompu"
    said = lasting(run.ended - run.started)
    return f"{said}, en échec : {run.said}" if run.failed else said
