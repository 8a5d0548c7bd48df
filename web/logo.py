"""The organisation's logo: received, cleaned as images of letters are, shown in their place."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from core.errors import Unreadable
from core.newsletters import Picture
from core.settings import LOGO, Logo
from curation.pictures import HEAVIEST, clean_picture
from people.rights import Action
from web import guard
from web.context import now, parts
from web.forms import tell
from web.guard import open_to

bp = Blueprint("logo", __name__, url_prefix="/administration/site/logo")

TALLEST: Final = 200  # pixels: four times the height shown, for fine screens
NAMELESS: Final = (
    "Donnez d’abord le nom de votre organisation : il dit le logo à qui ne le voit pas."
)
TOO_HEAVY: Final = f"Cette image est trop lourde : {HEAVIEST // 2**20} Mo au plus."


@bp.post("")
@open_to(Action.CONFIGURE_SITE)
def choose() -> Response:
    """An image becomes the logo, or the reason why not is told."""
    try:
        picture = _received()
    except Unreadable as error:
        tell(error.reason)
        return _back()
    with parts().store.begin() as tx:
        tx.pictures.keep(picture, now=now())
    _say(str(Logo(picture.name, picture.width, picture.height)))
    tell("Le logo est en place.")
    return _back()


@bp.post("/retirer")
@open_to(Action.CONFIGURE_SITE)
def remove() -> Response:
    """None any more."""
    _say("")
    tell("Le logo est retiré.")
    return _back()


@bp.errorhandler(RequestEntityTooLarge)
def too_heavy(_error: RequestEntityTooLarge) -> Response:
    """The form is not even read: back to it, with the reason."""
    tell(TOO_HEAVY)
    return _back()


def _received() -> Picture:
    """Raises Unreadable in French, RequestEntityTooLarge."""
    given = request.files.get("logo")
    if not parts().settings.site_name:
        raise Unreadable("image", NAMELESS)
    if given is None or not given.filename:
        raise Unreadable("image", "Choisissez une image.")
    return clean_picture(given.stream.read(), tallest=TALLEST)


def _say(logo: str) -> None:
    p, who, when = parts(), guard.me(), now()
    before = {"logo": str(p.settings.logo or "")}
    with p.store.begin() as tx:
        tx.said_settings.say({LOGO: logo}, by=who, now=when)
        tx.audit.record(who, "configure", "site", "site", before, {"logo": logo}, now=when)
    p.site.look()


def _back() -> Response:
    return redirect(url_for("installation.show", _anchor="logo"), 303)
