"""What an installation changes in the shipped vocabulary: small facts, that can go again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from core.model import ThemeId
from core.people import PersonId

EditId = NewType("EditId", int)


class EditKind(StrEnum):
    """What an edit is about.

    ``THEME``: its label, family and note, with ``text`` "". ``TERM``: an expression and its
    strength ("" when it no longer speaks for the theme). ``ACRONYM``: a form with its meaning.
    ``SYNONYM``: a name that readers may know the theme by. ``MOVED``: another theme stands for it.
    """

    THEME = "theme"
    TERM = "term"
    ACRONYM = "acronym"
    SYNONYM = "synonym"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Edit:
    """One fact. A later one of the same kind, theme and text stands in its place."""

    kind: EditKind
    theme: ThemeId
    text: str
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptEdit:
    """An edit as it is kept, with its author."""

    id: EditId
    edit: Edit
    by: PersonId | None
    at: datetime
