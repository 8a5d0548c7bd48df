"""Writing to the team: a withdrawal, a mistake, one's data; and what the team has received."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from core.errors import BadAddress
from core.model import Article, ArticleId
from core.subscriptions import Contact, Request, RequestId, RequestKind
from core.text import clean
from core.urls import canonical_url
from mail.addresses import parse_address
from people.rights import Action
from people.throttle import Limit, TooMany, place
from store import ReadTransaction, Transaction
from web import guard
from web.context import entrance, now, parts, public_url
from web.forms import NAME_LENGTH, Needed, address_alone, tell, tidy
from web.guard import open_to, open_to_anyone
from web.history import REQUEST
from web.open_forms import OpenForm, busy_sentence, form_token, say_when
from web.paging import SIZE, page_asked, paging
from web.subscriptions import stationery

bp = Blueprint("contact", __name__)

KINDS: Final = {
    RequestKind.WITHDRAWAL: "Demander le retrait d’un article",
    RequestKind.MISTAKE: "Signaler une erreur",
    RequestKind.PERSONAL_DATA: "Savoir ce que Glaneuse garde de moi, ou le faire effacer",
    RequestKind.OTHER: "Autre chose",
}
KIND_VALUES: Final[Any] = [one.value for one in KINDS]
MESSAGE_LENGTH: Final = 5000
PER_PLACE: Final = Limit(5, timedelta(hours=1))
PER_ADDRESS: Final = Limit(5, timedelta(days=1))
IN_ALL: Final = Limit(100, timedelta(days=1))
_OWN: Final = re.compile(r"/articles/([0-9]{1,10})(/|$)")


class ContactForm(OpenForm):
    """Who writes, about which article, and why."""

    objet = RadioField(
        "Votre demande",
        [Needed("Choisissez ce que vous demandez.")],
        choices=KIND_VALUES,
        default=RequestKind.WITHDRAWAL.value,
    )
    article = StringField("Adresse de l’article", filters=[tidy])
    nom = StringField(
        "Votre nom, et au nom de qui vous écrivez",
        [Length(max=NAME_LENGTH, message=f"{NAME_LENGTH} caractères au plus.")],
        filters=[tidy],
    )
    adresse = EmailField(
        "Adresse électronique",
        [Needed("Écrivez l’adresse où vous répondre."), address_alone],
    )
    message = TextAreaField(
        "Votre message",
        [
            Needed("Dites-nous pourquoi."),
            Length(max=MESSAGE_LENGTH, message=f"{MESSAGE_LENGTH} caractères au plus."),
        ],
        filters=[lambda text: clean(text or "")],
    )

    def validate_article(self, field: StringField) -> None:
        """The address of a page, needed for a withdrawal."""
        written = field.data or ""
        if not written:
            if self.objet.data == RequestKind.WITHDRAWAL:
                raise ValidationError("Collez ici l’adresse de l’article.")
            return
        try:
            canonical_url(written)
        except ValueError as error:
            sentence = "Ce n’est pas l’adresse d’une page : elle commence par https://."
            raise ValidationError(sentence) from error


@dataclass(frozen=True, slots=True)
class Received:
    """A request, and the article it is about when Glaneuse holds it."""

    request: Request
    label: str
    article: Article | None


# -- for anyone -----------------------------------------------------------------------------------


@bp.route("/contact", methods=["GET", "POST"])
@open_to_anyone
def show() -> Response:
    """Write to the team."""
    if request.method == "GET":
        asked = ContactForm(article=request.args.get("article", "")[:2000])
        return _form_page(asked, 200)
    form = ContactForm(request.form)
    if not form.validate():
        return _form_page(form, 422)
    if doubt := form.doubt:
        return _form_page(form, 400, alert=doubt)
    if form.is_trapped:
        return _page("legal/received.html", 200, number=0)
    contact = _contact(form)
    with parts().store.begin() as tx:
        kept = _keep(tx, contact)
    if isinstance(kept, TooMany):
        return say_when(_form_page(form, 429, alert=busy_sentence(kept)), kept)
    return _page("legal/received.html", 200, number=kept)


def _contact(form: ContactForm) -> Contact:
    return Contact(
        kind=RequestKind(form.objet.data),
        url=form.article.data or "",
        name=form.nom.data or "",
        address=form.adresse.data or "",
        message=form.message.data or "",
    )


def _keep(tx: Transaction, contact: Contact) -> RequestId | TooMany:
    """Keep a request and tell the team, unless there were too many."""
    when = now()
    counted = {
        f"request from {place(request.remote_addr)}": PER_PLACE,
        f"request of {contact.address.lower()}": PER_ADDRESS,
        "request": IN_ALL,
    }
    busy = entrance().throttle.attempt(tx, counted, when)
    if isinstance(busy, TooMany):
        return busy
    number = tx.requests.add(contact, when)
    recipient = _team_address()
    if recipient and entrance().may_write:
        received = tx.requests.by_id(number)
        tx.outbox.add(stationery().request(received, KINDS[contact.kind], recipient), now=when)
    return number


def _team_address() -> str:
    """Where the team is written to: CONTACT when it is an address rather than a page."""
    try:
        return parse_address(parts().settings.contact).normal
    except BadAddress:
        return ""


def _form_page(form: ContactForm, status: int, *, alert: str = "") -> Response:
    form.jeton.data = form_token()
    contact = parts().settings.contact
    return _page(
        "legal/contact.html", status, form=form, alert=alert, contact=contact, labels=KINDS
    )


# -- for the team ---------------------------------------------------------------------------------


@bp.get("/administration/demandes")
@open_to(Action.ANSWER_REQUESTS)
def received() -> str:
    """What was written to us: what waits first."""
    page = page_asked(request.args.get("page"))
    with parts().store.read() as tx:
        where = paging(page, tx.requests.count(), lambda at: url_for("contact.received", page=at))
        held = tx.requests.all(limit=SIZE, offset=(page - 1) * SIZE)
        shown = [_received(tx, one) for one in held]
        waiting = tx.requests.count_waiting()
    return render_template("legal/requests.html", requests=shown, waiting=waiting, paging=where)


@bp.post("/administration/demandes/<int(max=2147483647):id>")
@open_to(Action.ANSWER_REQUESTS)
def settle(id: int) -> Response:
    """Dealt with; or not after all."""
    reopened = request.form.get("action") == "rouvrir"
    with parts().store.begin() as tx:
        tx.requests.by_id(RequestId(id))
        if reopened:
            changed = tx.requests.reopen(RequestId(id))
        else:
            changed = tx.requests.settle(RequestId(id), now())
        if changed:
            action = "reopen" if reopened else "settle"
            tx.audit.record(guard.me(), action, REQUEST, id, {}, {}, now=now())
    tell("C’est noté.")
    return redirect(url_for("contact.received"), 303)


def _received(tx: ReadTransaction, held: Request) -> Received:
    return Received(held, KINDS[held.contact.kind], article_at(tx, held.contact.url))


def article_at(tx: ReadTransaction, url: str) -> Article | None:
    """The article at an address: its own, or that of its page here."""
    if not url:
        return None
    own = _OWN.search(url) if url.startswith(f"{public_url()}/") else None
    if own is not None:
        ids = [ArticleId(int(own[1]))]
    else:
        try:
            ids = list(tx.articles.by_urls([canonical_url(url)]).values())
        except ValueError:
            return None
    return next(iter(tx.articles.by_ids(ids)), None)


def _page(template: str, status: int, **values: Any) -> Response:
    return make_response(render_template(template, **values), status)
