"""Articles in and out as JSON Lines."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from core.model import Access
from crawler.exchange import export_lines, import_lines, parse_line
from store import Store
from tests.parts import Parts

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LINE = {
    "url": "https://carnet.example/1",
    "title": "Aller-vers",
    "text": "Un texte.\n\nEt sa suite.",
    "source": "Le Carnet",
    "author": "Anne Autrice",
    "published": "2026-11-18",
    "language": "fr",
    "access": "abonnés",
}


def clock() -> datetime:
    return NOW


def line(**changes: object) -> str:
    return json.dumps(LINE | changes, ensure_ascii=False)


def test_a_line_gives_its_article() -> None:
    read = parse_line(line())
    assert read.source == "Le Carnet"
    assert read.article.access is Access.SUBSCRIBERS
    assert read.article.published == datetime(2026, 11, 17, 23, tzinfo=UTC)  # midnight in Paris


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "ce n’est pas du JSON"),
        ("[" * 100_000, "ce n’est pas du JSON"),
        ("[]", "ce n’est pas un objet JSON"),
        (line(title=" "), "« title » manque"),
        (line(title="t" * 1001), "« title » dépasse 1000 caractères"),
        (line(url=None), "« url » manque"),
        (line(url="javascript:alert(1)"), "« url » n’est pas l’adresse d’une page"),
        (line(text=12), "« text » n’est pas un texte"),
        (line(published="hier"), "« published » n’est pas une date : hier"),
        (line(access="payant"), "« access » doit être l’un de : libre, abonnés, inconnu, non lu"),
    ],
)
def test_a_line_that_cannot_be_used_says_why(bad: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_line(bad)
    assert caught.value.reason == reason


@given(st.text())
def test_any_line_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        parse_line(text)


def test_good_lines_are_kept_and_bad_ones_named(store: Store) -> None:
    report = import_lines([line(), "", "{", line(url="https://b.example/2")], store, clock)
    assert (report.done, report.failed) == (2, 1)
    assert report.failures == ("ligne 3 : ce n’est pas du JSON",)
    with store.read() as tx:
        assert [figures.articles for figures in tx.sources.with_figures()] == [2]


def test_importing_twice_adds_nothing(store: Store) -> None:
    import_lines([line()], store, clock)
    report = import_lines([line()], store, clock)
    assert (report.done, report.skipped) == (0, 1)


def test_what_is_exported_can_be_imported_elsewhere(
    store: Store, parts: Parts, tmp_path: Path
) -> None:
    import_lines([line(), line(url="https://b.example/", source=None)], store, clock)
    exported = list(export_lines(store))
    with parts.store(tmp_path / "other") as other:
        import_lines(exported, other, clock)
        assert list(export_lines(other)) == exported


def test_an_imported_source_is_never_visited(store: Store) -> None:
    import_lines([line()], store, clock)
    with store.read() as tx:
        assert tx.sources.due(NOW) == []
