"""How well a search engine answers a search set: nDCG@10 and recall (Järvelin & Kekäläinen, 2002).

A set is a folder with ``articles.jsonl`` (``id``, ``title``, ``text`` …) and ``queries.jsonl``
(``id``, ``query``, ``relevant``: grades by article id).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2
from pathlib import Path
from statistics import fmean
from typing import Any

from core.errors import Unreadable
from core.model import Access, ArticleId
from indexer.baselines import FIELDS, Baseline
from indexer.engine import Document, Query, SearchEngine

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the articles that answer it, and how well each does (1 or more)."""

    id: str
    query: str
    relevant: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Means over the questions; ``unanswered``: the share of questions that got nothing."""

    questions: int
    ndcg: float  # at 10
    recall: float  # at 10
    unanswered: float


def evaluate(engine: SearchEngine, folder: Path, run: Path | None = None) -> SearchFigures:
    """Fill ``engine`` (whose content is replaced) with the set's articles, ask every question.

    ``run``: where to write ``{"id", "ranked": [article ids]}``, a line for each question.
    Raises Unreadable for a folder that is no search set.
    """
    names, documents, questions = read(folder)
    engine.rebuild(documents)
    ranked = {question.id: _ranked(engine, question.query, names) for question in questions}
    if run is not None:
        with run.open("w", encoding="utf-8") as file:
            for identifier, answers in ranked.items():
                file.write(json.dumps({"id": identifier, "ranked": answers}) + "\n")
    return figures(questions, ranked)


def baselines(folder: Path) -> dict[str, SearchFigures]:
    """The same set answered by plain BM25: text alone, title and text. Raises Unreadable."""
    names, documents, questions = read(folder)
    baseline = Baseline(documents)
    found = {}
    for name, fields in FIELDS.items():
        best = {one.id: baseline.best(one.query, DEPTH, fields) for one in questions}
        ranked = {id: [names[number - 1] for number in numbers] for id, numbers in best.items()}
        found[name] = figures(questions, ranked)
    return found


def read(folder: Path) -> tuple[list[str], list[Document], list[Judged]]:
    """The set's article ids, the articles (numbered from 1 in that order) and its questions."""
    articles = list(_lines(folder / "articles.jsonl", ("id", "title", "text")))
    questions = [
        Judged(str(line["id"]), str(line["query"]), dict(line["relevant"]))
        for line in _lines(folder / "queries.jsonl", ("id", "query", "relevant"))
    ]
    documents = [_document(number, line) for number, line in enumerate(articles, 1)]
    return [str(line["id"]) for line in articles], documents, questions


def figures(questions: Sequence[Judged], ranked: Mapping[str, Sequence[str]]) -> SearchFigures:
    """The figures of these answers; a question that has no relevant article does not count."""
    judged = [question for question in questions if any(question.relevant.values())]
    if not judged:
        return SearchFigures(0, 0.0, 0.0, 0.0)
    pairs = [(question.relevant, ranked.get(question.id, ())) for question in judged]
    return SearchFigures(
        questions=len(judged),
        ndcg=fmean(ndcg(relevant, answers) for relevant, answers in pairs),
        recall=fmean(recall(relevant, answers) for relevant, answers in pairs),
        unanswered=fmean(not answers for _, answers in pairs),
    )


def ndcg(relevant: Mapping[str, float], answers: Sequence[str]) -> float:
    """Normalised discounted cumulative gain of the first ten, the gain being 2^grade - 1."""
    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    return _gain([relevant.get(answer, 0) for answer in answers[:DEPTH]]) / _gain(best)


def recall(relevant: Mapping[str, float], answers: Sequence[str]) -> float:
    """Which share of the relevant articles is among the first ten."""
    wanted = {article for article, grade in relevant.items() if grade}
    return len(wanted.intersection(answers[:DEPTH])) / len(wanted)


def _gain(grades: Sequence[float]) -> float:
    gains = ((2**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, 1))
    return float(sum(gains))


def _ranked(engine: SearchEngine, words: str, names: Sequence[str]) -> list[str]:
    found = engine.search(Query(words, off_field=True, size=DEPTH))
    return [names[hit.id - 1] for hit in found.hits]


def _document(number: int, line: Mapping[str, Any]) -> Document:
    published = line.get("published")
    return Document(
        id=ArticleId(number),
        title=str(line["title"]),
        text=str(line["text"]),
        url=str(line.get("url", "")),
        source=str(line.get("source", "")),
        source_name="",
        access=Access.UNKNOWN,
        published=datetime.fromisoformat(published) if published else None,
        themes=(),
    )


def _lines(file: Path, wanted: Sequence[str]) -> Iterator[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(str(file), str(error)) from error
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except ValueError as error:
            raise Unreadable(f"{file}:{number}", f"ce n’est pas du JSON ({error})") from error
        if not isinstance(line, dict) or any(name not in line for name in wanted):
            raise Unreadable(f"{file}:{number}", f"il faut {', '.join(wanted)}")
        yield line
