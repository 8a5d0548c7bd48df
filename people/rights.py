"""Who may do what on which thing: one question, asked by every route, API and export. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

from core.people import Person, PersonId, Role


class Action(StrEnum):
    """What a person may do."""

    ENTER_DESK = "enter-desk"
    CHANGE_OWN_ACCOUNT = "change-own-account"
    RESUME_DRAFT = "resume-draft"
    COMPOSE_LETTER = "compose-letter"
    KEEP_SUBSCRIBERS = "keep-subscribers"
    KEEP_READING_LIST = "keep-reading-list"
    GIVE_READING_LIST = "give-reading-list"
    CORRECT_THEMES = "correct-themes"
    GROUP_ARTICLES = "group-articles"
    EDIT_VOCABULARY = "edit-vocabulary"
    KEEP_ARTICLES = "keep-articles"
    MANAGE_SOURCES = "manage-sources"
    MANAGE_ACCOUNTS = "manage-accounts"
    CONFIGURE_SITE = "configure-site"
    CHANGE_STANDING = "change-standing"
    READ_HISTORY = "read-history"
    ANSWER_REQUESTS = "answer-requests"


class Scope(Enum):
    """On which things: any, those that are theirs (or that they edit), or those that are not."""

    ANY = "any"
    OWN = "own"
    SHARED = "shared"
    OTHERS = "others"


class _Something(Enum):
    SOMETHING = "something"


# Asked about instead of a thing: whether there is any thing on which the person may.
SOMETHING: Final = _Something.SOMETHING

_EVERYONE: Final = {
    Action.ENTER_DESK: Scope.ANY,
    Action.CHANGE_OWN_ACCOUNT: Scope.OWN,
    Action.RESUME_DRAFT: Scope.OWN,
}

_READING_LISTS: Final = {
    Action.KEEP_READING_LIST: Scope.SHARED,  # the colleagues whom the owner named as well
    Action.GIVE_READING_LIST: Scope.OWN,  # to whom it is shown, who edits it, whether it goes
}

RIGHTS: Final[Mapping[Role, Mapping[Action, Scope]]] = MappingProxyType(
    {
        Role.EDITOR: _EVERYONE
        | {
            Action.COMPOSE_LETTER: Scope.ANY,
            Action.KEEP_SUBSCRIBERS: Scope.ANY,
            **_READING_LISTS,
            Action.CORRECT_THEMES: Scope.ANY,
            Action.GROUP_ARTICLES: Scope.ANY,
            Action.KEEP_ARTICLES: Scope.ANY,
            Action.MANAGE_SOURCES: Scope.ANY,
        },
        Role.TRAINER: _EVERYONE | _READING_LISTS,
        Role.DOCUMENTALIST: _EVERYONE
        | {
            **_READING_LISTS,
            Action.CORRECT_THEMES: Scope.ANY,
            Action.GROUP_ARTICLES: Scope.ANY,
            Action.EDIT_VOCABULARY: Scope.ANY,
            Action.KEEP_ARTICLES: Scope.ANY,
            Action.MANAGE_SOURCES: Scope.ANY,
        },
        Role.ADMIN: _EVERYONE
        | {
            Action.COMPOSE_LETTER: Scope.ANY,
            Action.KEEP_SUBSCRIBERS: Scope.ANY,
            Action.KEEP_READING_LIST: Scope.ANY,
            Action.GIVE_READING_LIST: Scope.ANY,
            Action.CORRECT_THEMES: Scope.ANY,
            Action.GROUP_ARTICLES: Scope.ANY,
            Action.EDIT_VOCABULARY: Scope.ANY,
            Action.KEEP_ARTICLES: Scope.ANY,
            Action.MANAGE_SOURCES: Scope.ANY,
            Action.MANAGE_ACCOUNTS: Scope.ANY,
            Action.CONFIGURE_SITE: Scope.ANY,
            # Nobody changes their own role nor shuts themselves out: an admin always remains.
            Action.CHANGE_STANDING: Scope.OTHERS,
            Action.READ_HISTORY: Scope.ANY,
            Action.ANSWER_REQUESTS: Scope.ANY,
        },
    }
)


def may(person: Person | None, action: Action, thing: object) -> bool:
    """Whether this person may do this on this very thing; nobody signed in may nothing.

    ``thing``: what has an ``owner`` belongs to that person, and is edited by its ``editors``, if it
    has any; ``SOMETHING`` asks whether there is
    any thing at all on which they may, as for showing the way to a page.
    """
    if person is None or person.disabled:
        return False
    scope = RIGHTS[person.role].get(action)
    if scope is None:
        return False
    if scope is Scope.ANY or thing is SOMETHING:
        return True
    owner: PersonId | None = getattr(thing, "owner", None)
    if scope is Scope.OWN:
        return owner == person.id
    if scope is Scope.SHARED:
        return person.id in {owner, *getattr(thing, "editors", ())}
    return owner is not None and owner != person.id
