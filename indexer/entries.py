"""What both engines keep of a document to show it again, and how it becomes an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.errors import BadQuery
from core.model import Access, ArticleId
from core.weeks import paris_date
from indexer.engine import Document, Hit, Query
from indexer.french import normal
from indexer.highlight import Marker

FACETS = ("theme", "source", "access", "year", "month")
OUT_OF_REACH = 10_000  # answers
UNDATED = -(2**40)  # seconds: before any date


def shown(document: Document) -> dict[str, Any]:
    """The document as JSON data, its texts ``normal``."""
    return {
        "id": int(document.id),
        "title": normal(document.title),
        "text": normal(document.text),
        "url": normal(document.url),
        "source": normal(document.source),
        "source_name": normal(document.source_name),
        "access": document.access.value,
        "published": document.published.isoformat() if document.published else None,
        "themes": [normal(theme) for theme in document.themes],
        "extract": normal(document.extract),
        "shown": document.shown,
    }


def hit(data: Mapping[str, Any], score: float, marker: Marker) -> Hit:
    """The answer made of what ``shown`` gave."""
    published = data["published"]
    return Hit(
        id=ArticleId(data["id"]),
        title=marker.mark(data["title"]),
        url=data["url"],
        source=data["source"],
        source_name=data["source_name"],
        access=Access(data["access"]),
        published=datetime.fromisoformat(published) if published else None,
        themes=tuple(data["themes"]),
        excerpt=marker.excerpt(data["text"], data["extract"], data["shown"]),
        score=score,
    )


def seconds(instant: datetime | None) -> int:
    """Whole seconds since 1970, ``UNDATED`` for None; a naive instant is taken as UTC."""
    if instant is None:
        return UNDATED
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return int(aware.timestamp() // 1)


def month(instant: datetime) -> str:
    """The month it is in Paris, ``2026-11`` (in the first and last hours of time: in UTC)."""
    try:
        day = paris_date(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    except OverflowError:
        day = instant.date()
    return day.isoformat()[:7]


def check_page(query: Query) -> None:
    """Raise BadQuery for a page that no engine gives."""
    if query.page < 1 or query.size < 1 or query.page * query.size > OUT_OF_REACH:
        message = f"page {query.page} of {query.size} answers is out of reach"
        raise BadQuery(message)
