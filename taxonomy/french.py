"""French words as the field writes them, made comparable: pure functions on strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.language import FRENCH, LOOKED_AT, commonest_words
from core.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = re.compile(r"\w+")
ARTICLES = frozenset(["le", "la", "les", "l"])
DETERMINERS = ARTICLES | {"un", "cet", "notre", "leur", "son"}
_LINKS = {"du": "de", "des": "de", "d": "de", "au": "a", "aux": "a"}

_FEMININE = (
    r"(?:eresse|trice|rice|ice|euse|esse|enne|ienne|iere|ière|ère|ere|nne|tte|"
    r"lle|sse|ffe|ale|ive|ne|te|le|ve|se|fe|ée|ee|e)"
)
_MARK = r"[·•‧∙⋅・]"
# « professionnel·le·s », « salarié.e.s », « étudiant-e-s », « éducateur/trice », « assistant(e)s »,
# « chargéEs »: the masculine stands first, the rest is dropped.
_INCLUSIVE = re.compile(
    rf"(?<=\w\w)(?:"
    rf"{_MARK}{_FEMININE}(?:{_MARK}?s)?|{_MARK}s"
    rf"|\.(?:e|ne|le|te|se|ve|trice|rice|euse|ère)(?:\.s|s)?(?=[\s,;:!?)»]|\.?$|\.\s)"
    rf"|-(?:e|ne|trice|rice|euse|ère)(?:-s|s)(?!\w)|-(?:e|trice|rice|euse)(?![\w'’-])"
    rf"|/{_FEMININE}s?(?!\w)"
    rf"|\({_FEMININE}s?\)s?|\(s\)"
    rf"|(?<=[a-zéè])E[sS]?(?!\w))"
)
_BROKEN = re.compile(r"(\w+)(-\r?\n|\u00ad)(\w+)")


def pad_inclusive(text: str) -> tuple[str, dict[int, int]]:
    """The text with inclusive endings replaced by spaces, its length unchanged.

    Also gives, for each shortened word, where it ended: ``{end now: end before}``.
    """
    matches = list(_INCLUSIVE.finditer(text))
    if not matches:
        return text, {}
    parts, done = [], 0
    for match in matches:
        parts += [text[done : match.start()], " " * (match.end() - match.start())]
        done = match.end()
    return "".join(parts) + text[done:], {m.start(): m.end() for m in matches}


def join_broken(text: str, known: Callable[[str], bool]) -> tuple[str, dict[int, int]]:
    """The text with words broken at a line's end joined where ``known`` says it is one word.

    The length is unchanged (spaces follow the joined word), and ends are given as in
    ``pad_inclusive``.
    """
    if "-\n" not in text and "-\r" not in text and "\u00ad" not in text:
        return text, {}
    ends: dict[int, int] = {}

    def join(match: re.Match[str]) -> str:
        whole = match[1] + match[3]
        if match[2] != "\u00ad" and not known(whole):
            return match[0]
        ends[match.start() + len(whole)] = match.end()
        return whole + " " * len(match[2])

    return _BROKEN.sub(join, text), ends


def key(word: str) -> str:
    """What a word is compared by: case, accents, number and gender put aside.

    ``éducatrices`` and ``Éducateur`` share a key, as do ``placées`` and ``PLACE``. Articles give
    "" (they are skipped); « du », « des », « d’ » give « de », « aux » gives « à ».
    """
    folded = fold(word)
    if folded in ARTICLES:
        return ""
    return _LINKS.get(folded) or stem(folded)


def stem(folded: str) -> str:
    """A folded word without the marks of plural and feminine."""
    if len(folded) <= 3 or not folded.isalpha():
        return folded
    return _masculine(_singular(folded))


def _singular(word: str) -> str:
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > 4:
        return word[:-2] + "l"
    if word.endswith("eux"):
        return word[:-1] + "r"
    if word.endswith(("s", "x")) and not word.endswith("ss"):
        return word[:-1]
    return word


_SHORTEST = 4  # letters left of a word: « rue », « aide », « mère » are kept whole
_ENDINGS = (
    ("trice", "teur"), ("euse", "eur"), ("iere", "ier"), ("enne", "en"), ("onne", "on"),
    ("elle", "el"), ("ive", "if"), ("ffe", "f"), ("e", ""),
)  # fmt: skip


def _masculine(word: str) -> str:
    if word.endswith("ere") and len(word) > 5:
        return word[:-1]
    word = word.removesuffix("e") if word.endswith("ee") else word
    for feminine, masculine in _ENDINGS:
        if word.endswith(feminine) and len(word) - len(feminine) + len(masculine) >= _SHORTEST:
            return word[: len(word) - len(feminine)] + masculine
    return word


def keys(term: str) -> tuple[str, ...]:
    """The keys of a term's words, articles left out."""
    return tuple(k for k in map(key, WORD.findall(term)) if k)


# -- another language ------------------------------------------------------------------------------

_TELLING = 8  # words: below, a title may well hold none of the commonest
_SURELY = 2  # so many more of another's words tell even then
_TITLE = 12  # words: a list or a notice of that length may lack the commonest words
_LEAST = 0.08  # share of them in French, where a third is usual
# Letters that French does not write. In a French text they are of a name or a quotation: a hint.
_ELSEWHERE = re.compile(r"[áíóúñãõòìßșțăąęłøå¿¡]")
_NOT_LATIN = re.compile(r"[\u0370-\u1dff\u2d00-\ud7ff]{2,}")  # Arabic, Greek, Chinese …


def is_foreign(text: str) -> bool:
    """Whether a text is in another language.

    Told by more signs of another one, by the want of French's commonest words, or by its letters.
    """
    found, words = commonest_words(text)
    french = found.pop(FRENCH)
    others = max(found.values()) + (_ELSEWHERE.search(text[:LOOKED_AT].lower()) is not None)
    if words >= _TITLE and french < _LEAST * words:
        return True
    if words < _TITLE and 2 * len(_NOT_LATIN.findall(text)) > words:
        return True
    return others >= french + (1 if words >= _TELLING else _SURELY)
