"""The words that French reference styles share: « et », « 2e éd. », « n° 3 », « 1er mars »."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from core.references import Author, Reference, ReferenceKind
from core.text import NBSP, fold

ARTICLES: Final = frozenset(
    {ReferenceKind.MAGAZINE, ReferenceKind.NEWSPAPER, ReferenceKind.JOURNAL}
)
GENRES: Final = {  # what a thing is called when its own genre is not given
    ReferenceKind.FILM: "Film",
    ReferenceKind.PAPER: "Communication",
    ReferenceKind.PODCAST: "Podcast",
    ReferenceKind.THESIS: "Thèse",
    ReferenceKind.VIDEO: "Vidéo",
}


def listed(names: Sequence[str]) -> str:
    """« A, B et C »."""
    return " et ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def comma(family: str, given: str) -> str:
    """« Durand, C. », or a body's name alone."""
    return f"{family}, {given}" if given else family


def in_order(who: Author) -> str:
    """« C. Durand », as in the middle of a reference."""
    return f"{who.initials}{NBSP}{who.family}" if who.given else who.family


def genre(one: Reference) -> str:
    """What it is called: « Thèse de doctorat »."""
    return one.genre or GENRES.get(one.kind, "")


def numbered(one: Reference) -> str:
    """« Rapport n° 2020-32R »; a number alone is « n° 2020-32R »."""
    number = f"n°{NBSP}{one.number}" if one.number else ""
    return " ".join(part for part in (one.genre, number) if part)


def edition(one: Reference) -> str:
    """« 2e éd. » of « 2 »; other words as they are."""
    if re.fullmatch("[0-9]+", one.edition):
        return f"{one.edition}{'re' if one.edition == '1' else 'e'}{NBSP}éd."
    return (
        one.edition if not one.edition or "ed" in fold(one.edition) else f"{one.edition}{NBSP}éd."
    )


def pages(one: Reference, several: str) -> str:
    """« p. 12 »; ``several``: the word for « 12-25 », « p » or « pp »."""
    word = several if re.search(r"[-–,]", one.pages) else "p"
    return f"{word}.{NBSP}{one.pages}" if one.pages else ""


def capital(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]
