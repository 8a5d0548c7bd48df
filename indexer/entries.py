"""What both engines keep of a document to show it again, and how it becomes an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.errors import BadQuery
from core.model import Access, Article, ArticleId, EntityType
from core.text import extract
from core.weeks import paris_date
from indexer.engine import Document, Hit, Query
from indexer.french import normal
from indexer.highlight import Marker

FACETS = ("theme", "kind", "source", "access", "month")  # counted at once; years are summed
MORE = ("territory", "organisation", "profession")  # counted on request
OUT_OF_REACH = 10_000  # answers
UNDATED = -(2**40)  # seconds: before any date


def document(article: Article, extract_length: int = 200) -> Document:
    """The article, which leads its group, as it is indexed.

    ``extract_length`` characters of it may be shown; fewer when its publisher says so.
    """
    extract_length = article.showable(extract_length)
    return Document(
        id=article.id,
        title=article.title,
        text=article.text,
        url=article.url,
        source=article.source.slug,
        source_name=article.source.name,
        access=article.access,
        published=article.published,
        themes=tuple(article.themes),
        sources=(article.source.slug, *(one.source.slug for one in article.also)),
        kind=article.kind.kind if article.kind else "",
        territories=_named(article, EntityType.TERRITORY),
        organisations=_named(article, EntityType.ORGANISATION),
        professions=_named(article, EntityType.PROFESSION),
        extract=extract(article.text, article.summary, length=extract_length),
        shown=extract_length,
    )


def _named(article: Article, type: EntityType) -> tuple[str, ...]:
    return tuple(named.id for named in article.names if named.type is type)


def values(document: Document) -> dict[str, tuple[str, ...]]:
    """The document's values of each facet, ``normal``; empty ones are none."""
    given = {
        "theme": document.themes,
        "kind": (document.kind,),
        "source": (document.source, *document.sources),
        "access": (document.access.value,),
        "month": (month(document.published),) if document.published else (),
        "territory": document.territories,
        "organisation": document.organisations,
        "profession": document.professions,
    }
    return {name: tuple(dict.fromkeys(filter(None, map(normal, of)))) for name, of in given.items()}


def wanted(query: Query) -> dict[str, tuple[str, ...]]:
    """The values asked for of each facet that narrows, ``normal``: any of them will do."""
    given = {
        "theme": query.themes,
        "kind": query.kinds,
        "source": query.sources,
        "access": tuple(access.value for access in query.access),
        "territory": query.territories,
        "organisation": query.organisations,
        "profession": query.professions,
    }
    return {name: tuple(map(normal, of)) for name, of in given.items() if of}


def counted(query: Query) -> tuple[str, ...]:
    """The facets to count; none for a plain query. Raises BadQuery for one that does not exist."""
    for name in query.also:
        if name not in MORE:
            message = f"there is no facet {name!r} to count on request"
            raise BadQuery(message)
    return () if query.plain else (*FACETS, *dict.fromkeys(query.also))


def with_years(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, int]]:
    """The facets' counts with those of the years, sums of the months'."""
    years = Counter[str]()
    for one, number in counts.get("month", {}).items():
        years[one[:4]] += number
    return {**counts, "year": dict(years)}


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
        "kind": normal(document.kind),
        "territories": [normal(territory) for territory in document.territories],
        "sources": [normal(source) for source in document.sources or (document.source,)],
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
        kind=data["kind"],
        territories=tuple(data["territories"]),
        sources=tuple(data["sources"]),
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
