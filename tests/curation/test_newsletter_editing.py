"""Gestures on a letter: up, down, elsewhere, out. Nothing else changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.newsletters import Content, Entry, EntryKind, Section
from curation.newsletter_editing import (
    changed,
    entry_of,
    ids_of,
    lowered,
    order_of,
    ordered,
    placed,
    raised,
    removed,
    with_entries,
    with_section,
)
from tests.curation.letters import letters

A, B, C = (Entry(id, EntryKind.LINK, title=id) for id in "abc")
LETTER = Content(sections=(Section("s", "Une", (A, B)), Section("t", "Deux", (C,))))


@given(letters(), st.integers(0, 20))
def test_moving_loses_nothing(content: Content, number: int) -> None:
    ids = sorted(ids_of(content))
    id = ids[number % len(ids)]
    for moved in (raised(content, id), lowered(content, id)):
        assert Counter(moved.entries) == Counter(content.entries)
        assert sorted(ids_of(moved)) == ids


@given(letters(), st.integers(0, 20))
def test_up_then_down_is_as_before(content: Content, number: int) -> None:
    ids = sorted(ids_of(content))
    id = ids[number % len(ids)]
    if raised(content, id) != content:
        assert lowered(raised(content, id), id) == content


def test_an_entry_goes_up_within_its_section_then_into_the_one_above() -> None:
    assert order_of(raised(LETTER, "b")) == (("s", ("b", "a")), ("t", ("c",)))
    assert order_of(raised(LETTER, "c")) == (("s", ("a", "b", "c")), ("t", ()))
    assert raised(LETTER, "a") == LETTER
    assert order_of(lowered(LETTER, "b")) == (("s", ("a",)), ("t", ("b", "c")))
    assert order_of(raised(LETTER, "t")) == (("t", ("c",)), ("s", ("a", "b")))


def test_an_entry_goes_elsewhere_or_out() -> None:
    assert order_of(placed(LETTER, "a", "t")) == (("s", ("b",)), ("t", ("c", "a")))
    assert placed(LETTER, "a", "s") == placed(LETTER, "a", "nowhere") == LETTER
    assert order_of(removed(LETTER, "a")) == (("s", ("b",)), ("t", ("c",)))
    assert order_of(removed(LETTER, "s")) == (("t", ("c",)),)
    assert removed(LETTER, "gone") == raised(LETTER, "gone") == LETTER


def test_entries_are_added_where_they_are_wanted_else_at_the_end() -> None:
    new = Entry("n", EntryKind.TEXT)
    assert order_of(with_entries(LETTER, [new], section="s"))[0] == ("s", ("a", "b", "n"))
    assert order_of(with_entries(LETTER, [new]))[1] == ("t", ("c", "n"))
    assert with_section(LETTER, Section("u", "Trois")).sections[-1].title == "Trois"


def test_one_entry_is_changed() -> None:
    after = changed(LETTER, "b", lambda entry: replace(entry, title="autre"))
    assert entry_of(after, "b") == replace(B, title="autre")
    assert entry_of(after, "a") == A


def test_an_order_names_what_stays() -> None:
    after = ordered(LETTER, [("t", ("a", "gone", "c", "a"))])
    assert order_of(after) == (("t", ("a", "c")),)
