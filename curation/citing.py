"""How an article is cited: APA and ISO 690 as French libraries write them.

Sources: APA 7 in its French adaptation (« et », day before month, « s. d. »), NF ISO 690:2021 by
name and date. See ``docs/decisions/0010-citations.md`` for why no library does it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.model import Article
from core.references import PartialDate, Reference, ReferenceKind
from core.text import one_line, typographic
from core.weeks import french_date
from curation.attribution import medium, published_on
from curation.bibliography.bylines import authors_of


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a written citation; ``leaning``: in italics."""

    text: str
    leaning: bool = False


def reference_of(article: Article, seen: date) -> Reference:
    """The reference of an article read on the day ``seen``."""
    published_by, day = medium(article), published_on(article)
    one = Reference(
        kind=ReferenceKind.MAGAZINE,
        title=one_line(article.title) or "Sans titre",
        authors=authors_of(article.author, published_by),
        container=published_by,
        published=PartialDate.of(day) if day else None,
        url=article.url,
        accessed=seen,
        language=article.language or "fr",
        access=article.access,
    )
    return replace(one, id=f"{one.key.partition('-')[0]}-{article.id}")  # « durand2026-17 »


# -- written out ----------------------------------------------------------------------------------


def apa(one: Reference) -> tuple[Run, ...]:
    """« Durand, C. et Roy, A. (2026, 19 novembre). Titre. *Média*. https://… »."""
    when = f"({_apa_date(one.published)})" if one.published else "(s.\u00a0d.)"
    names = _listed([_comma(author.family, author.initials) for author in one.authors])
    opening = f"{_ended(names)} {when}. {_ended(one.title)} " if names else f"{_ended(one.title)} "
    after = "" if names else f" {when}."
    return _runs(opening, one.container, f".{after} {one.url}")


def iso690(one: Reference) -> tuple[Run, ...]:
    """« DURAND, Camille et ROY, Anne, 2026. Titre. *Média* [en ligne]. … Disponible à … »."""
    year = str(one.published.year) if one.published else "[sans date]"
    names = _listed([_comma(author.family.upper(), author.given) for author in one.authors])
    opening = f"{names}, {year}. {_ended(one.title)} " if names else f"{one.title}, {year}. "
    day = f"{one.published.in_french}. " if one.published else ""
    seen = f"[Consulté le {french_date(one.accessed)}]. " if one.accessed else ""
    return _runs(
        opening, one.container, f" [en ligne]. {day}{seen}Disponible à l'adresse : {one.url}"
    )


def plain(runs: Iterable[Run]) -> str:
    """A written citation without its italics."""
    return "".join(run.text for run in runs)


def _runs(before: str, leaning: str, after: str) -> tuple[Run, ...]:
    text, place, address = after.rpartition("http")
    after = typographic(text) + place + address if place else typographic(after)
    return Run(typographic(before)), Run(typographic(leaning), leaning=True), Run(after)


def _listed(names: list[str]) -> str:
    """« A, B et C »."""
    return " et ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _comma(family: str, given: str) -> str:
    return f"{family}, {given}" if given else family


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _apa_date(published: PartialDate) -> str:
    """« 2026, 19 novembre »."""
    day = published.in_french.rpartition(" ")[0]
    return f"{published.year}, {day}" if day else f"{published.year}"
