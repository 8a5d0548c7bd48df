"""Hostile texts in every field of articles, sources and forms: nothing is active on any page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from core.model import Access, Citation, Evidence, Extracted, SourceKind, Tagging, ThemeId
from core.people import Role
from indexer.stages import drain
from store import Store
from taxonomy.vocabulary import Vocabulary
from tests.parts import Parts
from tests.web.conftest import Library, SetClock
from tests.web.samples import NOW
from tests.web.security.inert import Walk, active_in
from tests.web.security.vectors import vectors
from tests.web.serving import serving
from tests.web.team import MAIL, Team, make_team

VECTORS = list(vectors())
LEAVING = ("/deconnexion", "/compte/", "/static/", "/desabonnement")  # what would end the walk


def fill(store: Store) -> None:
    """Each vector in every field of an article, its source and its citations."""
    with store.begin() as tx:
        for number, vector in enumerate(VECTORS):
            if number % 12 == 0:
                url = f"https://s{number}.example/"
                source = tx.sources.add(
                    name=vector, url=url, feed=f"{url}feed", kind=SourceKind.FEED, now=NOW
                )
            url = f"{source.url}{number}?x=%22%3E%3Cscript%3E"
            text = "\n\n".join([f"La maraude {number} et l’aller-vers. {vector}"] * 6)
            id, _ = tx.articles.save(
                Extracted(
                    url, f"{vector} {number}", text, author=vector, site=vector, image=vector,
                    published=NOW - timedelta(hours=number // 4), access=Access.FREE,
                    section=vector, language=vector[:10],
                ),
                source_id=source.id, now=NOW, summary=vector,
            )  # fmt: skip
            tx.citations.replace(id, [Citation(f"{url}&c", vector, vector, vector)])
            told = Tagging(ThemeId("aller-vers"), 0.9, (Evidence("text", 0, 12, vector[:40]),))
            tx.articles.save_taggings([(id, [told])], tagger="1")


@pytest.fixture(scope="module")
def library(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary
) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("hostile")
    settings = parts.settings(folder, {"GLANEUSE_CONTACT": "contact@glaneuse.example"})
    with parts.store(folder) as store:
        fill(store)
        engine = parts.engine(settings)
        drain(store, engine)
        settings = replace(settings, request_rate=0)
        yield Library(settings, store, engine, vocabulary, SetClock(), [], [])


@pytest.fixture(scope="module")
def team(library: Library) -> Team:
    return make_team(library, MAIL)


def judge(pages: dict[str, TestResponse]) -> None:
    """Nothing active in these answers, none of which is a failure of ours."""
    for address, answer in pages.items():
        assert answer.status_code < 500, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if answer.mimetype == "text/html":
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
            assert active_in(answer.text) == [], address


def test_the_check_sees_what_is_active() -> None:
    for bad in (
        "<p onclick=x>", "<script>1</script>", "<a href='java\tscript:1'>", "<iframe src=/a>",
        "<p style='a:b'>", "<img src=//a.example/x>", "<svg><animate></svg>", "<math></math>",
        "<script src=//a.example/x></script>", "<form action='data:,x'></form>",
    ):  # fmt: skip
        assert active_in(f"<html><body>{bad}</body></html>"), bad
    good = "<a href='/x?q=javascript:1'>onclick</a><script src='/static/a.js'></script>"
    assert active_in(f"<html><body>{good}</body></html>") == []


def test_readers_pages(library: Library) -> None:
    walk = Walk(library.app().test_client(), but=("/static/", "/connexion"))
    walk.run("/", "/recherche?q=maraude", "/sources", "/themes/aller-vers", "/semaines")
    judge(walk.pages)
    shown = "".join(one.text for one in walk.pages.values() if one.mimetype == "text/html")
    assert "&lt;script" in shown  # they were there, as texts
    assert len([path for path in walk.pages if path.startswith("/articles/")]) > 50


OTHERS = ("/recherche/suggestions", "/api/v1/search", "/recherche/atom.xml")


def test_what_is_typed_comes_back_as_text(library: Library) -> None:
    client = library.app().test_client()
    for number, vector in enumerate(VECTORS):
        asked = {"q": vector, "theme": vector, "source": vector}
        for path in ("/recherche", OTHERS[number % 3]) if number % 3 else ("/recherche",):
            judge({f"{path} {vector}": client.get(path, query_string=asked)})
        if number % 9 == 0:
            judge({vector: client.get(f"/{vector}")})


def test_feeds_and_data(library: Library) -> None:
    """What programs are given names its type, and no markup is left in what readers may show."""
    client = library.app().test_client()
    for path in ("/themes/aller-vers/atom.xml", "/recherche/atom.xml?q=maraude"):
        answer = client.get(path)
        assert answer.mimetype == "application/atom+xml"
        assert "<script" not in answer.text
        assert 'type="html"' not in answer.text or "&lt;script" not in answer.text
    items = json.loads(client.get("/themes/aller-vers/feed.json").text)["items"]
    assert items
    for item in items:
        assert active_in(f"<html><body>{item.get('content_html', '')}</body></html>") == []


def test_the_digest_in_every_form(library: Library) -> None:
    client = library.app().test_client()
    answer = client.get("/semaines/2026-S47")
    judge({"week": answer})


# -- forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_forms_of_the_team(team: Team, role: Role) -> None:
    """Every form that a role meets, filled with vectors; then what the site has become."""
    client = team.client(team.person(role))
    walk = Walk(client, base=team.base_url, most=120, but=LEAVING)
    walk.run("/bureau", "/administration", "/bibliographies", "/lettres", "/")
    judge(walk.pages)
    assert walk.forms
    dice = Random(str(role))
    for action, form in walk.forms.values():
        if any(part in action for part in LEAVING):
            continue
        for vector in dice.sample(VECTORS, 4):
            judge({f"{action} {vector}": walk.send(vector, form, action)})
    after = Walk(client, base=team.base_url, most=120, but=LEAVING)
    after.run("/bureau", "/administration", "/bibliographies", "/lettres")
    judge(after.pages)
    with team.library.store.read() as tx:
        letters = [tx.outbox.letter(one.id) for one in tx.outbox.entries(limit=50)]
    for letter in letters:
        assert not letter.html or active_in(letter.html, letter=True) == []


def test_forms_of_readers(team: Team) -> None:
    client = team.app.test_client()
    walk = Walk(client, base=team.base_url, most=40, but=LEAVING)
    walk.run("/contact", "/suivre?theme=aller-vers", "/recherche?q=maraude", "/connexion")
    for action, form in walk.forms.values():
        for vector in VECTORS[::40]:
            judge({f"{action} {vector}": walk.send(vector, form, action)})


# -- in a browser -----------------------------------------------------------------------------


def test_nothing_runs_in_a_browser_even_without_its_policy(
    browser: Browser, library: Library
) -> None:
    with serving(library.app()) as site:
        context = browser.new_context(base_url=site, bypass_csp=True)
        page = context.new_page()
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        paths = ["/", "/themes/aller-vers", "/recherche?q=maraude", "/sources", "/articles/7"]
        paths += [f"/articles/{number}" for number in range(20, len(VECTORS), 60)]
        for path in paths:
            page.goto(path)
            page.mouse.move(200, 300)
            page.keyboard.press("Tab")
            ran = page.evaluate("window.ran ?? null")
            assert ran is None, path
        for vector in VECTORS[::25]:
            page.goto("/recherche")
            page.locator("input[name=q]").first.fill(vector)
            page.keyboard.press("Enter")
            page.wait_for_url("**/recherche?*")
            assert page.evaluate("window.ran ?? null") is None, vector
        context.close()
    assert dialogs == []
