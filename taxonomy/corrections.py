"""Corrections made by people, with their trace; and as gold texts, to measure by and learn from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from core.corrections import THE_OTHERS, Correction, Verdict
from core.model import Article, ArticleId, ThemeId
from core.people import PersonId
from store import Store, Transaction
from store.batches import batched
from taxonomy.evaluation import Gold

KIND: Final = "themes"  # of an article, in the audit trail
BATCH = 200
_RIGHT = frozenset({Verdict.GIVEN, Verdict.CONFIRMED})


def correct(
    tx: Transaction,
    id: ArticleId,
    theme: ThemeId,
    verdict: Verdict | None,
    *,
    by: PersonId | None,
    now: datetime,
) -> Verdict | None:
    """Have people's word on a theme of an article hold, and leave its trace.

    What was said before, None when nothing: given back in its turn, it undoes this. Raises
    NotFound for an unknown article.
    """
    former = tx.articles.correct(id, theme, verdict, by=by, now=now)
    before = None if former is None else former.verdict
    if before is not verdict:
        tx.audit.record(by, "correct", KIND, id, {theme: before}, {theme: verdict}, now=now)
    return before


def close(
    tx: Transaction, id: ArticleId, themes: Sequence[ThemeId], *, by: PersonId | None, now: datetime
) -> None:
    """These themes of an article are right, and no other belongs to it. Raises NotFound.

    ``themes``: those that were seen, so that one which comes meanwhile is not confirmed unseen.
    """
    said = {one.theme: one.verdict for one in tx.corrections.of([id]).get(id, ())}
    for theme in themes:
        if said.get(theme) not in _RIGHT:
            correct(tx, id, theme, Verdict.CONFIRMED, by=by, now=now)
    correct(tx, id, THE_OTHERS, Verdict.COMPLETE, by=by, now=now)


def gold_texts(store: Store, known: Collection[ThemeId]) -> Iterator[Gold]:
    """The articles of which people said something, as gold texts, in the order of their ids.

    ``known``: the themes of the vocabulary. Those of which nobody spoke are under ``also`` (nobody
    knows whether they belong to the article), unless somebody looked at the article whole.
    """
    with store.read() as tx:
        ids = tx.corrections.ids()
    for some in batched(ids, BATCH):
        with store.read() as tx:
            said = tx.corrections.of(some)
            articles = tx.articles.by_ids(some)
        yield from (_gold(one, said[one.id], known) for one in articles if one.id in said)


def gold_lines(store: Store, known: Collection[ThemeId]) -> Iterator[str]:
    """The same as JSON Lines, as ``read_gold`` reads them."""
    for gold in gold_texts(store, known):
        yield json.dumps(asdict(gold), ensure_ascii=False)


def _gold(article: Article, said: Sequence[Correction], known: Collection[ThemeId]) -> Gold:
    verdicts = {one.theme: one.verdict for one in said}
    asked = [theme for theme in article.themes if verdicts.get(theme) in _RIGHT and theme in known]
    unsaid = () if THE_OTHERS in verdicts else sorted(set(known) - set(verdicts))
    return Gold(
        id=str(article.id),
        title=article.title,
        text=article.text or article.summary,
        themes=tuple(asked),
        also=tuple(unsaid),
    )
