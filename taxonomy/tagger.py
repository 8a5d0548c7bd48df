"""Themes for a text, with the words that decided. The only module that knows spaCy.

spaCy cuts the words and its French lookup table gives their lemmas; the terms are found by our
own trie (``matching``), and judged with the other words of the text by what was learnt (``model``).

The tokenizer is made from spaCy's shared rules: those of ``spacy.lang.fr`` would only keep some
hyphenated words whole, which the vocabulary does not want, and take three seconds to compile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spacy.attrs import IDX, ORTH
from spacy.lang.punctuation import TOKENIZER_INFIXES, TOKENIZER_PREFIXES, TOKENIZER_SUFFIXES
from spacy.lookups import load_lookups
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
from spacy.vocab import Vocab

from core.model import Evidence, Tagging
from core.text import fold
from taxonomy import french
from taxonomy.clues import clues
from taxonomy.matching import BREAK, SENTENCE, Trie, Words, vocabulary_patterns
from taxonomy.model import NOT_LONG, Model, Spoken, forms_of, load_model
from taxonomy.scoring import Mention
from taxonomy.vocabulary import Acronym, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.model import ThemeId
    from taxonomy.matching import Hit
    from taxonomy.vocabulary import Vocabulary

LEAD_WORDS = 60
PASSING = 80  # characters: what a text says in passing stands together
LONGEST = 200_000  # characters read of a text: beyond, a book rather than an article
_CACHE = 200_000  # word forms remembered before starting afresh
_CLOSING = frozenset(".!?\n")
_TRANSPARENT = frozenset("'’«»\"“”-‐‑_*/ \t\u00a0\u202f")
_PARTS = re.compile(r"(?P<word>\w+)|[^\w\s]+|\n+")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word inside a spaCy token, remembered by the token's form."""

    start: int
    end: int
    key: str
    other: str
    determiner: bool
    acronym: str
    opens: bool = False
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A text read: the terms met, all its words as the model hears them, and their number."""

    mentions: tuple[Mention, ...]
    said: tuple[tuple[tuple[str, ...], str], ...]  # forms and place of each word
    words: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A field read: its words, and the acronyms seen with their place among the words."""

    name: str
    text: str
    words: Words
    acronyms: list[tuple[str, int]]
    hits: list[Hit]


