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
    "oc": """lo la los las un una de del dels e en a al que qu per pels amb es son d l pas mai dins
        sus lor aquela aqueste aquò cal çò""",
    "co": """u i a e di à è un una per cù in chì si l d da so sò hè ci ne o più nantu trà induve""",
    "eu": """eta da du dute bat ez ere baina dira izan dela dituzte zen hau hori egin duen duten
        beste oso dago daude ari dugu dut zuen ziren gabe baino arte edo""",
    "br": """ar an ur eur hag ha eo e en evit gant da ez oa emañ bet ket eus d al ul el ma zo vez vo
        met pe hon o ne n dre evel bro""",
    "cpf": """la ka té sé pou yo nou ou an é ki pa ni adan épi moun ké nan ap bann zot i li sa on pi
        tout zafè konsa kon lé mwen""",
    "ro": """și de la în cu pe din un o care pentru este sunt nu mai că al ale a se sau prin""",
}
_LANGUAGES: Final[dict[str, list[str]]] = {}  # of each of these words
for _language, _words in _COMMONEST.items():
    for _word in dict.fromkeys(_words.split()):
        _LANGUAGES.setdefault(_word, []).append(_language)
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[·•][^\W\d_]+)*")  # « usé·es » is one word


def commonest_words(text: str) -> tuple[dict[str, int], int]:
    """How many words of a text are among the commonest of each language, and how many it has."""
    counts = Counter(word.lower() for word in _WORDS.findall(text[:LOOKED_AT]))
    found = dict.fromkeys(_COMMONEST, 0)
    for word in counts.keys() & _LANGUAGES.keys():
        for language in _LANGUAGES[word]:
            found[language] += counts[word]
    return found, counts.total()
