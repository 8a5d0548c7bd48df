"""Who wrote an article, from the line that says it: persons and bodies."""

from __future__ import annotations

import re

from core.references import Author
from core.text import fold, one_line

_BETWEEN = re.compile(r"\s*(?:,|;|\bet\b|&)\s*")
_PARTICLES = frozenset("ben bel da de del della den der des di du el la le saint van von".split())
_BODIES = frozenset(
    "agence assemblee association atelier caisse centre cercle cnape collectif comite commission "
    "confederation conseil cour defenseur departement direction ecole equipe federation fondation "
    "france gouvernement groupe haute inspection institut laboratoire ligue mairie ministere "
    "mission mouvement observatoire ordre pole prefecture redaction reseau service services "
    "societe syndicat union universite uriopss ville".split()
)


def authors_of(written: str, published_by: str = "") -> tuple[Author, ...]:
    """The authors of a byline; what only repeats the medium's name is left out."""
    names = [name for name in _BETWEEN.split(one_line(written)) if name]
    if names and any(is_a_body(name) for name in names):
        names = [one_line(written)]  # « Ministère du travail, de la santé et des solidarités »
    own = fold(published_by)
    return tuple(author_of(name) for name in names if fold(name) != own)


def author_of(name: str) -> Author:
    """« Camille Durand »: the family name comes last, or begins with a particle."""
    words = name.split()
    if is_a_body(name) or not 2 <= len(words) <= 5:
        return Author(name)
    at = _where_the_family_name_begins(words)
    return Author(" ".join(words[at:]), " ".join(words[:at]))


def is_a_body(name: str) -> bool:
    """Whether a name is an organisation's: one of its words says so, or it has a figure."""
    words = [fold(word) for word in re.split(r"[\s'’]+", name)]
    return not _BODIES.isdisjoint(words) or any(char.isdigit() for char in name)


def _where_the_family_name_begins(words: list[str]) -> int:
    """At the first word all in capitals or the first particle; else the last word alone."""
    for at, word in enumerate(words[1:], 1):
        if at < len(words) - 1 and fold(word) in _PARTICLES:
            return at
        if fold(word)[:2] == "d'" or (len(word) > 2 and word.isupper()):
            return at
    return len(words) - 1
