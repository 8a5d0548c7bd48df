from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.bookmarks import Bookmark
from core.clock import now
from core.errors import Unreadable
from core.model import Access
from crawler.bookmarks import import_bookmarks, is_bookmarks, read_bookmarks
from store import Store

FILE = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Marque-pages</H1>
<DL><p>
    <DT><A HREF="https://journal.example/a?utm_source=x" ADD_DATE="1763370000"
    >Une grève à l’hôpital</A>
    <DT><H3 ADD_DATE="1763370000">Protection de l’enfance</H3>
    <DL><p>
        <DT><A HREF="https://mag.example/fratries" ADD_DATE="99999999999999">Placer &amp; réunir</A>
        <DD>À garder pour le cours
        <DT><A HREF="javascript:alert(1)">Un signet actif</A>
        <DT><A HREF="https://journal.example/a">La même</A>
        <DT><A HREF="https://sans-titre.example/x"></A>
    </DL><p>
</DL><p>
""".encode()


def test_a_browsers_bookmarks_are_read() -> None:
    assert read_bookmarks(FILE) == [
        Bookmark(
            "https://journal.example/a",
            "Une grève à l’hôpital",
            added=datetime(2025, 11, 17, 9, 0, tzinfo=UTC),
        ),
        Bookmark("https://mag.example/fratries", "Placer & réunir", "Protection de l’enfance"),
        Bookmark("https://sans-titre.example/x", "sans-titre.example", "Protection de l’enfance"),
    ]


@pytest.mark.parametrize("body", [b"", b"<html><a href='https://a.example/b'>x</a></html>", b"{}"])
def test_what_is_no_file_of_bookmarks_is_refused(body: bytes) -> None:
    assert not is_bookmarks(body)
    with pytest.raises(Unreadable):
        read_bookmarks(body)


def test_bookmarks_become_articles_once(store: Store) -> None:
    bookmarks = read_bookmarks(FILE)
    assert import_bookmarks(bookmarks, store, now).done == 3
    assert import_bookmarks(bookmarks, store, now).skipped == 3
    with store.read() as tx:
        held = tx.articles.recent(off_field=True)
        assert {one.access for one in held} == {Access.UNREAD}
        assert len(tx.revisits.due(now(), 10)) == 3
