"""What a letter begins as."""

from __future__ import annotations

from itertools import count

from core.newsletters import EntryKind
from curation.digest import compose
from curation.newsletter_editing import ids_of
from curation.newsletter_starting import NewId, empty, entry_of_article, of_articles, of_digest
from curation.quoting import is_quotation
from tests.curation.samples import NOW, PERIOD, THEMES, article

TEXT = "Une phrase assez longue pour être citée telle quelle dans la lettre. " * 40


def ids() -> NewId:
    numbers = count()
    return lambda: f"n{next(numbers)}"


def test_an_article_is_cited_whole_and_quoted_word_for_word() -> None:
    one = article(3, "Un titre", text=TEXT, author="C. Martin")
    entry = entry_of_article(one, "e", length=200)
    assert (entry.kind, entry.article, entry.title) == (EntryKind.ARTICLE, one.id, "Un titre")
    assert (entry.source, entry.author, entry.url) == ("Média 1", "C. Martin", one.url)
    assert entry.day == NOW.date().replace(day=19)
    assert entry.is_quotation
    assert is_quotation(entry.text, one, 200)


def test_a_digest_becomes_a_letter_of_a_size_to_be_read() -> None:
    articles = [
        article(n, text=TEXT, by=n % 30 + 1, themes="abcdefgh"[n % 8]) for n in range(1, 200)
    ]
    digest = compose(PERIOD, articles, THEMES)
    content = of_digest(digest, ids(), length=200)
    entries = list(content.entries)
    assert 10 <= len(entries) <= 40
    assert [one.article for one in entries[: len(digest.leading)]] == [a.id for a in digest.leading]
    assert [one.title for one in content.sections][::100] == ["À la une"]
    assert content.sections[-1].title == "Et aussi"
    assert 0 < len(content.subject) <= 160
    assert len(ids_of(content)) == len(content.sections) + len(entries)
    assert len({one.article for one in entries}) == len(entries)


def test_an_empty_one_has_room_for_articles_and_lines() -> None:
    content = empty(ids())
    assert [(one.title, one.brief) for one in content.sections] == [
        ("À la une", False), ("Et aussi", True),
    ]  # fmt: skip
    assert content.is_empty
    chosen = of_articles([article(1, "Les MDPH débordées")], ids(), length=200)
    assert chosen.subject == "Les MDPH débordées"
