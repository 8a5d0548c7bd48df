"""Following a theme or a search by mail: asking, confirming, changing, leaving.

No cookie and no account: what a letter carries is the key. Opening an address never changes
anything; only a button does, or the mail program's own (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import (
    Blueprint,
    Flask,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response
from wtforms import EmailField, Field, RadioField, SelectMultipleField, ValidationError

from core.errors import NotFound
from core.model import ThemeId
from core.subscriptions import (
    NEWSLETTER,
    Consent,
    Ending,
    Rhythm,
    Subject,
    SubjectKind,
    Subscription,
)
from people.subscriptions import (
    TokenRefused,
    Tokens,
    Wish,
    ask,
    change_rhythm,
    confirm_by_link,
    count_sign_up,
    leave,
    leave_all,
    never_write,
    refuse_by_link,
    write_again,
)
from people.throttle import TooMany, place
from store.suppressions import SuppressionReason
from web.asking import Question
from web.context import entrance, now, parts
from web.forms import Needed, address_alone
from web.guard import open_to_anyone
from web.labels import labels_of
from web.letters import RHYTHMS, Stationery
from web.open_forms import OpenForm, busy_sentence, form_token, say_when
from web.search import source_names
from web.subjects import Named, Subjects, subject_of

bp = Blueprint("subscriptions", __name__)

# The text agreed to. Whoever changes it gives it another version: the proof keeps both.
VERSION: Final = "2026-12"
WORDS: Final = (
    "Je demande à recevoir par courriel, au rythme choisi, les nouveaux articles {of}, réunis par "
    "Glaneuse. Mon adresse ne sert qu’à cela. Je peux changer d’avis à tout moment, par le lien "
    "au pied de chaque lettre."
)
NEWSLETTER_WORDS: Final = (
    "Je demande à recevoir par courriel la lettre de la rédaction, à chaque parution, et les "
    "nouveaux articles des thèmes cochés, au rythme choisi. Mon adresse ne sert qu’à cela. Je peux "
    "changer d’avis à tout moment, par le lien au pied de chaque lettre."
)
# Said again where the button is, of whatever is ticked there.
AGREED: Final = (
    "Je demande à recevoir par courriel ce que j’ai coché, réuni par Glaneuse. Mon adresse ne sert "
    "qu’à cela. Je peux changer d’avis à tout moment, par le lien au pied de chaque lettre."
)
RHYTHM_LABELS: Final = {
    Rhythm.WEEKLY: "Chaque semaine, le lundi matin",
    Rhythm.DAILY: "Chaque jour, le matin",
}
RHYTHM_VALUES: Final[Any] = [one.value for one in RHYTHM_LABELS]
# What was just done, said on the page that follows: by name in its address, never in a cookie.
DONE: Final = {
    "confirme": "C’est confirmé. La première lettre viendra dès qu’il y aura du nouveau.",
    "rythme": "C’est noté : le rythme est changé.",
    "tout": "C’est fait : vous ne recevrez plus aucune lettre.",
    "jamais": "C’est fait : Glaneuse n’écrira plus à cette adresse.",
    "reprendre": "C’est noté : vous pouvez de nouveau vous abonner avec cette adresse.",
}


MOST_THEMES: Final = 10  # of one sign-up


class FollowForm(OpenForm):
    """Who wants letters, and how often."""

    adresse = EmailField(
        "Adresse électronique", [Needed("Écrivez votre adresse électronique."), address_alone]
    )
    rythme = RadioField(
        "Rythme",
        [Needed("Choisissez un rythme.")],
        choices=RHYTHM_VALUES,
        default=Rhythm.WEEKLY.value,
    )

    @property
    def rhythm(self) -> Rhythm:
        """How often."""
        return Rhythm(self.rythme.data)

    def follows(self, subject: Subject) -> list[tuple[Subject, Rhythm]]:
        """What is asked for on the page of this subject, the subject first."""
        return [(subject, self.rhythm)]


class NewsletterForm(FollowForm):
    """Who wants the newsletter, and the themes that they follow with it."""

    rythme = RadioField(
        "Rythme des thèmes",
        choices=RHYTHM_VALUES,
        default=Rhythm.WEEKLY.value,
        validate_choice=False,
    )
    theme = SelectMultipleField("Thèmes", choices=(), validate_choice=False)

    def validate_theme(self, field: Field) -> None:
        """Themes of today, and not too many."""
        if not set(field.data or ()) <= set(parts().vocabulary.themes):
            raise ValidationError("Un des thèmes cochés n’existe plus.")
        if len(field.data or ()) > MOST_THEMES:
            raise ValidationError(f"{MOST_THEMES} thèmes au plus : d’autres se suivront ensuite.")

    def follows(self, subject: Subject) -> list[tuple[Subject, Rhythm]]:
        """The newsletter comes when it comes; themes at the rhythm chosen."""
        often = Rhythm.DAILY if self.rythme.data == Rhythm.DAILY else Rhythm.WEEKLY
        themes = (Subject(SubjectKind.THEME, id) for id in dict.fromkeys(self.theme.data or ()))
        return [(subject, Rhythm.ISSUE), *((theme, often) for theme in themes)]


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription or a request, as its owner sees it."""

    named: Named
    rhythm: str
    id: int
    token: str = ""


