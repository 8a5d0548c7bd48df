"""Bookmarks of browsers, Pearltrees and Zotero as references to web pages."""

from __future__ import annotations

from core.bookmarks import Bookmark, bookmarks_in
from core.references import Reference, ReferenceKind
from core.urls import host_of
from core.weeks import paris_date
from curation.bibliography.reading import Read, Refused, text_of


def read_bookmarks(body: bytes) -> Read:
    """One reference for each address; the folder is kept as its note."""
    read = bookmarks_in(text_of(body))
    return Read(
        tuple(_reference(one) for one in read.found.values()),
        tuple(
            Refused(one.line, one.link or "(vide)", "ce lien ne mène pas à une page web")
            for one in read.passed
        ),
    )


def _reference(one: Bookmark) -> Reference:
    return Reference(
        kind=ReferenceKind.PAGE,
        title=one.title,
        container=host_of(one.url),
        url=one.url,
        accessed=paris_date(one.added) if one.added else None,
        language="",
        note=f"Dossier : {one.folder}" if one.folder else "",
    )
