"""What becomes of a letter: looked at, copied elsewhere, tried on one address, scheduled, sent."""

from __future__ import annotations

import itertools
import re
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import BadAddress, Conflict, GlaneuseError
from core.letters import LetterState
from core.newsletters import Newsletter, NewsletterId
from core.subscriptions import NEWSLETTER
from core.weeks import PARIS, french_day, paris_date
from curation.newsletter_rendering import Cover
from curation.newsletter_review import Lack
from mail.addresses import parse_address
from people.newsletters import end_of, publish
from people.rights import Action
from store import ReadTransaction, Transaction
from web import guard
from web.context import entrance, now, parts, public_url, today
from web.forms import tell
from web.guard import open_to
from web.headers import POLICY
from web.history import LETTER
from web.newsletter_desk import NUMBER
from web.newsletter_desk_page import gaps_of, size_of
from web.newsletter_form import read_day, version_of
from web.newsletter_letters import Press, Printed
from web.newsletter_words import KINDS, LACKS
from web.newsletters import images_of
from web.notice import short_slug
from web.subscriptions import stationery
from web.typography import count, moment

bp = Blueprint("newsletter_sending", __name__, url_prefix="/bureau/lettres")

SOONEST: Final = timedelta(minutes=-5)  # a form filled in slowly
LATEST: Final = timedelta(days=366)
_HOUR: Final = re.compile(r"\s*(\d{1,2})\s*[:hH]\s*(\d{2})?\s*")
WHEN: Final = "Choisissez un jour et une heure."
CHANGED: Final = (
    "La lettre a changé depuis que vous avez ouvert cette page. Relisez-la, puis recommencez."
)
# What the frame of the preview may do: nothing but show the letter and our own images.
FRAMED: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; "
    "sandbox allow-popups"
)
VIEWS: Final = {"telephone": "Téléphone", "ordinateur": "Ordinateur", "texte": "Texte seul"}
DARK: Final = "(prefers-color-scheme: dark)"


# -- looking --------------------------------------------------------------------------------------


