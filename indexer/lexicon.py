"""What the field's language brings to the search: data that ``glaneuse/`` hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym, as it may be written, with one of its meanings."""

    forms: tuple[str, ...]
    meaning: str
    ambiguous: bool = False  # outside the field it often means something else


class Senses(Protocol):
    """Vectors of words: those that speak of the same things have vectors alike."""

    @property
    def words(self) -> Sequence[str]:
        """Folded words, the most frequent first."""

    @property
    def ranks(self) -> NDArray[np.int32]:
        """The rank of each by frequency in the language, from 1."""

    @property
    def vectors(self) -> NDArray[np.int8]:
        """Words × 64 directions."""


def _no_word(_folded: str) -> bool:
    return False


def _no_senses() -> Senses | None:
    return None


@dataclass(frozen=True)
class Lexicon:
    """Forms of words, compounds and acronyms.

    ``forms`` maps folded words to the key that stands for all their forms (they are not stemmed);
    ``compounds`` are words that some write apart or with a hyphen, and others in one word
    (« aller-vers »); ``ordinary`` are acronyms, folded, that are common words too when not written
    in capitals (« cap »). ``has_word`` says whether a folded word is French, hence no typing error;
    ``senses`` gives vectors of words.
    """

    forms: Mapping[str, str] = field(default_factory=dict)
    compounds: tuple[str, ...] = ()
    acronyms: tuple[Acronym, ...] = ()
    ordinary: frozenset[str] = frozenset()
    has_word: Callable[[str], bool] = _no_word
    senses: Callable[[], Senses | None] = _no_senses  # read when first needed
    senses_version: str = ""

    @cached_property
    def version(self) -> str:
        """Changes when an index must be made anew. Acronyms only change how questions are read."""
        digest = sha256("\n".join([*self.compounds, self.senses_version]).encode())
        digest.update("".join(f"{form}\t{key}\n" for form, key in self.forms.items()).encode())
        return digest.hexdigest()[:8]
