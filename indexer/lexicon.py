"""What the field's language brings to the search: data that ``glaneuse/`` hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym, as it may be written, with one of its meanings."""

    forms: tuple[str, ...]
    meaning: str
    ambiguous: bool = False  # outside the field it often means something else


def _no_word(_folded: str) -> bool:
    return False


@dataclass(frozen=True)
class Lexicon:
    """Forms of words, compounds and acronyms.

    ``forms`` maps folded words to the key that stands for all their forms (they are not stemmed);
    ``compounds`` are words that some write apart or with a hyphen, and others in one word
    (« aller-vers »); ``ordinary`` are acronyms, folded, that are common words too when not written
    in capitals (« cap »). ``has_word`` says whether a folded word is French, hence no typing error.
    """

    forms: Mapping[str, str] = field(default_factory=dict)
    compounds: tuple[str, ...] = ()
    acronyms: tuple[Acronym, ...] = ()
    ordinary: frozenset[str] = frozenset()
    has_word: Callable[[str], bool] = _no_word

    @cached_property
    def version(self) -> str:
        """Changes when an index must be made anew. Acronyms only change how questions are read."""
        digest = sha256("\n".join(self.compounds).encode())
        digest.update("".join(f"{form}\t{key}\n" for form, key in self.forms.items()).encode())
        return digest.hexdigest()[:8]
