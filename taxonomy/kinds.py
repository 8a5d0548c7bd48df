"""What kind of text an article is: news, official text, study, op-ed and the others.

Decided from where it stands (host, address, section), how its title begins, the expressions it
uses and how it is written, with the signs that decided; what was learnt of texts whose kind is
known weighs them together. Pure: the same article, the same kind.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core.model import Kind, KindGiven
from core.text import fold
from taxonomy.genres import flat
from taxonomy.hits import Hit, meet
from taxonomy.manners import Manner
from taxonomy.style import Style, measure
from taxonomy.traits import SAID, SHORT, USUAL, traits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taxonomy.genres import Genre, Genres, Group
    from taxonomy.kind_model import KindModel

READ: Final = 5_000  # characters: how a text begins says its kind


@dataclass(frozen=True, slots=True)
class Presented:
    """An article as it presents itself; ``section``: what its page says of itself."""

    title: str
    text: str
    url: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for a kind: how much, and what it is, in French."""

    kind: Kind
    weight: float
    said: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the method, chosen on the dev set and on texts of our own."""

    site: float = 4.5
    address: float = 4.2
    section: float = 4.2
    opening: float = 3.4
    text_opening: float = 1.8
    title: float = 1.3
    text: float = 0.65  # each different expression, in a text of ``usual`` words
    text_most: float = 4.0
    short_text: float = 1.0
    announced: float = 1.0  # beside ``short_text``
    news: float = 1.7  # what any text has for being news: others must show more
    practice: float = 0.8  # of what shows people at work: what was learnt weighs it too
    told: float = 0.2  # log odds from which a trait is worth saying


def kind_of(article: Presented, genres: Genres, weights: Weights = Weights()) -> KindGiven:
    """The kind of an article, and the strongest signs that it is.

    An article that shows little of anything is news.
    """
    seen = look(article, genres, weights)
    totals: defaultdict[Kind, float] = defaultdict(float, genres.learnt.odds(seen.traits))
    totals[Kind.NEWS] += weights.news
    for sign in seen.signs:
        totals[sign.kind] += sign.weight
    kind = max(totals, key=lambda one: (totals[one], one is Kind.NEWS, one))
    told = (*seen.signs, *_told(kind, seen.traits, genres.learnt, weights))
    mine = sorted((s for s in told if s.kind is kind and s.weight > 0), key=lambda s: -s.weight)
    return KindGiven(kind, tuple(dict.fromkeys(sign.said for sign in mine if sign.said))[:3])


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to decide by: signs that speak for themselves, traits that were learnt."""

    signs: tuple[Sign, ...]
    traits: Mapping[str, float]


def look(article: Presented, genres: Genres, weights: Weights = Weights()) -> Seen:
    """What an article shows of every kind."""
    text = article.text[:READ]
    met, style = meet(genres, article.title, text), measure(text)
    appointments = len(_APPOINTMENTS.findall(met.folded))
    host, segments = _place(article.url)
    sections = {flat(one): one.strip() for one in re.split(r"[;,|>/]", article.section)}

    def signs() -> Iterator[Sign]:
        for hit in met.hits:
            yield from _marks(hit.genre, host, segments, sections, weights)
            yield from _openings(hit, weights)
            yield from _expressions(hit, style.words, weights)
        yield from _manners(style, met.said, appointments, weights)

    found = traits(article.title, style, met.hits, met.said, appointments)
    return Seen(tuple(signs()), found)


def _told(
    kind: Kind, found: Mapping[str, float], learnt: KindModel, weights: Weights
) -> Iterator[Sign]:
    """The traits that made it this kind rather than news."""
    if kind is not Kind.NEWS:
        for trait, said in SAID.items():
            weight = found.get(trait, 0.0) * learnt.told(trait, kind)
            if weight >= weights.told:
                yield Sign(kind, weight, said)


def _marks(
    genre: Genre,
    host: str,
    segments: frozenset[str],
    sections: Mapping[str, str],
    weights: Weights,
) -> Iterator[Sign]:
    """Where it stands: the site, its address, its section."""
    if any(host == site or host.endswith("." + site) for site in genre.sites):
        yield Sign(genre.kind, weights.site, f"publié sur {host}")
    if found := sorted(genre.addresses & segments):
        yield Sign(genre.kind, weights.address, f"son adresse contient « {found[0]} »")
    if named := sorted(genre.sections & sections.keys()):
        yield Sign(genre.kind, weights.section, f"rangé par son site sous « {sections[named[0]]} »")


def _openings(hit: Hit, weights: Weights) -> Iterator[Sign]:
    """How its title or its text begins, and what its title says."""
    kind, said = hit.genre.kind, hit.genre.said
    if hit.opened:
        yield Sign(kind, weights.opening, f"commence par « {said(hit.opened)} »")
    elif hit.begun:
        yield Sign(kind, weights.text_opening, f"commence par « {said(hit.begun)} »")
    if hit.titled:
        yield Sign(kind, weights.title, f"« {said(hit.titled)} » dans le titre")


