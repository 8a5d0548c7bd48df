"""ISO weeks (ISO 8601) as the field lives them: Paris time, Monday to Sunday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
    "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week: ``Week(2026, 47)`` is the week of 16 to 22 November 2026."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)  # raises ValueError when there is none

    @classmethod
    def of(cls, instant: datetime) -> Week:
        """The week in which ``instant`` (aware) falls in Paris."""
        year, number, _ = instant.astimezone(PARIS).isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Week:
        """The week written ``2026-W47`` or, as in our addresses, ``2026-S47``.

        Raises ValueError when the text is not one, the year has no such week or is not between
        1900 and 2199: nearer the ends of the calendar, weeks have no neighbours.
        """
        match = re.fullmatch(r"((?:19|20|21)[0-9]{2})-[WS]([0-9]{2})", text)
        if match is None:
            raise ValueError(f"{text!r} is not a week: write for instance 2026-W47")
        return cls(int(match[1]), int(match[2]))

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def start(self) -> datetime:
        """Monday 0:00 in Paris, in UTC."""
        return paris_midnight(self.monday)

    @property
    def end(self) -> datetime:
        """The next Monday 0:00 in Paris, in UTC: the first instant out of the week."""
        return paris_midnight(self.monday + timedelta(days=7))

    @property
    def next(self) -> Week:
        """The week after."""
        return Week.of(self.end)

    @property
    def previous(self) -> Week:
        """The week before."""
        return Week.of(self.start - timedelta(days=1))

    @property
    def slug(self) -> str:
        """As in our addresses: ``2026-S47``."""
        return f"{self.year}-S{self.number:02}"

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


def paris_midnight(day: date) -> datetime:
    """The instant at which ``day`` begins in Paris, in UTC."""
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def paris_next_midnight(instant: datetime) -> datetime:
    """The instant at which the day of ``instant`` ends in Paris, in UTC."""
    return paris_midnight(paris_date(instant) + timedelta(days=1))


def paris_date(instant: datetime) -> date:
    """The date it is in Paris at ``instant``."""
    return instant.astimezone(PARIS).date()


def paris_iso(instant: datetime) -> str:
    """The instant in ISO 8601 with Paris's offset, so that its first ten characters are the day.

    A day without an hour is its midnight in Paris, which in UTC would be the day before.
    """
    return instant.astimezone(PARIS).isoformat()


def french_date(day: date) -> str:
    """« 1er novembre 2026 »."""
    return f"{_ordinal(day.day)} {MONTHS[day.month - 1]} {day.year}"


def french_day(day: date) -> str:
    """« dimanche 22 novembre 2026 »."""
    return f"{DAYS[day.weekday()]} {french_date(day)}"


def french_when(day: date, today: date) -> str:
    """« aujourd’hui », « hier », « vendredi 20 novembre » within the week, else the whole date."""
    ago = (today - day).days
    if ago in {0, 1}:
        return "hier" if ago else "aujourd’hui"
    if 1 < ago < 7:
        return f"{DAYS[day.weekday()]} {_ordinal(day.day)} {MONTHS[day.month - 1]}"
    return french_date(day)


def french_span(first: date, last: date) -> str:
    """« du 16 au 22 novembre 2026 », « du 30 mars au 5 avril 2026 », years when they differ."""
    if first.year != last.year:
        return f"du {french_date(first)} au {french_date(last)}"
    if first.month != last.month:
        return f"du {_ordinal(first.day)} {MONTHS[first.month - 1]} au {french_date(last)}"
    return f"du {_ordinal(first.day)} au {french_date(last)}"


def _ordinal(day: int) -> str:
    return "1er" if day == 1 else str(day)
