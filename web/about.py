"""What Glaneuse says of itself: to readers, to robots and to who watches over it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirection

from core.errors import StoreFailed
from web.context import parts

bp = Blueprint("about", __name__)


@bp.get("/a-propos")
def method() -> str:
    """« Sources et méthode »."""
    p = parts()
    return render_template("about.html", themes=len(p.vocabulary.themes), settings=p.settings)


@bp.get("/healthz")
def health() -> tuple[Response, int]:
    """Whether the parts answer. Without the search the site still serves: 200, « degraded »."""
    store, engine = _store_answers(), parts().engine.is_alive()
    status = "ok" if store and engine else "degraded" if store else "down"
    answer = jsonify(status=status, store=store, search=engine)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if store else 503


@bp.get("/robots.txt")
def robots() -> Response:
    """Pages may be read by robots; searches, without end, not."""
    lines = ("User-agent: *", f"Disallow: {url_for('search.show')}", "Disallow: /healthz")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/favicon.ico")
def favicon() -> Redirection:
    """For those who ask without reading the page."""
    return redirect(url_for("static", filename="glaneuse.svg"), 308)


def _store_answers() -> bool:
    try:
        return parts().store.is_current
    except StoreFailed:  # the answer to the question, not an error
        return False
