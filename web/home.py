"""The home page: the last seven days by theme; and the page of what a reader keeps aside."""

from __future__ import annotations

from flask import Blueprint, render_template

from core.model import EntityType
from curation.period import Period
from web.context import parts
from web.weekly import front_of

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """What leads the week, then the families of themes."""
    p = parts()

    def make() -> str:
        period = Period.last_days(p.clock())
        front = front_of(p.store, period, p.vocabulary, p.settings)
        near = p.lexicon.get(EntityType.TERRITORY, p.settings.territory)
        return render_template("home.html", front=front, near=near)

    return p.memory.recall("home", make, ahead=True)


@bp.get("/de-cote")
def shelf() -> str:
    """What this browser keeps: we know nothing of it, its script fills the page."""
    return render_template("shelf.html")
