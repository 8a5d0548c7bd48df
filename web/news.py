"""« Du nouveau »: what was gathered since a given moment, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

from flask import Blueprint, render_template, request

from core.model import Article
from core.weeks import paris_date, paris_midnight
from web.context import now, parts, today
from web.notice import Notice, notices

bp = Blueprint("news", __name__)

LONGEST: Final = timedelta(days=31)
MOST: Final = 200
SPANS: Final = ((1, "hier"), (3, "3 jours"), (7, "une semaine"), (31, "un mois"))


@dataclass(frozen=True, slots=True)
class Day:
    """What appeared on one day."""

    day: date
    notices: tuple[Notice, ...]


@bp.get("/nouveautes")
def show() -> str:
    """What came since yesterday, or since the moment that the address says."""
    p = parts()
    since, told = since_asked(request.args.get("depuis", ""), now())
    with p.store.read() as tx:
        found = tx.articles.gathered(since=since, within=LONGEST, limit=MOST + 1)
    return render_template(
        "news.html",
        since=since,
        told=told,
        days=_by_day(found[:MOST], p.settings.extract_length),
        total=len(found[:MOST]),
        more=len(found) > MOST,
        spans=[(label, (today() - timedelta(days=days)).isoformat()) for days, label in SPANS],
    )


def since_asked(written: str, present: datetime) -> tuple[datetime, str]:
    """The moment asked for, within the last ``LONGEST``; and what to tell the reader about it."""
    yesterday = paris_midnight(paris_date(present) - timedelta(days=1))
    if not written:
        return yesterday, ""
    moment = _moment(written.strip())
    if moment is None:
        return yesterday, "Cette date n'est pas comprise : voici ce qui est nouveau depuis hier."
    if moment > present:
        return yesterday, "Cette date est à venir : voici ce qui est nouveau depuis hier."
    earliest = paris_midnight(paris_date(present) - LONGEST)
    if moment < earliest:
        return earliest, "On ne remonte ici que d'un mois ; la recherche va plus loin."
    return moment, ""


def _moment(written: str) -> datetime | None:
    """An ISO date (midnight in Paris) or instant; None for anything else."""
    if not written.isascii() or len(written) > 35:
        return None
    try:
        if len(written) == 10:
            return paris_midnight(date.fromisoformat(written))
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _by_day(found: Iterable[Article], length: int) -> list[Day]:
    def day(article: Article) -> date:
        return paris_date(article.appeared) if article.appeared else today()

    return [
        Day(when, notices(some, parts().vocabulary, length)) for when, some in groupby(found, day)
    ]
