"""Whether a word that is a place's name stands for the place: what is around it tells. Pure.

« Orne » is a département in « dans l'Orne », a river in « au bord de l'Orne », nothing in
« Notre-Dame-de-l'Orne »; « Paris » may be somebody's surname.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.text import fold
from taxonomy import french

if TYPE_CHECKING:
    from collections.abc import Sequence

_HYPHENS = "-‐‑"
_LONG = 6  # letters of a name that « d' » introduces safely: « d'Ardèche », not « d'Aude »
_BETWEEN = re.compile(
    r"\s*(?:,|et|ou|/|à|comme|[-–])\s*(?:et |ou )?"
    r"(?:l['’]|la |les? |en |du |de la |de l['’]|des |à )?"
)
_TITLES = frozenset(
    "m mm mme mmes mlle mr me dr pr madame monsieur docteur maitre professeur".split()
)
_RIVERS = frozenset(
    "bord bords berge berges rive rives quai quais crue crues vallee vallees riviere fleuve canal "
    "estuaire gorges affluent confluence eaux pont ponts bataille place rue avenue boulevard "
    "faubourg gare porte vin vins chateaux source sources delta amont aval cote-rotie noye".split()
)
_STRONG = frozenset(
    "dans departement departements departemental departementale departementaux prefecture prefet "
    "prefete habitants habitantes elus caf cpam mdph udaf adil sdis ase pmi sauvegarde adapei "
    "adepape cidff federation".split()
)
_ARTICLES = {
    "le": frozenset(["le", "du", "au"]),
    "la": frozenset(["la", "en"]),
    "l'": frozenset(["l", "en"]),
    "les": frozenset(["les", "des", "aux"]),
}
_DETERMINERS = frozenset("un une ce cet cette notre votre son sa leur tout toute".split())
_TOWARDS = frozenset("a de d vers entre depuis".split())
_COUNTED = frozenset("les des aux un une le la l d ces ce cet cette deux trois".split())
_FIRST_NAMES = frozenset(
    "anne marie claire jean pierre paul jacques michel vanessa nathalie sophie julie lucie emma "
    "thomas nicolas julien camille laura sarah marc luc louis louise alice rose".split()
)


@dataclass(slots=True)
class Around:
    """The words ``first`` to ``stop`` (excluded) of a text, and what surrounds them."""

    whole: str
    words: Sequence[re.Match[str]]
    first: int
    stop: int
    last_place: int = -1  # where the last territory ended, -1 for none yet

    @property
    def start(self) -> int:
        """Where they begin in the text."""
        return self.words[self.first].start()

    @property
    def end(self) -> int:
        """Where they end."""
        return self.words[self.stop - 1].end()

    @property
    def text(self) -> str:
        """The words as they are written."""
        return self.whole[self.start : self.end]

    def before(self, back: int = 1) -> str:
        """The word that many places before, when nothing but spaces and apostrophes parts them."""
        place = self.first - back
        if place < 0 or not _is_close(self.whole[self.words[place].end() : self.start], back):
            return ""
        return self.words[place][0]

    def after(self) -> str:
        """The next word, when only a space parts them."""
        if self.stop >= len(self.words):
            return ""
        following = self.words[self.stop]
        gap = self.whole[self.end : following.start()]
        return following[0] if gap in (" ", "\u00a0") else ""

    @property
    def is_enclosed(self) -> bool:
        """« (Orne) », « (Orne, … »."""
        return self.whole[self.start - 1 : self.start] == "("

    @property
    def is_numbered(self) -> bool:
        """« Orne (61) »."""
        following = self.whole[self.end : self.end + 8]
        return re.match(r"\s*\((?:2[AB]|\d{2,3})\)", following) is not None

    @property
    def is_listed(self) -> bool:
        """Whether it follows another territory: « la Sarthe et l'Orne »."""
        if not 0 <= self.last_place <= self.start <= self.last_place + 14:
            return False
        return _BETWEEN.fullmatch(self.whole[self.last_place : self.start]) is not None

    @property
    def opens(self) -> bool:
        """Whether it begins the text or a line and is set apart: « Orne : … », « Orne. … »."""
        begins = not self.whole[: self.start].strip() or self.whole[self.start - 1] == "\n"
        return begins and re.match(r"\s*[:.,–—|]", self.whole[self.end : self.end + 2]) is not None


def _is_close(gap: str, back: int) -> bool:
    return not set(gap) & set('.,;:!?()[]\n–—…"«»') and len(gap) <= 24 * back


def is_joined(around: Around) -> bool:
    """Whether a hyphen makes it a piece of a longer name: « Neuilly-sur-Marne »."""
    before = around.whole[max(around.start - 2, 0) : around.start]
    after = around.whole[around.end : around.end + 2]
    left = len(before) == 2 and before[1] in _HYPHENS and before[0].isalpha()
    right = len(after) == 2 and after[0] in _HYPHENS and after[1].isalpha()
    return left or right


def is_place(name: str, article: str, around: Around) -> bool:
    """Whether a region's or a département's name stands for it; ``article``: the one it takes."""
    if not (_is_whole_name(around) and _has_its_article(name, around, capital=False)):
        return False
    if len([w for w in french.WORD.findall(name) if french.key(w)]) > 1:
        return True
    if _is_river(around) or _is_somebody(around):
        return False
    return not article or _stands_apart(around) or _follows_article(name, article, around)


def _stands_apart(around: Around) -> bool:
    return around.is_enclosed or around.is_numbered or around.is_listed or around.opens


def _follows_article(name: str, article: str, around: Around) -> bool:
    before = fold(around.before())
    if before in _ARTICLES[article]:
        return True
    if before in ("d", "de"):
        return article in ("la", "l'") and len(name) >= _LONG
    return before in _DETERMINERS and len(name) >= _LONG


def is_introduced(around: Around) -> bool:
    """Whether the words before leave no doubt: « dans le Nord », « préfecture de la Loire »."""
    if around.is_enclosed or around.is_numbered or around.is_listed:
        return True
    return any(fold(around.before(back)) in _STRONG for back in (2, 3))


def is_city(name: str, around: Around, *, unsure: bool) -> bool:
    """Whether a town's name stands for it; ``unsure``: the name is also a word or a first name."""
    if not (_is_whole_name(around) and _has_its_article(name, around, capital=True)):
        return False
    led = _leads_with_article(name) and around.before()[:1].isupper()
    if _is_somebody(around, past=1 if led else 0):
        return False
    before = around.before(2 if led else 1)
    return not unsure or _stands_apart(around) or (fold(before) in _TOWARDS and before != "a")


def is_adjective(around: Around) -> bool:
    """Whether it is an adjective, or the inhabitants: « nantaise », « les Nantais »."""
    if not around.text[0].isupper():
        return True
    return fold(around.before()) in _COUNTED and not around.text.isupper()


def _is_whole_name(around: Around) -> bool:
    """With its capital. In capitals, it is believed when it cannot be an acronym: not « VAR »."""
    surface = around.text
    if is_joined(around) or (surface.isupper() and len(surface) < _LONG):
        return False
    return surface[0].isupper()


def _has_its_article(name: str, around: Around, *, capital: bool) -> bool:
    """« Le Mans », « au Mans »; not « mans » alone. Names without one have nothing to show."""
    if not _leads_with_article(name):
        return True
    first = french.WORD.findall(name)[0]
    before = around.before()
    if fold(before) == fold(first):
        return before[0].isupper() or not capital
    return before.lower() in {"Le": ("au", "du"), "Les": ("aux",)}.get(first, ())


def _leads_with_article(name: str) -> bool:
    first = french.WORD.findall(name)[0]
    return not french.key(first) and first[0].isupper()


def _is_river(around: Around) -> bool:
    return any(fold(around.before(back)) in _RIVERS for back in (1, 2, 3))


def _is_somebody(around: Around, past: int = 0) -> bool:
    """« M. Paris », « Anne Tours », « Jean Le Mans »: a title, or another name right before.

    ``past``: how many words before belong to the name itself.
    """
    place = around.first - 1 - past
    if place < 0:
        return False
    before, following = around.words[place], around.words[place + 1]
    gap = around.whole[before.end() : following.start()]
    word = fold(before[0])
    if word in _TITLES:
        return gap in (". ", ".\u00a0", " ", "\u00a0")
    if gap not in (" ", "\u00a0") or not before[0].istitle() or word in _INTRODUCING:
        return False
    if not french.key(before[0]) or len(before[0]) == 1:
        return False
    return word in _FIRST_NAMES or not _begins_sentence(around.whole, before.start())


def _begins_sentence(text: str, place: int) -> bool:
    head = text[max(place - 12, 0) : place].rstrip(" \u00a0\u202f«“\"'’(–—-•")
    return not head or head[-1] in ".!?…:\n"


_INTRODUCING = (
    _TOWARDS
    | _COUNTED
    | frozenset(
        "grand greater ville region metropole dans sur chez apres avant pour par sous hors selon "
        "comme contre sans en au aux du departement saint".split()
    )
)
