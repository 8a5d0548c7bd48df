"""An article's life after it appeared: when it is looked at again, and what counts as a change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from core.model import Access, Article, Extracted
from core.text import fold

STEPS = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
CONFIRMED = timedelta(days=7)  # a page missing twice, so far apart, was withdrawn
CHANGED = 4  # words from which a change is one
_SENTENCE_END = re.compile(r"[.!?…\n]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DATE_WORDS = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin "
    "juillet aout septembre octobre novembre decembre hier heures heure minutes minute jours jour "
    "publie mis jour maj modifie actualise vues vue lectures lecture partages partage "
    "commentaires commentaire publicite annonce".split()
)


def next_look(appeared: datetime, now: datetime) -> datetime | None:
    """When an article is looked at next: 1, 3, 7, 30 days after it appeared; then None."""
    return next((appeared + step for step in STEPS if appeared + step > now), None)


def is_real_change(held: Article, read: Extracted) -> bool:
    """Whether the text or the title says something else than before.

    Dates, counters, page numbers and lines of an advertisement's length are no change: sentences
    are compared by their words, those of dates and counters left out, and ``CHANGED`` words must
    have come or gone. So is a text that became readable, or for subscribers only.
    """
    if (held.access is Access.UNREAD) != (read.access is Access.UNREAD):
        return read.access is not Access.UNREAD
    if read.access is Access.SUBSCRIBERS and held.access is not Access.SUBSCRIBERS:
        return True
    if _letters(held.title) != _letters(read.title):
        return True
    return _came_or_went(held.text, read.text) >= CHANGED


def merged(held: Article, read: Extracted) -> Extracted:
    """What to keep: a text that a wall now hides is not forgotten for that."""
    hidden = read.access is Access.SUBSCRIBERS and len(read.text) * 2 < len(held.text)
    return replace(
        read,
        url=held.url,
        text=held.text if hidden else read.text,
        author=read.author or held.author,
        published=held.published or read.published,
    )


def _letters(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _came_or_went(before: str, after: str) -> int:
    """How many words came or went, whichever is more: sentences first, then what they say."""
    old, new = Counter(_sentences(before)), Counter(_sentences(after))
    went, came = _words(old - new), _words(new - old)
    return max((went - came).total(), (came - went).total())


def _sentences(text: str) -> Iterator[tuple[str, ...]]:
    for sentence in _SENTENCE_END.split(fold(text)):
        words = tuple(word for word in _WORD.findall(sentence) if word not in _DATE_WORDS)
        if words:
            yield words


def _words(sentences: Counter[tuple[str, ...]]) -> Counter[str]:
    return Counter(word for sentence in sentences.elements() for word in sentence)
