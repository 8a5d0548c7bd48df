"""What articles left without a theme often speak of."""

from __future__ import annotations

from taxonomy.expressions import FEWEST, frequent

TEXTS = [
    "La ressourcerie de la vallée cherche des bras.",
    "Les bras manquent à la ressourcerie de la vallée : on recrute.",
    "Une journée à la Ressourcerie de la vallée, entre deux tris.",
    "La vallée sous la neige.",
]


def test_the_longest_expression_that_explains_the_others_comes_first() -> None:
    found = frequent(TEXTS)
    assert found[0].text == "ressourcerie de la vallée"
    assert found[0].texts == 3
    assert "de la" not in {one.text for one in found}


def test_an_expression_counts_once_a_text_and_needs_several_texts() -> None:
    assert frequent(["compost compost compost"] * (FEWEST - 1)) == []
    (found,) = frequent(["compost compost"] * FEWEST)[:1]
    assert found.texts == FEWEST


def test_what_the_vocabulary_knows_is_not_told() -> None:
    found = frequent(TEXTS, known={"ressourcerie de la vallee"})
    assert "ressourcerie de la vallée" not in {one.text for one in found}


def test_expressions_do_not_run_over_a_stop() -> None:
    found = frequent(["Le compost. Vallée haute"] * FEWEST)
    assert {one.text for one in found} == {"compost", "vallée", "haute", "vallée haute"}


def test_strange_texts_give_nothing_and_no_error() -> None:
    assert frequent(["", "🙂", "123 456", "\n\n", "’’’"] * FEWEST) == []
