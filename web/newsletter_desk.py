"""The desk of the letter: the list of letters, and one letter written by the team."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from core.errors import Conflict
from core.newsletters import Content, Newsletter, NewsletterId
from core.text import one_line
from core.weeks import paris_date
from curation.newsletter_saving import Saving, milestones, save
from people.rights import Action
from store import ReadTransaction, Transaction
from web import guard
from web.context import now, parts
from web.desks import clock
from web.forms import coming_back, keep_draft, tell
from web.guard import open_to, require
from web.history import LETTER, SOMEBODY_GONE
from web.newsletter_desk_page import (
    collisions_sentence,
    desk_of,
    gaps_of,
    others_sentence,
    size_of,
)
from web.newsletter_form import Sent, is_whole, read, version_of
from web.newsletter_gestures import GESTURES, Button, Outcome, requoted
from web.newsletter_starts import STARTS, Start, lists_of, period, since_the_last
from web.newsletter_words import ADDED, KINDS
from web.signing import typed

bp = Blueprint("newsletter_desk", __name__, url_prefix="/bureau/lettres")

NUMBER: Final = "int(max=2147483647)"
NOT_WHOLE: Final = (
    "Le formulaire n’est pas arrivé en entier : rien n’a été changé. Relisez, puis enregistrez de "
    "nouveau."
)
TOO_LATE: Final = (
    "Cette lettre est partie, ou programmée, depuis que vous l’aviez ouverte : vos derniers "
    "changements n’y sont pas, mais ils sont gardés."
)
SAVED: Final = "C’est enregistré."
WRONG_DAY: Final = "Une date n’en est pas une : elle est restée comme avant."
# « Entrée », in the field of something to add, presses the first button: what was meant is plain.
MEANT: Final = {"q": "chercher", "rubrique": "rubrique", "lien": "liens"}
# Buttons that save, then lead elsewhere.
WAYS: Final = {
    "envoi": "newsletter_sending.show",
    "apercu": "newsletter_sending.preview",
    "copier": "newsletter_sending.copy",
    "versions": "newsletter_desk.versions",
}


# -- the list of letters --------------------------------------------------------------------------


@bp.route("", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def index() -> Response:
    """Letters on the desk and sent; a new one."""
    if request.method == "GET":
        return _index_page(200)
    given = {
        name: one_line(request.form.get(name, ""))[:500]
        for name in ("du", "au", "depart", "recherche", "liste")
    }
    try:
        since, until = period(given["du"], given["au"])
        content = STARTS[given["depart"]](Start(since, until, given))
    except KeyError:
        return _index_page(422, given, "Choisissez de quoi partir.")
    except ValueError as error:
        return _index_page(422, given, str(error))
    who, when = guard.me(), now()
    with parts().store.begin() as tx:
        id = tx.newsletters.add(content, since=since, until=until, by=who, now=when)
        tx.audit.record(who, "begin", LETTER, id, {}, {}, now=when)
    return redirect(url_for("newsletter_desk.show", id=id), 303)


def _index_page(status: int, given: dict[str, str] | None = None, alert: str = "") -> Response:
    with parts().store.read() as tx:
        since, until = since_the_last(tx)
        letters = tx.newsletters.on_the_desk()
        values: dict[str, Any] = {
            "letters": letters,
            "published": tx.newsletters.published(limit=20),
            "basket": tx.basket.count(),
            "names": tx.accounts.names({one.updated_by for one in letters if one.updated_by}),
            "lists": lists_of(tx),
        }
    first = {
        "du": paris_date(since).isoformat(), "au": paris_date(until).isoformat(),
        "depart": "periode", "recherche": "", "liste": "",
    }  # fmt: skip
    page = render_template("newsletters/index.html", given=given or first, alert=alert, **values)
    return make_response(page, status)


# -- one letter -----------------------------------------------------------------------------------


@bp.route(f"/<{NUMBER}:id>", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def show(id: int) -> Response:
    """A letter, and its one form: whatever the button, what was typed is saved first."""
    letter = NewsletterId(id)
    if request.method == "POST":
        return _receive(letter)
    kept = coming_back()
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_id(letter)
        if kept is None or not newsletter.is_open:
            return _desk_page(tx, newsletter)
        base = _shown(tx, newsletter, kept)
        sent = read(kept, base)
        return _desk_page(tx, newsletter, sent, restored=True)


def _receive(id: NewsletterId) -> Response:
    form = request.form
    if not is_whole(form):
        return _not_received(id, NOT_WHOLE, 400)
    with parts().store.begin() as tx:
        newsletter = tx.newsletters.hold(id)
        require(Action.COMPOSE_LETTER, newsletter)
        base = _shown(tx, newsletter, form)
        sent = _meant(read(form, base), form)
        length = parts().settings.extract_length
        content = requoted(tx, base, sent.content, length)
        try:
            saving = _save(tx, id, content, sent.version)
        except Conflict:
            return _too_late(tx, id)
        if sent.gesture in GESTURES:
            return _press(tx, id, sent, saving, form)
        if sent.gesture == "periode":
            return _cover(tx, newsletter, form)
        return _saved(tx, id, content, sent, saving)


def _meant(sent: Sent, form: MultiDict[str, str]) -> Sent:
    """The button that was meant: saving by itself, as the script does, adds nothing."""
    if sent.gesture != "enregistrer" or _is_for_script():
        return sent
    gestures = (gesture for field, gesture in MEANT.items() if form.get(field, "").strip())
    return replace(sent, gesture=next(gestures, sent.gesture))


def _save(tx: Transaction, id: NewsletterId, content: Content, version: int) -> Saving:
    return save(tx, id, content, read=version, by=guard.me(), now=now())


def _shown(tx: ReadTransaction, newsletter: Newsletter, form: MultiDict[str, str]) -> Content:
    """What the page that sent this form had shown; the letter as it is, if that is forgotten."""
    found = tx.newsletters.content_of(newsletter.id, version_of(form))
    return newsletter.content if found is None else found


def _press(
    tx: Transaction, id: NewsletterId, sent: Sent, saving: Saving, form: MultiDict[str, str]
) -> Response:
    """The gesture is made on the letter as it is once everybody's changes are in it."""
    newsletter = tx.newsletters.by_id(id)
    length = parts().settings.extract_length
    button = Button(tx, newsletter.content, sent.about, form, length)
    outcome: Outcome = GESTURES[sent.gesture](button)
    if outcome.content != newsletter.content:
        _save(tx, id, outcome.content, newsletter.version)
    _tell_of(outcome.content, sent, saving)
    if outcome.told:
        tell(outcome.told)
    undo = newsletter.version if sent.gesture == "retirer" else None
    words = one_line(form.get("q", ""))[:200]
    where = url_for(
        "newsletter_desk.show", id=id, annuler=undo, q=words or None, _anchor=outcome.anchor
    )
    return redirect(where, 303)


