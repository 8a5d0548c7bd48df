"""Reading lists in the store: begun, changed with what differs kept, changes taken back."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Final

from core.people import PersonId
from core.reading_lists import Contents, ReadingList, Revision
from core.text import slugify
from curation.differences import difference, undone
from store import Transaction

# Without those that are taken for one another, in an address read from a slide.
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_SECRET: Final = 12  # letters of an address that nobody guesses: 59 bits
_READABLE: Final = 60  # letters of the title before them

CREATED: Final = "create"
UNDONE: Final = "undo"


def new_slug(title: str) -> str:
    """An address for a list: its title, then letters that nobody guesses."""
    readable = slugify(title)[:_READABLE].strip("-")
    hidden = "".join(secrets.choice(_LETTERS) for _ in range(_SECRET))
    return f"{readable}-{hidden}" if readable else hidden


def begin_list(
    tx: Transaction, contents: Contents, *, owner: PersonId, now: datetime, copied_from: str = ""
) -> ReadingList:
    """A list of somebody's that nobody else sees yet."""
    slug = new_slug(contents.title)
    one = tx.reading_lists.add(contents, slug=slug, owner=owner, now=now, copied_from=copied_from)
    tx.reading_lists.record(Revision(one.id, one.revision, now, owner, CREATED, {}))
    return one


def revise(
    tx: Transaction, one: ReadingList, contents: Contents, *, by: PersonId, deed: str, now: datetime
) -> ReadingList:
    """Have a list that is held say this, and keep what differs; as it was when nothing does."""
    change = difference(one.contents, contents)
    if not change:
        return one
    saved = tx.reading_lists.save(one, contents, now)
    tx.reading_lists.record(Revision(one.id, saved.revision, now, by, deed, change))
    return saved


def take_back(
    tx: Transaction, one: ReadingList, number: int, *, by: PersonId, now: datetime
) -> ReadingList:
    """Undo one change of a list that is held; what came after it stays.

    Raises NotFound, and Overtaken when what it changed was changed again since.
    """
    change = tx.reading_lists.revision(one.id, number)
    contents = undone(one.contents, change.difference)
    return revise(tx, one, contents, by=by, deed=UNDONE, now=now)


def copy_of(contents: Contents) -> Contents:
    """The same for somebody else to change: competences, notes and order are kept."""
    return replace(contents, title=f"{contents.title} (copie)")
