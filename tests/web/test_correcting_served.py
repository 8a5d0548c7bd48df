"""A hundred corrections made in a browser on a served installation that is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from core.clock import now
from core.corrections import Verdict
from core.people import Role
from people.accounts import invite
from people.passwords import Passwords
from store import Store
from taxonomy.evaluation import Gold
from taxonomy.learning import shipped_examples
from taxonomy.vocabulary import load_vocabulary
from tests.journey.conftest import Glaneuse, glaneuse_on
from tests.web.team import CHEAP, PASSWORD
from web.server import free_port

EDITOR = "editor@exemple.fr"
CORRECTED = 100
KILLED_AT = (30, 60)


@pytest.fixture(scope="module")
def golds() -> list[Gold]:
    """Texts whose themes are known: a person who makes no mistake corrects by them."""
    examples = [one.gold for one in shipped_examples(load_vocabulary().themes)]
    return [gold for gold in examples if gold.title.strip() and gold.text.strip()][:CORRECTED]


@pytest.fixture
def glaneuse(tmp_path: Path, golds: list[Gold]) -> Glaneuse:
    """An installation that holds them, tagged, and an editor's account."""
    made = glaneuse_on(tmp_path / "data")
    lines = (
        {"url": f"https://exemples.example/{n}", "title": gold.title, "text": gold.text}
        for n, gold in enumerate(golds)
    )
    made("import", "-", text="\n".join(map(json.dumps, lines)))
    made("tag")
    with store_of(made) as store, store.begin() as tx:
        person = invite(tx, by=None, address=EDITOR, name="", role=Role.EDITOR, now=now())
        tx.accounts.set_password(person.id, Passwords(CHEAP).hash(PASSWORD))
    return made


def store_of(glaneuse: Glaneuse) -> Store:
    return Store.open(f"sqlite:///{glaneuse.data}/glaneuse.sqlite")


class Server:
    """The front end in a process of its own, that can be killed and started again."""

    def __init__(self, glaneuse: Glaneuse) -> None:
        self._glaneuse, self.address = glaneuse, ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it listens; where, as it says."""
        self._process = self._glaneuse.start("serve", "--port", str(free_port("127.0.0.1", 0)))
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("Glaneuse :"):
                self.address = line.split()[2]
                self._wait()
                return
        raise AssertionError("the front end did not start")

    def _wait(self) -> None:
        place = urlsplit(self.address)
        assert place.hostname
        assert place.port
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with suppress(ConnectionRefusedError):
                socket.create_connection((place.hostname, place.port), timeout=5).close()
                return
        raise AssertionError("the front end does not listen")

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            assert self._process.stdout
            self._process.stdout.close()
            self._process = None


@pytest.fixture
def server(glaneuse: Glaneuse) -> Iterator[Server]:
    server = Server(glaneuse)
    server.start()
    yield server
    server.kill()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/connexion")
    page.get_by_label("Adresse électronique").fill(EDITOR)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rédaction")


def correct(page: Page, address: str, id: int, gold: Gold) -> tuple[str, Verdict]:
    """One gesture on an article, the most needed; what was acknowledged."""
    page.goto(f"{address}/articles/{id}/themes")
    shown = page.locator(".given li a").evaluate_all("all => all.map(a => a.pathname)")
    given = [str(path).rpartition("/")[2] for path in shown]
    allowed = {*gold.themes, *gold.also}
    wrong = [theme for theme in given if theme not in allowed]
    missed = [theme for theme in gold.themes if theme not in given]
    if wrong:
        form = page.locator(f"form:has(input[value=retirer]):has(input[value={wrong[0]}])")
        form.get_by_role("button").click()
        verdict = (wrong[0], Verdict.TAKEN)
    elif missed:
        page.get_by_label("Ajouter un thème").select_option(missed[0])
        page.get_by_role("button", name="Ajouter").click()
        verdict = (missed[0], Verdict.GIVEN)
    else:
        page.get_by_role("button", name="Tout est juste").or_(
            page.get_by_role("button", name="Confirmer le hors-champ")
        ).click()
        verdict = ("", Verdict.COMPLETE)
    expect(page.get_by_text("Ce que l’équipe en a dit")).to_be_visible()
    return verdict


def test_a_hundred_corrections_outlive_kill_9_and_are_all_measured(
    browser: Browser, glaneuse: Glaneuse, server: Server, golds: list[Gold], tmp_path: Path
) -> None:
    with store_of(glaneuse) as store, store.read() as tx:
        ids = sorted(tx.articles.ids())
    context = browser.new_context()
    page, acknowledged = context.new_page(), {}
    sign_in(page, server.address)
    for number, (id, gold) in enumerate(zip(ids, golds, strict=True)):
        if number in KILLED_AT:
            server.kill()
            with pytest.raises(Error):
                correct(page, server.address, id, gold)
            server.start()  # the session outlives it too
        acknowledged[id] = correct(page, server.address, id, gold)
    server.kill()
    context.close()
    assert len(acknowledged) == CORRECTED
    with store_of(glaneuse) as store, store.read() as tx:
        said = {(one.article_id, str(one.theme)): one.verdict for one in tx.corrections.all()}
    for id, (theme, verdict) in acknowledged.items():
        assert said[id, theme] is verdict
    file = tmp_path / "gold.jsonl"
    glaneuse("export", str(file), "--gold")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [int(line["id"]) for line in lines] == ids
    assert "F1 micro" in glaneuse("evaluate", str(file))
