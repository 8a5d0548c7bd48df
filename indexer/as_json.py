"""Answers as data, the same on the command line and in the programming interface."""

from __future__ import annotations

from typing import Any

from core.weeks import paris_iso
from indexer.engine import Hit, Piece, Results


def results_json(results: Results) -> dict[str, Any]:
    """``{"total", "hits", "facets"}``; instants in ISO 8601, in Paris time."""
    return {
        "total": results.total,
        "hits": [hit_json(hit) for hit in results.hits],
        "facets": {name: dict(counts) for name, counts in results.facets.items()},
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """One answer."""
    return {
        "id": hit.id,
        "title": plain(hit.title),
        "url": hit.url,
        "source": hit.source,
        "published": paris_iso(hit.published) if hit.published else None,
        "access": hit.access,
        "themes": list(hit.themes),
        "excerpt": plain(hit.excerpt),
    }


def plain(pieces: tuple[Piece, ...]) -> str:
    """A run of pieces as text."""
    return "".join(piece.text for piece in pieces)
