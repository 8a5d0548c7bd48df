"""The pictures of the guide: each role at its work. `make screenshots` keeps them.

They are taken in each run, so that a page that is gone or empty fails; kept only when asked, since
no two versions of Chromium draw alike.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from core.people import Role
from taxonomy.vocabulary import Vocabulary
from tests.parts import Parts
from tests.web.conftest import Library, make_library
from tests.web.samples import samples
from tests.web.serving import serving
from tests.web.team import Team, make_team

HEAVIEST = 100_000  # bytes
COLOURS = 128
PHONE, DESK = (390, 780), (960, 720)


@pytest.fixture(scope="module")
def team(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary
) -> Iterator[Team]:
    made: Library = make_library(parts, tmp_path_factory.mktemp("guide"), vocabulary, samples())
    yield make_team(made)
    made.store.close()


@pytest.fixture(scope="module")
def address(team: Team) -> Iterator[str]:
    with serving(team.app) as address:
        yield address


class Camera:
    """Takes pictures of what a role sees; ``folder``: where they are kept, if anywhere."""

    def __init__(self, browser: Browser, team: Team, address: str, folder: str) -> None:
        self._browser, self._team, self._address = browser, team, address
        self._folder = Path(folder) if folder else None

    def open(self, size: tuple[int, int], role: Role | None = None) -> Page:
        """A window of this size, of somebody who has this role."""
        context = self._browser.new_context(
            base_url=self._address, viewport={"width": size[0], "height": size[1]}, locale="fr-FR"
        )
        if role is not None:
            client = self._team.client(self._team.person(role))
            client.get("/bureau")
            cookie = client.get_cookie("glaneuse")
            assert cookie
            held = {"name": "glaneuse", "value": cookie.value, "url": self._address}
            context.add_cookies([held])  # type: ignore[list-item]
        return context.new_page()

    def take(self, page: Page, name: str) -> None:
        """What the window shows, as light as a page of text can be."""
        shown = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
        content = io.BytesIO()
        shown.quantize(COLOURS).save(content, "PNG", optimize=True)
        assert 5_000 < len(content.getvalue()) < HEAVIEST
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{name}.png").write_bytes(content.getvalue())
        page.context.close()


@pytest.fixture
def camera(request: pytest.FixtureRequest, browser: Browser, team: Team, address: str) -> Camera:
    return Camera(browser, team, address, request.config.getoption("--pictures"))


def test_a_practitioner_searches_on_a_phone(camera: Camera) -> None:
    page = camera.open(PHONE)
    page.goto("/recherche?q=numérique")
    expect(page.locator("mark").first).to_be_visible()
    camera.take(page, "recherche")


def test_a_practitioner_reads_the_week_on_a_phone(camera: Camera) -> None:
    page = camera.open(PHONE)
    page.goto("/semaines/2026-S47")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Semaine")
    camera.take(page, "semaine")


def test_a_trainer_arranges_a_list(camera: Camera) -> None:
    page = camera.open(DESK, Role.TRAINER)
    page.goto("/bureau/bibliographies")
    page.get_by_label("Titre").fill("Le numérique et l’accès aux droits")
    page.get_by_role("button", name="Commencer une bibliographie").click()
    page.goto("/recherche?theme=numerique")
    boxes = page.get_by_role("checkbox", name="Cocher, pour une bibliographie")
    for at in range(3):
        boxes.nth(at).check()
    page.get_by_role("button", name="Ajouter les articles cochés").click()
    expect(page.locator("#etagere").get_by_role("status")).to_contain_text("3 articles ajoutés")
    page.goto("/bureau/bibliographies")
    page.get_by_role("link", name="Le numérique et l’accès aux droits").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Le numérique")
    camera.take(page, "bibliographie")


def test_an_editor_writes_the_letter(camera: Camera) -> None:
    page = camera.open(DESK, Role.EDITOR)
    page.goto("/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    page.get_by_label("Édito").fill("Cette semaine, des équipes racontent comment elles vont vers.")
    expect(page.locator("[data-said]")).to_contain_text("Enregistré à")
    page.evaluate("window.scrollTo(0, 0)")
    camera.take(page, "lettre")


def test_a_documentalist_keeps_the_vocabulary(camera: Camera) -> None:
    page = camera.open(DESK, Role.DOCUMENTALIST)
    page.goto("/bureau/vocabulaire/numerique")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    camera.take(page, "vocabulaire")


def test_an_admin_keeps_the_accounts(camera: Camera) -> None:
    page = camera.open(DESK, Role.ADMIN)
    page.goto("/administration")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    camera.take(page, "comptes")
