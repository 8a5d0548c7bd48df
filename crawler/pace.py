"""What a feed asks of those who come again.

``ttl``, ``skipHours`` and ``skipDays`` of RSS (https://www.rssboard.org/rss-specification), and
``sy:updatePeriod`` (https://web.resource.org/rss/1.0/modules/syndication/).
"""

from __future__ import annotations

import re

from core.model import Pace

_BEFORE_ENTRIES = 50_000  # bytes in which a feed speaks of itself
_TTL = re.compile(rb"<ttl>\s*(\d{1,7})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(rb"<(\w+):updatePeriod>\s*(\w+)\s*</\1:updatePeriod>")
_FREQUENCY = re.compile(rb"<(\w+):updateFrequency>\s*(\d{1,5})\s*</\1:updateFrequency>")
_SKIP_HOURS = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_SKIP_DAYS = re.compile(rb"<skipDays>(.{0,1000}?)</skipDays>", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(rb"<day>\s*(\w+)\s*</day>", re.IGNORECASE)
_PERIODS = {
    b"hourly": 3600, b"daily": 86400, b"weekly": 604800, b"monthly": 2592000, b"yearly": 31536000,
}  # fmt: skip
_DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")


def read_pace(body: bytes) -> Pace | None:
    """What the XML of a feed asks; None when it asks nothing."""
    head = body[:_BEFORE_ENTRIES]
    pace = Pace(max(_ttl(head), _period(head)), _skipped_hours(head), _skipped_days(head))
    return pace if pace != Pace() else None


def _ttl(head: bytes) -> int:
    found = _TTL.search(head)
    return int(found[1]) * 60 if found else 0


def _period(head: bytes) -> int:
    """Seconds: once a period, or as many times as ``updateFrequency`` says."""
    period = _PERIOD.search(head)
    if period is None:
        return 0
    often = _FREQUENCY.search(head)
    return _PERIODS.get(period[2].lower(), 0) // max(1, int(often[2]) if often else 1)


def _skipped_hours(head: bytes) -> tuple[int, ...]:
    found = _SKIP_HOURS.search(head)
    hours = {int(one) % 24 for one in _HOUR.findall(found[1])} if found else set()
    return tuple(sorted(hours))


def _skipped_days(head: bytes) -> tuple[int, ...]:
    found = _SKIP_DAYS.search(head)
    named = [one.lower() for one in _DAY.findall(found[1])] if found else []
    return tuple(sorted({_DAYS.index(one) for one in named if one in _DAYS}))
