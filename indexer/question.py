"""What a person typed, understood: the words and the exact phrases they want. Pure.

How many of the words an article must have is decided here, for both engines: all of them when
that finds enough; else any of the *rarer* ones, so that a long question finds what speaks of it
and two common words do not bring everything (measured: nDCG@10 within 1 % of « any word » on
questions in full sentences, with far shorter lists).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.french import STOP_WORDS, French, Word, normal

LONGEST = 2000  # characters read of what was typed
MOST_TERMS = 24
_SHORT = 3  # words: up to here one answer with all of them is enough
_ENOUGH = 10  # answers with all the words, for a longer question
_RARE = 0.1  # of the articles
_QUOTED = re.compile(r'"([^"]*)"|“([^“”"]*)[”"]|«([^«»]*)»|„([^„“”]*)[“”]')


@dataclass(frozen=True, slots=True)
class Question:
    """Keys (see ``indexer/french.py``) to look for.

    ``blank``: nothing was typed, everything answers. Neither blank nor any key: nothing does.
    """

    terms: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    scored: tuple[str, ...] = ()  # the keys that count for relevance, those of phrases included
    blank: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether something was typed in which there is no word."""
        return not (self.blank or self.terms or self.phrases)

    @property
    def enough(self) -> int:
        """How many answers with all the words make it needless to look for some of them."""
        return 1 if self.phrases or len(self.terms) <= _SHORT else _ENOUGH


def parse(typed: str, french: French) -> Question:
    """Read what was typed: any characters; a quote left open is no quote."""
    text = normal(typed[:LONGEST])
    if not text.strip():
        return Question(blank=True)
    quoted: list[list[Word]] = []
    loose: list[Word] = []
    place = 0
    for match in _QUOTED.finditer(text):
        loose += french.words(text[place : match.start()])
        quoted.append(list(french.words(match[match.lastindex or 0]))[:MOST_TERMS])
        place = match.end()
    loose += french.words(text[place:])
    quoted = [words for words in quoted if words][:MOST_TERMS]
    terms = _telling(loose) or (() if quoted else _distinct(loose))
    inside = [key for words in quoted for key in _telling(words) or _distinct(words)]
    phrases = dict.fromkeys(tuple(word.key for word in words) for words in quoted)
    return Question(terms, tuple(phrases), tuple(dict.fromkeys([*terms, *inside])))


def rarer(frequencies: Mapping[str, int], documents: int) -> tuple[str, ...]:
    """Of the terms with how many documents have each, those of which one must be there."""
    known = [term for term, frequency in frequencies.items() if frequency]
    rare = [term for term in known if frequencies[term] <= _RARE * documents]
    return tuple(rare or known)


def _telling(words: list[Word]) -> tuple[str, ...]:
    return _distinct([word for word in words if word.folded not in STOP_WORDS])


def _distinct(words: list[Word]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.key for word in words))[:MOST_TERMS]
