"""Learns the kinds of text from examples, and tells what cross-validation says of it.

``make model``, or ``python -m benchmarks.kinds [FILE.toml]``: without a file, only the figures.
Examples written for this are kept whole by voice; those of the themes' voices, each of one kind,
are spread. ``benchmarks.facets`` measures on texts that teach nothing here.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.model import Kind
from taxonomy.genres import Genres, load_genres
from taxonomy.kind_model import KindModel, to_text
from taxonomy.kinds import Presented, kind_of, look
from taxonomy.learning import EXAMPLES
from taxonomy.regression import fit_choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

KINDS: Final = tuple(Kind)
VOICES: Final = "voices.toml"
FOLDS: Final = 7
PENALTY: Final = 30.0
WRITTEN: Final = 2.0  # what an example written for its kind is worth
_SMALLEST: Final = 0.1  # beside the spread of a trait: one that hardly varies is not made loud


@dataclass(frozen=True, slots=True)
class Example:
    """A text whose kind is known, the voice that it belongs to, and for how many it counts."""

    id: str
    title: str
    text: str
    kind: Kind
    voice: str
    worth: float


def examples(folder: Path = EXAMPLES) -> list[Example]:
    """The examples written for their kind, then those of the themes that have one."""
    return [*_written(folder / "kinds"), *_of_voices(folder)]


def _written(folder: Path) -> Iterator[Example]:
    for path in sorted(folder.glob("*.jsonl")):
        for one in _lines(path):
            kind = Kind(one["kind"])
            yield Example(one["id"], one["title"], one["text"], kind, path.stem, WRITTEN)


def _of_voices(folder: Path) -> Iterator[Example]:
    voices = tomllib.loads((folder / "kinds" / VOICES).read_text(encoding="utf-8"))
    for voice, told in voices.items():
        numbered = {n: kind for kind, numbers in told.get("but", {}).items() for n in numbers}
        for one in _lines(folder / f"{voice}.jsonl"):
            number = int(one["id"].rpartition("-")[2])
            if kind := numbered.get(number, told.get("kind")):
                worth = told.get("worth", {}).get(kind, 1.0)
                yield Example(one["id"], one["title"], one["text"], Kind(kind), "", worth)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def learn(some: Sequence[Example], genres: Genres) -> KindModel:
    """The model that these examples teach."""
    traits = [look(Presented(one.title, one.text), genres).traits for one in some]
    names = sorted({name for found in traits for name in found})
    rows = np.array([[found.get(name, 0.0) for name in names] for found in traits])
    means, spreads = rows.mean(0), rows.std(0) + _SMALLEST
    targets = np.array([[one.kind is kind for kind in KINDS] for one in some], dtype=np.float64)
    weights = fit_choice((rows - means) / spreads, targets, _counted(some), PENALTY)
    plain = weights[:-1] / spreads[:, None]
    bias = weights[-1] - means @ plain
    plain -= plain.mean(1, keepdims=True)
    return KindModel(KINDS, tuple(names), bias - bias.mean(), plain)


def _counted(some: Sequence[Example]) -> NDArray[np.float64]:
    """Rare kinds count more, by the root of their rarity: all are to be found."""
    number = Counter(one.kind for one in some)
    usual = len(some) / len(KINDS)
    return np.array([one.worth * (usual / number[one.kind]) ** 0.5 for one in some])


def foretold(some: Sequence[Example], genres: Genres) -> list[Kind]:
    """The kind that each example is given by a model that has not learnt from its fold."""
    voices = sorted({one.voice for one in some if one.voice})
    folds = [
        (voices.index(one.voice) if one.voice else zlib.crc32(one.id.encode())) % FOLDS
        for one in some
    ]
    given = [Kind.NEWS] * len(some)
    for fold in range(FOLDS):
        others = [one for one, its in zip(some, folds, strict=True) if its != fold]
        judge = replace(genres, learnt=learn(others, genres))
        for place, (one, its) in enumerate(zip(some, folds, strict=True)):
            if its == fold:
                given[place] = kind_of(Presented(one.title, one.text), judge).kind
    return given


def right(pairs: Sequence[tuple[Example, Kind]]) -> float:
    """The share of examples that are given their kind."""
    return sum(one.kind is given for one, given in pairs) / len(pairs)


def main(arguments: Sequence[str]) -> None:
    """Learn, print the figures, write the file."""
    genres = load_genres()
    some = examples()
    pairs = list(zip(some, foretold(some, genres), strict=True))
    for name, group in (
        ("all", pairs),
        ("written for it", [pair for pair in pairs if pair[0].voice]),
    ):
        print(f"{name:<15} {len(group):>4}   exact {right(group):.3f}")
    for kind in KINDS:
        group = [pair for pair in pairs if pair[0].kind is kind]
        print(f"  {kind.value:<15} {len(group):>3}   found {right(group):.2f}")
    if arguments:
        Path(arguments[0]).write_text(to_text(learn(some, genres)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
