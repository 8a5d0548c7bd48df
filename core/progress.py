"""How long work says how far it is, without knowing who listens."""

from collections.abc import Callable
from typing import TypeAlias

# Called with how much is done and how much there is in all.
Progress: TypeAlias = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Tell nobody."""
