"""How a theme or a source goes: its articles month by month, over a year."""

from __future__ import annotations

from typing import Any

from core.weeks import paris_midnight
from store import ReadTransaction
from web.charts import Chart, chart, last_months, month_span
from web.context import parts, today


def trend(tx: ReadTransaction, key: tuple[str, str], **chosen: Any) -> Chart:
    """The last twelve months of what is ``chosen`` (``theme``, ``source`` …), worked out at times.

    ``key``: what it is remembered under.
    """
    months = last_months(today())
    starts = [paris_midnight(first) for first, _ in months]
    ends = [*starts[1:], parts().clock()]

    def count() -> list[int]:
        return tx.articles.counts(list(zip(starts, ends, strict=True)), **chosen)

    counts = parts().memory.recall(("trend", *key), count)
    return chart([month_span(*month, held) for month, held in zip(months, counts, strict=True)])
