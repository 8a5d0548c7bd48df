"""Giving a reading list: to whom it is shown, who edits it, frozen editions, history, the bin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, StringField
from wtforms.validators import Length

from core.errors import NotFound, Overtaken
from core.reading_lists import ReadingList, Visibility
from curation.reading_lists import new_slug, take_back
from people.privacy import account_of
from people.rights import Action, may
from store import Transaction
from web import guard
from web.context import now, parts, public_url
from web.forms import ADDRESS_LENGTH, FrenchForm, Needed, address_alone, is_sent, opened, tell, tidy
from web.guard import me, open_to
from web.history import LIST
from web.paging import SIZE, page_asked, paging
from web.reading_lists import GONE, called, deed_of, page
from web.readings import MEANT, VISIBILITIES, listed

bp = Blueprint("reading_shares", __name__, url_prefix="/bureau/bibliographies")

LABEL: Final = 200  # characters
MOST_EDITORS: Final = 50


class ColleagueForm(FrenchForm):
    """Somebody of the team, by their address."""

    adresse = EmailField(
        "Adresse d’une ou d’un collègue",
        [Needed("Écrivez l’adresse de son compte."), Length(max=ADDRESS_LENGTH), address_alone],
    )


class EditionForm(FrenchForm):
    """What a frozen edition is for."""

    nom = StringField(
        "Nom de l’édition",
        [Length(max=LABEL, message=f"{LABEL} caractères au plus.")],
        filters=[tidy],
    )


# -- to whom --------------------------------------------------------------------------------------


@bp.route("/<slug:slug>/partage", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def show(slug: str) -> Response:
    """Private, by link or public; the address and its QR code; colleagues; the bin."""
    if request.method == "GET":
        return _page(slug, opened(ColleagueForm))
    gesture = GESTURES.get(request.form.get("geste", ""))
    if gesture is None:
        return _page(slug, ColleagueForm(), alert="Ce geste n’existe pas.")
    form = ColleagueForm(request.form)
    with parts().store.begin() as tx:
        answer = gesture(tx, listed(tx, slug, Action.GIVE_READING_LIST, hold=True), form)
    if answer is None:
        return _page(slug, form)
    return redirect(answer, 303)


def _page(slug: str, form: ColleagueForm, alert: str = "") -> Response:
    with parts().store.read() as tx:
        one = listed(tx, slug)
        names = tx.accounts.names({*one.editors, *([one.owner] if one.owner else [])})
    return page(
        "reading_lists/share.html",
        one=one,
        form=form,
        alert=alert,
        names=names,
        may_give=may(guard.person(), Action.GIVE_READING_LIST, one),
        visibilities=VISIBILITIES,
        meant=MEANT,
        address=public_url() + url_for("bibliographies.show", slug=one.slug),
        signed=guard.here().person.name,
    )


def _set_visibility(tx: Transaction, one: ReadingList, _: ColleagueForm) -> str | None:
    wanted = request.form.get("visibilite", "")
    if wanted not in set(Visibility):
        raise NotFound("page", wanted[:40])
    tx.reading_lists.set_visibility(one.id, Visibility(wanted))
    _record(tx, one, "share", {"visibility": one.visibility}, {"visibility": wanted})
    tell("C’est enregistré.")
    return _here(one.slug)


def _add_editor(tx: Transaction, one: ReadingList, form: ColleagueForm) -> str | None:
    if not form.validate():
        return None
    person = account_of(tx, form.adresse.data or "")
    if person is None or not may(person, Action.KEEP_READING_LIST, _owned_by(person.id)):
        form.adresse.errors = ("Personne de l’équipe n’a cette adresse.",)
        return None
    if person.id == one.owner or len(one.editors) >= MOST_EDITORS:
        form.adresse.errors = ("Cette personne peut déjà la modifier.",)
        return None
    tx.reading_lists.set_editors(one.id, {*one.editors, person.id})
    _record(tx, one, "editor", {}, {"editor": person.called})
    tell(f"{person.called} peut maintenant modifier cette bibliographie.")
    return _here(one.slug)


def _remove_editor(tx: Transaction, one: ReadingList, _: ColleagueForm) -> str | None:
    gone = request.form.get("personne", "")
    left = {editor for editor in one.editors if str(editor) != gone}
    tx.reading_lists.set_editors(one.id, left)
    _record(tx, one, "editor", {"editor": gone}, {})
    tell("Cette personne ne peut plus la modifier.")
    return _here(one.slug)


def _renew(tx: Transaction, one: ReadingList, _: ColleagueForm) -> str | None:
    slug = new_slug(one.contents.title)
    tx.reading_lists.set_slug(one.id, slug)
    _record(tx, one, "address", {}, {})
    tell("L’adresse a changé : l’ancienne ne mène plus nulle part.")
    return _here(slug)


def _throw(tx: Transaction, one: ReadingList, _: ColleagueForm) -> str | None:
    tx.reading_lists.set_deleted(one.id, now())
    _record(tx, one, "throw", {}, {})
    tell("La bibliographie est dans la corbeille, pour 30 jours. Plus personne ne la lit.")
    return url_for("reading_lists.index")


GESTURES: Final = {
    "visibilite": _set_visibility,
    "collegue": _add_editor,
    "retirer-collegue": _remove_editor,
    "adresse": _renew,
    "jeter": _throw,
}


@bp.post("/<slug:slug>/remettre")
@open_to(Action.KEEP_READING_LIST)
def restore(slug: str) -> Response:
    """Out of the bin."""
    with parts().store.begin() as tx:
        one = listed(tx, slug, Action.GIVE_READING_LIST, hold=True, thrown=True)
        tx.reading_lists.set_deleted(one.id, None)
        _record(tx, one, "restore", {}, {})
    return redirect(url_for("reading_lists.show", slug=slug), 303)


def _here(slug: str) -> str:
    return url_for("reading_shares.show", slug=slug)


def _owned_by(owner: Any) -> Any:
    """Something that belongs to somebody, to ask what they may do with what is theirs."""
    return SimpleNamespace(owner=owner)


def _record(
    tx: Transaction, one: ReadingList, action: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    tx.audit.record(me(), action, LIST, one.id, before, after, now=now())


# -- editions -------------------------------------------------------------------------------------


@bp.route("/<slug:slug>/editions", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def editions(slug: str) -> Response:
    """The list as it stands, kept for a year's students; and who may read each edition."""
    form = opened(EditionForm)
    if is_sent(form):
        with parts().store.begin() as tx:
            one = listed(tx, slug, hold=True)
            number = tx.reading_lists.freeze(
                one, label=form.nom.data or "", by=me(), visibility=one.visibility, now=now()
            )
        tell(f"L’édition {number} est figée : elle ne changera plus.")
        return redirect(url_for("reading_shares.editions", slug=slug), 303)
    with parts().store.read() as tx:
        one = listed(tx, slug)
        held = tx.reading_lists.editions(one.id)
    return page(
        "reading_lists/editions.html",
        one=one,
        form=form,
        editions=held,
        may_give=may(guard.person(), Action.GIVE_READING_LIST, one),
        visibilities=VISIBILITIES,
    )


