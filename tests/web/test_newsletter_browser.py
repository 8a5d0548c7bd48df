"""The letter in Chromium: from an empty desk to an inbox, saved as it is typed, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from importlib.resources import files
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Locator, Page, Route, expect

from core.newsletters import Content, NewsletterId
from core.people import Role
from core.subscriptions import NEWSLETTER, Rhythm
from mail.delivery import World, drain
from mail.message import sender_from
from mail.transport import Transport, read_server
from people.newsletters import dispatch
from people.subscriptions import Tokens
from tests.web.conftest import Library
from tests.web.serving import serving
from tests.web.team import PASSWORD, Team, address_of, make_team
from web.letters import Stationery
from web.newsletter_letters import Press
from web.newsletters import open_with
from web.server import free_port
from web.subjects import Subjects

SITE = "https://glaneuse.example"
WHO = ("camille@exemple.fr", "lou@exemple.fr")
FOREWORD = (
    "Bonjour,\n\nCette semaine, la protection de l’enfance déborde et les MDPH comptent leurs "
    "délais. Bonne lecture."
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass
class Inbox:
    """Everybody's inbox, on loopback."""

    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 2.0.0 Ok"


@dataclass
class Site:
    """A site that sends letters, and where its front end is served: it can be ended and begun."""

    team: Team
    port: int
    inbox: Inbox
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        self.running.enter_context(serving(self.team.app, self.port))

    def end(self) -> None:
        self.running.close()

    def send(self) -> None:
        """As ``glaneuse letters send`` does."""
        library, settings = self.team.library, self.team.settings
        with library.store.read() as tx:
            subjects = Subjects(library.vocabulary, tx.sources.names())
        press = Press(Stationery(settings, subjects, Tokens(str(self.team.app.secret_key))))
        dispatch(library.store, open_with(library.store, press), library.clock())
        sender = sender_from(settings)
        transport = Transport(read_server(settings.smtp_url), sender.host, timeout=5)
        world = World(library.clock, lambda _seconds: None, lambda: 0.0)
        drain(library.store, transport, sender, world, rate=1e6, place="here")

    def content(self, id: int = 1) -> Content:
        with self.team.library.store.read() as tx:
            return tx.newsletters.by_id(NewsletterId(id)).content


@pytest.fixture
def site(own_library: Library) -> Iterator[Site]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port("127.0.0.1", 0))
    controller.start()
    settings = {
        "smtp_url": f"smtp://127.0.0.1:{controller.port}",
        "mail_from": "lettre@glaneuse.example",
        "public_url": SITE,
        "publisher": "Association Les Glaneurs",
    }
    now = own_library.clock()
    with own_library.store.begin() as tx:
        for address in WHO:
            consent = tx.subscriptions.ask(
                address, NEWSLETTER, Rhythm.ISSUE, words="", version="1", now=now,
                expires=now + timedelta(days=7),
            )  # fmt: skip
            tx.subscriptions.confirm(consent, nonce=address, now=now)
    made = Site(make_team(own_library, settings), free_port("127.0.0.1", 0), inbox)
    made.begin()
    yield made
    made.end()
    controller.stop()


def signed_in(browser: Browser, site: Site, number: int = 1, **options: Any) -> Page:
    context = browser.new_context(base_url=site.address, locale="fr-FR", **options)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill(address_of(Role.EDITOR, number))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    return page


