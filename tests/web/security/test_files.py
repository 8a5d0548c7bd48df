"""Files that are made to hurt: sites, images, tables, backups, imports."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from html import escape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core.cells import FORMULA, as_text, plain
from core.clock import now
from core.errors import Unreadable
from core.model import SourceKind
from core.people import Role
from crawler.exchange import import_lines
from crawler.stages import collect
from curation import shelving
from curation.pictures import clean_picture
from curation.reading_lists import begin_list
from indexer.stages import drain
from store import Store
from store.backup import back_up, read_backup
from store.database import opened
from taxonomy.spreadsheet import write_table
from taxonomy.vocabulary import Strength, Term, Vocabulary
from tests.crawler.local_site import LocalSite, Reply, rss, serving
from tests.parts import Parts
from tests.web.conftest import Library
from tests.web.security.inert import Walk, active_in
from tests.web.security.vectors import SCHEMES, vectors
from tests.web.team import MAIL, address_of, make_team, token_in
from web.application import create_app

VECTORS = list(vectors())[::14]


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serving() as site:
        yield site


def hostile_page(vector: str) -> bytes:
    """An article whose publisher, or whoever wrote in its comments, means harm."""
    quoted = escape(vector, quote=True)
    paragraph = f"<p>L’équipe de maraude accueille sans condition les familles. {vector}</p>"
    data = json.dumps({"@type": "NewsArticle", "headline": vector, "author": {"name": vector}})
    return (
        f"<html><head><title>{escape(vector)}</title><meta name=author content='{quoted}'>"
        f"<meta property='og:title' content='{quoted}'>"
        f"<meta property='og:image' content='{quoted}'>"
        f"<meta property='og:site_name' content='{quoted}'><link rel=canonical href='{quoted}'>"
        f"<script type='application/ld+json'>{data}</script></head><body><main><article>"
        f"<h1>La maraude {vector}</h1>{paragraph * 8}</article></main></body></html>"
    ).encode("utf-8", "replace")


def test_feeds_and_pages_of_a_hostile_site(
    site: LocalSite, parts: Parts, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    items = []
    for number, vector in enumerate(VECTORS):
        site.replies[f"/{number}"] = Reply(hostile_page(vector))
        said = escape(vector).encode("ascii", "xmlcharrefreplace").decode()
        if "\x00" in said or any(ord(c) < 32 and c not in "\t\n\r" for c in vector):
            said = "maraude"  # no XML can hold these
        items.append(
            f"<item><title>{said}</title><link>{site.url}/{number}</link><author>{said}</author>"
            f"<category>{said}</category><description>{said}</description></item>"
        )
    items += [
        f"<item><title>maraude</title><link>{escape(one.format('1'))}</link></item>"
        for one in SCHEMES
        if "\x01" not in one
    ]
    site.replies["/feed"] = Reply(rss(*items).encode(), "application/rss+xml")
    settings = parts.settings(tmp_path, {"GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8"})
    settings = replace(settings, request_rate=0)
    with Store.open(settings.database_url, settings.bodies_url) as store:
        with store.begin() as tx:
            feed = f"{site.url}/feed"
            tx.sources.add(name="Site", url=site.url, feed=feed, kind=SourceKind.FEED, now=now())
        collect(store, settings, now)
        engine = parts.engine(settings)
        drain(store, engine)
        with store.read() as tx:
            held = tx.articles.by_ids(tx.articles.ids())
        assert len(held) > len(VECTORS) // 2
        assert all(one.url.startswith("http") for one in held)
        walk = Walk(create_app(settings, store, engine, vocabulary, now).test_client())
        walk.run("/recherche?q=maraude", *(f"/articles/{one.id}" for one in held))
        for address, answer in walk.pages.items():
            if answer.mimetype == "text/html":
                assert active_in(answer.text) == [], address


def test_an_import_takes_no_address_that_would_run(store: Store) -> None:
    lines = [
        json.dumps({"url": one.format("1"), "title": "Un titre", "text": "Un texte"})
        for one in SCHEMES
    ]
    report = import_lines(lines, store, now)
    with store.read() as tx:
        held = tx.articles.by_ids(tx.articles.ids())
    assert report.failed == len(SCHEMES)
    assert held == []


# -- bombs ----------------------------------------------------------------------------------------


def png(width: int, height: int) -> bytes:
    """A few bytes that say they open into an image of this size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        summed = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + summed

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")
    )  # fmt: skip


@pytest.mark.parametrize("size", [(60_000, 60_000), (2_000_000_000, 1), (9_000, 9_000)])
def test_an_image_that_opens_into_gigabytes_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(Unreadable):
        clean_picture(png(*size))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload=1>", b"%PDF-1.7", b"PK\x03\x04"])
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        clean_picture(content)


