"""French words as both engines see them: one analysis for texts and questions.

Words are found by one regular expression, folded (case, accents, ligatures), then reduced to a
*key*: by a table of forms when it knows the word, by Snowball's French stemmer otherwise. Folding
comes before stemming, so that a question typed without accents meets the same keys as the text;
what the stemmer would lose by it (``-ée``, ``-ées``) is put right in between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import Stemmer

from core.text import fold
from indexer.lexicon import Acronym, Lexicon
from indexer.senses import Subjects

VERSION = 2  # to be raised whenever the same text no longer gives the same keys
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
_DOERS = ("ateur", "ateurs")
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
    if text.isascii() and text.isprintable():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    # Most texts have nothing else that is not printed, and looking so is three times faster.
    if text.replace("\n", " ").replace("\xa0", " ").isprintable():
        return text
    return _UNSEEN.sub("", text)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands (characters, elision left out), and its key."""

    start: int
    end: int
    key: str
    folded: str
    capitals: bool = False  # all of it, as acronyms are written


class _Known(dict[str, str]):
    """What was computed of each run of characters; of a new one, it is."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, chunk: str) -> str:
        keys = self[chunk] = self._compute(chunk)
        return keys


class French:
    """The analysis, with what the lexicon knows of the field's language.

    Not to be shared between threads that write: it remembers what it has seen, without a lock;
    two threads at worst compute the same thing twice.
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        lexicon = lexicon or Lexicon()
        self.version = f"{VERSION}-{lexicon.version}"  # an index of another one must be made anew
        self.has_word = lexicon.has_word
        self._forms = lexicon.forms
        self._stem = Stemmer.Stemmer("french", 0).stemWord
        self._compounds = {
            re.sub(r"[\W_]", "", fold(compound)): fold(compound)
            for compound in lexicon.compounds
            if not compound.isalnum()
        }
        self._known = _Known(self._compute)  # texts repeat their words: ten times faster so
        self._acronyms = _Acronyms(self, lexicon)
        self.subjects = Subjects(lexicon.senses, self.key, self._acronyms.expansions)

    def keys(self, text: str) -> str:
        """The keys of a ``normal`` text in order, separated by spaces: what engines index."""
        return " ".join(filter(None, self.each(text.split())))

    def each(self, chunks: Sequence[str]) -> list[str]:
        """The same for each run of characters (without spaces, to be remembered usefully)."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        return list(map(self._known.__getitem__, chunks))

    def words(self, text: str) -> Iterator[Word]:
        """The words of a ``normal`` text with their places."""
        for match in _WORD.finditer(text):
            folded = fold_word(match[1])
            capitals = match[1].isupper()
            for one in self._apart(folded):
                key = self.key(one)
                if key:
                    yield Word(match.start(1), match.end(1), key, one, capitals)

    def key(self, folded: str) -> str:
        """The key of a folded word, which is no compound."""
        known = self._forms.get(folded)
        if known is not None:
            return known
        regular = _regular(folded)
        if regular.endswith(_DOERS):  # Snowball would take « éducateur » for « éducation »
            return regular.removesuffix("s")[:KEY_LENGTH]
        stem: str = self._stem(regular)
        return stem[:KEY_LENGTH]

    def keys_of(self, folded: str) -> str:
        """The keys of a folded word, several for a compound, separated by spaces."""
        return " ".join(filter(None, map(self.key, self._apart(folded))))

    def equivalents(self, words: Sequence[Word]) -> dict[int, tuple[tuple[str, ...], ...]]:
        """By place in ``words``, the phrases of keys that stand for that word as well.

        What an acronym means; the acronym, for each word of what it means.
        """
        return self._acronyms.equivalents(words)

    def ambiguous(self, words: Sequence[Word]) -> dict[str, tuple[str, ...]]:
        """The acronyms among these that have several meanings, and which ones."""
        return self._acronyms.ambiguous(words)

    def _compute(self, chunk: str) -> str:
        """The keys of a run of characters between spaces."""
        bare = chunk.strip(_PUNCTUATION)
        if bare != chunk and "." not in bare:  # the points of « A.S. » are its own
            keys = self._known[bare] if bare else ""
        elif chunk.isalpha():  # most of them: no need of the regular expression
            keys = self.keys_of(chunk.lower() if chunk.isascii() else fold_word(chunk))
        else:
            keys = " ".join(word.key for word in self.words(chunk))
        return keys

    def _apart(self, folded: str) -> Sequence[str]:
        compound = self._compounds.get(folded)
        return (folded,) if compound is None else [w.folded for w in self.words(compound)]


class _Acronyms:
    """Acronyms and what they mean, as keys."""

    def __init__(self, french: French, lexicon: Lexicon) -> None:
        self._french = french
        self._ordinary = lexicon.ordinary
        self._meanings: dict[str, list[Acronym]] = {}
        for acronym in lexicon.acronyms:
            for form in dict.fromkeys(map(fold_word, acronym.forms)):
                self._meanings.setdefault(form, []).append(acronym)
        self._expanded = dict[tuple[str, ...], str]()
        for form, acronyms in self._meanings.items():
            if len(acronyms) == 1 and not acronyms[0].ambiguous:
                self._expanded[self._phrase(acronyms[0])] = french.key(form)
        self._longest = max(map(len, self._expanded), default=0)

    @property
    def expansions(self) -> dict[str, tuple[str, ...]]:
        """The key of each acronym of one meaning, and the keys of that."""
        return {acronym: phrase for phrase, acronym in self._expanded.items()}

    def equivalents(self, words: Sequence[Word]) -> dict[int, tuple[tuple[str, ...], ...]]:
        found = dict[int, tuple[tuple[str, ...], ...]]()
        for at, word in enumerate(words):
            meanings = self._of(word)
            if len(meanings) == 1:
                found[at] = (self._phrase(meanings[0]),)
        keys = tuple(word.key for word in words)
        for start in range(len(keys)):
            for end in range(min(len(keys), start + self._longest), start + 1, -1):
                if acronym := self._expanded.get(keys[start:end]):
                    found |= dict.fromkeys(range(start, end), ((acronym,),))
                    break
        return found

    def ambiguous(self, words: Sequence[Word]) -> dict[str, tuple[str, ...]]:
        several = {self._of(word)[0].forms[0]: self._of(word) for word in words if self._of(word)}
        return {
            form: tuple(dict.fromkeys(one.meaning for one in meanings))
            for form, meanings in several.items()
            if len(meanings) > 1
        }

    def _of(self, word: Word) -> list[Acronym]:
        if word.folded in self._ordinary and not word.capitals:
            return []
        return self._meanings.get(word.folded, [])

    def _phrase(self, acronym: Acronym) -> tuple[str, ...]:
        return tuple(word.key for word in self._french.words(normal(acronym.meaning)))


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
