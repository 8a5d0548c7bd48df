"""Following a theme, from the page to the inbox and out again: a real browser, a real SMTP server.

With and without script, on a telephone.
"""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from importlib.resources import files
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.model import Extracted, Report, Tagging, ThemeId
from core.subscriptions import Consent, Rhythm, Subject, SubjectKind
from mail.delivery import World, drain
from mail.message import inline_css, sender_from
from mail.transport import Transport, read_server
from people.letters import prepare
from people.subscriptions import Tokens, agree
from tests.web.conftest import Library
from tests.web.serving import serving
from tests.web.team import PASSWORD, Team, make_team
from web.letters import Stationery
from web.server import free_port
from web.subjects import Subjects

WHO = "camille@exemple.fr"


@dataclass
class Inbox:
    """Everybody's inbox, on loopback."""

    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 2.0.0 Ok"


@dataclass(frozen=True)
class Post:
    """A site that follows, its mail server and the inbox behind it."""

    team: Team
    inbox: Inbox

    @property
    def address(self) -> str:
        return self.team.settings.public_url

    @property
    def stationery(self) -> Stationery:
        library = self.team.library
        with library.store.read() as tx:
            subjects = Subjects(library.vocabulary, tx.sources.names())
        return Stationery(self.team.settings, subjects, Tokens(str(self.team.app.secret_key)))

    def send(self) -> Report:
        """As ``glaneuse letters send`` does: prepare what is due, drain the outbox."""
        library, settings = self.team.library, self.team.settings
        stationery = self.stationery
        search = stationery.subjects.search_with(library.engine)
        prepare(library.store, search, stationery.edition, library.clock())
        sender = sender_from(settings)
        transport = Transport(read_server(settings.smtp_url), sender.host, timeout=5)
        world = World(library.clock, lambda _seconds: None, lambda: 0.0)
        return drain(library.store, transport, sender, world, rate=1e6, place="here")

    def publish(self, title: str) -> None:
        """An article on « Numérique » is collected now."""
        store, now = self.team.library.store, self.team.library.clock()
        with store.begin() as tx:
            extracted = Extracted(
                f"https://carnet.example/{title.rsplit(maxsplit=1)[-1]}", title, "Un texte. " * 300
            )
            source = tx.sources.all()[0]
            id, _ = tx.articles.save(extracted, source_id=source.id, now=now)
            tx.articles.save_taggings([(id, [Tagging(ThemeId("numerique"), 0.9)])], tagger="t")


@pytest.fixture
def post(own_library: Library) -> Iterator[Post]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port("127.0.0.1", 0))
    controller.start()
    port = free_port("127.0.0.1", 0)
    settings = {
        "smtp_url": f"smtp://127.0.0.1:{controller.port}",
        "mail_from": "lettre@glaneuse.example",
        "public_url": f"http://127.0.0.1:{port}",
        "publisher": "Association Les Glaneurs",
    }
    team = make_team(own_library, settings)
    with serving(team.app, port):
        yield Post(team, inbox)
    controller.stop()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def context(
    browser: Browser, post: Post, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=post.address,
        java_script_enabled=request.param,
        viewport={"width": 375, "height": 800},
        locale="fr-FR",
    )
    yield context
    assert context.cookies() == []
    context.close()


