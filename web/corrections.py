"""Correcting themes: on an article, and one after the other where the tagger is least sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Flask, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, ValidationError

from core.corrections import THE_OTHERS, Correction, Verdict
from core.errors import NotFound
from core.model import Article, ArticleId, Family, Tagging, Theme, ThemeId
from curation.quoting import allowance
from indexer.engine import Piece
from people.rights import Action
from store import ReadTransaction, Transaction
from taxonomy.corrections import close, correct
from taxonomy.vocabulary import Vocabulary
from web import guard
from web.context import NUMBER, now, parts
from web.evidence import marked, marked_extract
from web.forms import FrenchForm, is_sent, opened
from web.guard import open_to, require
from web.history import OTHERS_LABEL, name_in
from web.history import VERDICTS as SAID
from web.notice import Notice, notice_of
from web.themes import find_theme

bp = Blueprint("corrections", __name__)

GIVE, TAKE, CONFIRM, UNDO, CLOSE = "donner", "retirer", "confirmer", "annuler", "clore"
VERDICTS: Final = {
    GIVE: Verdict.GIVEN,
    TAKE: Verdict.TAKEN,
    CONFIRM: Verdict.CONFIRMED,
    UNDO: None,
}
_RIGHT: Final = {Verdict.GIVEN, Verdict.CONFIRMED}
FURTHEST: Final = 10_000  # how many may be passed over
_DONE: Final = re.compile(r"([0-9]{1,9})\.([a-z0-9-]{0,100})")


class CorrectionForm(FrenchForm):
    """One gesture on one theme; ``vus``: the themes that the page showed; ``lu``: when that was."""

    geste = HiddenField("Geste")
    theme = HiddenField("Thème")
    vus = HiddenField()
    lu = HiddenField()
    retour = HiddenField()

    def validate_geste(self, field: Any) -> None:
        """One of those that the page offers."""
        if field.data not in {*VERDICTS, CLOSE}:
            raise ValidationError("Ce geste n’existe pas.")

    def validate_theme(self, field: Any) -> None:
        """A theme of the vocabulary; any to undo, none to close."""
        if self.geste.data in {CLOSE, UNDO}:
            return
        if not field.data:
            raise ValidationError("Choisissez un thème.")
        if field.data not in parts().vocabulary.themes:
            raise ValidationError("Ce thème n’existe pas, ou plus.")


@dataclass(frozen=True, slots=True)
class Given:
    """A theme that an article has, and how it came by it."""

    theme: Theme
    score: float
    by_people: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said of a theme: it can be taken back."""

    article: ArticleId
    theme: ThemeId
    label: str
    word: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What correcting one article takes."""

    id: ArticleId
    given: tuple[Given, ...]
    said: tuple[Said, ...]
    families: tuple[tuple[Family, tuple[Theme, ...]], ...]  # the themes that it does not have
    is_closed: bool

    @property
    def seen(self) -> str:
        """The themes shown, for the form that says that they are right."""
        return " ".join(one.theme.id for one in self.given)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A theme of which the tagger is not sure, with what decided it."""

    article: ArticleId
    theme: Theme
    score: float
    notice: Notice
    title: tuple[Piece, ...]
    extract: tuple[Piece, ...]


def install(app: Flask) -> None:
    """Give the article's page what correcting it takes."""
    app.jinja_env.globals["correcting"] = correcting
    app.jinja_env.globals["moment_made"] = lambda: now().isoformat()


def correcting(id: ArticleId) -> Desk | None:
    """What correcting an article takes, on its page; None for who may not."""
    if not guard.teammate(Action.CORRECT_THEMES):
        return None
    with parts().store.read() as tx:
        return desk_of(tx, tx.articles.by_id(id))