def archives() -> Iterator[bytes]:
    """Some kilobytes that open into much: a Word file, a gzip, a zip of zips."""
    zeros = bytes(20_000_000)
    yield zipped("word/document.xml", zeros)
    yield gzip.compress(zeros)
    yield zipped("inside.zip", zipped("0", zeros))


def zipped(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def test_no_import_opens_an_archive(own_library: Library) -> None:
    team = make_team(own_library, MAIL)
    with own_library.store.begin() as tx:
        trainer = tx.accounts.by_address(address_of(Role.TRAINER)).id
        lists = begin_list(tx, shelving.empty("Une liste"), owner=trainer, now=own_library.clock())
    pages: tuple[tuple[Role, str, dict[str, str]], ...] = (
        (Role.DOCUMENTALIST, "/bureau/vocabulaire/tableau", {}),
        (Role.EDITOR, "/bureau/abonnements", {"origine": "Le salon de mai 2026", "accord": "y"}),
        (Role.TRAINER, f"/bureau/bibliographies/{lists.slug}/importer", {}),
    )
    for role, path, said in pages:
        client = team.client(team.person(role))
        token = token_in(client.get(path, base_url=team.base_url).text)
        for archive in archives():
            data = {"csrf_token": token, "fichier": (io.BytesIO(archive), "x.csv"), **said}
            answer = client.post(path, data=data, base_url=team.base_url)
            assert answer.status_code in {200, 422}, path
            assert len(answer.data) < 1_000_000, path
            assert re.search(r'role="alert"|field-wrong|pas été lue', answer.text), answer.text


# -- tables and paths -----------------------------------------------------------------------------


@pytest.mark.parametrize("start", FORMULA)
def test_no_cell_of_text_is_a_formula(start: str) -> None:
    assert as_text(f"{start}1+1") == f"'{start}1+1"
    assert plain(as_text(f"{start}1+1")) == f"{start}1+1"
    assert as_text("l’aller-vers") == plain("l’aller-vers") == "l’aller-vers"


def test_every_table_is_written_by_that(checkout: Path) -> None:
    rooms = ("core", "crawler", "curation", "glaneuse", "people", "store", "taxonomy", "web")
    files = [file for room in rooms for file in (checkout / room).rglob("*.py")]
    writing = {file.stem: text for file in files if "csv.writer(" in (text := file.read_text())}
    assert set(writing) == {"spreadsheet", "subscribers"}
    assert all("map(as_text, " in text for text in writing.values())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_no_cell_of_a_table_is_a_formula(vocabulary: Vocabulary, start: str) -> None:
    theme = next(iter(vocabulary.themes))
    term = Term(f'{start}HYPERLINK("https://exemple.fr")', theme, Strength.STRONG)
    table = write_table(replace(vocabulary, terms=(*vocabulary.terms, term)))
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)


PATHS = (
    "../glaneuse.toml", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..\\secret.key",
    "/etc/passwd", "....//....//etc/passwd", "%00", "C:%5cwindows", "secret.key%00.png",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_a_folder(library: Library, path: str) -> None:
    client: FlaskClient = library.app().test_client()
    for start in ("/static/", "/bibliographies/", "/lettres/", "/semaines/", "/sources/", "/"):
        answer = client.get(start + path)
        assert answer.status_code in {301, 302, 303, 308, 400, 403, 404}, start
        assert "root:" not in answer.text


def test_a_backup_brings_nothing_from_elsewhere(tmp_path: Path) -> None:
    """A manifest that names files out of its folder."""
    url = f"sqlite:///{tmp_path}/glaneuse.sqlite"
    secret = tmp_path / "secret.key"
    secret.write_text("s" * 40)
    folder = tmp_path / "backup"
    with Store.open(url), opened(url) as engine:
        back_up(engine, folder, program="1", now=now(), besides={})
    read_backup(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in ("../secret.key", str(secret), "link.key"):
        (folder / "link.key").unlink(missing_ok=True)
        (folder / "link.key").symlink_to(secret)
        files = manifest["files"] | {name: sha256(secret.read_bytes()).hexdigest()}
        (folder / "manifest.json").write_text(json.dumps(manifest | {"files": files}))
        with pytest.raises(Unreadable, match="abîmé"):
            read_backup(folder)
    assert secret.read_text() == "s" * 40


def test_an_upload_beyond_the_limit_is_refused(own_library: Library) -> None:
    team = make_team(own_library, MAIL)
    client = team.client(team.person(Role.DOCUMENTALIST))
    head = b'--b\r\nContent-Disposition: form-data; name="fichier"; filename="t.csv"\r\n\r\n'
    heavy = head + b"x" * 30_000_000 + b"\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    answer = client.post(
        "/bureau/vocabulaire/tableau", data=heavy, base_url=team.base_url, content_type=kind
    )
    assert answer.status_code == 413
    assert answer.mimetype == "text/html"
