"""Signing in and out, and choosing a password by a link."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from core.errors import BadAddress, NotFound
from core.people import LinkPurpose, Person
from mail.addresses import parse_address
from people.accounts import choose_password, make_link
from people.links import LinkRefused, LinkState
from people.passwords import WeakPassword
from people.sessions import begin_session, end_by_token
from people.sign_in import Refused
from people.throttle import LETTERS_PER_ACCOUNT, LETTERS_PER_PLACE, TooMany, place
from web import guard
from web.context import entrance, leads_to_a_page, now, parts
from web.devices import device
from web.forms import (
    ADDRESS_LENGTH,
    WEAKNESSES,
    CodeForm,
    ForgottenForm,
    FrenchForm,
    NewPasswordForm,
    SignInForm,
    is_sent,
    keep_draft,
    opened,
    tell,
    tidy,
)
from web.guard import open_to_anyone
from web.invitations import link_address, link_letter
from web.signing import local_path, seal, typed, unseal

bp = Blueprint("accounts", __name__)

HALF: Final = "half"  # in the session: who gave the password, and owes the second factor
HALF_LASTS: Final = timedelta(minutes=10)
WRONG: Final = "Cette adresse et ce mot de passe ne vont pas ensemble."
WRONG_CODE: Final = "Ce code ne convient pas, ou a déjà servi."
ENDED: Final = "Votre session avait pris fin. Connectez-vous, puis recommencez."
KEPT: Final = "Votre session avait pris fin. Connectez-vous : ce que vous avez écrit reviendra."
EXPIRED: Final = (
    "Cette page était ouverte depuis longtemps, ou votre navigateur refuse les témoins de "
    "connexion (cookies), nécessaires ici. Recommencez."
)
FOREIGN: Final = (
    "Votre navigateur dit que ce formulaire vient d’un autre site : il n’a pas été reçu. "
    "Recommencez depuis cette page."
)
PURPOSES: Final = {
    "accounts.invitation": LinkPurpose.INVITATION,
    "accounts.reset": LinkPurpose.RESET,
}


# -- signing in -----------------------------------------------------------------------------------


@bp.route("/connexion", methods=["GET", "POST"])
@open_to_anyone
def sign_in() -> Response:
    """Address and password."""
    if request.method == "GET" and guard.person() is not None:
        return redirect(_way_on(), 303)
    form = SignInForm(request.form)
    if not is_sent(form):
        return _sign_in_page(form, 422 if request.method == "POST" else 200)
    answer = entrance().sign_in.with_password(
        _normal(form.adresse.data or ""), form.mot_de_passe.data or "", place=_place(), now=now()
    )
    if isinstance(answer, TooMany):
        return _too_many(_sign_in_page(form, 429, alert=_wait(answer)), answer)
    if isinstance(answer, Refused):
        return _sign_in_page(form, 422, alert=WRONG)
    if answer.has_second_factor:
        session.clear()
        session[HALF] = [answer.id, now().timestamp(), _stamp(answer)]
        return _code_page(CodeForm(), 200)
    return _enter(answer)


@bp.route("/connexion/code", methods=["GET", "POST"])
@open_to_anyone
def second_factor() -> Response:
    """The second factor, after the password."""
    person = _half_in()
    if person is None:
        if request.method == "POST":
            tell("Trop de temps a passé : recommencez.")
        return redirect(url_for("accounts.sign_in", suite=_suite() or None), 303)
    form = CodeForm(request.form)
    if not is_sent(form):
        return _code_page(form, 422 if request.method == "POST" else 200)
    answer = entrance().sign_in.with_code(person, form.code.data or "", place=_place(), now=now())
    if isinstance(answer, TooMany):
        return _too_many(_code_page(form, 429, alert=_wait(answer)), answer)
    if isinstance(answer, Refused):
        return _code_page(form, 422, alert=WRONG_CODE)
    return _enter(answer)


@bp.post("/deconnexion")
@open_to_anyone
def sign_out() -> Response:
    """Here, not elsewhere."""
    token = guard.let_out()
    if token:
        with parts().store.begin() as tx:
            end_by_token(tx, token)
    tell("Vous êtes déconnecté·e.")
    return redirect(url_for("accounts.sign_in"), 303)


def ask_to_sign_in() -> Response:
    """First sign in; a form that was being sent is kept meanwhile."""
    if request.method in {"GET", "HEAD"}:
        return guard.back_to_sign_in()
    written = typed(request.path, request.form)
    if not written.says_something or not guard.is_from_here():
        return _sign_in_page(SignInForm(), 401, alert=ENDED, kept="")
    return _sign_in_page(SignInForm(), 401, alert=KEPT, kept=seal(entrance().secret, written))


def form_expired(_error: CSRFError) -> Response:
    """A form that was not made for this session: shown again, with what was typed."""
    person = guard.person()
    if not guard.is_from_here():
        return _shown_again(MultiDict(), FOREIGN)
    if person is None:
        return _shown_again(request.form, EXPIRED)
    with parts().store.begin() as tx:
        back = keep_draft(tx, person, typed(request.path, request.form))
    if not back:
        tell(EXPIRED)
    return redirect(back or url_for("desks.show"), 303)


def _shown_again(written: MultiDict[str, str], alert: str) -> Response:
    """A form for anyone that was not received: with what was written, secrets apart."""
    endpoint = request.endpoint or ""
    if endpoint in PURPOSES:
        return _choose_again((request.view_args or {})["token"], PURPOSES[endpoint], alert)
    if endpoint == "accounts.forgotten":
        form = ForgottenForm(written)
        return _page("accounts/forgotten.html", 400, form=form, sent=False, alert=alert)
    if endpoint == "accounts.second_factor" and _half_in() is not None:
        return _code_page(CodeForm(), 400, alert=alert)
    return _sign_in_page(SignInForm(written), 400, alert=alert)


# -- links ----------------------------------------------------------------------------------------


@bp.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@open_to_anyone
def forgotten() -> Response:
    """Ask for a link by which to choose another password."""
    form = opened(ForgottenForm)
    if not entrance().may_write or not is_sent(form):
        status = 422 if request.method == "POST" and entrance().may_write else 200
        return _page("accounts/forgotten.html", status, form=form, sent=False)
    address, when = form.adresse.data or "", now()
    counted = {f"letter {address.lower()}": LETTERS_PER_ACCOUNT}
    counted |= {f"letters {_place()}": LETTERS_PER_PLACE}
    with parts().store.begin() as tx:
        attempt = entrance().throttle.attempt(tx, counted, when)
    if isinstance(attempt, TooMany):
        page = _page("accounts/forgotten.html", 429, form=form, sent=False, alert=_wait(attempt))
        return _too_many(page, attempt)
    page = _page("accounts/forgotten.html", 200, form=form, sent=True)
    # After the answer has gone, so that it takes as long whether or not there is an account.
    page.call_on_close(_writer(address, when))
    return page


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_anyone
def invitation(token: str) -> Response:
    """Choose a first password."""
    return _choose(token, LinkPurpose.INVITATION)


@bp.route("/nouveau-mot-de-passe/<token>", methods=["GET", "POST"])
@open_to_anyone
def reset(token: str) -> Response:
    """Choose another password."""
    return _choose(token, LinkPurpose.RESET)


def _choose(token: str, purpose: LinkPurpose) -> Response:
    p, gate, form = parts(), entrance(), NewPasswordForm(request.form)
    try:
        with p.store.read() as tx:
            person = gate.links.read(tx, token, purpose, now())
        if not is_sent(form):
            return _choose_page(form, person, purpose, 422 if request.method == "POST" else 200)
        choose_password(
            p.store,
            gate.links,
            gate.passwords,
            token=token,
            purpose=purpose,
            password=form.mot_de_passe.data or "",
            now=now(),
        )
    except LinkRefused as refused:
        return _link_refused(refused, purpose)
    except WeakPassword as weak:
        form.mot_de_passe.errors = (WEAKNESSES[weak.weakness],)
        return _choose_page(form, person, purpose, 422)
    # With the address rather than signed in at once: a link read over a shoulder is not a way in,
    # and who has a second factor still owes it.
    guard.let_out()
    tell("Votre mot de passe est enregistré. Connectez-vous avec lui.")
    return redirect(url_for("accounts.sign_in"), 303)


def _choose_again(token: str, purpose: LinkPurpose, alert: str) -> Response:
    try:
        with parts().store.read() as tx:
            person = entrance().links.read(tx, token, purpose, now())
    except LinkRefused as refused:
        return _link_refused(refused, purpose)
    return _choose_page(NewPasswordForm(), person, purpose, 400, alert=alert)


def _choose_page(
    form: FrenchForm, person: Person, purpose: LinkPurpose, status: int, *, alert: str = ""
) -> Response:
    return _page(
        "accounts/choose.html", status, form=form, person=person, purpose=purpose, alert=alert
    )


def _link_refused(refused: LinkRefused, purpose: LinkPurpose) -> Response:
    return _page(
        "accounts/link_refused.html", 410, purpose=purpose, state=refused.state, states=LinkState
    )


def _writer(address: str, when: datetime) -> Any:
    """What writes to an account, if there is one at this address."""
    p, gate = parts(), entrance()

    def write() -> None:
        with p.store.begin() as tx:
            try:
                person = tx.accounts.by_address(address)
            except NotFound:
                return
            if person.disabled:
                return
            purpose, token = make_link(tx, gate.links, person, when)
            link = link_address(p.settings.public_url, purpose, token)
            tx.outbox.add(link_letter(person, purpose, link, when), now=when)

    return write


# -- inside ---------------------------------------------------------------------------------------


def _enter(person: Person) -> Response:
    """Signed in: on to where they were going, with what they had typed."""
    kept = unseal(entrance().secret, request.form.get("brouillon", ""))
    with parts().store.begin() as tx:
        agent = device(request.headers.get("User-Agent", ""))
        token = begin_session(tx, person, device=agent, now=now())
        back = keep_draft(tx, person, kept) if kept else ""
    guard.let_in(token)
    return redirect(back or _way_on(), 303)


def _way_on() -> str:
    """Where they were going: an address of ours that can be read, else the desk."""
    wanted = local_path(request.values.get("suite", ""))
    if wanted and leads_to_a_page(wanted):
        return wanted
    return url_for("desks.show")


def _half_in() -> Person | None:
    """Who gave the password a moment ago, unless it was changed since."""
    try:
        id, since, stamp = session.get(HALF, (0, 0, ""))
        with parts().store.read() as tx:
            person = tx.accounts.by_id(id)
    except (NotFound, ValueError, TypeError):
        return None
    fresh = 0 <= now().timestamp() - since < HALF_LASTS.total_seconds()
    return person if fresh and not person.disabled and stamp == _stamp(person) else None


def _stamp(person: Person) -> str:
    with parts().store.read() as tx:
        return sha256(tx.accounts.password_of(person.id).encode()).hexdigest()[:16]


def _normal(address: str) -> str:
    """The address as accounts are known by; as typed when it is none, so that it counts too."""
    try:
        return parse_address(address).normal
    except BadAddress:
        return tidy(address)[:ADDRESS_LENGTH]  # no NUL, which PostgreSQL does not take


def _place() -> str:
    return place(request.remote_addr)


def _sign_in_page(
    form: SignInForm, status: int, *, alert: str = "", kept: str | None = None
) -> Response:
    if kept is None:
        kept = request.form.get("brouillon", "")
    return _page("accounts/sign_in.html", status, form=form, alert=alert, kept=kept, suite=_suite())


def _code_page(form: CodeForm, status: int, *, alert: str = "") -> Response:
    kept = request.form.get("brouillon", "")
    return _page("accounts/code.html", status, form=form, alert=alert, kept=kept, suite=_suite())


def _suite() -> str:
    return local_path(request.values.get("suite", ""))


def _wait(answer: TooMany) -> str:
    minutes = max(1, round(answer.wait.total_seconds() / 60))
    return f"Trop d’essais. Recommencez dans {minutes} minute{'s' if minutes > 1 else ''}."


def _too_many(page: Response, answer: TooMany) -> Response:
    page.headers["Retry-After"] = str(int(answer.wait.total_seconds()) + 1)
    return page


def _page(template: str, status: int, **values: Any) -> Response:
    return make_response(render_template(template, **values), status)
