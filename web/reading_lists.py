"""A trainer's reading lists: all of them, and the desk where one is put in order.

On screen « Bibliographies ». The desk is one form whose buttons are gestures: all of it works
without script, by keyboard. Gestures say which version of the list they were made on, so that
somebody else's are neither lost nor silently undone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from core.errors import Overtaken
from core.people import PersonId, Role
from core.reading_lists import Contents, ListNotice, ReadingList, Revision
from core.text import NBSP, one_line, shorten
from curation import shelving
from curation.differences import shifted_by_another
from curation.reading_lists import begin_list, revise, take_back
from people.rights import Action, may
from store import ReadTransaction, Transaction
from web import guard
from web.context import now, parts
from web.forms import FrenchForm, Needed, is_sent, opened, tell, tidy
from web.guard import me, open_to
from web.history import SOMEBODY_GONE
from web.readings import VISIBILITIES, listed, sheet_of

bp = Blueprint("reading_lists", __name__, url_prefix="/bureau/bibliographies")

FULL: Final = "La bibliographie est pleine : elle n’en contient pas plus."
TITLE: Final = 300  # characters
GONE: Final = {
    "item": "Cette référence n’est plus dans la bibliographie : elle vient d’en être retirée. "
    "L’historique permet de l’y remettre.",
    "section": "Cette partie n’existe plus : elle vient d’être supprimée.",
    "part": "Ce changement ne s’annule plus tel quel : ce qu’il touchait a été modifié depuis.",
}
# What a change was, for the history and the line « Dernier changement ».
DEEDS: Final = {
    "create": "création",
    "add": "ajout",
    "remove": "retrait",
    "move": "déplacement",
    "item": "modification d’une référence",
    "sheet": "modification de la fiche",
    "section": "nouvelle partie",
    "heading": "modification d’une partie",
    "section-move": "déplacement d’une partie",
    "section-remove": "suppression d’une partie",
    "import": "import",
    "undo": "annulation",
}


class TitleForm(FrenchForm):
    """A list to begin."""

    titre = StringField(
        "Titre",
        [
            Needed("Donnez un titre."),
            Length(max=TITLE, message=f"{TITLE} caractères au plus."),
        ],
        filters=[tidy],
    )


# -- all of them ----------------------------------------------------------------------------------


@bp.route("", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def index() -> Response:
    """One's own lists, those of colleagues that one may change, the bin; and a new one."""
    form = opened(TitleForm)
    if is_sent(form):
        with parts().store.begin() as tx:
            contents = shelving.empty(form.titre.data or "")
            one = begin_list(tx, contents, owner=me(), now=now())
        return redirect(url_for("reading_lists.show", slug=one.slug), 303)
    with parts().store.read() as tx:
        held = tx.reading_lists.of(me())
        others = _others(tx, held)
        owners = {one.owner for one in (*held, *others) if one.owner is not None}
        names = tx.accounts.names(owners)
    kept = [one for one in held if not one.deleted]
    return page(
        "reading_lists/index.html",
        form=form,
        own=[one for one in kept if one.owner == me()],
        shared=[one for one in kept if one.owner != me()],
        others=others,
        thrown=[one for one in held if one.deleted and one.owner == me()],
        names=names,
        visibilities=VISIBILITIES,
    )


def _others(tx: ReadTransaction, held: list[ListNotice]) -> list[ListNotice]:
    """Everybody else's lists, for who looks after them all."""
    known = {one.id for one in held}
    everything = tx.reading_lists.all() if guard.here().person.role is Role.ADMIN else []
    asked = (one for one in everything if one.id not in known and not one.deleted)
    return [one for one in asked if may(guard.person(), Action.KEEP_READING_LIST, one)]


# -- one of them ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Last:
    """The latest change, told where it can be undone."""

    number: int
    deed: str
    who: str
    revision: Revision


