"""What every response says: what a browser may do with it, and how long it may keep it."""

from __future__ import annotations

from flask import Flask, Response, request

# Our own files and nothing else: no inline script or style, nothing from elsewhere, in no frame.
# Trusted Types: no text is ever made into markup or script, not even by our own file.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
}
FRESH = 15  # seconds; see web/memory.py


def install(app: Flask) -> None:
    """Have every response carry them."""
    app.after_request(finish)


def finish(response: Response) -> Response:
    """Security headers on all; an ETag, and 304 when the reader has the page already."""
    response.headers.update(SECURITY)
    if response.status_code == 200 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    if response.status_code == 200 and not response.is_streamed:
        response.add_etag()
        response.make_conditional(request)
    return response
