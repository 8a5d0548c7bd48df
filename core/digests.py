"""A week's digest once it is closed: which articles, where. What is shown of them is asked anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.model import ArticleId, Kind, ThemeId
from core.weeks import Week

Ids = tuple[ArticleId, ...]


@dataclass(frozen=True, slots=True)
class ClosedDigest:
    """What a week brought, as chosen when it was closed; it does not change any more."""

    week: Week
    closed: datetime
    headline: str
    leading: Ids
    sections: tuple[tuple[ThemeId, Ids], ...]
    rubrics: tuple[tuple[Kind, Ids], ...]
    more: Ids
    beside: tuple[tuple[ArticleId, Ids], ...]  # others on the event that an article tells of
    unshown: int
    picked: int  # how many were put aside by editors

    @property
    def ids(self) -> Ids:
        """All its articles, in reading order, then those beside them."""
        placed = [self.leading, *(ids for _, ids in (*self.sections, *self.rubrics)), self.more]
        return tuple(id for ids in (*placed, *(ids for _, ids in self.beside)) for id in ids)
