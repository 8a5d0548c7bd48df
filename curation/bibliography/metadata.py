"""What programs read of a reference in a page: COinS for each, Highwire tags for one.

COinS: OpenURL 1.0 (ANSI/NISO Z39.88-2004) in a ``title``, https://en.wikipedia.org/wiki/COinS;
Highwire Press tags as Google Scholar and Zotero read them. Zotero takes a whole list by its COinS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from core.references import Author, Reference, ReferenceKind

K = ReferenceKind
_GENRES: Final = {
    K.MAGAZINE: "article", K.NEWSPAPER: "article", K.JOURNAL: "article", K.BOOK: "book",
    K.CHAPTER: "bookitem", K.REPORT: "report", K.PAPER: "proceeding",
}  # fmt: skip
_DUBLIN: Final = {
    K.BLOG: "blogPost", K.PAGE: "webpage", K.LAW: "statute", K.RULING: "case", K.FILM: "film",
    K.VIDEO: "videoRecording", K.PODCAST: "podcast", K.DOCUMENT: "document",
}  # fmt: skip


def coins(one: Reference) -> str:
    """The context object that goes in ``<span class="Z3988" title="…">``, not escaped for HTML."""
    held = [("ctx_ver", "Z39.88-2004"), ("rfr_id", "info:sid/glaneuse")]
    return urlencode([*held, *((key, value) for key, value in _described(one) if value)])


def _described(one: Reference) -> Iterator[tuple[str, str]]:
    genre = _GENRES.get(one.kind, "")
    if one.kind in {K.MAGAZINE, K.NEWSPAPER, K.JOURNAL}:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"
        yield from (("rft.atitle", one.title), ("rft.jtitle", one.container))
    elif genre:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:book"
        in_a_book = one.kind in {K.CHAPTER, K.PAPER} and one.container
        yield "rft.atitle" if in_a_book else "rft.btitle", one.title
        yield "rft.btitle", one.container if in_a_book else ""
    elif one.kind is K.THESIS:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:dissertation"
        yield from (("rft.title", one.title), ("rft.inst", one.publisher))
    else:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"
        yield from (("rft.type", _DUBLIN[one.kind]), ("rft.title", one.title))
        yield from (("rft.source", one.container), ("rft.identifier", one.url))
    yield "rft.genre", genre
    yield from _common(one)


def _common(one: Reference) -> Iterator[tuple[str, str]]:
    """What all say; only formats that know a first author have it apart from the others."""
    people = one.authors or one.editors
    if people and people[0].given and one.kind not in _DUBLIN:
        yield from (("rft.aulast", people[0].family), ("rft.aufirst", people[0].given))
        people = people[1:]
    dublin = one.kind in _DUBLIN
    yield from (("rft.creator" if dublin else "rft.au", _called(who)) for who in people)
    yield "rft.date", str(one.published or "")
    yield from (("rft.volume", one.volume), ("rft.issue", one.issue), ("rft.pages", one.pages))
    yield from (
        ("rft.edition", one.edition),
        ("rft.place", one.place),
        ("rft.series", one.collection),
    )
    yield (
        "rft.publisher" if dublin else "rft.pub",
        one.publisher if one.kind is not K.THESIS else "",
    )
    yield from (("rft.isbn", one.isbn), ("rft.issn", one.issn), ("rft.language", one.language))
    yield "rft_id", f"info:doi/{one.doi}" if one.doi else ""
    yield "rft_id", one.url


def _called(who: Author) -> str:
    return f"{who.given} {who.family}".strip()


def highwire(one: Reference) -> tuple[tuple[str, str], ...]:
    """The ``<meta name="…" content="…">`` of a page that is about this one reference."""
    within = {K.CHAPTER: "citation_inbook_title", K.PAPER: "citation_conference_title"}
    published_by = {
        K.REPORT: "citation_technical_report_institution",
        K.THESIS: "citation_dissertation_institution",
    }
    first, _, last = one.pages.partition("-")
    tags = [
        ("citation_title", one.title),
        *(("citation_author", f"{who.family}, {who.given}" if who.given else who.family)
          for who in one.authors),
        *(("citation_editor", _called(who)) for who in one.editors),
        ("citation_publication_date", "/".join(str(one.published or "").split("-"))),
        (within.get(one.kind, "citation_journal_title"), one.container),
        (published_by.get(one.kind, "citation_publisher"), one.publisher),
        ("citation_volume", one.volume),
        ("citation_issue", one.issue),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_doi", one.doi),
        ("citation_isbn", one.isbn),
        ("citation_issn", one.issn),
        ("citation_language", one.language),
        ("citation_public_url", one.url),
    ]  # fmt: skip
    return tuple((name, content) for name, content in tags if content)