class Tagger:
    """Gives the themes that a text deserves, surest first.

    Made once (loading spaCy's French tables takes seconds), then used for any number of texts;
    keeps nothing of them but the forms of words.
    """

    def __init__(self, vocabulary: Vocabulary, model: Model | None = None) -> None:
        """With the shipped ``model`` when none is given."""
        model = model or load_model()
        self.version = f"{vocabulary.version}-{model.version}"
        self._model = model.for_themes(tuple(vocabulary.themes))
        self._tokenizer = _new_tokenizer()
        self._lemmas = _lemma_table()
        self._prevailing = vocabulary.prevailing
        self._terms = vocabulary.terms
        self._false_friends = vocabulary.false_friends
        self._trie = Trie(vocabulary_patterns(vocabulary))
        self._alphabet = self._trie.alphabet
        self._acronyms = _by_form(vocabulary.acronyms)
        self._pieces: dict[int, tuple[_Piece, ...]] = {}

    def tag(self, title: str, text: str) -> tuple[Tagging, ...]:
        """The themes of an article; evidence spans are offsets in ``title`` and ``text``.

        None for a text in another language: the model would hear French in its syllables.
        """
        if french.is_foreign(f"{title} {text[:LONGEST]}"):
            return ()
        readings = self._readings(title, text)
        read = self._read_all(readings)
        model = self._model
        spoken = model.hear(read.said)
        voices = model.voices(spoken)
        found = clues(read.mentions, read.words, voices, model.themes, self._prevailing)
        scores = model.scores(found)
        told = {mention.theme for mention in read.mentions}
        denied = {theme for reading in readings for theme, _ in self._denied(reading)} - told
        denied |= in_passing(read)
        scores[[theme in denied for theme in model.themes]] = 0
        return tuple(
            Tagging(model.themes[number], round(float(scores[number]), 3), evidence)
            for number in model.deserved(scores, float(voices[-1]), read.words)
            if (evidence := self._evidence(readings, read.mentions, spoken, number))
        )

    def read(self, title: str, text: str) -> Read:
        """What there is to judge a text by."""
        return self._read_all(self._readings(title, text))

    def tag_all(self, items: Iterable[tuple[str, str]]) -> Iterator[tuple[Tagging, ...]]:
        """The themes of many articles, given as (title, text), in their order."""
        for title, text in items:
            yield self.tag(title, text)

    def _readings(self, title: str, text: str) -> tuple[_Reading, _Reading]:
        return self._read("title", title), self._read("text", text)

    def _read_all(self, readings: Sequence[_Reading]) -> Read:
        mentions = [m for reading in readings for m in self._mentions(reading)]
        mentions += self._acronym_mentions(readings, mentions)
        said = tuple(
            (forms, _place(reading, at))
            for reading in readings
            for at, forms in enumerate(reading.words.forms)
            if forms
        )
        return Read(tuple(mentions), said, sum(len(reading.words) for reading in readings))

    def _evidence(
        self,
        readings: Sequence[_Reading],
        mentions: Sequence[Mention],
        spoken: Spoken,
        number: int,
    ) -> tuple[Evidence, ...]:
        """All the terms of a theme, and the words that spoke loudest for it, in their order."""
        theme = self._model.themes[number]
        spans = {
            span for mention in mentions if mention.theme == theme for span in mention.evidence
        }
        loud = self._model.loudest(spoken, number)
        for reading in readings:
            for at, forms in enumerate(reading.words.forms):
                if not loud.isdisjoint(forms):
                    span = (reading.words.starts[at], reading.words.ends[at])
                    spans.update(_evidence(reading, (span,)))
        return _apart(spans)

    def _read(self, name: str, text: str) -> _Reading:
        text = text[:LONGEST]
        padded, ends = french.pad_inclusive(_SURROGATE.sub(" ", text))
        joined, joints = french.join_broken(padded, self._is_known)
        ends |= joints
        words, acronyms = self._words(joined, ends)
        return _Reading(name, text, words, acronyms, self._trie.find(words, joined))

    def _words(self, text: str, ends: Mapping[int, int]) -> tuple[Words, list[tuple[str, int]]]:
        if len(self._pieces) > _CACHE:
            self._pieces.clear()
            self._tokenizer = _new_tokenizer()
        words = Words()
        acronyms: list[tuple[str, int]] = []
        determined = False
        cache = self._pieces
        doc = self._tokenizer(text)
        for orth, start in doc.to_array([ORTH, IDX]).tolist():
            pieces = cache.get(orth)
            if pieces is None:
                pieces = cache[orth] = self._cut(doc.vocab.strings[orth])
            for piece in pieces:
                if piece.acronym:
                    acronyms.append((piece.acronym, len(words.keys)))
                if piece.key:
                    if piece.opens:
                        words.openings.append(len(words.keys))
                    stop = start + piece.end
                    words.starts.append(start + piece.start)
                    words.ends.append(ends.get(stop, stop))
                    words.keys.append(piece.key)
                    words.others.append(piece.other)
                    words.determined.append(determined)
                    words.forms.append(piece.forms)
                determined = piece.determiner
        return words, acronyms

    def _cut(self, token: str) -> tuple[_Piece, ...]:
        """The words of a token, and the punctuation that parts them."""
        pieces = []
        for match in _PARTS.finditer(token):
            if match["word"]:
                pieces.append(self._piece(match[0], match.start(), match.end()))
            elif not all(c in _TRANSPARENT for c in match[0]):
                stop = BREAK if _CLOSING.isdisjoint(match[0]) else SENTENCE
                pieces.append(_Piece(match.start(), match.end(), stop, "", False, ""))
        return tuple(pieces)

    def _piece(self, word: str, start: int, end: int) -> _Piece:
        key = french.key(word)
        lemma = self._lemmas.get(word.lower())
        stem = french.stem(fold(lemma[0] if lemma else word))
        other = stem if lemma else ""
        if other == key or other not in self._alphabet:
            other = ""
        acronym = word if word in self._acronyms else ""
        determiner = fold(word) in french.DETERMINERS
        opens = self._trie.opens(key, other)
        return _Piece(start, end, key, other, determiner, acronym, opens, forms_of(stem))

    def _is_known(self, word: str) -> bool:
        return word.lower() in self._lemmas or french.key(word) in self._alphabet

    def _mentions(self, reading: _Reading) -> list[Mention]:
        denied = self._denied(reading)
        return [
            Mention(
                term.theme,
                term.text,
                term.strength,
                _place(reading, hit.first),
                _evidence(reading, hit.spans),
            )
            for hit in reading.hits
            if hit.pattern < len(self._terms)
            and not (
                (term := self._terms[hit.pattern]).strength is not Strength.STRONG
                and denied
                and (term.theme, _paragraph(reading, hit.spans[0][0])) in denied
            )
        ]

    def _denied(self, reading: _Reading) -> set[tuple[ThemeId, int]]:
        """The themes that a false friend denies, each with the paragraph where it does."""
        first = len(self._terms)
        return {
            (self._false_friends[hit.pattern - first].theme, _paragraph(reading, hit.spans[0][0]))
            for hit in reading.hits
            if hit.pattern >= first
        }

    def _acronym_mentions(
        self, readings: Sequence[_Reading], mentions: Sequence[Mention]
    ) -> Iterator[Mention]:
        supported = {m.theme for m in mentions if m.strength is not Strength.WEAK}
        for reading in readings:
            capitals = reading.text.isupper() and len(reading.words) > 1
            denied = self._denied(reading)
            for form, at in reading.acronyms:
                span = (reading.words.starts[at], reading.words.ends[at])
                found = _evidence(reading, (span,))
                place = _place(reading, at)
                for acronym in self._acronyms[form]:
                    for theme in acronym.themes:
                        unsure = acronym.ambiguous or capitals
                        if denied and (theme, _paragraph(reading, span[0])) in denied:
                            continue
                        if theme in supported or not unsure:
                            yield Mention(theme, acronym.meaning, acronym.strength, place, found)


