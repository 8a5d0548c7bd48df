"""Whether two articles are the same one, and why: pure, and the same whichever comes first.

A copy has most of its words in common with the original, in the same order; it leaves out or adds,
but puts little in the place of what it leaves out. Two articles made on one pattern (a column's
header, a yearly announcement) have other words, or other facts, at the same places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from core.model import Likeness, SameNews
from core.text import fold
from curation import facts
from curation.alignment import Alignment, align
from curation.shingles import SHINGLE, Numbers, Words, shingles, words_of
from store.groups import Comparable

WORTH_ALIGNING = 0.2  # of the shorter's shingles: those that words changed here and there leave
ENOUGH = 50  # words; a shorter text proves nothing by itself
SHARE = 0.6  # of the shorter's words that both have
SHARE_OF_LONGER = 0.2
CONTAINED = 0.85
SHARE_OF_BOTH = 0.4  # of all their words together, when neither contains the other
AGREEMENT = 0.65  # of the words where both say something: those that are the same
AGREEMENT_AT_HOME = 0.75  # in one source, whose articles may share a header and a foot
# Parts of the facts that may be others: a mistake put right.
FIGURES = 0.15
NAMES = 0.1
FACTS = 0.06
WHOLE = 0.9  # of both texts: « the same text »
TELLING_TITLE = 5  # words; under that (« Revue de presse ») a title proves nothing
CLOSE = timedelta(days=7)
FAR = timedelta(days=21)  # between two articles of a column that keeps its title


@dataclass(frozen=True, slots=True)
class Piece:
    """An article with its words, and its shingles, sorted, each once."""

    article: Comparable
    words: Words
    shingles: Numbers

    @property
    def title(self) -> str:
        """Folded, single-spaced."""
        return " ".join(fold(self.article.title).split())


def piece_of(article: Comparable) -> Piece:
    """The article, its words found; those of its summary when its text was not read."""
    words = words_of(article.text if article.text.strip() else article.summary)
    return Piece(article, words, np.unique(shingles(words.numbers)))


def compare(one: Piece, other: Piece, others: Iterable[Piece] = ()) -> SameNews | None:
    """Why they are the same article, or None.

    ``others``: more articles like them, whose shared words are their source's boilerplate.
    """
    if min(len(one.words), len(other.words)) < ENOUGH:
        return _by_title(one, other, others)
    shared = np.intersect1d(one.shingles, other.shingles, assume_unique=True)
    if len(shared) < WORTH_ALIGNING * min(len(one.shingles), len(other.shingles)):
        return None
    likeness = _by_text(one, other, one.words, other.words)
    if likeness is None:
        return None
    passed_over = boilerplate(one, other, others)
    if not len(passed_over):
        return likeness
    own, its = without(one.words, passed_over), without(other.words, passed_over)
    if min(len(own), len(its)) < ENOUGH:
        return _by_title(one, other, others)
    return _by_text(one, other, own, its)


# -- by text ------------------------------------------------------------------------------------


def _by_text(one: Piece, other: Piece, words: Words, its: Words) -> SameNews | None:
    alignment = align(words, its)
    common, shorter, longer = alignment.common, *sorted((len(words), len(its)))
    if common < max(SHARE * shorter, SHARE_OF_LONGER * longer):
        return None
    if common < CONTAINED * shorter and common < SHARE_OF_BOTH * (shorter + longer - common):
        return None
    needed = AGREEMENT_AT_HOME if _at_home(one, other) else AGREEMENT
    if common < needed * (common + alignment.replaced):
        return None
    if _tell_other_facts(one, other, words, its, alignment):
        return None
    share = min(1.0, common / shorter)
    if common >= WHOLE * longer:
        return SameNews(Likeness.TEXT, share)
    return SameNews(Likeness.PART if share >= WHOLE else Likeness.REWORKED, share)


def _tell_other_facts(
    one: Piece, other: Piece, words: Words, its: Words, alignment: Alignment
) -> bool:
    figures, names = facts.compared(words, its, alignment)
    both = figures + names
    if figures.are_other(FIGURES) or names.are_other(NAMES) or both.are_other(FACTS):
        return True
    return bool(both.changed or _at_home(one, other)) and _titles_differ_by_facts(one, other)


def _titles_differ_by_facts(one: Piece, other: Piece) -> bool:
    """« Bilan 2025 » and « Bilan 2026 », « La MECS de Lyon recrute » and « de Nantes recrute »."""
    titles = words_of(one.article.title), words_of(other.article.title)
    if len(titles[0]) != len(titles[1]):
        return False
    differing = np.nonzero(titles[0].numbers != titles[1].numbers)[0].tolist()
    if not differing or len(differing) > len(titles[0]) / 2:
        return False
    return all(facts.is_fact(title, at) for title in titles for at in differing)


def _at_home(one: Piece, other: Piece) -> bool:
    return one.article.source_id == other.article.source_id


# -- boilerplate ----------------------------------------------------------------------------------


def boilerplate(one: Piece, other: Piece, others: Iterable[Piece]) -> Numbers:
    """The shingles that other articles of the same sources have too."""
    sources = {one.article.source_id, other.article.source_id}
    found = [
        _shared_by(one, third, third.title not in {one.title, other.title} and len(sources) == 1)
        for third in others
        if third.article.source_id in sources
        and third.article.id not in {one.article.id, other.article.id}
    ]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.uint64)


def _shared_by(one: Piece, third: Piece, titled_otherwise: bool) -> Numbers:
    """What a third article shares with one of them; nothing when it is one more copy.

    Three texts of one source that are the same under three titles are no copies: they are what
    the site shows in place of its articles.
    """
    shared = np.intersect1d(one.shingles, third.shingles, assume_unique=True)
    smaller = min(len(one.shingles), len(third.shingles))
    is_copy = not titled_otherwise and len(shared) >= CONTAINED * smaller
    return np.empty(0, np.uint64) if is_copy else shared


def without(words: Words, passed_over: Numbers) -> Words:
    """The words that are in none of these shingles."""
    kept = np.ones(len(words), bool)
    for at in np.nonzero(np.isin(shingles(words.numbers), passed_over))[0].tolist():
        kept[at : at + SHINGLE] = False
    places = np.nonzero(kept)[0].tolist()
    return Words(
        words.text,
        [words.written[at] for at in places],
        [words.folded[at] for at in places],
        [words.starts[at] for at in places],
        words.numbers[kept],
    )


# -- by title -------------------------------------------------------------------------------------


def _by_title(one: Piece, other: Piece, others: Iterable[Piece]) -> SameNews | None:
    """Short or unread texts: the same telling title within a few days, and nothing against it."""
    title = one.title
    if title != other.title or len(title.split()) < TELLING_TITLE or _apart(one, other) > CLOSE:
        return None
    if _at_home(one, other) and len(one.words) and len(other.words):
        return None
    if any(third.title == title and _apart(one, third) > FAR for third in others):
        return None  # a column that keeps its title
    if min(len(one.words), len(other.words)) > SHINGLE and not _agree(one.words, other.words):
        return None
    return SameNews(Likeness.TITLE, 1.0)


def _agree(words: Words, its: Words) -> bool:
    alignment = align(words, its)
    return alignment.common >= SHARE * min(len(words), len(its))


def _apart(one: Piece, other: Piece) -> timedelta:
    return abs(one.article.appeared - other.article.appeared)
