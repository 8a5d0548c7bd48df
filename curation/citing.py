"""How an article is cited: APA and ISO 690 as French libraries write them, and three formats.

Sources: APA 7 in its French adaptation (« et », day before month, « s. d. »), NF ISO 690:2021 by
name and date, BibTeX's own manual, the RIS format of reference managers, CSL JSON 1.0. See
``docs/decisions/0010-citations.md`` for why no library does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.model import Article
from core.references import Author, PartialDate, Reference, ReferenceKind
from core.text import fold, one_line, typographic
from core.weeks import french_date
from curation.attribution import medium, published_on

_BETWEEN = re.compile(r"\s*(?:,|;|\bet\b|&)\s*")
_PARTICLES = frozenset("ben bel da de del della den der des di du el la le saint van von".split())
_BODIES = frozenset(
    "agence assemblee association atelier caisse centre cercle cnape collectif comite commission "
    "confederation conseil cour defenseur departement direction ecole equipe federation fondation "
    "france gouvernement groupe haute inspection institut laboratoire ligue mairie ministere "
    "mission mouvement observatoire ordre pole prefecture redaction reseau service services "
    "societe syndicat union universite uriopss ville".split()
)


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a written citation; ``leaning``: in italics."""

    text: str
    leaning: bool = False


def reference_of(article: Article, seen: date) -> Reference:
    """The reference of an article read on the day ``seen``."""
    published_by, day = medium(article), published_on(article)
    return Reference(
        kind=ReferenceKind.MAGAZINE,
        id=f"glaneuse-{article.id}",
        title=one_line(article.title) or "Sans titre",
        authors=authors_of(article.author, published_by),
        container=published_by,
        published=PartialDate.of(day) if day else None,
        url=article.url,
        accessed=seen,
        language=article.language or "fr",
        access=article.access,
    )


def authors_of(written: str, published_by: str = "") -> tuple[Author, ...]:
    """The authors of a byline; what only repeats the medium's name is left out."""
    names = [name for name in _BETWEEN.split(one_line(written)) if name]
    if names and any(_is_a_body(name) for name in names):
        names = [one_line(written)]  # « Ministère du travail, de la santé et des solidarités »
    own = fold(published_by)
    return tuple(_author(name) for name in names if fold(name) != own)


def _author(name: str) -> Author:
    words = name.split()
    if _is_a_body(name) or not 2 <= len(words) <= 5:
        return Author(name)
    at = _where_the_family_name_begins(words)
    return Author(" ".join(words[at:]), " ".join(words[:at]))


def _is_a_body(name: str) -> bool:
    words = [fold(word) for word in re.split(r"[\s'’]+", name)]
    return not _BODIES.isdisjoint(words) or any(char.isdigit() for char in name)


def _where_the_family_name_begins(words: list[str]) -> int:
    """At the first word all in capitals or the first particle; else the last word alone."""
    for at, word in enumerate(words[1:], 1):
        if at < len(words) - 1 and fold(word) in _PARTICLES:
            return at
        if fold(word)[:2] == "d'" or (len(word) > 2 and word.isupper()):
            return at
    return len(words) - 1


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


# -- for programs ---------------------------------------------------------------------------------


def bibtex(one: Reference) -> str:
    """One BibTeX entry, read by BibTeX and biblatex alike; UTF-8."""
    names = " and ".join(
        _comma(_tex(who.family), _tex(who.given)) if who.given else f"{{{_tex(who.family)}}}"
        for who in one.authors
    )
    fields = {
        "author": names,
        "title": f"{{{_tex(one.title)}}}",
        "journal": _tex(one.container),
        "year": str(one.published.year) if one.published else "",
        "month": str(one.published.month or "") if one.published else "",
        "date": str(one.published or ""),
        "url": _safe_url(one.url),
        "urldate": str(one.accessed or ""),
        "language": "french" if one.language.startswith("fr") else _tex(one.language),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@article{{{one.key},\n" + ",\n".join(lines) + "\n}\n"


def ris(one: Reference) -> str:
    """One RIS record, its lines ended as the format wants (CR LF)."""
    lines = [("TY", "MGZN"), *(("AU", _comma(who.family, who.given)) for who in one.authors)]
    lines += [("TI", one.title), ("T2", one.container)]
    if one.published:
        lines += [("PY", str(one.published.year)), ("DA", _ris_date(one.published.parts))]
    lines += [("LA", one.language), ("UR", one.url)]
    lines += [("Y2", _ris_date(PartialDate.of(one.accessed).parts))] if one.accessed else []
    lines += [("ER", "")]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def _ris_date(parts: tuple[int, ...]) -> str:
    """« 2026/11/19/ », « 2026/11// », « 2026/// »."""
    written = [f"{part:02}" for part in parts]
    return "/".join([*written, *[""] * (4 - len(parts))])


def csl_json(one: Reference) -> dict[str, Any]:
    """The item as CSL JSON has it."""
    item: dict[str, Any] = {
        "id": one.id or one.key,
        "type": "article-magazine",
        "title": one.title,
        "author": [
            {"family": who.family, "given": who.given} if who.given else {"literal": who.family}
            for who in one.authors
        ],
        "container-title": one.container,
        "issued": _parts(one.published) if one.published else None,
        "accessed": _parts(PartialDate.of(one.accessed)) if one.accessed else None,
        "URL": one.url,
        "language": one.language,
    }
    return {name: value for name, value in item.items() if value}


def _parts(day: PartialDate) -> dict[str, list[list[int]]]:
    return {"date-parts": [list(day.parts)]}


_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


def _safe_url(url: str) -> str:
    """An address within braces: what would end them is percent-encoded."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
