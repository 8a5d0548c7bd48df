"""What a person typed, understood: the words, the exact phrases, what they do not want. Pure.

How many of the words an article must have is decided here, for both engines: all of them when
that finds a page's worth; else any of the *rarer* ones, so that a long question finds what speaks
of it and two common words do not bring everything (measured on questions in full sentences: the
nDCG@10 of « any word », with far shorter lists).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from indexer.french import STOP_WORDS, French, Word, normal

LONGEST = 2000  # characters read of what was typed
MOST_TERMS = 24
ASKED_FOR = 0.7  # weight of « année » in « en quelle année … »: a text answers without the word
_ASKING = frozenset("quel quelle quels quelles".split())
SHORTEST_START = 2  # letters of a word being typed
MOST_ENDS = 30  # words that it may become
_ENOUGH = 10  # answers with all the words make it needless to look for some of them
_MOST_READINGS = 8
_RARE = 0.3  # of the articles; a tenth loses a twentieth of the answers in small collections
_QUOTED = re.compile(r'(?:(?<!\S)(-))?(?:"([^"]*)"|“([^“”"]*)[”"]|«([^«»]*)»|„([^„“”]*)[“”])')
_UNWANTED = re.compile(r"(?<!\S)-(?=[^\W_])\S+")

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word looked for: its key, the folded word itself, and what stands for it as well."""

    key: str
    folded: str
    weight: float = 1.0
    also: tuple[Keys, ...] = ()  # phrases: for an acronym, what it stands for, and the reverse


@dataclass(frozen=True, slots=True)
class Question:
    """Keys (see ``indexer/french.py``) to look for.

    ``blank``: nothing was typed, everything answers. Neither blank nor any key: nothing does.
    """

    terms: tuple[Term, ...] = ()
    phrases: tuple[Keys, ...] = ()
    scored: tuple[Term, ...] = ()  # the words that count for relevance, those of phrases included
    unwanted: tuple[Keys, ...] = ()  # words and phrases
    blank: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether something was typed in which there is no word."""
        return not (self.blank or self.terms or self.phrases or self.unwanted)

    @property
    def by_date(self) -> bool:
        """Whether nothing makes an answer better than another."""
        return not self.scored

    @property
    def enough(self) -> int:
        """How many answers with all the words make it needless to look for some of them."""
        return 1 if self.phrases else _ENOUGH

    @property
    def may_be_unquoted(self) -> bool:
        """Whether words beside the phrases tell what is meant when nothing has the phrases.

        Who types a phrase alone wants that phrase, or nothing.
        """
        return bool(self.phrases and self.terms)

    @property
    def unquoted(self) -> Question:
        """The same without quotes, for when nothing has the phrases: their words are looked for."""
        return replace(self, terms=self.scored[:MOST_TERMS], phrases=())

    @property
    def readings(self) -> tuple[tuple[Keys, ...], ...]:
        """The ways to have all the words: with what is typed, or with what stands for it."""
        others = dict.fromkeys(phrase for term in self.terms for phrase in term.also)
        readings = []
        for chosen in islice(product(*((None, phrase) for phrase in others)), _MOST_READINGS):
            terms = [(t.key,) for t in self.terms if not set(chosen).intersection(t.also)]
            readings.append((*filter(None, chosen), *terms))
        return tuple(dict.fromkeys(readings))

    @property
    def marks(self) -> frozenset[str]:
        """The keys to mark in what is shown."""
        also = {key for term in self.scored for phrase in term.also for key in phrase}
        return frozenset(term.key for term in self.scored) | (also - STOP_WORDS)


def parse(typed: str, french: French) -> Question:
    """Read what was typed: any characters; a quote left open is no quote."""
    text = normal(typed[:LONGEST])
    if not text.strip():
        return Question(blank=True)
    quoted, unwanted, rest = _parts(text, french)
    loose = [word for part in rest for word in french.words(part)]
    terms = _terms(loose, french) or (() if quoted else _distinct(loose))
    inside = [term for words in quoted for term in _telling(words) or _distinct(words)]
    return Question(
        terms,
        _phrases(quoted),
        tuple({term.key: term for term in [*inside, *terms]}.values()),
        _phrases(unwanted),
    )


def without_quotes(typed: str) -> str:
    """What was typed, its phrases as words; what is not wanted stays as it is."""
    return _QUOTED.sub(lambda m: m[0] if m[1] else f" {m[m.lastindex or 0]} ", typed).strip()


def begun(typed: str, french: French) -> tuple[tuple[str, ...], str]:
    """The keys of the words typed, and the folded beginning of the one being typed."""
    words = list(french.words(normal(typed[-LONGEST:])))[-MOST_TERMS:]
    if not words:
        return (), ""
    last = words[-1]
    whole = [word.key for word in words if word.folded not in STOP_WORDS and word is not last]
    return tuple(dict.fromkeys(whole)), last.folded


def meanings(typed: str, french: French) -> dict[str, tuple[str, ...]]:
    """The acronyms typed that have several meanings, and which ones."""
    return french.ambiguous(list(french.words(normal(typed[:LONGEST]))))


def rarer(frequencies: Mapping[str, int], documents: int) -> tuple[str, ...]:
    """Of the terms with how many documents have each, those of which one must be there."""
    known = [term for term, frequency in frequencies.items() if frequency]
    rare = [term for term in known if frequencies[term] <= _RARE * documents]
    return tuple(rare or known)


def _parts(text: str, french: French) -> tuple[list[list[Word]], list[list[Word]], list[str]]:
    """The phrases, what is not wanted, and the pieces of text that remain."""
    quoted: list[list[Word]] = []
    unwanted: list[list[Word]] = []
    rest = []
    place = 0
    for match in _QUOTED.finditer(text):
        rest.append(text[place : match.start()])
        words = list(french.words(match[match.lastindex or 0] or ""))[:MOST_TERMS]
        (unwanted if match[1] else quoted).append(words)
        place = match.end()
    rest.append(text[place:])
    for part in rest:
        unwanted += [list(french.words(match[0])) for match in _UNWANTED.finditer(part)]
    return quoted, unwanted, [_UNWANTED.sub(" ", part) for part in rest]


def _phrases(given: Iterable[Sequence[Word]]) -> tuple[Keys, ...]:
    phrases = [tuple(word.key for word in words) for words in given if words]
    return tuple(dict.fromkeys(phrases))[:MOST_TERMS]


def _terms(words: list[Word], french: French) -> tuple[Term, ...]:
    """The telling words, each once, with what else stands for them."""
    also = french.equivalents(words)
    terms: dict[str, Term] = {}
    for at, word in enumerate(words):
        if word.folded in STOP_WORDS:
            continue
        asked_for = at > 0 and words[at - 1].folded in _ASKING
        term = Term(word.key, word.folded, ASKED_FOR if asked_for else 1.0, also.get(at, ()))
        known = terms.get(word.key)
        terms[word.key] = replace(known, also=known.also or term.also) if known else term
    return tuple(terms.values())[:MOST_TERMS]


def _telling(words: list[Word]) -> tuple[Term, ...]:
    return _distinct([word for word in words if word.folded not in STOP_WORDS])


def _distinct(words: list[Word]) -> tuple[Term, ...]:
    terms = {word.key: Term(word.key, word.folded) for word in words}
    return tuple(terms.values())[:MOST_TERMS]
