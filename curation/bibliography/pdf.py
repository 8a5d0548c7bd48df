"""A reading list as accessible PDF: tagged, PDF/UA-1, with links and French hyphenation.

Made by Typst, which refuses to make a PDF/UA that is not one (ISO 14289-1): it never fetches, and
reads no file but the template. Its own fonts alone are used, so that a list looks the same
everywhere; ``_SHOWN`` is what they draw.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Final

import typst

from curation.bibliography.layout import Leaflet

_TEMPLATE: Final = Path(__file__).with_name("leaflet.typ")
_SHOWN: Final = (
    r"\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u04ff"
    r"\u1e00-\u1eff\u2000-\u200a\u2010-\u2027\u202f-\u2040\u20a0-\u20bf\u2100-\u211e"
    r"\u2153-\u2184\u2190-\u23ff\u2460-\u262f"
)
_NOT_SHOWN: Final = re.compile(f"[^{_SHOWN}]+")


def to_pdf(leaflet: Leaflet) -> bytes:
    """The bytes of the file."""
    said = json.dumps(_drawable(_printed(leaflet)), ensure_ascii=False)
    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"list": said},
    )
    assert isinstance(made, bytes)
    return made


def drawable(text: str) -> str:
    """The text without signs that the fonts have not: « Mᵐᵉ » is « Mme », an emoji goes."""
    shown = _NOT_SHOWN.sub(_nearest, unicodedata.normalize("NFC", text))
    return shown if shown == text else re.sub(" {2,}", " ", shown)


def _nearest(match: re.Match[str]) -> str:
    near = unicodedata.normalize("NFKC", match[0])
    kept = _NOT_SHOWN.sub("", near)
    lost = any(sign.isalnum() for sign in _NOT_SHOWN.findall(near) for sign in sign)
    return kept + ("…" if lost else "")


def _printed(leaflet: Leaflet) -> dict[str, object]:
    """What the template reads: all but the references that the runs were written from."""
    plain = asdict(leaflet)
    for part in plain["parts"]:
        for entry in part["entries"]:
            del entry["reference"]
    return plain


def _drawable(held: object) -> object:
    if isinstance(held, str):
        return held if held.startswith(("http://", "https://")) else drawable(held)
    if isinstance(held, dict):
        return {name: _drawable(value) for name, value in held.items()}
    return [_drawable(one) for one in held] if isinstance(held, (list, tuple)) else held
