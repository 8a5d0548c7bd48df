"""Images of letters: received, cleaned, kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from core.errors import NotFound, Unreadable
from core.newsletters import EntryKind, NewsletterId
from core.text import one_line
from curation.newsletter_editing import changed, entry_of
from curation.newsletter_saving import save
from curation.pictures import HEAVIEST, clean_picture
from people.rights import Action
from web import guard
from web.context import now, parts
from web.forms import tell
from web.guard import open_to
from web.newsletter_desk import NUMBER
from web.newsletter_form import LONGEST_LINE

bp = Blueprint("newsletter_pictures", __name__, url_prefix="/bureau/lettres")

TOO_HEAVY: Final = (
    f"Cette image est trop lourde : {HEAVIEST // 2**20} Mo au plus. Réduisez-la, ou choisissez-en "
    "une autre."
)


@bp.route(f"/<{NUMBER}:id>/image/<entry>", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def choose(id: int, entry: str) -> Response:
    """Which image, what it shows, whose it is."""
    letter = NewsletterId(id)
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_id(letter)
    found = entry_of(newsletter.content, entry)
    if found is None or found.kind is not EntryKind.IMAGE:
        raise NotFound("page", entry[:40])
    alert = ""
    if request.method == "POST":
        try:
            return _receive(letter, entry)
        except Unreadable as error:
            alert = error.reason
    page = render_template(
        "newsletters/picture.html", newsletter=newsletter, entry=found, alert=alert
    )
    return make_response(page, 422 if alert else 200)


@bp.errorhandler(RequestEntityTooLarge)
def too_heavy(_error: RequestEntityTooLarge) -> Response:
    """The form is not even read: back to it, with the reason."""
    tell(TOO_HEAVY)
    return redirect(request.path, 303)


def _receive(id: NewsletterId, entry: str) -> Response:
    """Raises Unreadable in French, RequestEntityTooLarge."""
    given = request.files.get("image")
    picture = clean_picture(given.stream.read()) if given and given.filename else None
    said: dict[str, Any] = {
        "alternative": one_line(request.form.get("alternative", ""))[:LONGEST_LINE],
        "credit": one_line(request.form.get("credit", ""))[:LONGEST_LINE],
    }
    if picture is None and not request.form.get("garder"):
        raise Unreadable("image", "Choisissez une image.")
    who, when = guard.me(), now()
    with parts().store.begin() as tx:
        newsletter = tx.newsletters.hold(id)
        if picture is not None:
            tx.pictures.keep(picture, now=when)
            said["image"] = picture.name
        content = changed(newsletter.content, entry, lambda one: replace(one, **said))
        save(tx, id, content, read=newsletter.version, by=who, now=when)
    tell("L’image est dans la lettre.")
    return redirect(url_for("newsletter_desk.show", id=id, _anchor=f"e-{entry}"), 303)
