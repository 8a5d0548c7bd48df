"""NF ISO 690:2021 as French universities write it: by name and date, and in notes.

ISO 690:2021, Guidelines for bibliographic references; the order of the parts is that of the CSL
styles « iso690-author-date-fr » and « iso690-note-fr ». The two differ by the place of the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.references import Author, Reference, ReferenceKind
from core.text import NBSP
from core.weeks import french_date
from curation.bibliography.runs import Run, Runs, address, italic, roman, sentence, written
from curation.bibliography.wording import (
    ARTICLES,
    capital,
    comma,
    edition,
    genre,
    listed,
    numbered,
    pages,
)

K = ReferenceKind
_PARTS: Final = ARTICLES | {K.BLOG, K.CHAPTER, K.PAPER}
_NO_DATE: Final = {False: "[sans date]", True: f"[s.{NBSP}d.]"}  # True: in notes


def iso690(one: Reference) -> Runs:
    """« DURAND, Camille, 2026. Titre. *Média* [en ligne]. … Disponible à l'adresse : … »."""
    year = f"{one.published.year}" if one.published else _NO_DATE[False]
    names = _names(one)
    opening = sentence(roman(f"{names}, {year}")) if names else ()
    title = _title(one, "" if names else f", {year}")
    return written(opening, title, *_where(one, dated=False), *_found(one))


def iso690_note(one: Reference) -> Runs:
    """« DURAND, Camille. Titre. *Média* [en ligne]. 19 novembre 2026. … »."""
    return written(
        sentence(roman(_names(one))), _title(one), *_where(one, dated=True), *_found(one)
    )


def _names(one: Reference) -> str:
    if one.authors:
        return _people(one.authors) + (" (réal.)" if one.kind is K.FILM else "")
    if one.editors and one.kind not in {K.CHAPTER, K.PAPER}:
        return f"{_people(one.editors)} (dir.)"
    return ""


def _people(people: Sequence[Author]) -> str:
    return listed([comma(who.family.upper(), who.given) for who in people])


def _title(one: Reference, year: str = "") -> Runs:
    """The title, which leans unless something holds it; then the year, for what has no author."""
    kind = f" [{genre(one).lower()}]" if one.kind in {K.FILM, K.VIDEO, K.PODCAST} else ""
    if _held(one):
        return sentence(roman(f"{one.title}{kind}{year}"))
    return sentence(italic(one.title), roman(f"{kind}{_online(one)}{year}"))


def _held(one: Reference) -> bool:
    """Whether it is a part of what holds it: an article, a chapter, an episode, a law."""
    return bool(one.container) and one.kind in _PARTS | {K.PAGE, K.PODCAST, K.VIDEO, K.LAW}


def _online(one: Reference) -> str:
    return " [en ligne]" if one.url or one.doi else ""


def _where(one: Reference, *, dated: bool) -> tuple[Runs, ...]:
    if one.kind in {K.CHAPTER, K.PAPER} and one.container:
        return _in_a_book(one, dated=dated)
    if _held(one):
        return _in_a_series(one, dated=dated)
    return (*_described(one, dated=dated), *_published(one, dated=dated), *_numbers(one))


def _in_a_series(one: Reference, *, dated: bool) -> tuple[Runs, ...]:
    """« *Vie sociale* [en ligne]. 3 mars 2016, vol. 13, n° 1, pp. 13-25 »."""
    held = sentence(italic(one.container), roman(_online(one)))
    publisher = one.publisher if one.publisher != one.container else ""
    known = [
        _date(one, dated=dated),
        f"vol.{NBSP}{one.volume}" if one.volume else "",
        f"n°{NBSP}{one.issue}" if one.issue else "",
        pages(one, "p" if dated else "pp"),
    ]
    place = capital(", ".join(part for part in known if part))
    return held, sentence(roman(publisher)), sentence(roman(place)), *_numbers(one)


def _date(one: Reference, *, dated: bool) -> str:
    """The day or the month; the year alone when it does not stand at the beginning."""
    if one.published is None:
        return _NO_DATE[dated] if dated else ""
    return one.published.in_french if dated or one.published.month else ""


def _in_a_book(one: Reference, *, dated: bool) -> tuple[Runs, ...]:
    """« Dans : ION, Jacques (dir.), *Titre*. 2e éd. Paris : La Découverte, pp. 12-25 »."""
    editors = f"{_people(one.editors)} (dir.), " if one.editors else ""
    held = sentence(roman(f"Dans : {editors}"), italic(one.container), roman(_online(one)))
    return held, *_described(one, dated=dated), *_published(one, dated=dated), *_numbers(one)


def _described(one: Reference, *, dated: bool) -> tuple[Runs, ...]:
    """What it is, its edition, who translated it."""
    said = "" if one.kind in {K.FILM, K.VIDEO, K.PODCAST} else numbered(one)
    kind = said or (genre(one) if one.kind is K.THESIS else "")
    volume = f"Vol.{NBSP}{one.volume}" if one.volume else ""
    by = listed([f"{who.given} {who.family.upper()}".strip() for who in one.translators])
    translated = f"{'Trad.' if dated else 'Traduit'} par {by}" if by else ""
    said_of_it = (kind, edition(one), volume, translated)
    return tuple(sentence(roman(capital(part))) for part in said_of_it)


def _published(one: Reference, *, dated: bool) -> tuple[Runs, ...]:
    """« Paris : La Découverte, 2005, pp. 12-25 »."""
    own = {who.family for who in one.authors}
    publisher = one.publisher if one.publisher not in own or one.place else ""
    imprint = " : ".join(part for part in (one.place, publisher) if part)
    by_day = one.kind not in {K.BOOK, K.CHAPTER, K.THESIS, K.FILM}
    day = _date(one, dated=dated) if by_day or dated else ""
    if dated and one.published and not by_day:
        day = f"{one.published.year}"
    known = [part for part in (imprint, day, pages(one, "p" if dated else "pp")) if part]
    return (sentence(roman(capital(", ".join(known)))),)


def _numbers(one: Reference) -> tuple[Runs, ...]:
    """Collection, ISBN, DOI."""
    isbn = f"ISBN{NBSP}{one.isbn}" if one.isbn else ""
    doi = (*roman(f"DOI{NBSP}"), Run(one.doi, link=f"https://doi.org/{one.doi}")) if one.doi else ()
    return sentence(roman(one.collection)), sentence(roman(isbn)), sentence(doi)


def _found(one: Reference) -> tuple[Runs, ...]:
    """« [Consulté le 25 novembre 2026]. Disponible à l'adresse : https://… »."""
    if not one.url:
        return ()
    seen = f"[Consulté le {french_date(one.accessed)}]." if one.accessed else ""
    return roman(seen), (*roman("Disponible à l'adresse : "), *address(one.url))
