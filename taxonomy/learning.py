"""Learning the model from texts whose themes are known: shipped examples, and people's corrections.

Voices (a file of examples, a newspaper, a hand) are kept whole in cross-validation: the upper layer
and the calibration are learnt from what the lower one says of voices it has not heard.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from taxonomy.clues import NAMES, clues
from taxonomy.evaluation import Gold, read_gold
from taxonomy.model import Model
from taxonomy.regression import fit_narrow, fit_shared, fit_wide, logistic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from core.model import ThemeId
    from taxonomy.tagger import Read
    from taxonomy.vocabulary import Vocabulary

EXAMPLES: Final = Path(__file__).with_name("examples")
FOLDS: Final = 5
_WORDS_PENALTY = 0.05
_CLUE_PENALTY = 1.0
_OWN_PENALTY = 20.0  # a theme's own correction must be deserved
_SEED = 20261125


@dataclass(frozen=True, slots=True)
class Example:
    """A text whose themes are known, the voice that it belongs to, and for how many it counts."""

    gold: Gold
    voice: str
    worth: int = 1


@dataclass(frozen=True, slots=True)
class Learnt:
    """The model, and what cross-validation gave each example, in their order."""

    model: Model
    given: tuple[tuple[tuple[ThemeId, float], ...], ...]  # themes with scores


class Reads(Protocol):
    """Whatever reads a text for the model (the tagger)."""

    def read(self, title: str, text: str) -> Read:
        """What there is to judge a text by."""
        ...


class Remembering:
    """Reads each text once, however often it is asked: learning anew reads the same ones."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str], Read] = {}

    def read(self, title: str, text: str) -> Read:
        """What there is to judge a text by."""
        read = self._known.get((title, text))
        if read is None:
            read = self._known[title, text] = self._reader.read(title, text)
        return read


def shipped_examples(known: Collection[ThemeId], folder: Path = EXAMPLES) -> list[Example]:
    """The examples of a folder, one voice a file. Raises Unreadable (file and line)."""
    return [
        Example(gold, path.stem)
        for path in sorted(folder.glob("*.jsonl"))
        for gold in read_gold(path.read_text(encoding="utf-8").splitlines(), path.name, known)
    ]


def learn(examples: Sequence[Example], vocabulary: Vocabulary, reader: Reads) -> Learnt:
    """The model that these examples teach. Needs both texts with themes and texts off the field."""
    return _Lesson(examples, vocabulary, reader).learnt()


def joined(examples: Sequence[Example]) -> Iterator[Example]:
    """Longer texts made of two examples with the same main theme, or of three off the field.

    Articles are longer than most examples, and hold more mere mentions. Themes that only one of the
    two has may be given or not.
    """
    draw = random.Random(_SEED)  # noqa: S311 - the same order each time, no secret
    groups: dict[ThemeId | None, list[Example]] = defaultdict(list)
    for one in examples:
        groups[one.gold.themes[0] if one.gold.themes else None].append(one)
    for theme, group in groups.items():
        draw.shuffle(group)
        size, step = (2, 1) if theme else (3, 2)
        for start in range(0, len(group) - size + 1, step):
            yield _join(group[start : start + size])


def _join(parts: Sequence[Example]) -> Example:
    golds = [one.gold for one in parts]
    first = golds[0]
    shared = [t for t in first.themes if all(t in gold.themes for gold in golds)]
    every = dict.fromkeys(t for gold in golds for t in (*gold.themes, *gold.also))
    text = "\n\n".join([first.text, *(f"{gold.title}. {gold.text}" for gold in golds[1:])])
    also = tuple(theme for theme in every if theme not in shared)
    name = "+".join(gold.id for gold in golds)
    return Example(Gold(name, first.title, text, tuple(shared), also), "joined")


def folds(examples: Sequence[Example]) -> NDArray[np.int64]:
    """A fold for each example: voices whole, those off the field spread like the others."""
    off: dict[str, bool] = {}
    for one in examples:
        off[one.voice] = off.get(one.voice, True) and not one.gold.themes
    order = sorted(off, key=lambda voice: (off[voice], voice))
    place = {voice: number % FOLDS for number, voice in enumerate(order)}
    return np.array([place[one.voice] for one in examples])


