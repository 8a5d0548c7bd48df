"""An article's page: what it is, why it has its themes, the way to the original, how to cite it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, url_for

from core.errors import NotFound
from core.model import ArticleId
from core.references import Reference
from core.weeks import Week, french_date, paris_date
from curation.bibliography.apa import apa
from curation.bibliography.bibtex import to_bibtex
from curation.bibliography.csl import to_csl_json
from curation.bibliography.iso690 import iso690, iso690_note
from curation.bibliography.metadata import highwire
from curation.bibliography.ris import to_ris
from curation.citing import reference_of
from web.citations import citations_of
from web.context import NUMBER, parts, public_url, today
from web.describing import described
from web.notice import Notice, explained, notice_of, notices
from web.similar import similar_ids
from web.stories import story_around

bp = Blueprint("articles", __name__, url_prefix="/articles")

FORMS: Final[dict[str, tuple[str, Callable[[list[Reference]], str]]]] = {
    "bib": ("application/x-bibtex", to_bibtex),
    "ris": ("application/x-research-info-systems", to_ris),
    "json": ("application/vnd.citationstyles.csl+json", to_csl_json),
}


@bp.get(f"/<{NUMBER}:id>", defaults={"slug": ""})
@bp.get(f"/<{NUMBER}:id>-<slug>")
def show(id: int, slug: str) -> str:  # noqa: ARG001  for people, any will do
    """One article, by its number."""
    p = parts()
    length = p.settings.extract_length
    with p.store.read() as tx:
        article = tx.articles.by_id(ArticleId(id))
        story = story_around(tx, article)
        lifetime = tx.revisits.lifetime(article.id)
        citations = citations_of(tx, article, length)
        similar = tx.articles.by_ids(similar_ids(p.engine, p.memory, article))
    shown, reasons = explained(article, p.vocabulary, length)
    notice, reference = notice_of(article, p.vocabulary, length), reference_of(article, today())
    here = public_url() + url_for("articles.show", id=id, slug=notice.slug)
    return render_template(
        "articles/show.html",
        notice=notice,
        extract=shown,
        reasons=reasons,
        similar=notices(similar, p.vocabulary, length),
        tags=highwire(replace(reference, url=notice.original)),
        written=(
            ("APA 7", apa(reference)),
            ("ISO 690, auteur et date", iso690(reference)),
            ("ISO 690, note", iso690_note(reference)),
        ),
        citations=citations,
        lifetime=lifetime,
        story=story,
        described=described(article, p.lexicon, p.genres, length),
        here=here,
        mail=mail_link(notice, here),
        week=Week.of(article.appeared) if article.appeared and article.taggings else None,
    )


@bp.get(f"/<{NUMBER}:id>/reference.<form>")
def reference(id: int, form: str) -> Response:
    """The reference for a reference manager: ``bib``, ``ris`` or ``json`` (CSL)."""
    if form not in FORMS:
        raise NotFound("article", f"{id}/reference.{form[:20]}")
    with parts().store.read() as tx:
        article = tx.articles.by_id(ArticleId(id))
    kind, write = FORMS[form]
    response = Response(
        write([reference_of(article, today())]), content_type=f"{kind}; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="glaneuse-{id}.{form}"'
    return response


def mail_link(notice: Notice, here: str) -> str:
    """A ``mailto`` address (RFC 6068) that tells a colleague of an article."""
    day = f", {french_date(paris_date(notice.published))}" if notice.published else ""
    lines = ["Bonjour,", "", "Un article à lire :", "", notice.title, f"{notice.medium}{day}"]
    lines += [notice.original, ""] if notice.original else []
    lines += [f"Dans Glaneuse : {here}", ""]
    body = quote("\r\n".join(lines))
    return f"mailto:?subject={quote(notice.title)}&body={body}"
