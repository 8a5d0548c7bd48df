"""Sources for the team: adding one by its address, and the sites that press reviews cite often."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from core.errors import Conflict
from core.text import NBSP
from core.urls import canonical_url
from crawler.proposals import add_unseen, proposed_sites
from people.rights import Action
from web import guard
from web.context import now, parts
from web.forms import NAME_LENGTH, FrenchForm, Needed, is_sent, opened, tell, tidy
from web.guard import open_to
from web.history import SOURCE
from web.holdings import page_address

bp = Blueprint("proposals", __name__, url_prefix="/bureau/sources")


class SourceForm(FrenchForm):
    """A site to follow."""

    adresse = StringField(
        "Adresse du site", [Needed("Collez l’adresse du site."), page_address], [tidy]
    )
    nom = StringField(
        "Nom", [Length(max=NAME_LENGTH, message=f"{NAME_LENGTH} caractères au plus.")], [tidy]
    )


@bp.route("", methods=["GET", "POST"])
@open_to(Action.MANAGE_SOURCES)
def show() -> Response:
    """The sites proposed; a form to add any other."""
    form = opened(SourceForm)
    if not is_sent(form):
        return _page(form)
    try:
        _add(form.adresse.data or "", form.nom.data or "")
    except Conflict:
        form.adresse.errors = ("Cette adresse est déjà celle d’une source.",)
        return _page(form)
    return redirect(url_for("proposals.show"), 303)


@bp.post("/proposees")
@open_to(Action.MANAGE_SOURCES)
def decide() -> Response:
    """Take up a site that is proposed, or set it aside."""
    site = request.form.get("site", "")[:2000]
    with parts().store.read() as tx:
        known = {canonical_url("/", one.example) for one in proposed_sites(tx)}
    if site not in known:
        tell("Ce site n’est plus proposé.")
    elif request.form.get("geste") == "ajouter":
        _add(site, "")
    else:
        with parts().store.begin() as tx:
            tx.sources.put_aside(tx.sources.met(site, now()).id)
        tell("Ce site ne sera plus proposé.")
    return redirect(url_for("proposals.show"), 303)


def _add(url: str, name: str) -> None:
    with parts().store.begin() as tx:
        source = add_unseen(tx, url, now(), name)
        tx.audit.record(guard.me(), "add", SOURCE, source.slug, {}, {}, now=now())
    tell(f"{source.name}{NBSP}: ajoutée. À la prochaine collecte, Glaneuse cherchera son flux.")


def _page(form: SourceForm) -> Response:
    with parts().store.read() as tx:
        sites: list[Any] = [
            (one, canonical_url("/", one.example), canonical_url(one.example))
            for one in proposed_sites(tx)
        ]
    status = 422 if request.method == "POST" else 200
    return make_response(render_template("proposals/show.html", form=form, sites=sites), status)
