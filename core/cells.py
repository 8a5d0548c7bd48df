"""Cells of tables that spreadsheets open: text stays text, and is never computed.

What begins a formula is OWASP's list (« CSV Injection »), with the full-width forms that some
spreadsheets read as well.
"""

from __future__ import annotations

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(cell: str) -> str:
    """The cell, behind an apostrophe when a spreadsheet would compute it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def plain(cell: str) -> str:
    """What ``as_text`` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
