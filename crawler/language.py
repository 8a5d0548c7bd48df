"""The language of a text, from its commonest words."""

from __future__ import annotations

import re
from collections import Counter

_WORDS = re.compile(r"[^\W\d_]+")
_STOP_WORDS = {
    "fr": "le la les un une des du de et est en que qui dans pour pas sur au aux avec ce cette ces "
    "par plus sont ne se il elle nous vous ont été être mais ou où leur leurs",
    "en": "the of and to in is that for it was on are with as be this by from have has not or at "
    "which their they were been but his her we you",
    "es": "el los las una del que y en por con para es no se su al lo como más pero sus ha son",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es",
    "it": "il di che la un per è del della non si una con sono gli dei delle nel alla più anche",
    "pt": "o os as um uma do da dos das que em para não com por mais ao são foi seu sua",
    "nl": "de het een en van ik te dat die in is op aan met voor zijn er niet ook als bij",
}
_SETS = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}
_ENOUGH = 12  # stop words, below which the page's own word is believed


def detect_language(text: str, declared: str = "") -> str:
    """The ISO 639-1 code of the language of ``text``; ``declared`` when the text is too short.

    Pages often keep the language that their software was born with (``lang="en-US"``): the words
    decide when there are enough of them. "" when nothing says.
    """
    counts = Counter(word.lower() for word in _WORDS.findall(text[:5_000]))
    scores = {language: sum(counts[word] for word in words) for language, words in _SETS.items()}
    best = max(scores, key=lambda language: scores[language])
    match = re.match(r"[A-Za-z]{2}(?![A-Za-z])", declared.strip())
    said = match[0].lower() if match else ""
    if scores[best] >= _ENOUGH or scores[best] >= max(4, 2 * scores.get(said, 0)):
        return best
    return said
