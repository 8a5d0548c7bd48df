"""The team's journeys in Chromium, with and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.people import LinkPurpose, Role
from people.throttle import PER_ACCOUNT
from tests.web.conftest import Library
from tests.web.serving import serving
from tests.web.team import (
    OTHER_PASSWORD,
    PASSWORD,
    Team,
    address_of,
    make_team,
)


@pytest.fixture
def team(empty_library: Library) -> Team:
    return make_team(empty_library)


@pytest.fixture
def address(team: Team) -> Iterator[str]:
    with serving(team.app) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def context(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[
    BrowserContext
]:  # fmt: skip
    context = browser.new_context(
        base_url=address, java_script_enabled=request.param, viewport={"width": 375, "height": 800}
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def _sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill(who)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def _is_at(page: Page, path: str) -> None:
    expect(page).to_have_url(re.compile(rf"^http://[^/]+{re.escape(path)}$"))


def _unfold(page: Page) -> None:
    """The team's menu, folded on a telephone."""
    page.locator(".desk-nav summary").click()


def test_invitation_then_first_sign_in_then_role_page(page: Page) -> None:
    _sign_in(page, address_of(Role.ADMIN))
    _unfold(page)
    page.get_by_role("link", name="Comptes").click()
    page.get_by_role("link", name="Inviter quelqu’un").click()
    page.get_by_label("Adresse électronique").fill("nouvelle@exemple")
    page.get_by_role("button", name="Inviter").click()
    expect(page.get_by_text("Il manque la fin de l’adresse")).to_be_visible()
    expect(page.get_by_text("Choisissez un rôle.")).to_be_visible()
    field = page.get_by_label("Adresse électronique")
    expect(field).to_have_value("nouvelle@exemple")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Il manque la fin de l’adresse"))
    field.fill("nouvelle@exemple.fr")
    page.get_by_label("Documentation").check()
    page.get_by_role("button", name="Inviter").click()
    link = page.get_by_label("Lien").input_value()
    _unfold(page)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté·e.")).to_be_visible()

    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue dans Glaneuse")
    page.get_by_label("Nouveau mot de passe").fill("motdepasse12")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("se devine trop facilement")).to_be_visible()
    page.get_by_label("Nouveau mot de passe").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Enregistrer").click()
    _sign_in(page, "nouvelle@exemple.fr", OTHER_PASSWORD)
    _is_at(page, "/bureau")
    expect(page.get_by_role("heading", level=1)).to_have_text("Documentation")
    expect(page.get_by_role("link", name="Tenir les thèmes et les mots")).to_be_visible()
    _unfold(page)
    expect(page.get_by_role("link", name="Vocabulaire")).to_be_visible()
    expect(page.get_by_role("link", name="Comptes")).to_have_count(0)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien a déjà servi")


def test_reset(team: Team, page: Page) -> None:
    purpose, token = team.link(team.person(Role.EDITOR))
    assert purpose is LinkPurpose.RESET
    page.goto(f"/nouveau-mot-de-passe/{token}")
    page.get_by_label("Nouveau mot de passe").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Votre mot de passe est enregistré.")).to_be_visible()
    _sign_in(page, address_of(Role.EDITOR))
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    _sign_in(page, address_of(Role.EDITOR), OTHER_PASSWORD)
    _is_at(page, "/bureau")


def test_throttling(page: Page) -> None:
    for _ in range(PER_ACCOUNT.times):
        _sign_in(page, address_of(Role.EDITOR), "pas le bon")
        expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    _sign_in(page, address_of(Role.EDITOR))
    expect(page.get_by_role("alert")).to_contain_text("Trop d’essais")
    expect(page.get_by_label("Adresse électronique")).to_have_value(address_of(Role.EDITOR))
    _sign_in(page, address_of(Role.EDITOR, 2))
    _is_at(page, "/bureau")


def test_sign_out_everywhere(browser: Browser, page: Page, address: str) -> None:
    other = browser.new_context(base_url=address)
    phone = other.new_page()
    for one in (page, phone):
        _sign_in(one, address_of(Role.TRAINER))
        _is_at(one, "/bureau")
    page.get_by_role("link", name="Mon compte").click()
    expect(page.get_by_text("celui-ci")).to_have_count(1)
    page.get_by_role("button", name="Me déconnecter partout").click()
    expect(page.get_by_text("déconnecté·e de tous vos appareils")).to_be_visible()
    for one in (page, phone):
        one.goto("/bureau")
        _is_at(one, "/connexion?suite=/bureau")
    other.close()


def test_what_was_typed_comes_back_after_the_session_ended(team: Team, page: Page) -> None:
    _sign_in(page, address_of(Role.EDITOR))
    page.goto("/compte")
    page.get_by_label("Nom affiché").fill("Zoé « la glaneuse »")
    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("ce que vous avez écrit reviendra")
    page.get_by_label("Adresse électronique").fill(address_of(Role.EDITOR))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Voici ce que vous aviez écrit.")).to_be_visible()
    expect(page.get_by_label("Nom affiché")).to_have_value("Zoé « la glaneuse »")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("C’est noté.")).to_be_visible()
    assert team.person(Role.EDITOR).name == "Zoé « la glaneuse »"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_team_s_pages_fit_a_phone_and_axe_finds_nothing(
    team: Team, browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    team.add("une.adresse.vraiment.tres.longue@association-departementale.exemple.fr")
    context = browser.new_context(
        base_url=address, viewport={"width": 375, "height": 800}, color_scheme=scheme
    )
    # axe is run from outside: the pages themselves allow no script.
    page = context.new_page()
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wider), name
        page.evaluate(axe)
        violations = page.evaluate("axe.run()")["violations"]
        found[name] = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations]

    _, token = team.link(team.person(Role.TRAINER))
    for path in ("/connexion", "/mot-de-passe-oublie", "/invitation/x"):
        page.goto(path)
        look(path)
    page.goto(f"/nouveau-mot-de-passe/{token}")
    page.get_by_role("button", name="Enregistrer").click()
    look("a password to choose, with its error")
    _sign_in(page, address_of(Role.ADMIN), "pas le bon")
    look("/connexion, refused")
    _sign_in(page, address_of(Role.ADMIN))
    other = team.person(Role.EDITOR).id
    paths = ("/bureau", "/compte", "/compte/mot-de-passe", "/compte/double-verification",
             "/administration", "/administration/inviter", "/administration/historique",
             "/administration/fonctionnement",
             f"/administration/comptes/{other}")  # fmt: skip
    for path in paths:
        page.goto(path)
        look(path)
    page.goto("/administration/inviter")
    page.get_by_role("button", name="Inviter").click()
    look("/administration/inviter, with errors")
    page.goto("/compte/double-verification")
    page.get_by_role("button", name="Commencer").click()
    look("the QR code")
    context.close()
    assert {name: what for name, what in found.items() if what} == {}
    assert [line for line in complaints if "422" not in line and "410" not in line] == []
