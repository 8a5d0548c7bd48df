"""APA 7 in its French adaptation: « et », day before month, « s. d. », « Dans », « dir. ».

Publication Manual of the American Psychological Association, seventh edition, chapters 9 and 10,
as French-speaking university libraries adapt it. Texts of law are cited as French jurists do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.references import Author, Reference, ReferenceKind
from core.text import NBSP
from core.weeks import french_date
from curation.bibliography.runs import (
    Runs,
    address,
    after,
    italic,
    roman,
    sentence,
    written,
)
from curation.bibliography.wording import (
    ARTICLES,
    comma,
    edition,
    genre,
    in_order,
    listed,
    numbered,
)

K = ReferenceKind
_MOST: Final = 20  # authors named; of more, the first nineteen and the last
_BY_YEAR: Final = frozenset({K.JOURNAL, K.BOOK, K.CHAPTER, K.REPORT, K.THESIS, K.FILM})
_PARTS: Final = ARTICLES | {K.BLOG, K.CHAPTER}  # their titles stand upright, what holds them leans


def apa(one: Reference) -> Runs:
    """« Durand, C. et Roy, A. (2026, 19 novembre). Titre. *Média*. https://… »."""
    if one.kind is K.LAW and not one.authors and one.container:
        return _law(one)
    title = _title(one)
    names = _names(one)
    opening = (*sentence(roman(names)), *roman(f" ({_date(one)}).")) if names else sentence(title)
    second = sentence(title) if names else roman(f"({_date(one)}).")
    return written(opening, second, *_where(one), _link(one))


def _law(one: Reference) -> Runs:
    """« Loi n° 2002-2 du 2 janvier 2002 …, *JORF* n° 2 du 3 janvier 2002. https://… »."""
    issue = f" n°{NBSP}{one.issue}" if one.issue else ""
    day = f" du {one.published.in_french}" if one.published and one.published.day else ""
    held = sentence(roman(f"{one.title}, "), italic(one.container), roman(f"{issue}{day}"))
    return written(held, _link(one))


def _names(one: Reference) -> str:
    """Who comes first: authors, or editors of what has no author."""
    if one.authors:
        names = [comma(who.family, who.initials) for who in one.authors]
        said = {K.FILM: " (réal.)", K.VIDEO: ""}.get(one.kind, "")
        return _shortened(names) + said
    if one.editors and one.kind is not K.CHAPTER:
        return _shortened([comma(who.family, who.initials) for who in one.editors]) + " (dir.)"
    return ""


def _shortened(names: Sequence[str]) -> str:
    return f"{', '.join(names[:19])}, … {names[-1]}" if len(names) > _MOST else listed(names)


def _date(one: Reference) -> str:
    if one.published is None:
        return f"s.{NBSP}d."
    day = "" if one.kind in _BY_YEAR else one.published.in_french.rpartition(" ")[0]
    return f"{one.published.year}, {day}" if day else f"{one.published.year}"


def _title(one: Reference) -> Runs:
    """The title, then between brackets what belongs to it, between square ones what it is."""
    in_a_series = one.kind is K.PODCAST and one.container
    leans = not (one.kind in _PARTS or in_a_series)
    facts = "" if one.kind is K.CHAPTER else _facts(one)
    kind = _bracketed(one)
    said = (f" ({facts})" if facts else "") + (f" [{kind}]" if kind else "")
    return (*(italic(one.title) if leans else roman(one.title)), *roman(said))


def _facts(one: Reference) -> str:
    """« L. Lainé, trad. ; 2e éd., vol. 3 », « Rapport n° 12 »."""
    if one.kind is K.JOURNAL or one.kind in ARTICLES or one.kind is K.BLOG:
        return _translated(one)
    volume = f"vol.{NBSP}{one.volume}" if one.volume else ""
    which = [numbered(one) if one.number else "", edition(one), volume]
    return " ; ".join(part for part in (_translated(one), ", ".join(filter(None, which))) if part)


def _translated(one: Reference) -> str:
    return f"{_in_order(one.translators)}, trad." if one.translators else ""


def _in_order(people: Sequence[Author]) -> str:
    return listed([in_order(who) for who in people])


def _bracketed(one: Reference) -> str:
    """« Thèse de doctorat, Université de Lille », « Film »."""
    if one.kind is K.THESIS:
        return ", ".join(part for part in (genre(one), one.publisher) if part)
    if one.kind is K.PODCAST and not one.genre and one.container:
        return "Épisode de podcast"
    return "" if one.number else genre(one)


def _where(one: Reference) -> tuple[Runs, ...]:
    """What holds it, and who publishes it."""
    if one.kind in ARTICLES or one.kind is K.BLOG:
        return (_in_a_journal(one),)
    own = {who.family for who in one.authors}
    publisher = "" if one.publisher in own or one.kind is K.THESIS else one.publisher
    container = one.container if one.container not in own else ""
    if one.kind is K.CHAPTER:
        return _in_a_book(one), sentence(roman(publisher))
    if one.kind is K.PODCAST:
        return sentence(after("Dans ", italic(container))), sentence(roman(publisher))
    event = ", ".join(part for part in (container, one.place) if part and one.kind is K.PAPER)
    return sentence(roman(event or container)), sentence(roman(publisher))


def _in_a_journal(one: Reference) -> Runs:
    """« *Vie sociale*, *13*(1), 13-25 »."""
    issue = f"({one.issue})" if one.issue else ""
    volume = (*after(", ", italic(one.volume)), *roman(issue))
    if issue and not one.volume:
        volume = roman(f", {issue}")
    if not one.container:
        return ()
    return sentence(italic(one.container), volume, after(", ", roman(one.pages)))


def _in_a_book(one: Reference) -> Runs:
    """« Dans J. Ion (dir.), *Titre* (2e éd., p. 12-25) »."""
    if not one.container:
        return ()
    editors = f"{_in_order(one.editors)} (dir.), " if one.editors else ""
    volume = f"vol.{NBSP}{one.volume}" if one.volume else ""
    extent = f"p.{NBSP}{one.pages}" if one.pages else ""
    which = ", ".join(part for part in (edition(one), volume, extent) if part)
    facts = " ; ".join(part for part in (_translated(one), which) if part)
    return sentence(
        roman(f"Dans {editors}"), italic(one.container), roman(f" ({facts})" if facts else "")
    )


def _link(one: Reference) -> Runs:
    """The DOI or the address, after the day of reading for what has no date or may change."""
    link = address(f"https://doi.org/{one.doi}" if one.doi else one.url)
    if link and one.accessed and not one.doi and (one.kind is K.PAGE or not one.published):
        return after(f"Consulté le {french_date(one.accessed)}, à l'adresse ", link)
    return link
