"""Walls told from warnings about others' walls."""

from __future__ import annotations

import pytest

from crawler.access import is_wall


@pytest.mark.parametrize(
    "line",
    [
        "Article réservé aux abonnés",
        "(réservé aux abonnés)",
        "Il vous reste 80 % de cet article à lire. La suite est réservée aux abonnés.",
        "Abonnez-vous pour lire la suite",
    ],
)
def test_an_invitation_to_subscribe_is_a_wall(line: str) -> None:
    assert is_wall(line)


@pytest.mark.parametrize(
    "line",
    [
        "Une enquête dans trois villes. Lire l’article de Trait social (réservé aux abonnés).",
        "Les abonnés de la médiathèque ont reçu une lettre.",
        "Il reste 80 % des places à pourvoir.",
    ],
)
def test_a_warning_about_another_article_is_none(line: str) -> None:
    assert not is_wall(line)
