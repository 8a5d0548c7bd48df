"""Summaries of feeds, without what the sites' own programs add to them."""

from __future__ import annotations

import re

from core.text import fold, one_line

LONGEST = 1_000  # characters kept

# « […] L’article X est apparu en premier sur Y. » (WordPress, in French and in English), and the
# invitations to read on that end an excerpt.
_CREDIT = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.)\]?\s*)?"
    r"(?:L[’']article|The post|Cet article|L[’']actualité)\s.{1,400}?\s"
    r"(?:est apparue? en premier sur|est apparue? en premier dans|appeared first on"
    r"|a été publiée? en premier sur|provient de)\s.{1,120}$",
    re.IGNORECASE | re.DOTALL,
)
_READ_ON = re.compile(
    r"\s*[\[(]?(?:lire (?:la suite|plus|l[’']article(?: complet)?)|en savoir plus"
    r"|continuer (?:à lire|la lecture|de lire)|continue reading|read more|voir plus)"
    r"\s*(?:[:>»→…\])]|\.{3}|&raquo;)*\s*$",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*(?:\[(?:…|\.\.\.|&hellip;)\]|(?<=\s)(?:…|\.\.\.))\s*$")
# SPIP ends the summary with the rubric's name, after a dash.
_RUBRIC = re.compile(r"(?<=[.!?…»])\s+-\s+[A-ZÉÈÀÂÎÔ][^.!?]{1,60}$")

# Each with a word that it holds, looked for first, and how far from the end.
_ADDED = (
    (_CREDIT, ("premier ", "appeared first", "provient de"), 160),
    (_READ_ON, ("lire", "savoir", "continu", "read", "voir plus"), 80),
    (_RUBRIC, (" - ",), 80),
)


def tidy_summary(summary: str, title: str = "") -> str:
    """The summary on one line, as its author wrote it; "" when it only repeats the title.

    Without the title before it, the credit or the « Lire la suite » after it.
    """
    line = _without_title(one_line(summary), one_line(title))
    for added, signs, reach in _ADDED:
        end = line[-reach:].lower()
        if any(sign in end for sign in signs):
            line = added.sub("", line)
    if _CUT.search(line):
        line = _CUT.sub("", line).rstrip(" ,;:") + "…"
    return line[:LONGEST].strip()


def _without_title(line: str, title: str) -> str:
    if not title or not fold(line[: 2 * len(title) + 10]).startswith(fold(title)):
        return line
    # Folding may change lengths (œ): the cut is found by words, of which folding keeps the count.
    rest = line.split(" ")[len(title.split(" ")) :]
    return " ".join(rest).lstrip(" .:–—-")
