"""A line for each request: its number, its view, its status and how long it took.

Neither who asks, nor what for: an address may hold what was searched, or the secret of a link.
"""

from __future__ import annotations

import logging
from time import perf_counter

from flask import Flask, Response, g, request

from core.tracing import begin

log = logging.getLogger("web.requests")


def install(app: Flask) -> None:
    """Have each request numbered; the number is told to who asked, for when they write to us."""

    @app.before_request
    def number() -> None:
        g.number, g.asked = begin(), perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        number = g.pop("number", "")
        if number:
            response.headers["X-Request-Id"] = number
            figures = {
                "view": request.endpoint or "",
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round((perf_counter() - g.pop("asked")) * 1000, 1),
            }
            log.info("request", extra=figures)
        return response