class _Lesson:
    """The texts read once, as every step needs them."""

    def __init__(self, examples: Sequence[Example], vocabulary: Vocabulary, reader: Reads) -> None:
        self.themes = tuple(vocabulary.themes)
        self.wider = vocabulary.prevailing
        own = folds(examples)
        more: list[tuple[Example, int]] = [
            (one, fold)
            for fold in range(FOLDS)
            for one in joined([e for e, f in zip(examples, own, strict=True) if f == fold])
        ]
        self.single = len(examples)
        self.golds = [one.gold for one in examples] + [one.gold for one, _ in more]
        self.folds = np.concatenate([own, np.array([fold for _, fold in more], dtype=np.int64)])
        self.reads = [reader.read(gold.title, gold.text) for gold in self.golds]
        self.targets, counted = _tables(self.golds, self.themes)
        worth = [one.worth for one in (*examples, *(one for one, _ in more))]
        self.counted = counted * np.array(worth, dtype=np.float32)[:, None]

    def learnt(self) -> Learnt:
        voices = np.zeros((len(self.golds), len(self.themes) + 1), dtype=np.float32)
        for fold in range(FOLDS):
            lower = self._lower(np.flatnonzero(self.folds[: self.single] != fold))
            for number in np.flatnonzero(self.folds == fold):
                voices[number] = lower.voices(lower.hear(self.reads[number].said))
        found = np.stack(
            [
                clues(read.mentions, read.words, voice, self.themes, self.wider)
                for read, voice in zip(self.reads, voices, strict=True)
            ]
        )
        scores = self._foretold(found)
        platt = self._calibration(scores)
        scores = logistic(platt[0] * _odds(scores) + platt[1])
        upper = self._upper(found, np.arange(len(self.golds)))
        model = replace(
            self._lower(np.arange(self.single)),
            means=upper.means,
            spreads=upper.spreads,
            shared=upper.shared,
            own=upper.own,
            platt=platt,
        )
        fields = [(float(v[-1]), read.words) for v, read in zip(voices, self.reads, strict=True)]
        fields = fields[: self.single]
        given = tuple(
            tuple((self.themes[n], round(float(row[n]), 3)) for n in model.deserved(row, *told))
            for row, told in zip(scores[: self.single], fields, strict=True)
        )
        return Learnt(model, given)

    def _lower(self, chosen: NDArray[np.int64]) -> Model:
        reads = [self.reads[number] for number in chosen]
        spread: dict[str, int] = defaultdict(int)
        for read in reads:
            for form in sorted({form for forms, _ in read.said for form in forms}):
                spread[form] += 1
        rarity = np.log((1 + len(reads)) / (1 + np.array(list(spread.values()), dtype=np.float32)))
        model = unlearnt(self.themes, tuple(spread), rarity.astype(np.float32))
        table = np.zeros((len(reads), len(spread)), dtype=np.float32)
        for row, read in enumerate(reads):
            spoken = model.hear(read.said)
            table[row, spoken.rows] = spoken.values
        weights, biases = fit_wide(
            table, self.targets[chosen], self.counted[chosen], _WORDS_PENALTY
        )
        return replace(model, weights=weights, biases=biases)

    def _upper(self, found: NDArray[np.float64], chosen: NDArray[np.int64]) -> Model:
        rows = found[chosen]
        means, spreads = rows.mean((0, 1)), rows.std((0, 1)) + 1e-6
        table = np.concatenate([(rows - means) / spreads, np.ones((*rows.shape[:2], 1))], axis=2)
        shared, own = fit_shared(
            table,
            self.targets[chosen, :-1].astype(np.float64),
            self.counted[chosen, :-1].astype(np.float64),
            np.append(np.full(len(NAMES), _CLUE_PENALTY), 1e-6),
            _OWN_PENALTY,
        )
        return replace(unlearnt(self.themes), means=means, spreads=spreads, shared=shared, own=own)

    def _foretold(self, found: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each text's scores from an upper layer that has not seen its fold."""
        scores = np.zeros(found.shape[:2])
        for fold in range(FOLDS):
            upper = self._upper(found, np.flatnonzero(self.folds != fold))
            for number in np.flatnonzero(self.folds == fold):
                scores[number] = upper.scores(found[number])
        return scores

    def _calibration(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Platt's slope and shift, from texts in their own length."""
        odds = _odds(scores[: self.single]).reshape(-1)
        table = np.stack([odds, np.ones_like(odds)], axis=1)
        known = (self.targets[: self.single, :-1], self.counted[: self.single, :-1])
        targets, counted = (one.astype(np.float64).reshape(-1) for one in known)
        return fit_narrow(table, targets, counted, np.full(2, 1e-3))


def _tables(
    golds: Sequence[Gold], themes: Sequence[ThemeId]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Targets and what counts, texts × (themes, then being in the field)."""
    place = {theme: number for number, theme in enumerate(themes)}
    targets = np.zeros((len(golds), len(themes) + 1), dtype=np.float32)
    counted = np.ones_like(targets)
    for row, gold in enumerate(golds):
        targets[row, [place[theme] for theme in gold.themes if theme in place]] = 1
        counted[row, [place[theme] for theme in gold.also if theme in place]] = 0
        targets[row, -1] = bool(gold.themes)
        counted[row, -1] = bool(gold.themes) or not gold.also
    return targets, counted


def unlearnt(
    themes: tuple[ThemeId, ...],
    names: tuple[str, ...] = (),
    rarity: NDArray[np.float32] | None = None,
) -> Model:
    """A model that knows forms but has learnt nothing."""
    rarity = np.zeros(len(names), dtype=np.float32) if rarity is None else rarity
    return Model(
        themes=themes,
        names=names,
        forms={name: row for row, name in enumerate(names)},
        rarity=rarity,
        weights=np.zeros((len(names), len(themes) + 1), dtype=np.float32),
        biases=np.zeros(len(themes) + 1, dtype=np.float32),
        means=np.zeros(len(NAMES)),
        spreads=np.ones(len(NAMES)),
        shared=np.zeros(len(NAMES) + 1),
        own=np.zeros(len(themes)),
        platt=np.array([1.0, 0.0]),
    )


def _odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = np.clip(scores, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)
