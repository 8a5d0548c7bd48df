"""Digests that are closed.

One that was closed in the future, by a clock far ahead, is closed again when its time comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from core.digests import ClosedDigest, Ids
from core.model import ArticleId, Kind, ThemeId
from core.weeks import Week
from store.tables import digests


class Digests:
    """One for each week that was closed; written once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, week: Week) -> ClosedDigest | None:
        """A week's, if it was closed."""
        query = select(digests).where(digests.c.week == str(week))
        row = self._connection.execute(query).first()
        return None if row is None else _digest_from(row)

    def closed_among(self, weeks: Iterable[Week], now: datetime) -> set[Week]:
        """Which of these weeks are closed."""
        query = select(digests.c.week).where(
            digests.c.week.in_([str(one) for one in weeks]), digests.c.closed <= now
        )
        return {Week.parse(one) for one in self._connection.execute(query).scalars()}

    def keep(self, digest: ClosedDigest) -> bool:
        """Close a week; False when it was closed already, which then stands."""
        held = self.of(digest.week)
        if held is not None and held.closed <= digest.closed:
            return False
        self._connection.execute(delete(digests).where(digests.c.week == str(digest.week)))
        content = {
            "headline": digest.headline,
            "leading": digest.leading,
            "sections": digest.sections,
            "rubrics": digest.rubrics,
            "more": digest.more,
            "beside": digest.beside,
            "unshown": digest.unshown,
            "picked": digest.picked,
        }
        row = {"week": str(digest.week), "closed": digest.closed, "content": content}
        self._connection.execute(insert(digests), row)
        return True


def _digest_from(row: Row[Any]) -> ClosedDigest:
    content = row.content
    return ClosedDigest(
        week=Week.parse(row.week),
        closed=row.closed,
        headline=content["headline"],
        leading=_ids(content["leading"]),
        sections=tuple((ThemeId(theme), _ids(ids)) for theme, ids in content["sections"]),
        rubrics=tuple((Kind(kind), _ids(ids)) for kind, ids in content["rubrics"]),
        more=_ids(content["more"]),
        beside=tuple((ArticleId(id), _ids(ids)) for id, ids in content["beside"]),
        unshown=content["unshown"],
        picked=content["picked"],
    )


def _ids(kept: Iterable[int]) -> Ids:
    return tuple(map(ArticleId, kept))
