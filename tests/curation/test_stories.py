"""What people say of stories: joined or split, it holds whatever is found, and is taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import ArticleId
from curation.grouping import group
from curation.stories import SaidApart, arrange, say_apart, say_together, take_back
from curation.telling import tell
from store import Store
from tests.curation.test_telling import NEWS, NOW, RARITY, STRIKE, News, keep, stories

OTHER = [one for one in NEWS if one.event == "loi-aines"][:2]
LATER = News(
    STRIKE[0].event, "revue", 8, "Accord à Amarande après une semaine de grève",
    "Les salariés des foyers d’Amarande, en Haute-Creuse, ont voté la reprise. Le département "
    "finance six postes de nuit.",
)  # fmt: skip


@pytest.fixture
def strike(store: Store) -> list[ArticleId]:
    """Three articles on a strike, whose story was found."""
    ids = [keep(store, one) for one in STRIKE]
    tell(store, RARITY)
    assert stories(store) == [ids]
    return ids


@pytest.fixture
def other(store: Store, strike: list[ArticleId]) -> list[ArticleId]:
    """Two on something else, whose story was found too."""
    ids = [keep(store, one) for one in OTHER]
    tell(store, RARITY)
    assert stories(store) == [strike, ids]
    return ids


def apart(store: Store, *ids: ArticleId) -> int:
    with store.begin() as tx:
        said = say_apart(tx, ids, by=None, now=NOW)
    assert said is not None
    return said


def together(store: Store, one: ArticleId, other: ArticleId) -> int:
    with store.begin() as tx:
        return say_together(tx, one, other, by=None, now=NOW)


def back(store: Store, id: int) -> None:
    with store.begin() as tx:
        assert take_back(tx, id, by=None, now=NOW) is not None


def told_again(store: Store) -> None:
    """Have everything told anew, as by another method."""
    with store.begin() as tx:
        tx.stories.looked(tx.articles.ids(), "0")
    tell(store, RARITY)


def as_sets(store: Store) -> list[set[ArticleId]]:
    return [set(some) for some in stories(store)]


# -- split ----------------------------------------------------------------------------------------


def test_an_article_taken_out_never_comes_back(store: Store, strike: list[ArticleId]) -> None:
    first, second, third = strike
    apart(store, second)
    assert stories(store) == [[first, third]]
    later = keep(store, LATER)
    told_again(store)
    assert [set(some) & {first, second, third} for some in stories(store)] == [{first, third}]
    assert later in stories(store)[0]


def test_articles_taken_out_together_stay_together(store: Store, strike: list[ArticleId]) -> None:
    more = keep(store, LATER)
    tell(store, RARITY)
    apart(store, strike[1], more)
    assert as_sets(store) == [{strike[0], strike[2]}, {strike[1], more}]
    told_again(store)
    assert as_sets(store)[0] == {strike[0], strike[2]}


def test_a_story_known_by_the_article_taken_out_is_known_by_another(
    store: Store, strike: list[ArticleId]
) -> None:
    apart(store, strike[0])
    assert stories(store) == [strike[1:]]
    with store.read() as tx:
        assert tx.stories.timeline(strike[0]) is None
        assert tx.stories.timeline(strike[2]) == (strike[1], strike[1:])


def test_all_of_a_story_cannot_leave_it(store: Store, strike: list[ArticleId]) -> None:
    with store.begin() as tx:
        assert say_apart(tx, strike, by=None, now=NOW) is None
        assert tx.audit.recent(kind="story") == []
    assert stories(store) == [strike]


def test_a_split_taken_back_is_undone_at_once_and_when_told_again(
    store: Store, strike: list[ArticleId]
) -> None:
    said = apart(store, strike[1])
    back(store, said)
    assert stories(store) == [strike]
    with store.begin() as tx:
        assert take_back(tx, said, by=None, now=NOW) is None
        assert len(tx.audit.recent(kind="story")) == 2
    tell(store, RARITY)
    assert stories(store) == [strike]


# -- join -----------------------------------------------------------------------------------------


def test_two_stories_joined_are_one_for_ever(
    store: Store, strike: list[ArticleId], other: list[ArticleId]
) -> None:
    together(store, other[1], strike[2])
    assert as_sets(store) == [{*strike, *other}]
    with store.read() as tx:
        assert tx.stories.timeline(other[0]) == (strike[0], stories(store)[0])
        assert tx.stories.sources([strike[0]])[strike[0]] >= 3
    told_again(store)
    assert as_sets(store) == [{*strike, *other}]


def test_what_comes_later_joins_by_the_strand_that_it_is_like(
    store: Store, strike: list[ArticleId], other: list[ArticleId]
) -> None:
    together(store, other[1], strike[2])
    later = keep(store, LATER)
    tell(store, RARITY)
    assert as_sets(store) == [{*strike, *other, later}]


def test_an_article_in_no_story_is_brought_into_one_whenever_it_appeared(
    store: Store, strike: list[ArticleId]
) -> None:
    lone = keep(store, replace(OTHER[0], day=90))
    tell(store, RARITY)
    said = together(store, lone, strike[0])
    assert as_sets(store) == [{*strike, lone}]
    told_again(store)
    assert as_sets(store) == [{*strike, lone}]
    back(store, said)
    assert as_sets(store) == [set(strike)]


def test_a_join_taken_back_leaves_the_stories_as_they_were_found(
    store: Store, strike: list[ArticleId], other: list[ArticleId]
) -> None:
    back(store, together(store, other[1], strike[2]))
    assert as_sets(store) == [set(strike), set(other)]
    told_again(store)
    assert as_sets(store) == [set(strike), set(other)]


# -- both -----------------------------------------------------------------------------------------


def test_stories_said_apart_are_not_joined_until_it_is_taken_back(
    store: Store, strike: list[ArticleId], other: list[ArticleId]
) -> None:
    said = apart(store, strike[1])
    with pytest.raises(SaidApart) as refused:
        together(store, strike[1], strike[2])
    assert set(refused.value.pair) <= set(strike)
    together(store, strike[1], other[0])  # its own way is free
    with pytest.raises(SaidApart):
        together(store, other[1], strike[0])
    back(store, said)
    assert as_sets(store) == [{*strike, *other}]


def test_a_story_that_was_joined_is_split_elsewhere(
    store: Store, strike: list[ArticleId], other: list[ArticleId]
) -> None:
    joined = together(store, other[1], strike[2])
    apart(store, other[0])
    assert as_sets(store) == [{*strike, other[1]}]
    told_again(store)
    assert as_sets(store) == [{*strike, other[1]}]
    back(store, joined)
    assert as_sets(store) == [set(strike)]


def test_what_was_said_of_a_copy_holds_for_the_one_that_leads(
    store: Store, strike: list[ArticleId]
) -> None:
    apart(store, strike[1])
    same = STRIKE[1]
    earlier = keep(store, replace(same, source="depeche", day=same.day - 0.5))
    group(store)
    with store.read() as tx:
        assert tx.groups.leaders([strike[1]]) == {strike[1]: earlier}
    told_again(store)
    assert as_sets(store) == [{strike[0], strike[2]}]


def test_each_gesture_leaves_its_trace(
    store: Store, strike: list[ArticleId], other: list[ArticleId]
) -> None:
    apart(store, strike[1])
    back(store, together(store, other[0], strike[0]))
    with store.read() as tx:
        trail = tx.audit.recent(kind="story")
    nbsp = "\u00a0"
    assert [(one.key, one.before, one.after) for one in reversed(trail)] == [
        (str(strike[1]), {},
         {f"article n°{nbsp}{id}": "autre sujet" for id in (strike[0], strike[2])}),
        (str(other[0]), {}, {f"article n°{nbsp}{strike[0]}": "même sujet"}),
        (str(other[0]), {f"article n°{nbsp}{strike[0]}": "même sujet"}, {}),
    ]  # fmt: skip


def test_arranging_again_changes_nothing(
    store: Store, strike: list[ArticleId], other: list[ArticleId]
) -> None:
    together(store, other[1], strike[2])
    apart(store, strike[1])
    before = stories(store)
    for id in (*strike, *other):
        with store.begin() as tx:
            arrange(tx, [id])
    assert stories(store) == before
