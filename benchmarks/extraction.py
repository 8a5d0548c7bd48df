"""What the extractor reads in labelled pages, and how fast beside bare trafilatura.

``python -m benchmarks.extraction [FOLDER]``: a folder holding ``pages/`` and ``pages.json``, a list
of ``{"file", "url"}`` with, where known, ``title``, ``authors``, ``published`` (a day),
``paragraphs``, ``access`` and ``without`` (words that must not be in the text). Without a folder:
the sample pages of the tests.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction

from core.clock import now
from core.model import Extracted
from core.text import fold
from core.weeks import paris_date
from crawler.extract import extract
from crawler.paragraphs import is_boilerplate

SAMPLES = Path(__file__).parent.parent / "tests" / "crawler"
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page, and what a person reads in it."""

    label: Mapping[str, Any]
    body: bytes

    @property
    def url(self) -> str:
        """Where it was found."""
        return str(self.label["url"])


def load(folder: Path) -> list[Labelled]:
    """The labelled pages of a folder."""
    labels = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
    return [Labelled(label, (folder / "pages" / label["file"]).read_bytes()) for label in labels]


def key(text: str) -> str:
    """Letters and digits alone: spaces and typography do not count against a reading."""
    return re.sub(r"[^a-z0-9]+", "", fold(text))


def judge(label: Mapping[str, Any], article: Extracted) -> dict[str, bool]:
    """Each thing that the label knows, and whether it was read."""
    found: dict[str, bool] = {}
    if label.get("title"):
        found["title"] = key(label["title"]) == key(article.title)
    if label.get("paragraphs"):
        text = key(article.text)
        found["first paragraph"] = key(label["paragraphs"][0]) in text
        found["last paragraph"] = key(label["paragraphs"][-1]) in text
    if label.get("published"):
        day = paris_date(article.published).isoformat() if article.published else ""
        found["date"] = day == label["published"]
    if "authors" in label:
        found["authors"] = _authors_agree(label["authors"], article.author)
    if label.get("access"):
        found["access"] = label["access"] == article.access
    blocks = article.text.split("\n\n")
    left = [words for words in label.get("without", ()) if words in article.text]
    found["clean"] = not left and not any(is_boilerplate(block) for block in blocks)
    return found


def _authors_agree(expected: list[str], read: str) -> bool:
    """Whether the same people are named, whatever stands around their names."""
    if not expected:
        return not read
    wanted = key(re.sub(r"^par ", "", " ".join(expected), flags=re.IGNORECASE))
    return all(key(name) in wanted for name in read.split(", ")) and bool(read)


def measure(pages: list[Labelled], today: date) -> dict[str, list[bool]]:
    """Read every page once; print what disagrees; give each measure's results."""
    results: dict[str, list[bool]] = {}
    for page in pages:
        article = extract(page.body, url=page.url, today=today)
        if not isinstance(article, Extracted):
            print(f"  {page.label['file']}: {article.reason}")
            continue
        if article.opposed:  # the page says not to be mined: title and address are all we keep
            print(f"  {page.label['file']}: opposes text and data mining, not read")
            continue
        for name, right in judge(page.label, article).items():
            results.setdefault(name, []).append(right)
            if not right:
                print(f"  {page.label['file']}: {name}")
    return results


def pages_a_second(pages: list[Labelled], read: Callable[[Labelled], object]) -> float:
    """Pages read in a second of this process's time, the best of a few rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        for page in pages:
            read(page)
        best = max(best, len(pages) / (time.process_time() - start))
    return best


def bare(page: Labelled) -> object:
    """The bare call, with the options that the extractor uses."""
    return bare_extraction(page.body, url=page.url, include_comments=False, deduplicate=False)


def main(arguments: list[str]) -> None:
    """Measure the pages of the folder named by the first argument, or the samples."""
    folder = Path(arguments[0]) if arguments else SAMPLES
    pages = load(folder)
    today = paris_date(now())
    print(f"Extraction, {len(pages)} pages")
    for name, right in measure(pages, today).items():
        print(f"  {name:16} {sum(right):3} of {len(right)}")
    theirs = pages_a_second(pages, bare)
    ours = pages_a_second(pages, lambda page: extract(page.body, url=page.url, today=today))
    print(f"  bare trafilatura {theirs:6.1f} pages/s")
    print(f"  our extract      {ours:6.1f} pages/s: {ours / theirs:.2f} × (at least 0.8)")


if __name__ == "__main__":
    main(sys.argv[1:])
