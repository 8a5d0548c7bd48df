"""A reading list made in Chromium, with and without script, by keyboard; phones, and axe."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.people import Role
from core.reading_lists import ReadingList
from taxonomy.vocabulary import Vocabulary
from tests.parts import Parts
from tests.web.conftest import Library, make_library
from tests.web.samples import samples
from tests.web.serving import serving
from tests.web.team import Team, make_team

TWELVE = 12


@pytest.fixture(scope="module")
def library(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary
) -> Iterator[Library]:
    """The samples, for the lists of these tests."""
    made = make_library(parts, tmp_path_factory.mktemp("lists"), vocabulary, samples())
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def team(library: Library) -> Team:
    return make_team(library)


@pytest.fixture(scope="module")
def address(team: Team) -> Iterator[str]:
    with serving(team.app) as address:
        yield address


def signed_in(team: Team, context: BrowserContext, address: str) -> Page:
    """A page of the trainer's."""
    client = team.client(team.person(Role.TRAINER))
    client.get("/bureau")
    cookie = client.get_cookie("glaneuse")
    assert cookie
    context.add_cookies([{"name": "glaneuse", "value": cookie.value, "url": address}])
    return context.new_page()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(
    browser: Browser, team: Team, address: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    yield signed_in(team, context, address)
    context.close()


def held(team: Team, page: Page) -> ReadingList:
    """The list of the desk that is open."""
    slug = page.url.partition("/bibliographies/")[2].partition("#")[0].partition("/")[0]
    with team.library.store.read() as tx:
        return tx.reading_lists.by_slug(slug)


def sizes(team: Team, page: Page) -> list[int]:
    return [len(section.items) for section in held(team, page).contents.sections]


def begin(page: Page, title: str) -> None:
    page.goto("/bureau/bibliographies")
    page.get_by_label("Titre").fill(title)
    page.get_by_role("button", name="Commencer une bibliographie").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def add_from_the_search(page: Page, how_many: int) -> None:
    page.goto("/recherche")
    boxes = page.get_by_role("checkbox", name="Cocher, pour une bibliographie")
    for at in range(how_many):
        boxes.nth(at).check()
    page.get_by_role("button", name="Ajouter les articles cochés").click()
    expect(page.locator("#etagere").get_by_role("status")).to_contain_text(
        f"{how_many} articles ajoutés"
    )


def add_section(page: Page, title: str) -> None:
    page.get_by_label("Une partie de plus").fill(title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def send_to(page: Page, section: str, ranks: range) -> None:
    boxes = page.get_by_role("checkbox", name="Cocher")
    for at in ranks:
        boxes.nth(at).check()
    page.get_by_label("Mettre dans").select_option(label=section)
    page.get_by_role("button", name="Déplacer").click()


def press(page: Page, button: str) -> None:
    """A button is reached and pressed by keyboard; it has the focus again afterwards."""
    page.locator(f"#{button}").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{button}")
    expect(page.locator(f"#{button}")).to_be_focused()


def test_twelve_items_in_three_sections_ordered_frozen_and_taken_away(
    team: Team, page: Page
) -> None:
    begin(page, "Le numérique et l’accueil")
    desk = page.url
    add_from_the_search(page, TWELVE)
    page.goto(desk)
    for title in ("Récits", "Textes officiels"):
        add_section(page, title)
    send_to(page, "Récits", range(4))
    expect(page.get_by_role("heading", name="Récits (4)")).to_be_visible()
    send_to(page, "Textes officiels", range(4))
    expect(page.get_by_role("heading", name="Textes officiels (4)")).to_be_visible()
    assert sizes(team, page) == [4, 4, 4]
    write_notes(team, page)
    order_by_keyboard(team, page)
    frozen_and_taken_away(page)


def write_notes(team: Team, page: Page) -> None:
    desk = page.url
    firsts = [section.items[0] for section in held(team, page).contents.sections]
    for number, item in enumerate(firsts, 1):
        page.locator(f"#r-{item.id} .reading-title a").click()
        page.get_by_label("Pourquoi le lire").fill(f"Raison {number}")
        page.get_by_label("Consigne").select_option(label="obligatoire")
        page.get_by_label("Séance").fill(f"S{number}")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text(f"Raison {number}", exact=True)).to_be_visible()
    page.goto(desk)
    assert [one.note for one in held(team, page).contents.items if one.note] == [
        "Raison 1", "Raison 2", "Raison 3",
    ]  # fmt: skip


def order_by_keyboard(team: Team, page: Page) -> None:
    before = [one.id for one in held(team, page).contents.sections[0].items]
    press(page, f"descendre-{before[0]}")
    press(page, f"descendre-{before[0]}")
    press(page, f"monter-{before[3]}")
    after = [one.id for one in held(team, page).contents.sections[0].items]
    assert after == [before[1], before[2], before[3], before[0]]
    page.get_by_role("button", name="Annuler le dernier changement").click()
    expect(page.get_by_text("C’est annulé.")).to_be_visible()
    undone = [one.id for one in held(team, page).contents.sections[0].items]
    assert undone == [before[1], before[2], before[0], before[3]]


def frozen_and_taken_away(page: Page) -> None:
    page.get_by_role("link", name="Partager").click()
    page.get_by_label("Partagée par lien").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Éditions", exact=True).click()
    page.get_by_label("Nom de l’édition").fill("Promotion 2026")
    page.get_by_role("button", name="Figer une édition").click()
    page.get_by_role("link", name="Édition 1 : Promotion 2026").click()
    expect(page.get_by_text("Cette édition ne change plus.")).to_be_visible()
    assert page.locator(".readings > li").count() == TWELVE
    with page.expect_download() as download:
        page.get_by_role("link", name="RIS", exact=True).click()
    assert Path(download.value.path()).read_text(encoding="utf-8").count("ER  -") == TWELVE


def test_a_reading_is_dragged_into_another_section(
    team: Team, browser: Browser, address: str
) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 1400})
    page = signed_in(team, context, address)
    begin(page, "À ranger")
    desk = page.url
    add_from_the_search(page, 3)
    page.goto(desk)
    add_section(page, "Ailleurs")
    first = held(team, page).contents.sections[0].items[0]
    section = held(team, page).contents.sections[1]
    row = page.locator(f"#r-{first.id}[draggable=true]")  # once the script has run
    expect(row).to_be_visible()
    row.drag_to(page.locator(f"#s-{section.id}"))
    page.wait_for_url(f"**#r-{first.id}")
    assert sizes(team, page) == [2, 1]
    context.close()


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_lists_fit_and_axe_finds_nothing(
    team: Team, browser: Browser, address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = signed_in(team, context, address)
    begin(page, "À regarder")
    desk = page.url
    add_from_the_search(page, 3)
    page.goto(desk)
    add_section(page, "Une partie")
    one = held(team, page)
    item, section = next(one.contents.items).id, one.contents.sections[0].id
    now = team.library.clock()
    with team.library.store.begin() as tx:
        tx.reading_lists.set_visibility(one.id, one.visibility.PUBLIC)
        tx.revisits.missing(one.contents.articles[0], since=now, gone=None, next_due=None)
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    wrong: dict[str, list[str]] = {}
    inside = (
        *("", f"/references/{item}", f"/parties/{section}", "/fiche", "/ajouter", "/importer"),
        *("/partage", "/editions", "/historique"),
    )
    base = f"/bureau/bibliographies/{one.slug}"
    for path in (
        *(f"{base}{name}" for name in inside), "/bureau/bibliographies", "/bibliographies",
        f"/bibliographies/{one.slug}", "/bureau/dossier?theme=numerique", "/recherche",
        f"/articles/{one.contents.articles[0]}",
    ):  # fmt: skip
        page.goto(path)
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wider), path
        page.evaluate(axe)
        found = page.evaluate("axe.run()")["violations"]
        wrong[path] = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]
    context.close()
    assert {path: found for path, found in wrong.items() if found} == {}
