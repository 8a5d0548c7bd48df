"""Pages of two kinds of text: what practice has to say, and what it works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request, url_for

from core.model import Kind
from web.context import parts
from web.notice import notices
from web.paging import SIZE, page_asked, paging

bp = Blueprint("kinds", __name__)


@dataclass(frozen=True, slots=True)
class Room:
    """A page of one kind: its address, and how it presents itself."""

    slug: str
    kind: Kind
    title: str
    lead: str


ROOMS: Final = {
    one.slug: one
    for one in (
        Room(
            "paroles-de-terrain",
            Kind.PRACTICE,
            "Paroles de terrain",
            "Des professionnelles et des professionnels, des équipes, des bénévoles, des personnes "
            "accompagnées racontent comment ils font, ce qui tient et ce qui ne tient pas.",
        ),
        Room(
            "boite-a-outils",
            Kind.TOOL,
            "Boîte à outils",
            "Guides, fiches, grilles, kits et méthodes que l’on peut prendre en main.",
        ),
    )
}
ROOM: Final = f"<any({', '.join(map(repr, ROOMS))}):section>"


@bp.get(f"/{ROOM}")
def show(section: str) -> str:
    """The articles of one kind, latest first."""
    p, room, page = parts(), ROOMS[section], page_asked(request.args.get("page"))
    with p.store.read() as tx:
        total = p.memory.recall(room.kind, lambda: tx.articles.count(kinds=(room.kind,)))
        where = paging(page, total, lambda at: url_for("kinds.show", section=section, page=at))
        found = tx.articles.recent(kinds=(room.kind,), limit=SIZE, offset=(page - 1) * SIZE)
    return render_template(
        "kinds/show.html",
        room=room,
        rooms=ROOMS,
        paging=where,
        notices=notices(found, p.vocabulary, p.settings.extract_length),
    )
