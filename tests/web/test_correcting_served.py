"""A hundred corrections made through the front end of an installation that is killed on the way.

What they teach shows: on the articles that nobody corrected, ``glaneuse evaluate`` says so.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import product
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Error, Page, expect

from core.clock import now
from core.corrections import Verdict
from core.model import ThemeId
from core.people import Role
from people.accounts import invite
from people.passwords import Passwords
from people.sessions import begin_session
from taxonomy.evaluation import Gold
from taxonomy.learning import shipped_examples
from taxonomy.vocabulary import load_vocabulary
from tests.journey.conftest import Glaneuse, glaneuse_on
from tests.parts import Parts
from tests.web.team import CHEAP, PASSWORD, token_in
from web.application import create_app
from web.server import free_port

EDITOR = "editor@exemple.fr"
CORRECTED = 100
IN_BROWSER = 8  # of them, the first ones
KILLED_AT = (2, 5)

# What this installation reads about, and no list of ours can know: places called by their names.
PLACES = {
    "la Boussole": "budget-inclusion-financiere",
    "le 12 bis": "addictions",
    "Cap Rives": "insertion-emploi",
    "la Passerelle": "exil-asile",
    "les Trois Ponts": "handicap",
    "la Maison bleue": "parentalite-familles",
}
WHAT = (
    "{} a fêté ses dix ans en présence de la maire et des voisins.",
    "Rencontre avec celles et ceux qui font vivre {}, un jeudi de pluie.",
    "Le nouveau local de {} ouvrira en mars, rue des Tanneurs.",
    "À {}, la porte est ouverte le matin et la bouilloire chauffe.",
    "{} cherche des bras pour la rentrée et le fait savoir.",
    "Une année à {} : le bilan tient sur deux pages et une photo.",
)
HOW = (
    "L’équipe a doublé, les murs ont été repeints, et la liste des projets s’allonge.",
    "On y vient de toute la vallée, parfois de plus loin, souvent par le bus.",
    "La subvention de la ville est reconduite, celle de la région se discute encore.",
    "La directrice parle d’une saison pleine et d’un hiver qui sera long.",
    "Un livre d’or circule, des enfants y ont dessiné des bateaux.",
    "Les anciens sont revenus, un gâteau a été partagé, il y a eu des discours.",
)


def local_news() -> list[Gold]:
    """Short news of this installation's places, shuffled."""
    texts = [
        Gold(f"{place}-{n}", what.format(place), f"{what.format(place)} {how}", (ThemeId(theme),))
        for place, theme in PLACES.items()
        for n, (what, how) in enumerate(product(WHAT, HOW))
    ]
    Random(7).shuffle(texts)
    return texts


@pytest.fixture(scope="module")
def golds() -> list[Gold]:
    """Texts whose themes are known: a person who makes no mistake corrects by them."""
    known = [one.gold for one in shipped_examples(load_vocabulary().themes)][::30]
    return [*local_news()[: CORRECTED - 20], *known[:20]]


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file of what nobody corrects: news of the same places."""
    file = tmp_path_factory.mktemp("rest") / "rest.jsonl"
    lines = [json.dumps(asdict(gold)) for gold in local_news()[CORRECTED:]]
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


@pytest.fixture
def glaneuse(parts: Parts, tmp_path: Path, golds: list[Gold]) -> Glaneuse:
    """An installation that holds them, tagged, and an editor's account."""
    made = glaneuse_on(parts, tmp_path / "data")
    lines = (
        {"url": f"https://exemples.example/{n}", "title": gold.title, "text": gold.text}
        for n, gold in enumerate(golds)
    )
    made("import", "-", text="\n".join(map(json.dumps, lines)))
    made("tag")
    with made.store() as store, store.begin() as tx:
        person = invite(tx, by=None, address=EDITOR, name="", role=Role.EDITOR, now=now())
        tx.accounts.set_password(person.id, Passwords(CHEAP).hash(PASSWORD))
    return made


