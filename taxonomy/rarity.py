"""How rare the words of the field are: what another room weighs words by."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from core.model import EntityType
from core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taxonomy.lexicon import Lexicon
    from taxonomy.model import Model

LETTERS: Final = 5  # by which a word is known, whatever its ending
_WORD: Final = re.compile(r"\w+")
_PERENNIAL: Final = 2.5  # of the names that are in the news all year


def rarity(model: Model, lexicon: Lexicon) -> dict[str, float]:
    """The rarity, in nats, of each word of the field's examples, by its first letters.

    Organisations, dispositifs and the like are named all year: their words tell little.
    """
    found: dict[str, float] = {}
    for name, rare in zip(model.names, model.rarity.tolist(), strict=True):
        start = name.rstrip("*")[:LETTERS]
        found[start] = min(found.get(start, math.inf), rare)
    for word in _perennial(lexicon):
        found[word[:LETTERS]] = min(found.get(word[:LETTERS], math.inf), _PERENNIAL)
    return found


def _perennial(lexicon: Lexicon) -> Iterator[str]:
    for type, entities in lexicon.entities.items():
        if type is not EntityType.TERRITORY:
            for one in entities.values():
                for form in one.forms:
                    yield from _WORD.findall(fold(form.text))
