"""Reading labelled pages of others: our extractor and bare trafilatura, side by side.

``python -m benchmarks.snippets FOLDER [all]``: a folder holding ``evaldata.json``, which gives for
each address a ``file`` (under ``cache/`` or ``eval/``), pieces of text that are of the article
(``with``) and pieces that are not (``without``), as trafilatura's own evaluation set does (its
``tests/``). Title and text count, of both. Spaces do not, nor do the forms of quotation marks,
which we set as French does.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import trafilatura

from core.clock import now
from core.model import Extracted
from core.weeks import paris_date
from crawler.extract import extract
from crawler.language import detect_language

_FORMS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


@dataclass(slots=True)
class Score:
    """Pieces found that should be, and should not; and pieces missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, label: dict[str, Any], text: str) -> None:
        """Add one page's."""
        flat = _flat(text)
        found = sum(_flat(piece) in flat for piece in label["with"])
        self.right += found
        self.missed += len(label["with"]) - found
        self.wrong += sum(_flat(piece) in flat for piece in label["without"])

    def told(self) -> str:
        """Precision, recall and F1."""
        precision = self.right / max(self.right + self.wrong, 1)
        recall = self.right / max(self.right + self.missed, 1)
        f1 = 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)
        return f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.4f}"


def pages(folder: Path) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """The address, label and bytes of each page."""
    labels = json.loads((folder / "evaldata.json").read_text(encoding="utf-8"))
    for url, label in labels.items():
        paths = (folder / place / label["file"] for place in ("cache", "eval"))
        if (path := next((one for one in paths if one.is_file()), None)) is not None:
            # Some are named otherwise than by their address.
            address = url if url.startswith("http") else f"https://pages.example/{quote(path.name)}"
            yield address, label, path.read_bytes()


def theirs(body: bytes) -> str:
    """Title and text, with the options of its own evaluation."""
    read: Any = trafilatura.bare_extraction(body, include_comments=False, include_tables=True)
    return f"{read.title or ''}\n{read.text or ''}" if read else ""


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_FORMS))


def main(arguments: list[str]) -> None:
    """Read all, and compare by language; with a second argument, tell the pages that lose most."""
    today = paris_date(now())
    scores: defaultdict[str, tuple[Score, Score]] = defaultdict(lambda: (Score(), Score()))
    refused: list[str] = []
    for url, label, body in pages(Path(arguments[0])):
        bare = theirs(body)
        read = extract(body, url=url, today=today)
        ours = f"{read.title}\n{read.text}" if isinstance(read, Extracted) else ""
        if not isinstance(read, Extracted):
            refused.append(f"{label['file']}: {read.reason}")
        for group in ("all", detect_language(" ".join(label["with"])) or "?"):
            for score, text in zip(scores[group], (ours, bare), strict=True):
                score.count(label, text)
        if len(arguments) > 1:
            _tell(label, ours, bare)
    for group, (ours_, bare_) in sorted(scores.items(), key=lambda one: -one[1][0].right):
        print(f"{group:4} ours        {ours_.told()}   ({ours_.right + ours_.missed} pieces)")
        print(f"{'':4} trafilatura {bare_.told()}")
    print(f"pages that we set aside: {len(refused)}")
    for line in refused if len(arguments) > 1 else ():
        print(f"  {line}")


def _tell(label: dict[str, Any], ours: str, bare: str) -> None:
    """What bare trafilatura has and we have not; what we have and should not."""
    flat, other = _flat(ours), _flat(bare)
    lost = [one for one in label["with"] if _flat(one) not in flat and _flat(one) in other]
    more = [one for one in label["without"] if _flat(one) in flat and _flat(one) not in other]
    if lost or more:
        print(f"{label['file']}: lost {lost}, more {more}")


if __name__ == "__main__":
    main(sys.argv[1:])
