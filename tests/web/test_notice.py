"""What may be shown of an article, and how it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Article, ArticleId, Evidence, Source, SourceId, SourceKind, Tagging, ThemeId
from core.text import one_line
from core.weeks import french_day, french_when
from curation.quoting import allowance
from taxonomy.vocabulary import Vocabulary, load_vocabulary
from web.notice import WORDS, explained, notice_of, short_slug
from web.themes import readable_note
from web.typography import breakable, count, number

VOCABULARY = load_vocabulary()
SOURCE = Source(
    SourceId(1), "s", "Source", "https://s.example/", "https://s.example/f", SourceKind.FEED
)
ARTICLE = Article(ArticleId(1), "https://s.example/1", "Titre", "Un mot. " * 300, SOURCE)
THEMES = ("numerique", "logement", "parti")
EVIDENCE = st.builds(
    Evidence,
    st.sampled_from(["title", "text"]),
    st.just(0),
    st.just(1),
    st.text("abc é", min_size=1),
)
TAGGINGS = st.lists(
    st.builds(
        Tagging,
        st.sampled_from([ThemeId(theme) for theme in THEMES]),
        st.just(0.5),
        st.lists(EVIDENCE, max_size=9).map(tuple),
    ),
    max_size=4,
)


@given(
    TAGGINGS, st.integers(0, 2000), st.sampled_from(["", "Un chapô. " * 30]), st.integers(0, 200)
)
def test_extract_and_evidence_stay_within_what_may_be_shown(
    taggings: list[Tagging], size: int, summary: str, length: int
) -> None:
    article = replace(ARTICLE, text="x y " * size, summary=summary, taggings=tuple(taggings))
    shown, reasons = explained(article, VOCABULARY, length)
    by_title = {one_line(e.text) for one in taggings for e in one.evidence if e.field == "title"}
    words = [word for reason in reasons for word in reason.words]
    spent = sum(len(word) for word in words if word not in by_title)
    assert len(shown) + spent <= allowance(article, length)
    assert all(len(reason.words) <= WORDS for reason in reasons)


def test_a_theme_that_left_the_vocabulary_is_not_shown(vocabulary: Vocabulary) -> None:
    article = replace(ARTICLE, taggings=(Tagging(ThemeId("parti"), 1),))
    assert notice_of(article, vocabulary, 200).themes == ()
    assert explained(article, vocabulary, 200)[1] == ()


def test_an_address_that_is_no_web_page_is_not_followed(vocabulary: Vocabulary) -> None:
    notice = notice_of(replace(ARTICLE, url="javascript:alert(1)"), vocabulary, 200)
    assert (notice.original, notice.host) == ("", "")


def test_an_article_of_another_site_says_who_told_of_it(vocabulary: Vocabulary) -> None:
    pointed = notice_of(replace(ARTICLE, url="https://b.example/1", site="Blog B"), vocabulary, 200)
    assert (pointed.medium, pointed.via) == ("Blog B", "Source")
    assert notice_of(ARTICLE, vocabulary, 200).via == ""


@given(st.text(max_size=200))
def test_the_words_of_an_address_are_short_and_safe(title: str) -> None:
    slug = short_slug(title)
    assert len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_numbers_and_plurals_are_french() -> None:
    assert number(1234567) == "1\u202f234\u202f567"
    assert [count(n, "article") for n in (0, 1, 2)] == [
        "0\u00a0article",
        "1\u00a0article",
        "2\u00a0articles",
    ]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 22), "aujourd’hui"),
        (date(2026, 11, 21), "hier"),
        (date(2026, 11, 20), "vendredi 20 novembre"),
        (date(2026, 11, 16), "lundi 16 novembre"),
        (date(2026, 11, 15), "15 novembre 2026"),
        (date(2026, 11, 23), "23 novembre 2026"),
        (date(2024, 11, 1), "1er novembre 2024"),
    ],
)
def test_recent_days_have_their_names(day: date, written: str) -> None:
    assert french_when(day, date(2026, 11, 22)) == written


def test_a_whole_date_has_its_day() -> None:
    assert french_day(datetime(2026, 11, 22, tzinfo=UTC).date()) == "dimanche 22 novembre 2026"


def test_a_host_may_break_after_its_dots_and_stays_text() -> None:
    assert breakable("a.b<i>") == "a.<wbr>b&lt;i&gt;"


def test_notes_name_other_themes_as_readers_know_them(vocabulary: Vocabulary) -> None:
    theme = replace(
        vocabulary.themes[ThemeId("logement")],
        note="Va à « numerique » ; exclut (justice-des-mineurs) et (autre chose).",
    )
    note = readable_note(theme, vocabulary.themes)
    assert "« Numérique »" in note
    assert "(Justice des mineurs et PJJ)" in note
    assert "(autre chose)" in note


def test_no_note_shows_an_id(vocabulary: Vocabulary) -> None:
    ids = [id for id in vocabulary.themes if "-" in id]
    for theme in vocabulary.themes.values():
        note = readable_note(theme, vocabulary.themes)
        assert not [id for id in ids if id in note and id != "aller-vers"], note


@pytest.mark.parametrize(
    ("said", "spoken"),
    [("fr", ""), ("fr_FR", ""), ("", ""), ("en", "en"), ("en-GB", "en"), ('x" y', ""), ("eng", "")],
)
def test_only_another_language_than_french_is_marked(said: str, spoken: str) -> None:
    assert notice_of(replace(ARTICLE, language=said), VOCABULARY, 200).foreign == spoken