def in_passing(read: Read) -> frozenset[ThemeId]:
    """The themes that a long text names at one place, neither in its title nor at its beginning."""
    if read.words <= NOT_LONG:
        return frozenset()
    places: dict[ThemeId, list[int]] = {}
    ahead: set[ThemeId | None] = {m.theme for m in read.mentions if m.place != "body"}
    for mention in read.mentions:
        if mention.theme is not None and mention.theme not in ahead:
            places.setdefault(mention.theme, []).extend(e.start for e in mention.evidence)
    return frozenset(theme for theme, at in places.items() if max(at) - min(at) <= PASSING)


def _new_tokenizer() -> Any:
    return Tokenizer(
        Vocab(),
        prefix_search=compile_prefix_regex(TOKENIZER_PREFIXES).search,
        suffix_search=compile_suffix_regex(TOKENIZER_SUFFIXES).search,
        infix_finditer=compile_infix_regex(TOKENIZER_INFIXES).finditer,
    )


def _lemma_table() -> Any:
    return load_lookups("fr", ["lemma_lookup"]).get_table("lemma_lookup")


def _by_form(acronyms: Iterable[Acronym]) -> dict[str, list[Acronym]]:
    by_form: dict[str, list[Acronym]] = {}
    for acronym in acronyms:
        for form in acronym.forms:
            by_form.setdefault(form, []).append(acronym)
    return by_form


def _place(reading: _Reading, at: int) -> str:
    if reading.name == "title":
        return "title"
    return "lead" if at < LEAD_WORDS else "body"


def _paragraph(reading: _Reading, at: int) -> int:
    return reading.text.count("\n", 0, at)


def _evidence(reading: _Reading, spans: Iterable[tuple[int, int]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(reading.name, start, end, reading.text[start:end]) for start, end in spans
    )


def _apart(spans: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Title first, then the text in its order; a span inside another one is left out."""
    kept: list[Evidence] = []
    for span in sorted(spans, key=lambda e: (e.field != "title", e.start, -e.end)):
        last = kept[-1] if kept else None
        if last is None or last.field != span.field or span.end > last.end:
            kept.append(span)
    return tuple(kept)


__all__ = ["Read", "Tagger"]
