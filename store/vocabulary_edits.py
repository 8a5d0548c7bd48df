"""What this installation changed in the shipped vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.model import ArticleId, ThemeId
from core.people import PersonId
from core.vocabulary_edits import Edit, EditId, EditKind, KeptEdit
from store.batches import batched
from store.changes import Changes
from store.tables import corrections, taggings, vocabulary_edits

BATCH = 500


class VocabularyEdits:
    """The facts that stand, in the order in which they were said."""

    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection = connection
        self._changes = changes

    def all(self, theme: ThemeId | None = None) -> list[KeptEdit]:
        """Every one, or those about a theme."""
        query = select(vocabulary_edits).order_by(vocabulary_edits.c.id)
        if theme is not None:
            query = query.where(vocabulary_edits.c.theme == theme)
        return [_kept_from(row) for row in self._connection.execute(query)]

    def edits(self) -> tuple[Edit, ...]:
        """The same, without who and when."""
        return tuple(kept.edit for kept in self.all())

    def revision(self) -> tuple[int, int]:
        """What changes whenever they do."""
        query = select(func.count(), func.coalesce(func.max(vocabulary_edits.c.id), 0))
        held, last = self._connection.execute(query).one()
        return held, last

    def put(self, edit: Edit, *, by: PersonId | None, now: datetime) -> Edit | None:
        """Keep a fact; the one that it replaces."""
        former = self.take_back(edit)
        row: dict[str, Any] = {"kind": edit.kind, "theme": edit.theme, "text": edit.text}
        row |= {"value": dict(edit.value), "person_id": by, "at": now}
        self._connection.execute(insert(vocabulary_edits), row)
        return former

    def take_back(self, edit: Edit) -> Edit | None:
        """Forget the fact of that kind, theme and text, whatever it says; what it said."""
        row = self._connection.execute(_same(select(vocabulary_edits), edit)).first()
        if row is None:
            return None
        self._connection.execute(_same(delete(vocabulary_edits), edit))
        return _kept_from(row).edit

    def move_theme(self, old: ThemeId, new: ThemeId) -> int:
        """Have the articles of a theme, and what people said of it, be another's; how many."""
        moved = self._articles(old)
        for table in (taggings, corrections):
            already = select(table.c.article_id).where(table.c.theme == new)
            double = delete(table).where(table.c.theme == old, table.c.article_id.in_(already))
            self._connection.execute(double)
            self._connection.execute(update(table).where(table.c.theme == old).values(theme=new))
        for some in batched(moved, BATCH):
            self._changes.record(some)
        return len(moved)

    def _articles(self, theme: ThemeId) -> Sequence[ArticleId]:
        query = select(taggings.c.article_id).where(taggings.c.theme == theme)
        return [ArticleId(id) for id in self._connection.execute(query).scalars()]


def _same(query: Any, edit: Edit) -> Any:
    return query.where(
        vocabulary_edits.c.kind == edit.kind,
        vocabulary_edits.c.theme == edit.theme,
        vocabulary_edits.c.text == edit.text,
    )


def _kept_from(row: Row[Any]) -> KeptEdit:
    edit = Edit(EditKind(row.kind), ThemeId(row.theme), row.text, row.value)
    by = None if row.person_id is None else PersonId(row.person_id)
    return KeptEdit(EditId(row.id), edit, by, row.at)
