"""What is under way, a request or a job, by a number that log lines bear: nothing about anybody."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from typing import Final

# The number of the request or job that this thread, or task, works on; "" for none.
under_way: Final[ContextVar[str]] = ContextVar("under_way", default="")


def begin() -> str:
    """A new number, for what begins now."""
    number = secrets.token_hex(6)
    under_way.set(number)
    return number
