"""What each page shows, and what none does."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from benchmarks.copies import demo_texts
from core.model import Access, Citation, Evidence, Extracted, Tagging, ThemeId
from core.text import typographic
from curation.grouping import group
from indexer.stages import drain
from tests.web.conftest import Library
from tests.web.samples import NOW, SOURCES
from web.notice import short_slug

PAGES = (
    "/",
    "/recherche",
    "/recherche?q=enfance",
    "/recherche?q=enfance&theme=numerique&acces=libre&annee=2026&du=2026-01-01&hors-champ=1&tri=date",
    "/recherche?q=xyzzy",
    "/themes",
    "/themes/numerique",
    "/themes/sante-acces-aux-soins",
    "/themes/fiabilite",
    "/tendances",
    "/sources",
    "/sources/la-gazette-des-solidarites",
    "/articles/1",
    "/articles/41",
    "/territoires",
    "/territoires/orne",
    "/paroles-de-terrain",
    "/semaines",
    "/semaines?annee=2025",
    "/semaines/2026-S47",
    "/semaines/2025-S50",
    "/a-propos",
    "/nouveautes",
    "/nouveautes?depuis=2026-11-10",
    "/de-cote",
    "/nulle-part",
)


class Reader(HTMLParser):
    """Collects what a reader sees, and the ids."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in {"a", "span", "mark", "strong", "wbr", "q", "time"}:
            self.texts.append("\n")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.mark.parametrize("page", PAGES)