def _part(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_from_a_theme_to_the_inbox_and_out_again(context: BrowserContext, post: Post) -> None:
    clock, inbox = post.team.library.clock, post.inbox
    clock.now += timedelta(minutes=1)  # what is held already is not new
    page = context.new_page()
    page.goto("/themes/numerique")
    page.get_by_role("link", name="Suivre par courriel").click()
    page.get_by_role("button", name="Demander à suivre").click()
    expect(page.get_by_text("Écrivez votre adresse électronique.")).to_be_visible()
    page.get_by_label("Adresse électronique").fill(f" {WHO} ")
    page.get_by_label("Chaque jour").check()
    page.get_by_role("button", name="Demander à suivre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courrier")

    assert post.send().done == 1
    (asking,) = inbox.taken
    assert asking["To"] == WHO
    assert asking["List-Unsubscribe"] is None
    found = re.search(r"http://\S+/abonnement/confirmer/\S+", _part(asking, "plain"))
    assert found
    page.goto(found[0])
    page.get_by_role("button", name="Oui, je confirme").click()
    expect(page.get_by_role("status")).to_contain_text("C’est confirmé")

    clock.now += timedelta(days=1)
    assert post.send().done == 0  # nothing is new
    clock.now += timedelta(hours=1)
    post.publish("Un guichet rouvre")
    clock.now += timedelta(days=1)
    assert post.send().done == 1
    assert post.send().done == 0  # run twice, sent once
    letter = inbox.taken[-1]
    assert letter["Subject"] == "Numérique : 1 nouvel article"
    assert letter["List-Id"] == "<theme-numerique.127.0.0.1>"
    for body in (_part(letter, "plain"), _part(letter, "html")):
        assert "Un guichet rouvre" in body
        assert "https://carnet.example/rouvre" in body
        assert "Association Les Glaneurs" in body
    way_out = str(letter["List-Unsubscribe"]).strip("<>")

    page.goto(way_out)  # a GET never leaves
    expect(page.get_by_role("button", name="Me désabonner")).to_be_visible()
    request = urllib.request.Request(way_out, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
        assert answer.headers["Set-Cookie"] is None
    page.goto(way_out)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes désabonné·e")
    post.publish("Un autre guichet ferme")
    clock.now += timedelta(days=1)
    assert post.send().done == 0
    assert len(inbox.taken) == 2


def test_a_withdrawal_reaches_the_team(context: BrowserContext, post: Post) -> None:
    page = context.new_page()
    page.goto(f"/articles/{post.team.library.id('Le numérique')}")
    page.get_by_role("link", name="Signaler une erreur ou demander un retrait").click()
    page.get_by_label("Adresse électronique").fill(WHO)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Dites-nous pourquoi.")).to_be_visible()
    page.get_by_label("Votre message").fill("Je suis l’autrice de cet article.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demande reçue")
    post.send()
    (told,) = post.inbox.taken
    assert (told["To"], told["Reply-To"]) == ("contact@glaneuse.example", WHO)


# -- looks ----------------------------------------------------------------------------------------


def _pending(post: Post) -> Consent:
    library = post.team.library
    with library.store.begin() as tx:
        return tx.subscriptions.ask(
            WHO, Subject(SubjectKind.SEARCH, "q=h%C3%A9bergement&theme=logement"), Rhythm.DAILY,
            words="Je demande…", version="1", now=library.clock(),
            expires=library.clock() + timedelta(days=7),
        )  # fmt: skip


def _addresses(post: Post) -> list[str]:
    """A page of each kind."""
    tokens, now = Tokens(str(post.team.app.secret_key)), post.team.library.clock()
    consent = _pending(post)
    with post.team.library.store.begin() as tx:
        begun = agree(tx, WHO, [consent.id], now)[0]
    consent = _pending(post)
    with post.team.library.store.begin() as tx:
        asking = tokens.of_consent(tx, consent)
    own = f"/abonnement/{tokens.of_subscription(begun)}"
    return [
        *(
            "/suivre/theme/numerique",
            "/suivre/recherche?q=x",
            "/suivre/recherche",
            "/suivre/lettre",
        ),
        *(f"/abonnement/confirmer/{asking}", own, f"{own}/quitter", "/abonnement/x"),
        *("/contact", "/mentions-legales", "/donnees-personnelles", "/accessibilite"),
    ]


def _check(page: Page, axe: str, where: str) -> None:
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert [one["id"] for one in found["violations"]] == [], where
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        excess = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert excess <= 0, (where, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, post: Post, scheme: Literal["light", "dark"]
) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = browser.new_page(base_url=post.address, color_scheme=scheme)
    for address in _addresses(post):
        page.goto(address)
        _check(page, axe, address)
    page.goto("/suivre/theme/numerique")
    page.get_by_label("Adresse électronique").fill("x")
    page.get_by_role("button", name="Demander à suivre").click()
    _check(page, axe, "error")
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill("admin1@exemple.fr")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.goto("/administration/demandes")
    _check(page, axe, "requests")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_are_readable_on_a_telephone_and_in_the_dark(
    browser: Browser, post: Post, scheme: Literal["light", "dark"]
) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    library = post.team.library
    consent = _pending(post)
    with library.store.begin() as tx:
        tokens = Tokens(str(post.team.app.secret_key))
        asking = post.stationery.confirmation(consent, tokens.of_consent(tx, consent))
        tx.subscriptions.ask(
            WHO, Subject(SubjectKind.THEME, "numerique"), Rhythm.DAILY, words="", version="1",
            now=library.clock(), expires=library.clock() + timedelta(days=7),
        )  # fmt: skip
        pending = tx.subscriptions.pending(WHO, library.clock())
        agree(tx, WHO, [one.id for one in pending], library.clock())
    library.clock.now += timedelta(hours=1)
    post.publish("Un guichet " + "très " * 40 + "long")
    library.clock.now += timedelta(days=1)
    prepare(library.store, lambda _key: (), post.stationery.edition, library.clock())
    with library.store.read() as tx:
        edition = tx.outbox.letter(tx.outbox.entries()[0].id)
    page = browser.new_page(color_scheme=scheme)
    for letter in (asking, edition):
        page.set_content(inline_css(letter.html))
        _check(page, axe, letter.subject)
        assert "http" not in re.sub(r'href="[^"]*"', "", letter.html).replace(post.address, "")
    page.close()
