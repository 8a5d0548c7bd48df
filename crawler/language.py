"""The language of a text, from its commonest words."""

from __future__ import annotations

import re

from core.language import commonest_words

_ENOUGH = 12  # common words, below which the page's own word is believed


def detect_language(text: str, declared: str = "") -> str:
    """The ISO 639 code of the language of ``text``; ``declared`` when the text is too short.

    Pages often keep the language that their software was born with (``lang="en-US"``): the words
    decide when there are enough of them. "" when nothing says.
    """
    scores, _ = commonest_words(text)
    best = max(scores, key=lambda language: scores[language])
    match = re.match(r"[A-Za-z]{2}(?![A-Za-z])", declared.strip())
    said = match[0].lower() if match else ""
    if scores[best] >= _ENOUGH or scores[best] >= max(4, 2 * scores.get(said, 0)):
        return best
    return said
