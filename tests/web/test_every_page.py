"""Every page there is, in Chromium: what axe finds, narrow windows, large and spaced text.

A new page stands in ``tests/web/every_page.py``, or the first test fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from core.people import Role
from people.secret import signing_secret
from taxonomy.vocabulary import Vocabulary
from tests.parts import Parts
from tests.web.conftest import Library, make_library
from tests.web.every_page import NO_PAGE_ROOMS, NO_PAGES, Held, addresses, furnish
from tests.web.samples import samples
from tests.web.serving import serving
from tests.web.team import PASSWORD, Team, address_of, make_team
from web.guard import ANYONE, access_to
from web.installation import first_address

Scheme = Literal["light", "dark"]
Who = Literal["a reader", "the team"]
PHONE, DESKTOP = 375, 1280
# Full looks: a telephone at night, a desk by day.
LOOKS: Final[dict[Scheme, int]] = {"light": DESKTOP, "dark": PHONE}
WIDTHS: Final = (320, PHONE, 640, 768, DESKTOP, 1600)  # 640 and 320: a desktop at 200 and 400 %
# What the team sees more of than readers do.
SHARED: Final = ("search.show", "themes.show", "articles.show", "weeks.show", "home.show")
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# WCAG 1.4.12, as readers' own style sheets set it.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""
CLIPPED = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(one => {
  const style = getComputedStyle(one)
  const cut = (size, room, flow) => size > room + 1 && !['visible', 'auto', 'scroll'].includes(flow)
  return !one.closest('.hidden, .skip, svg, select, input, textarea, iframe')
    && one.clientWidth > 1 && one.clientHeight > 1
    && (cut(one.scrollWidth, one.clientWidth, style.overflowX)
      || cut(one.scrollHeight, one.clientHeight, style.overflowY))
}).map(one => one.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module")
def team(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary
) -> Iterator[Team]:
    """A site whose letters are written, though to nobody here."""
    made = make_library(parts, tmp_path_factory.mktemp("everything"), vocabulary, samples())
    mail = {"smtp_url": "smtp://127.0.0.1:25", "mail_from": "glaneuse@glaneuse.example"}
    yield make_team(made, mail | {"public_url": "http://glaneuse.example"})
    made.store.close()


@pytest.fixture(scope="module")
def held(team: Team) -> Held:
    return furnish(team)


@pytest.fixture(scope="module")
def site(team: Team) -> Iterator[str]:
    with serving(team.app) as address:
        yield address


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(params=LOOKS)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    """Light or dark."""
    return cast("Scheme", request.param)


@pytest.fixture
def page(browser: Browser, site: str, scheme: Scheme) -> Iterator[Page]:
    """A browser that lets a test add its own style."""
    context = browser.new_context(
        base_url=site,
        bypass_csp=True,
        color_scheme=scheme,
        locale="fr-FR",
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def pages(team: Team, held: Held, who: Who) -> list[str]:
    """What somebody who is signed in sees; else what anyone does."""
    found = addresses(held)
    open_to_all = {one for one in found if access_to(team.app, one) is ANYONE}
    if who == "a reader":
        return [one for endpoint in found if endpoint in open_to_all for one in found[endpoint]]
    desks = [one for endpoint in found if endpoint not in open_to_all for one in found[endpoint]]
    return [*desks, *(found[endpoint][0] for endpoint in SHARED)]


def sign_in(page: Page, address: str) -> None:
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill(address)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def violations(page: Page, axe: str, width: int) -> Iterator[str]:
    """What axe finds on the page that is open."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(axe)
    # A letter as mail programs show it, in its frame, is looked at alone.
    rules = "{'target-size': {enabled: true}}"  # of WCAG 2.2, which axe leaves to who asks
    run = f"axe.run({{iframes: false, resultTypes: ['violations'], rules: {rules}}})"
    for one in page.evaluate(run)["violations"]:
        yield f"{width} {one['id']}: {one['nodes'][0]['html'][:200]}"


def cut(page: Page) -> Iterator[str]:
    """Where text is cut or wider than the window, as it is and as readers may space it."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(EXCESS) > 0:
            yield f"{width} sticks out"
    page.add_style_tag(content=SPACED)
    for width in (320, 640):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(EXCESS) > 0:
            yield f"{width} sticks out, spaced"
        yield from (f"{width} cuts, spaced: {one}" for one in page.evaluate(CLIPPED)[:3])


def test_no_page_is_forgotten(team: Team, held: Held) -> None:
    rules = [rule for rule in team.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    known = {one.endpoint for one in rules if not one.endpoint.startswith(NO_PAGE_ROOMS)}
    assert known == NO_PAGES | set(addresses(held))
    adapter = team.app.url_map.bind("localhost")
    for endpoint, some in addresses(held).items():
        assert some, endpoint
        for address in some:
            assert adapter.match(urlsplit(address).path)[0] == endpoint


@pytest.mark.parametrize("who", get_args(Who))
def test_axe_finds_nothing_and_nothing_is_cut(
    team: Team, held: Held, page: Page, axe: str, scheme: Scheme, who: Who
) -> None:
    # The reader has given a password, and is asked for a code: no reader's page knows of it.
    sign_in(page, address_of(Role.ADMIN) if who == "the team" else address_of(Role.TRAINER, 2))
    wrong = []
    for address in (*pages(team, held, who), "/nulle-part"):
        answer = page.goto(address)
        assert answer
        assert urlsplit(page.url).path == urlsplit(address).path, (address, page.url)
        assert answer.headers["content-type"].startswith("text/html"), address
        found = [*violations(page, axe, LOOKS[scheme]), *(cut(page) if scheme == "light" else ())]
        wrong += [f"{address} {one}" for one in found]
    assert not wrong, "\n".join(wrong)


def test_nor_on_the_page_of_the_first_day(
    browser: Browser, empty_library: Library, axe: str, scheme: Scheme
) -> None:
    path = first_address(empty_library.store, signing_secret(empty_library.settings))
    with serving(empty_library.app()) as site:
        page = browser.new_page(base_url=site, bypass_csp=True, color_scheme=scheme)
        page.goto(path)
        assert [*violations(page, axe, LOOKS[scheme]), *cut(page)] == []
        page.close()
