from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.model import Article
from curation.reprints import group
from tests.curation.samples import article

OPENING = " ".join(f"mot{at}" for at in range(60))
TITLE = "Les départements coupent leurs budgets"


def _ids(articles: Sequence[Article]) -> list[list[int]]:
    return [[one.id for one in entry.articles] for entry in group(articles)]


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(
            (article(1, TITLE, by=1), article(2, TITLE.upper().replace("É", "E"), by=2)),
            id="the same title whatever its accents",
        ),
        pytest.param(
            (article(1, by=1, text=OPENING), article(2, by=2, text=f"Reprise. {OPENING}")),
            id="the same opening after a word of presentation",
        ),
        pytest.param(
            (article(1, by=1, text=OPENING), article(2, by=2, text=OPENING[:200])),
            id="the beginning only",
        ),
        pytest.param(
            (article(1, by=1, text=OPENING), article(2, by=1, text=OPENING)),
            id="twice on one site",
        ),
        pytest.param(
            (article(1, TITLE, by=1, text=""), article(2, TITLE, by=1)),
            id="one source, a title before its text",
        ),
    ],
)
def test_the_same_article_is_one_entry(pair: tuple[Article, Article]) -> None:
    assert len(_ids(pair)) == 1


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param((article(1), article(2)), id="nothing in common"),
        pytest.param((article(1, "Agenda", by=1), article(2, "Agenda", by=2)), id="short title"),
        pytest.param((article(1, TITLE, by=1), article(2, TITLE, by=1)), id="a weekly column"),
        pytest.param((article(1, "", text=""), article(2, "", text="")), id="both empty"),
        pytest.param(
            (article(1, text="Lire la suite"), article(2, text="Lire la suite")), id="too short"
        ),
        pytest.param(
            (
                article(1, text=f"Temps de lecture de cet article : {article(1).text}"),
                article(2, text=f"Temps de lecture de cet article : {article(2).text}"),
            ),
            id="only the first words",
        ),
    ],
)
def test_different_articles_stay_apart(pair: tuple[Article, Article]) -> None:
    assert _ids(pair) == [[1], [2]]


def test_the_first_to_appear_whose_text_was_read_stands_for_the_others() -> None:
    late = article(1, TITLE, by=1, hours_ago=10)
    unread = article(2, TITLE, by=2, hours_ago=90, text="")
    first = article(3, TITLE, by=3, hours_ago=50)
    assert _ids([late, unread, first]) == [[3, 1, 2]]
