"""The stage: articles that tell of the same event, from several sources, make stories.

Each article is compared with the few that share its telling words within days, so that the cost of
one does not grow with what is held. It joins the story most of whose articles tell of its event
(average linkage: press reviews, which speak of many events, tie none together), and may show two
stories to be one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from core.model import ArticleId, Report
from core.progress import Progress, silent
from curation.events import ELSEWHEN, WINDOW, Told, likeness, told
from curation.stories import arrange, parted, story_around
from store import ReadTransaction, Store, Transaction
from store.stories import Heard

METHOD: Final = "4"  # changed when the same articles could make other stories
BATCH: Final = 25  # articles a transaction: each must see the former one's story
RENEWED: Final = 5_000
SHARED: Final = 2  # keys in common that make two articles worth comparing
COMPARED: Final = 12  # articles with which one is compared, and of each story
HOLDERS: Final = 48  # articles of a week found by one key; more share a word that tells nothing
MOST: Final = 0.5  # of a story's articles that must tell of the same event
_SEASON: Final = 13  # weeks before and after, in which a word may be met elsewhen
_REMEMBERED: Final = 4_000
_EPOCH: Final = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday


def tell(store: Store, rarity: Mapping[str, float], *, progress: Progress = silent) -> Report:
    """Find the stories of every article of the field for which that was not done.

    ``rarity``: of the field's words, by their first letters, in nats. ``details["joined"]``: the
    articles that were put in a story. Each batch is kept at once.
    """
    teller = _Teller(rarity)
    _renew(store)
    with store.read() as tx:
        total = tx.stories.count_waiting()
    done = joined = 0
    while True:
        with store.begin() as tx:
            batch = tx.stories.waiting(BATCH)
            joined += sum(teller.tell(tx, one) for one in batch)
            tx.stories.looked((one.id for one in batch), METHOD)
        if not batch:
            return Report(done=done, details={"joined": joined})
        done += len(batch)
        progress(done, max(done, total))


def _renew(store: Store) -> None:
    left = RENEWED
    while left == RENEWED:
        with store.begin() as tx:
            left = tx.stories.renew(METHOD, RENEWED)


class _Teller:
    """What was read of the last articles is kept in memory: neighbours are compared many times."""

    def __init__(self, rarity: Mapping[str, float]) -> None:
        self._rarity = rarity
        self._read: dict[ArticleId, Told] = {}

    def tell(self, tx: Transaction, article: Heard) -> bool:
        """Look for an article's story; whether it has one."""
        self._read.pop(article.id, None)
        if not tx.story_sayings.exist():
            return self._look(tx, article, said=False)
        touched = story_around(tx, [article.id])
        self._look(tx, article, said=True)
        arrange(tx, touched)
        return article.id in tx.stories.of([article.id])

    def _look(self, tx: Transaction, article: Heard, *, said: bool) -> bool:
        """Have an article stand in the strand where it belongs; whether there is one.

        ``said``: whether anybody ever said anything of stories, which then holds.
        """
        tx.stories.leave(article.id)
        if not article.leads:
            tx.stories.replace_keys(article.id, 0, ())
            return False
        one, week = self._told(article), week_of(article.appeared)
        held = tx.stories.holders(one.keys, range(week - _SEASON, week + _SEASON + 1))
        near = _near(held, week, article.id)
        kept = [key for key in one.keys if _crowd(held.get(key, ()), week) < HOLDERS]
        tx.stories.replace_keys(article.id, week, kept)
        return self._join(tx, one, near, elsewhen(one, held, week), said=said)

    def _join(
        self,
        tx: Transaction,
        one: Told,
        near: Sequence[ArticleId],
        others: Mapping[str, int],
        *,
        said: bool,
    ) -> bool:
        def apart(strand: ArticleId) -> bool:
            return said and _parted(tx, one, strands[strand])

        strands = self._strands(tx, one, near)
        scored = {id: kinship(one, some, others) for id, some in strands.items()}
        fit = (id for id in scored if scored[id] and not apart(id))
        chosen = sorted(fit, key=lambda id: (-scored[id], id))
        if not chosen:
            return False
        best, *further = chosen
        tx.stories.put(best, [one.id, *(told.id for told in strands[best])])
        for id in further:
            if are_one(strands[best], strands[id]) and not apart(id):
                tx.stories.put(best, tx.stories.members([id]).get(id, [id]))
        return True

    def _strands(
        self, tx: ReadTransaction, one: Told, near: Sequence[ArticleId]
    ) -> dict[ArticleId, list[Told]]:
        """The strands of these articles, each with its articles nearest in time to this one.

        An article that is in none is a strand of its own.
        """
        of = {id: standing.strand for id, standing in tx.stories.standings(near).items()}
        members = tx.stories.members(set(of.values()))
        members |= {id: [id] for id in near if id not in of}
        told = self._known(tx, {id for ids in members.values() for id in ids} - {one.id})
        found: dict[ArticleId, list[Told]] = {}
        for story, ids in members.items():
            some = [told[id] for id in ids if id in told]
            some = [m for m in some if abs(m.appeared - one.appeared) <= WINDOW]
            some.sort(key=lambda member: (abs(member.appeared - one.appeared), member.id))
            found[story] = some[:COMPARED]
        return found

    def _known(self, tx: ReadTransaction, ids: Collection[ArticleId]) -> dict[ArticleId, Told]:
        if len(self._read) > _REMEMBERED:
            self._read.clear()
        for article in tx.stories.heard(set(ids) - self._read.keys()):
            self._told(article)
        return {id: self._read[id] for id in ids if id in self._read}

    def _told(self, article: Heard) -> Told:
        heard = article.title, article.text or article.summary
        source = article.source_id, article.source_name
        one = told(article.id, source, article.appeared, heard, self._rarity)
        self._read[article.id] = one
        return one


