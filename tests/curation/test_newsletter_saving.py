"""Two editors in one letter: whatever the order of their saves, all that they wrote can be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Conflict
from core.newsletters import Content, Entry, EntryKind, NewsletterId, Section, Version
from core.people import PersonId
from curation.newsletter_editing import entry_of
from curation.newsletter_merging import Collision
from curation.newsletter_saving import Saving, milestones, save, superfluous
from store import Store

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ONE, TWO = (Entry(id, EntryKind.LINK, title=id) for id in "ab")
FIRST = Content("Objet", sections=(Section("s", "Une", (ONE, TWO)),))


@pytest.fixture
def draft(store: Store) -> NewsletterId:
    with store.begin() as tx:
        return tx.newsletters.add(FIRST, since=NOW - timedelta(days=7), until=NOW, by=None, now=NOW)


def write(content: Content, id: str, text: str) -> Content:
    entries = tuple(replace(e, text=text) if e.id == id else e for e in content.entries)
    return replace(content, sections=(replace(content.sections[0], entries=entries),))


def kept(store: Store, draft: NewsletterId, mine: Content, read: int) -> Saving:
    with store.begin() as tx:
        return save(tx, draft, mine, read=read, by=None, now=NOW)


def letter(store: Store, draft: NewsletterId) -> Content:
    with store.read() as tx:
        return tx.newsletters.by_id(draft).content


def test_alone_each_change_is_a_version_and_no_change_is_none(
    store: Store, draft: NewsletterId
) -> None:
    assert kept(store, draft, FIRST, 1) == Saving(1)
    assert kept(store, draft, write(FIRST, "a", "un"), 1) == Saving(2)
    assert letter(store, draft) == write(FIRST, "a", "un")


def test_two_pages_open_for_long_go_on_side_by_side(store: Store, draft: NewsletterId) -> None:
    """Each page saves over what it shows; neither is read again, as autosave does."""
    hers, his = write(FIRST, "a", "elle"), write(FIRST, "b", "lui")
    seen = {"elle": kept(store, draft, hers, 1), "lui": kept(store, draft, his, 1)}
    assert seen["lui"].by_others
    for turn in range(3):
        hers, his = write(hers, "a", f"elle {turn}"), write(his, "b", f"lui {turn}")
        seen["elle"] = kept(store, draft, hers, seen["elle"].version)
        seen["lui"] = kept(store, draft, his, seen["lui"].version)
        assert not seen["elle"].collisions
        assert not seen["lui"].collisions
    texts = [one.text for one in letter(store, draft).entries]
    assert texts == ["elle 2", "lui 2"]


def test_of_the_same_field_the_first_is_kept_and_the_other_can_be_brought_back(
    store: Store, draft: NewsletterId
) -> None:
    kept(store, draft, write(FIRST, "a", "elle"), 1)
    saving = kept(store, draft, write(FIRST, "a", "lui"), 1)
    assert saving.collisions == (Collision("a", "text"),)
    found = entry_of(letter(store, draft), "a")
    assert found is not None
    assert found.text == "elle"
    with store.read() as tx:
        assert tx.newsletters.content_of(draft, saving.version) == write(FIRST, "a", "lui")
    # The page that shows « lui » may be saved again without taking hers away.
    again = kept(store, draft, write(FIRST, "a", "lui"), saving.version)
    assert again == Saving(saving.version, by_others=True)
    assert letter(store, draft) == write(FIRST, "a", "elle")


def test_what_is_sent_is_not_changed_any_more(store: Store, draft: NewsletterId) -> None:
    with store.begin() as tx:
        tx.newsletters.schedule(draft, NOW, slug="une", over=1)
    assert kept(store, draft, FIRST, 1) == Saving(1)
    with pytest.raises(Conflict):
        kept(store, draft, write(FIRST, "a", "tard"), 1)


def version(number: int, minutes: int, by: int = 1) -> Version:
    return Version(number, NOW - timedelta(minutes=minutes), PersonId(by))


def test_versions_worth_telling_are_those_before_a_pause_or_somebody_else() -> None:
    told = milestones(
        [version(6, 0), version(5, 1), version(4, 30), version(3, 31), version(2, 32, 2),
         version(1, 33)]
    )  # fmt: skip
    assert [one.number for one in told] == [6, 4, 2, 1]


def test_old_versions_are_thinned_to_one_an_hour_and_person() -> None:
    day = 24 * 60
    versions = [
        version(9, 1), version(8, 2), version(7, day + 40), version(6, day + 41),
        version(5, day + 42, 2), version(4, day + 43, 2), version(3, day + 200),
    ]  # fmt: skip
    assert superfluous(versions, NOW) == [6, 4]
