"""What kind of text it is. Every text is written for these tests, or for our gold set."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.facets import GOLD, lines
from benchmarks.kinds import examples, foretold, learn
from core.errors import BadVocabulary, Unreadable
from core.model import Kind
from taxonomy.genres import FILE, FOLDER, Genres, load_genres
from taxonomy.kind_model import load_kind_model
from taxonomy.kinds import Presented, kind_of


@pytest.fixture(scope="session")
def genres() -> Genres:
    return load_genres()


@pytest.mark.parametrize(
    ("presented", "kind", "reason"),
    [
        (Presented("Foyers", "Un mot.", url="https://site.example/agenda/foyers"),
         Kind.EVENT, "/agenda" ),
        (Presented("Foyers", "Un mot.", url="https://www.legifrance.gouv.fr/loda/id/1"),
         Kind.OFFICIAL, "legifrance.gouv.fr"),
        (Presented("Foyers", "Un mot.", section="Tribunes"), Kind.OPINION, "« Tribunes »"),
        (Presented("Foyers", "Un mot.", section="Article; JobPosting"), Kind.JOB, "JobPosting"),
        (Presented("Décret n° 2026-1 du 3 mai", "Un mot."), Kind.OFFICIAL, "« décret n »"),
        (Presented("« Tribune : ouvrons les portes »", "Un mot."), Kind.OPINION, "tribune"),
        (Presented("Foyers", "Entretien avec une éducatrice sur les nuits."),
         Kind.INTERVIEW, "entretien avec"),
        (Presented("Foyers", "Fiche pratique sur le dépôt d'un dossier."), Kind.TOOL, "fiche"),
        (Presented("Foyers", "Un mot."), Kind.NEWS, ""),
    ],
)  # fmt: skip
def test_one_clear_sign_decides_and_is_said(
    genres: Genres, presented: Presented, kind: Kind, reason: str
) -> None:
    given = kind_of(presented, genres)
    assert given.kind is kind
    if reason.startswith("/"):
        assert given.reasons[0] == "son adresse contient « agenda »"
    elif reason:
        assert reason in " ".join(given.reasons)
    else:
        assert given.reasons == ()


def test_somebody_quoted_is_not_the_one_who_writes(genres: Genres) -> None:
    quoted = "« Je suis éducatrice, je rentre chez moi, je pleure, mes collègues aussi. » " * 6
    news = f"La préfecture a fermé le foyer mardi, selon le département. {quoted}"
    assert kind_of(Presented("Un foyer fermé", news), genres).kind is Kind.NEWS
    told = quoted.replace("«", "").replace("»", "")
    given = kind_of(Presented("Le foyer", told), genres)
    assert given.kind is Kind.PRACTICE
    assert "écrit à la première personne" in given.reasons


def test_a_mere_word_of_the_trade_is_no_kind(genres: Genres) -> None:
    text = "Le guide touristique a quitté la ville lundi. " * 8
    assert kind_of(Presented("Un guide s'en va", text), genres).kind is Kind.NEWS


def test_what_we_wrote_for_each_kind_is_recognised(genres: Genres, checkout: Path) -> None:
    path = checkout / "benchmarks" / "gold" / "kinds.jsonl"
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    own = [one for one in gold if one["set"] == "own"]
    wrong = [
        (one["id"], one["kind"], given)
        for one in own
        if (given := kind_of(_presented(one), genres).kind)
        not in (one["kind"], *one.get("also", ()))
    ]
    assert len(own) >= 40
    assert len(wrong) <= len(own) // 20, wrong


def test_the_texts_of_another_author_are_mostly_recognised(genres: Genres, checkout: Path) -> None:
    folder = checkout / "benchmarks" / "gold"
    blind = {
        one["id"]: one
        for one in map(json.loads, (folder / "blind.jsonl").read_text("utf-8").splitlines())
    }
    right = practice = wanted = number = 0
    for gold in map(json.loads, (folder / "kinds.jsonl").read_text("utf-8").splitlines()):
        if gold["set"] not in ("blind", "check"):
            continue
        text = blind[gold["id"]]
        kind = kind_of(Presented(text["title"], text["text"]), genres).kind
        number += 1
        right += kind in (gold["kind"], *gold.get("also", ()))
        wanted += gold["kind"] == Kind.PRACTICE
        practice += kind == gold["kind"] == Kind.PRACTICE
    assert number >= 160
    assert right / number >= 0.85
    assert practice / wanted >= 0.75  # with the texts that are not part of the project: 0.82


@pytest.mark.parametrize(
    "text", ["", "🙂", "English prose about social work, at length. " * 40, "\ud800", "?" * 9_000,
             "— " * 5_000, "« " * 5_000, "a" * 300_000],
    ids=["empty", "emoji", "english", "surrogate", "questions", "dashes", "quotes", "long"],
)  # fmt: skip
def test_any_text_has_a_kind(genres: Genres, text: str) -> None:
    assert isinstance(kind_of(Presented(text[:50], text, url="http://["), genres).kind, Kind)


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("- id: agenda", "- id: agendas", "id", "genre inconnu"),
        ("- id: agenda", "- id: etude", "id", "déjà défini"),
        ("pluriel: Agenda\n", "pluriels: Agenda\n", "pluriels", "champ inconnu"),
    ],
)
def test_a_slip_in_the_file_is_named(
    tmp_path: Path, old: str, new: str, field: str, reason: str
) -> None:
    text = (FOLDER / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadVocabulary) as caught:
        load_genres(tmp_path)
    assert (caught.value.file, caught.value.field) == (FILE, field)
    assert reason in caught.value.reason


def _presented(one: dict[str, str]) -> Presented:
    return Presented(one["title"], one["text"], one.get("url", ""), one.get("section", ""))


def test_the_shipped_weights_are_those_that_the_examples_teach(genres: Genres) -> None:
    learnt = learn(examples(), genres)
    assert learnt.traits == genres.learnt.traits, "« make model » makes them again"
    assert np.allclose(learnt.weights, genres.learnt.weights, atol=0.02)
    assert np.allclose(learnt.bias, genres.learnt.bias, atol=0.02)


def test_examples_teach_kinds_to_those_of_other_voices(genres: Genres) -> None:
    some = examples()
    pairs = list(zip(some, foretold(some, genres), strict=True))
    written = [one.kind is given for one, given in pairs if one.voice]
    assert len(written) >= 180
    assert sum(written) / len(written) >= 0.80
    assert sum(one.kind is given for one, given in pairs) / len(pairs) >= 0.75


def test_each_kind_has_fifteen_examples_at_least_and_none_is_measured_with() -> None:
    some = examples()
    assert min(Counter(one.kind for one in some).values()) >= 15
    assert len({one.id for one in some}) == len(some)
    measured = {one["id"] for one in lines(GOLD / "kinds.jsonl")}
    assert measured.isdisjoint(one.id for one in some)


def test_how_it_is_written_is_said_when_it_decided(genres: Genres) -> None:
    told = "On arrive à huit heures. On ne sait pas qui viendra. Elle pose sa tasse, elle rit. " * 6
    given = kind_of(Presented("Huit heures, la salle", told), genres)
    assert given.kind is Kind.PRACTICE
    assert "dit « on »" in given.reasons


@pytest.mark.parametrize("content", [b"", b"kinds = ['agendas']", b"\xff", b"kinds = 3"])
def test_weights_that_cannot_be_read_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.toml"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"weights\.toml"):
        load_kind_model(path)
