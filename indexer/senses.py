"""What a text is about, as the mean of its words' vectors; how near a question is to it.

A text and a question that share few words may still speak of the same thing. Each is the mean of
the vectors of its different words, frequent ones counting less (Arora, Liang & Ma, 2017, « A simple
but tough-to-beat baseline for sentence embeddings »); their cosine is one more reason for the order
among candidates (``indexer/ranking.py``), never a reason to be found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.lexicon import Senses

DIRECTIONS = 64
NUMBERS = DIRECTIONS // 8  # whole numbers of eight bytes in which a text's vector is kept
_HEARD = 80  # words: the beginning of a text says what it is about; two hundred order no better
_RANK = 0.15  # exponent: the word of rank 10,000 counts twice as much as that of rank 100


class Subjects:
    """The vectors of keys (see ``indexer/french.py``), and of what is made of them."""

    def __init__(
        self,
        load: Callable[[], Senses | None],
        key: Callable[[str], str],
        acronyms: Mapping[str, Sequence[str]],
    ) -> None:
        self._load = load
        self._key = key
        self._acronyms = acronyms  # the key of each, with those of what it means

    def of(self, keys: Iterable[str]) -> NDArray[np.float32]:
        """The mean of the different keys, of length 1; zero when none is known."""
        rows, vectors = self._table
        known = [*map(rows.__getitem__, rows.keys() & set(keys))]
        if not known:
            return np.zeros(DIRECTIONS, np.float32)
        total = vectors.take(known, axis=0).sum(axis=0)
        return np.asarray(total / max(float(np.sqrt(total @ total)), 1e-9), np.float32)

    def packed(self, title: str, text: str) -> list[int]:
        """Of the keys of a title and a text, as whole numbers that engines keep; or empty."""
        vector = self.of([*title.split(), *text.split(" ", _HEARD)[:_HEARD]])
        most = float(np.abs(vector).max())
        if not most:
            return []
        small: list[int] = (vector * (127 / most)).round().astype(np.int8).view(np.int64).tolist()
        return small

    def nearness(
        self, keys: Iterable[str], kept: Sequence[Sequence[int] | None]
    ) -> NDArray[np.float64]:
        """The cosine of the keys' vector and of each one kept; zero for those without."""
        asked = self.of(keys)
        found = np.zeros(len(kept))
        having = [at for at, numbers in enumerate(kept) if numbers and None not in numbers]
        if not having or not asked.any():
            return found
        packed = np.array([kept[at] for at in having], np.int64)
        vectors = packed.view(np.int8).reshape(len(having), DIRECTIONS).astype(np.float32)
        lengths = np.sqrt((vectors * vectors).sum(axis=1))
        found[having] = vectors @ asked / np.maximum(lengths, 1e-9)
        return found

    @cached_property
    def _table(self) -> tuple[dict[str, int], NDArray[np.float32]]:
        """The row of each key, and the vectors, weighted; read when first asked (tenths of a s)."""
        senses = self._load()
        if senses is None:
            return {}, np.zeros((0, DIRECTIONS), np.float32)
        rows = dict[str, int]()
        at = [rows.setdefault(self._key(word), len(rows)) for word in senses.words]
        shares = (1 / senses.ranks.astype(np.float32))[:, None]  # by Zipf's law, of all the text
        vectors = np.zeros((len(rows), DIRECTIONS), np.float32)
        weights = np.zeros((len(rows), 1), np.float32)
        lengths = np.linalg.norm(senses.vectors.astype(np.float32), axis=1, keepdims=True)
        np.add.at(vectors, at, shares * senses.vectors / np.maximum(lengths, 1e-9))
        np.add.at(weights, at, shares)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        vectors = np.asarray(vectors * weights**-_RANK, np.float32)
        return self._with_acronyms(rows, vectors)

    def _with_acronyms(
        self, rows: dict[str, int], vectors: NDArray[np.float32]
    ) -> tuple[dict[str, int], NDArray[np.float32]]:
        """The table with acronyms, which speak as the words of what they mean together."""
        added = []
        for acronym, meaning in self._acronyms.items():
            known = [rows[key] for key in meaning if key in rows]
            if known and acronym not in rows:
                added.append((acronym, vectors[known].sum(axis=0)))
        rows |= {acronym: len(rows) + at for at, (acronym, _) in enumerate(added)}
        return rows, np.vstack([vectors, *(vector for _, vector in added)])