def install(app: Flask) -> None:
    """Give the readers' templates the way here."""
    app.jinja_env.globals["follow_address"] = follow_address


def follow_address(question: Question) -> str:
    """Where a search is followed; "" when it is not, or when no mail goes."""
    subject = subject_of(question)
    if subject is None or not entrance().may_write:
        return ""
    return f"{url_for('subscriptions.search')}?{subject.key}"


# -- asking ---------------------------------------------------------------------------------------


@bp.route("/suivre/theme/<slug:id>", methods=["GET", "POST"])
@open_to_anyone
def theme(id: str) -> Response:
    """Follow a theme."""
    if ThemeId(id) not in parts().vocabulary.themes:
        raise NotFound("theme", id)
    return _follow(Subject(SubjectKind.THEME, id))


@bp.route("/suivre/lettre", methods=["GET", "POST"])
@open_to_anyone
def newsletter() -> Response:
    """Follow what the editors send."""
    return _follow(NEWSLETTER)


@bp.route("/suivre/recherche", methods=["GET", "POST"])
@open_to_anyone
def search() -> Response:
    """Follow a search: the one that this address repeats."""
    subjects = _subjects()
    question, _ = subjects.read(request.args)
    subject = subject_of(question)
    if subject is None:
        return _page("subscriptions/nothing.html", 200 if request.method == "GET" else 422)
    return _follow(subject)


def _follow(subject: Subject) -> Response:
    named = _subjects().name(subject)
    is_newsletter = subject == NEWSLETTER
    form: FollowForm = (NewsletterForm if is_newsletter else FollowForm)(request.form)
    words = NEWSLETTER_WORDS if is_newsletter else WORDS.format(of=named.of_phrase)
    if not entrance().may_write:
        return _page("subscriptions/no_mail.html", 200, named=named, subject=subject)
    if request.method == "GET":
        return _form_page(form, named, words, 200)
    if not form.validate():
        return _form_page(form, named, words, 422)
    if doubt := form.doubt:
        return _form_page(form, named, words, 400, alert=doubt)
    address = form.adresse.data or ""
    wishes = [Wish(address, one, often, words, VERSION) for one, often in form.follows(subject)]
    busy = None if form.is_trapped else _receive(wishes)
    if busy is not None:
        return say_when(_form_page(form, named, words, 429, alert=busy_sentence(busy)), busy)
    # The same words whatever is known of this address: they must teach nobody anything.
    return _page("subscriptions/sent.html", 200, named=named, address=address)


