"""How right the themes are: precision, recall and F1 against texts whose themes are known."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import Unreadable
from core.model import ThemeId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Gold:
    """A text with the themes that people gave it, the main one first.

    Themes under ``also`` are defensible: neither asked for nor counted wrong. A text without any
    theme is a trap: the field's words in another sense.
    """

    id: str
    title: str
    text: str
    themes: tuple[ThemeId, ...]
    also: tuple[ThemeId, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Themes rightly given, wrongly given, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the given themes that are right; 0 when none was given."""
        return _ratio(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the themes to give that were given."""
        return _ratio(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many out of so many."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share, 0 when there was nothing to count."""
        return _ratio(self.count, self.total)

    @property
    def interval(self) -> Interval:
        """Wilson's score interval (E. B. Wilson, JASA 22, 1927), at 95 %."""
        return wilson(self.count, self.total)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a theme (or « micro ») with its figures and its number of texts."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A text that was not given its themes, with those missed and those wrongly given."""

    gold: Gold
    missed: tuple[ThemeId, ...]
    wrong: tuple[ThemeId, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a tagger is worth on a gold set."""

    themes: Mapping[ThemeId, Counts]
    micro: Counts
    f1_interval: Interval  # of micro F1, by bootstrap over texts
    traps: Share  # traps left without a theme
    main: Share  # texts whose main theme is among those given
    any: Share  # texts of which at least one theme is among those given
    mistaken: tuple[Mistaken, ...] = ()  # the worst first

    @property
    def texts(self) -> int:
        """How many texts were judged."""
        return self.traps.total + self.main.total

    @property
    def confusions(self) -> list[tuple[ThemeId, ThemeId, int]]:
        """Themes missed with the one wrongly given in the same text, the most frequent first."""
        pairs = Counter((m, w) for text in self.mistaken for m in text.missed for w in text.wrong)
        ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(missed, wrong, count) for (missed, wrong), count in ordered]

    @property
    def macro_f1(self) -> float:
        """Mean of the F1 of the themes that the gold set asks for."""
        asked = [counts.f1 for counts in self.themes.values() if counts.right + counts.missed]
        return _ratio(sum(asked), len(asked))

    def rows(self) -> list[Row]:
        """One row a theme, by id, then the micro average."""
        named = sorted(self.themes.items())
        return [_row(theme, counts) for theme, counts in named] + [_row("micro", self.micro)]


def _row(name: str, counts: Counts) -> Row:
    support = counts.right + counts.missed
    return Row(name, counts.precision, counts.recall, counts.f1, support)


def evaluate(gold: Sequence[Gold], given: Sequence[Collection[ThemeId]]) -> Evaluation:
    """Compare the themes given to each text with its gold ones; both in the same order."""
    texts = [_compare(one, set(themes)) for one, themes in zip(gold, given, strict=True)]
    right: Counter[ThemeId] = Counter(t for text in texts for t in text[0])
    wrong: Counter[ThemeId] = Counter(t for text in texts for t in text[1])
    missed: Counter[ThemeId] = Counter(t for text in texts for t in text[2])
    themes = {t: Counts(right[t], wrong[t], missed[t]) for t in {*right, *wrong, *missed}}
    per_text = [Counts(len(r), len(w), len(m)) for r, w, m in texts]
    pairs = [(one, set(themes_)) for one, themes_ in zip(gold, given, strict=True)]
    asked = [(one, found) for one, found in pairs if one.themes]
    traps = [found for one, found in pairs if not one.themes]
    return Evaluation(
        themes=themes,
        micro=_total(per_text),
        f1_interval=_bootstrap(per_text),
        traps=Share(sum(not found for found in traps), len(traps)),
        main=Share(sum(one.themes[0] in found for one, found in asked), len(asked)),
        any=Share(sum(not found.isdisjoint(one.themes) for one, found in asked), len(asked)),
        mistaken=tuple(_mistaken(gold, texts)),
    )


def _mistaken(
    gold: Sequence[Gold], texts: Sequence[tuple[set[ThemeId], set[ThemeId], set[ThemeId]]]
) -> list[Mistaken]:
    found = [
        Mistaken(one, tuple(sorted(missed)), tuple(sorted(wrong)))
        for one, (_, wrong, missed) in zip(gold, texts, strict=True)
        if wrong or missed
    ]
    return sorted(found, key=lambda text: -len(text.missed) - len(text.wrong))


def unspoken(gold: Iterable[Gold], known: Iterable[ThemeId]) -> frozenset[ThemeId]:
    """The known themes that a gold set never names: it cannot say whether they are right."""
    named = {theme for one in gold for theme in (*one.themes, *one.also)}
    return frozenset(known) - named


@dataclass(frozen=True, slots=True)
class Band:
    """Among the themes given with a score from ``low`` to below ``high``, how many are right."""

    low: float
    high: float
    right: Share


def calibration(
    gold: Sequence[Gold], given: Sequence[Collection[tuple[ThemeId, float]]]
) -> list[Band]:
    """Ten bands of scores; themes that may be given or not are not counted."""
    told: list[list[bool]] = [[] for _ in range(10)]
    for one, scored in zip(gold, given, strict=True):
        for theme, score in scored:
            if theme not in one.also:
                told[min(int(score * 10), 9)].append(theme in one.themes)
    return [
        Band(step / 10, (step + 1) / 10, Share(sum(right), len(right)))
        for step, right in enumerate(told)
    ]


def _compare(gold: Gold, given: set[ThemeId]) -> tuple[set[ThemeId], set[ThemeId], set[ThemeId]]:
    asked = set(gold.themes)
    return given & asked, given - asked - set(gold.also), asked - given


def _total(counts: Iterable[Counts]) -> Counts:
    right = wrong = missed = 0
    for one in counts:
        right, wrong, missed = right + one.right, wrong + one.wrong, missed + one.missed
    return Counts(right, wrong, missed)


def _bootstrap(texts: Sequence[Counts], rounds: int = 1000) -> Interval:
    """Percentile bootstrap of micro F1 over texts, with a fixed seed: same data, same figures."""
    if not texts:
        return Interval(0.0, 0.0)
    draw = random.Random(20261122)  # noqa: S311 - statistics, not secrets
    values = sorted(_total(draw.choices(texts, k=len(texts))).f1 for _ in range(rounds))
    return Interval(values[int(rounds * 0.025)], values[int(rounds * 0.975)])


def wilson(count: int, total: int, z: float = 1.96) -> Interval:
    """Wilson's interval for ``count`` out of ``total``; the whole [0, 1] when nothing is known."""
    if total == 0:
        return Interval(0.0, 1.0)
    share = count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2))
    half /= 1 + z * z / total
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def read_gold(
    lines: Iterable[str], name: str, known: Collection[ThemeId] | None = None
) -> Iterator[Gold]:
    """The gold texts of a JSON Lines file called ``name``; empty lines are skipped.

    With ``known``, a theme that is not among them is an error. Raises Unreadable, which names the
    file and the line.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                gold = _gold(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise Unreadable(f"{name}:{number}", str(error)) from error
            unknown = set(gold.themes + gold.also) - set(known) if known is not None else ()
            if unknown:
                raise Unreadable(
                    f"{name}:{number}", f"thèmes inconnus : {', '.join(sorted(unknown))}"
                )
            yield gold


def _gold(value: object) -> Gold:
    if not isinstance(value, dict):
        raise ValueError("ce n’est pas un objet JSON")  # noqa: TRY004 - one error for the reader of the file
    return Gold(
        str(value.get("id", "")),
        _string(value, "title"),
        _string(value, "text"),
        _theme_ids(value, "themes"),
        _theme_ids({"also": [], **value}, "also"),
    )


def _string(value: dict[str, object], name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str):
        raise ValueError(f"{name} : il faut un texte")  # noqa: TRY004
    return text


def _theme_ids(value: dict[str, object], name: str) -> tuple[ThemeId, ...]:
    ids = value.get(name)
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise ValueError(f"{name} : il faut une liste de thèmes")
    return tuple(ThemeId(one) for one in ids)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
