"""Which articles are the same one: what the team says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Flask, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, ValidationError

from core.errors import NotFound
from core.model import Article, ArticleId
from core.urls import canonical_url
from curation.grouping import say_apart, say_same, take_back
from people.rights import Action
from store import ReadTransaction, Transaction
from web import guard
from web.context import NUMBER, now, parts
from web.forms import FrenchForm, is_sent, opened
from web.guard import open_to, require
from web.notice import Notice, notice_of

bp = Blueprint("copies", __name__)

APART, TOGETHER, UNDO = "separer", "rapprocher", "annuler"
UNKNOWN: Final = (
    "Aucun article de Glaneuse n’a cette adresse. Copiez celle de sa page dans Glaneuse, ou celle "
    "de l’original."
)
_OURS: Final = re.compile(r"/articles/([0-9]{1,9})(?:-[^/]*)?/?")


class CopiesForm(FrenchForm):
    """One gesture on another article, told by its number or, to bring together, its address."""

    geste = HiddenField("Geste")
    autre = StringField("Adresse de l’autre article")

    def validate_geste(self, field: Any) -> None:
        """One of those that the page offers."""
        if field.data not in {APART, TOGETHER, UNDO}:
            raise ValidationError("Ce geste n’existe pas.")

    def validate_autre(self, field: Any) -> None:
        """An article that is held; ``data`` is then its number."""
        with parts().store.read() as tx:
            found = meant(tx, (field.data or "").strip())
        if found is None:
            raise ValidationError(UNKNOWN)
        field.data = str(found)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of another article."""

    notice: Notice
    is_same: bool


def install(app: Flask) -> None:
    """Give the article's page the way here."""
    app.jinja_env.globals["may_group"] = lambda: guard.teammate(Action.GROUP_ARTICLES)


@bp.route(f"/articles/<{NUMBER}:id>/ailleurs", methods=["GET", "POST"])
@open_to(Action.GROUP_ARTICLES)
def article(id: int) -> Response:
    """The same article elsewhere: one taken out, one brought in, and what was said."""
    form = opened(CopiesForm)
    if is_sent(form):
        with parts().store.begin() as tx:
            _apply(tx, ArticleId(id), form)
        return redirect(url_for("copies.article", id=id), 303)
    with parts().store.read() as tx:
        found = tx.articles.by_id(ArticleId(id))
        said = _said(tx, found.id)
    status = 422 if request.method == "POST" else 200
    page = render_template(
        "copies/article.html", form=form, notice=_notice(found), leads=found.leads, said=said
    )
    return make_response(page, status)


def _apply(tx: Transaction, id: ArticleId, form: CopiesForm) -> None:
    own, other = tx.articles.by_id(id), ArticleId(int(form.autre.data or 0))
    require(Action.GROUP_ARTICLES, own)
    who = guard.me()
    if form.geste.data == TOGETHER:
        say_same(tx, id, other, by=who, now=now())
    elif form.geste.data == UNDO:
        take_back(tx, id, other, by=who, now=now())
    else:
        # It leaves the whole group, not only the article on whose page this was said.
        say_apart(tx, other, own.everywhere, by=who, now=now())


def _said(tx: ReadTransaction, id: ArticleId) -> list[Said]:
    others = {one.second if one.first == id else one.first: one for one in tx.groups.said(id)}
    return [
        Said(_notice(one), others[one.id].same is not None) for one in tx.articles.by_ids(others)
    ]


def _notice(article: Article) -> Notice:
    return notice_of(article, parts().vocabulary, parts().settings.extract_length)


def meant(tx: ReadTransaction, written: str) -> ArticleId | None:
    """The article of a number, of an address of ours, or of the original's address."""
    ours = _OURS.fullmatch(urlsplit(written).path) if "/" in written else None
    number = ours[1] if ours else written
    if number.isascii() and number.isdecimal() and len(number) < 10:
        try:
            return tx.articles.by_id(ArticleId(int(number))).id
        except NotFound:
            return None
    try:
        return next(iter(tx.articles.by_urls([canonical_url(written)]).values()), None)
    except ValueError:
        return None
