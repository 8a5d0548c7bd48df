"""What publishers oppose: text and data mining, and extracts of their pages. Pure.

The TDM Reservation Protocol (W3C Community Group report, 10 May 2024,
https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/) has three ways to say so: an
HTTP header, a file for the site, an element in the page. A header that speaks wins over both; where
it is silent, whichever of the others reserves (docs/decisions/0007).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from core.model import Announcement, Reservation

ROBOT = "glaneuse"
_MOST_RULES = 500
_LONGEST_LOCATION = 500
_DIRECTIVE = re.compile(
    r"(?:(?P<agent>[a-z][\w .-]*?)\s*:\s*)?(?P<name>none|nosnippet|max-snippet)"
    r"(?:\s*:\s*(?P<value>-?\d{1,6}))?$"
)
_NAMED = re.compile(r"(?P<agent>[a-z][\w .-]*?)\s*:")
_WITH_VALUE = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")


# -- mining ---------------------------------------------------------------------------------------


def reservation(header: str, tdmrep: str, url: str) -> Reservation:
    """What is said of ``url`` by its HTTP header, else by the site's ``tdmrep.json``.

    Neither 1 nor 0 is a header that says nothing.
    """
    said = _reserves(header.split(",", maxsplit=1)[0])
    if said is not None:
        return Reservation.HEADER if said else Reservation.LIFTED
    return Reservation.FILE if file_reserves(tdmrep, url) else Reservation.UNSAID


def page_reserves(contents: Iterable[str]) -> bool:
    """Whether the ``tdm-reservation`` elements of a page reserve it."""
    return any(_reserves(one) for one in contents)


def file_reserves(tdmrep: str, url: str) -> bool:
    """Whether a ``tdmrep.json`` reserves ``url``: the first rule whose location matches decides."""
    if not tdmrep:
        return False
    path = _comparable(url)
    for location, value in _rules(tdmrep):
        if _matches(location, path):
            return _reserves(value) is True
    return False


def reduced(told: Announcement) -> Announcement:
    """What may be kept of an announcement when mining is opposed: title, address and dates."""
    return replace(told, summary="", content="", author="")


def _reserves(value: Any) -> bool | None:
    """1: yes; 0: no; anything else is an error of the publisher's, and says nothing."""
    if isinstance(value, bool):
        return None
    return {"1": True, "0": False}.get(str(value).strip())


def _rules(tdmrep: str) -> Iterator[tuple[str, Any]]:
    try:
        listed = json.loads(tdmrep)
    except (ValueError, RecursionError):
        return
    # Many write one rule alone, without the brackets; it is clear enough what they want.
    for rule in (listed if isinstance(listed, list) else [listed])[:_MOST_RULES]:
        if isinstance(rule, dict) and "tdm-reservation" in rule:
            location = rule.get("location", "" if isinstance(listed, list) else "/")
            if isinstance(location, str) and 0 < len(location) <= _LONGEST_LOCATION:
                yield location, rule["tdm-reservation"]


def _comparable(url: str) -> str:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return _normal((parts.path or "/") + query)


def _normal(path: str) -> str:
    """Percent-encoded one way, so that two spellings of an address compare equal."""
    return quote(unquote(path), safe="/?&=+,;:@!'()~*$-._")


def _matches(location: str, path: str) -> bool:
    """As in robots.txt: the beginning of the path, ``*`` for anything, ``$`` for the end.

    Found piece by piece, so that no pattern takes long.
    """
    ends = location.endswith("$")
    pattern = location[:-1] if ends else location
    if not pattern.startswith(("/", "*")):
        pattern = "/" + pattern
    first, *others = [_normal(piece) for piece in pattern.split("*")]
    if not path.startswith(first):
        return False
    place = len(first)
    for piece in others[:-1] if ends else others:
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if not ends:
        return True
    if not others:
        return place == len(path)
    return path.endswith(others[-1]) and len(path) - len(others[-1]) >= place


# -- extracts -------------------------------------------------------------------------------------


def header_limit(x_robots_tag: str) -> int | None:
    """The characters that an ``X-Robots-Tag`` lets be shown; None: it sets no limit.

    ``x_robots_tag``: one header a line; directives after an agent's name are for it alone.
    """
    found = [
        limit for line in x_robots_tag.splitlines() for limit in _limits(line, for_agents=True)
    ]
    return min(found, default=None)


def page_limit(contents: Iterable[str]) -> int | None:
    """The same, of the ``robots`` (and ``glaneuse``) elements of a page."""
    return min((limit for one in contents for limit in _limits(one)), default=None)


def strictest(*limits: int | None) -> int | None:
    """The smallest of the limits that are set."""
    return min((one for one in limits if one is not None), default=None)


def _limits(line: str, *, for_agents: bool = False) -> Iterator[int]:
    agent = ""
    for part in line.lower().split(","):
        text = part.strip()
        named = _NAMED.match(text) if for_agents else None
        if named and named["agent"] not in _WITH_VALUE:
            agent = named["agent"]
        found = _DIRECTIVE.match(text)
        if found is None or agent not in {"", ROBOT}:
            continue
        if found["name"] == "nosnippet":
            yield 0
        elif found["name"] == "max-snippet" and found["value"] and int(found["value"]) >= 0:
            yield int(found["value"])
