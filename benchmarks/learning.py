"""Makes the shipped model from the shipped examples, and tells what cross-validation says of it.

``make model``, or ``python -m benchmarks.learning [FILE.npz]``: without a file, only the figures.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from taxonomy.evaluation import calibration, evaluate
from taxonomy.learning import learn, shipped_examples, unlearnt
from taxonomy.model import to_bytes
from taxonomy.tagger import Tagger
from taxonomy.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """Learn, print the figures, write the file."""
    vocabulary = load_vocabulary()
    examples = shipped_examples(vocabulary.themes)
    learnt = learn(examples, vocabulary, Tagger(vocabulary, unlearnt(tuple(vocabulary.themes))))
    golds = [one.gold for one in examples]
    figures = evaluate(golds, [[theme for theme, _ in one] for one in learnt.given])
    low, high = figures.f1_interval.low, figures.f1_interval.high
    print(f"examples {len(examples)}, forms {len(learnt.model.names)}")
    print(
        f"micro F1 {figures.micro.f1:.3f} ({low:.3f} to {high:.3f}), macro {figures.macro_f1:.3f}"
    )
    print(f"precision {figures.micro.precision:.3f}, recall {figures.micro.recall:.3f}")
    print(f"off the field, left alone {figures.traps.value:.3f} of {figures.traps.total}")
    print(f"main theme found {figures.main.value:.3f}")
    print(f"calibration {np.round(learnt.model.platt, 2)}")
    print("among the themes given with a score, how many are right")
    for band in calibration(golds, learnt.given):
        if band.right.total:
            share = f"{band.right.value:.2f} of {band.right.total}"
            print(f"  {band.low:.1f} to {band.high:.1f}  {share}")
    if arguments:
        content = to_bytes(learnt.model)
        Path(arguments[0]).write_bytes(content)
        print(f"{arguments[0]}: {len(content):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
