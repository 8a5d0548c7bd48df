"""Pages written as the field's sites write them: what is read, and what is left out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.model import Extracted
from core.text import fold
from core.weeks import paris_date
from crawler.extract import extract

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)
PAGES: list[dict[str, Any]] = json.loads((HERE / "pages.json").read_text(encoding="utf-8"))
CACHE: dict[str, Extracted] = {}


def read(page: dict[str, Any]) -> Extracted:
    name = page["file"]
    if name not in CACHE:
        body = (HERE / "pages" / name).read_bytes()
        article = extract(body, url=page["url"], today=TODAY)
        assert isinstance(article, Extracted), article
        CACHE[name] = article
    return CACHE[name]


@pytest.fixture(params=PAGES, ids=lambda page: page["file"])
def page(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_the_title_is_the_article_s(page: dict[str, Any]) -> None:
    assert read(page).title == page["title"]


def test_every_paragraph_is_there(page: dict[str, Any]) -> None:
    text = " ".join(read(page).text.split())
    assert [one for one in page["paragraphs"] if one not in text] == []


def test_the_text_begins_and_ends_as_the_article_does(page: dict[str, Any]) -> None:
    blocks = read(page).text.split("\n\n")
    first, last = page["paragraphs"][0], page["paragraphs"][-1]
    assert any(first in block for block in blocks[:2])
    assert any(last in block for block in blocks[-5:])


def test_nothing_of_the_site_is_left_in_the_text(page: dict[str, Any]) -> None:
    text = read(page).text
    assert [words for words in page["without"] if words in text] == []


def test_the_date_is_the_day_it_appeared_in_paris(page: dict[str, Any]) -> None:
    published = read(page).published
    assert published is not None
    assert paris_date(published).isoformat() == page["published"]


def test_the_authors_are_the_people_who_signed(page: dict[str, Any]) -> None:
    assert read(page).author == ", ".join(page["authors"])


def test_site_language_and_access_are_read(page: dict[str, Any]) -> None:
    article = read(page)
    assert fold(article.site) == fold(page["site"])
    assert article.language == page["language"]
    assert article.access == page["access"]


def test_the_address_is_canonical(page: dict[str, Any]) -> None:
    expected = page.get("canonical", page["url"].partition("#")[0])
    assert read(page).url == expected
    assert read(page).image == page.get("image", read(page).image)
