"""Arranging a reading list, telling what differs, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Overtaken
from core.model import ArticleId
from core.people import PersonId
from core.reading_lists import (
    Advice,
    Contents,
    Item,
    ItemId,
    ListId,
    Revision,
    Section,
    SectionId,
    SkillId,
    contents_from_plain,
    contents_to_plain,
)
from core.references import Reference
from curation.differences import difference, shifted, shifted_by_another, undone
from curation.shelving import (
    moved,
    placed,
    section_moved,
    strangers,
    with_heading,
    with_item,
    with_items,
    with_new_section,
    without_items,
    without_section,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def item(name: str) -> Item:
    return Item(ItemId(name), Reference(title=f"Titre {name}", url=f"https://a.example/{name}"))


def listed(**sections: str) -> Contents:
    """A list by its sections' names and the letters of their items."""
    made = (
        Section(SectionId(name), name, "", tuple(map(item, letters)))
        for name, letters in sections.items()
    )
    return Contents("Liste", sections=tuple(made))


def shape(contents: Contents) -> str:
    return " ".join(
        f"{section.id}:{''.join(one.id for one in section.items)}" for section in contents.sections
    )


def test_up_and_down_go_through_the_sections() -> None:
    two = listed(x="ab", y="cd")
    assert shape(moved(two, "b", -1)) == "x:ba y:cd"
    assert shape(moved(two, "b", 1)) == "x:a y:bcd"
    assert shape(moved(two, "c", -1)) == "x:abc y:d"
    assert shape(moved(two, "a", -1)) == shape(moved(two, "d", 1)) == "x:ab y:cd"
    assert shape(moved(listed(x="a", y=""), "a", 1)) == "x: y:a"


def test_items_are_placed_before_another_or_at_the_end_of_a_section() -> None:
    two = listed(x="abc", y="de")
    assert shape(placed(two, ["c", "a"], "y", "e")) == "x:b y:dace"
    assert shape(placed(two, ["a"], "y")) == "x:bc y:dea"
    assert shape(placed(two, ["a"], "x")) == "x:bca y:de"
    with pytest.raises(Overtaken):
        placed(two, ["z"], "x")
    with pytest.raises(Overtaken):
        placed(two, ["a"], "gone")


def test_the_items_of_a_removed_section_stay() -> None:
    three = listed(x="a", y="bc", z="d")
    assert shape(without_section(three, "y")) == "x:abc z:d"
    assert shape(without_section(three, "x")) == "y:abc z:d"
    only = without_section(listed(x="a"), "x")
    assert (shape(only), only.sections[0].title) == ("x:a", "")


def test_sections_are_added_named_and_moved() -> None:
    nameless = Contents("Liste", sections=(Section(SectionId("x")),))
    first = with_new_section(nameless, "Textes")
    assert [(one.id, one.title) for one in first.sections] == [("x", "Textes")]
    second = with_new_section(first, "Récits")
    assert [one.title for one in section_moved(second, "x", 1).sections] == ["Récits", "Textes"]
    assert section_moved(second, "x", -1) == second
    assert with_heading(second, "x", "Lois", "À lire").sections[0].introduction == "À lire"


def test_what_the_list_has_already_is_not_added_again() -> None:
    held = with_items(listed(x="a"), [Item(ItemId("n"), Reference(title="N"), ArticleId(7))])
    again = [
        item("a"),
        Item(ItemId("m"), Reference(title="Autre titre"), ArticleId(7)),
        item("b"),
        replace(item("b"), id=ItemId("b2")),
    ]
    assert [one.id for one in strangers(held, again)] == ["b"]


def test_contents_come_back_from_json_as_they_were() -> None:
    full = replace(
        item("a"),
        article=ArticleId(3),
        note="Pourquoi\nle lire",
        question="Et vous ?",
        advice=Advice.REQUIRED,
        extent="p. 12-18",
        minutes=20,
        session="S1",
        skills=(SkillId("dc2018-1"),),
        archive="https://web.archive.example/a",
        added=NOW,
    )
    contents = with_item(listed(x="ab", y=""), full)
    assert contents_from_plain(contents_to_plain(contents)) == contents


# -- differences ----------------------------------------------------------------------------------


def test_a_change_is_undone_and_what_others_did_since_stays() -> None:
    first = listed(x="abc", y="d")
    gone = without_items(first, {"b"})
    change = difference(first, gone)
    later = with_items(moved(gone, "d", -1), [item("e")], "x")
    assert shape(later) == "x:acde y:"
    assert shape(undone(later, change)) == "x:abcde y:"


def test_a_part_changed_again_since_is_not_undone() -> None:
    first = listed(x="a")
    noted = with_item(first, replace(item("a"), note="Une"))
    again = with_item(noted, replace(item("a"), note="Deux"))
    change = difference(first, noted)
    assert undone(noted, change) == first
    with pytest.raises(Overtaken, match="item:a"):
        undone(again, change)


def test_undoing_an_addition_whose_item_was_removed_since_is_refused() -> None:
    first = listed(x="a")
    more = with_items(first, [item("b")])
    with pytest.raises(Overtaken):
        undone(without_items(more, {"b"}), difference(first, more))


def test_who_moved_what_is_known() -> None:
    first = listed(x="abc")
    change = difference(first, moved(first, "c", -1))
    assert shifted(change) in ({"item:b"}, {"item:c"})
    far = difference(first, placed(first, ["c"], "x", "a"))
    assert shifted(far) == {"item:c"}
    by = Revision(ListId(1), 2, NOW, PersonId(5), "move", far)
    assert shifted_by_another([by], "c", PersonId(6)) == by
    assert shifted_by_another([by], "c", PersonId(5)) is None
    assert shifted_by_another([by], "a", PersonId(6)) is None


letters = st.lists(st.sampled_from("abcdefgh"), unique=True)
steps = st.lists(
    st.tuples(st.sampled_from(["move", "remove", "section", "place"]), st.integers(0, 7)),
    max_size=6,
)


@given(letters, letters, steps)
def test_undoing_the_last_changes_one_after_the_other_gives_the_list_back(
    some: list[str], others: list[str], gestures: list[tuple[str, int]]
) -> None:
    contents = listed(x="".join(some), y="".join(o for o in others if o not in some))
    states = [contents]
    for gesture, number in gestures:
        contents = _changed(contents, gesture, number)
        states.append(contents)
    for before, after in reversed(list(pairwise(states))):
        contents = undone(contents, difference(before, after))
        assert contents == before


def _changed(contents: Contents, gesture: str, number: int) -> Contents:
    held = [one.id for one in contents.items]
    if gesture == "section":
        if number % 2 or len(contents.sections) == 1:
            return with_new_section(contents, f"Partie {number}")
        return without_section(contents, contents.sections[number % len(contents.sections)].id)
    if not held:
        return contents
    id = held[number % len(held)]
    if gesture == "move":
        return moved(contents, id, 1 if number % 2 else -1)
    if gesture == "remove":
        return without_items(contents, {id})
    return placed(contents, [id], contents.sections[number % len(contents.sections)].id)
