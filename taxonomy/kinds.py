"""What kind of text an article is: news, official text, study, op-ed and the others.

Decided from where it stands (host, address, section), how its title begins, the expressions it
uses and how it is written, with the signs that decided. Pure: the same article, the same kind.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from core.model import Kind, KindGiven
from core.text import fold
from taxonomy import manners
from taxonomy.manners import Manner
from taxonomy.phrases import Phrase, Phrases
from taxonomy.style import Style, measure
from taxonomy.territories import texts
from taxonomy.yamlfile import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from taxonomy.yamlfile import Entry

METHOD = "2"  # part of the version: raise it when deciding changes
FOLDER = Path(__file__).parent
FILE = "genres.yaml"
_WORDS = re.compile(r"\w+")
_PARTS = re.compile(r"\w+\*?")
READ = 8_000  # characters: how a text begins says its kind


class Part(Enum):
    """Which of a kind's expressions."""

    ANNOUNCED = auto()
    TEXT = auto()


_Group: TypeAlias = "tuple[Kind, Part] | Manner"


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
class Genre:
    """A kind as readers see it, and what it is known by."""

    kind: Kind
    name: str
    plural: str
    note: str
    sites: tuple[str, ...]
    addresses: frozenset[str]
    sections: frozenset[str]
    openings: re.Pattern[str] | None
    titles: re.Pattern[str] | None
    announced: tuple[str, ...]  # how a short summary says what it presents
    texts: tuple[str, ...]
    written: Mapping[str, str]  # expressions as the file writes them, by what is looked for

    def said(self, found: str) -> str:
        """An expression met, with its accents: « décret n » for « decret n »."""
        flat = " ".join(_PARTS.findall(found))
        if flat in self.written:
            return self.written[flat]
        stems = [one for one in self.written if one.endswith("*") and flat.startswith(one[:-1])]
        return self.written[max(stems, key=len)].removesuffix("*") + "…" if stems else flat