def _receive(wishes: Sequence[Wish]) -> TooMany | None:
    """Keep what was asked for, and write once to the owner of the address, or say why not now."""
    gate, p, when = entrance(), parts(), now()
    address, from_where = wishes[0].address, place(request.remote_addr)
    with p.store.begin() as tx:
        busy = count_sign_up(tx, gate.throttle, address, place=from_where, now=when)
        if busy is not None:
            return busy
        asked = [ask(tx, gate.throttle, wish, when) for wish in wishes]
        consent = next((one for one in asked if one is not None), None)
        if consent is not None:
            token = _tokens().of_consent(tx, consent)
            letter = stationery().confirmation(consent, token, themes=len(wishes) - 1)
            tx.outbox.add(letter, now=when)
    return None


def _form_page(
    form: FollowForm, named: Named, words: str, status: int, *, alert: str = ""
) -> Response:
    form.jeton.data = form_token()
    return _page(
        "subscriptions/follow.html",
        status,
        form=form,
        named=named,
        words=words,
        alert=alert,
        labels=RHYTHM_LABELS,
        vocabulary=parts().vocabulary,
    )


# -- confirming -----------------------------------------------------------------------------------


@bp.get("/abonnement/confirmer/<token>")
@open_to_anyone
def confirmation(token: str) -> Response:
    """What is asked about at this address, and the buttons. Changes nothing."""
    try:
        with parts().store.read() as tx:
            consent = _tokens().read_consent(tx, token, now())
            pending = tx.subscriptions.pending(consent.address, now())
    except TokenRefused as refused:
        return _refused(refused)
    return _confirmation_page(consent, pending, 200)


@bp.post("/abonnement/confirmer/<token>")
@open_to_anyone
def confirm(token: str) -> Response:
    """The button: these begin; or « it was not me »."""
    tokens, when = _tokens(), now()
    try:
        with parts().store.begin() as tx:
            if request.form.get("action") == "refuser":
                refuse_by_link(tx, tokens, token, when)
                return _page("subscriptions/refused_all.html", 200)
            consent = tokens.read_consent(tx, token, when)
            chosen = _chosen()
            pending = tx.subscriptions.pending(consent.address, when)
            if not any(one.id in chosen for one in pending):
                return _confirmation_page(
                    consent, pending, 422, alert="Cochez ce que vous voulez suivre."
                )
            begun = confirm_by_link(tx, entrance().throttle, tokens, token, chosen, when)
    except TokenRefused as refused:
        return _refused(refused)
    return _to_own_page(begun[0], "confirme")


def _confirmation_page(
    consent: Consent, pending: list[Consent], status: int, *, alert: str = ""
) -> Response:
    subjects = _subjects()
    return _page(
        "subscriptions/confirm.html",
        status,
        wishes=[_wish(subjects, one) for one in pending],
        # Asked for together with what the letter speaks of: the other requests may be anybody's.
        ticked={one.id for one in pending if one.asked == consent.asked},
        words=AGREED,
        address=consent.address,
        alert=alert,
    )


# -- changing and leaving -------------------------------------------------------------------------


@bp.get("/abonnement/<token>")
@open_to_anyone
def show(token: str) -> Response:
    """A subscription, the others of the same address, and what can be changed."""
    try:
        with parts().store.read() as tx:
            subscription = _tokens().read_subscription(tx, token)
            everything = tx.subscriptions.of(subscription.address)
            pending = tx.subscriptions.pending(subscription.address, now())
            barred = tx.suppressions.against(subscription.address, of_list=True)
    except TokenRefused as refused:
        return _refused(refused)
    subjects = _subjects()
    return _page(
        "subscriptions/show.html",
        200,
        token=token,
        subscription=subscription,
        here=_followed(subjects, subscription),
        others=[
            _followed(subjects, one)
            for one in everything
            if one.is_active and one.id != subscription.id
        ],
        wishes=[_wish(subjects, one) for one in pending],
        barred=barred is SuppressionReason.LEFT,
        masked=masked(subscription.address),
        labels=RHYTHM_LABELS,
        done=DONE.get(request.args.get("fait", ""), ""),
    )


