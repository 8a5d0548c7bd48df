"""Corrections as gold texts: what people said, and nothing that they did not say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.corrections import THE_OTHERS, Correction, Verdict, effective
from core.model import ArticleId, Extracted, SourceKind, Tagging, ThemeId
from store import Store
from taxonomy.corrections import KIND, close, correct, gold_lines, gold_texts
from taxonomy.evaluation import evaluate, read_gold

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LOGEMENT, VIOLENCES, EXIL = map(ThemeId, ("logement", "violences", "exil-asile"))
KNOWN = (LOGEMENT, VIOLENCES, EXIL)


@pytest.fixture
def ids(store: Store) -> list[ArticleId]:
    """Three articles that the tagger filed under housing and violence."""
    with store.begin() as tx:
        source = tx.sources.add(
            name="Le Carnet", url="https://c.example/", feed="https://c.example/f",
            kind=SourceKind.FEED, now=NOW,
        )  # fmt: skip
        made = [
            tx.articles.save(
                Extracted(f"https://c.example/{n}", f"Titre {n}", f"Texte {n}."),
                source_id=source.id,
                now=NOW,
            )[0]
            for n in range(3)
        ]
        given = [Tagging(LOGEMENT, 0.9), Tagging(VIOLENCES, 0.6)]
        tx.articles.save_taggings([(id, given) for id in made], tagger="1")
    return made


def said(theme: ThemeId, verdict: Verdict) -> Correction:
    return Correction(ArticleId(1), theme, verdict, None, NOW, "1", None)


def test_what_people_say_goes_before_what_the_tagger_says() -> None:
    given = (Tagging(LOGEMENT, 0.9), Tagging(VIOLENCES, 0.6))
    assert effective(given, ()) == given
    taken = effective(given, (said(LOGEMENT, Verdict.TAKEN), said(EXIL, Verdict.GIVEN)))
    assert taken == (given[1], Tagging(EXIL, 1.0, by_people=True))
    assert effective(given, (said(THE_OTHERS, Verdict.COMPLETE),)) == ()


def test_themes_of_which_nobody_spoke_are_neither_asked_for_nor_wrong(
    store: Store, ids: list[ArticleId]
) -> None:
    with store.begin() as tx:
        correct(tx, ids[1], VIOLENCES, Verdict.TAKEN, by=None, now=NOW)
    (gold,) = gold_texts(store, KNOWN)
    assert (gold.id, gold.title, gold.text) == (str(ids[1]), "Titre 1", "Texte 1.")
    assert (gold.themes, gold.also) == ((), (EXIL, LOGEMENT))
    assert evaluate([gold], [{LOGEMENT, EXIL}]).micro.wrong == 0
    assert evaluate([gold], [{VIOLENCES}]).micro.wrong == 1


def test_an_article_looked_at_whole_says_everything(store: Store, ids: list[ArticleId]) -> None:
    with store.begin() as tx:
        correct(tx, ids[0], VIOLENCES, Verdict.TAKEN, by=None, now=NOW)
        close(tx, ids[0], [LOGEMENT], by=None, now=NOW)
    (gold,) = gold_texts(store, KNOWN)
    assert (gold.themes, gold.also) == ((LOGEMENT,), ())


def test_gold_lines_are_read_by_evaluate(store: Store, ids: list[ArticleId]) -> None:
    with store.begin() as tx:
        correct(tx, ids[0], EXIL, Verdict.GIVEN, by=None, now=NOW)
        close(tx, ids[2], [LOGEMENT, VIOLENCES], by=None, now=NOW)
    read = list(read_gold(gold_lines(store, KNOWN), "corrections", KNOWN))
    assert read == list(gold_texts(store, KNOWN))
    assert [gold.themes for gold in read] == [(EXIL,), (LOGEMENT, VIOLENCES)]


def test_a_theme_that_the_vocabulary_no_longer_has_is_left_out(
    store: Store, ids: list[ArticleId]
) -> None:
    with store.begin() as tx:
        close(tx, ids[0], [LOGEMENT, VIOLENCES], by=None, now=NOW)
    (gold,) = gold_texts(store, [VIOLENCES])
    assert (gold.themes, gold.also) == ((VIOLENCES,), ())


def test_each_correction_leaves_its_trace_and_a_repeated_one_leaves_none(
    store: Store, ids: list[ArticleId]
) -> None:
    with store.begin() as tx:
        assert correct(tx, ids[0], LOGEMENT, Verdict.TAKEN, by=None, now=NOW) is None
        again = correct(tx, ids[0], LOGEMENT, Verdict.TAKEN, by=None, now=NOW)
        assert again is Verdict.TAKEN
        assert correct(tx, ids[0], LOGEMENT, None, by=None, now=NOW) is Verdict.TAKEN
        trail = tx.audit.recent(kind=KIND, key=ids[0])
    told = [(entry.before, entry.after) for entry in trail]
    assert told == [
        ({"logement": "taken"}, {"logement": None}),
        ({"logement": None}, {"logement": "taken"}),
    ]
