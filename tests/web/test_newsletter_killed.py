"""What an editor types outlives the process that was to keep it, killed as by a power cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.clock import now
from core.people import Role
from people.accounts import invite
from people.passwords import Passwords
from tests.journey.conftest import glaneuse_on
from tests.parts import Parts
from tests.web.team import CHEAP, PASSWORD
from tests.web.test_correcting_served import EDITOR, Server, sign_in

SAVED = "Enregistré à"


@pytest.fixture
def server(parts: Parts, tmp_path: Path) -> Iterator[Server]:
    """The front end of an installation that has an editor."""
    glaneuse = glaneuse_on(parts, tmp_path / "data")
    glaneuse("init")
    with glaneuse.store() as store, store.begin() as tx:
        person = invite(tx, by=None, address=EDITOR, name="", role=Role.EDITOR, now=now())
        tx.accounts.set_password(person.id, Passwords(CHEAP).hash(PASSWORD))
    server = Server(glaneuse)
    server.start()
    yield server
    server.kill()


def test_a_letter_outlives_its_server(browser: Browser, server: Server) -> None:
    page = browser.new_page(locale="fr-FR")
    sign_in(page, server.address)
    page.goto(f"{server.address}/bureau/lettres")
    page.get_by_role("button", name="Commencer la lettre").click()
    said = page.locator("[data-said]")
    page.get_by_label("Édito").fill("Écrit, puis la panne.")
    expect(said).to_contain_text(SAVED)
    server.kill()
    page.get_by_label("Signature").fill("Claire")
    expect(said).to_contain_text("gardé dans ce navigateur", timeout=20_000)
    server.start()
    expect(said).to_contain_text(SAVED, timeout=30_000)
    page.reload()
    expect(page.get_by_label("Édito")).to_have_value("Écrit, puis la panne.")
    expect(page.get_by_label("Signature")).to_have_value("Claire")
    page.close()
