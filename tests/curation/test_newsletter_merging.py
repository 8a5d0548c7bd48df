"""Two editors at once: whatever they do, nobody's words are lost without being told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.newsletters import Content, Entry, EntryKind, Section
from curation.newsletter_editing import entry_of, ids_of, lowered, order_of, raised, removed
from curation.newsletter_merging import ORDER, Collision, merge
from tests.curation.letters import edited, letters

ONE, TWO, THREE = (Entry(id, EntryKind.LINK, title=id, text=f"texte {id}") for id in "abc")
BASE = Content("Objet", "Édito", "", (Section("s", "À la une", (ONE, TWO, THREE)),))


def write(content: Content, id: str, text: str) -> Content:
    sections = (
        replace(
            section,
            entries=tuple(replace(e, text=text) if e.id == id else e for e in section.entries),
        )
        for section in content.sections
    )
    return replace(content, sections=tuple(sections))


@st.composite
def sides(draw: st.DrawFn) -> tuple[Content, Content, Content]:
    base = draw(letters())
    return base, draw(edited(base, "elle")), draw(edited(base, "lui"))


@given(sides())
def test_what_one_alone_wrote_is_there_and_what_both_wrote_is_told(
    drawn: tuple[Content, Content, Content],
) -> None:
    base, theirs, mine = drawn
    merged = merge(base, theirs, mine)
    told = set(merged.collisions)
    for entry in mine.entries:
        was, other, now = (entry_of(side, entry.id) for side in (base, theirs, merged.content))
        if was is None:
            assert now == entry  # added
        elif entry.text != was.text:
            assert now is not None
            if other is None or other.text == was.text:
                assert now.text == entry.text
            elif other.text != entry.text:
                assert now.text == other.text
                assert Collision(entry.id, "text") in told
    for entry in theirs.entries:
        was, now = entry_of(base, entry.id), entry_of(merged.content, entry.id)
        if was is None or was.text != entry.text:
            assert now is not None
            assert now.text == entry.text


@given(sides())
def test_nothing_stands_twice_and_nothing_comes_from_nowhere(
    drawn: tuple[Content, Content, Content],
) -> None:
    base, theirs, mine = drawn
    content = merge(base, theirs, mine).content
    assert len(ids_of(content)) == len(content.sections) + sum(1 for _ in content.entries)
    assert ids_of(content) <= ids_of(theirs) | ids_of(mine)
    # What neither wrote in and one of them removed is gone.
    for entry in base.entries:
        left = [one for side in (theirs, mine) if (one := entry_of(side, entry.id)) is not None]
        if len(left) < 2 and all(one == entry for one in left):
            assert entry_of(content, entry.id) is None


@given(sides())
def test_alone_one_is_simply_right(drawn: tuple[Content, Content, Content]) -> None:
    base, _, mine = drawn
    assert merge(base, base, mine).content == mine
    assert merge(base, mine, base).content == mine
    assert merge(base, mine, mine) == merge(None, mine, mine)
    assert not merge(base, base, mine).collisions


def test_one_moves_while_the_other_writes() -> None:
    merged = merge(BASE, raised(BASE, "c"), write(BASE, "c", "autre"))
    assert not merged.collisions
    assert order_of(merged.content) == (("s", ("a", "c", "b")),)
    assert entry_of(merged.content, "c") == replace(THREE, text="autre")


def test_who_removes_what_the_other_writes_in_removes_it_not() -> None:
    for theirs, mine in (
        (removed(BASE, "b"), write(BASE, "b", "autre")),
        (write(BASE, "b", "autre"), removed(BASE, "b")),
    ):
        found = entry_of(merge(BASE, theirs, mine).content, "b")
        assert found is not None
        assert found.text == "autre"


def test_both_move_the_first_to_save_is_followed_and_the_other_told() -> None:
    merged = merge(BASE, raised(BASE, "c"), lowered(BASE, "a"))
    assert order_of(merged.content) == (("s", ("a", "c", "b")),)
    assert merged.collisions == (Collision("", ORDER),)


def test_of_a_base_that_is_not_known_all_that_differs_is_told() -> None:
    merged = merge(None, BASE, write(replace(BASE, subject="Autre"), "a", "autre"))
    assert merged.content == BASE
    assert merged.collisions == (Collision("", "subject"), Collision("a", "text"))


def test_a_quotation_stays_one_only_with_its_words() -> None:
    quoted = replace(
        BASE, sections=(replace(BASE.sections[0], entries=(replace(ONE, is_quotation=True), TWO)),)
    )
    typed = replace(
        quoted,
        sections=(replace(quoted.sections[0], entries=(replace(ONE, text="écrit"), TWO)),),
    )
    found = entry_of(merge(quoted, quoted, typed).content, "a")
    assert found is not None
    assert (found.text, found.is_quotation) == ("écrit", False)
