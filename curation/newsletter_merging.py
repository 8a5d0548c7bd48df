"""Two editors' changes to one letter, made from the same version, brought together.

Field by field: what one of them alone changed is as they changed it. What both changed differently
stays as the one wrote it who saved first, and is told to the other, whose words are kept as a
version of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

from core.newsletters import Content, Entry, Section
from curation.newsletter_editing import order_of

T = TypeVar("T", Content, Section, Entry)
Order = Sequence[tuple[str, tuple[str, ...] | list[str]]]

ORDER: Final = "order"
# The fields that are brought together one by one.
_OWN: Final = {
    Content: ("subject", "foreword", "signature"),
    Section: ("title", "brief"),
    Entry: tuple(
        field.name for field in fields(Entry) if field.name not in {"id", "kind", "is_quotation"}
    ),
}


@dataclass(frozen=True, slots=True)
class Collision:
    """Something that both changed: of which entry or section ("" for the letter), which field."""

    id: str
    field: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The letter with both's changes, and where only one's could be kept."""

    content: Content
    collisions: tuple[Collision, ...] = ()


def merge(base: Content | None, theirs: Content, mine: Content) -> Merged:
    """``base``: what both began from; None when it is not known any more.

    Of a base that is not known, all that differs counts as changed by both.
    """
    if mine == theirs:
        return Merged(theirs)
    if base is None:
        return Merged(theirs, tuple(_differences(theirs, mine)))
    found: list[Collision] = []
    result = _fields("", base, theirs, mine, found)
    order = _order(base, theirs, mine, found)
    sections = _named(base.sections), _named(theirs.sections), _named(mine.sections)
    entries = _named(base.entries), _named(theirs.entries), _named(mine.entries)
    merged = [
        replace(
            _thing(section, *sections, found),
            entries=tuple(_thing(entry, *entries, found) for entry in own),
        )
        for section, own in order
    ]
    return Merged(replace(result, sections=tuple(merged)), tuple(found))


def _thing(
    id: str,
    base: dict[str, Any],
    theirs: dict[str, Any],
    mine: dict[str, Any],
    found: list[Collision],
) -> Any:
    """A section or an entry that stays, of what each side has of it."""
    if id not in theirs or id not in mine:
        return theirs.get(id) or mine.get(id)
    return _fields(id, base.get(id, theirs[id]), theirs[id], mine[id], found)


def _fields(id: str, base: T, theirs: T, mine: T, found: list[Collision]) -> T:
    values: dict[str, Any] = {}
    for name in _OWN[type(base)]:
        was, one, other = (getattr(side, name) for side in (base, theirs, mine))
        values[name] = other if one == was else one
        if was not in (one, other) and one != other:
            found.append(Collision(id, name))
    if isinstance(theirs, Entry) and isinstance(mine, Entry):  # goes with the text
        values["is_quotation"] = (theirs if values["text"] == theirs.text else mine).is_quotation
    return replace(theirs, **values)


def _order(base: Content, theirs: Content, mine: Content, found: list[Collision]) -> Order:
    """As the side has it that moved something, theirs if both did, with what the other did.

    What one removed and the other wrote in stays.
    """
    was = order_of(base)
    they_moved, i_moved = (_moved(was, order_of(side)) for side in (theirs, mine))
    if they_moved and i_moved and order_of(theirs) != order_of(mine):
        found.append(Collision("", ORDER))
    main, side = (mine, theirs) if i_moved and not they_moved else (theirs, mine)
    before, written = _ids(was), _changed(base, side)
    removed = before - _ids(order_of(side)) - _changed(base, main)
    added = {id for id in _ids(order_of(side)) if id not in before or id in written}
    kept = _without(order_of(main), removed)
    _add(kept, order_of(side), added - _ids(order_of(main)))
    return kept


def _without(order: Order, removed: set[str]) -> list[tuple[str, list[str]]]:
    """A removed section stays as long as it holds something."""
    kept = [(section, [id for id in own if id not in removed]) for section, own in order]
    return [(section, own) for section, own in kept if own or section not in removed]


def _add(order: list[tuple[str, list[str]]], side: Order, added: set[str]) -> None:
    """Put what was added where it stands on its side: after the one that it follows there."""
    held = dict(order)
    for section, own in side:
        new = [id for id in own if id in added]
        if section not in held and (new or section in added):
            held[section] = []
            order.append((section, held[section]))
        for id in new:
            former = [one for one in own[: own.index(id)] if one in held[section]]
            held[section].insert(held[section].index(former[-1]) + 1 if former else 0, id)


def _ids(order: Order) -> set[str]:
    return {id for section, own in order for id in (section, *own)}


def _moved(was: Order, now: Order) -> bool:
    """Whether what both have stands otherwise."""
    return _common(was, now) != _common(now, was)


def _common(order: Order, other: Order) -> list[tuple[str, list[str]]]:
    there = _ids(other)
    return [
        (section, [id for id in own if id in there]) for section, own in order if section in there
    ]


def _changed(base: Content, now: Content) -> set[str]:
    """The entries and sections that were added or written in."""
    before = {**_named(base.sections), **_named(base.entries)}
    after = {**_named(now.sections), **_named(now.entries)}
    return {id for id, thing in after.items() if id not in before or _differs(before[id], thing)}


def _differs(one: Any, other: Any) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in _OWN[type(one)])


def _named(things: Any) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def _differences(theirs: Content, mine: Content) -> list[Collision]:
    found = [Collision("", name) for name in _OWN[Content] if _unlike(theirs, mine, name)]
    ours = {**_named(mine.sections), **_named(mine.entries)}
    for id, thing in {**_named(theirs.sections), **_named(theirs.entries)}.items():
        if other := ours.get(id):
            names = _OWN[type(thing)]
            found += [Collision(id, name) for name in names if _unlike(thing, other, name)]
    if order_of(theirs) != order_of(mine):
        found.append(Collision("", ORDER))
    return found


def _unlike(one: Any, other: Any, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))
