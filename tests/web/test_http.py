"""What responses say beyond their text, and what a page costs."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from flask.testing import FlaskClient
from sqlalchemy import event

from core.errors import StoreFailed
from core.model import Extracted, Tagging, ThemeId
from store import ReadTransaction, Store
from tests.parts import Parts
from tests.web.conftest import Library
from tests.web.samples import NOW, samples
from web.guard import open_to_anyone
from web.server import free_port

ADDRESSES = ("/", "/recherche?q=rue", "/themes/numerique", "/nulle-part", "/static/glaneuse.css")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "address", ["/", "/recherche?q=rue", "/themes/numerique", "/semaines/2026-S47", "/articles/1"]
)
def test_an_unchanged_page_is_not_sent_again(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "max-age=15" in first.headers["Cache-Control"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/themes/numerique/atom.xml", "/healthz"])
def test_head_says_the_same_without_the_page(client: FlaskClient, address: str) -> None:
    with client.get(address) as asked, client.head(address) as told:
        assert told.status_code == asked.status_code
        assert told.data == b""


def test_our_own_files_are_kept_long_under_a_name_that_changes(client: FlaskClient) -> None:
    page = client.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "?v=" in address
    with client.get(address) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["/", "/recherche?q=rue", "/static/glaneuse.css", "/api/v1/themes"]
)
def test_a_page_goes_packed_to_who_can_open_it(client: FlaskClient, address: str) -> None:
    with (
        client.get(address) as plain,
        client.get(address, headers={"Accept-Encoding": "gzip"}) as packed,
    ):
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        assert len(packed.data) < len(plain.data) / 2


def test_what_is_for_somebody_is_not_packed(client: FlaskClient) -> None:
    answer = client.get("/connexion", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_the_home_page_is_light(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    home = client.get("/").text
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js|woff2)[^"]*)"', home))
    assert len(files) == 3
    weight = len(client.get("/", headers=headers).data)
    for address in files:
        with client.get(address, headers=headers) as answer:
            weight += len(answer.data)
    assert weight < 60_000


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_sent(client: FlaskClient, method: str) -> None:
    answer = client.open("/recherche", method=method, data={"q": "x"})
    assert answer.status_code == 405
    assert "Action impossible ici" in answer.text
    assert "GET" in answer.headers["Allow"]


def test_errors_are_not_kept(client: FlaskClient) -> None:
    assert client.get("/nulle-part").headers["Cache-Control"] == "no-store"


def test_a_lost_database_is_a_french_503(own_library: Library) -> None:
    engine = sqlalchemy.create_engine(own_library.settings.database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("DROP TABLE taggings"))
        connection.execute(sqlalchemy.text("ALTER TABLE articles RENAME TO lost"))
        connection.execute(sqlalchemy.text("DROP TABLE alembic_version"))
    engine.dispose()
    client = own_library.app().test_client()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Momentanément indisponible" in answer.text
    assert "lost" not in answer.text
    assert client.get("/healthz").status_code == 503


def test_a_bug_is_a_french_500_that_tells_nothing(library: Library) -> None:
    app = library.app()

    @app.get("/panne")
    @open_to_anyone
    def fail() -> str:
        raise RuntimeError("secret detail")

    answer = app.test_client().get("/panne")
    assert answer.status_code == 500
    assert "Une erreur s’est produite" in answer.text
    assert "secret" not in answer.text


def test_health_tells_that_both_parts_answer(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.get_json() == {"status": "ok", "store": True, "search": True}
    assert answer.headers["Cache-Control"] == "no-store"


def test_robots_may_read_pages_but_not_search_without_end(client: FlaskClient) -> None:
    assert "Disallow: /recherche\n" in client.get("/robots.txt").text


def test_a_new_article_shows_within_a_minute(own_library: Library) -> None:
    client = own_library.app().test_client()
    assert "Tout frais" not in client.get("/").text
    with own_library.store.begin() as tx:
        source = tx.sources.by_slug("union-du-travail-social")
        fresh = Extracted("https://a.example/1", "Tout frais", "Texte.", published=NOW)
        id, _ = tx.articles.save(fresh, source_id=source.id, now=NOW)
        tx.articles.save_taggings([(id, [Tagging(ThemeId("numerique"), 1)])], tagger="t")
    own_library.clock.now += timedelta(seconds=46)
    assert "Tout frais" in client.get("/").text
    assert "Tout frais" in client.get("/semaines/2026-S47").text


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The SQL statements that run meanwhile."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    yield seen
    event.remove(store._engine, "before_cursor_execute", note)


MOST = 20  # statements that a page may cost; whole lists are read at once, never one by one
WEEKS = 4  # digests in their feed


@pytest.mark.parametrize(
    "address",
    [
        "/", "/semaines/2026-S47", "/semaines", "/themes", "/themes/numerique", "/sources",
        "/sources/union-du-travail-social", "/articles/1", "/recherche?q=rue&theme=logement",
        "/themes/numerique/atom.xml", "/semaines/atom.xml", "/nouveautes", "/de-cote", "/a-propos",
        "/api/v1/articles", "/api/v1/search?q=rue", "/api/v1/digests/2026-W47",
    ],
)  # fmt: skip
def test_a_page_costs_the_same_number_of_statements_however_many_articles(
    own_library: Library, address: str
) -> None:
    counts = []
    for added in (0, 80):
        with own_library.store.begin() as tx:
            source = tx.sources.by_slug("union-du-travail-social")
            for number in range(added):
                url = f"https://a.example/{number}"
                one = Extracted(url, f"N° {number}", "Texte.", published=NOW)
                id, _ = tx.articles.save(one, source_id=source.id, now=NOW)
                tx.articles.save_taggings([(id, [Tagging(ThemeId("numerique"), 1)])], tagger="t")
        with statements(own_library.store) as seen:
            assert own_library.app().test_client().get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], seen
    assert counts[1] <= MOST * (WEEKS if address == "/semaines/atom.xml" else 1), seen


HEAVY = ("scrapy", "twisted", "trafilatura", "spacy", "feedparser", "alembic")
SERVE = """
import json, os, sys
from pathlib import Path
from core.clock import now
from core.settings import read_settings
from store import ReadTransaction, Store
from taxonomy.vocabulary import load_vocabulary
from tests.parts import Parts
from web.application import create_app
from web.server import free_port, serve

