"""``python -m benchmarks.corrections GOLD.jsonl [COUNT] [SEED]``: what people's corrections teach.

GOLD.jsonl: articles with their themes, ordinary news that the shipped examples do not hold. COUNT
of them (100), drawn by SEED (1), are corrected by somebody who makes no mistake, and learnt from as
``glaneuse learn`` does. Prints the figures of the others before and after, and the time it took.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from time import process_time

from taxonomy.contest import try_corrections
from taxonomy.evaluation import Evaluation, Gold, evaluate, read_gold
from taxonomy.learning import shipped_examples
from taxonomy.tagger import Tagger
from taxonomy.vocabulary import load_vocabulary

COUNT = 100


def main(arguments: Sequence[str]) -> None:
    """Learn from some, judge on the others."""
    count = int(arguments[1]) if len(arguments) > 1 else COUNT
    seed = int(arguments[2]) if len(arguments) > 2 else 1
    vocabulary = load_vocabulary()
    path = Path(arguments[0])
    lines = path.read_text(encoding="utf-8").splitlines()
    golds = list(read_gold(lines, path.name, vocabulary.themes))
    Random(seed).shuffle(golds)
    corrected, rest = golds[:count], golds[count:]
    present = Tagger(vocabulary)
    start = process_time()
    trial = try_corrections(corrected, shipped_examples(vocabulary.themes), vocabulary, present)
    print(f"{count} corrected, {len(rest)} not; learnt in {process_time() - start:.0f} s of a core")
    _show("set aside, before", trial.present)
    _show("set aside, learnt", trial.learnt)
    _show("the others, before", _judged(rest, present))
    if trial.model is None:
        print("no better: nothing is changed")
    else:
        _show("the others, after", _judged(rest, Tagger(vocabulary, trial.model)))


def _judged(golds: Sequence[Gold], tagger: Tagger) -> Evaluation:
    given = tagger.tag_all((gold.title, gold.text) for gold in golds)
    return evaluate(golds, [[tagging.theme for tagging in one] for one in given])


def _show(name: str, found: Evaluation) -> None:
    print(
        f"{name:20} micro F1 {found.micro.f1:.3f}, macro F1 {found.macro_f1:.3f}, "
        f"main theme {found.main.value:.3f}, off the field {found.traps.value:.3f}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
