"""Which of the expressions of each kind a text has: title, beginning and words."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from taxonomy.genres import Part, flat
from taxonomy.manners import Manner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.model import Kind
    from taxonomy.genres import Genre, Genres, Group

_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """The expressions of one kind that a text has, folded."""

    genre: Genre
    opened: str  # what its title begins with
    begun: str  # what its text begins with
    titled: str
    announced: Sequence[str]
    texts: Sequence[str]  # each once


@dataclass(frozen=True, slots=True)
class Met:
    """What a text has of all kinds and manners."""

    hits: tuple[Hit, ...]
    said: Mapping[Group, Sequence[str]]  # those of manners in the title too
    folded: str  # title and text


def meet(genres: Genres, title: str, text: str) -> Met:
    """The expressions of every kind in a title and a text."""
    folded_title, folded = flat(title), flat(text)
    words = _WORDS.findall(folded_title)
    titled = {one.group: one.text for one in reversed(list(genres.titled.find(words)))}
    said = _said(genres, words, _WORDS.findall(folded))
    hits = (_hit(one, folded_title, folded, titled, said) for one in genres.by_kind.values())
    return Met(tuple(hits), said, f"{folded_title} {folded}")


def _hit(
    genre: Genre,
    title: str,
    text: str,
    titled: Mapping[Kind, str],
    said: Mapping[Group, Sequence[str]],
) -> Hit:
    opened = genre.openings.match(title) if genre.openings else None
    begun = genre.openings.match(text) if genre.openings else None
    return Hit(
        genre,
        opened[0] if opened else "",
        begun[0] if begun else "",
        titled.get(genre.kind, ""),
        said.get((genre.kind, Part.ANNOUNCED), ()),
        tuple(dict.fromkeys(said.get((genre.kind, Part.TEXT), ()))),
    )


def _said(
    genres: Genres, title: Sequence[str], text: Sequence[str]
) -> Mapping[Group, Sequence[str]]:
    found: defaultdict[Group, list[str]] = defaultdict(list)
    for one in genres.said.find(title):
        if isinstance(one.group, Manner):
            found[one.group].append(one.text)
    for one in genres.said.find(text):
        found[one.group].append(one.text)
    return dict(found)
