"""Who receives the newsletter: brought from a file, taken as one."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, FileField, StringField
from wtforms.validators import Length

from core.cells import decoded
from core.errors import Unreadable
from core.subscriptions import NEWSLETTER
from mail.addresses import parse_address
from people.rights import Action
from people.subscribers import KIND, ORIGIN, Came, Outcome, bring, read_list, write_list
from web import guard
from web.context import now, parts, today
from web.forms import FrenchForm, Needed, tidy
from web.guard import open_to
from web.typography import count

bp = Blueprint("subscribers", __name__, url_prefix="/bureau/abonnements")

SHOWN: Final = 5_000  # wrong lines told on one page
CAME: Final = {
    Came.ADDED: ("adresse ajoutée", "adresses ajoutées"),
    Came.KNOWN: ("recevait déjà la lettre", "recevaient déjà la lettre"),
    Came.TWICE: ("est en double dans le fichier", "sont en double dans le fichier"),
    Came.LEFT: (
        "s’est désabonnée et ne revient que d’elle-même",
        "se sont désabonnées et ne reviennent que d’elles-mêmes",
    ),
    Came.UNWANTED: (
        "ne reçoit plus nos lettres, par refus ou parce que son serveur la refuse",
        "ne reçoivent plus nos lettres, par refus ou parce que leur serveur les refuse",
    ),
}


class BringForm(FrenchForm):
    """A file of addresses, and what stands for the agreement of their owners."""

    fichier = FileField("Fichier CSV", [Needed("Choisissez un fichier.")])
    origine = StringField(
        "D’où viennent ces adresses, et comment leur accord a été recueilli",
        [
            Needed("Dites d’où viennent ces adresses : c’est la preuve qui sera gardée."),
            Length(*ORIGIN, message=f"De {ORIGIN[0]} à {ORIGIN[1]} signes."),
        ],
        filters=[tidy],
    )
    accord = BooleanField(
        "Ces personnes ont demandé à recevoir la lettre",
        [Needed("Sans leur accord, ces personnes ne peuvent pas recevoir la lettre.")],
    )


@bp.route("", methods=["GET", "POST"])
@open_to(Action.KEEP_SUBSCRIBERS)
def index() -> AnyResponse:
    """How many there are; a file to bring more; what came of it, line by line."""
    if request.method == "GET":
        return _page(BringForm(), 200)
    form = BringForm(CombinedMultiDict([request.form, request.files]))
    if not form.validate():
        return _page(form, 422)
    text = decoded(request.files["fichier"].read())
    try:
        lines = list(read_list(text, lambda typed: parse_address(typed).normal, today()))
    except Unreadable as error:
        form.fichier.errors = [f"{error.what} : {error.reason}."]
        return _page(form, 422)
    me = guard.me()
    outcome = bring(parts().store, lines, origin=form.origine.data or "", by=me, now=now())
    return _page(BringForm(), 200, outcome=outcome)


@bp.post("/fichier")
@open_to(Action.KEEP_SUBSCRIBERS)
def export() -> Response:
    """All of them as a table; the history says who took it."""
    with parts().store.begin() as tx:
        body = "".join(write_list(tx))
        taken = {Came.ADDED.value: tx.subscriptions.count_following(NEWSLETTER)}
        tx.audit.record(guard.me(), "export", KIND, 0, {}, taken, now=now())
    response = make_response(body)
    response.content_type = "text/csv; charset=utf-8"
    name = f"abonnements-{today().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(form: BringForm, status: int, *, outcome: Outcome | None = None) -> Response:
    with parts().store.read() as tx:
        total = tx.subscriptions.count_following(NEWSLETTER)
    values: dict[str, Any] = {"form": form, "total": total, "outcome": outcome}
    if outcome is not None:
        values["said"] = [
            count(outcome.counts[came], *words)
            for came, words in CAME.items()
            if outcome.counts[came] or came is Came.ADDED
        ]
        values["wrong"], values["unsaid"] = outcome.wrong[:SHOWN], len(outcome.wrong[SHOWN:])
    return make_response(render_template("subscriptions/desk.html", **values), status)
