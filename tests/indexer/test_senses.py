"""What texts are about, as vectors: kept in whole numbers, compared with a question's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.french import French
from indexer.lexicon import Lexicon
from indexer.senses import DIRECTIONS, NUMBERS
from taxonomy.senses import load_senses


@dataclass(frozen=True)
class Table:
    """Vectors given by hand: 127 in one direction, for each word."""

    words: tuple[str, ...]
    directions: tuple[int, ...]

    @property
    def ranks(self) -> NDArray[np.int32]:
        return np.arange(1, len(self.words) + 1, dtype=np.int32)

    @property
    def vectors(self) -> NDArray[np.int8]:
        made = np.zeros((len(self.words), DIRECTIONS), np.int8)
        made[np.arange(len(self.words)), self.directions] = 127
        return made


TABLE = Table(("salaire", "paie", "chat", "chien"), (0, 0, 1, 1))
BY_HAND = French(Lexicon(senses=lambda: TABLE)).subjects
SHIPPED = French(Lexicon(senses=load_senses)).subjects


KEYS = French().keys


def keys(text: str) -> list[str]:
    return KEYS(text).split()


def test_a_text_is_near_a_question_without_a_word_in_common() -> None:
    kept = [BY_HAND.packed("", KEYS(text)) for text in ("la paie", "un chien", "salaire et chat")]
    near = BY_HAND.nearness(keys("Quel salaire ?"), kept)
    assert near[0] == pytest.approx(1.0)
    assert near[1] == pytest.approx(0.0)
    assert 0.3 < near[2] < 0.9


def test_a_vector_is_kept_in_eight_whole_numbers_of_eight_bytes() -> None:
    packed = SHIPPED.packed("", KEYS("Le juge place les enfants"))
    assert len(packed) == NUMBERS
    assert all(-(2**63) <= number < 2**63 for number in packed)


@pytest.mark.parametrize("kept", [[], None, [None] * NUMBERS])
def test_a_text_of_unknown_words_is_neither_near_nor_far(kept: list[int] | None) -> None:
    assert BY_HAND.packed("", KEYS("zorglub")) == []
    assert BY_HAND.nearness(keys("salaire"), [kept]).tolist() == [0.0]
    assert BY_HAND.nearness(keys("zorglub"), [BY_HAND.packed("", KEYS("salaire"))]).tolist() == [
        0.0
    ]


def test_without_table_nothing_is_near() -> None:
    without = French().subjects
    assert without.packed("", KEYS("salaire")) == []
    assert without.nearness(keys("salaire"), [SHIPPED.packed("", KEYS("salaire"))]).tolist() == [
        0.0
    ]


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        ("salaire", "La rémunération des soignants", "Le chat dort dans le jardin"),
        ("logement", "Un appartement à louer pour la famille", "Le vaccin contre la grippe"),
        ("médecin", "L’infirmière de l’hôpital", "Le train part de la gare"),
        ("tribunal", "Le juge et l’avocat", "La recette de la soupe"),
    ],
)
def test_the_shipped_table_knows_what_goes_with_what(asked: str, near: str, far: str) -> None:
    kept = [SHIPPED.packed("", KEYS(text)) for text in (near, far)]
    first, second = SHIPPED.nearness(keys(asked), kept)
    assert first > second + 0.2
