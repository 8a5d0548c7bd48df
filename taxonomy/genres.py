"""The kinds of text as readers see them, and the expressions that each is known by: a file.

Expressions are folded; those of titles and texts are looked for all at once, openings in place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from core.model import Kind
from core.text import fold
from taxonomy import manners
from taxonomy.kind_model import KindModel, load_kind_model
from taxonomy.manners import Manner
from taxonomy.phrases import Phrase, Phrases
from taxonomy.territories import texts
from taxonomy.yamlfile import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from taxonomy.yamlfile import Entry

METHOD = "3"  # part of the version: raise it when deciding changes
FOLDER = Path(__file__).parent
FILE = "genres.yaml"
_PARTS = re.compile(r"\w+\*?")


class Part(Enum):
    """Which of a kind's expressions."""

    ANNOUNCED = auto()
    TEXT = auto()


Group: TypeAlias = "tuple[Kind, Part] | Manner"


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
    titles: tuple[str, ...]
    announced: tuple[str, ...]  # how a short summary says what it presents
    texts: tuple[str, ...]
    written: Mapping[str, str]  # expressions as the file writes them, by what is looked for

    def said(self, found: str) -> str:
        """An expression met, with its accents: « décret n » for « decret n »."""
        words = " ".join(_PARTS.findall(found))
        if words in self.written:
            return self.written[words]
        stems = [one for one in self.written if one.endswith("*") and words.startswith(one[:-1])]
        return self.written[max(stems, key=len)].removesuffix("*") + "…" if stems else words


@dataclass(frozen=True, slots=True)
class Genres:
    """All kinds, by id, in the order of the file."""

    by_kind: Mapping[Kind, Genre]
    version: str
    said: Phrases[Group]  # what texts may say, all kinds together
    titled: Phrases[Kind]  # what titles may say
    learnt: KindModel

    def __getitem__(self, kind: Kind) -> Genre:
        return self.by_kind[kind]


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
    learnt = load_kind_model()
    titled = (
        Phrase(genre.kind, _words(one)) for genre in genres.values() for one in set(genre.titles)
    )
    version = f"{METHOD}-{_digest(folder / FILE)}-{learnt.version}"
    return Genres(genres, version, Phrases(_phrases(genres.values())), Phrases(titled), learnt)


def _phrases(genres: Iterable[Genre]) -> Iterator[Phrase[Group]]:
    for manner, words in manners.expressions():
        yield Phrase(manner, words)
    for genre in genres:
        for part, expressions in ((Part.ANNOUNCED, genre.announced), (Part.TEXT, genre.texts)):
            for one in dict.fromkeys(expressions):
                yield Phrase((genre.kind, part), _words(one))


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
        sections=frozenset(flat(one) for one in texts(fields, "rubriques")),
        openings=_opening(texts(fields, "débuts")),
        titles=tuple(texts(fields, "titres")),
        announced=tuple(texts(fields, "présentations")),
        texts=(*texts(fields, "présentations"), *texts(fields, "textes")),
        written={" ".join(_words(one)): one for name in _SAID for one in texts(fields, name)},
    )


def _opening(expressions: Sequence[str]) -> re.Pattern[str] | None:
    """One pattern of them all, the longest first; « * » stands for any ending of a word."""
    if not expressions:
        return None
    ordered = sorted((flat(one) for one in expressions), key=len, reverse=True)
    each = (re.escape(one).replace(r"\*", r"\w*") for one in ordered)
    return re.compile(rf"[«\"'\[( ]*(?:{'|'.join(each)})(?!\w)")


def _words(expression: str) -> tuple[str, ...]:
    return tuple(_PARTS.findall(flat(expression)))


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def flat(text: str) -> str:
    """Without capitals, accents nor curly apostrophes, on one line."""
    return " ".join(fold(text).replace("’", "'").split())
