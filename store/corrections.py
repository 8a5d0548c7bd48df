"""Corrections of themes, and what the tagger alone gives to the articles that have some.

``Articles.correct`` makes them, so that an article's themes always follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from core.corrections import Correction, Verdict
from core.model import ArticleId, Evidence, Tagging, ThemeId
from core.people import PersonId
from store.batches import batched
from store.tables import corrections, own_taggings

BATCH = 500


class Corrections:
    """The last word of people on each theme of each article."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, ids: Iterable[ArticleId]) -> dict[ArticleId, tuple[Correction, ...]]:
        """Those of these articles that have some, with them, the oldest first."""
        found: defaultdict[ArticleId, list[Correction]] = defaultdict(list)
        for some in batched(ids, BATCH):
            query = select(corrections).where(corrections.c.article_id.in_(some))
            query = query.order_by(corrections.c.at, corrections.c.theme)
            for row in self._connection.execute(query):
                found[ArticleId(row.article_id)].append(_correction_from(row))
        return {id: tuple(said) for id, said in found.items()}

    def ids(self) -> list[ArticleId]:
        """The articles that have some, in order."""
        query = select(own_taggings.c.article_id).order_by(own_taggings.c.article_id)
        return [ArticleId(id) for id in self._connection.execute(query).scalars()]

    def all(self) -> Iterator[Correction]:
        """Every correction, article by article."""
        query = select(corrections).order_by(corrections.c.article_id, corrections.c.theme)
        return (_correction_from(row) for row in self._connection.execute(query))

    def count(self) -> int:
        """How many there are."""
        counting = select(func.count()).select_from(corrections)
        return int(self._connection.execute(counting).scalar_one())

    def own_taggings(self, ids: Iterable[ArticleId]) -> dict[ArticleId, tuple[Tagging, ...]]:
        """What the tagger alone gives to those of these articles that have corrections."""
        found = {}
        for some in batched(ids, BATCH):
            query = select(own_taggings).where(own_taggings.c.article_id.in_(some))
            for row in self._connection.execute(query):
                found[ArticleId(row.article_id)] = tuple(_tagging_from(one) for one in row.given)
        return found

    # -- for Articles -----------------------------------------------------------------------------

    def keep_own_taggings(self, given: Mapping[ArticleId, Sequence[Tagging]]) -> None:
        """Remember what the tagger alone gives to these articles."""
        for some in batched(given, BATCH):
            gone = delete(own_taggings).where(own_taggings.c.article_id.in_(some))
            self._connection.execute(gone)
        rows = [
            {"article_id": id, "given": [_as_json(one) for one in ones]}
            for id, ones in given.items()
        ]
        if rows:
            self._connection.execute(insert(own_taggings), rows)

    def put(self, correction: Correction) -> None:
        """Hold this, in place of what was last said of that theme of that article."""
        self.remove(correction.article_id, correction.theme)
        row = asdict(correction) | {"person_id": correction.by}
        del row["by"]
        self._connection.execute(insert(corrections), row)

    def remove(self, id: ArticleId, theme: ThemeId) -> None:
        """Nobody said anything of that theme of that article."""
        query = delete(corrections).where(corrections.c.article_id == id)
        self._connection.execute(query.where(corrections.c.theme == theme))

    def forget_own_taggings(self, id: ArticleId) -> None:
        """Nothing is said of this article any more."""
        query = delete(own_taggings).where(own_taggings.c.article_id == id)
        self._connection.execute(query)


def _correction_from(row: Row[Any]) -> Correction:
    return Correction(
        article_id=ArticleId(row.article_id),
        theme=ThemeId(row.theme),
        verdict=Verdict(row.verdict),
        by=None if row.person_id is None else PersonId(row.person_id),
        at=row.at,
        tagger=row.tagger,
        score=row.score,
    )


def _as_json(tagging: Tagging) -> dict[str, Any]:
    evidence = [asdict(one) for one in tagging.evidence]
    return {"theme": tagging.theme, "score": tagging.score, "evidence": evidence}


def _tagging_from(value: Mapping[str, Any]) -> Tagging:
    evidence = tuple(Evidence(**one) for one in value["evidence"])
    return Tagging(ThemeId(value["theme"]), value["score"], evidence)
