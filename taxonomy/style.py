"""How a text is written: who speaks, how many questions, figures, lists, quotations. Pure.

What is inside quotation marks is somebody else's voice: a news story quotes « je », an account of
practice says it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUOTED = re.compile(r"«[^«»]{0,1500}»|“[^“”]{0,1500}”")
_WORD = re.compile(r"[^\W\d_]+(?=['’])|\w+")
_NUMBER = re.compile(r"\d[\d\u00a0\u202f .,]*%?")
_THOUSANDS = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_LONG = re.compile(r"(?<!\d)\d{3,}(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ITEM = re.compile(r"\s*(?:[-–—•*]|\d{1,2}[.)])\s+\S")
_ENDING = re.compile(r"[.!?…\n]")
_TO_SOMEBODY = re.compile(r"\b(?:vous|votre|vos)\b", re.IGNORECASE)
_TURN = re.compile(r"[—–]\s+(?=[A-ZÀÂÇÉÈÊÎÔ«])")
_DASHES = "—–"
_SHORTEST, _LONGEST = 8, 200  # characters of a question
_SENTENCE = re.compile(r"[.!?…]+")
_I = "je j me m mon ma mes moi".split()
_WE = "nous notre nos".split()
_YOU = "vous votre vos".split()
_SOMEBODY = "il elle lui".split()
_REFUSALS = "pas jamais rien personne".split()
_OF = "de du des d".split()
_FORMAL = "par selon dont afin".split()
_LATER = ("era", "eront", "rait", "raient")  # how futures and conditionals end


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
    on: float = 0.0  # « on »: share
    somebody: float = 0.0  # « il », « elle »
    refusals: float = 0.0  # « ne … pas », « rien »
    of: float = 0.0  # « de », « du »: names follow names
    formal: float = 0.0  # « selon », « dont »
    later: float = 0.0  # futures and conditionals
    sentence: float = 0.0  # words of a sentence, on average, quotations included
    commas: int = 0


def measure(text: str) -> Style:
    """How ``text`` is written."""
    own = _QUOTED.sub(" ", text)
    words = Counter(_WORD.findall(own.lower()))
    number = max(words.total(), 1)
    quoted = len(text) - len(own)

    def share(some: Iterable[str]) -> float:
        return sum(words[one] for one in some) / number

    whole = words.total()
    if quoted:
        whole += len(_WORD.findall(" ".join(_QUOTED.findall(text))))
    questions, asked = _questions(own)
    return Style(
        words=max(whole, 1),
        i=share(_I),
        we=share(_WE),
        you=share(_YOU),
        quoted=quoted / max(len(text), 1),
        figures=_figures(text),
        items=sum(_ITEM.match(line) is not None for line in text.split("\n")),
        questions=questions,
        asked=asked,
        turns=_turns(own),
        exclamations=own.count("!"),
        on=words["on"] / number,
        somebody=share(_SOMEBODY),
        refusals=share(_REFUSALS),
        of=share(_OF),
        formal=share(_FORMAL),
        later=sum(times for word, times in words.items() if word.endswith(_LATER)) / number,
        sentence=max(whole, 1) / max(_sentences(text), 1),
        commas=text.count(","),
    )


def _sentences(text: str) -> int:
    """How many sentences of two words at least: « M. », « … » make none."""
    return sum(" " in one.strip() for one in _SENTENCE.split(text))


def _figures(text: str) -> int:
    """Percentages, and numbers of three digits and more that are no year."""
    found = 0
    for one in _NUMBER.findall(text):
        if one.endswith("%") or _THOUSANDS.match(one):
            found += 1
        else:
            found += sum(not _YEAR.fullmatch(long) for long in _LONG.findall(one))
    return found


def _questions(text: str) -> tuple[int, int]:
    """How many questions, and how many are put to somebody."""
    questions = asked = 0
    stop = text.find("?")
    while stop >= 0:
        near = text[max(0, stop - _LONGEST) : stop]
        said = _ENDING.split(near)[-1]
        questions += len(said) >= _SHORTEST
        answered = text[stop + 1 : stop + 4].lstrip()[:1]
        dashed = answered in _DASHES if answered else False
        dashed = dashed or any(dash in said for dash in _DASHES)
        asked += dashed or _TO_SOMEBODY.search(said) is not None
        stop = text.find("?", stop + 1)
    return questions, asked


def _turns(text: str) -> int:
    """Dashes that begin a sentence or a line, and what somebody says."""
    found = 0
    for match in _TURN.finditer(text) if any(dash in text for dash in _DASHES) else ():
        before = text[max(0, match.start() - 4) : match.start()].rstrip(" \u00a0\u202f")[-1:]
        found += before in ("", "\n", ".", "!", "?", "…")
    return found