def test_french_is_typeset_as_it_should_be(client: FlaskClient, page: str) -> None:
    text = read(client.get(page).text).text
    assert not re.findall(r"\w'\w?", text)
    assert not re.findall(r".{0,20} [;!?:»].{0,9}", text)
    assert not re.findall(r"« .{0,20}", text)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_main_title_and_no_id_twice(client: FlaskClient, page: str) -> None:
    reader = read(client.get(page).text)
    assert reader.tags.count("h1") == 1
    assert len(reader.ids) == len(set(reader.ids))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_inline_script_style_or_cookie(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    reader = read(answer.text)
    assert {"style", "iframe", "object"}.isdisjoint(reader.tags)
    assert re.findall("<script[^>]*>.*?</script>", answer.text, re.DOTALL) == re.findall(
        r'<script src="/static/glaneuse\.js\?v=[0-9a-f]{10}"></script>', answer.text
    )
    assert not [name for name, _ in reader.attributes if name == "style" or name.startswith("on")]
    assert "Set-Cookie" not in answer.headers


def test_home_leads_with_the_week_then_the_families_with_their_counts(client: FlaskClient) -> None:
    text = read(client.get("/").text).text
    assert "Ces sept derniers jours" in text
    assert text.index("Ces sept derniers jours") < text.index("Enfance, jeunesse, famille")
    assert re.search(r"Hébergement et sans-abrisme\s+2", text)
    assert "Recette de la soupe" not in text


def test_home_says_so_when_the_week_brought_nothing(own_library: Library) -> None:
    own_library.clock.now = NOW.replace(year=2028)
    text = read(own_library.app().test_client().get("/").text).text
    assert "Rien de nouveau ces sept derniers jours" in text
    assert "Pouponnières" in text


@pytest.mark.parametrize("page", ["/", "/recherche", "/themes/numerique", "/sources", "/semaines"])
def test_pages_stand_without_any_article(empty_library: Library, page: str) -> None:
    assert empty_library.app().test_client().get(page).status_code == 200


def test_feeds_stand_without_any_article(empty_library: Library) -> None:
    client = empty_library.app().test_client()
    assert client.get("/themes/numerique/atom.xml").status_code == 200
    assert client.get("/semaines/atom.xml").status_code == 200


def test_an_article_page_shows_who_when_why_and_the_way_to_the_original(
    client: FlaskClient, library: Library
) -> None:
    html = client.get(f"/articles/{library.id('Contrats jeune majeur')}").text
    text = " ".join(read(html).text.split())
    for shown in (
        "Contrats jeune majeur : la carte des refus",
        "Camille Durand",
        "Observatoire de l’action sociale",
        "dimanche 22 novembre 2026",
        "Accès libre",
        "Lire sur observatoire.example",
        "Pourquoi ce thème ?",
        "contrat jeune majeur",
        "Semaine du 16 au 22 novembre 2026",
    ):
        assert shown in text.replace("\u00a0", " ").replace("\u202f", " "), shown
    assert re.search(r'href="https://www\.observatoire\.example/1"\s+rel="noopener"', html)


def test_an_article_for_subscribers_is_marked(client: FlaskClient, library: Library) -> None:
    text = client.get(f"/articles/{library.id('Les mesures de tutelle')}").text
    assert "Réservé aux abonnés" in text


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_more_of_a_text_than_may_be(
    client: FlaskClient, library: Library, page: str
) -> None:
    text = " ".join(read(client.get(page).text).text.split())
    for one in library.samples:
        whole = " ".join(one.text.replace("'", "’").split())
        for start in range(0, len(whole) - 210, 100):
            assert whole[start : start + 210] not in text


def test_an_article_without_theme_says_that_it_is_off_the_field(
    client: FlaskClient, library: Library
) -> None:
    text = client.get(f"/articles/{library.id('Recette')}").text
    assert "hors du champ" in text


@pytest.mark.parametrize("slug", ["", "-le-bon-nom", "-un-autre", "-%00", "-%ff", "-'<script>"])
def test_an_article_is_found_by_its_number_whatever_follows(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/articles/1{slug}").status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "/articles/0",
        "/articles/999999",
        "/articles/99999999999999999999999",
        "/articles/-1",
        "/articles/un",
        "/themes/inconnu",
        "/themes/%00",
        "/themes/numerique?page=2",
        "/themes/numerique?page=0",
        "/themes/numerique?page=abc",
        "/themes/numerique?page=99999999999999999999",
        "/sources/inconnue",
        "/sources/%F0%9F%98%80",
        "/semaines/2026-S48",
        "/semaines/2026-S54",
        "/semaines/0000-S01",
        "/semaines/0001-S01",
        "/semaines/9999-S52",
        "/semaines/hier",
        "/semaines?annee=1900",
        "/semaines?annee=%C2%B2%C2%B2%C2%B2%C2%B2",
        "/static/../application.py",
        "/%00",
    ],
)
def test_what_does_not_exist_is_a_french_404(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text


def test_a_theme_page_has_its_note_its_articles_and_its_feed(client: FlaskClient) -> None:
    html = client.get("/themes/numerique").text
    assert "Dématérialisation" in html
    assert html.index("L’ordinateur entre nous") < html.index("Un an de permanence numérique")
    assert "/themes/numerique/atom.xml" in html


def test_a_source_page_shows_its_articles_page_after_page(own_library: Library) -> None:
    with own_library.store.begin() as tx:
        source = tx.sources.by_slug("union-du-travail-social")
        for number in range(30):
            read_one = Extracted(f"https://syndicat.example/n{number}", f"Tract {number}", "Texte.")
            id, _ = tx.articles.save(read_one, source_id=source.id, now=NOW)
            tx.articles.save_taggings([(id, [Tagging(ThemeId("numerique"), 1)])], tagger="t")
    client = own_library.app().test_client()
    first = client.get("/sources/union-du-travail-social").text
    second = client.get("/sources/union-du-travail-social?page=2").text
    assert "/sources/union-du-travail-social?page=2" in first
    assert "/sources/union-du-travail-social?page=1" in second
    assert "Page 2 sur 2" in second.replace("\u00a0", " ").replace("&nbsp;", " ")


def test_a_week_page_leads_to_its_neighbours(client: FlaskClient) -> None:
    html = client.get("/semaines/2026-S46").text
    assert "Semaine du 9 au 15 novembre 2026" in html
    assert "/semaines/2026-S45" in html
    assert "/semaines/2026-S47" in html
    assert "/semaines/2026-S48" not in client.get("/semaines/2026-S47").text


def test_a_week_has_leading_articles_sections_and_others(client: FlaskClient) -> None:
    text = read(client.get("/semaines/2026-S47").text).text
    places = [text.index(part) for part in ("À la une", "Au sommaire", "Et aussi")]
    assert places == sorted(places)


def test_the_archive_goes_back_to_the_first_article(client: FlaskClient) -> None:
    assert "/semaines?annee=2025" in client.get("/semaines").text
    assert "/semaines/2025-S46" in client.get("/semaines?annee=2025").text


def test_la_semaine_leads_to_the_present_week(client: FlaskClient) -> None:
    assert client.get("/semaines/derniere").headers["Location"] == "/semaines/2026-S47"


HOSTILE = (
    "</title><script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 1234*5678 }} \u202eabc"
)


def test_no_markup_of_a_source_reaches_a_page(own_library: Library) -> None:
    with own_library.store.begin() as tx:
        source = tx.sources.by_slug("union-du-travail-social")
        hostile = Extracted(
            "javascript:alert(3)//", HOSTILE, HOSTILE + " et la suite. " * 200, author=HOSTILE
        )
        id, _ = tx.articles.save(hostile, source_id=source.id, now=NOW, summary=HOSTILE)
        evidence = Evidence("text", 0, 8, HOSTILE)
        given = [Tagging(ThemeId("numerique"), 1, (evidence,))]
        tx.articles.save_taggings([(id, given)], tagger="t")
    drain(own_library.store, own_library.engine)
    client = own_library.app().test_client()
    for page in (
        *("/", f"/articles/{id}", "/themes/numerique", "/semaines/2026-S47"),
        *("/recherche?q=alert", "/themes/numerique/atom.xml", f"/recherche?q={HOSTILE}"),
        "/recherche?theme=<script>alert(1)</script>&du=<script>",
    ):
        html = client.get(page).text
        assert "<script" not in html.replace("<script src=", "", 1), page
        assert "<img src=x" not in html, page
        assert 'href="javascript:' not in html, page
        assert "{{ 1234*5678 }}" in html or "7006652" not in html, page
        assert "\u202e" not in html, page


def test_reprints_are_shown_once_with_the_other_places(own_library: Library) -> None:
    title, text = demo_texts()[0]
    given = [Tagging(ThemeId("protection-enfance"), 1.0)]
    with own_library.store.begin() as tx:
        sources = {one.name: one for one in tx.sources.all()}
        carnet, gazette = sources[SOURCES["carnet"]], sources[SOURCES["gazette"]]
        printed = (
            (carnet, "Un autre titre", Access.SUBSCRIBERS, 2),
            (gazette, title, Access.FREE, 1),
        )
        ids = []
        for by, named, access, hours in printed:
            published = NOW - timedelta(hours=hours)
            one = Extracted(f"{by.url}a", named, text, published=published, access=access)
            ids.append(tx.articles.save(one, source_id=by.id, now=NOW)[0])
        tx.articles.save_taggings([(id, given) for id in ids], tagger="t")
    first, second = ids
    group(own_library.store)
    drain(own_library.store, own_library.engine)
    client = own_library.app().test_client()
    title = typographic(title)
    for page in (
        *("/", "/semaines/2026-S47", "/themes/protection-enfance", "/recherche?q=autre+titre"),
        "/recherche?source=la-gazette-des-solidarites&theme=protection-enfance",
        "/recherche?source=le-carnet-d-une-assistante-sociale&theme=protection-enfance",
    ):
        html = client.get(page).text
        assert html.count(f'<a href="/articles/{first}-un-autre-titre"') == 1, page
        assert f">{title}</a></h" not in html, page
        assert f'href="/articles/{second}-{short_slug(title)}">{gazette.name}</a>' in html, page
        assert "Lire librement sur" in html, page
    html = client.get(f"/articles/{second}").text
    assert f'href="/articles/{first}-un-autre-titre"' in html
    assert "sous le titre «&nbsp;Un autre titre&nbsp;»" in html
    assert "même texte" in html
    assert "Lire librement sur" not in html
    html = client.get(f"/articles/{first}").text
    assert f"sous le titre «&nbsp;{title}&nbsp;»" in html
    assert "Lire librement sur" in html
    xml = client.get("/themes/protection-enfance/atom.xml").text
    assert title not in xml
    assert "Paru aussi dans La Gazette des solidarités" in xml
    html = client.get("/sources/la-gazette-des-solidarites").text
    assert f">{title}</a></h" in html


def test_a_citation_shows_on_both_articles(own_library: Library) -> None:
    review, cited = own_library.ids[2], own_library.ids[0]
    words = "La Gazette est allée voir les pouponnières, et ce qu'elle raconte serre le cœur. " * 5
    with own_library.store.begin() as tx:
        url = tx.articles.by_id(cited).url
        further = "https://ailleurs.example/rapport"
        found = [Citation(url, "Pouponnières", words, "Enfance"), Citation(further, "Un rapport")]
        tx.citations.replace(review, found)
    client = own_library.app().test_client()
    citing, page = client.get(f"/articles/{review}").text, client.get(f"/articles/{cited}").text
    assert "2\u00a0articles cités" in citing
    assert f'href="/articles/{cited}-pouponnieres">Pouponnières</a>' in citing
    assert f'href="{further}" rel="noopener">Un rapport</a>' in citing
    assert "Enfance" in citing
    assert "Cité par" in page
    assert "L’ordinateur entre nous" in page
    shown = page.partition("Cité par</h2>")[2].partition("«&nbsp;")[2].partition("&nbsp;»")[0]
    assert shown.startswith("La Gazette est allée voir")
    assert len(shown) <= 200


def test_an_article_that_robots_may_not_read_says_so(own_library: Library) -> None:
    with own_library.store.begin() as tx:
        source = tx.sources.by_slug("la-gazette-des-solidarites")
        kept = Extracted("https://gazette.example/mur", "Derrière le mur", "", access=Access.UNREAD)
        id, _ = tx.articles.save(kept, source_id=source.id, now=NOW)
    page = own_library.app().test_client().get(f"/articles/{id}").text
    assert "Non lu par Glaneuse" in page
    assert 'href="https://gazette.example/mur"' in page
