"""From an error to a status and a French sentence: the only place where the web catches."""

from __future__ import annotations

import logging
import math

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from core.errors import BadQuery, GlaneuseError, NotFound, Overtaken, SearchUnavailable, StoreFailed
from core.text import typographic
from web.guard import Forbidden

log = logging.getLogger(__name__)

# Class → status; the first that fits.
STATUSES: tuple[tuple[type[GlaneuseError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (BadQuery, 400),
    (Overtaken, 409),
    (SearchUnavailable, 503),
    (StoreFailed, 503),
    (GlaneuseError, 500),
)
PROGRAMS = "/api/"  # where errors are data, not pages
SEARCH_DOWN = "La recherche est momentanément indisponible."
STORE_DOWN = "Glaneuse ne parvient pas à lire ses articles pour le moment."
_TITLES = {
    400: "Demande incomprise",
    403: "Accès réservé",
    404: "Page introuvable",
    405: "Action impossible ici",
    409: "Changé entre-temps",
    413: "Envoi trop long",
    421: "Glaneuse n’est pas à cette adresse",
    429: "Un moment, s’il vous plaît",
    500: "Une erreur s'est produite",
    503: "Momentanément indisponible",
}
_SENTENCES = {
    400: "Cette adresse contient une demande que Glaneuse ne comprend pas.",
    403: "Votre rôle ne permet pas de faire cela. Si vous en avez besoin, demandez-le à la "
    "personne qui administre Glaneuse.",
    404: "Cette page n'existe pas, ou n'existe plus.",
    405: "Cette page se lit, mais ne reçoit rien.",
    409: "Quelqu’un d’autre a changé cela entre-temps. Revenez à la page, puis recommencez.",
    413: "Ce qui a été envoyé est plus long que ce que Glaneuse accepte.",
    421: "Ce site ne répond pas sous ce nom. Si vous l’administrez, regardez le réglage PUBLIC_URL "
    "et le nom que transmet le serveur mandataire.",
    429: "Beaucoup de recherches viennent de votre réseau à la fois. Réessayez dans un instant.",
    500: "Elle vient de Glaneuse, pas de vous. Elle a été notée ; réessayez dans un moment.",
    503: STORE_DOWN + " Réessayez dans quelques minutes.",
}
_KINDS = {
    "article": "Cet article n'est pas, ou n'est plus, dans Glaneuse.",
    "theme": "Ce thème n'existe pas dans Glaneuse.",
    "source": "Glaneuse ne lit pas cette source.",
    "week": "Il n'y a pas de page pour cette semaine.",
    "account": "Ce compte n'existe pas, ou n'existe plus.",
    "request": "Cette demande n'existe pas, ou n'existe plus.",
    "session": "Cet appareil n'est pas, ou n'est plus, connecté.",
    "reading-list": "Cette bibliographie n’existe pas, ou n’est pas partagée avec vous.",
    "edition": "Cette édition n’existe pas, ou n’est pas partagée avec vous.",
    "form": "Une bibliographie n’est pas donnée sous cette forme.",
    "page": "Cette liste n'a pas autant de pages.",
}


def install(app: Flask) -> None:
    """Have every error answered by a page of ours."""
    app.register_error_handler(GlaneuseError, expected)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, unexpected)


def status_of(error: GlaneuseError) -> int:
    """The HTTP status of one of our errors."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def expected(error: GlaneuseError) -> Response:
    """One of our own errors."""
    status = status_of(error)
    if status >= 500:
        log.error("%s: %s", type(error).__name__, error)
    sentence = ""
    if isinstance(error, NotFound):
        sentence = _KINDS.get(error.kind, "")
    elif isinstance(error, SearchUnavailable):
        sentence = SEARCH_DOWN
    elif isinstance(error, BadQuery) and _is_for_programs():
        sentence = str(error)
    return _page(status, sentence)


def refused(error: HTTPException) -> Response:
    """What Flask or Werkzeug refuses: unknown address, method not allowed."""
    response = _page(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:  # Allow, Retry-After …
            response.headers[name] = value
    return response


def unexpected(error: Exception) -> Response:
    """A bug: told in the log with its traceback, never to the reader."""
    log.error("unexpected error", exc_info=error)
    return _page(500)


def too_many(wait: float) -> Response:
    """Not now, but in ``wait`` seconds."""
    response = _page(429)
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def _page(status: int, sentence: str = "") -> Response:
    fallback = 400 if status < 500 else 500
    title = _TITLES.get(status, _TITLES[fallback])
    sentence = sentence or _SENTENCES.get(status, _SENTENCES[fallback])
    if _is_for_programs():
        response = _problem(status, title, sentence)
    else:
        page = render_template("error.html", status=status, title=title, sentence=sentence)
        response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def _is_for_programs() -> bool:
    return request.path.startswith(PROGRAMS)


def _problem(status: int, title: str, sentence: str) -> Response:
    """The same for programs: problem details (RFC 9457)."""
    response = jsonify(
        type="about:blank", title=typographic(title), status=status, detail=typographic(sentence)
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    return response
