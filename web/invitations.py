"""The letters that invite, and that let choose another password; written here, sent elsewhere."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from markupsafe import escape

from core.letters import Letter
from core.people import LinkPurpose, Person
from core.weeks import french_day, paris_date
from people.links import LASTS

PATHS: Final = {LinkPurpose.INVITATION: "/invitation/", LinkPurpose.RESET: "/nouveau-mot-de-passe/"}

_SUBJECTS: Final = {
    LinkPurpose.INVITATION: "Votre invitation à Glaneuse",
    LinkPurpose.RESET: "Choisir un nouveau mot de passe pour Glaneuse",
}
_OPENINGS: Final = {
    LinkPurpose.INVITATION: "Vous êtes invité·e à rejoindre l’équipe de Glaneuse. Pour choisir "
    "votre mot de passe et entrer, ouvrez ce lien :",
    LinkPurpose.RESET: "Quelqu’un, vous sans doute, a demandé à choisir un nouveau mot de passe "
    "pour votre compte. Pour le faire, ouvrez ce lien :",
}
_ENDINGS: Final = {
    LinkPurpose.INVITATION: "Si vous n’attendiez pas cette invitation, ne faites rien : "
    "aucun accès n’est ouvert sans vous.",
    LinkPurpose.RESET: "Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.",
}


def link_address(public_url: str, purpose: LinkPurpose, token: str) -> str:
    """The address that a link opens."""
    return f"{public_url}{PATHS[purpose]}{token}"


def lasting(purpose: LinkPurpose, now: datetime) -> str:
    """Until when a link made now works, in words."""
    if purpose is LinkPurpose.RESET:
        hours = int(LASTS[purpose].total_seconds() // 3600)
        return f"pendant {hours} heures"
    return f"jusqu’au {french_day(paris_date(now + LASTS[purpose]))}"


def link_letter(person: Person, purpose: LinkPurpose, address: str, now: datetime) -> Letter:
    """The letter that brings a link to somebody."""
    greeting = f"Bonjour {person.name}," if person.name else "Bonjour,"
    limit = f"Il fonctionne une seule fois, {lasting(purpose, now)}."
    opening, ending = _OPENINGS[purpose], _ENDINGS[purpose]
    paragraphs = (greeting, opening, address, limit, ending, "Glaneuse")
    html = "".join(
        f'<p><a href="{escape(one)}">{escape(one)}</a></p>' if one is address
        else f"<p>{escape(one)}</p>"
        for one in paragraphs
    )  # fmt: skip
    return Letter(
        key=f"{purpose.value}:{secrets.token_urlsafe(16)}",
        recipient=person.address,
        recipient_name=person.name,
        subject=_SUBJECTS[purpose],
        text="\n\n".join(paragraphs) + "\n",
        html=f'<!doctype html><html lang="fr"><body>{html}</body></html>',
        purpose=purpose.value,
        urgent=True,
    )
