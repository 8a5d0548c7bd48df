"""Tagging lines of JSON, for scripts: a text in, its themes out, without any store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.model import Tagging


class TagsText(Protocol):
    """Whatever gives themes to a text."""

    def tag(self, title: str, text: str) -> tuple[Tagging, ...]:
        """The themes, surest first."""
        ...


def tag_lines(lines: Iterable[str], tagger: TagsText) -> Iterator[str]:
    """For each line ``{"id","title","text"}``, the line ``{"id","themes":[…]}``.

    A line that cannot be read yields ``{"error", "line"}`` and the rest goes on; empty lines are
    skipped.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _dumps(_tagged(line, number, tagger))


def _dumps(value: dict[str, object]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, escaped in the line read: escape it again
        return json.dumps(value)
    return text


def _tagged(line: str, number: int, tagger: TagsText) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"not JSON: {error}", "line": number}
    if not isinstance(value, dict):
        return {"error": "not an object", "line": number}
    for name in ("title", "text"):
        if not isinstance(value.get(name, ""), str):
            return {"error": f"{name}: text is needed", "line": number}
    if not value.get("title") and not value.get("text"):
        return {"error": "a title or a text is needed", "line": number}
    taggings = tagger.tag(value.get("title", ""), value.get("text", ""))
    return {"id": value.get("id"), "themes": [_theme(tagging) for tagging in taggings]}


def _theme(tagging: Tagging) -> dict[str, object]:
    return {
        "id": tagging.theme,
        "score": tagging.score,
        "evidence": [
            {"field": e.field, "start": e.start, "end": e.end, "text": e.text}
            for e in tagging.evidence
        ],
    }
