"""The first day: the first account, whose site this is, its first sources, a letter to try.

Until the legal notice is complete, readers of a site that others can reach are asked to wait.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from core.errors import Conflict
from core.letters import Letter
from core.model import EntityType
from core.settings import SAYABLE, SHORT
from crawler.starters import add_starters, starter_list
from people import accounts
from people.accounts import make_link
from people.rights import Action
from store import Store
from web import guard, legal
from web.context import entrance, extension, now, parts
from web.forms import FirstAccountForm, FrenchForm, is_sent, opened, tell, tidy
from web.guard import open_to, open_to_anyone
from web.hosts import HEALTH

bp = Blueprint("installation", __name__)

CLOSED: Final = "glaneuse-closed"
# What readers may see of a site that is not complete: its legal pages, and whether it runs.
OPEN_ROOMS: Final = frozenset({"legal", "metrics"})
OPEN_PLACES: Final = frozenset({HEALTH, "newsletters.picture"})  # an image: the logo is one
ENTRY: Final = "first"
LEAST_CONTRAST: Final = 4.5  # WCAG 2.2, success criterion 1.4.3
PAPER: Final = "#fcfaf4"  # the page's own colour, in light
LONGEST: Final = 500


def _readable(_form: Any, field: Any) -> None:
    """A colour that can be read on the page, as links are."""
    if not field.data:
        return
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", field.data):
        raise ValidationError("Écrivez une couleur comme #1d5550.")
    if contrast(field.data, PAPER) < LEAST_CONTRAST:
        raise ValidationError("Cette couleur est trop claire pour des liens : foncez-la.")


def _territory(_form: Any, field: Any) -> None:
    if field.data and parts().lexicon.get(EntityType.TERRITORY, field.data) is None:
        raise ValidationError("Ce département n’est pas connu.")


_SHORT: Final = Length(max=SHORT, message=f"{SHORT} caractères au plus.")
_LONG: Final = Length(max=LONGEST, message=f"{LONGEST} caractères au plus.")


class SiteForm(FrenchForm):
    """Whose site this is. Fields are named as settings are."""

    site_name = StringField("Nom de votre organisation", [_SHORT], filters=[tidy])
    colour = StringField("Couleur des liens et des boutons", [_readable], filters=[tidy])
    territory = StringField("Département", [_territory], filters=[tidy])
    publisher = StringField("Éditeur du site", [_LONG], filters=[tidy])
    publisher_address = StringField("Adresse postale de l’éditeur", [_LONG], filters=[tidy])
    director = StringField("Direction de la publication", [_LONG], filters=[tidy])
    host = StringField("Hébergeur", [_LONG], filters=[tidy])
    contact = StringField("Où vous écrire", [_LONG], filters=[tidy])


def install(app: Flask, *, private_until_complete: bool) -> None:
    """Have readers wait while the site is not complete."""
    app.extensions[CLOSED] = private_until_complete
    app.before_request(_wait)


def first_address(store: Store, secret: str) -> str:
    """The path by which the first account is opened; "" when there is an account."""
    with store.read() as tx:
        if tx.accounts.all():
            return ""
    return f"/premiers-pas/{_signer(secret).dumps(ENTRY)}"


# -- readers --------------------------------------------------------------------------------------


def is_closed() -> bool:
    """Whether readers wait: others can reach this site, and the legal notice is not complete."""
    return bool(extension(CLOSED) and legal.missing_mentions(parts().settings))


def _wait() -> AnyResponse | None:
    if guard.is_for_readers(request.endpoint or "") and is_closed():
        is_open = request.blueprint in OPEN_ROOMS or request.endpoint in OPEN_PLACES
        if is_open or guard.person() is not None:
            return None
        answer = make_response(render_template("installation/closed.html"), 503)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Retry-After"] = "3600"
        return answer
    return None


@bp.get("/couleur.css")
@open_to_anyone
def colour() -> Response:
    """The organisation's colour, in light; the dark scheme keeps ours."""
    wanted = parts().settings.colour
    sheet = (
        f"@media not (prefers-color-scheme: dark) {{\n  :root {{ --link: {wanted}; "
        f"--button: {wanted}; --focus: {wanted}; }}\n}}\n"
        if wanted
        else ""
    )
    return Response(sheet, content_type="text/css; charset=utf-8")


# -- the first account ----------------------------------------------------------------------------


