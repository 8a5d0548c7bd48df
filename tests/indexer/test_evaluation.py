"""nDCG and recall, and the search sets they are measured on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from core.errors import Unreadable
from indexer.embedded import EmbeddedEngine
from indexer.evaluation import Judged, baselines, evaluate, figures, ndcg, recall

ARTICLES = [
    {"id": "a1", "title": "Le logement", "text": "Un toit pour chacun"},
    {"id": "a2", "title": "La santé", "text": "Les hôpitaux"},
]
QUERIES = [
    {"id": "q1", "query": "logements", "relevant": {"a1": 1}},
    {"id": "q2", "query": "hôpital", "relevant": {"a1": 1}},
]


def write(file: Path, lines: Sequence[Mapping[str, object]]) -> None:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_gains_are_discounted_by_rank_and_compared_with_the_best_order() -> None:
    assert ndcg({"a": 1}, ["a"]) == 1
    assert ndcg({"a": 1}, ["x", "a"]) == pytest.approx(0.6309, abs=1e-4)  # 1 / log2(3)
    assert ndcg({"a": 1}, ["x"] * 10 + ["a"]) == 0
    assert ndcg({"a": 1, "b": 3}, ["a", "b"]) == pytest.approx(0.7098, abs=1e-4)
    assert recall({"a": 1, "b": 2, "c": 0}, ["a", "c"]) == 0.5


def test_a_question_without_any_relevant_article_does_not_count() -> None:
    judged = [Judged("1", "x", {"a": 1}), Judged("2", "y", {"a": 0}), Judged("3", "z", {"b": 1})]
    found = figures(judged, {"1": ["a"], "2": ["a"]})
    assert (found.questions, found.ndcg, found.recall, found.unanswered) == (2, 0.5, 0.5, 0.5)


def test_an_engine_is_scored_on_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "articles.jsonl", ARTICLES)
    write(tmp_path / "queries.jsonl", QUERIES)
    run = tmp_path / "run.jsonl"
    found = evaluate(EmbeddedEngine(tmp_path / "index"), tmp_path, run)
    assert (found.questions, found.ndcg, found.unanswered) == (2, 0.5, 0)
    lines = [json.loads(line) for line in run.read_text().splitlines()]
    assert lines == [{"id": "q1", "ranked": ["a1"]}, {"id": "q2", "ranked": ["a2"]}]


def test_plain_bm25_is_scored_beside(tmp_path: Path) -> None:
    write(tmp_path / "articles.jsonl", ARTICLES)
    write(tmp_path / "queries.jsonl", QUERIES)
    found = baselines(tmp_path)
    assert list(found) == ["text", "title + text"]
    assert (found["text"].questions, found["text"].ndcg) == (2, 0.0)  # « logement »: a title
    assert found["title + text"].ndcg == 0.5


@pytest.mark.parametrize("content", ["{", "[]", '{"id": "x"}'])
def test_a_folder_that_is_no_search_set_says_where(tmp_path: Path, content: str) -> None:
    write(tmp_path / "articles.jsonl", ARTICLES)
    (tmp_path / "queries.jsonl").write_text("\n" + content)
    with pytest.raises(Unreadable, match=r"queries\.jsonl:2"):
        evaluate(EmbeddedEngine(tmp_path / "index"), tmp_path)
    with pytest.raises(Unreadable):
        evaluate(EmbeddedEngine(tmp_path / "index"), tmp_path / "none")
