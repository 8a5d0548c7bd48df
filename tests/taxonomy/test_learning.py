from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import Unreadable
from core.model import ThemeId
from taxonomy.contest import try_corrections
from taxonomy.evaluation import Gold
from taxonomy.learning import Example, folds, joined, learn, shipped_examples, unlearnt
from taxonomy.model import load_model, to_bytes
from taxonomy.regression import fit_narrow, fit_shared, fit_wide
from taxonomy.tagger import Tagger
from taxonomy.vocabulary import Vocabulary

CRECHE = ThemeId("petite-enfance")
PRISON = ThemeId("justice-prison")


def lesson(vocabulary: Vocabulary) -> list[Example]:
    """A few shipped examples of every voice: enough to learn something in a second."""
    found = shipped_examples(vocabulary.themes)
    return [one for place, one in enumerate(found) if place % 5 == 0]


@pytest.fixture(scope="module")
def some(vocabulary: Vocabulary) -> list[Example]:
    return lesson(vocabulary)


def test_wide_and_narrow_regressions_agree_on_the_same_problem() -> None:
    draw = np.random.default_rng(3)
    table = draw.normal(size=(80, 4)).astype(np.float32)
    targets = (table[:, :1] - table[:, 1:2] + draw.normal(size=(80, 1)) > 0).astype(np.float32)
    counted = np.ones_like(targets)
    wide, bias = fit_wide(table, targets, counted, 1.0)
    rows = np.hstack([table, np.ones((80, 1))]).astype(np.float64)
    penalties = np.array([1.0, 1.0, 1.0, 1.0, 1e-9])
    narrow = fit_narrow(rows, targets[:, 0].astype(float), counted[:, 0].astype(float), penalties)
    assert np.allclose(wide[:, 0], narrow[:-1], atol=0.02)
    assert bias[0] == pytest.approx(narrow[-1], abs=0.02)


def test_targets_that_share_weights_are_fitted_as_one_table_would_be() -> None:
    draw = np.random.default_rng(5)
    texts, count, width = 60, 4, 3
    rows = np.concatenate(
        [draw.normal(size=(texts, count, width)), np.ones((texts, count, 1))], axis=2
    )
    targets = (rows[:, :, 0] + draw.normal(size=(texts, count)) > 1).astype(float)
    counted = (draw.random((texts, count)) < 0.9).astype(float)
    penalties = np.array([1.0, 1.0, 1.0, 1e-6])
    shared, own = fit_shared(rows, targets, counted, penalties, 20.0)
    table = np.hstack([rows.reshape(-1, width + 1), np.tile(np.eye(count), (texts, 1))])
    whole = fit_narrow(
        table,
        targets.reshape(-1),
        counted.reshape(-1),
        np.concatenate([penalties, np.full(count, 20.0)]),
    )
    assert np.allclose(np.concatenate([shared, own]), whole, atol=1e-9)


def test_what_nobody_knows_does_not_count() -> None:
    table = np.array([[1.0], [1.0], [-1.0]], dtype=np.float32)
    targets = np.array([[1.0], [0.0], [0.0]], dtype=np.float32)
    sure, _ = fit_wide(table, targets, np.ones_like(targets), 0.1)
    unknown, _ = fit_wide(table, targets, np.array([[1], [0], [1]], dtype=np.float32), 0.1)
    assert unknown[0, 0] > sure[0, 0]


def test_the_same_examples_give_the_same_file(
    some: list[Example], vocabulary: Vocabulary, tagger: Tagger
) -> None:
    assert to_bytes(learn(some, vocabulary, tagger).model) == to_bytes(
        learn(some, vocabulary, tagger).model
    )


def test_a_model_is_the_same_once_kept(
    some: list[Example], vocabulary: Vocabulary, tagger: Tagger, tmp_path: Path
) -> None:
    model = learn(some, vocabulary, tagger).model
    path = tmp_path / "model.npz"
    path.write_bytes(to_bytes(model))
    kept = load_model(path)
    assert (kept.themes, kept.names) == (model.themes, model.names)
    for one in some[:40]:
        title, text = one.gold.title, one.gold.text
        given = [t.theme for t in Tagger(vocabulary, kept).tag(title, text)]
        assert given == [t.theme for t in Tagger(vocabulary, model).tag(title, text)]


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04"])
def test_a_broken_model_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"model\.npz"):
        load_model(path)


def test_a_theme_that_nothing_was_learnt_of_is_given_all_the_same(
    vocabulary: Vocabulary,
) -> None:
    model = load_model()
    others = [n for n, theme in enumerate(model.themes) if theme != PRISON]
    without = model.for_themes([model.themes[n] for n in others])
    tagger = Tagger(vocabulary, without)
    given = tagger.tag(
        "Maison d'arrêt : la surpopulation carcérale empire",
        "Trois détenus par cellule. L'administration pénitentiaire le reconnaît.",
    )
    assert PRISON in {tagging.theme for tagging in given}


def test_joined_texts_share_their_main_theme_and_leave_the_rest_open() -> None:
    golds = [
        Gold("1", "t1", "un", (CRECHE, PRISON)),
        Gold("2", "t2", "deux", (CRECHE,)),
        Gold("3", "", "", ()),
        Gold("4", "", "", ()),
        Gold("5", "", "", ()),
    ]
    found = list(joined([Example(gold, "v") for gold in golds]))
    assert sorted((one.gold.themes, one.gold.also) for one in found) == [
        ((), ()),
        ((CRECHE,), (PRISON,)),
    ]


def test_a_voice_is_in_one_fold() -> None:
    examples = [Example(Gold(str(n), "", "", (CRECHE,)), f"v{n % 7}") for n in range(40)]
    found = folds(examples)
    assert len({(one.voice, int(fold)) for one, fold in zip(examples, found, strict=True)}) == 7


def test_corrections_that_teach_something_are_put_in_use(
    some: list[Example], vocabulary: Vocabulary
) -> None:
    present = Tagger(vocabulary, unlearnt(tuple(vocabulary.themes)))
    corrections = [one.gold for one in shipped_examples(vocabulary.themes)[1::3]][:60]
    trial = try_corrections(corrections, some, vocabulary, present)
    assert trial.learnt.micro.f1 > trial.present.micro.f1
    assert trial.model is not None
    assert trial.learnt.texts == 20


def test_corrections_that_make_things_worse_change_nothing(
    some: list[Example], vocabulary: Vocabulary, tagger: Tagger
) -> None:
    golds = [one.gold for one in shipped_examples(vocabulary.themes)[1::3]][:60]
    right = [gold for place, gold in enumerate(golds) if place % 3 == 0]
    wrong = [Gold(g.id, g.title, g.text, ()) for g in golds for _ in range(3)]
    mixed = [right[n // 3] if n % 3 == 0 else wrong[n] for n in range(len(right) * 3)]
    assert try_corrections(mixed, some, vocabulary, tagger).model is None
