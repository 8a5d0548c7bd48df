"""How the names of things are written: the forms that are looked for, and what each asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from core.model import EntityType

_LONG: Final = 30  # letters: beyond, the acronym says it better


class Rule(Enum):
    """What a form asks for besides its words."""

    WORDS = "words"  # nothing; a lone word that begins with a capital keeps it
    CAPITALS = "capitals"  # the capitals as written
    ACRONYM = "acronym"  # written exactly so, or « Cnil »
    PLACE = "place"  # a region or département: a capital, and what introduces a place
    CITY = "city"  # a capital, and not somebody's name
    UNSURE_CITY = "unsure city"  # also « à », « de », a parenthesis
    ADJECTIVE = "adjective"  # « orléanais »


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a name; ``unsure`` ones count only with a second clue in the text."""

    text: str
    rule: Rule = Rule.WORDS
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that articles name, as readers see it and as it is looked for."""

    type: EntityType
    id: str
    name: str
    forms: tuple[Form, ...]
    acronym: str = ""
    clues: tuple[str, ...] = ()  # words that bear out an unsure form
    counter_clues: tuple[str, ...] = ()  # words that rule it out
    sort: str = ""  # what it is, in a few words: « autorité indépendante », « droit ou prestation »
    site: str = ""  # host of its own site
    feminine: str = ""
    inclusive: str = ""
    domain: str = ""
    diploma: str = ""  # id of the diploma that leads to a profession
    number: str = ""  # of a département: « 61 », « 2A »
    article: str = ""  # of a territory's name: le, la, l', les
    region: str = ""  # id of the region that a département is in

    @property
    def label(self) -> str:
        """Its name with its acronym: « Commission nationale … (CNIL) »."""
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    @property
    def short(self) -> str:
        """The shortest of its names that says it: for facets and lists."""
        return self.acronym if self.acronym and len(self.name) > _LONG else self.name
