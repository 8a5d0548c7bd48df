"""Whether two articles tell of the same event: pure.

Texts are compared by the cosine of their words weighed by rarity, within a window of days (the
single-pass method of topic detection and tracking: J. Allan, R. Papka, V. Lavrenko, *On-line new
event detection and tracking*, SIGIR 1998). Of each text only the title and the beginning are heard,
where news says who, where and what. A name weighs more than a common word: articles of one theme
share its words, those of one event share names and figures as well. What other weeks speak of too
says little: a large association is in the news all year. Nor do the name of a town and words alone
make an event: what is published there shares them; more is asked of texts that share no more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from core.model import ArticleId, SourceId
from curation.facts import is_name
from curation.shingles import Words, key_of, words_of

WINDOW: Final = timedelta(days=10)  # between two articles of one story
ELSEWHEN: Final = timedelta(days=14)  # from which a word's use is of another time


class Anchor(Enum):
    """What two texts share that does not come back in every text of the field."""

    NAME = auto()  # of a person, a body, a law; a figure
    USUAL = auto()  # a town's name, that of a fund: what many texts of a place or year share
    NONE = auto()


# Nats that the shared words must be worth together, and how alike the texts must be.
_PROOF: Final = {
    Anchor.NAME: (18.0, 0.18),
    Anchor.USUAL: (18.0, 0.2),
    Anchor.NONE: (20.0, 0.23),
}
_OWN_TIME: Final = 0.5  # share of its weight that a word keeps which other weeks hardly use
_SITES: Final = frozenset("rue place quai gare quartier commune ville cite".split())
_LOCATIVES: Final = _SITES | {"a", "en"}
_LINKS: Final = frozenset("d de des du l la le les".split())  # « quai des Tanneurs »
KEYS: Final = 20
_HEARD: Final = 1200  # characters of a text
_STEM: Final = 5  # letters by which the field's table knows a word
_UNKNOWN: Final = 6.5  # rarity of a word that the field's table has not
_TELLING: Final = 2.0  # rarity from which a word tells something
_NAMING: Final = 3.5  # rarity from which a name names something of its own
_TITLE, _NAME, _FIGURE = 1.3, 1.4, 0.8
_ROUND: Final = 2  # digits: « 28 » is met by chance, « 2 300 » is not
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words that the table, made of lemmas, has under other forms; and days, which say only « lately ».
_EMPTY = frozenset(
    "ainsi alors annee annees ans apres aucun aucune aussi autre autres aux avant avec avez "
    "avons beaucoup bien car celle celles celui cent cents cependant ces cet cette ceux chaque "
    "chez comme comment contre dans depuis des deux dimanche dix doit donc dont elle elles "
    "encore enfin entre etaient etait ete etes etre fait fois font huit ici ils jamais jeudi "
    "jour jours jusqu les leur leurs lors lorsque lui lundi mais mardi meme memes mercredi "
    "mille moins mois neuf nos notre nous ont onze par parce parfois pas pendant peu peut "
    "peuvent plus plusieurs pour pourquoi quand quatre que quel quelle quelles quelques quels "
    "qui quinze quoi rien samedi sans selon semaine semaines sept sera serait seront ses six "
    "soir sont sous souvent sur tous tout toute toutes treize trente tres trois une vendredi "
    "vers vingt voici voila vos votre vous".split()
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an article tells of: its telling words, what each weighs, and which name something."""

    id: ArticleId
    source: SourceId
    appeared: datetime
    weights: Mapping[str, float]
    anchors: frozenset[str]  # names and figures
    usual: frozenset[str]  # names that texts share by chance: places, bodies in the news all year
    signature: frozenset[str]  # words of its source's own name, which it writes whatever it tells
    length: float  # of the weights as a vector

    @property
    def keys(self) -> dict[int, str]:
        """The numbers by which others that tell of it are looked up, with the word of each."""
        heaviest = sorted(self.weights, key=lambda word: (-self.weights[word], word))
        return {key_of(word): word for word in heaviest[:KEYS]}


