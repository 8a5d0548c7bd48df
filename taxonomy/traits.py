"""The traits of a text by which its kind was learnt: the expressions met, and how it is written.

Numbers of about the same size, most of them 0 for any one text. Pure.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from taxonomy.manners import Manner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taxonomy.genres import Group
    from taxonomy.hits import Hit
    from taxonomy.style import Style

SHORT: Final = 60  # words: a teaser's every word tells
USUAL: Final = 160

# How a trait is said to readers when it decided; the others speak in words of their own.
SAID: Final = {
    "i": "écrit à la première personne",
    "we": "dit « nous »",
    "you": "s’adresse au lecteur",
    "on": "dit « on »",
    "scenes": "des scènes vues de près",
    "gestures": "des gestes de métier",
    "workers": "des professionnels au travail",
    "arguments": "défend une position",
    "public": "des institutions et des décisions",
    "offices": "cite des responsables",
    "saying": "rapporte des déclarations",
    "money": "des montants",
    "figures": "beaucoup de chiffres",
    "asked": "des questions et des réponses",
    "turns": "des questions et des réponses",
    "rhetoric": "pose des questions de fond",
    "items": "présenté en liste",
    "appointments": "donne un rendez-vous",
}


def traits(
    title: str,
    style: Style,
    hits: Sequence[Hit],
    said: Mapping[Group, Sequence[str]],
    appointments: int,
) -> dict[str, float]:
    """What there is to decide by, by name; what a text has not is left out, or 0."""
    return {
        **_met(hits, style.words),
        **_manners(said, style.words),
        **_written(style),
        "appointments": min(appointments, 3) / (1.5 if style.words < SHORT else 3),
        "title length": min(len(title.split()), 14) / 7,
        "title colon": float(":" in title),
    }


def _met(hits: Sequence[Hit], words: int) -> dict[str, float]:
    """The expressions of each kind."""
    short = words < SHORT
    found: dict[str, float] = {}
    for hit in hits:
        kind = hit.genre.kind.value
        if hit.opened:
            found[f"opens: {kind}"] = 1.0
        if hit.titled:
            found[f"title: {kind}"] = 1.0
        if short and hit.announced:
            found[f"announced: {kind}"] = 1.0
        number = len(hit.texts)
        if number and short:
            found[f"says, short: {kind}"] = min(number, 3) / 1.5
        elif number:
            found[f"says: {kind}"] = min(number * min(1, USUAL / words) ** 0.4, 6) / 3
    return found


def _manners(said: Mapping[Group, Sequence[str]], words: int) -> dict[str, float]:
    """The words of each manner, for a hundred."""
    scale = 100 / max(words, SHORT)
    return {
        manner.name.lower(): min(len(said[manner]) * scale, 6) / 3
        for manner in Manner
        if manner in said
    }


def _written(style: Style) -> dict[str, float]:
    """Shares are for a hundred words, whole numbers as they are; each to its most."""
    hundred = 100 / max(style.words, SHORT)
    return {
        "i": min(100 * style.i, 6) / 3,
        "we": min(100 * style.we, 6) / 3,
        "you": min(100 * style.you, 6) / 3,
        "on": min(100 * style.on, 4) / 2,
        "somebody": min(100 * style.somebody, 8) / 4,
        "refusals": min(100 * style.refusals, 6) / 3,
        "of": min(100 * style.of, 20) / 10,
        "formal": min(100 * style.formal, 6) / 3,
        "later": min(100 * style.later, 5) / 2.5,
        "sentence": min(style.sentence, 40) / 20,
        "commas": min(style.commas * hundred, 12) / 6,
        "quoted": 2 * style.quoted,
        "figures": min(style.figures * hundred, 5) / 2.5,
        "items": min(style.items, 6) / 3,
        "rhetoric": min(max(style.questions - style.asked, 0) * hundred, 3) / 1.5,
        "asked": min(style.asked, 4) / 2,
        "turns": min(style.turns, 5) / 2.5,
        "exclamations": min(style.exclamations, 3) / 2,
        "short": float(style.words < SHORT / 2),
        "length": math.log(max(style.words, 5)) / 2 - 2,
    }
