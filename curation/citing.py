"""An article as a reference, to be cited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.model import Article
from core.references import PartialDate, Reference, ReferenceKind
from core.text import one_line
from curation.attribution import medium, published_on
from curation.bibliography.bylines import authors_of


def reference_of(article: Article, seen: date) -> Reference:
    """The reference of an article read on the day ``seen``."""
    published_by, day = medium(article), published_on(article)
    one = Reference(
        kind=ReferenceKind.MAGAZINE,
        title=one_line(article.title) or "Sans titre",
        authors=authors_of(article.author, published_by),
        container=published_by,
        published=PartialDate.of(day) if day else None,
        url=article.url,
        accessed=seen,
        language=article.language or "fr",
        access=article.access,
    )
    return replace(one, id=f"{one.key.partition('-')[0]}-{article.id}")  # « durand2026-17 »
