"""The pages in Chromium: journeys, by keyboard too, at two widths, with and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.test_pages import PAGES

Scheme = Literal["light", "dark"]
WIDTHS = (375, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    """The width of the window, in CSS pixels."""
    return int(request.param)


@pytest.fixture
def context(browser: Browser, site: str, *, script: bool, width: int) -> Iterator[BrowserContext]:
    """A new visitor, who fails when anything is asked of another host."""
    context = browser.new_context(
        base_url=site,
        java_script_enabled=script,
        viewport={"width": width, "height": 800},
        locale="fr-FR",
    )
    elsewhere: list[str] = []
    context.on(
        "request",
        lambda r: (
            None if urlsplit(r.url).netloc == urlsplit(site).netloc else elsewhere.append(r.url)
        ),
    )
    yield context
    context.close()
    assert elsewhere == []


def test_from_home_through_search_and_facet_to_an_article_and_its_week(
    context: BrowserContext, width: int
) -> None:
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Rechercher dans les articles").fill("numérique")
    page.get_by_role("button", name="Rechercher").click()
    expect(page).to_have_title(re.compile("numérique"))
    if width < 900:
        page.locator(".filters summary").first.click()
    filters = page.locator(".filters")
    filters.get_by_role("link", name="Accès aux droits et non-recours").click()
    expect(page.get_by_text("1 article")).to_be_visible()
    expect(page.get_by_role("link", name="Retirer le filtre Thème")).to_be_visible()
    page.get_by_role("link", name="Le numérique, un guichet sans visage").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Le numérique, un guichet sans visage"
    )
    original = page.get_by_role("link", name="Lire sur observatoire.example")
    expect(original).to_have_attribute("href", "https://www.observatoire.example/33")
    page.get_by_role("link", name=re.compile("^Semaine du 26 octobre")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Semaine du 26 octobre au 1er novembre 2026")
    )
    page.get_by_role("link", name="Semaine suivante").click()
    expect(page).to_have_url(re.compile("/semaines/2026-S45$"))


def test_the_keyboard_skips_to_the_content(browser: Browser, site: str) -> None:
    page = browser.new_page(base_url=site)
    page.goto("/themes/numerique")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.close()


@pytest.fixture(scope="session")
def windows(browser: Browser, site: str) -> Iterator[dict[Scheme, Page]]:
    """A page of Chromium in light and one in dark, led from address to address."""
    opened = {
        scheme: browser.new_page(
            base_url=site, color_scheme=scheme, locale="fr-FR", reduced_motion="reduce"
        )
        for scheme in SCHEMES
    }
    yield opened
    for page in opened.values():
        page.close()


def test_the_policy_blocks_nothing_of_ours(windows: dict[Scheme, Page]) -> None:
    page = windows["light"]
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    for address in PAGES:
        page.goto(address)
    assert [line for line in told if "404" not in line] == []


def test_every_filter_can_be_reached_where_the_window_is_wide(
    windows: dict[Scheme, Page],
) -> None:
    page = windows["light"]
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/recherche?q=rue")
    page.get_by_label("Inclure le hors-champ").check()
    page.get_by_role("button", name="Appliquer").click()
    expect(page).to_have_url(re.compile("hors-champ=1"))
