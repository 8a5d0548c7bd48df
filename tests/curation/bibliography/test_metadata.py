"""COinS and Highwire tags, parsed as Zotero's translators do."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given

from core.references import Author, PartialDate, Reference, ReferenceKind
from curation.bibliography.metadata import coins, highwire
from tests.curation.bibliography.any_reference import REFERENCES

CHAPTER = Reference(
    kind=ReferenceKind.CHAPTER,
    title="L'accompagnement & ses mots",
    authors=(Author("Paulin", "Maela"), Author("Haut Conseil", "")),
    editors=(Author("Roy", "Anne"),),
    container="Mots du social",
    publisher="Érables",
    published=PartialDate(2014, 3),
    pages="41-52",
    doi="10.9999/era.41",
    isbn="2-7071-4611-5",
)


def test_a_chapter_in_coins() -> None:
    said = parse_qs(coins(CHAPTER), strict_parsing=True)
    assert said["ctx_ver"] == ["Z39.88-2004"]
    assert said["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:book"]
    assert said["rft.genre"] == ["bookitem"]
    assert said["rft.atitle"] == ["L'accompagnement & ses mots"]
    assert said["rft.btitle"] == ["Mots du social"]
    assert (said["rft.aulast"], said["rft.aufirst"]) == (["Paulin"], ["Maela"])
    assert said["rft.au"] == ["Haut Conseil"]
    assert (said["rft.date"], said["rft.pages"]) == (["2014-03"], ["41-52"])
    assert said["rft_id"] == ["info:doi/10.9999/era.41"]


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (ReferenceKind.MAGAZINE, "rft.jtitle", "Mots du social"),
        (ReferenceKind.BOOK, "rft.genre", "book"),
        (ReferenceKind.THESIS, "rft_val_fmt", "info:ofi/fmt:kev:mtx:dissertation"),
        (ReferenceKind.LAW, "rft.type", "statute"),
        (ReferenceKind.PODCAST, "rft.type", "podcast"),
    ],
)
def test_each_kind_in_its_own_format(kind: ReferenceKind, field: str, value: str) -> None:
    one = Reference(kind=kind, title="Titre", container="Mots du social")
    assert parse_qs(coins(one))[field] == [value]


@given(REFERENCES)
def test_any_coins_says_the_title_and_everybody(one: Reference) -> None:
    said = parse_qs(coins(one), strict_parsing=True)
    titles = [v for k in ("rft.title", "rft.atitle", "rft.btitle") for v in said.get(k, [])]
    assert one.title in titles
    people = one.authors or one.editors
    named = sum(len(said.get(k, [])) for k in ("rft.aulast", "rft.au", "rft.creator"))
    assert named == len(people)


def test_highwire_tags() -> None:
    tags = highwire(CHAPTER)
    assert tags[0] == ("citation_title", "L'accompagnement & ses mots")
    assert ("citation_author", "Paulin, Maela") in tags
    assert ("citation_publication_date", "2014/03") in tags
    assert ("citation_inbook_title", "Mots du social") in tags
    assert {("citation_firstpage", "41"), ("citation_lastpage", "52")} <= set(tags)
    assert all(content for _, content in tags)
