"""Dates as French pages write them, read from a short line of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from core.text import fold
from core.weeks import PARIS, paris_date, paris_midnight

_EARLIEST = 1990
_MONTH_NAMES = {
    **dict.fromkeys(("janvier", "janv", "jan", "january"), 1),
    **dict.fromkeys(("fevrier", "fevr", "fev", "feb", "february"), 2),
    **dict.fromkeys(("mars", "mar", "march"), 3),
    **dict.fromkeys(("avril", "avr", "april", "apr"), 4),
    **dict.fromkeys(("mai", "may"), 5),
    **dict.fromkeys(("juin", "june", "jun"), 6),
    **dict.fromkeys(("juillet", "juil", "july", "jul"), 7),
    **dict.fromkeys(("aout", "august", "aug", "aou"), 8),
    **dict.fromkeys(("septembre", "sept", "sep", "september"), 9),
    **dict.fromkeys(("octobre", "oct", "october"), 10),
    **dict.fromkeys(("novembre", "nov", "november"), 11),
    **dict.fromkeys(("decembre", "dec", "december"), 12),
}
_MONTH = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))
_TIME = (
    r"(?:[\s,|–-]{0,4}(?:a|at|-)?\s{0,2}(?P<hour>[01]?\d|2[0-3])\s?(?:heures?\b|h|:)\s?"
    r"(?P<minute>[0-5]\d)?\b)?"
)
_WRITTEN = re.compile(
    rf"(?<![\d/.])(?P<day>\d{{1,2}})\s?(?:er|st|nd|rd|th)?[\s.-]{{0,3}}(?P<month>{_MONTH})\b\.?,?"
    rf"(?:[\s-]{{1,2}}(?P<year>(?:19|20)\d\d))?(?!\d){_TIME}"
)
_ENGLISH = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>(?:19|"
    rf"20)\d\d)(?!\d){_TIME}"
)
_NUMERIC = re.compile(
    r"(?<![\d/.,-])(?P<day>0?[1-9]|[12]\d|3[01])\s?(?P<sep>[/.-])\s?(?P<month>0?[1-9]|"
    r"1[0-2])\s?(?P=sep)\s?"
    rf"(?P<year>(?:19|20)\d\d|\d\d)(?![\d/]){_TIME}"
)
_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/](?P<month>0?[1-9]|1[0-2])[-/](?P<day>0?[1-9]|[12]\d|"
    r"3[01])(?!\d)"
    r"(?:(?:t|\s)(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d))?"
)
_AGO = re.compile(
    r"\bil y a (?:environ |moins d'|plus d'|pres de )?(?P<count>\d{1,3}|une?|quelques) ?"
    r"(?P<unit>sec|min|heure|h\b|jour|j\b|semaine|mois|an)"
)
_DAYS_AGO = {"sec": 0, "min": 0, "heure": 0, "h": 0, "jour": 1, "j": 1, "semaine": 7}
_NEAR = re.compile(r"\b(?P<near>avant-hier|hier|aujourd'hui|ce jour)\b")
_NEARNESS = {"hier": 1, "avant-hier": 2}
_COMPACT = re.compile(r"(?:19|20)\d{6}(?:\d{6})?")


@dataclass(frozen=True, slots=True)
class Found:
    """A date read in a text: the instant, whether an hour was written, and where it stands."""

    instant: datetime
    precise: bool
    start: int
    end: int


def plausible(instant: datetime | None, today: date) -> bool:
    """Whether an article can have appeared then: not in the future in Paris, not before 1990."""
    if instant is None:
        return False
    try:
        day = paris_date(instant)
    except (OverflowError, ValueError):
        return False
    return day.year >= _EARLIEST and day <= today


def find_dates(line: str, today: date) -> list[Found]:
    """Every plausible date written in ``line``, in its order.

    Positions are those of the folded line. A date without a year is the last such day; without an
    hour, midnight in Paris.
    """
    folded = fold(line)
    found = [one for one in _all(folded, today) if plausible(one.instant, today)]
    return sorted(found, key=lambda one: one.start)


def read_stamp(text: str, today: date) -> datetime | None:
    """The instant of a machine-readable date (ISO 8601, RFC 822, or as people write it), in UTC.

    Without a zone it is Paris time; without an hour, midnight in Paris, so that the day is right.
    None when it is none, or not plausible.
    """
    text = text.strip()[:80]
    instant = _iso(text) or _rfc822(text)
    if instant is None:
        found = find_dates(text, today)
        instant = found[0].instant if found else None
    return instant if plausible(instant, today) else None


def has_hour(instant: datetime) -> bool:
    """Whether an instant is more precise than a day in Paris (or a day written in UTC)."""
    local = instant.astimezone(PARIS)
    return local.time() != time() and instant.astimezone(UTC).time() != time()


def _iso(text: str) -> datetime | None:
    if _COMPACT.fullmatch(text):
        text = text[:8]
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d|\d{8}", text):
            return paris_midnight(date.fromisoformat(text))
        moment = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d)", "", text))
        return (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rfc822(text: str) -> datetime | None:
    if not re.match(r"[A-Za-z]{3},? \d{1,2} [A-Za-z]{3} \d{4}", text):
        return None
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _all(folded: str, today: date) -> Iterator[Found]:
    for pattern in (_WRITTEN, _ENGLISH, _NUMERIC, _ISO):
        for match in pattern.finditer(folded):
            found = _dated(match, today)
            if found is not None:
                yield found
    yield from _relative(folded, today)


def _dated(match: re.Match[str], today: date) -> Found | None:
    parts = match.groupdict()
    month = parts["month"]
    number = int(month) if month.isdigit() else _MONTH_NAMES[month]
    try:
        day = _day(parts["year"], number, int(parts["day"]), today)
        hour = parts.get("hour")
        if hour is None:
            return Found(paris_midnight(day), False, match.start(), match.end())
        at = time(int(hour), int(parts.get("minute") or 0))
        instant = datetime.combine(day, at, PARIS).astimezone(UTC)
        return Found(instant, True, match.start(), match.end())
    except (ValueError, OverflowError):
        return None


def _day(year: str | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)


def _relative(folded: str, today: date) -> Iterator[Found]:
    for match in _AGO.finditer(folded):
        day = _ago(match["count"], match["unit"], today)
        if day is not None:
            yield Found(paris_midnight(day), False, match.start(), match.end())
    for match in _NEAR.finditer(folded):
        day = today - timedelta(days=_NEARNESS.get(match["near"], 0))
        yield Found(paris_midnight(day), False, match.start(), match.end())


def _ago(count: str, unit: str, today: date) -> date | None:
    number = int(count) if count.isdigit() else 1
    if unit in _DAYS_AGO:
        return today - timedelta(days=number * _DAYS_AGO[unit])
    if count == "quelques" or unit == "an":
        return None  # too vague to file under a day
    return today - timedelta(days=30 * number)
