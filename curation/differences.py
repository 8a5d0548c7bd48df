"""What differs between two states of a reading list, and taking one change back. Pure.

A list is seen as parts: its texts, each item, each section's heading, and the order of all. A
change is undone part by part on the list as it stands now: what others did since stays, and a
part that somebody changed again since raises Overtaken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from core.errors import Overtaken
from core.people import PersonId
from core.reading_lists import Contents, Revision, contents_from_plain, contents_to_plain

Difference = Mapping[str, tuple[Any, Any]]

ORDER: Final = "order"
ITEM: Final = "item:"
SECTION: Final = "section:"
_HEADING: Final = ("title", "introduction")


def difference(before: Contents, after: Contents) -> dict[str, tuple[Any, Any]]:
    """For each part that differs, what it was and what it became; None for what was not there."""
    old, new = _parts(before), _parts(after)
    names = (*old, *(name for name in new if name not in old))
    return {
        name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    }


def undone(contents: Contents, change: Difference) -> Contents:
    """The list as it stands, without this change. Raises Overtaken, naming the part."""
    parts = _parts(contents)
    for name, (before, after) in change.items():
        if name == ORDER:
            continue
        if parts.get(name) != after:
            raise Overtaken("part", name)
        if before is None:
            del parts[name]
        else:
            parts[name] = before
    if ORDER in change:
        parts[ORDER] = _rearranged(parts[ORDER], *change[ORDER])
    return _whole(parts)


def shifted(change: Difference) -> frozenset[str]:
    """The items and sections that a change put elsewhere, by their names as parts."""
    return frozenset(_shifted(*change[ORDER])) if ORDER in change else frozenset()


def shifted_by_another(changes: Sequence[Revision], id: str, me: PersonId) -> Revision | None:
    """The last of these changes by which somebody else moved an item (or a section)."""
    names = {ITEM + id, SECTION + id}
    theirs = (one for one in reversed(changes) if one.who != me)
    return next((one for one in theirs if names & shifted(one.difference)), None)


# -- inside ---------------------------------------------------------------------------------------


def _parts(contents: Contents) -> dict[str, Any]:
    plain = contents_to_plain(contents)
    sections = plain.pop("sections")
    order: list[str] = []
    for section in sections:
        order.append(SECTION + section["id"])
        plain[SECTION + section["id"]] = [section[name] for name in _HEADING]
        for item in section["items"]:
            order.append(ITEM + item["id"])
            plain[ITEM + item["id"]] = item
    return plain | {ORDER: order}


def _whole(parts: dict[str, Any]) -> Contents:
    order = [name for name in parts[ORDER] if name in parts]
    first = next(n for n, name in enumerate(order) if name.startswith(SECTION))
    order = [order[first], *order[:first], *order[first + 1 :]]
    plain = {name: held for name, held in parts.items() if ":" not in name and name != ORDER}
    return contents_from_plain(plain | {"sections": list(_sections(order, parts))})


def _sections(order: Sequence[str], parts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    section: dict[str, Any] = {}
    for name in order:
        if name.startswith(ITEM):
            section["items"].append(parts[name])
            continue
        if section:
            yield section
        heading = dict(zip(_HEADING, parts[name], strict=True))
        section = {"id": name.removeprefix(SECTION), "items": [], **heading}
    yield section


def _shifted(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """What is not where it was, taking as many as possible to have stayed."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    stayed = {name for at, _, n in matcher.get_matching_blocks() for name in before[at : at + n]}
    return {*before, *after} - stayed


def _rearranged(now: Sequence[str], before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Today's order, with what went from ``before`` to ``after`` back where it was."""
    away = _shifted(before, after)
    order = [name for name in now if name not in away]
    for rank, name in enumerate(before):
        if name in away:
            order.insert(_after_the_one_before(order, before[:rank]), name)
    return order


def _after_the_one_before(order: list[str], earlier: Sequence[str]) -> int:
    for name in reversed(earlier):
        if name in order:
            return order.index(name) + 1
    return 0
