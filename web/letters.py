"""The letters to readers, written: HTML whose rules the mail room inlines, and plain text."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.letters import Letter
from core.settings import Settings
from core.subscriptions import Consent, Request, Rhythm, SubjectKind, Subscription
from core.text import NBSP, one_line, slugify, typographic
from core.weeks import french_date, french_day, paris_date
from people.letters import Edition
from people.personal_data import request_letter
from people.subscriptions import Tokens, letters_of
from web.notice import notices
from web.subjects import Subjects
from web.typography import ACCESS, count

RHYTHMS: Final = {
    Rhythm.WEEKLY: "chaque semaine, le lundi",
    Rhythm.DAILY: "chaque jour",
    Rhythm.ISSUE: "à chaque parution",
}
_TEMPLATES: Final = Path(__file__).parent / "templates" / "mail"
RULES: Final = (_TEMPLATES / "house.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Stationery:
    """Writes letters: knows what things are called, and where the site is."""

    settings: Settings
    subjects: Subjects
    tokens: Tokens

    # -- what is followed ---------------------------------------------------------------------

    def edition(self, edition: Edition) -> Letter:
        """What is new to who follows something."""
        subscription = edition.subscription
        named = self.subjects.name(subscription.subject)
        token = self.tokens.of_subscription(subscription)
        page = f"{self.site}/abonnement/{token}"
        new = count(edition.total, "nouvel article", "nouveaux articles")
        subject = typographic(f"{named.title} : {new}")
        values = {
            "subject": subject,
            "named": named,
            "new": new,
            "more": edition.total - len(edition.articles),
            "day": paris_date(edition.slot),
            "notices": notices(
                edition.articles, self.subjects.vocabulary, self.settings.extract_length
            ),
            "rhythm": RHYTHMS[subscription.rhythm],
            "since": paris_date(subscription.confirmed),
            "page": page,
            "leave": f"{page}/quitter",
        }
        return Letter(
            key=edition.key,
            recipient=subscription.address,
            subject=subject,
            text=self.text("edition.txt", **values),
            html=self.html("edition.html", **values),
            purpose="follow",
            list_id=self.list_id(subscription),
            unsubscribe_url=f"{page}/quitter",
        )

    def confirmation(self, consent: Consent, token: str, *, themes: int = 0) -> Letter:
        """Asks the owner of an address whether they did ask.

        ``themes``: how many were asked for with it. Anyone may have typed that address: nothing
        that was typed with it is written here.
        """
        named = self.subjects.name(consent.subject)
        by_anyone = consent.subject.kind is SubjectKind.SEARCH
        phrase = "une recherche" if by_anyone else named.phrase
        with_it = f", et {themes}{NBSP}thème{'s' if themes > 1 else ''}" if themes else ""
        subject = "Confirmez votre abonnement à Glaneuse"
        values = {
            "subject": subject,
            "phrase": phrase,
            "rhythm": f"{RHYTHMS[consent.rhythm]}{with_it}",
            "link": f"{self.site}/abonnement/confirmer/{token}",
            "until": paris_date(consent.expires),
        }
        return Letter(
            key=f"confirmation:{secrets.token_urlsafe(16)}",
            recipient=consent.address,
            subject=subject,
            text=self.text("confirmation.txt", **values),
            html=self.html("confirmation.html", **values),
            purpose="confirmation",
            urgent=True,
        )

    # -- requests -----------------------------------------------------------------------------

    def request(self, request: Request, label: str, recipient: str) -> Letter:
        """Tells the team what was written in the contact form."""
        values = {
            "request": request,
            "label": label,
            "page": f"{self.site}/administration/demandes",
        }
        return Letter(
            key=request_letter(request.id),
            recipient=recipient,
            subject=f"Demande n° {request.id} : {label}",
            text=self.text("request.txt", **values),
            purpose="request",
            headers={"Reply-To": request.contact.address},
        )

    # -- what they are written with -------------------------------------------------------------

    @property
    def site(self) -> str:
        """The address of the site, as set: that of a request may be anybody's word."""
        return self.settings.public_url

    def list_id(self, subscription: Subscription) -> str:
        """The name of the list that its letters belong to (RFC 2919)."""
        subject = subscription.subject
        host = (urlsplit(self.site).hostname or "").encode("idna").decode().lower()
        prefix = f"theme-{slugify(subject.key)}"
        if subject.kind is SubjectKind.SEARCH:
            prefix = f"recherche-{slugify(letters_of(subscription))}"
        elif subject.kind is SubjectKind.NEWSLETTER:
            prefix = "lettre"
        safe = ".".join(slugify(part) for part in host.split(".") if slugify(part))
        return f"{prefix}.{safe or 'glaneuse'}"

    def html(self, template: str, **values: Any) -> str:
        """A template of letters, as HTML."""
        return _HTML.get_template(template).render(values | self._house)

    def text(self, template: str, **values: Any) -> str:
        """A template of letters, as plain text."""
        return _TEXT.get_template(template).render(values | self._house)

    @property
    def _house(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "site": self.site,
            "publisher": settings.publisher or settings.mail_name,
            "publisher_address": settings.publisher_address,
            "organisation": settings.site_name,
            "logo": settings.logo,
        }


def _environment(*, html: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=html,  # noqa: S701  plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "fr": typographic,
        "line": one_line,
        "day": french_day,
        "date": french_date,
        "when": _when,
        "count": count,
        "access": lambda access: ACCESS[access],
    }
    return made


def _when(instant: datetime | date) -> str:
    return french_date(paris_date(instant) if isinstance(instant, datetime) else instant)


_HTML: Final = _environment(html=True)
_TEXT: Final = _environment(html=False)