def told(
    id: ArticleId,
    source: tuple[SourceId, str],
    appeared: datetime,
    heard: tuple[str, str],
    rarity: Mapping[str, float],
) -> Told:
    """What an article tells of in its title and text.

    ``source``: which one, and its name; ``rarity``: of the field's words (nats).
    """
    weights: dict[str, float] = {}
    anchors: set[str] = set()
    usual: set[str] = set()
    for part, loudness in ((heard[0], _TITLE), (heard[1][:_HEARD], 1.0)):
        words = words_of(part)
        usual |= _usual(words, rarity)
        for word, weight, anchor in _telling(words, rarity):
            weights[word] = max(weights.get(word, 0.0), weight * loudness)
            if anchor:
                anchors.add(word)
    length = math.sqrt(math.fsum(one * one for one in weights.values()))
    signature = frozenset(word[:_STEM] for word in words_of(source[1]).folded)
    return Told(
        id, source[0], appeared, weights, frozenset(anchors), frozenset(usual), signature, length
    )


def likeness(one: Told, other: Told, elsewhen: Mapping[str, int]) -> float:
    """The cosine of two articles that tell of one event; 0 when they do not seem to.

    ``elsewhen``: how many articles of other times speak of each word. Two articles of one source
    prove nothing: they may share a column's title and its foot. Nor does the name of either source:
    an association that others write about signs whatever it publishes.
    """
    if one.source == other.source or abs(one.appeared - other.appeared) > WINDOW:
        return 0.0
    shared = {
        word: 1.0 / (1.0 + math.log2(1 + elsewhen.get(word, 0)))
        for word in (one.weights.keys() & other.weights.keys()) - one.signature - other.signature
    }
    kept = {word for word, part in shared.items() if part >= _OWN_TIME}
    worth = sum(min(one.weights[w], other.weights[w]) * part for w, part in shared.items())
    needed, alike = _PROOF[_anchor(one, other, kept)]
    if worth < needed:
        return 0.0
    common = sum(one.weights[w] * other.weights[w] * part for w, part in shared.items())
    cosine = common / (one.length * other.length)
    return cosine if cosine >= alike else 0.0


def _anchor(one: Told, other: Told, shared: AbstractSet[str]) -> Anchor:
    usual = one.usual | other.usual
    if one.anchors & other.anchors & shared - usual:
        return Anchor.NAME
    return Anchor.USUAL if one.usual & other.usual & shared else Anchor.NONE


def _usual(words: Words, rarity: Mapping[str, float]) -> set[str]:
    """Names of places (« à Saint-Orvain »), and those that the field's texts are full of."""
    found: set[str] = set()
    place = placed = site = False
    for at, word in enumerate(words.folded):
        named = is_name(words, at)
        joined = words.text[words.starts[at] - 1 : words.starts[at]] == "-"
        place = (named and (place or placed)) or (place and joined)
        site = word in _SITES or (site and word in _LINKS)
        placed = site or word in _LOCATIVES
        if place or (named and rarity.get(word[:_STEM], _UNKNOWN) < _NAMING):
            found.add(word[:_STEM])
    return found


def _telling(words: Words, rarity: Mapping[str, float]) -> Iterable[tuple[str, float, bool]]:
    """Each telling word by its first letters, what it weighs, and whether it names something."""
    for at, word in enumerate(words.folded):
        if word[:1].isdigit():
            if len(word) > 1 and not _YEAR.fullmatch(word):
                yield word, _UNKNOWN * _FIGURE, len(word) > _ROUND
        elif len(word) > 2 and word not in _EMPTY:
            rare = rarity.get(word[:_STEM], _UNKNOWN)
            named = rare >= _NAMING and is_name(words, at)
            if rare >= _TELLING:
                yield word[:_STEM], rare * (_NAME if named else 1.0), named
