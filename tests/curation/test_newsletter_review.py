"""What a letter lacks, and how long it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.model import Access, Article
from core.newsletters import Content, Entry, EntryKind, Section
from curation.newsletter_review import (
    Gap,
    Known,
    Lack,
    articles_of,
    reading_minutes,
    review,
    word_count,
)
from curation.newsletter_starting import entry_of_article
from tests.curation.samples import article

TEXT = "Une phrase assez longue pour être citée telle quelle dans la lettre. " * 40
ARTICLE = article(7, "Un titre", text=TEXT)
WHOLE = entry_of_article(ARTICLE, "e", length=200)


def lacks(entry: Entry, *, brief: bool = False, known: Known | None = None) -> set[Lack]:
    content = Content(
        "Un objet bien assez long", "Un édito.", sections=(Section("s", "Une", (entry,), brief),)
    )
    known = known or Known({ARTICLE.id: ARTICLE})
    return {gap.lack for gap in review(content, known, extract_length=200)}


def test_an_article_as_proposed_lacks_nothing() -> None:
    assert WHOLE.is_quotation
    assert lacks(WHOLE) == set()


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"title": " "}, Lack.TITLE),
        ({"url": "javascript:alert(1)"}, Lack.ADDRESS),
        ({"source": ""}, Lack.SOURCE),
        ({"day": None}, Lack.DATE),
        ({"access": Access.UNKNOWN}, Lack.ACCESS),
        ({"text": "", "is_quotation": False}, Lack.TEXT),
        ({"text": "Autre chose."}, Lack.NOT_QUOTED),
        ({"text": TEXT[:500], "is_quotation": False}, Lack.COPIED),
        ({"image": "a.png", "credit": "C. M."}, Lack.ALTERNATIVE),
        ({"image": "a.png", "alternative": "Une cour"}, Lack.CREDIT),
    ],
    ids=str,
)
def test_what_is_missing_is_said(change: dict[str, object], lack: Lack) -> None:
    assert lacks(replace(WHOLE, **change)) == {lack}  # type: ignore[arg-type]


def test_a_line_needs_no_text() -> None:
    assert lacks(replace(WHOLE, text="", is_quotation=False), brief=True) == set()


def test_an_article_withdrawn_meanwhile_is_told_and_forbids_sending() -> None:
    assert lacks(WHOLE, known=Known({})) == {Lack.WITHDRAWN}
    assert Lack.WITHDRAWN.forbids
    gone = Known({ARTICLE.id: ARTICLE}, gone={ARTICLE.id})
    assert lacks(WHOLE, known=gone) == {Lack.GONE}
    assert not Lack.GONE.forbids


def test_events_and_images_have_their_own_needs() -> None:
    event = Entry("e", EntryKind.EVENT, title="Journée", day=date(2026, 12, 3))
    assert lacks(event) == {Lack.PLACE}
    assert lacks(Entry("e", EntryKind.IMAGE)) == {Lack.IMAGE}
    assert lacks(Entry("e", EntryKind.TEXT, text="Bonjour.")) == set()


def test_an_empty_letter_is_none() -> None:
    found = review(Content(), Known({}), extract_length=200)
    assert found == (Gap(Lack.NOTHING_TO_SEND), Gap(Lack.SUBJECT), Gap(Lack.FOREWORD))


def many(count: int) -> tuple[Content, Known]:
    articles: list[Article] = [article(n, text=TEXT) for n in range(1, count + 1)]
    entries = tuple(entry_of_article(one, f"e{one.id}", length=200) for one in articles)
    return Content(sections=(Section("s", "Une", entries),)), Known({a.id: a for a in articles})


def test_two_hundred_articles_are_too_many_and_said_so_at_once() -> None:
    content, known = many(200)
    found = {gap.lack for gap in review(content, known, extract_length=200) if not gap.entry}
    assert {Lack.MANY, Lack.LONG} <= found
    assert len(articles_of(content)) == 200
    assert word_count(content) > 2_000
    assert reading_minutes(content) > 10
    assert reading_minutes(Content()) == 1
