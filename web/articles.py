"""An article's page: what it is, why it has its themes, and the way to the original."""

from __future__ import annotations

from flask import Blueprint, render_template

from core.model import ArticleId
from core.weeks import Week
from web.citations import citations_of
from web.context import parts
from web.notice import explained, notice_of

bp = Blueprint("articles", __name__, url_prefix="/articles")

NUMBER = "int(max=2147483647)"  # as large as databases number articles


@bp.get(f"/<{NUMBER}:id>", defaults={"slug": ""})
@bp.get(f"/<{NUMBER}:id>-<slug>")
def show(id: int, slug: str) -> str:  # noqa: ARG001  for people, any will do
    """One article, by its number."""
    p = parts()
    with p.store.read() as tx:
        article = tx.articles.by_id(ArticleId(id))
        citations = citations_of(tx, article, p.settings.extract_length)
    shown, reasons = explained(article, p.vocabulary, p.settings.extract_length)
    return render_template(
        "articles/show.html",
        notice=notice_of(article, p.vocabulary, p.settings.extract_length),
        extract=shown,
        reasons=reasons,
        citations=citations,
        week=Week.of(article.appeared) if article.appeared and article.taggings else None,
    )
