"""The address under which a page wants to be known, when it can be believed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from core.urls import canonical_url
from crawler.head import Head
from crawler.sites import is_same_site

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
    """Of the same site, for no page may take another's place; neither its home nor a folder."""
    said, here = urlsplit(address), urlsplit(own)
    if not is_same_site(address, own):
        return False
    if said.path == "/" and not said.query:
        return here.path == "/" and not here.query
    above = said.path.rstrip("/") + "/"
    if said.query or said.path == here.path or not here.path.startswith(above):
        return True
    rest = here.path[len(above) :].strip("/").split("/")
    return all(not part or _VARIANT.match(part) for part in rest)
