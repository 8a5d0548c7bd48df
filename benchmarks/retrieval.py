"""``python -m benchmarks.retrieval FOLDER``: nDCG@10 of our embedded engine on a search set.

Beside it two BM25 baselines in Tantivy (its French stemming, folded accents, any of the words):
text alone, title and text. The set's form is that of ``glaneuse evaluate-search``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.bare import BareTantivy
from indexer.embedded import EmbeddedEngine
from indexer.evaluation import DEPTH, SearchFigures, evaluate, figures, read


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    if len(arguments) != 1:
        sys.exit("usage: python -m benchmarks.retrieval FOLDER")
    folder = Path(arguments[0])
    names, documents, questions = read(folder)
    named = [replace(one, url=name) for one, name in zip(documents, names, strict=True)]
    with tempfile.TemporaryDirectory(prefix="glaneuse-bench-") as scratch:
        bare = BareTantivy(Path(scratch) / "bare", named)
        for name, fields in (("text", ["text"]), ("title + text", ["title", "text"])):
            ranked = {one.id: bare.best(one.query, DEPTH, fields) for one in questions}
            print_figures(f"BM25 {name}", figures(questions, ranked))
        print_figures("ours, embedded", evaluate(EmbeddedEngine(Path(scratch) / "ours"), folder))


def print_figures(name: str, found: SearchFigures) -> None:
    """One line."""
    print(
        f"{name}: nDCG@{DEPTH} {found.ndcg:.3f}, recall {found.recall:.3f}, "
        f"without any answer {found.unanswered:.1%} of {found.questions} questions"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
