"""What French words are about, a small vector each (made by ``benchmarks/senses.py``).

Words that stand in the same surroundings have vectors alike (Mikolov et al., 2013; Bojanowski et
al., 2017, fastText). Reduced by us from Explosion's vectors for French, licence LGPL-LR.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIPPED: Final = Path(__file__).with_name("senses.npz")


@dataclass(frozen=True, slots=True)
class Senses:
    """Folded words, the rank of each among all French words by frequency, and its vector."""

    words: tuple[str, ...]
    ranks: NDArray[np.int32]
    vectors: NDArray[np.int8]  # words × directions


def load_senses() -> Senses:
    """The shipped table."""
    with np.load(SHIPPED) as file:
        return Senses(tuple(str(file["words"]).split()), file["ranks"], file["vectors"])


def version() -> str:
    """Changes with the table."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:8]
