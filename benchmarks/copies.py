"""How well near-duplicates are told from articles that only look alike.

``python -m benchmarks.copies FILE…``: variations are made from the texts of those files (JSON lines
or a list, with ``title`` and ``text`` or ``paragraphs``), grouped by the real stage in a store, and
counted pair by pair. Without file, the texts are the demo's.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.variations import Printed, material, sorts
from core.model import ArticleId, Extracted, SourceKind
from curation.grouping import group
from demo.articles import load_articles
from store import Store

PAIRS = 200  # of each sort

Titles = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """Pairs that are the same article: ``right`` ones are grouped, ``missed`` ones are not.

    ``wrong``: the pairs grouped that are not.
    """

    right: int
    missed: tuple[Titles, ...]
    wrong: tuple[Titles, ...]


def demo_texts() -> list[Titles]:
    """Titles and texts of the demo's articles, without those that reprint another."""
    own = [one for one in load_articles() if not one.same_as]
    return [(one.title, _plain(one.body)) for one in own]


def read(path: Path) -> list[Titles]:
    """Titles and texts of a file."""
    written = path.read_text(encoding="utf-8")
    found = json.loads(written) if written.startswith("[") else _lines(written)
    return [
        (one.get("title") or "", one.get("text") or "\n\n".join(one.get("paragraphs") or ()))
        for one in found
    ]


def counted(printed: Sequence[Printed]) -> Counted:
    """Have the stage group these in a store of their own, and count pairs."""
    with Store.open("sqlite://") as store:
        ids = keep(store, printed)
        group(store)
        with store.read() as tx:
            leaders = tx.groups.leaders(ids)
    groups, stories = defaultdict[ArticleId, set[int]](set), defaultdict[str, set[int]](set)
    for at, (id, one) in enumerate(zip(ids, printed, strict=True)):
        groups[leaders.get(id, id)].add(at)
        stories[one.story].add(at)
    made, wanted = _pairs(groups.values()), _pairs(stories.values())

    def titles(pairs: set[tuple[int, int]]) -> tuple[Titles, ...]:
        return tuple((printed[one].title, printed[other].title) for one, other in sorted(pairs))

    return Counted(len(made & wanted), titles(wanted - made), titles(made - wanted))


def keep(store: Store, printed: Iterable[Printed]) -> list[ArticleId]:
    """Have a store hold these articles."""
    with store.begin() as tx:
        sources = {
            one.site: tx.sources.add(
                name=one.site,
                url=f"https://{one.site}.example/",
                feed=f"https://{one.site}.example/feed",
                kind=SourceKind.FEED,
                now=one.appeared,
            )
            for one in {one.site: one for one in printed}.values()
        }
        return [
            tx.articles.save(
                Extracted(
                    f"{sources[one.site].url}{at}", one.title, one.text, published=one.appeared
                ),
                source_id=sources[one.site].id,
                now=one.appeared,
            )[0]
            for at, one in enumerate(printed)
        ]


def main() -> None:
    """Count and print."""
    texts = [text for path in sys.argv[1:] for text in read(Path(path))] or demo_texts()
    right = missed = wrong = 0
    for name, same, printed in sorts(material(texts), pairs=PAIRS):
        found = counted(printed)
        print(
            f"{name:20} {len(printed):4} articles: {found.right:5} pairs found,"
            f" {len(found.missed):4} missed, {len(found.wrong):4} wrong"
        )
        for titles in (*found.wrong, *(found.missed if same else ()))[:3]:
            print("   ", " / ".join(titles))
        wrong += len(found.wrong)
        if same:
            right, missed = right + found.right, missed + len(found.missed)
    print(f"precision {right / (right + wrong):.4f}, recall {right / (right + missed):.4f}")


def _pairs(sets: Iterable[set[int]]) -> set[tuple[int, int]]:
    return {pair for one in sets for pair in combinations(sorted(one), 2)}


def _lines(written: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in written.splitlines()]


def _plain(markdown: str) -> str:
    """A text without its marks."""
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return re.sub(r"^[#>*+-]+ *|[*_`]", "", bare, flags=re.MULTILINE)


if __name__ == "__main__":
    main()
