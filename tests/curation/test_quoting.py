"""Quotations: word for word, short, whole sentences where it can be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.model import Article, Evidence, Tagging, ThemeId
from core.text import one_line
from curation.quoting import allowance, copies, is_quotation, quotations
from tests.curation.samples import article

FIRST = "Les pouponnières de trois départements n’accueillent plus d’enfants depuis lundi."
SECOND = "La raison est simple : il manque des auxiliaires, et personne ne répond aux annonces."
THIRD = "« Nous tenons depuis des mois », dit une cheffe de service de Saint-Pré !"
LONG = " ".join(
    [FIRST, SECOND, THIRD, *(f"Une phrase de plus, la {n}e, sans rien." for n in range(60))]
)
WORDS = st.lists(
    st.sampled_from(
        ["mot", "Un", "enfant.", "accueil", "« oui »", "Puis", "non !", "l’été", "x" * 90]
    ),
    max_size=120,
).map(" ".join)


@given(WORDS, WORDS, st.integers(0, 400), st.sampled_from([None, 0, 50, 150]))
def test_what_is_proposed_may_be_shown_and_is_in_the_article(
    text: str, summary: str, length: int, snippet: int | None
) -> None:
    one = replace(article(text=text, summary=summary), max_snippet=snippet)
    for quoted in quotations(one, length):
        assert len(quoted) <= allowance(one, length)
        assert quoted.rstrip("…") in one_line(text) or quoted.rstrip("…") in one_line(summary)
        assert is_quotation(quoted, one, length)
        assert not copies(quoted, one, length)


def test_whole_sentences_come_and_those_of_the_theme_first() -> None:
    one = article(text=LONG)
    assert quotations(one, 200)[0] == f"{FIRST} {SECOND}"
    tagged = replace(one, taggings=(Tagging(ThemeId("a"), 1, (Evidence("text", 0, 0, "cheffe"),)),))
    assert quotations(tagged, 200)[0].startswith(THIRD)


def test_the_sources_own_summary_comes_first() -> None:
    summary = "Trois départements ferment leurs pouponnières, faute de bras."
    assert quotations(article(text=LONG, summary=summary), 200)[0] == summary


def test_no_short_sentence_gives_the_beginning_of_one() -> None:
    one = article(text="Un mot puis un autre mot " * 200)
    (found,) = quotations(one, 200)
    assert found.endswith("…")
    assert is_quotation(found, one, 200)


def test_nothing_is_quoted_of_what_may_not_be_shown() -> None:
    assert quotations(replace(article(text=LONG), max_snippet=0), 200) == ()
    assert quotations(article(text=""), 200) == ()


def checked(text: str, one: Article) -> tuple[bool, bool]:
    return is_quotation(text, one, 200), copies(text, one, 200)


def test_words_changed_are_no_quotation_and_long_ones_are_copied() -> None:
    one = article(text=LONG)
    assert checked(FIRST.replace("’", "'"), one) == (True, False)  # printed alike
    assert checked(FIRST.replace("lundi", "mardi"), one) == (False, False)
    assert checked(LONG[:300], one) == (False, True)
    assert checked(f"Selon Le Carnet, {LONG[:300]} Et nous ?", one) == (False, True)
    assert checked("", one) == (False, False)
