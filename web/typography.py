"""French on the page: Jinja filters for texts, dates, numbers and access."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask import Flask
from markupsafe import Markup, escape

from core.model import Access
from core.text import NARROW_NBSP, NBSP, typographic
from core.weeks import PARIS, french_day, french_span, french_when, paris_date
from indexer.engine import Piece
from web.context import today

ACCESS = {
    Access.FREE: "Accès libre",
    Access.SUBSCRIBERS: "Réservé aux abonnés",
    Access.UNKNOWN: "Accès non précisé",
    Access.UNREAD: "Non lu par Glaneuse",
}


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters |= {
        "fr": typographic,
        "day": day,
        "when": when,
        "moment": moment,
        "span": lambda days: _together(french_span(*days)),
        "together": _together,
        "number": number,
        "count": count,
        "percent": percent,
        "access": lambda access: ACCESS[access],
        "paris_iso": paris_iso,
        "instant": instant,
        "breakable": breakable,
        "marked": marked,
    }


def day(when: datetime | date) -> str:
    """« dimanche 22 novembre 2026 », in Paris."""
    return _together(french_day(_date(when)))


def when(when: datetime | date) -> str:
    """« hier », « vendredi 20 novembre », « 2 janvier 2024 »."""
    return _together(french_when(_date(when), today()))


def moment(instant: datetime) -> str:
    """« mardi 24 novembre 2026 à 8 h 40 », in Paris; the day alone at midnight."""
    there = instant.astimezone(PARIS)
    hour = f" à {there.hour}{NBSP}h{NBSP}{there.minute:02}" if there.hour or there.minute else ""
    return f"{day(instant)}{hour}"


def paris_iso(when: datetime | date) -> str:
    """The date in Paris, for machines."""
    return _date(when).isoformat()


def instant(when: datetime) -> str:
    """The instant as RFC 3339 wants it, for feeds."""
    return when.isoformat(timespec="seconds")


def _date(when: datetime | date) -> date:
    return paris_date(when) if isinstance(when, datetime) else when


def number(value: int) -> str:
    """« 12 345 »."""
    return f"{value:,}".replace(",", NARROW_NBSP)


def count(value: int, one: str, several: str | None = None) -> str:
    """« 1 article », « 12 articles »; none is singular in French."""
    name = one if value < 2 else several or f"{one}s"
    return f"{number(value)}{NBSP}{name}"


def percent(share: float) -> str:
    """« 87 % », of a share between 0 and 1."""
    return f"{round(share * 100)}{NBSP}%"


def breakable(text: str) -> Markup:
    """A host name that may break after its dots on narrow screens."""
    return Markup(str(escape(text)).replace(".", ".<wbr>"))  # noqa: S704  escaped above


def marked(pieces: Iterable[Piece]) -> Markup:
    """A title or an excerpt, the words that answer in ``mark``: forty on a page of answers.

    Signs that no indexed text has stand for the marks meanwhile: all is escaped at once.
    """
    written = "".join(f"\x02{one.text}\x03" if one.marked else one.text for one in pieces)
    escaped = str(escape(typographic(written)))
    return Markup(escaped.replace("\x02", "<mark>").replace("\x03", "</mark>"))  # noqa: S704


def _together(written: str) -> str:
    """The day's number and its month do not part."""
    words = written.split(" ")
    places = [at for at, word in enumerate(words) if word[:1].isdigit() and at + 1 < len(words)]
    return "".join(
        word + ("" if at == len(words) - 1 else NBSP if at in places else " ")
        for at, word in enumerate(words)
    )
