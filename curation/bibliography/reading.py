"""What every reader of references gives: those that are good, and the lines that are not."""

from __future__ import annotations

from dataclasses import dataclass

from core.references import Reference


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that could not be read: its first line (from 1), how it begins, why (French)."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file of references held, in its order."""

    references: tuple[Reference, ...] = ()
    refused: tuple[Refused, ...] = ()
