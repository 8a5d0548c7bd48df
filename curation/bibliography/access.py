"""Access in the words that readers of an export see: a keyword, a mark after a reference."""

from __future__ import annotations

from core.model import Access
from core.text import fold

_WORDS = {Access.FREE: "Accès libre", Access.SUBSCRIBERS: "Réservé aux abonnés"}


def word_for(access: Access) -> str:
    """« Accès libre », « Réservé aux abonnés »; "" when it is not known."""
    return _WORDS.get(access, "")


def access_of(word: str) -> Access | None:
    """The access that such a word says, None for any other word."""
    return next((access for access, said in _WORDS.items() if fold(said) == fold(word)), None)
