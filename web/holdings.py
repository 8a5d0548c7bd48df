"""Articles that the team adds by hand, and those that it withdraws for good."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, StringField, ValidationError
from wtforms.validators import Length, Optional

from core.errors import Withdrawn
from core.model import ArticleId
from core.urls import canonical_url
from core.weeks import paris_midnight
from crawler.adding import LONGEST_TITLE, add_by_hand
from people.rights import Action
from store.articles import Saved
from web import guard
from web.contact import article_at
from web.context import now, parts
from web.forms import FrenchForm, Needed, is_sent, opened, tell, tidy
from web.guard import open_to
from web.history import ARTICLE
from web.notice import short_slug

bp = Blueprint("holdings", __name__, url_prefix="/bureau/articles")

NUMBER = "int(max=2147483647)"
NO_PAGE: Final = "Ce n’est pas l’adresse d’une page : elle commence par https://."


def page_address(_form: Any, field: StringField) -> None:
    """The address of a web page."""
    try:
        canonical_url(field.data or "")
    except ValueError as error:
        raise ValidationError(NO_PAGE) from error


class ArticleForm(FrenchForm):
    """An article seen somewhere: where, and called what."""

    adresse = StringField(
        "Adresse de l’article", [Needed("Collez l’adresse de l’article."), page_address], [tidy]
    )
    titre = StringField(
        "Titre",
        [
            Needed("Écrivez son titre."),
            Length(max=LONGEST_TITLE, message=f"{LONGEST_TITLE} caractères au plus."),
        ],
        [tidy],
    )
    auteur = StringField(
        "Autrice ou auteur", [Length(max=200, message="200 caractères au plus.")], [tidy]
    )
    paru = DateField("Date de parution", [Optional()])


class AddressForm(FrenchForm):
    """Which article."""

    adresse = StringField(
        "Adresse de l’article", [Needed("Collez l’adresse de l’article."), page_address], [tidy]
    )


@bp.route("/ajouter", methods=["GET", "POST"])
@open_to(Action.KEEP_ARTICLES)
def add() -> Response:
    """An article by its address and its title; Glaneuse reads it later, if it may."""
    form = opened(ArticleForm)
    if not is_sent(form):
        return _page("holdings/add.html", form=form)
    published = paris_midnight(form.paru.data) if form.paru.data else None
    try:
        with parts().store.begin() as tx:
            id, saved = add_by_hand(
                tx,
                url=form.adresse.data or "",
                title=form.titre.data or "",
                author=form.auteur.data or "",
                published=published,
                now=now(),
            )
            if saved is Saved.INSERTED:
                tx.audit.record(guard.me(), "add", ARTICLE, id, {}, {}, now=now())
    except Withdrawn:
        form.adresse.errors = ("Cet article a été retiré de Glaneuse, pour de bon.",)
        return _page("holdings/add.html", form=form)
    tell("C’est ajouté." if saved is Saved.INSERTED else "Cet article y était déjà.")
    return redirect(url_for("holdings.added", id=id), 303)


@bp.get(f"/<{NUMBER}:id>")
@open_to(Action.KEEP_ARTICLES)
def added(id: int) -> str:
    """One article, for the team: where it is, and what can be done with it."""
    with parts().store.read() as tx:
        article = tx.articles.by_id(ArticleId(id))
        lifetime = tx.revisits.lifetime(article.id)
    slug = short_slug(article.title)
    return render_template("holdings/show.html", article=article, slug=slug, lifetime=lifetime)


@bp.route("/retirer", methods=["GET", "POST"])
@open_to(Action.KEEP_ARTICLES)
def find() -> Response:
    """Which article to withdraw: its address, at its publisher's or here."""
    form = opened(AddressForm)
    if not is_sent(form):
        return _page("holdings/find.html", form=form)
    with parts().store.read() as tx:
        article = article_at(tx, form.adresse.data or "")
    if article is None:
        form.adresse.errors = ("Glaneuse n’a aucun article à cette adresse.",)
        return _page("holdings/find.html", form=form)
    return redirect(url_for("holdings.withdraw", id=article.id), 303)


@bp.route(f"/<{NUMBER}:id>/retirer", methods=["GET", "POST"])
@open_to(Action.KEEP_ARTICLES)
def withdraw(id: int) -> Response:
    """Ask once more, then delete it for good."""
    if request.method == "GET":
        with parts().store.read() as tx:
            article = tx.articles.by_id(ArticleId(id))
        return make_response(render_template("holdings/withdraw.html", article=article))
    with parts().store.begin() as tx:
        tx.articles.withdraw(ArticleId(id), now())
        tx.audit.record(guard.me(), "withdraw", ARTICLE, id, {}, {}, now=now())
    tell("L’article est retiré. Il ne reviendra par aucun chemin.")
    return redirect(url_for("holdings.find"), 303)


def _page(template: str, **values: Any) -> Response:
    status = 422 if request.method == "POST" else 200
    return make_response(render_template(template, **values), status)