class Server:
    """The front end in a process of its own, that can be killed and started again."""

    def __init__(self, glaneuse: Glaneuse) -> None:
        self._glaneuse, self.address = glaneuse, ""
        self._port = str(free_port("127.0.0.1", 0))  # the same each time
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it listens; where, as it says."""
        self._process = self._glaneuse.start("serve", "--port", self._port)
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


def gestures(given: Sequence[str], gold: Gold) -> list[tuple[str, str, Verdict]]:
    """What a person who makes no mistake does to an article that has these themes."""
    allowed = {*gold.themes, *gold.also}
    taken = [("retirer", theme, Verdict.TAKEN) for theme in given if theme not in allowed]
    missed = [theme for theme in gold.themes if theme not in given]
    return [*taken, *(("donner", theme, Verdict.GIVEN) for theme in missed)]


def correct_in_browser(page: Page, address: str, id: int, gold: Gold) -> dict[str, Verdict]:
    """Every gesture that an article needs, then « Tout est juste »; what was acknowledged."""
    done: dict[str, Verdict] = {}
    page.goto(f"{address}/articles/{id}/themes")
    shown = page.locator(".given li a").evaluate_all("all => all.map(a => a.pathname)")
    given = [str(path).rpartition("/")[2] for path in shown]
    for gesture, theme, verdict in gestures(given, gold):
        if gesture == "retirer":
            form = page.locator(f"form:has(input[value=retirer]):has(input[value={theme}])")
            form.get_by_role("button").click()
        else:
            page.get_by_label("Ajouter un thème").select_option(theme)
            page.get_by_role("button", name="Ajouter").click()
        done[theme] = verdict
    page.get_by_role("button", name="Tout est juste").or_(
        page.get_by_role("button", name="Confirmer le hors-champ")
    ).click()
    expect(page.get_by_text("Article relu en entier")).to_be_visible()
    return done | {"": Verdict.COMPLETE}


def correct_by_forms(client: FlaskClient, id: int, gold: Gold) -> dict[str, Verdict]:
    """The same by the forms of the page, as a browser without script sends them."""
    path = f"/articles/{id}/themes"
    page = client.get(path).text
    token = token_in(page)
    given = re.findall(r'<li>\s*<span><a href="/themes/([a-z0-9-]+)">', page)
    done: dict[str, Verdict] = {}
    for gesture, theme, verdict in gestures(given, gold):
        fields = {"csrf_token": token, "geste": gesture, "theme": theme}
        assert client.post(path, data=fields).status_code == 303
        done[theme] = verdict
    seen = re.search(r'name="vus" value="([^"]*)"', client.get(path).text)
    assert seen
    fields = {"csrf_token": token, "geste": "clore", "theme": "", "vus": seen[1]}
    assert client.post(path, data=fields).status_code == 303
    return done | {"": Verdict.COMPLETE}


@pytest.fixture
def editor(parts: Parts, glaneuse: Glaneuse) -> Iterator[FlaskClient]:
    """The editor on the front end of the same installation, without a network."""
    with glaneuse.store() as store:
        engine = parts.engine(glaneuse.settings)
        app = create_app(glaneuse.settings, store, engine, load_vocabulary(), now)
        client = app.test_client()
        with store.begin() as tx:
            person = tx.accounts.by_address(EDITOR)
            token = begin_session(tx, person, device="Tests", now=now())
        with client.session_transaction() as session:
            session["_user_id"] = token
        yield client


def f1(said: str) -> float:
    """The figure in what ``glaneuse evaluate`` says."""
    found = re.search(r"F1 micro (\d\.\d+)", said)
    assert found, said
    return float(found[1])


def test_a_hundred_corrections_outlive_kill_9_and_teach_what_nobody_corrected(
    browser: Browser,
    glaneuse: Glaneuse,
    server: Server,
    editor: FlaskClient,
    golds: list[Gold],
    rest: str,
    tmp_path: Path,
) -> None:
    with glaneuse.store() as store, store.read() as tx:
        ids = sorted(tx.articles.ids())
    context = browser.new_context()
    page, acknowledged = context.new_page(), {}
    sign_in(page, server.address)
    todo = list(zip(ids, golds, strict=True))
    for number, (id, gold) in enumerate(todo[:IN_BROWSER]):
        if number in KILLED_AT:
            server.kill()
            with pytest.raises(Error):
                correct_in_browser(page, server.address, id, gold)
            server.start()  # the session outlives it too
        acknowledged[id] = correct_in_browser(page, server.address, id, gold)
    for id, gold in todo[IN_BROWSER:]:
        acknowledged[id] = correct_by_forms(editor, id, gold)
    server.kill()
    context.close()
    assert len(acknowledged) == CORRECTED

    with glaneuse.store() as store, store.read() as tx:
        said = {(one.article_id, str(one.theme)): one.verdict for one in tx.corrections.all()}
    for id, gestures_made in acknowledged.items():
        for theme, verdict in gestures_made.items():
            assert said[id, theme] is verdict

    file = tmp_path / "gold.jsonl"
    glaneuse("export", str(file), "--gold")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [int(line["id"]) for line in lines] == ids

    before = f1(glaneuse("evaluate", rest))
    assert "C’est mieux" in glaneuse("learn")
    assert f1(glaneuse("evaluate", rest)) >= before + 0.2
