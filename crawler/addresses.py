"""The address under which a page wants to be known, when it can be believed."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from core.urls import canonical_url, host_of
from crawler.head import Head

_VARIANT = re.compile(r"^(?:amp|amphtml|print|imprimer|page|\d+|feed|index\.\w+)$", re.IGNORECASE)


def page_address(head: Head, url: str) -> str:
    """The canonical address: ``rel=canonical``, ``og:url``, else ``url``.

    Raises ValueError when ``url`` is no address of a page.
    """
    own = canonical_url(url)
    for said in (head.canonical, head.meta("og:url")):
        try:
            address = canonical_url(said, own) if said else ""
        except ValueError:
            continue
        if address and _believable(address, own):
            return address
    return own


def _believable(address: str, own: str) -> bool:
    """Not the site's home, nor a folder above the page, nor a private machine left by mistake."""
    said, here = urlsplit(address), urlsplit(own)
    if host_of(address) != host_of(own) and not _public(said.hostname or ""):
        return False
    if said.path == "/" and not said.query:
        return here.path == "/" and not here.query
    above = said.path.rstrip("/") + "/"
    if said.query or said.path == here.path or not here.path.startswith(above):
        return True
    rest = here.path[len(above) :].strip("/").split("/")
    return all(not part or _VARIANT.match(part) for part in rest)


def _public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." in host and not host.endswith(
            (".local", ".localhost", ".test", ".lan", ".internal")
        )
