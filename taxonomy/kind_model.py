"""What was learnt of texts whose kind is known: log odds of each kind, linear in a text's traits.

A multinomial logistic regression with a ridge penalty, made by ``benchmarks.kinds`` from
``examples/kinds``; a file of numbers that anyone can read, one line a trait.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import Unreadable
from core.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SHIPPED: Final = Path(__file__).with_name("genres-appris.toml")
_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class KindModel:
    """A bias for each kind, and a weight for each trait (rows) and kind (columns)."""

    kinds: tuple[Kind, ...]
    traits: tuple[str, ...]
    bias: NDArray[np.float64]
    weights: NDArray[np.float64]
    version: str = ""

    def odds(self, found: Mapping[str, float]) -> dict[Kind, float]:
        """The log odds of each kind; traits that nothing was learnt of say nothing."""
        values = [found.get(trait, 0.0) for trait in self.traits]
        return dict(zip(self.kinds, (values @ self.weights + self.bias).tolist(), strict=True))

    def told(self, trait: str, kind: Kind) -> float:
        """What a trait says for a kind rather than for news, for each 1 of its value."""
        if trait not in self.traits:
            return 0.0
        row = self.weights[self.traits.index(trait)]
        return float(row[self.kinds.index(kind)] - row[self.kinds.index(Kind.NEWS)])


def to_text(model: KindModel) -> str:
    """The content of its file."""

    def row(numbers: NDArray[np.float64]) -> str:
        return "[" + ", ".join(f"{one:.{_DIGITS}f}" for one in numbers.tolist()) + "]"

    kinds = ", ".join(f'"{kind.value}"' for kind in model.kinds)
    lines = [
        "# Made by « make model » from taxonomy/examples/kinds: what each trait of a text says for",
        "# each kind, in the order of « kinds ». Not to be edited.",
        f"kinds = [{kinds}]",
        f"bias = {row(model.bias)}",
        "",
        "[weights]",
        *(
            f'"{trait}" = {row(numbers)}'
            for trait, numbers in zip(model.traits, model.weights, strict=True)
        ),
    ]
    return "\n".join(lines) + "\n"


def load_kind_model(path: Path = SHIPPED) -> KindModel:
    """The model of a file. Raises Unreadable when it is absent or broken."""
    try:
        content = path.read_bytes()
        top = tomllib.loads(content.decode())
        return KindModel(
            tuple(Kind(one) for one in top["kinds"]),
            tuple(top["weights"]),
            np.array(top["bias"]),
            np.array(list(top["weights"].values())),
            sha256(content).hexdigest()[:12],
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(path.name, str(error)) from error
