"""Tables that spreadsheets open and write: a cell stays text, and is never computed.

What begins a formula is OWASP's list (« CSV Injection »), with the full-width forms that some
spreadsheets read as well.
"""

from __future__ import annotations

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# How the files begin that Excel, Word and LibreOffice write of themselves: ZIP, and the former OLE.
OFFICE: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def as_text(cell: str) -> str:
    """The cell, behind an apostrophe when a spreadsheet would compute it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def plain(cell: str) -> str:
    """What ``as_text`` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def decoded(body: bytes) -> str:
    """A spreadsheet's file as text: UTF-8 or UTF-16, else what French Windows writes."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")
