"""One's own account: name, password, second factor, and where one is signed in."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import NotFound
from core.people import Person
from people import accounts, second_factor
from people.passwords import WeakPassword
from people.rights import Action
from people.sessions import is_open
from people.sign_in import Refused
from people.throttle import TooMany, place
from web import guard
from web.context import entrance, now, parts
from web.forms import (
    WEAKNESSES,
    ChangePasswordForm,
    CodeForm,
    ConfirmForm,
    FrenchForm,
    NameForm,
    is_sent,
    opened,
    tell,
)
from web.guard import open_to, require

bp = Blueprint("own_account", __name__, url_prefix="/compte")

WRONG_PASSWORD = "Ce n’est pas votre mot de passe actuel."  # noqa: S105  a sentence
NUMBER = "int(max=2147483647)"


@bp.route("", methods=["GET", "POST"])
@open_to(Action.CHANGE_OWN_ACCOUNT)
def show() -> AnyResponse:
    """The account; its name can be changed."""
    person = _mine()
    form = opened(NameForm, nom=person.name)
    if not is_sent(form):
        return _account_page(form, person)
    with parts().store.begin() as tx:
        accounts.rename(tx, person, form.nom.data or "", now())
    tell("C’est noté.")
    return _back()


@bp.route("/mot-de-passe", methods=["GET", "POST"])
@open_to(Action.CHANGE_OWN_ACCOUNT)
def password() -> AnyResponse:
    """Another password; one is signed out everywhere else."""
    person, form = _mine(), ChangePasswordForm(request.form)
    if not is_sent(form) or not _is_confirmed(form, person):
        return _form_page("accounts/password.html", form, person)
    try:
        accounts.change_password(
            parts().store,
            entrance().passwords,
            person,
            form.mot_de_passe.data or "",
            session=guard.here().session.id,
            now=now(),
        )
    except WeakPassword as weak:
        form.mot_de_passe.errors = (WEAKNESSES[weak.weakness],)
        return _form_page("accounts/password.html", form, person)
    tell("Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
    return _back()


@bp.post("/deconnecter-partout")
@open_to(Action.CHANGE_OWN_ACCOUNT)
def sign_out_everywhere() -> AnyResponse:
    """End every session, this one too."""
    with parts().store.begin() as tx:
        accounts.sign_out_everywhere(tx, _mine(), now())
    guard.let_out()
    tell("Vous êtes déconnecté·e de tous vos appareils.")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post(f"/sessions/<{NUMBER}:id>/fin")
@open_to(Action.CHANGE_OWN_ACCOUNT)
def end_session(id: int) -> AnyResponse:
    """Sign out one device."""
    with parts().store.begin() as tx:
        session = tx.sessions.by_id(id)
        if session is None:
            raise NotFound("session", id)
        require(Action.CHANGE_OWN_ACCOUNT, session)
        tx.sessions.end(id)
    tell("Cet appareil est déconnecté.")
    return _back()


# -- the second factor ----------------------------------------------------------------------------


@bp.route("/double-verification", methods=["GET", "POST"])
@open_to(Action.CHANGE_OWN_ACCOUNT)
def factor() -> AnyResponse:
    """What it is; then the QR code, to be confirmed with a first code."""
    person, form = _mine(), CodeForm(request.form)
    if is_sent(form):
        with parts().store.begin() as tx:
            codes = accounts.confirm_second_factor(tx, person, form.code.data or "", now())
        if codes:
            return make_response(render_template("accounts/recovery_codes.html", codes=codes))
        form.code.errors = ("Ce n’est pas le code affiché en ce moment. Essayez le suivant.",)
    with parts().store.read() as tx:
        known = tx.accounts.second_factor(person.id)
        left = tx.accounts.count_recovery_codes(person.id)
    return _form_page("accounts/factor.html", form, person, factor=known, left=left)


@bp.post("/double-verification/preparer")
@open_to(Action.CHANGE_OWN_ACCOUNT)
def prepare_factor() -> AnyResponse:
    """Draw a secret, to be confirmed."""
    person = _mine()
    with parts().store.begin() as tx:
        known = tx.accounts.second_factor(person.id)
        if known is None or not known.confirmed:
            tx.accounts.propose_second_factor(person.id, second_factor.new_secret())
    return redirect(url_for("own_account.factor"), 303)


@bp.get("/double-verification/qr.svg")
@open_to(Action.CHANGE_OWN_ACCOUNT)
def factor_image() -> Response:
    """The secret as a QR code, only until it is confirmed."""
    person = _mine()
    with parts().store.read() as tx:
        known = tx.accounts.second_factor(person.id)
    if known is None or known.confirmed:
        raise NotFound("page", "qr")
    image = io.BytesIO()
    uri = second_factor.provisioning_uri(known.secret, person.address)
    segno.make(uri, error="m").save(image, kind="svg", scale=6, border=4, light="#fff")
    return Response(image.getvalue(), mimetype="image/svg+xml")


@bp.route("/double-verification/retirer", methods=["GET", "POST"])
@open_to(Action.CHANGE_OWN_ACCOUNT)
def remove_factor() -> AnyResponse:
    """Ask for the password alone again."""
    person, form = _mine(), ConfirmForm(request.form)
    if not is_sent(form) or not _is_confirmed(form, person):
        return _form_page("accounts/factor_off.html", form, person)
    with parts().store.begin() as tx:
        accounts.remove_second_factor(tx, person, by=person.id, now=now())
    tell("La double vérification est retirée.")
    return _back()


# -- inside ---------------------------------------------------------------------------------------


def _mine() -> Person:
    """Oneself; what is here is never somebody else's."""
    person = guard.here().person
    require(Action.CHANGE_OWN_ACCOUNT, person)
    return person


def _is_confirmed(form: ChangePasswordForm | ConfirmForm, person: Person) -> bool:
    """Whether the present password is right; counted as signing in is."""
    given = form.mot_de_passe_actuel
    answer = entrance().sign_in.with_password(
        person.address, given.data or "", place=place(request.remote_addr), now=now()
    )
    if isinstance(answer, Refused):
        given.errors = (WRONG_PASSWORD,)
    if isinstance(answer, TooMany):
        given.errors = ("Trop d’essais : recommencez dans un quart d’heure.",)
    return isinstance(answer, Person)


def _account_page(form: NameForm, person: Person) -> AnyResponse:
    with parts().store.read() as tx:
        sessions = tx.sessions.of(person.id)
    open_ones = [one for one in sessions if is_open(one, now())]
    return _form_page(
        "accounts/account.html", form, person, sessions=open_ones, here=guard.here().session.id
    )


def _form_page(template: str, form: FrenchForm, person: Person, **values: Any) -> AnyResponse:
    status = 422 if request.method == "POST" else 200
    page = render_template(template, form=form, person=person, **values)
    return make_response(page, status)


def _back() -> AnyResponse:
    return redirect(url_for("own_account.show"), 303)
