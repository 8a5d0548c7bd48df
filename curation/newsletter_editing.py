"""A letter changed by one gesture. Pure: each gives another content, and loses nothing else.

A gesture on something that is not there (somebody else removed it) changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from core.newsletters import Content, Entry, Section

T = TypeVar("T", Entry, Section)


def entry_of(content: Content, id: str) -> Entry | None:
    """The entry so named."""
    return next((entry for entry in content.entries if entry.id == id), None)


def section_of(content: Content, id: str) -> Section | None:
    """The section so named, or the one in which the entry so named is."""
    for section in content.sections:
        if id == section.id or any(entry.id == id for entry in section.entries):
            return section
    return None


def with_entries(content: Content, entries: Iterable[Entry], *, section: str = "") -> Content:
    """These added at the end of a section: the one named, else the last one."""
    if not content.sections:
        return content
    into = section_of(content, section) or content.sections[-1]
    return _with_section(content, replace(into, entries=(*into.entries, *entries)))


def with_section(content: Content, section: Section) -> Content:
    """One more section, at the end."""
    return replace(content, sections=(*content.sections, section))


def changed(content: Content, id: str, change: Callable[[Entry], Entry]) -> Content:
    """One entry changed."""
    return _each_section(
        content, lambda entries: [change(one) if one.id == id else one for one in entries]
    )


def removed(content: Content, id: str) -> Content:
    """Without an entry, or without a section and all that is in it."""
    kept = tuple(section for section in content.sections if section.id != id)
    return _each_section(
        replace(content, sections=kept), lambda entries: [one for one in entries if one.id != id]
    )


def raised(content: Content, id: str) -> Content:
    """An entry, or a section, one place up; the first of a section goes to the end of the former.

    What is first stays so.
    """
    sections = list(content.sections)
    if any(section.id == id for section in sections):
        return replace(content, sections=_swapped(sections, id, -1))
    at = _index_of(sections, id)
    if at is None:
        return content
    section = sections[at]
    if section.entries[0].id != id:
        sections[at] = replace(section, entries=_swapped(section.entries, id, -1))
    elif at > 0:
        sections[at] = replace(section, entries=section.entries[1:])
        above = sections[at - 1]
        sections[at - 1] = replace(above, entries=(*above.entries, section.entries[0]))
    return replace(content, sections=tuple(sections))


def lowered(content: Content, id: str) -> Content:
    """One place down, likewise: the last of a section goes to the beginning of the next."""
    return _reversed(raised(_reversed(content), id))


def placed(content: Content, id: str, section: str) -> Content:
    """An entry at the end of another section."""
    entry, into = entry_of(content, id), section_of(content, section)
    if entry is None or into is None or any(one.id == id for one in into.entries):
        return content
    return with_entries(removed(content, id), [entry], section=into.id)


def ordered(content: Content, order: Sequence[tuple[str, Sequence[str]]]) -> Content:
    """Its sections, and their entries, in this order: (section, entries) by their ids.

    What the order does not name is left out; what it names and the content has not, too.
    """
    sections = {section.id: section for section in content.sections}
    entries = {entry.id: entry for entry in content.entries}
    kept: list[Section] = []
    for id, wanted in order:
        if section := sections.pop(id, None):
            own = (entries.pop(one, None) for one in wanted)
            kept.append(replace(section, entries=tuple(one for one in own if one)))
    return replace(content, sections=tuple(kept))


def order_of(content: Content) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The ids of its sections, with those of their entries."""
    return tuple(
        (section.id, tuple(one.id for one in section.entries)) for section in content.sections
    )


def _with_section(content: Content, section: Section) -> Content:
    sections = tuple(section if one.id == section.id else one for one in content.sections)
    return replace(content, sections=sections)


def _each_section(
    content: Content, change: Callable[[tuple[Entry, ...]], Iterable[Entry]]
) -> Content:
    sections = (replace(one, entries=tuple(change(one.entries))) for one in content.sections)
    return replace(content, sections=tuple(sections))


def _index_of(sections: Sequence[Section], id: str) -> int | None:
    found = (at for at, one in enumerate(sections) if any(entry.id == id for entry in one.entries))
    return next(found, None)


def _swapped(things: Sequence[T], id: str, step: int) -> tuple[T, ...]:
    moved = list(things)
    at = next(n for n, one in enumerate(moved) if one.id == id)
    other = at + step
    if 0 <= other < len(moved):
        moved[at], moved[other] = moved[other], moved[at]
    return tuple(moved)


def _reversed(content: Content) -> Content:
    sections = (replace(one, entries=one.entries[::-1]) for one in content.sections[::-1])
    return replace(content, sections=tuple(sections))


def ids_of(content: Content) -> set[str]:
    """All the ids that are taken."""
    return set(chain((one.id for one in content.sections), (one.id for one in content.entries)))
