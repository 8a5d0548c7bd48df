"""How the sources are doing, for the team; and the letter that tells of new troubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flask import Blueprint, render_template

from core.letters import Letter, LetterState
from core.model import Source
from core.people import Person
from core.settings import Settings
from core.text import NBSP
from core.weeks import french_date, paris_date, paris_midnight
from crawler.health import Health, State, fresh_troubles, health_of, health_of_all
from people.rights import SOMETHING, Action, may
from store import ReadTransaction, Transaction
from store.backfills import Backfill
from web.charts import Chart, Span, chart
from web.context import now, parts, today
from web.guard import open_to
from web.typography import count

bp = Blueprint("health", __name__, url_prefix="/bureau/sante")

WEEKS: Final = 26
DAY: Final = timedelta(days=1)
WINDOW: Final = DAY + timedelta(hours=1)  # the job of the day may come a little late
MOST_TOLD: Final = 40
LOW_DISK: Final = 500 * 2**20  # bytes: a collect and an index rebuild need some room


@dataclass(frozen=True, slots=True)
class Row:
    """A source as the team sees it."""

    health: Health
    sentence: str
    reading_back: str
    is_read_back: bool
    rhythm: str
    chart: Chart


@bp.get("")
@open_to(Action.MANAGE_SOURCES)
def index() -> str:
    """Every source: what goes wrong first."""
    p = parts()
    with p.store.read() as tx:
        found = health_of_all(tx, now())
        back = tx.backfills.of([one.source.id for one in found])
        weeks = p.memory.recall("weeks of sources", lambda: weekly(tx, today()))
    rows = [
        _row(one, weeks.get(one.source.id, [0] * WEEKS), back.get(one.source.id)) for one in found
    ]
    return render_template(
        "health/index.html", rows=rows, troubled=sum(one.is_trouble for one in found), weeks=WEEKS
    )


@bp.get("/<slug:slug>")
@open_to(Action.MANAGE_SOURCES)
def show(slug: str) -> str:
    """One source: its visits, its rhythm, its articles week by week."""
    p = parts()
    with p.store.read() as tx:
        source = tx.sources.by_slug(slug)
        moments = tx.articles.moments([source.id]).get(source.id, [])
        held = tx.articles.count(source=source.id, off_field=True)
        weeks = weekly(tx, today(), source).get(source.id, [0] * WEEKS)
        back = tx.backfills.of([source.id]).get(source.id)
        aside = tx.pages.rejected(source.id)[:20]
    return render_template(
        "health/show.html",
        row=_row(health_of(source, moments, now(), held), weeks, back),
        aside=aside,
    )


def _row(health: Health, weeks: Sequence[int], back: Backfill | None) -> Row:
    return Row(
        health,
        sentence_of(health),
        reading_back(back),
        back is not None and back.done is not None,
        rhythm_of(health.gap),
        chart(week_spans(today(), weeks)),
    )


# -- weeks ----------------------------------------------------------------------------------------


def weekly(tx: ReadTransaction, day: date, source: Source | None = None) -> dict[int, list[int]]:
    """How many articles of each source appeared in each of the last ``WEEKS`` weeks."""
    starts = _mondays(day)
    found: dict[int, list[int]] = {}
    since = paris_midnight(starts[0])
    for id, appeared in tx.articles.appearances(since, source.id if source else None):
        at = (paris_date(appeared) - starts[0]).days // 7
        if at < WEEKS:
            found.setdefault(id, [0] * WEEKS)[at] += 1
    return found


def week_spans(day: date, counts: Sequence[int]) -> list[Span]:
    """The last weeks, each with its count."""
    return [
        Span(f"semaine du {french_date(first)}", first, first + 6 * DAY, held)
        for first, held in zip(_mondays(day), counts, strict=True)
    ]


def _mondays(day: date) -> list[date]:
    last = day - timedelta(days=day.weekday())
    return [last - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]


# -- words ----------------------------------------------------------------------------------------


def sentence_of(health: Health) -> str:
    """What there is to say of a source, as a sentence; "" when all is well."""
    source = health.source
    why = f"{NBSP}: {source.last_error}" if source.last_error else ""
    match health.state:
        case State.REFUSED:
            return f"Refuse les robots{why}"
        case State.GIVEN_UP:
            return (
                f"Ne répond plus depuis le {_day(source.failing_since)}, essayée chaque mois{why}"
            )
        case State.FAILING:
            return f"En échec depuis le {_day(source.failing_since)}{why}"
        case State.SILENT:
            return f"Rien de nouveau depuis le {_day(health.latest)}"
        case State.NEW:
            return "Pas encore visitée"
        case _:
            return ""


def reading_back(held: Backfill | None) -> str:
    """How far back in time a source was read, and what that gave; "" when it is not."""
    if held is None:
        return ""
    if not held.done and not held.pages:
        return f"Archives à lire, vers le {french_date(paris_date(held.since))}"
    state = "Archives lues jusqu’au" if held.done else "Archives en cours de lecture, vers le"
    pages, found = count(held.pages, "page"), count(held.found, "article")
    return f"{state} {french_date(paris_date(held.since))}{NBSP}: {found} en {pages}"


def remark_of(health: Health) -> str:
    """What readers are told of a source; "" when all is well."""
    if health.source.opposed is not None:
        return "S’oppose à la fouille de textes : titres et liens seulement"
    if health.state is State.REFUSED:
        return "Refuse les robots"
    silent = health.state in {State.SILENT, State.GIVEN_UP, State.FAILING}
    return f"Rien de nouveau depuis le {_day(health.latest)}" if silent and _is_old(health) else ""


def _is_old(health: Health) -> bool:
    return health.latest is not None and now() - health.latest > timedelta(days=14)


def rhythm_of(gap: timedelta | None) -> str:
    """« environ tous les 3 jours »."""
    if gap is None:
        return "rythme inconnu"
    if gap < timedelta(hours=18):
        return f"environ {count(max(2, round(DAY / gap)), 'article')} par jour"
    days = round(gap / DAY)
    if days <= 1:
        return "environ un article par jour"
    if days < 6:
        return f"environ tous les {days}{NBSP}jours"
    weeks = round(days / 7)
    if weeks <= 1:
        return "environ toutes les semaines"
    return f"environ toutes les {weeks}{NBSP}semaines"


def _day(instant: datetime | None) -> str:
    return french_date(paris_date(instant)) if instant else "début"


# -- the letter -----------------------------------------------------------------------------------


def tell_troubles(
    tx: Transaction, settings: Settings, when: datetime, *, free: int | None = None
) -> int:
    """Put a letter about new troubles in the outbox of who manages sources; how many letters.

    ``free``: bytes left on the disk; little is a trouble, and so is a letter of which nobody knows
    whether it was received: both are told each day until somebody sees to them.

    At most one a person and a day, and none when nothing became worth telling since yesterday.
    """
    found = health_of_all(tx, when)
    fresh = fresh_troubles(found, when, WINDOW)
    alerts = alerts_of(tx, free)
    if not fresh and not alerts:
        return 0
    others = sum(one.is_trouble for one in found) - len(fresh)
    people = [one for one in tx.accounts.all() if _wants(one)]
    letters = [
        _letter(one, fresh, others=others, alerts=alerts, settings=settings, when=when)
        for one in people
    ]
    return tx.outbox.add_all(letters, now=when)


def alerts_of(tx: ReadTransaction, free: int | None) -> list[str]:
    """What else somebody has to see to, a sentence each."""
    found = []
    if free is not None and free < LOW_DISK:
        left = f"{free / 2**20:.0f}{NBSP}Mio"
        found.append(
            f"Il reste {left} sur le disque : faites de la place, sans quoi tout s’arrête."
        )
    if uncertain := tx.outbox.counts().get(LetterState.UNCERTAIN, 0):
        letters = count(uncertain, "message dont", "messages dont")
        found.append(
            f"{letters} personne ne sait s’il est parti : décidez par glaneuse mail list "
            "--state uncertain."
        )
    return found


def _wants(person: Person) -> bool:
    return (
        person.has_password
        and not person.disabled
        and may(person, Action.MANAGE_SOURCES, SOMETHING)
    )


def _letter(
    person: Person,
    fresh: Sequence[Health],
    *,
    others: int,
    alerts: Sequence[str],
    settings: Settings,
    when: datetime,
) -> Letter:
    lines = [f"- {one.source.name}{NBSP}: {sentence_of(one)}" for one in fresh[:MOST_TOLD]]
    more = len(fresh) - len(lines)
    if more > 0:
        lines.append(f"- et {count(more, 'autre')}")
    if others:
        lines += ["", f"{count(others, 'autre source va mal', 'autres sources vont mal')} déjà."]
    address = settings.public_url.rstrip("/")
    where = f"{address}/bureau/sante" if address else "Bureau, « Santé des sources »"
    if fresh:
        lines = ["Du nouveau parmi les sources de Glaneuse :", "", *lines, "", where]
    text = "\n".join(["Bonjour,", "", *(f"{one}\n" for one in alerts), *lines, ""])
    subject = count(len(fresh), "source à regarder", "sources à regarder")
    return Letter(
        key=f"health:{paris_date(when).isoformat()}:{person.id}",
        recipient=person.address,
        recipient_name=person.name,
        subject=f"Glaneuse : {'à voir aujourd’hui' if alerts else subject}",
        text=text,
        purpose="health",
    )
