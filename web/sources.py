"""The sources: their list, and each one's latest articles."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from core.urls import host_of
from crawler.health import health_of, health_of_all
from web.context import now, parts
from web.health import remark_of
from web.notice import notices
from web.paging import SIZE, page_asked, paging
from web.trends import trend

bp = Blueprint("sources", __name__, url_prefix="/sources")


@bp.get("")
def index() -> str:
    """Every source, by name."""
    p = parts()

    def read() -> list[tuple[str, str, str, int, str]]:
        with p.store.read() as tx:
            remarks = {one.source.id: remark_of(one) for one in health_of_all(tx, now())}
            return [
                (
                    one.source.slug,
                    one.source.name,
                    host_of(one.source.url),
                    one.articles,
                    remarks.get(one.source.id, ""),
                )
                for one in tx.sources.with_figures()
            ]

    return render_template("sources/index.html", sources=p.memory.recall("sources", read))


@bp.get("/<slug:slug>")
def show(slug: str) -> str:
    """A source and its articles, latest first."""
    p, page = parts(), page_asked(request.args.get("page"))
    with p.store.read() as tx:
        source = tx.sources.by_slug(slug)
        total = p.memory.recall(("source", slug), lambda: tx.articles.count(source=source.id))
        where = paging(page, total, lambda at: url_for("sources.show", slug=slug, page=at))
        moments = tx.articles.moments([source.id]).get(source.id, [])
        months = trend(tx, ("source", slug), source=source.id)
        found = tx.articles.recent(source=source.id, limit=SIZE, offset=(page - 1) * SIZE)
    return render_template(
        "sources/show.html",
        source=source,
        host=host_of(source.url),
        remark=remark_of(health_of(source, moments, now())),
        trend=months,
        paging=where,
        notices=notices(found, p.vocabulary, p.settings.extract_length),
    )
