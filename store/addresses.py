"""The forms under which one page is served, told to be the same."""

from __future__ import annotations

from collections.abc import Iterable

from core.urls import page_key


def keys_of(urls: Iterable[str]) -> dict[str, str]:
    """The key of each of these; what is no address (an import's) is its own."""
    found: dict[str, str] = {}
    for url in urls:
        try:
            found[url] = page_key(url)
        except ValueError:
            found[url] = url
    return found
