"""The basket of the next letter: filled by the whole team, from any article, all week."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, Flask, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from core.model import ArticleId
from core.newsletters import Kept
from core.people import PersonId
from core.text import clean
from curation.newsletter_starting import entry_of_article
from people.rights import Action
from web import guard
from web.context import now, parts
from web.forms import FrenchForm, is_sent, opened, tell
from web.guard import open_to
from web.history import SOMEBODY_GONE
from web.newsletter_desk import NUMBER
from web.newsletter_gestures import new_id
from web.notice import short_slug

bp = Blueprint("newsletter_basket", __name__)

LONGEST_NOTE = 500


class NoteForm(FrenchForm):
    """Why an article is put aside."""

    note = TextAreaField(
        "Note pour l’équipe",
        [Length(max=LONGEST_NOTE, message=f"{LONGEST_NOTE} caractères au plus.")],
        filters=[lambda text: clean(text or "")],
    )


@dataclass(frozen=True, slots=True)
class Aside:
    """An article that is in the basket already, and who put it there."""

    kept: Kept
    who: str


def install(app: Flask) -> None:
    """Give the article's page the way to the basket."""
    app.jinja_env.globals["composes"] = lambda: guard.teammate(Action.COMPOSE_LETTER)
    app.jinja_env.globals["aside"] = aside
    app.jinja_env.globals["note_form"] = lambda: opened(NoteForm)


def aside(id: ArticleId) -> Aside | None:
    """What the basket has of an article."""
    with parts().store.read() as tx:
        kept = tx.basket.holding(id)
        names = tx.accounts.names({kept.by}) if kept and kept.by is not None else {}
    return None if kept is None else Aside(kept, _name(names, kept.by))


@bp.route(f"/articles/<{NUMBER}:id>/lettre", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def article(id: int) -> Response:
    """Put an article aside, with a note."""
    form = opened(NoteForm)
    with parts().store.read() as tx:
        found = tx.articles.by_id(ArticleId(id))
    if not is_sent(form):
        status = 422 if request.method == "POST" else 200
        page = render_template("newsletters/aside.html", form=form, article=found)
        return make_response(page, status)
    me, note = guard.me(), form.note.data or ""
    entry = entry_of_article(found, new_id(), length=0, quoting=False)
    with parts().store.begin() as tx:
        tx.basket.put(replace(entry, note=note), by=me, now=now())
    tell("C’est dans le panier de la prochaine lettre.")
    return redirect(
        url_for("articles.show", id=id, slug=short_slug(found.title), _anchor="lettre"), 303
    )


@bp.route("/bureau/lettres/panier", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def show() -> Response:
    """What is put aside; something taken out."""
    if request.method == "POST":
        with parts().store.begin() as tx:
            taken = tx.basket.take([request.form.get("retirer", "")[:40]])
        tell("C’est retiré du panier." if taken else "C’était déjà retiré.")
        return redirect(url_for("newsletter_basket.show"), 303)
    with parts().store.read() as tx:
        basket = tx.basket.all()
        names = tx.accounts.names({one.by for one in basket if one.by is not None})
    shown = [Aside(one, _name(names, one.by)) for one in basket]
    return make_response(render_template("newsletters/basket.html", basket=shown))


def _name(names: dict[PersonId, str], id: PersonId | None) -> str:
    return SOMEBODY_GONE if id is None else names.get(id, SOMEBODY_GONE)
