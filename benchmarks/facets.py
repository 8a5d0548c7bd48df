"""How well kinds of text, organisations and territories are recognised.

``python -m benchmarks.facets DEV.jsonl [TEASERS.jsonl]``: gold texts, which are not part of the
project; their labels, by id, are in ``benchmarks/gold`` (``kinds.jsonl``, ``entities.jsonl``), with
texts of our own. Kinds: exact, and counting what is defensible as right (``also``). Without the
files, only our own texts are measured.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.model import EntityType, Kind
from taxonomy.entities import Recogniser
from taxonomy.genres import load_genres
from taxonomy.kinds import Presented, kind_of
from taxonomy.lexicon import load_lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GOLD = Path(__file__).parent / "gold"
Texts = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A text whose kind was decided: what it was to be, what else would do, what it became."""

    set: str
    wanted: str
    also: tuple[str, ...]
    given: str

    @property
    def is_exact(self) -> bool:
        """The kind that the annotator gave."""
        return self.given == self.wanted

    @property
    def is_defensible(self) -> bool:
        """That one, or another that the annotator would accept."""
        return self.is_exact or self.given in self.also


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def judged(labels: Iterable[Mapping[str, Any]], texts: Texts) -> list[Judged]:
    """The kinds decided, for the labels whose text is at hand."""
    genres = load_genres()
    found = []
    for label in labels:
        text = label if "text" in label else texts.get(label["id"])
        if text is None:
            continue
        presented = Presented(
            text["title"], text["text"], label.get("url", ""), label.get("section", "")
        )
        kind = kind_of(presented, genres).kind
        found.append(Judged(label["set"], label["kind"], tuple(label.get("also", ())), kind))
    return found


def interval(share: float, number: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share observed ``number`` times."""
    z = 1.96
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number**2))
    return middle - half / (1 + z * z / number), middle + half / (1 + z * z / number)


def kinds_report(found: Sequence[Judged]) -> None:
    """Print exact and defensible shares by set, and how many accounts of practice were found."""
    by_set: dict[str, list[Judged]] = defaultdict(list)
    for one in found:
        by_set[one.set].append(one)
        by_set["all"].append(one)
    for name, some in by_set.items():
        exact = sum(one.is_exact for one in some) / len(some)
        right = sum(one.is_defensible for one in some) / len(some)
        low, high = interval(right, len(some))
        print(
            f"kinds, {name:<10} {len(some):>4}   exact {exact:.3f}   "
            f"defensible {right:.3f} [{low:.2f}–{high:.2f}]"
        )
    wanted = [one for one in found if one.wanted == Kind.PRACTICE]
    given = [one for one in found if one.given == Kind.PRACTICE]
    recall = sum(one.is_exact for one in wanted) / len(wanted)
    right = sum(one.is_defensible for one in given) / len(given)
    print(f"accounts of practice: recall {recall:.3f} of {len(wanted)}, defensible {right:.3f}")


def entities_report(labels: Iterable[Mapping[str, Any]], texts: Texts) -> None:
    """Print precision, recall and F1 of organisations and territories."""
    recogniser = Recogniser(load_lexicon())
    read = [label for label in labels if label["id"] in texts]
    for type, name in (
        (EntityType.ORGANISATION, "organisations"),
        (EntityType.TERRITORY, "territories"),
    ):
        right = given = wanted = 0
        for label in read:
            text = texts[label["id"]]
            names = recogniser.names(text["title"], text["text"])
            found = {one.id for one in names if one.type is type}
            right += len(found & set(label[name]))
            given += len(found)
            wanted += len(label[name])
        precision, recall = right / max(given, 1), right / max(wanted, 1)
        f1 = 2 * right / max(given + wanted, 1)
        print(
            f"{name:<14} {len(read)} texts, {wanted} to find   "
            f"precision {precision:.3f}   recall {recall:.3f}   F1 {f1:.3f}"
        )


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    texts: Texts = {one["id"]: one for one in lines(GOLD / "blind.jsonl")}
    for name in arguments:
        texts |= {one["id"]: one for one in lines(Path(name))}
    kinds_report(judged(lines(GOLD / "kinds.jsonl"), texts))
    entities_report(lines(GOLD / "entities.jsonl"), texts)


if __name__ == "__main__":
    main(sys.argv[1:])