@dataclass(frozen=True, slots=True)
class Genres:
    """All kinds, by id, in the order of the file."""

    by_kind: Mapping[Kind, Genre]
    version: str
    said: Phrases[_Group]  # what texts may say, all kinds together

    def __getitem__(self, kind: Kind) -> Genre:
        return self.by_kind[kind]


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the method, chosen on the dev set and on texts of our own."""

    site: float = 3.0
    address: float = 3.0
    section: float = 3.0
    opening: float = 2.6
    text_opening: float = 1.8
    title: float = 1.3
    text: float = 0.65  # each different expression, in a text of ``usual`` words
    text_most: float = 4.0
    usual: int = 160
    short: int = 60  # words: a teaser's every word tells
    short_text: float = 1.0
    announced: float = 1.0  # beside ``short_text``
    news: float = 1.7  # what any text has for being news: others must show more


def kind_of(article: Presented, genres: Genres, weights: Weights = Weights()) -> KindGiven:
    """The kind of an article, and the strongest signs that it is.

    An article that shows little of anything is news.
    """
    signs = list(_signs(article, genres, weights))
    totals: defaultdict[Kind, float] = defaultdict(float, {Kind.NEWS: weights.news})
    for sign in signs:
        totals[sign.kind] += sign.weight
    kind = max(totals, key=lambda one: (totals[one], one is Kind.NEWS, one))
    mine = sorted((s for s in signs if s.kind is kind and s.weight > 0), key=lambda s: -s.weight)
    return KindGiven(kind, tuple(dict.fromkeys(sign.said for sign in mine if sign.said))[:3])


def _signs(article: Presented, genres: Genres, weights: Weights) -> Iterator[Sign]:
    text = article.text[:READ]
    folded_title, folded = _flat(article.title), _flat(text)
    host, segments = _place(article.url)
    sections = {_flat(one): one.strip() for one in re.split(r"[;,|>/]", article.section)}
    style = measure(text)
    said = _said(genres, folded_title, folded)
    for genre in genres.by_kind.values():
        yield from _marks(genre, host, segments, sections, weights)
        yield from _openings(genre, folded_title, folded, weights)
        yield from _expressions(genre, said, style.words, weights)
    yield from _manners(style, said, f"{folded_title} {folded}", weights)


def _said(genres: Genres, title: str, text: str) -> Mapping[_Group, list[str]]:
    """The expressions met in the text, and those of a manner of writing in the title as well."""
    found: defaultdict[_Group, list[str]] = defaultdict(list)
    for one in genres.said.find(_WORDS.findall(title)):
        if isinstance(one.group, Manner):
            found[one.group].append(one.text)
    for one in genres.said.find(_WORDS.findall(text)):
        found[one.group].append(one.text)
    return found


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


def _openings(genre: Genre, title: str, text: str, weights: Weights) -> Iterator[Sign]:
    """How its title or its text begins, and what its title says."""
    for weight, place in ((weights.opening, title), (weights.text_opening, text)):
        if genre.openings and (opening := genre.openings.match(place)):
            yield Sign(genre.kind, weight, f"commence par « {genre.said(opening[0])} »")
            break
    if genre.titles and (named := genre.titles.search(title)):
        yield Sign(genre.kind, weights.title, f"« {genre.said(named[0])} » dans le titre")


def _expressions(
    genre: Genre, said: Mapping[_Group, Sequence[str]], words: int, weights: Weights
) -> Iterator[Sign]:
    """What its text says."""
    if words < weights.short and (announced := said.get((genre.kind, Part.ANNOUNCED))):
        yield Sign(genre.kind, weights.announced, f"se dit « {genre.said(announced[0])} »")
    found = list(dict.fromkeys(said.get((genre.kind, Part.TEXT), ())))
    if found:
        each = weights.short_text if words < weights.short else weights.text
        each *= min(1.0, weights.usual / max(words, 1)) ** 0.4
        words_said = ", ".join(f"« {genre.said(one)} »" for one in found[:3])
        yield Sign(genre.kind, min(each * len(found), weights.text_most), words_said)


_APPOINTMENTS = re.compile(
    r"\b(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) \d{1,2}(?:er)?\b"
    r"|(?:le|les|du) \d{1,2}(?:er)?(?: (?:et|au) \d{1,2})? (?:janvier|fevrier|mars|avril|mai|juin"
    r"|juillet|aout|septembre|octobre|novembre|decembre)"
    r"|de \d{1,2} h(?: \d\d)? a \d{1,2} h|entree libre|gratuit)\b"
)
_FIGURES = 3  # below, any news has some
_LONG = 55  # words: below, a teaser says what it is rather than showing it


def _manners(
    style: Style, said: Mapping[_Group, Sequence[str]], folded: str, weights: Weights
) -> Iterator[Sign]:
    """How it is written."""
    if style.words >= _LONG:
        yield from _practice(style, said, weights.news)
        yield from _opinion(style, said)
    dense = 100 * style.figures / max(style.words, 60)
    if style.figures >= _FIGURES and dense >= 1:
        yield Sign(Kind.STUDY, min(0.5 * dense, 2.6), "beaucoup de chiffres")
    if style.asked + style.turns >= 3:
        weight = min(1.5 * style.asked + 1.2 * style.turns, 6.0)
        yield Sign(Kind.INTERVIEW, weight, "des questions et des réponses")
    if appointments := len(_APPOINTMENTS.findall(folded)):
        weight = min(1.6 * appointments, 2.4) if style.words < weights.short else 0.4
        yield Sign(Kind.EVENT, weight, "donne un rendez-vous")
    if style.items >= 3:
        yield Sign(Kind.TOOL, 1.0, "présenté en liste")
    if style.you >= 0.02:
        yield Sign(Kind.TOOL, min(25 * style.you, 1.2), "s’adresse au lecteur")


def _opinion(style: Style, said: Mapping[_Group, Sequence[str]]) -> Iterator[Sign]:
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


def _practice(style: Style, said: Mapping[_Group, Sequence[str]], news: float) -> Iterator[Sign]:
    """Whether it shows people at work rather than events.

    A linear rule, its coefficients those of a logistic regression on dev set and texts of our
    own, rounded.
    """

    def density(manner: Manner) -> float:  # for a hundred words
        return min(len(said.get(manner, ())) * 100 / max(style.words, 100), 4.0)

    yield Sign(Kind.PRACTICE, news - 1.2, "")
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
            yield Sign(Kind.PRACTICE, weight * value, reason)


def _flat(text: str) -> str:
    return " ".join(fold(text).replace("’", "'").split())


def _place(url: str) -> tuple[str, frozenset[str]]:
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all: « http://[ »
        return "", frozenset()
    host = (parts.hostname or "").removeprefix("www.")
    return host, frozenset(fold(part) for part in parts.path.split("/") if part)


# -- the file -----------------------------------------------------------------------------------


def load_genres(path: Path | None = None) -> Genres:
    """The kinds of the folder ``path`` (ours by default).

    Raises BadVocabulary (file, line, field) for what cannot be used, or a kind left out.
    """
    folder = path or FOLDER
    top = read_yaml(folder / FILE).mapping(needed=("genres",))["genres"]
    known = {kind.value: kind for kind in Kind}
    genres: dict[Kind, Genre] = {}
    for item in top.items():
        fields = item.mapping(("id", "nom", "pluriel", "note"), _LISTS)
        if (id := fields["id"].slug()) not in known:
            raise fields["id"].error(f"genre inconnu : « {id} »")
        if known[id] in genres:
            raise fields["id"].error(f"« {id} » est déjà défini plus haut")
        genres[known[id]] = _genre(known[id], fields)
    if missing := [kind.value for kind in Kind if kind not in genres]:
        raise top.error(f"genre absent : {', '.join(missing)}")
    return Genres(genres, _version(folder), Phrases(_phrases(genres.values())))


def _phrases(genres: Iterable[Genre]) -> Iterator[Phrase[_Group]]:
    for manner, words in manners.expressions():
        yield Phrase(manner, words)
    for genre in genres:
        for part, expressions in ((Part.ANNOUNCED, genre.announced), (Part.TEXT, genre.texts)):
            for one in dict.fromkeys(expressions):
                yield Phrase((genre.kind, part), tuple(_PARTS.findall(_flat(one))))


_SAID = ("débuts", "titres", "présentations", "textes")
_LISTS = ("sites", "adresses", "rubriques", *_SAID)


def _genre(kind: Kind, fields: dict[str, Entry]) -> Genre:
    return Genre(
        kind,
        fields["nom"].text(),
        fields["pluriel"].text(),
        fields["note"].text(),
        sites=tuple(texts(fields, "sites")),
        addresses=frozenset(fold(one) for one in texts(fields, "adresses")),
        sections=frozenset(_flat(one) for one in texts(fields, "rubriques")),
        openings=_any_of(texts(fields, "débuts"), opening=True),
        titles=_any_of(texts(fields, "titres")),
        announced=tuple(texts(fields, "présentations")),
        texts=(*texts(fields, "présentations"), *texts(fields, "textes")),
        written={
            " ".join(_PARTS.findall(_flat(one))): one
            for name in _SAID
            for one in texts(fields, name)
        },
    )


def _any_of(expressions: Sequence[str], *, opening: bool = False) -> re.Pattern[str] | None:
    """One pattern of them all, the longest first; « * » stands for any ending of a word."""
    if not expressions:
        return None
    flat = sorted((_flat(one) for one in expressions), key=len, reverse=True)
    each = (re.escape(one).replace(r"\*", r"\w*") for one in flat)
    head = r"[«\"'\[( ]*" if opening else ""
    return re.compile(rf"{head}(?<!\w)(?:{'|'.join(each)})(?!\w)")


def _version(folder: Path) -> str:
    return f"{METHOD}-{sha256((folder / FILE).read_bytes()).hexdigest()[:12]}"
