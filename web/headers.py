"""What every response says: what a browser may do with it, and how long it may keep it."""

from __future__ import annotations

import gzip

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
PACKED = frozenset(
    {
        "text/html", "text/plain", "text/css", "text/javascript", "image/svg+xml",
        "application/json", "application/problem+json",
        "application/atom+xml", "application/feed+json",
    }
)  # fmt: skip
WORTHWHILE = 1_000  # bytes under which packing gains nothing
LEVEL = 5  # nearly as small as 9, in a third of the time
FRESH = 15  # seconds; see web/memory.py


def install(app: Flask) -> None:
    """Have every response carry them."""
    app.after_request(finish)


def finish(response: Response) -> Response:
    """Security headers on all; an ETag, and 304 when the reader has the page already."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)  # a view may have said otherwise, and why
    if response.status_code == 200 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    if response.status_code == 200 and response.mimetype in PACKED:
        compress(response)
    if response.status_code == 200 and not response.is_streamed:
        response.add_etag()
        response.make_conditional(request)
    return response


def compress(response: Response) -> None:
    """A page that is the same for all, smaller for browsers that know how to open it (gzip).

    What is for somebody is left as it is: the length of a compressed secret tells of it (BREACH).
    """
    if not response.cache_control.public:
        return
    response.direct_passthrough = False  # our own files are small
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) < WORTHWHILE or not request.accept_encodings["gzip"]:
        return
    response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.content_encoding = "gzip"
