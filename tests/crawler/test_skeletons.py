"""One article in the pages of many programs: its date, authors and access, and no other words.

Skeletons of WordPress, SPIP, Drupal, Joomla, TYPO3, Ghost, Blogger, Hugo, Wix, Dotclear, journals,
administrations, unions and magazines that sell their articles. All of it is made up.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.model import Extracted
from core.weeks import paris_date
from crawler.extract import extract

HERE = Path(__file__).parent / "skeletons"
TODAY = date(2026, 11, 25)
TITLE = "Au foyer des Tilleuls, le premier rendez-vous se prend à la maison"
PARAGRAPHS = (
    "Depuis la rentrée, l’équipe du foyer des Tilleuls a changé sa façon de recevoir les familles",
    "« On ne mesurait pas ce que représentait le trajet en bus avec deux enfants en bas âge »",
    "Le conseil départemental finance l’expérience pour deux ans.",
    "Les premiers retours sont contrastés.",
    "Ses étudiants de deuxième année rencontreront trente familles",
)
PAGES: list[dict[str, Any]] = json.loads((HERE / "pages.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["file"])
def test_an_article_is_read_whole_and_alone_whatever_program_shows_it(page: dict[str, Any]) -> None:
    body = (HERE / page["file"]).read_bytes()
    article = extract(body, url=page["url"], content_type="text/html; charset=utf-8", today=TODAY)
    assert isinstance(article, Extracted), article
    assert article.title == TITLE
    assert article.published is not None
    assert paris_date(article.published).isoformat() == page["published"]
    assert (article.author, article.access) == (page["author"], page["access"])
    text = " ".join(article.text.split())
    assert [one for one in PARAGRAPHS[: page["paragraphs"]] if one not in text] == []
    assert [words for words in page["without"] if words in text] == []
