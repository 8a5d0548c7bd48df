"""Arranging a reading list: each gesture is a function from contents to contents. Pure.

Gestures name items and sections by their ids and apply to the list as it stands, so that two
people may work on it at once; what they name may be gone, which raises Overtaken.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from core.errors import Overtaken
from core.reading_lists import (
    MOST_ITEMS,
    MOST_SECTIONS,
    Contents,
    Item,
    ItemId,
    Section,
    SectionId,
)
from core.references import identities


class TooLong(ValueError):
    """A list cannot hold that much."""


def new_item_id() -> ItemId:
    """One that no list has."""
    return ItemId(secrets.token_hex(5))


def new_section() -> Section:
    """An empty one, without heading."""
    return Section(SectionId(secrets.token_hex(5)))


def empty(title: str) -> Contents:
    """A list with a title and nothing in it."""
    return Contents(title, sections=(new_section(),))


def item_of(contents: Contents, id: str) -> Item:
    """An item of a list. Raises Overtaken."""
    for item in contents.items:
        if item.id == id:
            return item
    raise Overtaken("item", id)


def section_of(contents: Contents, id: str) -> Section:
    """A section of a list. Raises Overtaken."""
    for section in contents.sections:
        if section.id == id:
            return section
    raise Overtaken("section", id)


# -- items ----------------------------------------------------------------------------------------


def strangers(contents: Contents, items: Iterable[Item]) -> list[Item]:
    """Those of these items that the list does not refer to yet, each once."""
    articles = set(contents.articles)
    known = {mark for item in contents.items for mark in identities(item.reference)}
    fresh: list[Item] = []
    for item in items:
        marks = identities(item.reference)
        if item.article not in articles - {None} and known.isdisjoint(marks):
            fresh.append(item)
            known |= marks
    return fresh


def with_items(contents: Contents, items: Sequence[Item], section: str = "") -> Contents:
    """The list with these at the end of a section (the last one unless said).

    Raises Overtaken when there is no such section, TooLong when they are too many.
    """
    if contents.size + len(items) > MOST_ITEMS:
        raise TooLong(f"{MOST_ITEMS} items")
    into = section_of(contents, section) if section else contents.sections[-1]
    return _with_section(contents, replace(into, items=(*into.items, *items)))


def without_items(contents: Contents, ids: Collection[str]) -> Contents:
    """The list without these; those already gone are no trouble."""
    return _each_section(contents, lambda items: [one for one in items if one.id not in ids])


def with_item(contents: Contents, item: Item) -> Contents:
    """The list with this item in the place of the one of its id. Raises Overtaken."""
    item_of(contents, item.id)
    return _each_section(contents, lambda items: [item if i.id == item.id else i for i in items])


def with_each(contents: Contents, ids: Collection[str], change: Callable[[Item], Item]) -> Contents:
    """The list with these items changed."""
    return _each_section(
        contents, lambda items: [change(one) if one.id in ids else one for one in items]
    )


def moved(contents: Contents, id: str, step: int) -> Contents:
    """The item one place up (-1) or down (1), into the next section at the end of its own.

    At the very top or bottom it stays. Raises Overtaken.
    """
    item_of(contents, id)
    at = next(n for n, one in enumerate(contents.sections) if any(i.id == id for i in one.items))
    items = list(contents.sections[at].items)
    rank = next(n for n, one in enumerate(items) if one.id == id)
    if 0 <= rank + step < len(items):
        items[rank], items[rank + step] = items[rank + step], items[rank]
        return _with_section(contents, replace(contents.sections[at], items=tuple(items)))
    if not 0 <= at + step < len(contents.sections):
        return contents
    other = contents.sections[at + step]
    before = other.items[0].id if step > 0 and other.items else ""
    return placed(contents, [id], other.id, before)


def placed(contents: Contents, ids: Sequence[str], section: str, before: str = "") -> Contents:
    """The items put in a section, in the order of the list: before an item of it, else at its end.

    Raises Overtaken when the section is gone, or all of the items.
    """
    section_of(contents, section)
    taken = [item for item in contents.items if item.id in set(ids)]
    if not taken:
        raise Overtaken("item", ids[0] if ids else "")
    rest = without_items(contents, {item.id for item in taken})
    into = section_of(rest, section)
    at = next((n for n, one in enumerate(into.items) if one.id == before), len(into.items))
    items = (*into.items[:at], *taken, *into.items[at:])
    return _with_section(rest, replace(into, items=items))


# -- sections -------------------------------------------------------------------------------------


def with_new_section(contents: Contents, title: str, introduction: str = "") -> Contents:
    """The list with one more section at its end. Raises TooLong.

    A list that has but its nameless, empty first section has that one named instead.
    """
    if len(contents.sections) >= MOST_SECTIONS:
        raise TooLong(f"{MOST_SECTIONS} sections")
    first = contents.sections[0]
    made = replace(new_section(), title=title, introduction=introduction)
    if len(contents.sections) == 1 and not (first.title or first.items):
        return replace(contents, sections=(replace(made, id=first.id),))
    return replace(contents, sections=(*contents.sections, made))


def with_heading(contents: Contents, id: str, title: str, introduction: str) -> Contents:
    """The list with another heading over a section. Raises Overtaken."""
    section = section_of(contents, id)
    return _with_section(contents, replace(section, title=title, introduction=introduction))


def without_section(contents: Contents, id: str) -> Contents:
    """The list without a section: its items join the one before, or else the one after.

    Of the only section, the heading goes. Raises Overtaken.
    """
    gone = section_of(contents, id)
    at = contents.sections.index(gone)
    sections = list(contents.sections)
    if len(sections) == 1:
        return with_heading(contents, id, "", "")
    heir = at - 1 if at else 1
    pieces = (sections[heir].items, gone.items) if at else (gone.items, sections[heir].items)
    sections[heir] = replace(sections[heir], items=(*pieces[0], *pieces[1]))
    del sections[at]
    return replace(contents, sections=tuple(sections))


def section_moved(contents: Contents, id: str, step: int) -> Contents:
    """The section one place up (-1) or down (1); at either end it stays. Raises Overtaken."""
    section = section_of(contents, id)
    sections = list(contents.sections)
    at = sections.index(section)
    if 0 <= at + step < len(sections):
        sections[at], sections[at + step] = sections[at + step], sections[at]
    return replace(contents, sections=tuple(sections))


# -- inside ---------------------------------------------------------------------------------------


def _with_section(contents: Contents, section: Section) -> Contents:
    sections = tuple(section if one.id == section.id else one for one in contents.sections)
    return replace(contents, sections=sections)


def _each_section(contents: Contents, change: Callable[[Sequence[Item]], list[Item]]) -> Contents:
    sections = (replace(one, items=tuple(change(one.items))) for one in contents.sections)
    return replace(contents, sections=tuple(sections))
