"""The stories that strands make, and what people say of them: that holds over what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from core.errors import Conflict
from core.model import ArticleId
from core.people import PersonId
from core.text import NBSP
from store import ReadTransaction, Transaction
from store.stories import Standing
from store.story_sayings import Pair, Saying

KIND: Final = "story"  # of an article, in the audit trail
SAME, OTHER = "même sujet", "autre sujet"


class SaidApart(Conflict):
    """Somebody said that these two do not tell the same story; ``pair``: which."""

    def __init__(self, pair: Pair) -> None:
        super().__init__(f"articles {pair[0]} and {pair[1]} were said to tell different stories")
        self.pair = pair


# -- what people say ------------------------------------------------------------------------------


def say_together(
    tx: Transaction, one: ArticleId, other: ArticleId, *, by: PersonId | None, now: datetime
) -> int:
    """Two articles tell the same story: theirs become one, for ever. The saying's number.

    Raises SaidApart when an article of one was said to tell another story than one of the other.
    """
    if pair := parted(tx, story_around(tx, [one]), story_around(tx, [other])):
        raise SaidApart(pair)
    id = tx.story_sayings.say([one], [other], together=True, by=by, now=now)
    arrange(tx, [one, other])
    _record(tx, [one], [other], ("", SAME), by=by, now=now)
    return id


def say_apart(
    tx: Transaction, ones: Iterable[ArticleId], *, by: PersonId | None, now: datetime
) -> int | None:
    """These articles tell another story than those they stand with, for ever. The saying's number.

    None when they stand with no other. What is left of each strand is one still.
    """
    gone = set(ones)
    others = story_around(tx, gone) - gone
    if not others:
        return None
    id = tx.story_sayings.say(gone, others, together=False, by=by, now=now)
    strands = {one.strand for one in tx.stories.standings(gone).values()}
    for strand, members in tx.stories.members(strands).items():
        for part in (gone & set(members), set(members) - gone):
            if part:
                tx.stories.put(strand if strand in part else min(part), part)
    arrange(tx, gone | others)
    _record(tx, gone, others, ("", OTHER), by=by, now=now)
    return id


def take_back(tx: Transaction, id: int, *, by: PersonId | None, now: datetime) -> Saying | None:
    """What was said under this number holds no longer: what it was, unless taken back already.

    What it separated stands together again, and is looked at anew by the stage.
    """
    said = tx.story_sayings.by_id(id)
    if said is None:
        return None
    tx.story_sayings.take_back(id)
    if not said.together:
        _rejoin(tx, said)
    arrange(tx, {*said.ones, *said.others})
    word = SAME if said.together else OTHER
    _record(tx, said.ones, said.others, (word, ""), by=by, now=now)
    return said


def _rejoin(tx: Transaction, said: Saying) -> None:
    """What this alone kept apart stands together again, until the stage has looked."""
    ids = {*said.ones, *said.others}
    tx.stories.ask_again(ids)
    standings = tx.stories.standings(ids)
    strands = {standings[id].strand if id in standings else id for id in ids}
    first, *further = sorted(strands)
    whole = set(tx.stories.members([first]).get(first, [first]))
    for strand in further:
        members = set(tx.stories.members([strand]).get(strand, [strand]))
        if not parted(tx, story_around(tx, whole), story_around(tx, members)):
            whole |= members
            tx.stories.put(first, whole)


def _record(
    tx: Transaction,
    ones: Iterable[ArticleId],
    others: Iterable[ArticleId],
    words: tuple[str, str],
    *,
    by: PersonId | None,
    now: datetime,
) -> None:
    """Leave a trace with each article: what was said of it and others, and is now."""
    names = [f"article n°{NBSP}{other}" for other in sorted(others)]
    before, after = (dict.fromkeys(names, word) if word else {} for word in words)
    for one in sorted(ones):
        tx.audit.record(by, "tell", KIND, one, before, after, now=now)


# -- what follows ---------------------------------------------------------------------------------


def story_around(tx: ReadTransaction, ids: Iterable[ArticleId]) -> set[ArticleId]:
    """These articles, and all that stand in a story with one of them."""
    own = set(ids)
    return own | tx.stories.beside(own).keys()


def parted(
    tx: ReadTransaction, ones: Collection[ArticleId], others: Collection[ArticleId]
) -> Pair | None:
    """Two articles, one of each, that somebody said do not tell the same story, if there are."""
    return next(_straddling(tx.story_sayings.verdicts(ones), ones, others), None)


def arrange(tx: Transaction, ids: Iterable[ArticleId]) -> None:
    """Have these articles, and those that follow from one to the next, stand in their stories."""
    standings, said = _linked(tx, ids)
    strands = {id: one.strand for id, one in standings.items()}
    bound = {id for pair, same in said.items() if same for id in pair}
    strands |= {id: id for id in tx.stories.present(bound - strands.keys())}
    wanted = {id: Standing(strands[id], story) for id, story in stories_of(strands, said).items()}
    tx.stories.place({id: one for id, one in wanted.items() if standings.get(id) != one})


def _linked(
    tx: ReadTransaction, ids: Iterable[ArticleId]
) -> tuple[dict[ArticleId, Standing], dict[Pair, bool]]:
    standings: dict[ArticleId, Standing] = {}
    said: dict[Pair, bool] = {}
    reached: set[ArticleId] = set()
    new = set(ids)
    while new:
        reached |= new
        standings |= tx.stories.beside(new)
        found = tx.story_sayings.verdicts(new)
        said |= found
        bound = {id for pair, same in found.items() if same for id in pair}
        new = (bound | standings.keys()) - reached
    return standings, said


def stories_of(
    strands: Mapping[ArticleId, ArticleId], said: Mapping[Pair, bool]
) -> dict[ArticleId, ArticleId]:
    """The story of each article: its strand, joined with others where somebody said so. Pure.

    Two articles that somebody said to tell different stories share none. A story is known by the
    lowest number of its strands.
    """
    of: dict[ArticleId, set[ArticleId]] = {}
    for id, strand in strands.items():
        of.setdefault(strand, set()).add(id)
    of = {id: of[strand] for id, strand in strands.items()}
    for one, other in sorted(pair for pair, same in said.items() if same):
        first, second = of.get(one), of.get(other)
        if first is None or second is None or first is second:
            continue
        if next(_straddling(said, first, second), None) is None:
            first |= second
            of |= dict.fromkeys(second, first)
    return {id: min(strands[member] for member in of[id]) for id in of}


def _straddling(
    said: Mapping[Pair, bool], ones: Collection[ArticleId], others: Collection[ArticleId]
) -> Iterator[Pair]:
    """The pairs said to be apart of which one is on each side."""
    for (one, other), same in said.items():
        if not same and ((one in ones and other in others) or (other in ones and one in others)):
            yield one, other
