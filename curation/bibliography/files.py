"""A file of references of any kind: which it is, is seen in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from core.bookmarks import is_bookmarks
from core.cells import OFFICE
from curation.bibliography.bibtex import read_bibtex
from curation.bibliography.bookmarks import read_bookmarks
from curation.bibliography.csl import read_csl_json
from curation.bibliography.pasted import read_pasted
from curation.bibliography.reading import Read, Refused, text_of
from curation.bibliography.ris import read_ris
from curation.bibliography.tables import has_columns, read_table

_RIS = re.compile(r"^\ufeff?TY {0,2}- ?[A-Z]", re.MULTILINE)
_BIBTEX = re.compile(r"^\s*@[A-Za-z]+\s*[{(]", re.MULTILINE)
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<\?xml)", re.IGNORECASE)


def read_references(body: bytes) -> Read:
    """The references of RIS, BibTeX, CSL JSON, bookmarks, a CSV table, or of pasted text."""
    text = text_of(body)
    for is_such, read in _READERS:
        if is_such(text):
            return read(body)
    if body.startswith(OFFICE):
        return Read((), (Refused(1, "", _CONVERT),))
    if _HTML.match(text) or body.startswith(b"%PDF") or "\0" in text:
        return Read((), (Refused(1, text[:300], _UNKNOWN),))
    return read_pasted(body)


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \n\t")[:1] in {"[", "{"} and '"' in text[:2000]


_CONVERT = "c’est un classeur ou un document : enregistrez-le d’abord au format CSV"
_UNKNOWN = "ce fichier n’est d’aucune des formes connues : RIS, BibTeX, CSL JSON, signets, CSV"
_READERS: Final[tuple[tuple[Callable[[str], object], Callable[[bytes], Read]], ...]] = (
    (is_bookmarks, read_bookmarks),
    (_is_json, read_csl_json),
    (_RIS.search, read_ris),
    (_BIBTEX.search, read_bibtex),
    (has_columns, read_table),
)
