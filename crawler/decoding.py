"""Bytes to characters: what a page says of its encoding, and what its bytes say."""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

_BINARY_STARTS = (
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
)
_PAGE_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "application/xml",
    "text/xml",
    "application/octet-stream",
)
_MOST_TAGS = 60_000  # the heaviest real pages have a third of it
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL
)
_HIGH = re.compile(rb"[\x80-\xff]")
_HANDLER = "glaneuse-windows-1252"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


codecs.register_error(_HANDLER, _as_windows_1252)


def why_no_page(body: bytes, content_type: str) -> str:
    """The reason why ``body`` is no page, or "" when it may be one."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind and kind not in _PAGE_TYPES:
        return f"ce n’est pas une page ({kind[:60]})"
    if not body.strip():
        return "page vide"
    if body.startswith(_BINARY_STARTS):
        return "ce n’est pas une page (contenu binaire)"
    return ""


def why_no_markup(text: str) -> str:
    """The reason why decoded ``text`` is no page, or ""."""
    head = text[:5000]
    if "<" not in head:
        return "ce n’est pas une page (aucune balise)"
    if text.count("<") > _MOST_TAGS:
        return f"trop d’éléments (plus de {_MOST_TAGS} balises)"
    if _FEED.match(head):
        return "ce n’est pas une page (un flux)"
    if len(_NO_TEXT.findall(head)) > len(head) // 10:
        return "ce n’est pas une page (contenu binaire)"
    return ""


def decode(body: bytes, content_type: str = "") -> str:
    """The characters of a page, whatever its bytes.

    A byte order mark decides; then bytes that are valid UTF-8 are UTF-8, whatever is declared,
    since no other text is so by chance; then the declaration of the HTTP header, of the page;
    then Windows-1252, as browsers do. Bytes that are mostly UTF-8 keep their few wrong bytes as
    Windows-1252. Without NUL characters.
    """
    return _decode(body, content_type).replace("\x00", "")


def _decode(body: bytes, content_type: str) -> str:
    encoding, mark = read_bom(body)
    if encoding and mark:
        return body[len(mark) :].decode(encoding, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        declared = _declared(body, content_type)
    if declared in ("", "utf-8"):
        return _mixed(body)
    return body.decode(declared, errors="replace")


def _declared(body: bytes, content_type: str) -> str:
    for label in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        name = resolve_encoding(label) if label else None
        if name and name != "utf-8":
            return str(name)
    return ""


def _mixed(body: bytes) -> str:
    """UTF-8 with some wrong bytes, or Windows-1252: whichever most bytes above 127 speak for."""
    high = len(_HIGH.findall(body, 0, 200_000))
    wrong = body[:200_000].decode("utf-8", errors="replace").count("\ufffd")
    if wrong * 2 > high:
        return body.decode("cp1252", errors="replace")
    return body.decode("utf-8", errors=_HANDLER)
