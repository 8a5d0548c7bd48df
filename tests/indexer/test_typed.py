"""Operators in the search box."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Access
from core.weeks import paris_midnight
from indexer.engine import Query
from indexer.typed import MOST_CHIPS, Chip, Names, understand

NAMES = Names(
    {
        "themes": {"aller-vers": "Aller vers", "logement": "Logement", "log": "Logiciels"},
        "sources": {"lien": "Lien social"},
        "kinds": {"rapport": "Rapports et études"},
        "territories": {"69": "Rhône", "38": "Isère", "ara": "Auvergne-Rhône-Alpes"},
    }
)


def fields(typed: str) -> list[tuple[str, str]]:
    return [(chip.field, chip.value) for chip in understand(typed, NAMES).chips]


def test_words_and_restrictions_are_told_apart() -> None:
    typed = understand('expulsions theme:logement "trêve hivernale" -hôtel source:lien', NAMES)
    assert typed.words == 'expulsions "trêve hivernale" -hôtel'
    assert typed.chips == (
        Chip("themes", "logement", "theme:logement"),
        Chip("sources", "lien", "source:lien"),
    )
    assert typed.unknown == ()


@pytest.mark.parametrize(
    ("typed", "chip"),
    [
        ("thème:logement", ("themes", "logement")),
        ("Theme:Logement", ("themes", "logement")),
        ('theme:"aller vers"', ("themes", "aller-vers")),
        ("theme:« Aller vers »", ("themes", "aller-vers")),
        ("theme:aller", ("themes", "aller-vers")),
        ("theme:log", ("themes", "log")),  # an id goes before the start of a label
        ("source: lien", ("sources", "lien")),
        ("type:rapports", ("kinds", "rapport")),
        ("territoire:69", ("territories", "69")),
        ("département:rhône", ("territories", "69")),
        ("région:auvergne", ("territories", "ara")),
        ("accès:libre", ("access", "libre")),
        ("acces:abonnes", ("access", "abonnés")),
        ("métier:ass", ("professions", "ass")),
        ("après:2024", ("since", "2024-01-01")),
        ("depuis:2024-02", ("since", "2024-02-01")),
        ("avant:02/2024", ("until", "2024-02-01")),
        ("avant:25/11/2024", ("until", "2024-11-25")),
        ("avant:2024-11-25", ("until", "2024-11-25")),
    ],
)
def test_operators_are_read_as_people_write_them(typed: str, chip: tuple[str, str]) -> None:
    assert fields(typed) == [chip]
    assert understand(typed, NAMES).words == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("theme:zorglub", "zorglub"),
        ("avant:hier", "hier"),
        ("avant:31/02/2024", "31/02/2024"),
        ("avant:9999", "9999"),
        ('source:"la nuit" x', "la nuit x"),
        ('theme:""', ""),
    ],
)
def test_what_is_not_understood_is_searched_and_told(typed: str, words: str) -> None:
    found = understand(typed, NAMES)
    assert (found.words, found.chips, len(found.unknown)) == (words, (), 1)


@pytest.mark.parametrize(
    "typed", ["heure:12", "https://a.fr/theme:x", "note:bien", "theme :a", "a:b"]
)
def test_other_colons_are_words(typed: str) -> None:
    found = understand(typed, NAMES)
    assert (found.words, found.chips, found.unknown) == (typed, (), ())


def test_a_year_is_a_period_and_dates_are_put_the_right_way_round() -> None:
    assert fields("année:2024") == [("since", "2024-01-01"), ("until", "2025-01-01")]
    found = understand("après:2024 avant:2020", NAMES)
    assert found.swapped
    assert sorted(fields("après:2024 avant:2020")) == [
        ("since", "2020-01-01"),
        ("until", "2024-01-01"),
    ]


def test_a_query_is_narrowed() -> None:
    given_ = Query("x", themes=("aller-vers",), since=datetime(2023, 1, 1, tzinfo=UTC), page=3)
    typed = "budget theme:logement theme:logement après:2024 avant:2025 acces:libre"
    query = understand(typed, NAMES).narrow(given_)
    assert (query.words, query.page) == ("budget", 3)
    assert query.themes == ("aller-vers", "logement")
    assert query.access == (Access.FREE,)
    assert query.since == paris_midnight(datetime(2024, 1, 1, tzinfo=UTC).date())
    assert query.until == paris_midnight(datetime(2025, 1, 1, tzinfo=UTC).date())


def test_there_are_not_endless_restrictions() -> None:
    found = understand(" ".join(f"source:s{n}" for n in range(200)))
    assert len(found.chips) == MOST_CHIPS
    assert found.words.startswith(f"s{MOST_CHIPS} ")


@given(st.text(max_size=300), st.sampled_from(["theme:", 'avant:"', "après:", "source:«", "-"]))
def test_any_text_is_understood(text: str, operator: str) -> None:
    for typed in (text, operator + text, f"{text} {operator}{text}"):
        understand(typed, NAMES).narrow(Query())
