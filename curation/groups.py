"""Groups of near-duplicates, made of what was found pair by pair. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.model import ArticleId, Likeness, SameNews
from store.groups import Group, Member, Pair

READ = 300  # characters from which a text was read, not only its announcement
FULL = 2 / 3  # of the group's longest text: shorter is an abridgement
_STRENGTH = (
    Likeness.HAND,
    Likeness.TEXT,
    Likeness.PART,
    Likeness.REWORKED,
    Likeness.TITLE,
)


def groups_of(members: Iterable[Member], pairs: Iterable[Pair]) -> list[Group]:
    """The groups of two and more that these pairs make, whatever the order in which they come.

    Surest pairs first; two articles that somebody said to be different never share a group.
    """
    held = {member.id: member for member in members}
    kept = [one for one in pairs if one.first in held and one.second in held]
    sets = _sets(held, kept)
    return [_group([held[id] for id in some], kept) for some in sets if len(some) > 1]


def precedence(member: Member, longest: int) -> tuple[bool, bool, bool, datetime, ArticleId]:
    """Who leads: what is still there; a text that was read, and whole; the first to have appeared.

    Access does not decide: the original leads, and a free copy's link stands beside it.
    """
    unread, cut = member.length < READ, member.length < FULL * longest
    return member.gone, unread, cut, member.appeared, member.id


def _sets(held: Mapping[ArticleId, Member], pairs: Sequence[Pair]) -> list[set[ArticleId]]:
    """Connected sets, joined from the surest pair to the least sure (as Kruskal's algorithm)."""
    of = {id: {id} for id in held}
    apart: defaultdict[ArticleId, set[ArticleId]] = defaultdict(set)
    for one in pairs:
        if one.same is None:
            apart[one.first].add(one.second)
            apart[one.second].add(one.first)
    for one in sorted(pairs, key=_strength):
        first, second = of[one.first], of[one.second]
        if one.same is None or first is second or any(apart[id] & second for id in first):
            continue
        first |= second
        of |= dict.fromkeys(second, first)
    return [some for id, some in sorted(of.items()) if id == min(some)]


def _strength(pair: Pair) -> tuple[int, float, ArticleId, ArticleId]:
    if pair.same is None:
        return len(_STRENGTH), 0.0, pair.first, pair.second
    return _STRENGTH.index(pair.same.likeness), -pair.same.share, pair.first, pair.second


def _group(members: Sequence[Member], pairs: Sequence[Pair]) -> Group:
    longest = max(member.length for member in members)
    leader, *others = sorted(members, key=lambda member: precedence(member, longest))
    ids = {member.id for member in members}
    inside = [one for one in pairs if one.same and {one.first, one.second} <= ids]
    return Group(leader, tuple((one, _reason(one, leader, inside)) for one in others))


def _reason(member: Member, leader: Member, pairs: Sequence[Pair]) -> SameNews:
    """Why it is there: what it has in common with the leader, else with another of the group."""
    own = [one for one in pairs if member.id in {one.first, one.second}]
    direct = [one for one in own if leader.id in {one.first, one.second}]
    best = min(direct or own, key=_strength)
    assert best.same is not None
    return best.same