@bp.route("/<slug:slug>", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def show(slug: str) -> Response:
    """The desk of one list: sections and items, their order, what can be done with them."""
    if request.method == "GET":
        return _desk(slug)
    name, _, about = request.form.get("geste", "").partition(":")
    gesture = GESTURES.get(name)
    if gesture is None:
        return _desk(slug, alert="Ce geste n’existe pas.")
    try:
        with parts().store.begin() as tx:
            anchor = gesture(tx, listed(tx, slug, hold=True), about)
    except (Overtaken, MovedByAnother) as error:
        return _desk(slug, alert=_why(error), status=409)
    except (shelving.TooLong, NothingChosen) as error:
        return _desk(slug, alert=_why(error))
    return redirect(url_for("reading_lists.show", slug=slug, _anchor=anchor or None), 303)


class NothingChosen(ValueError):
    """A gesture on several items, and none was ticked."""


class MovedByAnother(Exception):
    """What was to be moved was moved by somebody else since the page was shown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _why(error: Exception) -> str:
    """Why a gesture was not done."""
    if isinstance(error, Overtaken):
        return GONE[error.what]
    if isinstance(error, MovedByAnother):
        return error.sentence
    full = isinstance(error, shelving.TooLong)
    return FULL if full else "Cochez d’abord les références."


def _desk(slug: str, alert: str = "", status: int = 0) -> Response:
    with parts().store.read() as tx:
        one = listed(tx, slug)
        sheet = sheet_of(tx, one.contents)
        last = _last(tx, one)
        names = tx.accounts.names({*one.editors, *([one.owner] if one.owner else [])})
        editions = tx.reading_lists.editions(one.id)
    return page(
        "reading_lists/show.html",
        status=status,
        one=one,
        sheet=sheet,
        last=last,
        names=names,
        editions=editions,
        alert=alert,
        visibility=VISIBILITIES[one.visibility],
    )


def _last(tx: ReadTransaction, one: ReadingList) -> Last | None:
    for revision in tx.reading_lists.revisions(one.id, limit=1):
        if revision.difference:
            who = called(tx, revision.who)
            return Last(revision.number, deed_of(revision), who, revision)
    return None


def deed_of(revision: Revision) -> str:
    """What a change was: « ajout : Le non-recours aux droits »."""
    titles = []
    for name, (before, after) in revision.difference.items():
        if name.startswith("item:"):
            titles.append((after or before)["reference"]["title"])
        elif name.startswith("section:") and (after or before)[0]:
            titles.append((after or before)[0])
    what = DEEDS.get(revision.deed, revision.deed)
    if not titles:
        return what
    more = f" et {len(titles) - 1}{NBSP}de plus" if len(titles) > 1 else ""
    return f"{what} : « {shorten(titles[0], 80)} »{more}"


def called(tx: ReadTransaction, who: PersonId | None) -> str:
    """What to call somebody, oneself included."""
    if who == me():
        return "vous"
    return SOMEBODY_GONE if who is None else tx.accounts.names({who}).get(who, SOMEBODY_GONE)


# -- gestures: each changes the list and gives where to come back on the page ---------------------


def _save(tx: Transaction, one: ReadingList, contents: Contents, deed: str) -> None:
    revise(tx, one, contents, by=me(), deed=deed, now=now())


def _move(step: int, button: str) -> Callable[[Transaction, ReadingList, str], str]:
    def gesture(tx: Transaction, one: ReadingList, item: str) -> str:
        _check_unmoved(tx, one, item)
        _save(tx, one, shelving.moved(one.contents, item, step), "move")
        return f"{button}-{item}"

    return gesture


def _check_unmoved(tx: Transaction, one: ReadingList, item: str) -> None:
    """Raises MovedByAnother when somebody else moved it since the page was shown."""
    seen = request.form.get("vu", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        return
    theirs = shifted_by_another(tx.reading_lists.revisions_since(one.id, int(seen)), item, me())
    if theirs is None:
        return
    held = shelving.item_of(one.contents, item)
    section = next(s for s in one.contents.sections if held in s.items)
    rank = section.items.index(held) + 1
    where = f"{rank}e" if rank > 1 else "1re"
    under = f" de la partie « {section.title} »" if section.title else ""
    raise MovedByAnother(
        f"{called(tx, theirs.who)} a déplacé cette référence entre-temps : elle est maintenant la "
        f"{where}{under}. Votre déplacement n’a pas été fait ; recommencez-le si besoin."
    )


def _place(tx: Transaction, one: ReadingList, about: str) -> str:
    """Dragged: « item:section:before »."""
    item, _, rest = about.partition(":")
    section, _, before = rest.partition(":")
    _check_unmoved(tx, one, item)
    _save(tx, one, shelving.placed(one.contents, [item], section, before), "move")
    return f"r-{item}"


def _chosen() -> list[str]:
    ids = request.form.getlist("ref")
    if not ids:
        raise NothingChosen
    return ids


def _send(tx: Transaction, one: ReadingList, _: str) -> str:
    ids, section = _chosen(), request.form.get("vers", "")
    _save(tx, one, shelving.placed(one.contents, ids, section), "move")
    return f"s-{section}"


def _remove(tx: Transaction, one: ReadingList, item: str) -> str:
    ids = [item] if item else _chosen()
    _save(tx, one, shelving.without_items(one.contents, ids), "remove")
    tell("Retiré. Le dernier changement peut être annulé." if item else "Retirées.")
    return ""


def _new_section(tx: Transaction, one: ReadingList, _: str) -> str:
    title = one_line(request.form.get("partie", ""))[:TITLE]
    contents = shelving.with_new_section(one.contents, title or "Nouvelle partie")
    _save(tx, one, contents, "section")
    return f"s-{contents.sections[-1].id}"


def _move_section(step: int) -> Callable[[Transaction, ReadingList, str], str]:
    def gesture(tx: Transaction, one: ReadingList, section: str) -> str:
        _save(tx, one, shelving.section_moved(one.contents, section, step), "section-move")
        return f"s-{section}"

    return gesture


def _remove_section(tx: Transaction, one: ReadingList, section: str) -> str:
    _save(tx, one, shelving.without_section(one.contents, section), "section-remove")
    tell("La partie est supprimée ; ses références sont restées.")
    return ""


def _undo(tx: Transaction, one: ReadingList, number: str) -> str:
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Overtaken("part", number)
    take_back(tx, one, int(number), by=me(), now=now())
    tell("C’est annulé.")
    return ""


GESTURES: Final[dict[str, Callable[[Transaction, ReadingList, str], str]]] = {
    "monter": _move(-1, "monter"),
    "descendre": _move(1, "descendre"),
    "placer": _place,
    "envoyer": _send,
    "retirer": _remove,
    "partie": _new_section,
    "partie-monter": _move_section(-1),
    "partie-descendre": _move_section(1),
    "partie-supprimer": _remove_section,
    "annuler": _undo,
}


# -- for the modules beside this one --------------------------------------------------------------


def page(template: str, *, status: int = 0, **values: Any) -> Response:
    """A page of the desk; 422 when a form is shown again."""
    status = status or (422 if request.method == "POST" else 200)
    return make_response(render_template(template, **values), status)
