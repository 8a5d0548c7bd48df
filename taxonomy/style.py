"""How a text is written: who speaks, how many questions, figures, lists, quotations. Pure.

What is inside quotation marks is somebody else's voice: a news story quotes « je », an account of
practice says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"«[^«»]{0,1500}»|“[^“”]{0,1500}”")
_WORD = re.compile(r"[^\W\d_]+(?=['’])|\w+")
_FIGURE = re.compile(
    r"\b\d[\d\u00a0\u202f .,]*\s?%|\b\d+(?:[ \u00a0\u202f]\d{3})+\b|\b(?!(?:19|20)\d\d\b)\d{3,}\b"
)
_ITEM = re.compile(r"(?m)^\s*(?:[-–—•*]|\d{1,2}[.)])\s+\S")
_QUESTION = re.compile(r"[^.!?…\n]{8,200}\?")
_ASKED = re.compile(r"\?\s*[—–]|[—–][^?\n]{6,200}\?|\b(?:vous|votre|vos)\b[^.!?…\n]{0,200}\?")
_TURN = re.compile(r"(?:^|[.!?…]\s+|\n)[—–]\s+(?=[A-ZÀÂÇÉÈÊÎÔ«])", re.MULTILINE)
_I = frozenset("je j me m mon ma mes moi".split())
_WE = frozenset("nous notre nos".split())
_YOU = frozenset("vous votre vos".split())


@dataclass(frozen=True, slots=True)
class Style:
    """Shares are of the words outside quotation marks, unless said otherwise."""

    words: int  # of the whole text
    i: float  # « je », « mes »: share
    we: float  # « nous », « notre »
    you: float  # « vous », « votre »
    quoted: float  # share of the characters that are between quotation marks
    figures: int  # percentages and numbers of three digits and more that are no year
    items: int  # lines of lists
    questions: int  # outside quotation marks
    asked: int  # among them, those put to somebody: « … vous … ? », « — … ? »
    turns: int  # of a dialogue, each after a dash: « — »
    exclamations: int


def measure(text: str) -> Style:
    """How ``text`` is written."""
    own = _QUOTED.sub(" ", text)
    words = [word.lower() for word in _WORD.findall(own)]
    number = max(len(words), 1)
    whole = max(len(_WORD.findall(text)), 1)
    return Style(
        words=whole,
        i=sum(word in _I for word in words) / number,
        we=sum(word in _WE for word in words) / number,
        you=sum(word in _YOU for word in words) / number,
        quoted=1 - len(own) / max(len(text), 1),
        figures=len(_FIGURE.findall(text)),
        items=len(_ITEM.findall(text)),
        questions=len(_QUESTION.findall(own)),
        asked=len(_ASKED.findall(own)),
        turns=len(_TURN.findall(own)),
        exclamations=own.count("!"),
    )
