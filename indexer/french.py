"""French words as both engines see them: one analysis for texts and questions.

Words are found by one regular expression, folded (case, accents, ligatures), then reduced to a
*key*: by a table of forms when it knows the word, by Snowball's French stemmer otherwise. Folding
comes before stemming, so that a question typed without accents meets the same keys as the text;
what the stemmer would lose by it (``-ée``, ``-ées``) is put right in between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

import Stemmer

from core.text import fold

VERSION = 1  # to be raised whenever the same text no longer gives the same keys
KEY_LENGTH = 60  # engines cut or refuse very long words
_REMEMBERED = 400_000  # chunks kept in memory: some 60 MB at most

_APOSTROPHES = "'’ʼ‘′＇"
_ELIDED = "l|d|j|m|t|s|c|n|qu|lorsqu|puisqu|jusqu|quoiqu|quelqu"
_JOINED = "aujourd|prud|presqu|entr|grand"  # their apostrophe is part of the word
_SUFFIXES = (
    "e es s x le les lle lles ne nes nne nnes te tes tte ttes se ses sse sses ve ves fe fes che "
    "ches que ques re res ere eres ère ères ière ières rice rices ice ices trice trices atrice "
    "atrices euse euses eure eures esse esses ale ales aux ive ives ienne iennes onne onnes elle "
    "elles resse resses"
).replace(" ", "|")
_TAIL = (
    rf"(?:[·•‧⋅∙・./-](?:{_SUFFIXES})(?![^\W_])"  # professionnel·le·s, chargé-e-s
    rf"|\((?:{_SUFFIXES})\)(?:s(?![^\W_]))?)"  # professionnel(le)s
)
_WORD = re.compile(
    rf"(?:(?:{_ELIDED})[{_APOSTROPHES}](?=[^\W_]))?"
    rf"((?:[^\W\d_]\.){{2,}}[^\W\d_]?(?![^\W_])"  # A.S.E.
    rf"|(?:(?:{_JOINED})[{_APOSTROPHES}])?[^\W_]+(?:{_TAIL})*)",
    re.IGNORECASE,
)
_TAILS = re.compile(rf"{_TAIL}+$", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
_PUNCTUATION = '.,;:!?«»“”"…'  # which may stand around a word without being part of it
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

# Snowball's list for French, folded, with the words that ask (quel, combien …) and elided ones.
STOP_WORDS = frozenset(
    """a ai aie aient aies ait as au aucun aucune aujourdhui aura aurai auraient aurais aurait auras
    aurez auriez aurions aurons auront aussi autre autres aux avaient avais avait avec avez aviez
    avions avoir avons ayant ayez ayons c car ce ceci cela celle celles celui ces cet cette ceux
    chaque ci combien comme comment d dans de des donc dont du elle elles en encore entre es est et
    etaient etais etait etant ete etes etiez etions etre eu eue eues eumes eurent eus eusse eussent
    eusses eussiez eussions eut eutes eux fait faut font fumes furent fus fusse fussent fusses
    fussiez fussions fut futes il ils j je l la laquelle le lequel les lesquelles lesquels leur
    leurs lors lorsque lui m ma mais me meme memes mes moi mon n ne ni nos notre nous on ont ou par
    parce pas peu peut plus pour pourquoi puis puisque qu quand que quel quelle quelles quels qui
    quoi quoique s sa sans se sera serai seraient serais serait seras serez seriez serions serons
    seront ses si sien soi soient sois soit sommes son sont sous soyez soyons suis sur t ta te tel
    telle telles tels tes toi ton tous tout toute toutes tres tu un une vos votre vous y""".split()
)


def normal(text: str) -> str:
    """The text composed (NFC), without characters that are not seen: what the rest expects."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _UNSEEN.sub("", text)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands (characters, elision left out), and its key."""

    start: int
    end: int
    key: str
    folded: str


class French:
    """The analysis. ``forms`` maps folded words to keys, which are then not stemmed.

    Not to be shared between threads that write: it remembers what it has seen, without a lock;
    two threads at worst compute the same thing twice.
    """

    def __init__(self, forms: Mapping[str, str] | None = None) -> None:
        self._forms = {fold(form): fold(key) for form, key in (forms or {}).items()}
        self._stem = Stemmer.Stemmer("french", 0).stemWord
        self._chunks = _Remembered(self)

    @property
    def version(self) -> str:
        """Changes when an index must be made anew: other code or another table of forms."""
        table = "\n".join(f"{form}\t{key}" for form, key in sorted(self._forms.items()))
        return f"{VERSION}-{sha256(table.encode()).hexdigest()[:8]}"

    def keys(self, text: str) -> str:
        """The keys of a ``normal`` text in order, separated by spaces: what engines index."""
        return " ".join(filter(None, map(self._chunks.__getitem__, text.split())))

    def each(self, chunks: Iterable[str]) -> list[str]:
        """The same for each run of characters (without spaces, to be remembered usefully)."""
        return list(map(self._chunks.__getitem__, chunks))

    def words(self, text: str) -> Iterator[Word]:
        """The words of a ``normal`` text with their places."""
        for match in _WORD.finditer(text):
            folded = fold_word(match[1])
            key = self.key(folded)
            if key:
                yield Word(match.start(1), match.end(1), key, folded)

    def key(self, folded: str) -> str:
        """The key of a folded word."""
        known = self._forms.get(folded)
        if known is not None:
            return known
        stem: str = self._stem(_regular(folded))
        return stem[:KEY_LENGTH]


def _regular(folded: str) -> str:
    """What folding and feminines hide from the stemmer: accompagnee, directrice."""
    plural = "s" if folded.endswith("s") else ""
    single = folded[: len(folded) - len(plural)]
    if single.endswith("ee"):
        return single[:-1] + plural
    if single.endswith("trice"):
        return single[:-5] + "teur" + plural
    return folded


def fold_word(surface: str) -> str:
    """A word as found in a text, without inclusive endings, accents, capitals, apostrophes."""
    if not surface.isalnum():
        if _DOTTED.fullmatch(surface):
            surface = surface.replace(".", "")
        else:
            surface = _TAILS.sub("", surface)
    folded = fold(surface)
    return folded if folded.isalnum() else re.sub(r"[\W_]+", "", folded)


class _Remembered(dict[str, str]):
    """The keys of each run of characters between spaces, computed once.

    Texts repeat their words: looking them up is some ten times faster than analysing them.
    """

    def __init__(self, french: French) -> None:
        super().__init__()
        self._french = french

    def __missing__(self, chunk: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        bare = chunk.strip(_PUNCTUATION)
        if bare != chunk:
            keys = self[bare] if bare else ""
        elif chunk.isalpha():  # most of them: no need of the regular expression
            keys = self._french.key(chunk.lower() if chunk.isascii() else fold_word(chunk))
        else:
            keys = " ".join(word.key for word in self._french.words(chunk))
        if len(chunk) <= KEY_LENGTH:
            self[chunk] = keys
        return keys
