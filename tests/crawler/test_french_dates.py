"""Dates as French pages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.weeks import PARIS, french_date, paris_date
from crawler.french_dates import find_dates, has_hour, plausible, read_stamp

TODAY = date(2026, 11, 22)

WRITTEN = [
    ("22 juillet 2020", "2020-07-22 00:00"),
    ("Publié le 22 juillet 2020", "2020-07-22 00:00"),
    ("mercredi 18 novembre 2026 à 9h30", "2026-11-18 09:30"),
    ("Mercredi 18 novembre 2026, 09:30", "2026-11-18 09:30"),
    ("le 18 novembre 2026 - 14 h", "2026-11-18 14:00"),
    ("1er mars 2026", "2026-03-01 00:00"),
    ("1 er mars 2026", "2026-03-01 00:00"),
    ("3 AOUT 2021", "2021-08-03 00:00"),
    ("3 AOÛT 2021", "2021-08-03 00:00"),
    ("9 FEVRIER 2021", "2021-02-09 00:00"),
    ("18 nov. 2026", "2026-11-18 00:00"),
    ("7 janv. 2026", "2026-01-07 00:00"),
    ("7 févr. 2026", "2026-02-07 00:00"),
    ("22 Juil, 2020", "2020-07-22 00:00"),
    ("Juil 22, 2020", "2020-07-22 00:00"),
    ("Déc 1, 2025", "2025-12-01 00:00"),
    ("November 18, 2026", "2026-11-18 00:00"),
    ("18/11/2026", "2026-11-18 00:00"),
    ("mer 18/11/2026 - 14:30", "2026-11-18 14:30"),
    ("18.11.26", "2026-11-18 00:00"),
    ("18-11-2026", "2026-11-18 00:00"),
    ("2026-11-18 09:30", "2026-11-18 09:30"),
    ("hier", "2026-11-21 00:00"),
    ("Publié hier à 18h", "2026-11-21 00:00"),
    ("avant-hier", "2026-11-20 00:00"),
    ("aujourd’hui", "2026-11-22 00:00"),
    ("il y a 3 jours", "2026-11-19 00:00"),
    ("il y a 2 heures", "2026-11-22 00:00"),
    ("il y a une semaine", "2026-11-15 00:00"),
    ("18 novembre", "2026-11-18 00:00"),
    ("24 décembre", "2025-12-24 00:00"),
    ("mardi 3 nov. 2026 à 14 h 05", "2026-11-03 14:05"),
    ("03/11/26", "2026-11-03 00:00"),
    ("1er septembre", "2026-09-01 00:00"),
    ("5 novembre 2026 à 8 heures", "2026-11-05 08:00"),
    ("5 novembre à 20 h 15", "2026-11-05 20:15"),
    ("3 nov 26", "2026-11-03 00:00"),
    ("12 sept. 2026 – mis à jour le 14 sept. 2026", "2026-09-12 00:00"),
    ("il y a environ 2 jours", "2026-11-20 00:00"),
    ("il y a 45 min", "2026-11-22 00:00"),
    ("il y a 3 j", "2026-11-19 00:00"),
]


@pytest.mark.parametrize(("line", "expected"), WRITTEN, ids=[line for line, _ in WRITTEN])
def test_a_written_date_is_read_in_paris_time(line: str, expected: str) -> None:
    found = find_dates(line, TODAY)
    assert found
    assert found[0].instant.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "line",
    ["12 mars 2099", "31 février 2026", "1er janvier 1970", "99/99/2026", "06 12 34 56 78",
     "192.168.1.12", "version 1.2.3.4", "35 000 personnes", "article 12", "32 juillet 2020",
     "il y a quelques années", "le 115", "50 % en mai", ""],
)  # fmt: skip
def test_what_is_no_plausible_date_is_none(line: str) -> None:
    assert find_dates(line, TODAY) == []


STAMPS = [
    ("2026-11-18T09:30:00+01:00", "2026-11-18 08:30"),
    ("2026-11-18T08:30:00Z", "2026-11-18 08:30"),
    ("2026-11-18T08:30:00.123Z", "2026-11-18 08:30"),
    ("2026-11-18T09:30:00", "2026-11-18 08:30"),
    ("2026-11-18 09:30:00 +0100", "2026-11-18 08:30"),
    ("2026-11-18", "2026-11-17 23:00"),
    ("20261118", "2026-11-17 23:00"),
    ("2026-07-18", "2026-07-17 22:00"),
    ("Wed, 18 Nov 2026 08:30:00 GMT", "2026-11-18 08:30"),
    ("18/11/2026 09:30", "2026-11-18 08:30"),
    ("Publication : 18 novembre 2026", "2026-11-17 23:00"),
]


@pytest.mark.parametrize(("stamp", "expected"), STAMPS, ids=[stamp for stamp, _ in STAMPS])
def test_a_machine_s_date_is_read_in_utc(stamp: str, expected: str) -> None:
    instant = read_stamp(stamp, TODAY)
    assert instant is not None
    assert instant.strftime("%Y-%m-%d %H:%M") == expected


def test_a_day_without_an_hour_is_midnight_in_paris() -> None:
    instant = read_stamp("2026-11-18", TODAY)
    assert instant is not None
    assert not has_hour(instant)
    assert paris_date(instant) == date(2026, 11, 18)


def test_tomorrow_is_not_plausible_and_tonight_in_paris_is() -> None:
    assert not plausible(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), TODAY)
    assert plausible(datetime(2026, 11, 22, 22, 30, tzinfo=UTC), TODAY)
    assert not plausible(None, TODAY)


@given(st.dates(min_value=date(1990, 1, 2), max_value=TODAY))
def test_every_french_date_is_read_back(day: date) -> None:
    found = find_dates(f"Publié le {french_date(day)} par Marie", TODAY)
    assert [paris_date(one.instant) for one in found] == [day]


@given(st.text(max_size=200))
def test_any_text_gives_only_plausible_dates(text: str) -> None:
    assert all(plausible(found.instant, TODAY) for found in find_dates(text, TODAY))
    assert read_stamp(text, TODAY) is None or plausible(read_stamp(text, TODAY), TODAY)
