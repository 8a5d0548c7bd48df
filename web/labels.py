"""How kinds of text and what articles name are called, by parameter of the search's address."""

from __future__ import annotations

from core.model import EntityType
from taxonomy.genres import Genres
from taxonomy.lexicon import Lexicon
from web.asking import Labels


def labels_of(lexicon: Lexicon, genres: Genres) -> Labels:
    """« genre », « territoire », « organisation », « metier »: the labels by id."""

    def short(type: EntityType) -> dict[str, str]:
        return {id: one.short for id, one in lexicon.entities[type].items()}

    return {
        "genre": {kind.value: genre.name for kind, genre in genres.by_kind.items()},
        "territoire": short(EntityType.TERRITORY),
        "organisation": short(EntityType.ORGANISATION),
        "metier": short(EntityType.PROFESSION),
    }
