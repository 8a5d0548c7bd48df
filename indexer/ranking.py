"""The order of answers: BM25 (Robertson & Zaragoza, 2009, as Lucene and Tantivy compute it).

Tantivy computes it itself; for Meilisearch, whose order is made of rules, we compute it for the
first candidates. A term counts by its better field, the other field adding a little (Lucene's
dis-max).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

TITLE_WEIGHT = 0.8
OTHER_FIELD_WEIGHT = 0.1
_K1 = 1.2
_B = 0.75


def rank(
    texts: Sequence[tuple[list[str], list[str]]], frequencies: Mapping[str, int], documents: int
) -> list[float]:
    """The score of each candidate (keys of its title, of its text).

    ``frequencies``: how many of all the ``documents`` have each term asked for. The mean lengths
    are those of the candidates.
    """
    weights = {
        term: log(1 + (documents - min(number, documents) + 0.5) / (number + 0.5))
        for term, number in frequencies.items()
    }
    titles, bodies = ([pair[at] for pair in texts] for at in (0, 1))
    scored = zip(_field(titles, weights), _field(bodies, weights), strict=True)
    return [sum(map(_joined, title, text)) for title, text in scored]


def _joined(title: float, text: float) -> float:
    weighted = TITLE_WEIGHT * title
    return max(weighted, text) + OTHER_FIELD_WEIGHT * min(weighted, text)


def _field(texts: Sequence[list[str]], weights: Mapping[str, float]) -> list[list[float]]:
    mean = sum(map(len, texts)) / len(texts) if texts else 0.0
    return [_scores(keys, weights, mean or 1.0) for keys in texts]


def _scores(keys: list[str], weights: Mapping[str, float], mean: float) -> list[float]:
    counts = Counter(key for key in keys if key in weights)
    norm = _K1 * (1 - _B + _B * len(keys) / mean)
    return [
        weight * counts[term] * (_K1 + 1) / (counts[term] + norm)
        for term, weight in weights.items()
    ]
