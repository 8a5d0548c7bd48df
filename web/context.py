"""What the views work with: the only place that reads Flask's ``current_app``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from core.clock import Clock
from core.settings import Settings
from core.weeks import paris_date
from indexer.engine import SearchEngine
from store import Store
from taxonomy.genres import Genres
from taxonomy.lexicon import Lexicon
from taxonomy.vocabulary import Vocabulary
from web.entrance import Entrance
from web.memory import Memory
from web.site import Site
from web.words import Words

NUMBER = "int(max=2147483647)"  # in addresses, as large as databases number things
KEY = "glaneuse"
ENTRANCE = "glaneuse-entrance"


@dataclass(frozen=True, slots=True)
class Parts:
    """What ``create_app`` was given, and what the process remembers for a minute."""

    site: Site
    store: Store
    engine: SearchEngine
    words: Words
    clock: Clock
    memory: Memory
    lexicon: Lexicon
    genres: Genres

    @property
    def settings(self) -> Settings:
        """The settings as they stand: as given, and as said in the browser."""
        return self.site.current()

    @property
    def vocabulary(self) -> Vocabulary:
        """The themes and what speaks for them, as they stand."""
        return self.words.current()


def parts() -> Parts:
    """The parts of the application that answers this request."""
    return cast("Parts", current_app.extensions[KEY])


def entrance() -> Entrance:
    """What letting people in takes."""
    return cast("Entrance", extension(ENTRANCE))


def extension(key: str) -> Any:
    """What is kept in the application under this name."""
    return current_app.extensions[key]


def leads_to_a_page(path: str) -> bool:
    """Whether an address of this site has a page that can be read."""
    try:
        current_app.url_map.bind("site.invalid").match(urlsplit(path).path, method="GET")
    except (HTTPException, ValueError):
        return False
    return True


def now() -> datetime:
    """The present instant, by the application's clock."""
    return parts().clock()


def today() -> date:
    """The date it is in Paris."""
    return paris_date(now())


def public_url() -> str:
    """The address of the site, without a final slash: as set, else as this request reached us."""
    return parts().settings.public_url or request.url_root.rstrip("/")
