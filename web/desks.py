"""The desk: what somebody may do here, by role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, Flask, render_template, request, url_for

from core.text import NBSP
from core.weeks import PARIS
from people.rights import SOMETHING, Action, may
from store import ReadTransaction
from web import guard
from web.context import entrance, parts
from web.forms import ROLES
from web.guard import open_to
from web.typography import count, number

bp = Blueprint("desks", __name__)

# What a role is for, as a sentence.
PURPOSES: Final = {
    "editor": "Choisir ce qui compte et composer la lettre.",
    "trainer": "Préparer des bibliographies pour les étudiantes et les étudiants.",
    "documentalist": "Tenir les thèmes, leurs mots et les sources.",
    "admin": "Ouvrir et fermer les accès, et veiller à ce que tout fonctionne.",
}

# Endpoint, its name, what is done there, what one must be allowed: the team's ways, shown to whom
# they are open.
WAYS: Final = (
    ("desks.show", "Bureau", "", Action.ENTER_DESK),
    (
        "newsletter_desk.index", "La lettre",
        "Composer la lettre, la relire, l’envoyer", Action.COMPOSE_LETTER,
    ),
    (
        "subscribers.index", "Abonnements",
        "Reprendre ou prendre la liste des adresses de la lettre", Action.KEEP_SUBSCRIBERS,
    ),
    (
        "corrections.queue", "Relecture",
        "Confirmer ou retirer les thèmes les moins sûrs, un par un", Action.CORRECT_THEMES,
    ),
    (
        "holdings.add", "Articles",
        "Ajouter un article à la main, en retirer un", Action.KEEP_ARTICLES,
    ),
    (
        "proposals.show", "Sources",
        "Ajouter une source, voir celles que les revues de presse citent", Action.MANAGE_SOURCES,
    ),
    (
        "vocabulary.index", "Vocabulaire",
        "Tenir les thèmes et les mots qui y mènent", Action.EDIT_VOCABULARY,
    ),
    (
        "skills.show", "Compétences",
        "Tenir les grilles de diplômes que l’on cite en formation", Action.EDIT_VOCABULARY,
    ),
    (
        "reading_lists.index", "Bibliographies",
        "Choisir, ordonner et partager des lectures", Action.KEEP_READING_LIST,
    ),
    (
        "health.index", "Santé des sources",
        "Voir les sources qui se taisent ou ne répondent plus", Action.MANAGE_SOURCES,
    ),
    (
        "installation.show", "Ce site",
        "Dire de qui est ce site, choisir ses premières sources", Action.CONFIGURE_SITE,
    ),
    (
        "administration.show", "Comptes",
        "Inviter, changer un rôle, suspendre un accès", Action.MANAGE_ACCOUNTS,
    ),
    (
        "contact.received", "Demandes",
        "Répondre à qui écrit par la page Contact", Action.ANSWER_REQUESTS,
    ),
    (
        "watching.show", "Fonctionnement",
        "Voir si tout avance : visites, files d’attente, courrier", Action.MANAGE_ACCOUNTS,
    ),
    (
        "administration.history", "Historique",
        "Lire qui a changé quoi, et quand", Action.READ_HISTORY,
    ),
    (
        "own_account.show", "Mon compte",
        "Changer de nom ou de mot de passe, voir ses appareils", Action.CHANGE_OWN_ACCOUNT,
    ),
)  # fmt: skip

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

    endpoint: str
    address: str
    label: str
    purpose: str
    current: str


def ways() -> list[Way]:
    """The team's menu, for who is asking."""
    person = guard.person()
    return [
        Way(endpoint, url_for(endpoint), label, purpose, _current(endpoint))
        for endpoint, label, purpose, action in WAYS
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
    known = {endpoint for endpoint, *_ in WAYS}
    room = request.blueprint or ""
    inside = ROOMS.get(room, room) == endpoint.partition(".")[0] and request.endpoint not in known
    return "true" if inside and endpoint != "administration.history" else ""


@bp.get("/bureau")
@open_to(Action.ENTER_DESK)
def show() -> str:
    """One's own role page: each way, and what waits there."""
    role = guard.here().person.role
    open_ways = [way for way in ways() if way.endpoint != "desks.show"]
    with parts().store.read() as tx:
        waiting = {
            way.endpoint: WAITING[way.endpoint](tx) for way in open_ways if way.endpoint in WAITING
        }
    return render_template(
        "accounts/desk.html",
        label=ROLES[role],
        purpose=PURPOSES[role],
        open_ways=open_ways,
        waiting=waiting,
    )


def _of_letters(tx: ReadTransaction) -> str:
    drafts, basket = len(tx.newsletters.on_the_desk()), tx.basket.count()
    told = ((drafts, count(drafts, "brouillon")), (basket, f"{number(basket)} au panier"))
    return ", ".join(words for held, words in told if held)


def _of_themes(tx: ReadTransaction) -> str:
    doubts = sum(tx.doubts.counts(parts().vocabulary.themes).values())
    return f"{number(doubts)} à relire" if doubts else ""


def _of_requests(tx: ReadTransaction) -> str:
    held = tx.requests.count_waiting()
    return f"{number(held)} à traiter" if held else ""


# What waits behind a way, in a few words; "" when nothing does.
WAITING: Final[Mapping[str, Callable[[ReadTransaction], str]]] = {
    "newsletter_desk.index": _of_letters,
    "corrections.queue": _of_themes,
    "contact.received": _of_requests,
}
