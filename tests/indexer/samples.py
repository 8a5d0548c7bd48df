"""Documents for tests, with as few words as possible in the tests themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.model import Access, ArticleId
from indexer.engine import Document, Piece, Results

FILLER = "La salle était pleine, et chacun attendait la suite du programme prévu ce soir-là. " * 12


def document(id: int, title: str = "", text: str = "", **others: Any) -> Document:
    """A document with a theme, of a source, dated by its number."""
    values: dict[str, Any] = {
        "url": f"https://exemple.fr/{id}",
        "source": "lien",
        "source_name": "Lien",
        "access": Access.FREE,
        "published": datetime(2026, 1, 1 + id % 28, tzinfo=UTC),
        "themes": ("enfance",),
    }
    return Document(ArticleId(id), title, text, **(values | others))


def ids(results: Results) -> list[int]:
    """Which documents, in order."""
    return [int(hit.id) for hit in results.hits]


def shown(pieces: tuple[Piece, ...]) -> str:
    """What a reader sees, marked words between brackets."""
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)