@bp.get(f"/<{NUMBER}:id>/apercu")
@open_to(Action.COMPOSE_LETTER)
def preview(id: int) -> Response:
    """The letter at a phone's and at a desktop's width, as text, by day and by night."""
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_id(NewsletterId(id))
    text = _printed(newsletter.id, site="").text
    view = request.args.get("vue", "telephone")
    page = render_template(
        "newsletters/preview.html",
        newsletter=newsletter,
        text=text,
        view=view if view in VIEWS else "telephone",
        views=VIEWS,
        night=request.args.get("nuit") == "1",
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


@bp.get(f"/<{NUMBER}:id>/apercu/page")
@open_to(Action.COMPOSE_LETTER)
def frame(id: int) -> Response:
    """The HTML of the letter alone, for the preview's frame."""
    html = _printed(NewsletterId(id), site="").html
    night = request.args.get("nuit") == "1"
    response = make_response(html.replace(DARK, "all" if night else "not all"))
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.get(f"/<{NUMBER}:id>/copier")
@open_to(Action.COMPOSE_LETTER)
def copy(id: int) -> Response:
    """HTML and text to be pasted into another program that sends letters."""
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_id(NewsletterId(id))
    page = render_template(
        "newsletters/copy.html",
        newsletter=newsletter,
        html=fragment_of(newsletter.id),
        text=_printed(newsletter.id, site=public_url()).text,
    )
    return make_response(page)


@bp.get(f"/<{NUMBER}:id>/lettre.<any(html, txt):form>")
@open_to(Action.COMPOSE_LETTER)
def download(id: int, form: str) -> Response:
    """The same as files."""
    letter = NewsletterId(id)
    body = fragment_of(letter) if form == "html" else _printed(letter, site=public_url()).text
    kind = "text/html" if form == "html" else "text/plain"
    response = make_response(body)
    response.content_type = f"{kind}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="lettre.{form}"'
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def _printed(id: NewsletterId, *, site: str) -> Printed:
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_id(id)
        images = images_of(tx, newsletter.content, site)
    return press().print_trial(newsletter.content, cover_of(newsletter), images)


def fragment_of(id: NewsletterId) -> str:
    """The body alone, for another mail program; its images are ours, by their whole address."""
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_id(id)
        images = images_of(tx, newsletter.content, public_url())
    return press().fragment(newsletter.content, cover_of(newsletter), images)


def press() -> Press:
    """What writes letters."""
    return Press(stationery())


# -- sending --------------------------------------------------------------------------------------


@bp.route(f"/<{NUMBER}:id>/envoi", methods=["GET", "POST"])
@open_to(Action.COMPOSE_LETTER)
def show(id: int) -> Response:
    """What is missing, how many will receive it; a try, a time, or at once."""
    letter = NewsletterId(id)
    if request.method == "GET":
        with parts().store.read() as tx:
            return _sending_page(tx, letter, 200)
    gesture = GESTURES.get(request.form.get("geste", ""))
    with parts().store.begin() as tx:
        if gesture is None:
            return _sending_page(tx, letter, 422, alert="Ce geste n’existe pas.")
        try:
            gesture(tx, tx.newsletters.hold(letter))
        except Refused as refused:
            return _sending_page(tx, letter, 422, alert=str(refused))
        except Conflict:
            return _sending_page(tx, letter, 409, alert=CHANGED)
    return redirect(url_for("newsletter_sending.show", id=id), 303)


# How the letters of a newsletter stand, in the editor's words: one, several.
STANDING: Final = (
    ((LetterState.SENT,), "remise", "remises"),
    ((LetterState.WAITING, LetterState.DEFERRED, LetterState.HANDING), "en attente", "en attente"),
    ((LetterState.REFUSED, LetterState.FAILED), "refusée", "refusées"),
    ((LetterState.UNCERTAIN,), "dont on ne sait pas", "dont on ne sait pas"),
    ((LetterState.DROPPED,), "retirée", "retirées"),
)


def standing(tx: ReadTransaction, id: NewsletterId) -> str:
    """« 1 200 remises, 3 refusées »; "" when nobody follows it."""
    held = tx.outbox.counts_of(end_of(id))
    counted = [
        (sum(held.get(state, 0) for state in states), one, several)
        for states, one, several in STANDING
    ]
    return ", ".join(count(number, one, several) for number, one, several in counted if number)


class Refused(GlaneuseError):
    """Why the letter does not go, in French."""


def _try(tx: Transaction, newsletter: Newsletter) -> None:
    """To one address, as it is, now; not counted as sent."""
    try:
        address = parse_address(request.form.get("adresse", "")).normal
    except BadAddress as error:
        raise Refused(error.reason) from error
    if not entrance().may_write:
        raise Refused("Ce site n’envoie pas de courrier : copiez la lettre ailleurs.")
    if newsletter.content.is_empty:
        raise Refused(LACKS[Lack.NOTHING_TO_SEND])
    images = images_of(tx, newsletter.content, public_url())
    printed = press().print_trial(newsletter.content, cover_of(newsletter), images)
    key = f"newsletter-trial:{newsletter.id}:{secrets.token_urlsafe(8)}"
    tx.outbox.add(press().address_trial(printed, address, key), now=now())
    tell(f"L’essai part vers {address}.")


def _send(tx: Transaction, newsletter: Newsletter) -> None:
    _ready(tx, newsletter, now())
    if entrance().may_write and tx.subscriptions.count_following(NEWSLETTER):
        tell("La lettre part dans les minutes qui viennent.")
        return
    publish(tx, newsletter.id, now())
    tell("La lettre est publiée. Personne ne la reçoit par courriel.")


def _schedule(tx: Transaction, newsletter: Newsletter) -> None:
    at = _moment(request.form.get("jour", ""), request.form.get("heure", ""))
    _ready(tx, newsletter, at)
    tell(f"C’est programmé : la lettre partira le {moment(at)}.")


def _call_back(tx: Transaction, newsletter: Newsletter) -> None:
    if not tx.newsletters.call_back(newsletter.id):
        raise Refused("Il est trop tard : la lettre est partie.")
    who = guard.me()
    tx.audit.record(who, "call-back", LETTER, newsletter.id, {}, {}, now=now())
    tell("L’envoi est annulé : la lettre est de nouveau un brouillon.")


GESTURES: Final = {
    "essayer": _try, "envoyer": _send, "programmer": _schedule, "annuler": _call_back,
}  # fmt: skip


def _ready(tx: Transaction, newsletter: Newsletter, at: datetime) -> None:
    """Have it go at ``at``, as it was on the page that asks. Raises Refused, Conflict."""
    gaps = [gap for gap in gaps_of(tx, newsletter.content) if gap.lack.forbids]
    if gaps:
        raise Refused(LACKS[gaps[0].lack])
    read, who = version_of(request.form), guard.me()
    slug = _free_slug(tx, newsletter, at)
    tx.newsletters.schedule(newsletter.id, at, slug=slug, over=read)
    after = {"at": at.isoformat(timespec="minutes"), "subject": newsletter.content.subject}
    tx.audit.record(who, "schedule", LETTER, newsletter.id, {}, after, now=now())


def _free_slug(tx: ReadTransaction, newsletter: Newsletter, at: datetime) -> str:
    """« 2026-11-26-pouponnieres-et-mdph », with a number when another letter is called so."""
    name = short_slug(newsletter.content.subject) or "lettre"
    start = f"{paris_date(at).isoformat()}-{name}"
    for number in itertools.count(1):
        slug = start if number == 1 else f"{start}-{number}"
        if not tx.newsletters.is_taken(slug, by_other_than=newsletter.id):
            return slug
    raise AssertionError("counting never ends")


def _moment(day: str, hour: str) -> datetime:
    """A day and an hour in Paris, as typed, to come. Raises Refused."""
    found = _HOUR.fullmatch(hour)
    if found is None or not day.strip():
        raise Refused(WHEN)
    try:
        clock = time(int(found[1]), int(found[2] or 0))
        local = datetime.combine(read_day(day) or today(), clock, PARIS)
    except ValueError as error:
        raise Refused(WHEN) from error
    at = local.astimezone(UTC)
    if not now() + SOONEST <= at <= now() + LATEST:
        raise Refused("Choisissez un moment à venir, dans l’année.")
    return at


def _sending_page(
    tx: ReadTransaction, id: NewsletterId, status: int, *, alert: str = ""
) -> Response:
    newsletter = tx.newsletters.by_id(id)
    gaps = gaps_of(tx, newsletter.content)
    titles = {one.id: one.title or one.url or KINDS[one.kind] for one in newsletter.content.entries}
    told = [(LACKS[gap.lack], gap.entry, titles.get(gap.entry, "")) for gap in gaps]
    values: dict[str, Any] = {
        "newsletter": newsletter,
        "size": size_of(newsletter.content, gaps),
        "forbidding": [one for one, gap in zip(told, gaps, strict=True) if gap.lack.forbids],
        "lacking": [one for one, gap in zip(told, gaps, strict=True) if not gap.lack.forbids],
        "followers": tx.subscriptions.count_following(NEWSLETTER),
        "standing": standing(tx, id),
        "own_address": guard.here().person.address,
        "tomorrow": (today() + timedelta(days=1)).isoformat(),
    }
    page = render_template("newsletters/sending.html", alert=alert, **values)
    return make_response(page, status)


def cover_of(newsletter: Newsletter) -> Cover:
    """The day of a letter, and its page once it has one."""
    at = newsletter.sent or newsletter.scheduled or now()
    page = f"{public_url()}/lettres/{newsletter.slug}" if newsletter.slug else ""
    return Cover(french_day(paris_date(at)), page)
