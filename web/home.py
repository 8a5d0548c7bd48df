"""The home page: the last seven days by theme; and the page of what a reader keeps aside."""

from __future__ import annotations

from flask import Blueprint, render_template

from curation.period import Period
from web.context import parts
from web.weekly import Front, front_of

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """What leads the week, then the families of themes."""
    return render_template("home.html", front=front())


@bp.get("/de-cote")
def shelf() -> str:
    """What this browser keeps: we know nothing of it, its script fills the page."""
    return render_template("shelf.html")


def front() -> Front:
    """The home page's content, worked out once in a while."""
    p = parts()
    return p.memory.recall(
        "front",
        lambda: front_of(p.store, Period.last_days(p.clock()), p.vocabulary, p.settings),
        ahead=True,
    )
