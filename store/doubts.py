"""Themes of which the tagger is not sure, and of which nobody has said anything yet."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, func, select

from core.model import ArticleId, ThemeId
from store.tables import taggings

EVEN = 0.5  # the score of a theme that is as likely wrong as right
SURE = 0.8  # nobody need look at what is surer


class Doubts:
    """The least certain first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def at(
        self, place: int, known: Collection[ThemeId], theme: ThemeId | None = None
    ) -> tuple[ArticleId, ThemeId] | None:
        """The one at this place (0: the least certain), among known themes or of one of them."""
        query = _asked(select(taggings.c.article_id, taggings.c.theme), known, theme)
        query = query.order_by(
            func.abs(taggings.c.score - EVEN),
            taggings.c.appeared.desc(),
            taggings.c.article_id,
            taggings.c.theme,
        )
        row = self._connection.execute(query.limit(1).offset(place)).first()
        return None if row is None else (ArticleId(row.article_id), ThemeId(row.theme))

    def counts(self, known: Collection[ThemeId]) -> dict[ThemeId, int]:
        """How many there are of each theme that has some."""
        query = _asked(select(taggings.c.theme, func.count()), known, None)
        rows = self._connection.execute(query.group_by(taggings.c.theme))
        return {ThemeId(theme): held for theme, held in rows}


def _asked(query: Select[Any], known: Collection[ThemeId], theme: ThemeId | None) -> Select[Any]:
    unsure = query.where(taggings.c.score < SURE, taggings.c.by_people.is_(False))
    if theme is not None:
        return unsure.where(taggings.c.theme == theme)
    return unsure.where(taggings.c.theme.in_(known))
