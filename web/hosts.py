"""Under which names the site answers: its own, as set, and those of this machine.

Anybody may write any ``Host``. Flask's TRUSTED_HOSTS knows no IPv6 address, and leaves its refusal
without the addresses that our error page needs.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import MisdirectedRequest

from core.settings import Settings

THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
HEALTH: Final = "about.health"  # asked by supervisors, by whatever address they know


def install(app: Flask, settings: Settings) -> None:
    """Refuse what is asked under another name; without PUBLIC_URL, none is known to be wrong."""
    own = netloc(settings.public_url)
    if own:
        known = THIS_MACHINE | {_name(own)}
        app.before_request(lambda: _check(known))


def netloc(url: str) -> str:
    """Host and port as browsers write them in ``Origin``; "" when there is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.netloc.lower().rpartition("@")[2], parts.port
        if port == {"http": 80, "https": 443}.get(parts.scheme):
            host = host.removesuffix(f":{port}")
        return host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # UnicodeError too
        return ""


def _check(known: Collection[str]) -> None:
    if request.endpoint != HEALTH and _name(request.host) not in known:
        raise MisdirectedRequest


def _name(netloc: str) -> str:
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""
