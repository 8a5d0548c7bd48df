"""The newsletter as mail: its size, its links, its headers, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Browser, Route

from benchmarks.mailing import Receiver
from core.settings import read_settings
from core.subscriptions import NEWSLETTER, Rhythm, Subscription, SubscriptionId
from mail.addresses import parse_address
from mail.delivery import send_one
from mail.message import Sender, compose
from mail.transport import Server, Transport
from people.subscriptions import Tokens
from taxonomy.vocabulary import Vocabulary
from tests.web.newsletter_samples import CONTENT, IMAGES, SENT, long, sent
from web.letters import Stationery
from web.newsletter_letters import Press
from web.subjects import Subjects

SUBSCRIPTION = Subscription(
    SubscriptionId(12), "camille@exemple.fr", NEWSLETTER, Rhythm.ISSUE, "n", SENT, None, None, None
)
SENDER = Sender(parse_address("lettre@glaneuse.example"), "Glaneuse", "glaneuse.example")
LIMIT = 102_400  # bytes after which Gmail hides the end


@pytest.fixture
def press(vocabulary: Vocabulary) -> Press:
    settings = read_settings(
        {
            "GLANEUSE_PUBLIC_URL": "https://glaneuse.example",
            "GLANEUSE_PUBLISHER": "Les Tilleuls",
        }
    )
    return Press(Stationery(settings, Subjects(vocabulary, {}), Tokens("secret")))


class Inbox:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.taken.append(envelope.content)  # type: ignore[attr-defined]
        return "250 2.0.0 Ok: queued"


def received(press: Press) -> Iterator[EmailMessage]:
    """The letter, as a real server receives it."""
    printed, inbox = press.print_for_subscribers(sent(), IMAGES), Inbox()
    letter = press.address(printed, sent().id, SUBSCRIPTION)
    with Receiver(inbox) as server:
        transport = Transport(Server("127.0.0.1", server.port, "smtp"), "glaneuse.example")
        assert send_one(transport, compose(letter, SENDER, date=SENT, now=SENT)).code == 250
    for content in inbox.taken:
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        yield message


def part(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_a_server_receives_both_parts_and_both_ways_to_leave(press: Press) -> None:
    (message,) = received(press)
    assert message["Subject"] == "Aller-vers, protection de l’enfance : ce que dit le terrain"
    assert message["List-Id"] == "<lettre.glaneuse.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = f"https://glaneuse.example/abonnement/{Tokens('secret').of_subscription(SUBSCRIPTION)}"
    assert message["List-Unsubscribe"] == f"<{page}/quitter>"
    text, html = part(message, "plain"), part(message, "html")
    assert f"{page}/quitter" in text
    assert f'href="{page}/quitter"' in html
    assert "https://glaneuse.example/lettres/aller-vers-protection-de-l-enfance" in text
    assert text.split()[-3:] == ["Les", "Tilleuls", "https://glaneuse.example/donnees-personnelles"]


def test_nothing_is_remote_but_the_declared_images(press: Press) -> None:
    (message,) = received(press)
    html = part(message, "html")
    assert re.findall(r'src="([^"]+)"', html) == [IMAGES["atelier.jpg"].url]
    assert not re.search(r"url\(|<link|<script|@import|@font-face|background=", html)
    hosts = set(re.findall(r'href="https?://([^/"]+)', html))
    assert hosts == {
        "glaneuse.example", "carnet-de-rue.example", "revue.example", "rapport.example",
        "asso.example",
    }  # fmt: skip


def test_each_subscriber_has_their_own_links_and_nobody_else_s(press: Press) -> None:
    printed = press.print_for_subscribers(sent(), IMAGES)
    other = replace(SUBSCRIPTION, id=SubscriptionId(13), address="lou@exemple.fr", nonce="m")
    first, second = (press.address(printed, sent().id, one) for one in (SUBSCRIPTION, other))
    assert (first.key, second.key) == ("follow:12:newsletter:7", "follow:13:newsletter:7")
    assert first.unsubscribe_url != second.unsubscribe_url
    assert (first.text, first.html) == (second.text, second.html)  # kept once
    for one in (first, second):
        read = one.filled()
        assert one.unsubscribe_url in read.text
        assert one.unsubscribe_url in read.html
        assert press.gap not in read.text + read.html


@pytest.mark.parametrize("entries", [10, 40, 57, 58, 59, 60, 200, 1000])
def test_a_letter_however_long_stays_under_what_mail_programs_show_whole(
    press: Press, entries: int
) -> None:
    printed = press.print_for_subscribers(sent(long(entries)), IMAGES)
    letter = press.address(printed, sent().id, SUBSCRIPTION)
    message = compose(letter, SENDER, date=SENT, now=SENT + timedelta(hours=1))
    assert len(message.content) <= LIMIT
    shown = printed.html.count("carnet-de-rue.example/aller-vers/") // 2
    assert shown + printed.left_out == entries
    assert printed.left_out == 0 or shown > 40
    assert ("pas trouvé place" in printed.html) == (printed.left_out > 0)
    assert ("pas trouvé place" in printed.text) == (printed.left_out > 0)


def test_a_trial_says_so_and_carries_nobody_s_links(press: Press) -> None:
    printed = press.print_trial(CONTENT, press.cover_of(sent()), IMAGES)
    letter = press.address_trial(printed, "claire@exemple.fr", "trial:1")
    assert letter.subject.startswith("[Essai] ")
    assert (letter.unsubscribe_url, letter.list_id) == ("", "")
    for said in (letter.text, letter.html):
        assert "Ceci est un essai" in said
        assert "/abonnement/" not in said


def test_the_piece_to_paste_has_its_rules_on_its_elements(press: Press) -> None:
    piece = press.fragment(CONTENT, press.cover_of(sent()), IMAGES)
    assert "<style" not in piece
    assert "<html" not in piece
    assert re.search(r'<h1 style="[^"]*Georgia', piece)
    assert "/abonnement/" not in piece


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_on_a_telephone_and_in_the_dark(
    browser: Browser, press: Press, scheme: Literal["light", "dark"]
) -> None:
    printed = press.print_for_subscribers(sent(), IMAGES)
    page = browser.new_page(color_scheme=scheme)
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route("**/*", refuse)
    page.set_content(printed.html)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    assert [one["id"] for one in page.evaluate("axe.run()")["violations"]] == []
    for width in (320, 600, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert set(asked) == {IMAGES["atelier.jpg"].url}
    page.close()
