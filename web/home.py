"""The home page: the last seven days by theme."""

from __future__ import annotations

from flask import Blueprint, render_template

from curation.period import Period
from web.context import now, parts
from web.weekly import Front, front_of

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """What leads the week, then the families of themes."""
    return render_template("home.html", front=front())


def front() -> Front:
    """The home page's content, worked out once in a while."""
    p = parts()
    return p.memory.recall(
        "front", lambda: front_of(p.store, Period.last_days(now()), p.vocabulary, p.settings)
    )
