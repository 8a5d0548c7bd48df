"""Short quotations: what may be repeated of an article, word for word, with its source named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from core.model import Article
from core.text import ELLIPSIS, extract, fold, one_line

TELLING: Final = 40  # characters under which a quotation says too little
PROPOSED: Final = 5
LOOKED_AT: Final = 60  # sentences of a text: what it is about is said early
_SENTENCES: Final = re.compile(r"(?<=[.!?…])[»”\"\s]*\s+(?=[^\W\d_a-zà-ÿ]|[«“\"0-9])")
# What cannot be told apart once printed: kinds of spaces, apostrophes and quotation marks.
_ALIKE: Final = str.maketrans(
    {"’": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "}
)


def allowance(article: Article, length: int) -> int:
    """How many characters may be shown of an article, extract and evidence together.

    ``length`` at most: its source's own summary may be shown up to it, else a tenth of its text.
    """
    length = article.showable(length)
    return length if article.summary.strip() else min(length, len(article.text) // 10)


def quotations(article: Article, length: int) -> tuple[str, ...]:
    """What could be quoted of it, best first: whole sentences, word for word; at most five.

    The source's own summary first, then the sentences in which its themes are met, then the first
    ones. When no sentence is short enough, the beginning of one, « … » included; () when nothing
    may be shown.
    """
    allowed = allowance(article, length)
    of_text = min(article.showable(length), len(article.text) // 10)
    found = dict.fromkeys(_passages(one_line(article.summary), allowed))
    told = [*_passages(one_line(article.text), of_text)]
    words = {fold(one.text) for tagging in article.taggings for one in tagging.evidence}
    told.sort(key=lambda passage: -_met(passage, words))
    found |= dict.fromkeys(told)
    if not found:
        whole = extract(article.text, article.summary, length=article.showable(length))
        return (whole,) if len(whole) >= TELLING else ()
    return tuple(found)[:PROPOSED]


def is_quotation(text: str, article: Article, length: int) -> bool:
    """Whether a text is, word for word, in the article, and short enough to be shown."""
    words = _plain(text).rstrip(ELLIPSIS).rstrip()
    if not words:
        return False
    of_text = min(article.showable(length), len(article.text) // 10)
    in_text = len(words) <= of_text and words in _plain(article.text)
    in_summary = len(words) <= article.showable(length) and words in _plain(article.summary)
    return in_text or in_summary


def copies(text: str, article: Article, length: int) -> bool:
    """Whether a text repeats more of the article, in one piece, than may be shown."""
    words, whole = _plain(text), _plain(article.text)
    run = max(allowance(article, length), TELLING) + 1
    return any(words[at : at + run] in whole for at in range(len(words) - run + 1))


def _passages(text: str, allowed: int) -> Iterator[str]:
    """One after the other: whole sentences, as many as ``allowed`` characters hold."""
    sentences = _sentences(text)[:LOOKED_AT]
    while sentences:
        start = sentences[0][0]
        held = [stop for _, stop in sentences if stop - start <= allowed]
        if held and held[-1] - start >= TELLING:
            yield text[start : held[-1]]
        sentences = sentences[max(1, len(held)) :]


def _sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends."""
    found, start = [], 0
    for gap in _SENTENCES.finditer(text):
        # A closing mark belongs to what it closes.
        end = gap.start() + len(gap[0].rstrip()) if gap[0].strip() else gap.start()
        found.append((start, end))
        start = gap.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def _met(passage: str, words: set[str]) -> int:
    folded = fold(passage)
    return sum(word in folded for word in words)


def _plain(text: str) -> str:
    return one_line(text.translate(_ALIKE))