settings = read_settings(os.environ, Path(sys.argv[1]))
store = Store.open(settings.database_url)
engine = Parts.engine(settings)
app = create_app(settings, store, engine, load_vocabulary(), now)
for page in ("/", "/recherche?q=rue", "/themes/numerique", "/semaines/atom.xml", "/articles/1"):
    assert app.test_client().get(page).status_code == 200
port = free_port("127.0.0.1", 0)
heavy = [name for name in sys.argv[2:] if name in sys.modules]
print(json.dumps({"port": port, "heavy": heavy}), flush=True)
serve(app, "127.0.0.1", port)
"""


def test_the_served_process_answers_and_holds_no_heavy_library(
    own_library: Library, parts: Parts, checkout: Path
) -> None:
    folder = own_library.settings.data_dir
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder), *HEAVY],
        stdout=subprocess.PIPE,
        text=True,
        cwd=checkout,
        env=os.environ | parts.environment(folder) | {"PYTHONPATH": str(checkout)},
    ) as process:
        try:
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            assert said["heavy"] == []
            assert _status(said["port"], "/healthz") == 200
            with ExitStack() as browsers:  # that keep a connection open while somebody reads
                for _ in range(200):
                    address = ("127.0.0.1", said["port"])
                    browsers.enter_context(socket.create_connection(address, timeout=10))
                assert _status(said["port"], "/healthz") == 200
        finally:
            process.terminate()


def _status(port: int, path: str) -> int:
    """Ask until the server listens, ten seconds at most."""
    deadline = time.monotonic() + 10
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
        finally:
            connection.close()


def test_a_port_that_is_taken_gives_the_next_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = free_port("127.0.0.1", port)
        assert port < found < port + 50
    assert free_port("127.0.0.1", port) == port


def test_an_address_of_another_machine_has_no_free_port() -> None:
    with pytest.raises(OSError, match="no free port"):
        free_port("192.0.2.1", 8000)


def test_public_url_is_what_feeds_lead_to(library: Library) -> None:
    settings = replace(library.settings, public_url="https://glaneuse.example")
    app = replace(library, settings=settings).app()
    feed = app.test_client().get("/semaines/atom.xml").text
    assert "https://glaneuse.example/semaines/2026-S46" in feed
    assert "tag:glaneuse.example,2026:semaines/2026-S46" in feed
    assert "localhost" not in feed


def test_the_samples_are_of_the_vocabulary(library: Library) -> None:
    used = {theme for one in samples() for theme in one.themes.split()}
    assert used <= set(library.vocabulary.themes)


class LostStore(Store):
    """A store whose server goes away."""

    lost = False

    @contextmanager
    def read(self) -> Iterator[ReadTransaction]:
        if self.lost:
            raise StoreFailed("connection refused")
        with super().read() as tx:
            yield tx


@pytest.mark.parametrize("path", ["/", "/recherche?q=rue", "/sources", "/semaines", "/nulle-part"])
def test_a_database_that_never_answered_is_told_in_words(empty_library: Library, path: str) -> None:
    with LostStore.open(empty_library.settings.database_url) as store:
        client = empty_library.app(store=store).test_client()
        store.lost = True
        answer = client.get(path)
    assert answer.status_code in {404, 503}
    assert "<h1" in answer.text
