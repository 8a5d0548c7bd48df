"""The stage: articles that are the same one are put together, never deleted.

Looking for an article's copies costs the same however many articles are held: its keys are looked
up in an index, a few of those that share most are compared word for word.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.model import ArticleId, Likeness, Report, SameNews
from core.people import PersonId
from core.progress import Progress, silent
from core.text import NBSP
from curation.groups import groups_of
from curation.resemblance import TELLING_TITLE, Piece, compare, piece_of
from curation.shingles import key_of, sketch
from store import ReadTransaction, Store, Transaction
from store.groups import Pair

KIND = "copies"  # of an article, in the audit trail
METHOD = "1"  # changed when the same articles could give other groups
BATCH = 100  # articles a transaction
RENEWED = 5_000
SHARED = 2  # keys in common that make two articles worth comparing
COMPARED = 8  # articles with which one is compared, those that share most
# Articles found by one key. More share it: a site's boilerplate, or copies that are enough.
HOLDERS = 32


def group(store: Store, *, progress: Progress = silent) -> Report:
    """Compare every article that has not been with the others; ``done``: how many.

    ``details["groups"]``: articles whose group changed. Each batch is kept at once: what was done
    before an interruption is not done again. An article that changes meanwhile waits.
    """
    _renew(store)
    with store.read() as tx:
        total = tx.groups.count_waiting()
    done = changed = 0
    while batch := _next(store):
        with store.begin() as tx:
            changed += len(_keep(tx, batch))
        done += len(batch.pieces)
        progress(done, max(done, total))
    return Report(done=done, details={"grouped": changed})


# -- what people say ------------------------------------------------------------------------------


def say_same(
    tx: Transaction, one: ArticleId, other: ArticleId, *, by: PersonId | None, now: datetime
) -> None:
    """Somebody says that two articles are the same one: their groups become one, for ever."""
    _say(tx, one, [other], SameNews(Likeness.HAND), by=by, now=now)


def say_apart(
    tx: Transaction,
    one: ArticleId,
    others: Iterable[ArticleId],
    *,
    by: PersonId | None,
    now: datetime,
) -> None:
    """« Ce n'est pas le même article »: it never shares a group with these again."""
    _say(tx, one, others, None, by=by, now=now)


def take_back(
    tx: Transaction, one: ArticleId, other: ArticleId, *, by: PersonId | None, now: datetime
) -> None:
    """What was said of these two holds no longer; they are compared again by the stage."""
    said = next((p for p in tx.groups.said(one) if other in {p.first, p.second}), None)
    if said is None:
        return
    tx.groups.unsay(said)
    tx.groups.ask_again([one, other])
    _regroup(tx, {one, other})
    tx.audit.record(by, "group", KIND, one, {_name(other): _word(said.same)}, {}, now=now)


def _say(
    tx: Transaction,
    one: ArticleId,
    others: Iterable[ArticleId],
    same: SameNews | None,
    *,
    by: PersonId | None,
    now: datetime,
) -> None:
    said = [_pair(one, other, same, by_hand=True) for other in others if other != one]
    tx.groups.say(said)
    _regroup(tx, {id for pair in said for id in (pair.first, pair.second)})
    for pair in said:
        other = pair.second if pair.first == one else pair.first
        tx.audit.record(by, "group", KIND, one, {}, {_name(other): _word(same)}, now=now)


def _name(id: ArticleId) -> str:
    return f"article n°{NBSP}{id}"


def _word(same: SameNews | None) -> str:
    return "même article" if same else "autre article"


# -- a batch ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Batch:
    """Articles, the keys to find them by, and what was found about them."""

    pieces: Sequence[Piece]
    keys: Mapping[ArticleId, frozenset[int]]
    found: Sequence[Pair]
    refuted: Sequence[Pair]  # found before, of which we now know better


def _next(store: Store) -> _Batch | None:
    """Read and think, out of any writing transaction."""
    with store.read() as tx:
        pieces = [piece_of(one) for one in tx.groups.waiting(BATCH)]
        return _compared(tx, pieces) if pieces else None


