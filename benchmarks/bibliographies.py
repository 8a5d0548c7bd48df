"""How long a list of 500 readings takes to write in each form, and long files to read.

``python -m benchmarks.bibliographies``; the readings are those of
``tests/curation/bibliography/written.yaml``, again and again, with a note and a question each.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import yaml

from benchmarks.citations import WRITTEN
from core.reading_lists import Advice, Contents, Item, ItemId, Section, SectionId
from core.references import Reference, from_plain
from curation.bibliography.bibtex import to_bibtex
from curation.bibliography.csl import to_csl_json
from curation.bibliography.docx import to_docx
from curation.bibliography.files import read_references
from curation.bibliography.html import to_html_fragment
from curation.bibliography.layout import Leaflet, Style, lay_out
from curation.bibliography.markdown import to_markdown
from curation.bibliography.metadata import coins
from curation.bibliography.pdf import to_pdf
from curation.bibliography.ris import to_ris

ITEMS = 500
PRINTED: dict[str, Callable[[Leaflet], str | bytes]] = {
    "DOCX": to_docx,
    "PDF": to_pdf,
    "Markdown": to_markdown,
    "HTML": to_html_fragment,
}
FILES: dict[str, Callable[[list[Reference]], str]] = {
    "RIS": to_ris,
    "BibTeX": to_bibtex,
    "CSL JSON": to_csl_json,
    "COinS": lambda many: "\n".join(map(coins, many)),
}


def main() -> None:
    """Print seconds."""
    many = references(ITEMS)
    for name, write in FILES.items():
        written = timed(f"{ITEMS} references to {name}", write, many)
        if name != "COinS":
            timed(f"  and read back from {name}", read_references, written.encode())
    for style in Style:
        laid = f"{ITEMS} readings laid out, {style}"
        leaflet = timed(laid, lay_out, contents(many), style, today=date(2026, 11, 25))
    for name, printed in PRINTED.items():
        timed(f"{ITEMS} readings to {name}", printed, leaflet)
    timed("50,000 bookmarks read", read_references, bookmarks(50_000))


def timed(what: str, run: Callable[..., Any], *held: object, **named: object) -> Any:
    """What it gives, its seconds printed."""
    begun = time.perf_counter()
    given = run(*held, **named)
    print(f"{what}: {time.perf_counter() - begun:.2f} s")
    return given


def references(number: int) -> list[Reference]:
    """So many references, each with a name and a title of its own."""
    held = [from_plain(one["reference"]) for one in yaml.safe_load(WRITTEN.read_text("utf-8"))]
    cycle = (held[n % len(held)] for n in range(number))
    return [
        replace(one, id=f"r{n}", title=f"{one.title} ({n})", url=one.url and f"{one.url}?n={n}")
        for n, one in enumerate(cycle)
    ]


def contents(many: list[Reference]) -> Contents:
    """A list of them in one section."""
    items = tuple(
        Item(
            id=ItemId(f"i{n}"),
            reference=one,
            note="Pourquoi le lire : ce que dit l'équipe, ce que taisent les textes.",
            question="Qui accueille qui ?",
            advice=Advice.ADVISED,
            minutes=20,
        )
        for n, one in enumerate(many)
    )
    return Contents(title="Cinq cents lectures", sections=(Section(SectionId("a"), "", "", items),))


def bookmarks(number: int) -> bytes:
    """A file of so many bookmarks."""
    links = "".join(
        f'<DT><A HREF="https://a.example/{n}" ADD_DATE="1763370000">Page {n}</A>\n'
        for n in range(number)
    )
    return f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{links}</DL>".encode()


if __name__ == "__main__":
    main()
