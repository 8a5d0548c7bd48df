"""The entries of a file of references that could not be read, whole, for somebody to correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from curation.bibliography.reading import Refused, text_of
from curation.bibliography.tables import has_columns

_LINES: Final = 60  # of one entry
_ALL: Final = 20_000  # characters that a form shows
_RIS_END = re.compile(r"ER {0,2}-")
_RIS = re.compile(r"\ufeff?TY {0,2}-")
_BIBTEX = re.compile(r"\s*@[A-Za-z]+\s*[{(]")


def to_retry(body: bytes, refused: Sequence[Refused]) -> str:
    """These entries as they were written, under the file's header when it is a table."""
    lines = text_of(body).split("\n")
    entries = [_entry(lines[one.line - 1 :][:_LINES]) for one in refused if not one.kept]
    is_table = has_columns("\n".join(lines[:2]))
    if is_table and entries:
        entries = [lines[0], *entries]
    return ("\n" if is_table else "\n\n").join(entries)[:_ALL]


def _entry(lines: Sequence[str]) -> str:
    """One entry, that begins with the first of these lines."""
    if not lines:
        return ""
    first, rest = lines[0], lines[1:]
    if _RIS.match(first):
        inside = list(takewhile(lambda line: not (_RIS_END.match(line) or _RIS.match(line)), rest))
        ended = rest[len(inside) : len(inside) + 1]
        return "\n".join([first, *inside, *(one for one in ended if _RIS_END.match(one))])
    if _BIBTEX.match(first):
        return "\n".join([first, *takewhile(lambda line: not _BIBTEX.match(line), rest)]).rstrip()
    return first