def _expressions(hit: Hit, words: int, weights: Weights) -> Iterator[Sign]:
    """What its text says."""
    kind, said = hit.genre.kind, hit.genre.said
    if words < SHORT and hit.announced:
        yield Sign(kind, weights.announced, f"se dit « {said(hit.announced[0])} »")
    if hit.texts:
        each = weights.short_text if words < SHORT else weights.text
        each *= min(1.0, USUAL / max(words, 1)) ** 0.4
        words_said = ", ".join(f"« {said(one)} »" for one in hit.texts[:3])
        yield Sign(kind, min(each * len(hit.texts), weights.text_most), words_said)


_APPOINTMENTS = re.compile(
    r"\b(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) \d{1,2}(?:er)?\b"
    r"|(?:le|les|du) \d{1,2}(?:er)?(?: (?:et|au) \d{1,2})? (?:janvier|fevrier|mars|avril|mai|juin"
    r"|juillet|aout|septembre|octobre|novembre|decembre)"
    r"|de \d{1,2} h(?: \d\d)? a \d{1,2} h|entree libre|gratuit)\b"
)
_FIGURES = 3  # below, any news has some
_LONG = 55  # words: below, a teaser says what it is rather than showing it


def _manners(
    style: Style, said: Mapping[Group, Sequence[str]], appointments: int, weights: Weights
) -> Iterator[Sign]:
    """How it is written."""
    if style.words >= _LONG:
        yield from _practice(style, said, weights)
        yield from _opinion(style, said)
    dense = 100 * style.figures / max(style.words, 60)
    if style.figures >= _FIGURES and dense >= 1:
        yield Sign(Kind.STUDY, min(0.5 * dense, 2.6), "beaucoup de chiffres")
    if style.asked + style.turns >= 3:
        weight = min(1.5 * style.asked + 1.2 * style.turns, 6.0)
        yield Sign(Kind.INTERVIEW, weight, "des questions et des réponses")
    if appointments:
        weight = min(1.6 * appointments, 2.4) if style.words < SHORT else 0.4
        yield Sign(Kind.EVENT, weight, "donne un rendez-vous")
    if style.items >= 3:
        yield Sign(Kind.TOOL, 1.0, "présenté en liste")
    if style.you >= 0.02:
        yield Sign(Kind.TOOL, min(25 * style.you, 1.2), "s’adresse au lecteur")


def _opinion(style: Style, said: Mapping[Group, Sequence[str]]) -> Iterator[Sign]:
    """Whether somebody argues."""
    scale = 100 / max(style.words, 100)
    arguments = len(said.get(Manner.ARGUMENTS, ())) * scale
    rhetoric = max(style.questions - style.asked, 0) * scale
    for weight, value, reason in (
        (0.8, min(arguments, 3.0), "défend une position"),
        (1.0, min(rhetoric, 2.0), "pose des questions de fond"),
        (0.5, min(100 * style.i, 2.0), "écrit à la première personne"),
        (0.6, min(100 * style.we, 3.5), "dit « nous »"),
        (0.6, min(style.exclamations, 3), "des exclamations"),
    ):
        if value:
            yield Sign(Kind.OPINION, weight * value, reason)


def _practice(
    style: Style, said: Mapping[Group, Sequence[str]], weights: Weights
) -> Iterator[Sign]:
    """Whether it shows people at work rather than events.

    A linear rule, its coefficients those of a logistic regression on dev set and texts of our
    own, rounded.
    """

    def density(manner: Manner) -> float:  # for a hundred words
        return min(len(said.get(manner, ())) * 100 / max(style.words, 100), 4.0)

    yield Sign(Kind.PRACTICE, weights.practice * (weights.news - 1.1), "")
    for weight, value, reason in (
        (2.0, min(100 * style.i, 2.0), "écrit à la première personne"),
        (0.6, min(100 * style.we, 3.0), "une équipe dit « nous »"),
        (0.5, density(Manner.WORKERS), "des professionnels au travail"),
        (0.6, density(Manner.GESTURES), "des gestes de métier"),
        (0.9, density(Manner.SCENES), "des scènes vues de près"),
        (0.3, density(Manner.ORDER), "raconté dans l’ordre du temps"),
        (-0.6, density(Manner.PUBLIC), ""),
        (-0.9, min(100 * style.figures / max(style.words, 100), 3.0), ""),
        (-2.0, style.quoted, ""),
    ):
        if value:
            yield Sign(Kind.PRACTICE, weights.practice * weight * value, reason)


def _place(url: str) -> tuple[str, frozenset[str]]:
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all: « http://[ »
        return "", frozenset()
    host = (parts.hostname or "").removeprefix("www.")
    return host, frozenset(fold(part) for part in parts.path.split("/") if part)
