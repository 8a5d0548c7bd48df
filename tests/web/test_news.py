"""« Du nouveau »: since yesterday, since a day, since an instant; and odd addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from core.model import Extracted, Tagging, ThemeId
from tests.web.conftest import Library
from tests.web.samples import NOW
from tests.web.test_pages import read
from web.news import since_asked


def shown(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(read(answer.text).text.split())


def add(library: Library, title: str, published: datetime, collected: datetime) -> None:
    with library.store.begin() as tx:
        source = tx.sources.by_slug("union-du-travail-social")
        one = Extracted(f"https://a.example/{title}", title, "Texte.", published=published)
        id, _ = tx.articles.save(one, source_id=source.id, now=collected)
        tx.articles.save_taggings([(id, [Tagging(ThemeId("numerique"), 1)])], tagger="t")


def test_what_was_gathered_since_is_shown_by_day(own_library: Library) -> None:
    own_library.clock.now = NOW + timedelta(days=3)
    client = own_library.app().test_client()
    assert "Rien de nouveau" in shown(client, "/nouveautes")
    late = NOW + timedelta(days=3) - timedelta(hours=1)
    add(own_library, "Tout frais", late, late)
    add(own_library, "Paru avant, glané tard", NOW - timedelta(days=4), late)
    add(own_library, "Archive lointaine", NOW - timedelta(days=400), late)
    page = shown(client, "/nouveautes")
    assert "2 articles depuis le mardi 24 novembre 2026" in page
    assert page.index("Aujourd’hui") < page.index("Tout frais") < page.index("glané tard")
    assert "Archive lointaine" not in page


def test_the_hour_of_the_last_visit_counts(own_library: Library) -> None:
    add(own_library, "Avant", NOW, NOW + timedelta(hours=1))
    add(own_library, "Après", NOW, NOW + timedelta(hours=3))
    own_library.clock.now = NOW + timedelta(hours=4)
    client = own_library.app().test_client()
    page = shown(client, "/nouveautes?depuis=2026-11-22T11:00Z")
    assert "1 article depuis le dimanche 22 novembre 2026 à 12 h 00" in page
    assert "Après" in page


@pytest.mark.parametrize(
    "written", ["", "zut", "2026-13-45", "9" * 5000, "2027-01-01", "²", "\x00"]
)
def test_what_is_no_moment_of_the_past_gives_yesterday(client: FlaskClient, written: str) -> None:
    since, told = since_asked(written, NOW)
    assert since == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert bool(told) == bool(written)
    assert client.get("/nouveautes", query_string={"depuis": written}).status_code == 200


def test_it_goes_no_further_back_than_a_month() -> None:
    since, told = since_asked("2020-01-01", NOW)
    assert since == datetime(2026, 10, 21, 22, tzinfo=UTC)
    assert "un mois" in told
