"""The frequent expressions of some texts, most telling first. Pure.

Runs of one to four words that begin and end with a full word, ranked by their C-value (K. Frantzi,
S. Ananiadou, H. Mima, « Automatic recognition of multi-word terms: the C-value/NC-value method »,
2000): how many texts have the expression, its length, less what longer ones that hold it explain.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from core.text import fold

LONGEST: Final = 4  # words
FEWEST: Final = 3  # texts
READ: Final = 200  # words of each text: its title and its beginning tell what it is about
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|[.;:!?()«»]|\n")
_EMPTY = frozenset(
    """a afin ai ainsi alors apres as au aucun aussi autre autres aux avait avant avec avez avoir
    avons beaucoup bien c ce cela celle celles celui ces cet cette ceux chaque chez ci comme comment
    contre d dans de depuis des deux donc dont du elle elles en encore entre es est et etait etaient
    ete etre eu eux fait faire fois font grand ici il ils j je jusqu l la le les leur leurs lors lui
    m ma mais me meme memes mes moi moins mon n ne ni non nos notre nous nouveau nouvelle on ont or
    ou où par parce pas pendant peu peut peuvent plus plusieurs pour pourquoi puis qu quand que quel
    quelle quelles quels qui quoi rien s sa sans sauf se selon sera ses si soit son sont sous sur t
    ta te tel telle tes toi ton tous tout toute toutes tres trois tu un une vers via voir vos votre
    vous y aujourd hui an ans jour jours annee annees mois article lire""".split()
)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as it is most often written, and how many texts have it."""

    text: str
    texts: int


def frequent(
    texts: Iterable[str], *, known: Collection[str] = (), most: int = 100
) -> list[Expression]:
    """The expressions that at least ``FEWEST`` texts have, most telling first.

    ``known``: folded expressions that need not be told.
    """
    held: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for key, form in dict(_runs(text)).items():
            held[key] += 1
            written[key][form] += 1
    often = {key: count for key, count in held.items() if count >= FEWEST and key not in known}
    values = _c_values(often)
    best = sorted(often, key=lambda key: (-values[key], key))[:most]
    return [Expression(written[key].most_common(1)[0][0], often[key]) for key in best]


def _c_values(often: dict[str, int]) -> dict[str, float]:
    within: defaultdict[str, list[int]] = defaultdict(list)
    for key, count in often.items():
        for part in _parts(key):
            if part in often:
                within[part].append(count)
    return {
        key: math.log2(1 + len(key.split()))
        * (count - (sum(within[key]) / len(within[key]) if within[key] else 0))
        for key, count in often.items()
    }


def _parts(key: str) -> Iterator[str]:
    """The shorter expressions that one holds."""
    words = key.split()
    for length in range(1, len(words)):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Each expression of a text, folded, and as it is written."""
    words = _WORD.findall(text.replace("’", "'"))[:READ]
    folded = [fold(word) for word in words]
    for start in range(len(words)):
        for stop in range(start + 1, min(start + LONGEST, len(words)) + 1):
            last = folded[stop - 1]
            if not last[:1].isalpha():
                break
            if _is_full(folded[start]) and _is_full(last):
                yield " ".join(folded[start:stop]), " ".join(words[start:stop]).lower()


def _is_full(folded: str) -> bool:
    bare = folded.rpartition("'")[2]
    return bare[:1].isalpha() and len(bare) > 2 and bare not in _EMPTY and folded not in _EMPTY