@bp.route("/premiers-pas/<token>", methods=["GET", "POST"])
@open_to_anyone
def first(token: str) -> AnyResponse:
    """Open the first account, for who holds the address that the command printed."""
    try:
        if _signer(entrance().secret).loads(token) != ENTRY:
            abort(404)
    except BadData:
        abort(404)
    form = opened(FirstAccountForm)
    with parts().store.begin() as tx:
        if tx.accounts.all():
            tell("Le premier compte est ouvert : connectez-vous.")
            return redirect(url_for("accounts.sign_in"), 303)
        if not is_sent(form):
            status = 422 if request.method == "POST" else 200
            return make_response(render_template("installation/first.html", form=form), status)
        try:
            person = accounts.open_first(
                tx, address=form.adresse.data or "", name=form.nom.data or "", now=now()
            )
        except Conflict:
            return redirect(url_for("accounts.sign_in"), 303)
        _, link = make_link(tx, entrance().links, person, now())
    return redirect(url_for("accounts.invitation", token=link), 303)


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="glaneuse first account")


# -- whose site this is ---------------------------------------------------------------------------


@bp.route("/administration/site", methods=["GET", "POST"])
@open_to(Action.CONFIGURE_SITE)
def show() -> AnyResponse:
    """What the site says of itself, what is still missing, first sources, a letter to try."""
    p = parts()
    held = {name.lower(): getattr(p.settings, name.lower()) for name in SAYABLE}
    form = opened(SiteForm, **held)
    if not is_sent(form):
        return _page(form, 422 if request.method == "POST" else 200)
    said = {name: form[name.lower()].data or "" for name in SAYABLE if name not in fixed()}
    before = {name: held[name.lower()] for name in said if held[name.lower()] != said[name]}
    with p.store.begin() as tx:
        tx.said_settings.say(said, by=guard.me(), now=now())
        after = {name: said[name] for name in before}
        tx.audit.record(guard.me(), "configure", "site", "site", before, after, now=now())
    p.site.look()
    tell("C’est noté.")
    return redirect(url_for("installation.show"), 303)


@bp.post("/administration/site/sources")
@open_to(Action.CONFIGURE_SITE)
def add_packs() -> AnyResponse:
    """Sources to begin with, of the chosen packs."""
    known = starter_list()
    chosen = [pack for pack in request.form.getlist("paquet") if pack in known.packs]
    added = add_starters(parts().store, known.chosen(chosen), parts().clock)
    with parts().store.begin() as tx:
        names = {"packs": ", ".join(chosen), "sources": len(added)}
        tx.audit.record(guard.me(), "add-packs", "site", "site", {}, names, now=now())
    several = "sources ajoutées" if len(added) > 1 else "source ajoutée"
    tell(f"{len(added)} {several} : leur première visite se fera à la prochaine collecte.")
    return redirect(url_for("installation.show"), 303)


@bp.post("/administration/site/courrier")
@open_to(Action.CONFIGURE_SITE)
def try_mail() -> AnyResponse:
    """A letter to oneself, to see that mail leaves."""
    if not entrance().may_write:
        tell("Aucun courrier ne part d’ici : il manque des réglages.")
        return redirect(url_for("installation.show"), 303)
    me, when = guard.here().person, now()
    text = (
        "Bonjour,\n\nSi vous lisez ceci, le courrier de Glaneuse part bien. Regardez aussi qu’il "
        "n’est pas arrivé parmi les indésirables.\n\nGlaneuse\n"
    )
    letter = Letter(
        key=f"trial:{me.id}:{when.isoformat()}",
        recipient=me.address,
        recipient_name=me.name,
        subject="Essai du courrier de Glaneuse",
        text=text,
        purpose="trial",
        urgent=True,
    )
    with parts().store.begin() as tx:
        tx.outbox.add(letter, now=when)
    tell(f"Un message part vers {me.address}.")
    return redirect(url_for("installation.show"), 303)


def fixed() -> frozenset[str]:
    """The names that environment or file already say: the browser does not change them."""
    given = parts().site.given
    return frozenset(name for name in SAYABLE if getattr(given, name.lower()))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (« #1d5550 »), by WCAG 2.2's definition."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _page(form: SiteForm, status: int) -> AnyResponse:
    p = parts()
    page = render_template(
        "installation/show.html",
        form=form,
        fixed=fixed(),
        closed=is_closed(),
        missing=legal.missing_mentions(p.settings),
        territories=_departments(),
        packs=_packs(),
        address=guard.here().person.address,
    )
    return make_response(page, status)


def _departments() -> Mapping[str, str]:
    territories = parts().lexicon.entities[EntityType.TERRITORY].values()
    named = sorted((one.name, str(one.id)) for one in territories)
    return {id: name for name, id in named}


def _packs() -> list[tuple[str, str, int, int]]:
    """Each pack, its label, how many sources it has, how many of them are there."""
    with parts().store.read() as tx:
        held = {source.url for source in tx.sources.all()}
    known = starter_list()
    return [
        (pack, label, len(found := known.chosen([pack])), sum(one.site in held for one in found))
        for pack, label in known.packs.items()
    ]
