"""What people say of the themes of an article: it holds, whatever the tagger says later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.model import ArticleId, Tagging, ThemeId
from core.people import PersonId

# In place of a theme: what is said of all those that nobody spoke of.
THE_OTHERS = ThemeId("")


class Verdict(StrEnum):
    """A theme that the tagger had not given, one that it should not have, one that is right.

    ``COMPLETE`` is said of ``THE_OTHERS`` alone: somebody looked at the whole article, and no
    theme belongs to it but those that people gave or confirmed.
    """

    GIVEN = "given"
    TAKEN = "taken"
    CONFIRMED = "confirmed"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Correction:
    """What was last said of one theme of one article, by whom, and what the tagger said then."""

    article_id: ArticleId
    theme: ThemeId  # or THE_OTHERS
    verdict: Verdict
    by: PersonId | None  # None: the command line, or an account that was erased
    at: datetime
    tagger: str  # the version that had tagged the article; "" for none
    score: float | None  # the tagger's own; None when it had not given the theme


def effective(given: Sequence[Tagging], corrections: Sequence[Correction]) -> tuple[Tagging, ...]:
    """The themes that an article has: those the tagger gave, as people corrected them.

    Those that people alone give come last, in the order in which they were given.
    """
    said = {one.theme: one.verdict for one in corrections}
    complete = THE_OTHERS in said
    kept = [
        replace(tagging, by_people=tagging.theme in said)
        for tagging in given
        if said.get(tagging.theme) is not Verdict.TAKEN and (tagging.theme in said or not complete)
    ]
    named = {tagging.theme for tagging in given}
    added = [
        Tagging(one.theme, 1.0, by_people=True)
        for one in sorted(corrections, key=lambda one: (one.at, one.theme))
        if one.verdict in {Verdict.GIVEN, Verdict.CONFIRMED} and one.theme not in named
    ]
    return (*kept, *added)
