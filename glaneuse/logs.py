"""What is said while the program runs: lines for people, or JSON lines for what gathers logs.

Each JSON line bears the number of the request or job that it comes from. None bears an address of
mail, a question, a text or a value: of an exception, its kind and where it happened.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from typing import Final, TextIO

from core.clock import Clock
from core.settings import Settings
from core.tracing import under_way

_ADDRESS: Final = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LONGEST: Final = 500  # characters of what is said
_speaking = threading.Lock()


class JsonLines(logging.Formatter):
    """One object a line: time, level, who, what, id, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = _object(at, record.levelname.lower(), record.name, record.getMessage())
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            line["at"] = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)[-8:]
            ]
        line |= {name: getattr(record, name) for name in _FIGURES if hasattr(record, name)}
        return json.dumps(line, ensure_ascii=False)


_FIGURES: Final = ("view", "method", "status", "milliseconds")  # of a request


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Have what libraries and the site log follow the setting LOG_FORMAT."""
    if settings.log_format != "json":
        return
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    logging.getLogger("web").setLevel(logging.INFO)


def say(settings: Settings, clock: Clock, who: str, what: str) -> None:
    """A line of a job, or of the program itself."""
    if settings.log_format == "json":
        line = json.dumps(_object(clock(), "info", who, what), ensure_ascii=False)
    else:
        line = f"{clock():%Y-%m-%dT%H:%M:%SZ} {who}: {what}"
    with _speaking:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def without_addresses(text: str) -> str:
    """The same, nobody's mail address being in it."""
    return _ADDRESS.sub("…", text)[:_LONGEST]


def _object(at: datetime, level: str, who: str, what: str) -> dict[str, object]:
    line: dict[str, object] = {
        "time": at.isoformat(timespec="milliseconds"),
        "level": level,
        "who": who,
        "message": without_addresses(what),
    }
    return line | ({"id": under_way.get()} if under_way.get() else {})
