"""Which addresses are of one site, and so may speak for one another."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=4096)
def site_of(url: str) -> str:
    """Host and port, without ``www.``."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site: the same host, or one host above the other.

    Two neighbours are two sites, as blogs on one platform are.
    """
    here, there = site_of(one), site_of(other)
    return bool(here) and (here == there or _is_above(here, there) or _is_above(there, here))


def _is_above(host: str, other: str) -> bool:
    return "." in host and other.endswith("." + host)
