"""Changing the vocabulary of an installation: each gesture with its trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from core.errors import Conflict
from core.model import Theme, ThemeId
from core.people import PersonId
from core.vocabulary_edits import Edit, EditKind
from store import Transaction
from taxonomy.edits import NONE, destinations

KIND: Final = "vocabulary"  # of a theme, in the audit trail


def change(tx: Transaction, edit: Edit, *, by: PersonId | None, now: datetime) -> None:
    """Have this hold from now on, in place of what was said of the same thing."""
    former = tx.vocabulary_edits.put(edit, by=by, now=now)
    _record(tx, edit, former, edit, by=by, now=now)


def take_back(tx: Transaction, edit: Edit, *, by: PersonId | None, now: datetime) -> bool:
    """Undo: as shipped again. Whether there was something to undo."""
    former = tx.vocabulary_edits.take_back(edit)
    if former is not None:
        _record(tx, edit, former, None, by=by, now=now)
    return former is not None


def move(tx: Transaction, old: ThemeId, new: ThemeId, *, by: PersonId | None, now: datetime) -> int:
    """Have another theme stand for one (merged, or renamed in addresses); how many articles moved.

    What people said of the articles of the former is then said of the latter. Raises Conflict when
    the latter leads back to the former.
    """
    edit = Edit(EditKind.MOVED, old, "", {"to": new})
    others = [one for one in tx.vocabulary_edits.edits() if one.theme != old]
    if old == new or old not in destinations([*others, edit]):
        raise Conflict("thème", new)
    change(tx, edit, by=by, now=now)
    return tx.vocabulary_edits.move_theme(old, new)


def rename(
    tx: Transaction, theme: Theme, id: ThemeId, *, by: PersonId | None, now: datetime
) -> int:
    """Give a theme another name in addresses; the former leads to it."""
    value = {"label": theme.label, "family": theme.family, "note": theme.note}
    change(tx, Edit(EditKind.THEME, id, "", value), by=by, now=now)
    return move(tx, theme.id, id, by=by, now=now)


def split(
    tx: Transaction,
    old: ThemeId,
    new: Theme,
    terms: Iterable[tuple[str, str]],
    *,
    by: PersonId | None,
    now: datetime,
) -> None:
    """Make a theme of some of the terms (expression, strength) of another."""
    value = {"label": new.label, "family": new.family, "note": new.note}
    change(tx, Edit(EditKind.THEME, new.id, "", value), by=by, now=now)
    for text, strength in terms:
        change(tx, Edit(EditKind.TERM, new.id, text, {"strength": strength}), by=by, now=now)
        change(tx, Edit(EditKind.TERM, old, text, {"strength": NONE}), by=by, now=now)


def _record(
    tx: Transaction,
    edit: Edit,
    before: Edit | None,
    after: Edit | None,
    *,
    by: PersonId | None,
    now: datetime,
) -> None:
    told = (_told(one) if one is not None else {} for one in (before, after))
    tx.audit.record(by, edit.kind, KIND, edit.theme, *told, now=now)


def _told(edit: Edit) -> dict[str, Any]:
    """An edit for the trail: the expression and what is said of it, or the fields of a theme."""
    if not edit.text:
        return dict(edit.value)
    words = [str(one) for one in edit.value.values() if not isinstance(one, bool) and one]
    return {edit.text: ", ".join(words) or ("oui" if edit.value.get("on") else "non")}
