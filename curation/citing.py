"""An article as a reference, to be cited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from core.model import Article
from core.references import PartialDate, Reference, ReferenceKind
from core.text import fold, one_line
from core.urls import host_of
from curation.attribution import medium, published_on
from curation.bibliography.bylines import authors_of


def reference_of(article: Article, seen: date) -> Reference:
    """The reference of an article read on the day ``seen``."""
    published_by, day, kind = medium(article), published_on(article), kind_of(article)
    of_a_body = kind is ReferenceKind.REPORT  # published, rather than part of something
    one = Reference(
        kind=kind,
        title=one_line(article.title) or "Sans titre",
        authors=authors_of(article.author, published_by),
        container="" if of_a_body else published_by,
        publisher=published_by if of_a_body else "",
        published=PartialDate.of(day) if day else None,
        url=article.url,
        accessed=seen,
        language=article.language or "fr",
        access=article.access,
    )
    return replace(one, id=f"{one.key.partition('-')[0]}-{article.id}")  # « durand2026-17 »


def kind_of(article: Article) -> ReferenceKind:
    """What an article is to a bibliography, from where it came out and what its page says."""
    host, labels = host_of(article.url), set(host_of(article.url).split("."))
    if urlsplit(article.url).path.lower().endswith(".pdf"):
        return ReferenceKind.REPORT
    if "ScholarlyArticle" in article.section or host.endswith(_JOURNALS):
        return ReferenceKind.JOURNAL
    if host.endswith(_BLOGS) or labels & {"blog", "blogs"} or "blog" in fold(medium(article)):
        return ReferenceKind.BLOG
    return ReferenceKind.MAGAZINE


_JOURNALS = ("cairn.info", "journals.openedition.org", "persee.fr", "erudit.org")
_BLOGS = ("hypotheses.org", "wordpress.com", "over-blog.com", "blogspot.com", "canalblog.com")
