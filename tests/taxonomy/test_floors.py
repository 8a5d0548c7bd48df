"""Quality may rise, never silently fall: figures on the repository's own sets have a floor."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from taxonomy.evaluation import Evaluation, calibration, evaluate, read_gold, unspoken
from taxonomy.tagger import Tagger
from taxonomy.vocabulary import Vocabulary

ROOT = Path(__file__).parent.parent.parent
FLOORS = tomllib.loads((ROOT / "benchmarks/gold/floors.toml").read_text(encoding="utf-8"))


def measured(path: Path, tagger: Tagger, vocabulary: Vocabulary) -> Evaluation:
    lines = path.read_text(encoding="utf-8").splitlines()
    gold = list(read_gold(lines, path.name, vocabulary.themes))
    silent = unspoken(gold, vocabulary.themes)
    tagged = tagger.tag_all((one.title, one.text) for one in gold)
    return evaluate(gold, [[t.theme for t in one if t.theme not in silent] for one in tagged])


@pytest.mark.parametrize("name", FLOORS)
def test_figures_stay_above_their_floor(name: str, tagger: Tagger, vocabulary: Vocabulary) -> None:
    found = measured(ROOT / name, tagger, vocabulary)
    figures = {
        "micro_f1": found.micro.f1,
        "macro_f1": found.macro_f1,
        "off_field_left_alone": found.traps.value,
        "main_theme_found": found.main.value,
    }
    fallen = {
        what: (round(figures[what], 3), floor)
        for what, floor in FLOORS[name].items()
        if figures[what] < floor
    }
    assert not fallen


def test_scores_say_how_often_they_are_right(tagger: Tagger, vocabulary: Vocabulary) -> None:
    path = ROOT / "benchmarks/gold/blind.jsonl"
    gold = list(read_gold(path.read_text(encoding="utf-8").splitlines(), path.name))
    silent = unspoken(gold, vocabulary.themes)
    given = [
        [(t.theme, t.score) for t in one if t.theme not in silent]
        for one in tagger.tag_all((one.title, one.text) for one in gold)
    ]
    high = calibration(gold, given)[8].right
    assert high.total >= 10
    assert high.value >= 0.75
