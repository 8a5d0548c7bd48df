"""Which articles tell of the same event: what the team says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Flask, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectMultipleField, StringField, ValidationError

from core.model import Article, ArticleId
from core.people import PersonId
from curation.stories import SaidApart, say_apart, say_together, story_around, take_back
from people.rights import Action
from store import ReadTransaction, Transaction
from store.story_sayings import Saying
from web import guard
from web.context import NUMBER, now, parts
from web.copies import UNKNOWN, meant
from web.forms import FrenchForm, is_sent, opened, tell
from web.guard import open_to, require
from web.history import name_of
from web.notice import notice_of, notices, title_of

bp = Blueprint("story_desk", __name__)

SPLIT, JOIN, UNDO = "separer", "rapprocher", "annuler"
_NAMED: Final = 3  # titles written out in a sentence
_OPENING, _CLOSING = re.compile(r"«\s*"), re.compile(r"\s*»")


class StoryForm(FrenchForm):
    """One gesture: articles taken out, one brought in, or something said taken back."""

    geste = HiddenField("Geste")
    articles: Any = SelectMultipleField("Articles", coerce=str, validate_choice=False)
    vus = HiddenField()  # the articles that the page showed
    autre = StringField("Adresse de l’autre article")
    dit = HiddenField()

    def validate_geste(self, field: Any) -> None:
        """One of those that the page offers."""
        if field.data not in {SPLIT, JOIN, UNDO}:
            raise ValidationError("Ce geste n’existe pas.")

    def validate_articles(self, field: Any) -> None:
        """Some, by their numbers."""
        if self.geste.data == SPLIT and not field.data:
            raise ValidationError("Cochez au moins un article.")

    def validate_autre(self, field: Any) -> None:
        """An article that is held, of the field; ``data`` is then its number."""
        if self.geste.data != JOIN:
            return
        with parts().store.read() as tx:
            found = meant(tx, (field.data or "").strip())
            if found is None:
                raise ValidationError(UNKNOWN)
            leader = _leader(tx, tx.articles.by_id(found))
            if leader not in tx.stories.present([leader]):
                raise ValidationError(
                    "Cet article est hors du champ, ou retiré : il ne peut être d’aucun sujet."
                )
        field.data = str(leader)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was said, in a sentence."""

    id: int
    sentence: str
    who: str
    at: datetime


def install(app: Flask) -> None:
    """Give the readers' pages the way here."""
    app.jinja_env.globals["may_tell_stories"] = lambda: guard.teammate(Action.GROUP_ARTICLES)


@bp.route(f"/articles/<{NUMBER}:id>/sujet", methods=["GET", "POST"])
@open_to(Action.GROUP_ARTICLES)
def article(id: int) -> Response:
    """The story of an article: some taken out, one brought in, and what was said."""
    form = opened(StoryForm)
    if is_sent(form):
        with parts().store.begin() as tx:
            done = _apply(tx, ArticleId(id), form)
        if done is not None:
            return redirect(url_for("story_desk.article", id=id, fait=done or None), 303)
    return _page(ArticleId(id), form)


def _apply(tx: Transaction, id: ArticleId, form: StoryForm) -> int | None:
    """Do it: the saying's number, 0 for what was taken back, None when it could not be done."""
    found = tx.articles.by_id(id)
    require(Action.GROUP_ARTICLES, found)
    own, who = _leader(tx, found), guard.me()
    if form.geste.data == UNDO:
        undone = take_back(tx, _number(form.dit.data or ""), by=who, now=now())
        tell("C’est annulé." if undone else "C’était déjà annulé.")
        return 0
    if form.geste.data == JOIN:
        return _join(tx, own, form, who)
    return _split(tx, form, who)


def _join(tx: Transaction, own: ArticleId, form: StoryForm, who: PersonId) -> int | None:
    other = ArticleId(int(form.autre.data or 0))
    if other == own:
        form.autre.errors = ["C’est l’article de cette page : donnez l’adresse d’un autre."]
        return None
    said = tx.story_sayings.about([own]) if other in story_around(tx, [own]) else []
    if same := next((one for one in said if one.together and other in one.others), None):
        return same.id  # a button pressed twice
    try:
        return say_together(tx, own, other, by=who, now=now())
    except SaidApart as error:
        one, two = _titles(tx, error.pair)
        form.autre.errors = [
            f"Pour l’équipe, {one} et {two} ne racontent pas le même sujet : annulez-le d’abord."
        ]
        return None


def _split(tx: Transaction, form: StoryForm, who: PersonId) -> int | None:
    ticked = {ArticleId(_number(one)) for one in form.articles.data}
    left = {ArticleId(_number(one)) for one in (form.vus.data or "").split()} - ticked
    if not left:
        form.articles.errors = ["Laissez dans le sujet au moins un article sans le cocher."]
        return None
    gone = ticked & story_around(tx, left)
    if gone:
        return say_apart(tx, gone, by=who, now=now())
    # A button pressed twice, or somebody else was quicker: it is said already.
    said = (one for one in tx.story_sayings.about(ticked) if not one.together)
    if same := next((one for one in said if ticked <= {*one.ones, *one.others}), None):
        return same.id
    form.articles.errors = ["Ces articles ne sont plus dans ce sujet."]
    return None


# -- the page -------------------------------------------------------------------------------------


def _page(id: ArticleId, form: StoryForm) -> Response:
    p = parts()
    with p.store.read() as tx:
        found = tx.articles.by_id(id)
        own = _leader(tx, found)
        story = tx.articles.by_ids(tx.stories.present(story_around(tx, [own])))
        said = [_told(tx, one) for one in tx.story_sayings.about(one.id for one in story)]
        shown = tx.stories.timeline(own)
    done = _number(request.args.get("fait", ""))
    length = p.settings.extract_length
    page = render_template(
        "stories/desk.html",
        form=form,
        notice=notice_of(found, p.vocabulary, length),
        own=own,
        story=notices(
            sorted(story, key=lambda one: (one.appeared or now(), one.id)), p.vocabulary, length
        ),
        shown=shown is not None and own in shown[1],
        ticked=set(form.articles.data or ()),
        said=said,
        done=next((one for one in said if one.id == done), None),
    )
    return make_response(page, 422 if request.method == "POST" else 200)


def _leader(tx: ReadTransaction, article: Article) -> ArticleId:
    """Who leads the copies of an article: it stands in the story for all of them."""
    return tx.groups.leaders([article.id]).get(article.id, article.id)


def _told(tx: ReadTransaction, said: Saying) -> Told:
    ones, others = (_titles(tx, some) for some in (said.ones, said.others))
    told = "le même sujet que" if said.together else "autre chose que"
    verb = "racontent" if len(said.ones) > 1 else "raconte"
    sentence = f"{' et '.join(ones)} {verb} {told} {' et '.join(others)}"
    return Told(said.id, sentence, name_of(tx, said.by), said.at)


def _titles(tx: ReadTransaction, ids: Sequence[ArticleId]) -> list[str]:
    """Some titles in quotes, and how many more there are."""
    shown = ids if len(ids) <= _NAMED + 1 else ids[:_NAMED]
    titles = [_quoted(title_of(one)) for one in tx.articles.by_ids(shown)]
    more = len(ids) - len(shown)
    return [*titles, f"{more} autres"] if more else titles


def _quoted(title: str) -> str:
    """A title in quotes; those that it has within become the inner ones."""
    return f"« {_OPENING.sub('“', _CLOSING.sub('”', title))} »"


def _number(written: str) -> int:
    """The number that was written, or 0."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0
