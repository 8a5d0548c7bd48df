"""The desk: what somebody may do here, by role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, Flask, render_template, request, url_for

from core.text import NBSP
from core.weeks import PARIS
from people.rights import RIGHTS, SOMETHING, Action, may
from web import guard
from web.context import entrance
from web.forms import ROLES
from web.guard import open_to

bp = Blueprint("desks", __name__)

# What a role is for, as a sentence; then what each right means. Those of everybody go unsaid.
PURPOSES: Final = {
    "editor": "Choisir ce qui compte et composer la lettre.",
    "trainer": "Préparer des bibliographies pour les étudiantes et les étudiants.",
    "documentalist": "Tenir les thèmes, leurs mots et les sources.",
    "admin": "Ouvrir et fermer les accès, et veiller à ce que tout fonctionne.",
}
MEANINGS: Final = {
    Action.COMPOSE_LETTER: "Composer la lettre",
    Action.KEEP_SUBSCRIBERS: "Reprendre et prendre la liste des abonnements à la lettre",
    Action.KEEP_READING_LIST: "Tenir ses bibliographies",
    Action.CORRECT_THEMES: "Corriger les thèmes d’un article",
    Action.GROUP_ARTICLES: "Rapprocher ou séparer des articles",
    Action.EDIT_VOCABULARY: "Modifier le vocabulaire des thèmes",
    Action.KEEP_ARTICLES: "Ajouter un article à la main, en retirer un",
    Action.MANAGE_SOURCES: "Ajouter, vérifier et retirer des sources",
    Action.CONFIGURE_SITE: "Dire de qui est ce site, choisir ses premières sources",
    Action.MANAGE_ACCOUNTS: "Inviter, changer un rôle, suspendre un accès",
    Action.READ_HISTORY: "Lire l’historique",
    Action.ANSWER_REQUESTS: "Répondre aux demandes reçues",
}

# Endpoint, words, what one must be allowed: the team's ways, shown to whom they are open.
WAYS: Final = (
    ("desks.show", "Bureau", Action.ENTER_DESK),
    ("newsletter_desk.index", "La lettre", Action.COMPOSE_LETTER),
    ("subscribers.index", "Abonnements", Action.KEEP_SUBSCRIBERS),
    ("corrections.queue", "Relecture", Action.CORRECT_THEMES),
    ("holdings.add", "Articles", Action.KEEP_ARTICLES),
    ("proposals.show", "Sources", Action.MANAGE_SOURCES),
    ("vocabulary.index", "Vocabulaire", Action.EDIT_VOCABULARY),
    ("skills.show", "Compétences", Action.EDIT_VOCABULARY),
    ("reading_lists.index", "Bibliographies", Action.KEEP_READING_LIST),
    ("health.index", "Santé des sources", Action.MANAGE_SOURCES),
    ("installation.show", "Ce site", Action.CONFIGURE_SITE),
    ("administration.show", "Comptes", Action.MANAGE_ACCOUNTS),
    ("contact.received", "Demandes", Action.ANSWER_REQUESTS),
    ("watching.show", "Fonctionnement", Action.MANAGE_ACCOUNTS),
    ("administration.history", "Historique", Action.READ_HISTORY),
    ("own_account.show", "Mon compte", Action.CHANGE_OWN_ACCOUNT),
)

# Blueprints that are part of another's way.
ROOMS: Final = dict.fromkeys(
    (
        "reading_items",
        "reading_shares",
        "reading_exports",
        "reading_imports",
        "dossiers",
        "shelving",
    ),
    "reading_lists",
) | dict.fromkeys(
    ("newsletter_sending", "newsletter_pictures", "newsletter_basket"), "newsletter_desk"
)


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the team's menu; ``current``: what ``aria-current`` says of it."""

    address: str
    label: str
    current: str


def ways() -> list[Way]:
    """The team's menu, for who is asking."""
    person = guard.person()
    return [
        Way(url_for(endpoint), label, _current(endpoint))
        for endpoint, label, action in WAYS
        if may(person, action, SOMETHING)
    ]


def install(app: Flask) -> None:
    """Give the team's templates their words."""
    app.jinja_env.globals |= {
        "visitor": guard.person,
        "ways": ways,
        "roles": ROLES,
        "purposes": PURPOSES,
        "may_write": lambda: entrance().may_write,
    }
    app.jinja_env.filters["clock"] = clock


def clock(instant: datetime) -> str:
    """« 14 h 05 », in Paris."""
    there = instant.astimezone(PARIS)
    return f"{there.hour}{NBSP}h{NBSP}{there.minute:02}"


def _current(endpoint: str) -> str:
    if request.endpoint == endpoint:
        return "page"
    known = {way for way, _, _ in WAYS}
    room = request.blueprint or ""
    inside = ROOMS.get(room, room) == endpoint.partition(".")[0] and request.endpoint not in known
    return "true" if inside and endpoint != "administration.history" else ""


@bp.get("/bureau")
@open_to(Action.ENTER_DESK)
def show() -> str:
    """One's own role page."""
    role = guard.here().person.role
    return render_template(
        "accounts/desk.html",
        label=ROLES[role],
        purpose=PURPOSES[role],
        meanings=[MEANINGS[action] for action in RIGHTS[role] if action in MEANINGS],
    )