def desk_of(tx: ReadTransaction, article: Article) -> Desk:
    """What correcting an article takes."""
    vocabulary = parts().vocabulary
    given = [one for one in article.taggings if one.theme in vocabulary.themes]
    said = tx.corrections.of([article.id]).get(article.id, ())
    names = tx.accounts.names({one.by for one in said if one.by is not None})
    held = {one.theme for one in given}
    return Desk(
        article.id,
        tuple(Given(vocabulary.themes[one.theme], one.score, one.by_people) for one in given),
        tuple(_said(one, vocabulary, names) for one in said),
        tuple(_families(vocabulary, held)),
        any(one.theme == THE_OTHERS for one in said),
    )


def _said(one: Correction, vocabulary: Vocabulary, names: dict[Any, str]) -> Said:
    known = vocabulary.themes.get(one.theme)
    label = OTHERS_LABEL if one.theme == THE_OTHERS else known.label if known else one.theme
    return Said(one.article_id, one.theme, label, SAID[one.verdict], name_in(names, one.by), one.at)


def _families(
    vocabulary: Vocabulary, held: set[ThemeId]
) -> Iterator[tuple[Family, tuple[Theme, ...]]]:
    for family in vocabulary.families:
        themes = tuple(one for one in vocabulary.of_family(family) if one.id not in held)
        if themes:
            yield family, themes


# -- one article ----------------------------------------------------------------------------------


@bp.route(f"/articles/<{NUMBER}:id>/themes", methods=["GET", "POST"])
@open_to(Action.CORRECT_THEMES)
def article(id: int) -> Response:
    """The themes of one article: given, taken away, confirmed, and what was said of them."""
    form = opened(CorrectionForm)
    if is_sent(form):
        with parts().store.begin() as tx:
            done = _apply(tx, ArticleId(id), form)
        if done:
            return redirect(_way_back(id, form.retour.data or ""), 303)
    with parts().store.read() as tx:
        found = tx.articles.by_id(ArticleId(id))
        desk = desk_of(tx, found)
    p = parts()
    return _page(
        "corrections/article.html",
        form=form,
        alert=next(iter(form.geste.errors or form.theme.errors), ""),
        notice=notice_of(found, p.vocabulary, p.settings.extract_length),
        desk=desk,
    )


def _apply(tx: Transaction, id: ArticleId, form: CorrectionForm) -> bool:
    """Do it, unless somebody else said the contrary meanwhile; whether it was done."""
    require(Action.CORRECT_THEMES, tx.articles.by_id(id))
    who, theme = guard.me(), ThemeId(form.theme.data or "")
    if (other := _overtaken(tx, id, theme, form)) is not None:
        form.geste.errors = [_otherwise(tx, other)]
        return False
    if form.geste.data == CLOSE:
        known = parts().vocabulary.themes
        seen = [ThemeId(one) for one in (form.vus.data or "").split() if one in known]
        close(tx, id, seen, by=who, now=now())
    else:
        correct(tx, id, theme, VERDICTS[form.geste.data or ""], by=who, now=now())
    return True


def _overtaken(
    tx: ReadTransaction, id: ArticleId, theme: ThemeId, form: CorrectionForm
) -> Correction | None:
    """What somebody else said of a theme after the page was made, that this would contradict."""
    try:
        made = datetime.fromisoformat(form.lu.data or "")
    except ValueError:
        return None
    if made.tzinfo is None:
        return None
    wanted = VERDICTS.get(form.geste.data or "", Verdict.COMPLETE)
    for one in tx.corrections.of([id]).get(id, ()):
        agrees = one.verdict is wanted or {one.verdict, wanted} <= _RIGHT
        if one.theme == theme and one.by != guard.me() and one.at > made and not agrees:
            return one
    return None


def _otherwise(tx: ReadTransaction, one: Correction) -> str:
    names = tx.accounts.names({one.by} if one.by is not None else set())
    said = _said(one, parts().vocabulary, names)
    return (
        f"{said.who} a dit entre-temps de « {said.label} » : {said.word}. Votre geste n’a pas été "
        "fait ; refaites-le si vous en jugez autrement."
    )


