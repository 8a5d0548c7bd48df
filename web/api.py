"""``/api/v1``: what pages show, as data, for programs. Read-only, short extracts like everywhere.

Described by ``/api/v1/openapi.json`` (``web/openapi.py``); errors are problem details (RFC 9457),
written by ``web/errors.py``.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request, url_for

from core.errors import NotFound
from core.model import Article, ArticleId, EntityType, Theme
from core.weeks import paris_iso
from curation.digests import digest_of
from curation.period import Period
from curation.rendering import as_data
from indexer.as_json import hit_json, results_json
from indexer.engine import Hit, Query
from store.descriptions import Naming
from store.sources import SourceFigures
from web.api_asking import Asked, read_asked, read_page
from web.context import parts, public_url
from web.notice import UNTITLED, explained, notice_of, short_slug
from web.openapi import description
from web.themes import find_theme
from web.weeks import find_week, known_weeks

bp = Blueprint("api", __name__, url_prefix="/api/v1")

NUMBER: Final = "int(max=2147483647)"


@bp.after_request
def open_to_other_sites(response: Response) -> Response:
    """Pages of other sites may read what anybody may read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.get("/openapi.json")
def openapi() -> Response:
    """The description of all this (OpenAPI 3.1)."""
    return jsonify(description(public_url()))


@bp.get("/articles")
def articles() -> Response:
    """Articles by date, latest first."""
    p, asked = parts(), read_asked(request.args, words=False)
    where = asked.territories
    with p.store.read() as tx:
        source = tx.sources.by_slug(asked.sources[0]).id if asked.sources else None
        chosen: dict[str, Any] = {
            "theme": asked.themes[0] if asked.themes else None,
            "source": source,
            "since": asked.since,
            "until": asked.until,
            "off_field": asked.off_field,
            "access": asked.access,
            "kinds": asked.kinds,
            "naming": Naming(EntityType.TERRITORY, where) if where else None,
        }
        total = tx.articles.count(**chosen)
        found = tx.articles.recent(**chosen, limit=asked.limit, offset=asked.offset)
    return jsonify(_paged(asked, total) | {"articles": [_article(one) for one in found]})


@bp.get(f"/articles/<{NUMBER}:id>")
def article(id: int) -> Response:
    """One article, with the words that decided for its themes."""
    p = parts()
    with p.store.read() as tx:
        found = tx.articles.by_id(ArticleId(id))
    extract, reasons = explained(found, p.vocabulary, p.settings.extract_length)
    why = [
        {"theme": one.theme.id, "label": one.theme.label, "words": list(one.words)}
        for one in reasons
    ]
    return jsonify(_article(found) | {"extract": extract, "reasons": why})


@bp.get("/search")
def search() -> Response:
    """The same answers as the search page and ``glaneuse search --json``."""
    asked = read_asked(request.args, words=True)
    results = parts().engine.search(
        Query(
            words=asked.words,
            themes=asked.themes,
            sources=asked.sources,
            access=asked.access,
            kinds=asked.kinds,
            territories=asked.territories,
            organisations=asked.organisations,
            professions=asked.professions,
            since=asked.since,
            until=asked.until,
            off_field=asked.off_field,
            sort=asked.sort,
            page=asked.page,
            size=asked.limit,
        )
    )
    hits = {"hits": [_hit(hit) for hit in results.hits]}
    return jsonify(_paged(asked, results.total) | results_json(results) | hits)


@bp.get("/themes")
def themes() -> Response:
    """Every theme."""
    read_page(request.args, ())
    return jsonify(themes=[_theme(one) for one in parts().vocabulary.themes.values()])


@bp.get("/themes/<slug:id>")
def theme(id: str) -> Response:
    """One theme."""
    return jsonify(_theme(find_theme(id)))


@bp.get("/sources")
def sources() -> Response:
    """Every source, by name."""
    read_page(request.args, ())
    with parts().store.read() as tx:
        return jsonify(sources=[_source(one) for one in tx.sources.with_figures()])


@bp.get("/sources/<slug:slug>")
def source(slug: str) -> Response:
    """One source."""
    with parts().store.read() as tx:
        found = next((s for s in tx.sources.with_figures() if s.source.slug == slug), None)
    if found is None:
        raise NotFound("source", slug)
    return jsonify(_source(found))


@bp.get("/digests")
def digests() -> Response:
    """The weeks that have a digest, latest first."""
    asked, span = read_page(request.args, ("page", "limit")), known_weeks()
    weeks = [week for year in span.years for week in span.of_year(year)]
    shown = weeks[asked.offset : asked.offset + asked.limit]
    return jsonify(
        _paged(asked, len(weeks))
        | {
            "digests": [
                {
                    "week": str(week),
                    "label": Period.of_week(week).label,
                    "start": paris_iso(week.start),
                    "end": paris_iso(week.end),
                    "page": public_url() + url_for("weeks.show", slug=week.slug),
                }
                for week in shown
            ]
        }
    )


@bp.get("/digests/<week>")
def digest(week: str) -> Response:
    """One week's digest, as ``glaneuse digest --format json`` gives it."""
    p, wanted = parts(), find_week(week, known_weeks())

    def make() -> dict[str, object]:
        themes = tuple(p.vocabulary.themes.values())
        made = digest_of(p.store, Period.of_week(wanted), themes)
        return as_data(made, extract_length=p.settings.extract_length)

    return jsonify(p.memory.recall(("digest", wanted), make))


# -- as data --------------------------------------------------------------------------------------


def _paged(asked: Asked, total: int) -> dict[str, Any]:
    following = None
    if asked.page * asked.limit < total and asked.may_go_on:
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "page"]
        query = urlencode([*pairs, ("page", str(asked.page + 1))])
        following = f"{public_url()}{request.path}?{query}"
    return {"total": total, "page": asked.page, "limit": asked.limit, "next": following}


def _article(article: Article) -> dict[str, Any]:
    p = parts()
    notice = notice_of(article, p.vocabulary, p.settings.extract_length)
    return {
        "id": article.id,
        "title": notice.title,
        "url": article.url,
        "page": _page(article.id, notice.title),
        "source": notice.source_slug,
        "source_name": notice.source,
        "medium": notice.medium,
        "author": notice.author,
        "published": paris_iso(article.published) if article.published else None,
        "access": article.access,
        "language": article.language,
        "themes": list(article.themes),
        "extract": notice.extract,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    shown = hit_json(hit)
    title = shown["title"] or UNTITLED
    return shown | {"source_name": hit.source_name, "page": _page(hit.id, title)}


def _page(id: int, title: str) -> str:
    return public_url() + url_for("articles.show", id=id, slug=short_slug(title))


def _theme(theme: Theme) -> dict[str, Any]:
    family = next(one for one in parts().vocabulary.families if one.id == theme.family)
    return {
        "id": theme.id,
        "label": theme.label,
        "note": theme.note,
        "family": {"id": family.id, "label": family.label},
        "page": public_url() + url_for("themes.show", id=theme.id),
    }


def _source(found: SourceFigures) -> dict[str, Any]:
    source = found.source
    return {
        "slug": source.slug,
        "name": source.name,
        "url": source.url,
        "articles": found.articles,
        "page": public_url() + url_for("sources.show", slug=source.slug),
    }