@bp.post("/abonnement/<token>")
@open_to_anyone
def change(token: str) -> Response:
    """Another rhythm, or none at all; to agree to more takes a confirmation link."""
    action, when = request.form.get("action", ""), now()
    try:
        with parts().store.begin() as tx:
            subscription = _tokens().read_subscription(tx, token)
            match action:
                case "rythme":
                    wanted = request.form.get("rythme", "")
                    of_issue = subscription.rhythm is Rhythm.ISSUE
                    if of_issue or wanted not in {one.value for one in RHYTHM_LABELS}:
                        abort(400)
                    change_rhythm(tx, subscription, Rhythm(wanted))
                case "tout":
                    leave_all(tx, subscription.address, when)
                case "jamais":
                    never_write(tx, subscription.address, when)
                case "reprendre":
                    write_again(tx, subscription.address)
                case _:
                    abort(400)
    except TokenRefused as refused:
        return _refused(refused)
    return _to_own_page(subscription, action)


@bp.get("/abonnement/<token>/quitter")
@open_to_anyone
def leaving(token: str) -> Response:
    """Where « Se désabonner » leads: a button. Changes nothing."""
    try:
        with parts().store.read() as tx:
            subscription = _tokens().read_subscription(tx, token)
    except TokenRefused as refused:
        return _refused(refused)
    return _leaving_page(token, subscription, left=not subscription.is_active)


@bp.post("/abonnement/<token>/quitter")
@open_to_anyone
def quit_(token: str) -> Response:
    """The button of that page, or the mail program's (RFC 8058): one POST, no cookie, no more."""
    by_program = request.form.get("List-Unsubscribe") == "One-Click"
    try:
        with parts().store.begin() as tx:
            subscription = _tokens().read_subscription(tx, token)
            leave(tx, subscription, Ending.ONE_CLICK if by_program else Ending.LEFT, now())
    except TokenRefused as refused:
        return _refused(refused)
    return _leaving_page(token, subscription, left=True)


def _leaving_page(token: str, subscription: Subscription, *, left: bool) -> Response:
    here = _followed(_subjects(), subscription)
    return _page("subscriptions/leave.html", 200, token=token, here=here, left=left)


# -- inside ---------------------------------------------------------------------------------------


def masked(address: str) -> str:
    """« c…@exemple.fr »: enough to know it for one's own; letters get forwarded."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _chosen() -> set[int]:
    asked = request.form.getlist("demande")
    return {int(one) for one in asked if one.isascii() and one.isdecimal() and len(one) < 12}


def _wish(subjects: Subjects, consent: Consent) -> Followed:
    return Followed(subjects.name(consent.subject), RHYTHMS[consent.rhythm], consent.id)


def _followed(subjects: Subjects, subscription: Subscription) -> Followed:
    named = subjects.name(subscription.subject)
    token = _tokens().of_subscription(subscription)
    return Followed(named, RHYTHMS[subscription.rhythm], subscription.id, token)


def _to_own_page(subscription: Subscription, done: str) -> Response:
    token = _tokens().of_subscription(subscription)
    return redirect(url_for("subscriptions.show", token=token, fait=done), 303)


def _refused(refused: TokenRefused) -> Response:
    return _page("subscriptions/link_refused.html", 410, state=refused.state.value)


def _tokens() -> Tokens:
    return Tokens(entrance().secret)


def _subjects() -> Subjects:
    p = parts()
    labels = p.memory.recall("labels", lambda: labels_of(p.lexicon, p.genres))
    return Subjects(p.vocabulary, p.memory.recall("names", source_names), labels)


def stationery() -> Stationery:
    """What letters are written on."""
    return Stationery(parts().settings, _subjects(), _tokens())


def _page(template: str, status: int, **values: Any) -> Response:
    return make_response(render_template(template, **values), status)