@bp.post("/<slug:slug>/editions/<int(max=2147483647):number>")
@open_to(Action.KEEP_READING_LIST)
def share_edition(slug: str, number: int) -> Response:
    """Who may read an edition."""
    wanted = request.form.get("visibilite", "")
    if wanted not in set(Visibility):
        raise NotFound("page", wanted[:40])
    with parts().store.begin() as tx:
        one = listed(tx, slug, Action.GIVE_READING_LIST, hold=True)
        tx.reading_lists.edition(one.id, number)
        tx.reading_lists.share_edition(one.id, number, Visibility(wanted))
        _record(tx, one, "share", {}, {"edition": number, "visibility": wanted})
    return redirect(url_for("reading_shares.editions", slug=slug), 303)


# -- history --------------------------------------------------------------------------------------


@bp.route("/<slug:slug>/historique", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def history(slug: str) -> Response:
    """Each change, by whom and when; any can be undone, what came after it staying."""
    alert = ""
    if request.method == "POST":
        try:
            with parts().store.begin() as tx:
                one = listed(tx, slug, hold=True)
                take_back(tx, one, _number(request.form.get("numero", "")), by=me(), now=now())
            tell("C’est annulé.")
            return redirect(url_for("reading_lists.show", slug=slug), 303)
        except Overtaken:
            alert = GONE["part"]
    at = page_asked(request.args.get("page"))
    with parts().store.read() as tx:
        one = listed(tx, slug)
        total = tx.reading_lists.count_revisions(one.id)
        held = tx.reading_lists.revisions(one.id, limit=SIZE, offset=(at - 1) * SIZE)
        told = [(each, deed_of(each), called(tx, each.who)) for each in held]
    pages = paging(at, total, lambda p: url_for("reading_shares.history", slug=slug, page=p))
    return page(
        "reading_lists/history.html",
        status=409 if alert else 0,
        one=one,
        told=told,
        paging=pages,
        alert=alert,
    )


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise NotFound("revision", written[:40])
    return int(written)
