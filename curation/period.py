"""The stretch of time that a digest covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from core.weeks import Week, french_span

_WORDS = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 10: "dix"}


@dataclass(frozen=True, slots=True)
class Period:
    """The instants in ``[start, end)``, aware, with the name that readers are given."""

    start: datetime
    end: datetime
    label: str
    week: Week | None = None  # when it is exactly an ISO week in Paris

    @classmethod
    def of_week(cls, week: Week) -> Self:
        """« Semaine du 16 au 22 novembre 2026 »."""
        return cls(week.start, week.end, f"Semaine {french_span(week.monday, week.sunday)}", week)

    @classmethod
    def last_days(cls, now: datetime, days: int = 7) -> Self:
        """« Les sept derniers jours »: ``days`` times 24 hours, ending at ``now``."""
        if days < 1:
            raise ValueError(f"{days} days are no period")
        several = f"Les {_WORDS.get(days, days)} derniers jours"
        return cls(
            now - timedelta(days=days), now, several if days > 1 else "Les dernières 24\u00a0heures"
        )

    def __contains__(self, instant: datetime | None) -> bool:
        return instant is not None and self.start <= instant < self.end