class Hands:
    """What somebody does: each click and each text typed counts."""

    def __init__(self) -> None:
        self.actions = 0

    def click(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def type(self, what: Locator, text: str) -> None:
        self.actions += 1
        what.fill(text)


def part(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_an_empty_desk_to_the_inbox(browser: Browser, site: Site, script: bool) -> None:
    page = signed_in(browser, site, java_script_enabled=script)
    hands = Hands()
    hands.click(page.get_by_role("link", name="La lettre", exact=True))
    hands.click(page.get_by_role("button", name="Commencer la lettre"))
    hands.type(page.get_by_label("Édito"), FOREWORD)
    hands.type(page.get_by_label("Signature"), "Claire, pour la rédaction")
    while len(list(site.content().entries)) > 10:
        section = site.content().sections[1].title
        hands.click(page.get_by_role("button", name=f"Retirer la rubrique {section}"))
        expect(page.get_by_role("textbox", name="Rubrique", exact=True).nth(1)).not_to_have_value(
            section
        )
    titles = [one.title for one in site.content().entries]
    hands.click(page.get_by_role("button", name="Monter Aides à domicile"))
    hands.click(page.get_by_role("button", name="Aperçu"))
    expect(page.get_by_role("heading", name="Aperçu")).to_be_visible()
    hands.click(page.get_by_role("link", name="Envoyer…"))
    hands.click(page.get_by_role("button", name="Envoyer maintenant"))
    expect(page.get_by_text("La lettre part dans les minutes qui viennent.")).to_be_visible()
    assert hands.actions <= 25
    site.send()
    assert sorted(str(one["To"]) for one in site.inbox.taken) == list(WHO)
    site.send()
    assert len(site.inbox.taken) == len(WHO)
    for message in site.inbox.taken:
        _check(message, titles)
    page.context.close()


def _check(message: EmailMessage, titles: list[str]) -> None:
    """Both parts, both list headers, nothing remote; the text says all of it."""
    assert message.get_content_type() == "multipart/alternative"
    assert str(message["List-Unsubscribe"]).startswith(f"<{SITE}/abonnement/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<lettre.glaneuse.example>"
    html, text = part(message, "html"), part(message, "plain")
    assert not re.search(r"<(img|link|script|iframe|object)\b|url\(", html)
    assert len(titles) == 10
    flat = _folded(text)
    for title in titles:
        assert _folded(title) in flat
    assert _folded(FOREWORD) in flat
    assert "Claire, pour la rédaction" in text
    assert "« " not in text  # a French quotation mark does not part from its words
    assert f"{SITE}/lettres/2026-11-22-" in text
    assert not re.search(r"<[a-z/]|&\w+;", text)


def _folded(text: str) -> str:
    return " ".join(text.replace("'", "’").split())


def test_what_is_typed_is_saved_and_survives_a_server_that_is_gone(
    browser: Browser, site: Site
) -> None:
    page = signed_in(browser, site)
    page.goto("/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    page.get_by_label("Édito").fill("Écrit avant.")
    expect(page.locator("[data-said]")).to_contain_text("Enregistré à")
    assert site.content().foreword == "Écrit avant."
    site.end()
    page.get_by_label("Édito").fill("Écrit pendant que le serveur était arrêté.")
    expect(page.locator("[data-said]")).to_contain_text("ne répond pas")
    page.get_by_label("Signature").fill("Claire")
    site.begin()
    expect(page.locator("[data-said]")).to_contain_text("Enregistré à", timeout=20_000)
    assert site.content().foreword == "Écrit pendant que le serveur était arrêté."
    page.context.close()


def test_what_was_typed_while_the_server_was_gone_comes_with_the_next_visit(
    browser: Browser, site: Site
) -> None:
    page = signed_in(browser, site)
    page.goto("/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    expect(page).to_have_url(re.compile(r"/bureau/lettres/1$"))
    site.end()
    page.get_by_label("Édito").fill("Écrit puis laissé.")
    expect(page.locator("[data-said]")).to_contain_text("gardé dans ce navigateur")
    page.close(run_before_unload=False)
    site.begin()
    other = page.context.new_page()
    other.goto("/bureau/lettres/1")
    expect(other.get_by_label("Édito")).to_have_value("Écrit puis laissé.")
    assert site.content().foreword == "Écrit puis laissé."
    page.context.close()


def test_what_was_typed_just_before_the_page_was_left_is_saved(
    browser: Browser, site: Site
) -> None:
    page = signed_in(browser, site)
    page.goto("/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    page.get_by_role("textbox", name="Édito").fill("Écrit à l’instant.")
    page.get_by_role("link", name="La lettre", exact=True).first.click()
    expect(page.get_by_role("heading", name="En cours")).to_be_visible()
    page.goto("/bureau/lettres/1")
    expect(page.get_by_role("textbox", name="Édito")).to_have_value("Écrit à l’instant.")
    assert site.content().foreword == "Écrit à l’instant."
    page.context.close()


def test_a_lost_session_is_told_and_the_text_comes_back_after_signing_in(
    browser: Browser, site: Site
) -> None:
    page = signed_in(browser, site)
    page.goto("/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    expect(page).to_have_url(re.compile(r"/bureau/lettres/1$"))
    with site.team.library.store.begin() as tx:
        tx.sessions.end_all(site.team.person(Role.EDITOR).id)
    page.get_by_label("Édito").fill("Écrit sans session.")
    expect(page.get_by_role("alert")).to_contain_text("Votre session a pris fin")
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    page.get_by_label("Adresse électronique").fill(address_of(Role.EDITOR))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_label("Édito")).to_have_value("Écrit sans session.")
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(page.get_by_text("C’est enregistré.")).to_be_visible()
    assert site.content().foreword == "Écrit sans session."
    page.context.close()


def test_two_editors_type_at_once(browser: Browser, site: Site) -> None:
    hers, his = (signed_in(browser, site, number) for number in (1, 2))
    hers.goto("/bureau/lettres")
    hers.get_by_role("button", name="Commencer la lettre").click()
    his.goto("/bureau/lettres/1")
    hers.get_by_label("Édito").fill("D’elle.")
    expect(hers.locator("[data-said]")).to_contain_text("Enregistré à")
    his.get_by_label("Signature").fill("Lui")
    expect(his.locator("[data-said]")).to_contain_text("Enregistré à")
    expect(his.locator("[data-others]")).to_contain_text("écrit aussi dans cette lettre")
    his.get_by_label("Signature").fill("Lui, encore")
    expect(his.locator("[data-said]")).to_contain_text("Enregistré à")
    hers.get_by_label("Édito").fill("D’elle, encore.")
    expect(hers.locator("[data-others]")).to_contain_text("écrit aussi dans cette lettre")
    letter = site.content()
    assert (letter.foreword, letter.signature) == ("D’elle, encore.", "Lui, encore")
    for page in (hers, his):
        page.context.close()


def test_an_entry_is_dragged(browser: Browser, site: Site) -> None:
    page = signed_in(browser, site, viewport={"width": 1280, "height": 2000})
    page.goto("/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    expect(page.locator("[data-grip]").first).to_be_visible()
    first, second = [one.id for one in site.content().sections[0].entries[:2]]
    page.locator(f"[data-entry='{first}']").scroll_into_view_if_needed()
    grip = page.locator(f"[data-entry='{first}'] [data-grip]").bounding_box()
    other = page.locator(f"[data-entry='{second}']").bounding_box()
    assert grip
    assert other
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(other["x"] + 50, other["y"] + other["height"] - 10, steps=8)
    page.mouse.up()
    expect(page.locator("[data-said]")).to_contain_text("Enregistré à")
    assert [one.id for one in site.content().sections[0].entries[:2]] == [second, first]
    page.context.close()


# -- looks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, site: Site, scheme: Literal["light", "dark"]
) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = signed_in(browser, site, color_scheme=scheme, viewport={"width": 375, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    article = f"/articles/{site.team.library.ids[2]}"
    page.goto(article)
    page.get_by_label("Note pour l’équipe").fill("À la une.")
    page.get_by_role("button", name="Ajouter à la lettre").click()
    page.goto("/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    for kind in ("Agenda", "Image"):
        page.get_by_text("Agenda, annonce, texte, image").click()
        page.get_by_role("button", name=f"{kind} à ajouter").click()
    entry = next(one.id for one in site.content().entries if one.kind == "image")
    found = {}
    for address in (
        article, f"{article}/lettre", "/bureau/lettres", "/bureau/lettres/panier",
        *(f"/bureau/lettres/1{rest}" for rest in (
            "", "?q=logement", "/apercu", "/apercu?vue=ordinateur&nuit=1", "/apercu?vue=texte",
            "/copier", "/versions?version=1", "/envoi", f"/image/{entry}", "/supprimer",
        )),
    ):  # fmt: skip
        page.goto(address)
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wider), address
        page.evaluate(axe)
        violations = page.evaluate("axe.run({iframes: false})")["violations"]
        found[address] = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
    assert {address: faults for address, faults in found.items() if faults} == {}
    assert complaints == []
    page.context.close()


def test_what_is_typed_before_the_script_is_there_is_saved_too(
    browser: Browser, site: Site
) -> None:
    editor = signed_in(browser, site)
    editor.goto("/bureau/lettres")
    held: list[Route] = []
    editor.route("**/letter.js*", lambda route: held.append(route))  # noqa: PLW0108  it is marked
    with editor.expect_request("**/letter.js*"):
        editor.get_by_role("button", name="Commencer la lettre").click(no_wait_after=True)
    editor.get_by_label("Édito").fill(FOREWORD)
    held[0].continue_()
    expect(editor.locator("[data-said]")).to_contain_text("Enregistré à")
    editor.context.close()


def test_a_letter_s_page_is_for_anyone(browser: Browser, site: Site) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    editor = signed_in(browser, site)
    editor.goto("/bureau/lettres")
    editor.get_by_role("button", name="Commencer la lettre").click()
    editor.get_by_label("Édito").fill(FOREWORD)
    editor.get_by_role("button", name="Envoyer…").click()
    editor.get_by_role("button", name="Envoyer maintenant").click()
    expect(editor.get_by_text("dans les minutes qui viennent")).to_be_visible()
    site.send()
    editor.context.close()
    for width in (320, 1280):
        context = browser.new_context(
            base_url=site.address, viewport={"width": width, "height": 800}
        )
        page = context.new_page()
        for address in ("/lettres", f"/lettres/{_slug(site)}"):
            page.goto(address)
            wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wider), address
            page.evaluate(axe)
            assert page.evaluate("axe.run()")["violations"] == []
        expect(page.get_by_text("la protection de l’enfance déborde")).to_be_visible()
        assert context.cookies() == []
        context.close()


def _slug(site: Site) -> str:
    with site.team.library.store.read() as tx:
        return tx.newsletters.published()[0].slug
