"""Who published an article, in the words and the order of the field's references."""

from __future__ import annotations

from datetime import date

from core.model import Access, Article, Reprint
from core.text import fold, one_line
from core.urls import host_of
from core.weeks import french_date, paris_date

SUBSCRIBERS_MARK = "(réservé aux abonnés)"


def medium(article: Article | Reprint) -> str:
    """The name of what published it: the source's, or the site's when a source pointed to it."""
    if is_own(article):
        return one_line(article.source.name)
    return one_line(article.site) or host_of(article.url)


def is_own(article: Article | Reprint) -> bool:
    """Whether the source published it itself; a press review points to others' articles."""
    home, host = host_of(article.source.url), host_of(article.url)
    return host == home or host.endswith(f".{home}") or home.endswith(f".{host}")


def published_on(article: Article) -> date | None:
    """The day it was published in Paris."""
    return paris_date(article.published) if article.published else None


def attribution(article: Article) -> str:
    """« Prénom Nom, Média, 18 décembre 2023 (réservé aux abonnés) », as far as it is known."""
    name, author, day = medium(article), one_line(article.author), published_on(article)
    parts = [author if fold(author) != fold(name) else "", name, french_date(day) if day else ""]
    reference = ", ".join(part for part in parts if part)
    via = "" if is_own(article) else f", via {one_line(article.source.name)}"
    mark = f" {SUBSCRIBERS_MARK}" if article.access is Access.SUBSCRIBERS else ""
    return f"{reference}{via}{mark}"


def also_in(article: Article) -> tuple[tuple[str, Reprint], ...]:
    """The other media in which it came out, each with the article there, each medium once."""
    found = {fold(medium(article)): ("", None)}  # type: dict[str, tuple[str, Reprint | None]]
    for reprint in article.also:
        found.setdefault(fold(medium(reprint)), (medium(reprint), reprint))
    return tuple((name, reprint) for name, reprint in found.values() if reprint)
