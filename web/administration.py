"""Administration: who has access, and what was changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import Conflict, LastAdmin
from core.letters import LetterState
from core.people import LinkPurpose, Person, PersonId, Role
from people import accounts
from people.accounts import Standing, make_link
from people.rights import Action
from store import Transaction
from web import guard
from web.context import entrance, now, parts, public_url
from web.forms import InviteForm, StandingForm, is_sent, opened, tell
from web.guard import open_to, require
from web.history import told
from web.invitations import lasting, link_address, link_letter
from web.paging import SIZE, page_asked, paging

bp = Blueprint("administration", __name__, url_prefix="/administration")

NUMBER = "int(max=2147483647)"


@bp.get("")
@open_to(Action.MANAGE_ACCOUNTS)
def show() -> str:
    """The accounts, and the mail that waits."""
    with parts().store.read() as tx:
        everybody = tx.accounts.all()
        mail = tx.outbox.counts()
    waiting = mail.get(LetterState.WAITING, 0) + mail.get(LetterState.DEFERRED, 0)
    return render_template(
        "accounts/administration.html",
        people=everybody,
        waiting=waiting,
        uncertain=mail.get(LetterState.UNCERTAIN, 0),
    )


@bp.route("/inviter", methods=["GET", "POST"])
@open_to(Action.MANAGE_ACCOUNTS)
def invite() -> Response:
    """A new account, and the link that opens it."""
    form = opened(InviteForm)
    if not is_sent(form):
        return _page("accounts/invite.html", form=form)
    with parts().store.begin() as tx:
        try:
            person = accounts.invite(
                tx,
                by=guard.me(),
                address=form.adresse.data or "",
                name=form.nom.data or "",
                role=Role(form.role.data),
                now=now(),
            )
        except Conflict:
            form.adresse.errors = ("Cette adresse a déjà un compte.",)
            return _page("accounts/invite.html", form=form)
        return _hand_over(tx, person)


@bp.route(f"/comptes/<{NUMBER}:id>", methods=["GET", "POST"])
@open_to(Action.MANAGE_ACCOUNTS)
def account(id: int) -> Response:
    """One account: its role, and whether it is suspended."""
    with parts().store.read() as tx:
        person = tx.accounts.by_id(PersonId(id))
        trail = told(tx, tx.audit.recent(kind=accounts.KIND, key=id, limit=SIZE))
    form = opened(StandingForm, nom=person.name, role=person.role.value, suspendu=person.disabled)
    if not is_sent(form):
        return _page("accounts/standing.html", form=form, person=person, trail=trail)
    require(Action.CHANGE_STANDING, person)
    standing = Standing(form.nom.data or "", Role(form.role.data), bool(form.suspendu.data))
    try:
        with parts().store.begin() as tx:
            accounts.change_standing(tx, person, standing, by=guard.me(), now=now())
    except LastAdmin:
        form.role.errors = ("Il faut qu’une personne au moins puisse administrer.",)
        return _page("accounts/standing.html", form=form, person=person, trail=trail)
    tell("C’est noté.")
    return redirect(url_for("administration.show"), 303)


@bp.post(f"/comptes/<{NUMBER}:id>/lien")
@open_to(Action.MANAGE_ACCOUNTS)
def link(id: int) -> Response:
    """A new link by which to choose a password."""
    with parts().store.begin() as tx:
        person = tx.accounts.by_id(PersonId(id))
        require(Action.CHANGE_STANDING, person)
        if person.disabled:
            tell("Cet accès est suspendu : rouvrez-le d’abord.")
            return redirect(url_for("administration.account", id=id), 303)
        tx.audit.record(guard.me(), "link", accounts.KIND, id, {}, {}, now=now())
        return _hand_over(tx, person)


@bp.post(f"/comptes/<{NUMBER}:id>/retirer-double-verification")
@open_to(Action.MANAGE_ACCOUNTS)
def remove_factor(id: int) -> Response:
    """For somebody who lost both telephone and recovery codes."""
    with parts().store.begin() as tx:
        person = tx.accounts.by_id(PersonId(id))
        require(Action.CHANGE_STANDING, person)
        accounts.remove_second_factor(tx, person, by=guard.me(), now=now())
    tell("La double vérification de ce compte est retirée.")
    return redirect(url_for("administration.account", id=id), 303)


@bp.get("/historique")
@open_to(Action.READ_HISTORY)
def history() -> str:
    """Who changed what, when, from what to what."""
    page = page_asked(request.args.get("page"))
    with parts().store.read() as tx:
        total = tx.audit.count()
        where = paging(page, total, lambda at: url_for("administration.history", page=at))
        trail = told(tx, tx.audit.recent(limit=SIZE, offset=(page - 1) * SIZE))
    return render_template("accounts/history.html", trail=trail, paging=where)


def _hand_over(tx: Transaction, person: Person) -> Response:
    """Send somebody their link; without mail, show it to be passed on."""
    purpose, token = make_link(tx, entrance().links, person, now())
    address = link_address(public_url(), purpose, token)
    if entrance().may_write:  # then PUBLIC_URL is set: no letter is made of a ``Host``
        tx.outbox.add(link_letter(person, purpose, address, now()), now=now())
        tell(f"Le lien part vers {person.address}.")
        return redirect(url_for("administration.show"), 303)
    return make_response(
        render_template(
            "accounts/link.html",
            person=person,
            link=address,
            lasting=lasting(purpose, now()),
            first=purpose is LinkPurpose.INVITATION,
            guessed=not parts().settings.public_url,
        )
    )


def _page(template: str, **values: Any) -> Response:
    status = 422 if request.method == "POST" else 200
    return make_response(render_template(template, **values), status)