def _cover(tx: Transaction, newsletter: Newsletter, form: MultiDict[str, str]) -> Response:
    try:
        since, until = period(form.get("du", ""), form.get("au", ""))
    except ValueError as error:
        tell(str(error))
    else:
        tx.newsletters.cover(newsletter.id, since=since, until=until)
    return redirect(url_for("newsletter_desk.show", id=newsletter.id, _anchor="ajouter"), 303)


def _saved(
    tx: Transaction, id: NewsletterId, content: Content, sent: Sent, saving: Saving
) -> Response:
    """It is saved: said to the script, or by the page that follows."""
    if _is_for_script():
        return _told_to_script(tx, id, content, sent, saving)
    _tell_of(content, sent, saving)
    if sent.gesture == "aller" and sent.about in WAYS:
        return redirect(url_for(WAYS[sent.about], id=id), 303)
    if sent.gesture == "image":
        return redirect(url_for("newsletter_pictures.choose", id=id, entry=sent.about), 303)
    if sent.gesture == "chercher":
        if request.form.get("geste") == "enregistrer":
            tell(SAVED)
        words = one_line(request.form.get("q", ""))[:200]
        return redirect(url_for("newsletter_desk.show", id=id, q=words, _anchor="ajouter"), 303)
    if sent.gesture == "enregistrer":
        tell(SAVED)
    return redirect(url_for("newsletter_desk.show", id=id), 303)


