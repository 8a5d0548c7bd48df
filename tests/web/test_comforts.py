"""What the script adds, in Chromium: kept in the browser, by keyboard, under Trusted Types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

WIDTHS = (375, 1280)


@pytest.fixture(params=WIDTHS)
def context(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A new visitor with script, who fails on any error, refusal, cookie or foreign request."""
    context = browser.new_context(
        base_url=site, viewport={"width": request.param, "height": 800}, locale="fr-FR"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    wrong: list[str] = []

    def look_at(page: Page) -> None:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)

    context.on("page", look_at)
    here = urlsplit(site).netloc
    context.on("request", lambda r: wrong.append(r.url) if urlsplit(r.url).netloc != here else None)
    yield context
    cookies = context.cookies()
    context.close()
    assert wrong == []
    assert cookies == []


def test_articles_are_put_aside_and_taken_out(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/themes/numerique")
    button = page.get_by_role("button", name=re.compile("Mettre de côté.*L’ordinateur entre nous"))
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.goto("/de-cote")
    kept = page.locator('[data-list="aside"]')
    expect(kept.get_by_role("link", name="L’ordinateur entre nous", exact=True)).to_be_visible()
    expect(kept.get_by_role("link", name=re.compile("^Lire"))).to_have_attribute(
        "href", "https://www.carnet.example/2"
    )
    letter = page.get_by_role("link", name="Envoyer cette liste")
    address = unquote(letter.get_attribute("href") or "")
    assert address.startswith("mailto:?subject=Des articles à lire&body=Bonjour,")
    assert "L’ordinateur entre nous" in address
    assert "https://www.carnet.example/2" in address
    kept.get_by_role("button", name=re.compile("^Retirer L’ordinateur")).click()
    expect(page.get_by_text("Aucun pour l’instant. Sous chaque article")).to_be_visible()
    expect(letter).to_be_hidden()
    expect(page.get_by_role("heading", name="Articles mis de côté")).to_be_focused()


def test_from_the_article_page_too(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/articles/1")
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name=re.compile("Mettre de côté")).first.click()
    page.goto("/de-cote")
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_the_home_page_follows_pinned_themes(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Ce que vous suivez")).to_be_hidden()
    page.goto("/themes")
    page.get_by_role("button", name="Épingler Numérique").click()
    page.goto("/")
    mine = page.get_by_role("region", name="Ce que vous suivez")
    expect(mine.get_by_role("link", name="L’ordinateur entre nous")).to_be_visible()
    expect(mine.get_by_role("article")).to_have_count(4)
    page.goto("/de-cote")
    page.get_by_role("button", name="Tout effacer de cet appareil").click()
    page.goto("/")
    expect(mine).to_be_hidden()
    left = page.evaluate("Object.keys(localStorage)")
    assert left == ["glaneuse.visits"]


def test_free_articles_come_first_when_asked(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/sources/la-gazette-des-solidarites")
    by_date = page.locator(".list .card-title").all_inner_texts()
    page.goto("/de-cote")
    page.get_by_label("Accès libre d’abord").check()
    page.goto("/sources/la-gazette-des-solidarites")
    access = page.locator(".list .card").evaluate_all("c => c.map(one => one.dataset.access)")
    assert access == sorted(access, key=lambda one: one != "libre")
    assert len(set(access)) == 2
    shown = page.locator(".list .card-title").all_inner_texts()
    assert sorted(shown) == sorted(by_date)
    assert shown != by_date


def test_what_is_new_since_the_last_visit_is_one_link_away(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("link", name="Du nouveau depuis hier")).to_be_visible()
    visit = "{last: Date.UTC(2026, 10, 21, 7, 40), before: 0}"
    page.evaluate(f"localStorage.setItem('glaneuse.visits', JSON.stringify({visit}))")
    page.reload()
    link = page.get_by_role(
        "link", name="Depuis votre dernière visite, samedi 21 novembre à 8 h 40"
    )
    expect(link).to_have_attribute("href", "/nouveautes?depuis=2026-11-21T07:40Z")
    link.click()
    expect(page.get_by_text("depuis le samedi 21 novembre 2026 à 8 h 40")).to_be_visible()


def test_suggestions_are_followed_by_keyboard(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    box = page.get_by_role("combobox", name="Rechercher dans les articles")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("numér")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_have_text("Numérique Thème")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_be_focused()
    active = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_text("Numérique Thème")
    box.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "false")
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("numér")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile("/themes/numerique$"))


def test_enter_still_searches_and_suggestions_can_be_clicked(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    box = page.get_by_role("combobox", name="Rechercher dans les articles")
    box.press_sequentially("gazette")
    page.get_by_role("option", name=re.compile("La Gazette des solidarités")).click()
    expect(page).to_have_url(re.compile("/sources/la-gazette-des-solidarites$"))
    page.goto("/")
    box.fill("enfance")
    box.press("Enter")
    expect(page).to_have_url(re.compile("/recherche\\?q=enfance$"))


def test_a_citation_is_copied(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/articles/1")
    page.get_by_text("Citer cet article").click()
    page.get_by_role("button", name="Copier la référence APA").click()
    expect(page.get_by_role("button", name="Copier la référence APA")).to_have_attribute(
        "data-done", ""
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Durand, C. (2026")


@pytest.mark.parametrize(
    "kept",
    [
        "not json",
        "42",
        '[null, 7, {"id": 1}]',
        '[{"id": "1", "title": "x", "href": "javascript:alert(1)", "kind": "theme", "label": "x"}]',
        '[{"id": "1", "title": "x", "href": "//evil.example/", "kind": "theme", "label": "x"}]',
    ],
)
def test_whatever_the_browser_holds_pages_stand(context: BrowserContext, kept: str) -> None:
    page = context.new_page()
    page.goto("/")
    for name in ("aside", "pins", "free", "visits"):
        page.evaluate(
            "([name, kept]) => localStorage.setItem('glaneuse.' + name, kept)", [name, kept]
        )
    for address in ("/", "/de-cote", "/themes", "/articles/1"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator('a[href^="javascript"], a[href*="evil"]').count() == 0


def test_text_cannot_be_made_into_markup_or_script(browser: Browser, site: str) -> None:
    page = browser.new_page(base_url=site)
    page.goto("/de-cote")
    for tried in (
        "document.body.innerHTML = '<b>x</b>'",
        "document.write('<b>x</b>')",
        "trustedTypes.createPolicy('x', {createHTML: s => s})",
    ):
        refused = page.evaluate(
            f"() => {{ try {{ {tried}; return false }} catch {{ return true }} }}"
        )
        assert refused, tried
    page.close()


@pytest.mark.parametrize(
    "address",
    ["/", "/themes/numerique", "/articles/1", "/recherche?q=rue", "/semaines/2026-S47", "/themes"],
)
def test_nothing_moves_while_a_page_comes(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.moved += one.value }).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") == 0


def test_without_script_nothing_that_needs_it_is_shown(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    for address in ("/", "/themes", "/themes/numerique", "/articles/1"):
        page.goto(address)
        expect(
            page.get_by_role("button", name=re.compile("Mettre de côté|Épingler|Copier"))
        ).to_have_count(0)
    page.goto("/de-cote")
    expect(page.get_by_text("Cette page a besoin que votre navigateur")).to_be_visible()
    page.goto("/nouveautes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du nouveau")
    context.close()


@pytest.mark.parametrize("address", ["/", "/recherche?q=rue", "/themes/numerique", "/articles/1"])
def test_the_keyboard_goes_everywhere_in_order_and_is_seen(
    browser: Browser, site: str, address: str
) -> None:
    page = browser.new_page(base_url=site, viewport={"width": 1280, "height": 900})
    page.goto(address)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input, summary')].filter(one =>"
        " one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})).length"
    )
    seen = 0
    for _ in range(wanted):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "() => { const style = getComputedStyle(document.activeElement);"
            " return document.activeElement === document.body ? null"
            " : style.outlineStyle + ' ' + style.outlineWidth }"
        )
        if outline is None:
            break
        assert outline == "solid 3px", page.evaluate("document.activeElement.outerHTML")
        seen += 1
    assert seen >= wanted - 1  # a closed part may hold one that is counted
    page.close()
