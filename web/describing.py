"""What kind of text an article is and what it names, for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import url_for

from core.model import Article, KindGiven
from taxonomy.forms import Entity
from taxonomy.genres import Genre, Genres
from taxonomy.lexicon import Lexicon
from web.kinds import ROOMS
from web.names import SECTIONS, Section

MOST: Final = 8  # names shown of each type: those of the title, then the most said


@dataclass(frozen=True, slots=True)
class Described:
    """The kind with the signs that decided and its page, if any; names by section."""

    kind: Genre | None
    reasons: tuple[str, ...]
    room: str
    named: tuple[tuple[Section, tuple[Entity, ...]], ...]


def described(article: Article, lexicon: Lexicon, genres: Genres, length: int) -> Described:
    """``length``: characters that may be shown of articles; none, and no word of it is."""
    given = article.kind
    shown = article.showable(length) > 0
    return Described(
        genres[given.kind] if given else None,
        given.reasons if given and shown else (),
        _room(given),
        tuple(_named(article, lexicon).items()),
    )


def _room(given: KindGiven | None) -> str:
    rooms = (one for one in ROOMS.values() if given and one.kind is given.kind)
    return next((url_for("kinds.show", section=one.slug) for one in rooms), "")


def _named(article: Article, lexicon: Lexicon) -> Mapping[Section, tuple[Entity, ...]]:
    """The names that the files still have (they may have changed since)."""
    found: dict[Section, tuple[Entity, ...]] = {}
    for section in SECTIONS.values():
        ids = (one.id for one in article.names if one.type is section.type and one.times)
        known = (lexicon.get(section.type, id) for id in ids)
        if entities := tuple(one for one in known if one is not None)[:MOST]:
            found[section] = entities
    return found
