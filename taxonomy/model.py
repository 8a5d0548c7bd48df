"""What was learnt of texts whose themes are known: a linear model in two layers, kept in one file.

The lower layer is a logistic regression of each theme, and of the field as a whole, over the
words of a text: their *voices*. The upper one is a single logistic regression for all themes over
the ``clues`` that voices and vocabulary give together, with a small correction for each theme; its
probabilities are then calibrated (J. Platt, 1999). Both are made by ``learning``.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.errors import Unreadable
from core.model import ThemeId
from taxonomy.clues import NAMES
from taxonomy.regression import logistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

SHIPPED: Final = Path(__file__).with_name("model.npz")
LOUDNESS: Final = {"title": 1.5, "lead": 1.0, "body": 0.8}
MOST: Final = 3  # themes given to a text
WORDS: Final = 6  # forms shown as evidence beside the vocabulary's terms
TOO_COMMON: Final = 3.0  # rarity of what one text in twenty has: « ce », « tout » show nothing
CLEARLY: Final = 0.5  # log odds from which a text is clearly of the field
CERTAINLY: Final = 3.0  # and from which it is nothing else
NOT_LONG: Final = 300  # words
# Scores that decide (decision 8 says how they were chosen): a first theme answers whether the text
# is of the field at all, so it must be surer where the words do not say so. A text that certainly
# is has a theme; which one is the question.
FIRST: Final = 0.6
FIRST_IN_FIELD: Final = 0.3  # in a text that clearly is, and not so long that it may in passing
FIRST_CERTAIN: Final = 0.08
FURTHER: Final = 0.3
FURTHER_CERTAIN: Final = 0.2
EVIDENT: Final = 0.12  # log odds that a form must bring to be shown
_PREFIX = 5  # letters: « surendettement » also speaks as « suren* »


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a text as the lower layer hears them: rows of its table, and their weights."""

    rows: NDArray[np.int64]
    values: NDArray[np.float32]  # of length 1 all together


@dataclass(frozen=True, slots=True)
class Model:
    """Two layers and the decision; arrays are float32 unless said otherwise."""

    themes: tuple[ThemeId, ...]
    names: tuple[str, ...]  # what is heard of words, row by row
    forms: dict[str, int]  # the row of each
    rarity: NDArray[np.float32]  # of each row
    weights: NDArray[np.float32]  # rows × (themes + the field)
    biases: NDArray[np.float32]  # themes + the field
    means: NDArray[np.float64]  # of each clue
    spreads: NDArray[np.float64]
    shared: NDArray[np.float64]  # weight of each clue, then the intercept
    own: NDArray[np.float64]  # each theme's correction of the intercept
    platt: NDArray[np.float64]  # slope and shift that calibrate the log odds
    version: str = ""

    def hear(self, said: Iterable[tuple[Sequence[str], str]]) -> Spoken:
        """The words said, each as its forms and its place in the text."""
        loudest: dict[int, float] = {}
        for forms, place in said:
            loudness = LOUDNESS[place]
            for form in forms:
                row = self.forms.get(form)
                if row is not None and loudest.get(row, 0.0) < loudness:
                    loudest[row] = loudness
        rows = np.fromiter(loudest, dtype=np.int64, count=len(loudest))
        values = np.fromiter(loudest.values(), dtype=np.float32, count=len(loudest))
        values = values * self.rarity[rows]
        return Spoken(rows, values / max(float(np.linalg.norm(values)), 1e-6))

    def voices(self, spoken: Spoken) -> NDArray[np.float32]:
        """What the words say for each theme, then for the field, as log odds."""
        return spoken.values @ self.weights[spoken.rows] + self.biases

    def loudest(self, spoken: Spoken, number: int) -> frozenset[str]:
        """The forms that speak most for the theme of this number.

        Each brings EVIDENT log odds or more, and speaks for no other theme as much.
        """
        said = self.weights[spoken.rows, :-1]
        told = spoken.values * said[:, number]
        own = (said[:, number] >= said.max(axis=1)) & (self.rarity[spoken.rows] >= TOO_COMMON)
        told = np.where(own, told, 0)
        order = np.argsort(-told, kind="stable")[:WORDS]
        loud = [int(spoken.rows[one]) for one in order if told[one] >= EVIDENT]
        return frozenset(self.names[row] for row in loud)

    def scores(self, clues: NDArray[np.float64]) -> NDArray[np.float64]:
        """How probable each theme is, from the clues of a text."""
        odds = (clues - self.means) / self.spreads @ self.shared[:-1] + self.shared[-1] + self.own
        return logistic(self.platt[0] * odds + self.platt[1])

    def deserved(self, scores: NDArray[np.float64], field: float, words: int) -> list[int]:
        """The numbers of the themes that a text is given, most probable first.

        ``field``: what its words say for the field as a whole (log odds).
        """
        order = np.argsort(-scores, kind="stable")[:MOST]
        least, further = _bars(field, words)
        if not len(order) or scores[order[0]] < least:
            return []
        first, *others = (int(number) for number in order)
        return [first, *(number for number in others if scores[number] >= further)]

    def for_themes(self, themes: Sequence[ThemeId]) -> Model:
        """The same for these themes: one that nothing was learnt of is judged as any other is."""
        known = {theme: number for number, theme in enumerate(self.themes)}
        columns = [known.get(theme, -1) for theme in themes]
        learnt = np.array([column >= 0 for column in columns])
        weights = self.weights[:, [*columns, len(self.themes)]]
        biases = self.biases[[*columns, len(self.themes)]]
        weights[:, :-1][:, ~learnt] = 0
        biases[:-1][~learnt] = np.median(self.biases[:-1])
        return replace(
            self,
            themes=tuple(themes),
            weights=weights,
            biases=biases,
            own=np.where(learnt, self.own[columns], 0.0),
        )