def _told_to_script(
    tx: ReadTransaction, id: NewsletterId, content: Content, sent: Sent, saving: Saving
) -> Response:
    newsletter = tx.newsletters.by_id(id)
    alert = _collision_alert(content, saving) or (WRONG_DAY if sent.wrong else "")
    size = size_of(newsletter.content, gaps_of(tx, newsletter.content))
    return jsonify(
        version=saving.version,
        said=f"Enregistré à {clock(now())}.",
        alert=alert,
        others=others_sentence(tx, newsletter) if saving.by_others else "",
        size=render_template("newsletters/_size.txt", size=size).strip(),
    )


def _tell_of(content: Content, sent: Sent, saving: Saving) -> None:
    if alert := _collision_alert(content, saving):
        tell(alert)
    if sent.wrong:
        tell(WRONG_DAY)


def _collision_alert(content: Content, saving: Saving) -> str:
    if not saving.collisions:
        return ""
    what = collisions_sentence(content, saving.collisions)
    return (
        f"Quelqu’un a écrit en même temps que vous : {what}. Son texte est resté ; le vôtre est "
        f"dans la version {saving.version}, à reprendre par « Versions »."
    )


def _too_late(tx: Transaction, id: NewsletterId) -> Response:
    keep_draft(tx, guard.here().person, typed(request.path, request.form))
    return _not_received(id, TOO_LATE, 409)


def _not_received(id: NewsletterId, why: str, status: int) -> Response:
    if _is_for_script():
        return make_response(jsonify(alert=why), status)
    tell(why)
    return redirect(url_for("newsletter_desk.show", id=id), 303)


def _desk_page(
    tx: ReadTransaction, newsletter: Newsletter, sent: Sent | None = None, *, restored: bool = False
) -> Response:
    content = newsletter.content if sent is None else sent.content
    version = newsletter.version if sent is None else sent.version
    words = one_line(request.args.get("q", ""))[:200]
    page = render_template(
        "newsletters/desk.html",
        desk=desk_of(tx, newsletter, content, version, sent.wrong if sent else (), words),
        words=words,
        undo=_number(request.args.get("annuler", "")),
        restored=restored,
        last_day=newsletter.until - timedelta(seconds=1),
        added=[(kind, KINDS[kind]) for kind in ADDED],
    )
    return make_response(page, 200)


def _is_for_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


# -- versions -------------------------------------------------------------------------------------


@bp.route(f"/<{NUMBER}:id>/versions", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def versions(id: int) -> Response:
    """What the letter was, when, by whom; one of these brought back."""
    letter, wanted = NewsletterId(id), _number(request.values.get("version", ""))
    if request.method == "POST":
        return _bring_back(letter, wanted)
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_id(letter)
        kept = milestones(tx.newsletters.versions(letter))
        page = render_template(
            "newsletters/versions.html",
            newsletter=newsletter,
            versions=kept,
            names=tx.accounts.names({one.by for one in kept if one.by is not None}),
            somebody=SOMEBODY_GONE,
            wanted=wanted,
            content=tx.newsletters.content_of(letter, wanted) if wanted else None,
        )
    return make_response(page, 200)


def _bring_back(id: NewsletterId, wanted: int) -> Response:
    with parts().store.begin() as tx:
        newsletter = tx.newsletters.hold(id)
        content = tx.newsletters.content_of(id, wanted)
        if content is None:
            tell("Cette version n’est plus gardée.")
        elif not newsletter.is_open:
            tell(TOO_LATE)
        else:
            _save(tx, id, content, newsletter.version)
            tell(f"La version {wanted} est revenue ; celle d’avant reste dans les versions.")
    return redirect(url_for("newsletter_desk.show", id=id), 303)


@bp.route(f"/<{NUMBER}:id>/supprimer", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def remove(id: int) -> Response:
    """Forget a draft, once one said so."""
    letter, who = NewsletterId(id), guard.me()
    if request.method == "GET":
        with parts().store.read() as tx:
            newsletter = tx.newsletters.by_id(letter)
        return make_response(render_template("newsletters/remove.html", newsletter=newsletter))
    try:
        with parts().store.begin() as tx:
            subject = tx.newsletters.by_id(letter).content.subject
            tx.newsletters.remove(letter)
            tx.audit.record(who, "remove", LETTER, id, {"subject": subject}, {}, now=now())
    except Conflict:
        tell("Seul un brouillon se supprime : cette lettre est programmée, ou partie.")
        return redirect(url_for("newsletter_desk.show", id=id), 303)
    tell("Le brouillon est supprimé.")
    return redirect(url_for("newsletter_desk.index"), 303)
