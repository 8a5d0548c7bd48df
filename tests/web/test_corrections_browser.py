"""Correcting and reviewing themes in Chromium, with and without script, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from core.corrections import Verdict
from core.model import Tagging, ThemeId
from core.people import Role
from tests.web.conftest import Library
from tests.web.serving import serving
from tests.web.team import PASSWORD, Team, address_of, make_team

UNSURE = (("Réduire", "addictions", 0.51), ("Habiter", "grand-age", 0.6), ("PJJ", "logement", 0.7))
WIDTHS = (320, 375, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def team(own_library: Library) -> Team:
    with own_library.store.begin() as tx:
        given = [
            (own_library.id(title), [Tagging(ThemeId(theme), score)])
            for title, theme, score in UNSURE
        ]
        tx.articles.save_taggings(given, tagger="1")
    return make_team(own_library)


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(browser: Browser, team: Team, request: pytest.FixtureRequest) -> Iterator[Page]:
    with serving(team.app) as address:
        context = browser.new_context(base_url=address, java_script_enabled=request.param)
        page = context.new_page()
        page.goto("/connexion")
        page.get_by_label("Adresse électronique").fill(address_of(Role.EDITOR))
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.set_default_timeout(10_000)
        yield page
        context.close()


def said(team: Team) -> dict[str, Verdict]:
    with team.library.store.read() as tx:
        return {str(one.theme): one.verdict for one in tx.corrections.all()}


def press(page: Page, *keys: str) -> None:
    """Once the page is painted: Chromium passes over the keys that come before."""
    page.screenshot()
    for key in keys:
        page.keyboard.press(key)


def test_an_article_is_corrected_on_its_own_page_and_the_word_taken_back(
    page: Page, team: Team
) -> None:
    page.goto(f"/articles/{team.library.id('Habiter')}")
    page.get_by_role("button", name="Retirer Grand âge").click()
    expect(page).to_have_url(re.compile(r"/articles/\d+#themes$"))
    expect(page.get_by_text("Aucun thème : l’article est hors du champ.")).to_be_visible()
    page.get_by_label("Ajouter un thème").select_option("logement")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("thème attribué par la rédaction")).to_be_visible()
    page.get_by_role("button", name="Annuler Grand âge").click()
    expect(page.get_by_role("button", name="Retirer Grand âge")).to_be_visible()
    assert said(team) == {"logement": Verdict.GIVEN}


def test_reviewing_by_keyboard_alone(page: Page, team: Team) -> None:
    page.get_by_role("link", name="Relecture").click()
    expect(page.locator(".ask")).to_contain_text("Addictions et réduction")
    expect(page.get_by_role("button", name="Oui, confirmer")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("confirmé")
    expect(page.locator(".ask")).to_contain_text("Grand âge")
    expect(page.get_by_role("button", name="Oui, confirmer")).to_be_focused()
    press(page, "Tab", "Enter")
    expect(page.locator(".ask")).to_contain_text("Logement")
    assert said(team) == {"addictions": Verdict.CONFIRMED, "grand-age": Verdict.TAKEN}
    undo = page.get_by_role("button", name="Annuler Grand âge")
    undo.focus()
    press(page, "Enter")
    expect(page.locator(".ask")).to_contain_text("Grand âge")
    press(page, "Tab", "Tab", "Enter")
    expect(page.locator(".ask")).to_contain_text("Logement")
    assert said(team) == {"addictions": Verdict.CONFIRMED}


@pytest.mark.parametrize("page", [True], indirect=True)
def test_a_letter_is_enough_where_scripts_run(page: Page, team: Team) -> None:
    page.goto("/bureau/relecture")
    press(page, "n")
    expect(page.locator(".ask")).to_contain_text("Grand âge")
    press(page, "z")
    expect(page.locator(".ask")).to_contain_text("Addictions")
    press(page, "p")
    expect(page.locator(".ask")).to_contain_text("Grand âge")
    page.get_by_label("Thème", exact=True).focus()
    press(page, "o")  # a letter typed in a list chooses there
    assert said(team) == {}
    page.get_by_label("Une lettre seule agit").uncheck()
    press(page, "o")  # turned off: nothing is said
    page.reload()
    expect(page.get_by_label("Une lettre seule agit")).not_to_be_checked()
    press(page, "o")
    assert said(team) == {}
    page.get_by_label("Une lettre seule agit").check()
    page.get_by_role("link", name="Passer").focus()
    press(page, "o")
    expect(page.get_by_role("status")).to_contain_text("confirmé")
    assert said(team) == {"grand-age": Verdict.CONFIRMED}


@pytest.mark.parametrize("page", [True], indirect=True)
def test_the_second_press_of_a_double_click_judges_nothing_else(page: Page, team: Team) -> None:
    id = team.library.id("Habiter")
    two = [
        Tagging(ThemeId(theme), score) for theme, score in (("grand-age", 0.6), ("logement", 0.5))
    ]
    with team.library.store.begin() as tx:
        tx.articles.save_taggings([(id, two)], tagger="1")
    page.goto(f"/articles/{id}/themes")
    box = page.get_by_role("button", name="Retirer Grand âge").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for number in (1, 2):  # the second falls on the theme that came in its place
        page.mouse.down(click_count=number)
        page.mouse.up(click_count=number)
        expect(page.locator(".given li")).to_have_count(1)
        page.screenshot()  # painted, and the press taken
    assert said(team) == {"grand-age": Verdict.TAKEN}


def test_double_clicks_and_the_back_button_lose_nothing(page: Page, team: Team) -> None:
    id = team.library.id("Habiter")
    page.goto(f"/articles/{id}/themes")
    page.get_by_role("button", name="Retirer Grand âge").dblclick()
    expect(page.get_by_text("Aucun thème : l’article est hors du champ.")).to_be_visible()
    assert said(team) == {"grand-age": Verdict.TAKEN}
    page.go_back()
    page.goto(f"/articles/{id}/themes")
    page.get_by_label("Ajouter un thème").select_option("logement")
    page.get_by_role("button", name="Ajouter", exact=True).dblclick()
    expect(page.get_by_role("button", name="Retirer Logement")).to_be_visible()
    assert said(team) == {"grand-age": Verdict.TAKEN, "logement": Verdict.GIVEN}
    page.go_back()
    page.get_by_role("button", name="Tout est juste").or_(
        page.get_by_role("button", name="Confirmer le hors-champ")
    ).click()
    expect(page.get_by_text("Article relu en entier")).to_be_visible()
    assert said(team)["logement"] in {Verdict.GIVEN, Verdict.CONFIRMED}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, team: Team, scheme: Literal["light", "dark"]
) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    id = team.library.id("Habiter")
    with serving(team.app) as address:
        page = browser.new_page(base_url=address, color_scheme=scheme)
        page.goto("/connexion")
        page.get_by_label("Adresse électronique").fill(address_of(Role.EDITOR))
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.goto(f"/articles/{id}/themes")
        page.get_by_role("button", name="Tout est juste").click()
        for path in ("/bureau/relecture", f"/articles/{id}", f"/articles/{id}/themes"):
            page.goto(path)
            page.evaluate(axe)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                found = page.evaluate("axe.run()")["violations"]
                assert [f"{one['id']} {one['nodes'][0]['html'][:99]}" for one in found] == [], (
                    path,
                    width,
                )
                excess = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert excess <= 0, (path, width)
        page.close()
