"""The languages that pages of the field are written in, known by their commonest words. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

FRENCH: Final = "fr"
LOOKED_AT: Final = 5_000  # characters: enough to tell

# Words that a language cannot do without, shared ones included: « la » is French as well as
# Spanish, and what tells them apart is which language has more of its own in a text.
_COMMONEST: Final = {
    "fr": """le la les l un une des du de d et est en que qu qui dans pour pas sur au aux avec ce c
        cette ces par plus sont ne n se s il elle ils elles on nous vous je j ont été être mais ou
        où leur leurs sa son ses sans y a à comme non entre chez vers sous contre depuis après avant
        dont si tout tous aussi très lui deux trois quand même""",
    "en": """the of and to in is that for it was on are with as be this by from have has not or at
        which their they were been but his her we you an more who how""",
    "es": """el la los las un una de del que y en a al por con para es no se su sus lo como más pero
        ha han son este esta entre sin sobre o e ya muy también desde hay""",
    "de": """der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es
        in bei aus nach wie wird werden hat sind""",
    "it": """il lo la i gli le l un una uno di del della dello dei degli delle e è in nel nella che
        chi per con da dal dalla al alla ai alle su sul sulla si non sono ha come più anche tra fra
        ma o se ci dell nell all dall""",
    "pt": """o a os as um uma de do da dos das e é em no na nos nas que para por pelo pela com não
        se ao aos à mais são foi seu sua como entre sem ou já também""",
    "ca": """el la els les un una de del dels i en a al als per que amb es no ha són més com d l
        aquest aquesta seu seva sense entre o molt també""",
    "nl": """de het een en van ik te dat die in is op aan met voor zijn er niet ook als bij om door
        naar uit over""",
    "ro": """și de la în cu pe din un o care pentru este sunt nu mai că al ale a se sau prin""",
}
_SETS: Final = {language: frozenset(words.split()) for language, words in _COMMONEST.items()}
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[·•][^\W\d_]+)*")  # « usé·es » is one word


def commonest_words(text: str) -> tuple[dict[str, int], int]:
    """How many words of a text are among the commonest of each language, and how many it has."""
    counts = Counter(word.lower() for word in _WORDS.findall(text[:LOOKED_AT]))
    found = {
        language: sum(counts[word] for word in words & counts.keys())
        for language, words in _SETS.items()
    }
    return found, counts.total()