def _bars(field: float, words: int) -> tuple[float, float]:
    """The score from which a text has its first theme, and from which it has others."""
    if words > NOT_LONG or field < CLEARLY:
        return FIRST, FURTHER
    if field < CERTAINLY:
        return FIRST_IN_FIELD, FURTHER
    return FIRST_CERTAIN, FURTHER_CERTAIN


def forms_of(stem: str) -> tuple[str, ...]:
    """What is heard of a word from its lemma's stem: itself, and its beginning when it is long."""
    if not stem or stem.isdigit():
        return ()
    return (stem, stem[:_PREFIX] + "*") if len(stem) > _PREFIX else (stem,)


def to_bytes(model: Model) -> bytes:
    """The model as the content of an .npz file; the same model gives the same bytes."""
    arrays: dict[str, Any] = {
        field.name: getattr(model, field.name)
        for field in fields(model)
        if field.name not in ("themes", "names", "forms", "version")
    }
    arrays["weights"] = model.weights.astype(np.float16)
    arrays["themes"] = _packed(model.themes)
    arrays["names"] = _packed(model.names)
    arrays["clues"] = _packed(NAMES)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def load_model(path: Path = SHIPPED) -> Model:
    """The model of a file. Raises Unreadable when it is absent, broken or of another program."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return _model(arrays, content)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Unreadable(path.name, str(error)) from error


def _model(arrays: Any, content: bytes) -> Model:
    if _unpacked(arrays["clues"]) != NAMES:
        raise ValueError("fait par une autre version de Glaneuse")
    plain = {
        name: arrays[name]
        for name in ("rarity", "biases", "means", "spreads", "shared", "own", "platt")
    }
    names = _unpacked(arrays["names"])
    return Model(
        names=names,
        themes=tuple(ThemeId(theme) for theme in _unpacked(arrays["themes"])),
        forms={name: row for row, name in enumerate(names)},
        weights=arrays["weights"].astype(np.float32),
        version=hashlib.sha256(content).hexdigest()[:12],
        **plain,
    )


def _packed(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(array.tobytes().decode().split("\n"))
