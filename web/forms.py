"""Forms: fields, their errors in French, and what was typed when it could not be received.

Every form is read and sent at one address, so that one that comes back (the session had ended,
the page was too old) is shown there again with what was typed; sending it stays the person's act.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from typing import Any, Final, TypeVar

from flask import flash, request
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    PasswordField,
    RadioField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, StopValidation

from core.errors import BadAddress
from core.people import Person, Role
from core.text import one_line
from mail.addresses import parse_address
from people.passwords import LONGEST, SHORTEST, Weakness
from people.rights import Action, may
from store import Transaction
from web import guard
from web.context import leads_to_a_page, now, parts
from web.signing import Typed

F = TypeVar("F", bound="FrenchForm")

NAME_LENGTH: Final = 100
ADDRESS_LENGTH: Final = 320
COME_BACK: Final = "brouillon"
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{20,60}")

ROLES: Final = {
    Role.EDITOR: "Rédaction",
    Role.TRAINER: "Formation",
    Role.DOCUMENTALIST: "Documentation",
    Role.ADMIN: "Administration",
}
# As WTForms 3.3 wants them; its types are those of 3.2. The labels are the templates' business.
ROLE_VALUES: Final[Any] = [role.value for role in ROLES]
WEAKNESSES: Final = {
    Weakness.TOO_SHORT: f"Il faut au moins {SHORTEST} caractères : une phrase, par exemple.",
    Weakness.TOO_LONG: f"C’est trop long : {LONGEST} caractères au plus.",
    Weakness.COMMON: "Ce mot de passe se devine trop facilement. Essayez plusieurs mots "
    "sans rapport entre eux.",
}
RESTORED: Final = "Voici ce que vous aviez écrit. Relisez, puis envoyez de nouveau."


class FrenchForm(Form):
    """A form whose messages are French. ``restored``: it holds what had been typed before."""

    restored = False

    class Meta:
        """How WTForms is set."""

        locales = ("fr",)


class Needed(InputRequired):
    """A field that cannot stay empty; says what to write."""

    def __call__(self, form: Any, field: Field) -> None:
        """Stop at an empty answer."""
        value = field.raw_data[0] if field.raw_data else ""
        if not (value.strip() if isinstance(value, str) else value):
            field.errors = []
            raise StopValidation(str(self.message))


def address_alone(_form: Any, field: Field) -> None:
    """One mail address; the field then holds its normal form."""
    try:
        field.data = parse_address(field.data or "").normal
    except BadAddress as error:
        raise ValidationError(error.reason) from error


def tidy(text: str | None) -> str:
    """On one line, without what cannot be seen."""
    return one_line(text or "")


# -- the forms of accounts ------------------------------------------------------------------------


class SignInForm(FrenchForm):
    """Address and password."""

    adresse = EmailField(
        "Adresse électronique",
        [Needed("Écrivez votre adresse électronique."), Length(max=ADDRESS_LENGTH)],
    )
    mot_de_passe = PasswordField("Mot de passe", [Needed("Écrivez votre mot de passe.")])


class CodeForm(FrenchForm):
    """The second factor."""

    code = StringField(
        "Code",
        [Needed("Écrivez les six chiffres de votre application, ou un code de secours.")],
    )


class ForgottenForm(FrenchForm):
    """Where to send a reset link."""

    adresse = EmailField(
        "Adresse électronique",
        [Needed("Écrivez l’adresse de votre compte."), address_alone],
    )


class NewPasswordForm(FrenchForm):
    """A password to begin with, or again."""

    mot_de_passe = PasswordField("Nouveau mot de passe", [Needed("Choisissez un mot de passe.")])


class ChangePasswordForm(NewPasswordForm):
    """The present password, then another."""

    mot_de_passe_actuel = PasswordField(
        "Mot de passe actuel", [Needed("Écrivez votre mot de passe actuel.")]
    )


class ConfirmForm(FrenchForm):
    """The present password, for what is not to be done by somebody who finds the screen open."""

    mot_de_passe_actuel = PasswordField(
        "Mot de passe actuel", [Needed("Écrivez votre mot de passe actuel.")]
    )


class NameForm(FrenchForm):
    """What to be called."""

    nom = StringField(
        "Nom affiché",
        [Length(max=NAME_LENGTH, message=f"{NAME_LENGTH} caractères au plus.")],
        filters=[tidy],
    )


class StandingForm(NameForm):
    """What an admin decides of an account."""

    role = RadioField(
        "Rôle",
        [Needed("Choisissez un rôle.")],
        choices=ROLE_VALUES,
        validate_choice=True,
    )
    suspendu = BooleanField("Accès suspendu")


class FirstAccountForm(NameForm):
    """Who installs."""

    adresse = EmailField(
        "Votre adresse électronique", [Needed("Écrivez votre adresse."), address_alone]
    )


class InviteForm(NameForm):
    """Whom to invite, and for what."""

    adresse = EmailField(
        "Adresse électronique",
        [Needed("Écrivez l’adresse de la personne à inviter."), address_alone],
    )
    role = RadioField(
        "Rôle",
        [Needed("Choisissez un rôle.")],
        choices=ROLE_VALUES,
    )


# -- opening a form, and having it come back ------------------------------------------------------


def opened(form_class: type[F], **data: Any) -> F:
    """The form of this page: as sent, as it came back, or filled with ``data``."""
    if request.method == "POST":
        return form_class(request.form)
    kept = coming_back()
    if kept is None:
        return form_class(data=data)
    form = form_class(kept)
    form.restored = True
    return form


def is_sent(form: FrenchForm) -> bool:
    """Whether it was sent, and is filled in as it should."""
    return request.method == "POST" and form.validate()


def keep_draft(tx: Transaction, owner: Person, kept: Typed) -> str:
    """Keep what was typed, for its author; the address where it comes back.

    "" when there was nothing in it, or no page to show it on.
    """
    if not kept.says_something or not leads_to_a_page(kept.path):
        return ""
    key = secrets.token_urlsafe(24)
    tx.drafts.keep(key, owner.id, kept.path, kept.fields, now=now())
    return f"{kept.path}?{COME_BACK}={key}"


def mark_of(thing: object) -> str:
    """What changes when a thing does: sent with its form, compared when it comes back."""
    return sha256(repr(thing).encode()).hexdigest()[:16]


def tell(sentence: str) -> None:
    """Have the next page say this."""
    flash(sentence)


def coming_back() -> MultiDict[str, str] | None:
    """What had been typed in the form of this page, when its address says that it was kept."""
    key = request.args.get(COME_BACK, "")
    if not _KEY.fullmatch(key):
        return None
    with parts().store.read() as tx:
        draft = tx.drafts.by_key(key)
    if draft is None or draft.path != request.path:
        return None
    if not may(guard.person(), Action.RESUME_DRAFT, draft):
        return None
    return MultiDict((name, value) for name, values in draft.fields.items() for value in values)
