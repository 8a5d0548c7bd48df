"""What the views work with: the only place that reads Flask's ``current_app``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app, request

from core.clock import Clock
from core.settings import Settings
from core.weeks import paris_date
from indexer.engine import SearchEngine
from store import Store
from taxonomy.vocabulary import Vocabulary
from web.memory import Memory

KEY = "glaneuse"


@dataclass(frozen=True, slots=True)
class Parts:
    """What ``create_app`` was given, and what the process remembers for a minute."""

    settings: Settings
    store: Store
    engine: SearchEngine
    vocabulary: Vocabulary
    clock: Clock
    memory: Memory


def parts() -> Parts:
    """The parts of the application that answers this request."""
    return cast("Parts", current_app.extensions[KEY])


def now() -> datetime:
    """The present instant, by the application's clock."""
    return parts().clock()


def today() -> date:
    """The date it is in Paris."""
    return paris_date(now())


def public_url() -> str:
    """The address of the site, without a final slash: as set, else as this request reached us."""
    return parts().settings.public_url or request.url_root.rstrip("/")
