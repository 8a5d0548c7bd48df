"""References: dates known in part, one line of text, what tells that two are the same."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Access
from core.references import (
    Author,
    PartialDate,
    Reference,
    ReferenceKind,
    from_plain,
    identities,
    to_plain,
)

BOOK = Reference(
    kind=ReferenceKind.BOOK,
    title="Asiles",
    authors=(Author("Goffman", "Erving"),),
    translators=(Author("Lainé", "Claude"),),
    publisher="Minuit",
    published=PartialDate(1968),
    accessed=date(2026, 11, 25),
    access=Access.SUBSCRIBERS,
    isbn="2-7073-0068-6",
)


@pytest.mark.parametrize(
    ("written", "in_french"),
    [("2026", "2026"), ("2026-11", "novembre 2026"), ("2026-11-01", "1er novembre 2026")],
)
def test_a_date_says_what_is_known(written: str, in_french: str) -> None:
    day = PartialDate.parse(written)
    assert str(day) == written
    assert day.in_french == in_french


@pytest.mark.parametrize("wrong", ["", "26", "2026-13", "2026-02-30", "0000", "2026-11-", "hier"])
def test_what_is_no_date_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(wrong)


def test_a_day_of_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="no month"):
        PartialDate(2026, 0, 12)


def test_texts_are_single_lines() -> None:
    one = Reference(title=" Un\r\nER  - \ttitre\u202e ", authors=(Author("Le\nGall", ""),))
    assert one.title == "Un ER - titre"
    assert one.authors[0].family == "Le Gall"


def test_a_reference_goes_through_json_whole() -> None:
    assert from_plain(json.loads(json.dumps(to_plain(BOOK)))) == BOOK


@given(st.builds(Reference, title=st.text(), note=st.text(), language=st.text()))
def test_any_texts_go_through_json(one: Reference) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(one)))) == one


def test_the_same_thing_is_known_by_doi_address_or_title() -> None:
    by_doi = Reference(title="Un titre", doi="10.3917/EMPA.123")
    assert identities(by_doi) & identities(Reference(title="Autre", doi="10.3917/empa.123"))
    by_url = Reference(title="x", url="https://a.example/b?utm_source=c")
    assert identities(by_url) & identities(Reference(title="y", url="https://a.example/b"))
    assert identities(BOOK) & identities(Reference(
        title="ASILES", authors=BOOK.authors, published=PartialDate(1968, 5)
    ))  # fmt: skip
    assert not identities(BOOK) & identities(Reference(title="Asiles"))


def test_a_key_for_drafts() -> None:
    assert BOOK.key == "goffman1968-asiles"
    assert Reference(title="…").key == "reference"
