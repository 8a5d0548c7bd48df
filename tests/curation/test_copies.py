"""Near-duplicates told from articles that only look alike, on pairs made from the demo's texts."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.copies import PAIRS, Counted, counted, demo_texts
from benchmarks.variations import DIFFERENT, SAME, Printed, material, sorts

PRECISION = 0.98
RECALL = 0.95


@cache
def _sorts() -> dict[str, list[Printed]]:
    return {name: printed for name, _, printed in sorts(material(demo_texts()), pairs=PAIRS)}


@cache
def _counted(sort: str) -> Counted:
    return counted(_sorts()[sort])


@pytest.mark.parametrize("sort", SAME)
def test_the_same_article_is_found(sort: str) -> None:
    found = _counted(sort)
    assert found.right + len(found.missed) >= PAIRS
    assert found.right >= RECALL * (found.right + len(found.missed))
    assert found.right >= PRECISION * (found.right + len(found.wrong))


@pytest.mark.parametrize("sort", DIFFERENT)
def test_articles_that_look_alike_are_not_grouped(sort: str) -> None:
    assert len(_sorts()[sort]) >= PAIRS
    assert len(_counted(sort).wrong) <= (1 - PRECISION) * PAIRS


def test_pairs_are_always_the_same() -> None:
    again = {name: printed for name, _, printed in sorts(material(demo_texts()), pairs=PAIRS)}
    assert again == _sorts()
