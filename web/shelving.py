"""« Ajouter à une bibliographie », wherever articles are: one by its button, several once ticked.

``shelf_bar`` gives the pages of readers what it takes, for the team alone: without a session they
are what they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core.errors import NotFound
from core.model import Article, ArticleId
from core.reading_lists import Item, ListNotice, ReadingList
from core.text import NBSP
from core.weeks import french_date
from curation import shelving
from curation.citing import reference_of
from curation.reading_lists import begin_list, copy_of, revise
from people.rights import Action, may
from store import Transaction
from web import guard
from web.context import leads_to_a_page, now, parts, today
from web.forms import FrenchForm, is_sent, opened, tell
from web.guard import me, open_to
from web.reading_exports import without_withdrawn
from web.reading_lists import page
from web.readings import listed
from web.signing import local_path

bp = Blueprint("shelving", __name__, url_prefix="/bureau")

NEW: Final = ""  # the choice of a list to be begun
MOST: Final = 500  # articles at once


@dataclass(frozen=True, slots=True)
class ShelfBar:
    """Where somebody may add, the list they worked on last first; and the page they are on."""

    lists: tuple[ListNotice, ...]
    back: str

    @property
    def last(self) -> str:
        """The title of the first list, "" when there is none."""
        return self.lists[0].title if self.lists else ""


class AddingForm(FrenchForm):
    """Articles and a list: read from the request as they are many."""


def install(app: Flask) -> None:
    """Give the readers' pages what the team sees there."""
    app.jinja_env.globals |= {
        "shelf_bar": shelf_bar,
        "shelved_here": lambda: g.get("shelf_bar") is not None,
    }


def shelf_bar() -> ShelfBar | None:
    """What adding to a list takes on this page; None for who may not.

    Cards have their button once a page asked for this: pages drawn once for all never do.
    """
    if "shelf_bar" not in g:
        g.shelf_bar = _bar() if guard.teammate(Action.KEEP_READING_LIST) else None
    bar: ShelfBar | None = g.shelf_bar
    return bar


def _bar() -> ShelfBar:
    with parts().store.read() as tx:
        held = tx.reading_lists.of(me())
    here = request.full_path if request.query_string else request.path
    return ShelfBar(tuple(one for one in held if not one.deleted), here)


@bp.route("/ajouter-a-une-bibliographie", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def add() -> Response:
    """Add articles to a list, or to a new one; without any, say what to do."""
    form = opened(AddingForm)
    ids = _asked()
    back = local_path(request.values.get("retour", ""))
    back = back if back and leads_to_a_page(back) else ""
    if not is_sent(form) or not ids:
        with parts().store.read() as tx:
            articles = tx.articles.by_ids(ids)
        alert = "Cochez d’abord des articles." if request.method == "POST" else ""
        return page("reading_lists/add.html", form=form, articles=articles, back=back, alert=alert)
    with parts().store.begin() as tx:
        one = _wanted(tx)
        articles = tx.articles.by_ids(ids)
        if not articles:
            raise NotFound("article", ids[0])
        try:
            said = _shelve(tx, one, articles)
        except shelving.TooLong:
            said = "La bibliographie est pleine : rien n’a été ajouté."
    tell(said)
    return redirect(back or url_for("reading_lists.show", slug=one.slug), 303)


def _asked() -> list[ArticleId]:
    """The articles asked for: the one of the button pressed, else those ticked."""
    given = request.values.getlist("un") or request.values.getlist("article")
    numbers = (one for one in given if one.isascii() and one.isdecimal() and len(one) < 10)
    return [ArticleId(int(one)) for one in dict.fromkeys(numbers)][:MOST]


def _wanted(tx: Transaction) -> ReadingList:
    slug = request.form.get("liste", NEW)
    if slug != NEW:
        return listed(tx, slug, hold=True)
    title = f"Bibliographie du {french_date(today())}"
    return begin_list(tx, shelving.empty(title), owner=me(), now=now())


def _shelve(tx: Transaction, one: ReadingList, articles: Sequence[Article]) -> str:
    """Add them; what to say of it."""
    fresh = shelving.strangers(one.contents, map(item_of, articles))
    contents = shelving.with_items(one.contents, fresh)
    revise(tx, one, contents, by=me(), deed="add", now=now())
    known = len(articles) - len(fresh)
    title = one.contents.title
    if not fresh:
        return f"Déjà dans « {title} »."
    many = "Ajouté" if len(fresh) == 1 else f"{len(fresh)}{NBSP}articles ajoutés"
    return f"{many} à « {title} »." + (f" {known} y étaient déjà." if known else "")


def item_of(article: Article) -> Item:
    """A stored article as an item, read today."""
    reference = reference_of(article, today())
    return Item(shelving.new_item_id(), reference, article.id, added=now())


@bp.post("/copier-une-bibliographie")
@open_to(Action.KEEP_READING_LIST)
def copy() -> Response:
    """A list that one may read, as one's own to change; it says where it comes from."""
    slug = request.form.get("liste", "")
    with parts().store.begin() as tx:
        one = tx.reading_lists.by_slug(slug)
        is_theirs = may(guard.person(), Action.KEEP_READING_LIST, one)
        if one.deleted or not (is_theirs or one.visibility != "private"):
            raise NotFound("reading-list", slug)
        owner = tx.accounts.by_id(one.owner).name if one.owner else ""
        source = f"« {one.contents.title} »" + (f", {owner}" if owner else "")
        contents = one.contents if is_theirs else without_withdrawn(tx, one.contents)
        made = begin_list(tx, copy_of(contents), owner=me(), now=now(), copied_from=source)
    tell("Voici votre copie : elle est privée, et vous pouvez tout y changer.")
    return redirect(url_for("reading_lists.show", slug=made.slug), 303)
