"""Time as an argument. Whoever needs the present takes a ``Clock``."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def now() -> datetime:
    """The present instant, aware, in UTC: the only place that reads the machine's clock."""
    return datetime.now(UTC)