def _parted(tx: ReadTransaction, one: Told, others: Sequence[Told]) -> bool:
    """Whether somebody said that an article's story is not that of the others."""
    ids = ([one.id], [told.id for told in others])
    return parted(tx, *(story_around(tx, some) for some in ids)) is not None


# -- thinking -----------------------------------------------------------------------------------


def kinship(one: Told, story: Sequence[Told], others: Mapping[str, int]) -> float:
    """How surely an article belongs to a story, the mean of its likenesses; 0 when it does not.

    Most of the story's articles from other sources must tell of the same event.
    """
    compared = [likeness(one, other, others) for other in story if other.source != one.source]
    if not compared or sum(map(bool, compared)) < MOST * len(compared):
        return 0.0
    return sum(compared) / len(compared)


def are_one(one: Sequence[Told], other: Sequence[Told]) -> bool:
    """Whether most articles of a story tell of the event of another."""
    kin = [bool(kinship(told, other, {})) for told in one]
    return bool(kin) and sum(kin) >= MOST * len(kin)


def elsewhen(
    one: Told, held: Mapping[int, Iterable[tuple[int, ArticleId]]], week: int
) -> dict[str, int]:
    """How many articles of other weeks of the season speak of each of its words."""
    far = ELSEWHEN.days // 7
    return {
        word: sum(abs(its - week) > far for its, _ in held.get(key, ()))
        for key, word in one.keys.items()
    }


def week_of(moment: datetime) -> int:
    """Weeks since the epoch's first Monday."""
    return (moment - _EPOCH).days // 7


def _near(
    held: Mapping[int, Iterable[tuple[int, ArticleId]]], week: int, own: ArticleId
) -> list[ArticleId]:
    """The articles of about the same days that share most keys."""
    span = WINDOW.days // 7 + 1
    shared = Counter[ArticleId]()
    for holders in held.values():
        shared.update({id for its, id in holders if abs(its - week) <= span} - {own})
    ranked = sorted((-count, id) for id, count in shared.items() if count >= SHARED)
    return [id for _, id in ranked[:COMPARED]]


def _crowd(holders: Iterable[tuple[int, ArticleId]], week: int) -> int:
    return sum(its == week for its, _ in holders)
