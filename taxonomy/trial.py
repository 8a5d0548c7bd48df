"""What an edit would change: some articles tagged with and without it, in a process of its own.

``python -m taxonomy.trial`` reads one JSON object (``before``, ``after``: lists of edits;
``items``: lists of id, title, text; ``model``: the file of what was learnt here, "" for the shipped
one) and writes, as JSON, the themes that each item would gain and
lose. It loads what the tagger needs, which the web front end never does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.model import ThemeId
from core.vocabulary_edits import Edit, EditKind


@dataclass(frozen=True, slots=True)
class Item:
    """A text to try."""

    id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The themes that a text would gain and lose; only told of texts that change."""

    id: int
    gained: tuple[ThemeId, ...]
    lost: tuple[ThemeId, ...]


def as_request(
    before: Sequence[Edit], after: Sequence[Edit], items: Iterable[Item], model: str = ""
) -> str:
    """What the process is asked."""
    edits = {"before": [asdict(one) for one in before], "after": [asdict(one) for one in after]}
    return json.dumps(edits | {"items": [asdict(one) for one in items], "model": model})


def read_answer(text: str) -> list[Difference]:
    """What the process answered."""
    return [
        Difference(one["id"], tuple(one["gained"]), tuple(one["lost"])) for one in json.loads(text)
    ]


def compare(
    before: Sequence[Edit], after: Sequence[Edit], items: Sequence[Item], model: str = ""
) -> list[Difference]:
    """The differences between two vocabularies on some texts, judged by the model of a file."""
    from taxonomy.edits import edited  # noqa: PLC0415  with the tagger: for this process alone
    from taxonomy.model import load_model  # noqa: PLC0415
    from taxonomy.tagger import Tagger  # noqa: PLC0415
    from taxonomy.vocabulary import load_vocabulary  # noqa: PLC0415

    shipped = load_vocabulary()
    learnt = load_model(Path(model)) if model else load_model()
    texts = [(item.title, item.text) for item in items]
    now, then = (
        [{tagging.theme for tagging in given} for given in Tagger(words, learnt).tag_all(texts)]
        for words in (edited(shipped, before), edited(shipped, after))
    )
    return [
        Difference(item.id, tuple(sorted(new - old)), tuple(sorted(old - new)))
        for item, old, new in zip(items, now, then, strict=True)
        if old != new
    ]


def _edit(value: dict[str, Any]) -> Edit:
    return Edit(EditKind(value["kind"]), ThemeId(value["theme"]), value["text"], value["value"])


def main() -> None:
    """Answer what stands on the standard input."""
    asked = json.load(sys.stdin)
    before, after = ([_edit(one) for one in asked[name]] for name in ("before", "after"))
    found = compare(before, after, [Item(**one) for one in asked["items"]], asked["model"])
    json.dump([asdict(one) for one in found], sys.stdout)


if __name__ == "__main__":
    main()