def _keep(tx: Transaction, batch: _Batch) -> list[ArticleId]:
    """Write it down; the articles whose group changed."""
    fingerprints = {one.article.id: one.article.fingerprint for one in batch.pieces}
    tx.groups.replace_keys(batch.keys)
    tx.groups.replace_found(fingerprints, batch.found)
    tx.groups.drop(batch.refuted)
    tx.groups.compared(fingerprints, METHOD)
    touched = {id for pair in (*batch.found, *batch.refuted) for id in (pair.first, pair.second)}
    return _regroup(tx, touched | fingerprints.keys())


def _regroup(tx: Transaction, ids: Iterable[ArticleId]) -> list[ArticleId]:
    around = tx.groups.around(ids)
    return tx.groups.arrange(around.ids, groups_of(around.members, around.pairs))


def _compared(tx: ReadTransaction, pieces: Sequence[Piece]) -> _Batch:
    keys = {piece.article.id: keys_of(piece) for piece in pieces}
    candidates, kept = _looked_up(tx, keys)
    known = {piece.article.id: piece for piece in pieces}
    wanted = {id for ids in candidates.values() for id in ids} - known.keys()
    known |= {one.id: piece_of(one) for one in tx.groups.comparable(wanted)}
    held = tx.groups.found_among(wanted)
    found: list[Pair] = []
    refuted: list[Pair] = []
    for piece in pieces:
        others = [known[id] for id in candidates[piece.article.id] if id in known]
        found += _found(piece, others)
        refuted += _refuted(piece, others, held)
    return _Batch(pieces, kept, found, refuted)


def keys_of(piece: Piece) -> Mapping[int, int]:
    """By what an article is looked up, with what each weighs: its text's sketch, and its title.

    Nothing for one whose publisher opposes mining.
    """
    if piece.article.opposed:
        return {}
    weights = dict.fromkeys(sketch(piece.shingles), 1)
    if len(piece.title.split()) >= TELLING_TITLE:
        weights[key_of(piece.title)] = SHARED
    return weights


def _looked_up(
    tx: ReadTransaction, keys: Mapping[ArticleId, Mapping[int, int]]
) -> tuple[dict[ArticleId, list[ArticleId]], dict[ArticleId, frozenset[int]]]:
    """For each article: those worth comparing, and the keys by which it is to be found itself."""
    # Their own keys are about to be replaced: each is found by those that come after it.
    held = tx.groups.holders({key for own in keys.values() for key in own})
    holders = defaultdict[int, list[ArticleId]](list)
    holders |= {key: [id for id in ids if id not in keys] for key, ids in held.items()}
    candidates: dict[ArticleId, list[ArticleId]] = {}
    kept: dict[ArticleId, frozenset[int]] = {}
    for id, own in keys.items():
        candidates[id] = _candidates(own, holders)
        kept[id] = frozenset(key for key in own if len(holders[key]) < HOLDERS)
        for key in kept[id]:
            holders[key].append(id)
    return candidates, kept


def _candidates(
    own: Mapping[int, int], holders: Mapping[int, Sequence[ArticleId]]
) -> list[ArticleId]:
    """The articles that share enough of these keys, those that share most first."""
    shared = Counter[ArticleId]()
    for key, weight in own.items():
        for id in holders[key]:
            shared[id] += weight
    ranked = sorted((-weight, id) for id, weight in shared.items() if weight >= SHARED)
    return [id for _, id in ranked[:COMPARED]]


def _found(piece: Piece, others: Sequence[Piece]) -> Iterator[Pair]:
    for other in others:
        if same := compare(piece, other, others):
            yield _pair(piece.article.id, other.article.id, same)


def _refuted(piece: Piece, others: Sequence[Piece], held: Sequence[Pair]) -> Iterator[Pair]:
    """The pairs among these that a third article shows to share boilerplate alone."""
    by_id = {other.article.id: other for other in others}
    for pair in held:
        first, second = by_id.get(pair.first), by_id.get(pair.second)
        if first and second and compare(first, second, (*others, piece)) is None:
            yield pair


def _pair(
    one: ArticleId, other: ArticleId, same: SameNews | None, *, by_hand: bool = False
) -> Pair:
    return Pair(min(one, other), max(one, other), same, by_hand=by_hand)


def _renew(store: Store) -> None:
    """Have articles compared by a former method compared again, by pieces."""
    left = RENEWED
    while left == RENEWED:
        with store.begin() as tx:
            left = tx.groups.renew(METHOD, RENEWED)
