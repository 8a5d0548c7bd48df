"""Trying an edit of the vocabulary on stored articles, in a process of its own, within a time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from core.errors import SearchUnavailable
from core.model import Article, ArticleId
from core.vocabulary_edits import Edit
from indexer.engine import Query, SearchEngine, Sort
from store import Store
from taxonomy.trial import Difference, Item, as_request, read_answer
from taxonomy.vocabulary import GAP

TRIED: Final = 200  # articles
LASTS: Final = 25.0  # seconds
ROOT: Final = Path(__file__).parent.parent

Trial = Callable[[Sequence[Edit], Sequence[Edit], Sequence[Item]], "list[Difference] | None"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit would change among the articles that were tried.

    ``differences`` is None when it took too long, or could not be tried.
    """

    holding: int  # articles that hold the words, as far as the search knows
    articles: dict[int, Article]  # those tried
    differences: list[Difference] | None


class Laboratory:
    """One trial at a time: each takes a processor and some memory."""

    def __init__(self, seconds: float = LASTS, model: Path | None = None) -> None:
        """``model``: the file of what was learnt here, when there is one."""
        self._seconds = seconds
        self._model = model
        self._lock = Lock()

    def __call__(
        self, before: Sequence[Edit], after: Sequence[Edit], items: Sequence[Item]
    ) -> list[Difference] | None:
        """The differences; None when there was no time for it."""
        if not self._lock.acquire(timeout=self._seconds):
            return None
        try:
            ran = subprocess.run(
                [sys.executable, "-m", "taxonomy.trial"],
                input=as_request(before, after, items, self._learnt()),
                capture_output=True,
                text=True,
                encoding="utf-8",
                cwd=ROOT,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        finally:
            self._lock.release()
        return read_answer(ran.stdout) if ran.returncode == 0 else None

    def _learnt(self) -> str:
        return str(self._model.resolve()) if self._model and self._model.is_file() else ""


def try_edit(store: Store, engine: SearchEngine, trial: Trial, edit: Edit, words: str) -> Outcome:
    """Try an edit on the latest articles that hold its words (those of an expression)."""
    holding, ids = _holding(engine, words)
    with store.read() as tx:
        before = tx.vocabulary_edits.edits()
        found = tx.articles.by_ids(ids) if ids else tx.articles.recent(off_field=True, limit=TRIED)
    items = [Item(one.id, one.title, one.text or one.summary) for one in found]
    differences = trial(before, [*before, edit], items)
    return Outcome(holding, {one.id: one for one in found}, differences)


def _holding(engine: SearchEngine, words: str) -> tuple[int, list[ArticleId]]:
    """How many articles hold these words, and the latest of them."""
    bare = words.lstrip("=").replace('"', " ")
    asked = bare.replace(GAP, " ") if GAP in bare else f'"{bare}"'
    query = Query(words=asked, off_field=True, sort=Sort.DATE, size=TRIED)
    try:
        found = engine.search(query)
    except SearchUnavailable:  # pages do without the search: the latest articles are tried
        return 0, []
    return found.total, [hit.id for hit in found.hits]