def _way_back(id: int, wanted: str) -> str:
    if wanted == "article":
        return url_for("articles.show", id=id, _anchor="themes")
    return url_for("corrections.article", id=id)


# -- one after the other --------------------------------------------------------------------------


@bp.route("/bureau/relecture", methods=["GET", "POST"])
@open_to(Action.CORRECT_THEMES)
def queue() -> Response:
    """The theme of which the tagger is least sure; once judged, the next one."""
    only = request.args.get("theme", "")
    if only:
        find_theme(only)
    place = _place(request.args.get("rang", "0"))
    form = opened(CorrectionForm)
    if is_sent(form) and form.geste.data != CLOSE:
        id = _number(request.form.get("article", ""))
        with parts().store.begin() as tx:
            kept = _apply(tx, ArticleId(id), form)
        if kept:
            done = "" if form.geste.data == UNDO else f"{id}.{form.theme.data}"
            return redirect(_queue_address(only, place, done), 303)
    return _queue_page(only, place, next(iter(form.geste.errors or form.theme.errors), ""))


def _queue_page(only: str, place: int, alert: str) -> Response:
    p, theme = parts(), ThemeId(only) if only else None
    with p.store.read() as tx:
        counts = tx.doubts.counts(p.vocabulary.themes)
        waiting = counts.get(theme, 0) if theme else sum(counts.values())
        place = min(place, max(0, waiting - 1))
        doubt = _doubt(tx, theme, place)
        done = _done(tx)
    return _page(
        "corrections/queue.html",
        doubt=doubt,
        waiting=waiting,
        only=only,
        alert=alert,
        done=done,
        here=_queue_address(only, place, ""),
        onward=_queue_address(only, (place + 1) % waiting, "") if waiting > 1 else "",
        families=[
            (family, [(one, counts.get(one.id, 0)) for one in themes])
            for family, themes in _families(p.vocabulary, set())
        ],
        others=tuple(_families(p.vocabulary, {one.id for one in doubt.notice.themes}))
        if doubt
        else (),
    )


def _doubt(tx: ReadTransaction, theme: ThemeId | None, place: int) -> Doubt | None:
    p = parts()
    found = tx.doubts.at(place, p.vocabulary.themes, theme)
    if found is None:
        return None
    article = tx.articles.by_id(found[0])
    return _shown(article, next(one for one in article.taggings if one.theme == found[1]))


def _shown(article: Article, tagging: Tagging) -> Doubt:
    p = parts()
    notice = notice_of(article, p.vocabulary, p.settings.extract_length)
    in_title = [one for one in tagging.evidence if one.field == "title"]
    in_text = [one for one in tagging.evidence if one.field == "text"]
    text = article.text or article.summary
    allowed = allowance(article, p.settings.extract_length)
    return Doubt(
        article.id,
        p.vocabulary.themes[tagging.theme],
        tagging.score,
        notice,
        marked(article.title, in_title) or (Piece(notice.title, marked=False),),
        marked_extract(text, in_text, allowed),
    )


def _done(tx: ReadTransaction) -> Said | None:
    """What was just said, to be told and perhaps undone."""
    found = _DONE.fullmatch(request.args.get("fait", ""))
    if found is None:
        return None
    id, theme = ArticleId(int(found[1])), ThemeId(found[2])
    one = next((c for c in tx.corrections.of([id]).get(id, ()) if c.theme == theme), None)
    return None if one is None else _said(one, parts().vocabulary, {})


def _queue_address(only: str, place: int, done: str) -> str:
    return url_for("corrections.queue", theme=only or None, rang=place or None, fait=done or None)


def _place(written: str) -> int:
    return min(_number(written), FURTHEST)


def _number(written: str) -> int:
    """Raises NotFound for what is no number."""
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise NotFound("page", written[:100])
    return int(written)


def _page(template: str, **values: Any) -> Response:
    status = 422 if request.method == "POST" else 200
    return make_response(render_template(template, **values), status)
