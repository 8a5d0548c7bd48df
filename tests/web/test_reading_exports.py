"""A reading list taken away: every form and style, from the desk, its page, an edition."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from urllib.parse import parse_qs

import pytest
import rispy
from docx import Document
from flask.testing import FlaskClient
from pypdf import PdfReader

from core.people import Role
from tests.web.conftest import Library
from tests.web.team import Team, make_team
from tests.web.test_reading_lists import DESK, begin, by_hand, send, share

FORMS = ("docx", "pdf", "html", "md", "ris", "bib", "json")


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def trainer(team: Team) -> FlaskClient:
    return team.client(team.person(Role.TRAINER))


@pytest.fixture
def slug(trainer: FlaskClient) -> str:
    slug = begin(trainer, "Le « non-recours »")
    given = {"auteurs": "Roy, Anne", "adresse": "https://livre.example/1"}
    assert by_hand(trainer, slug, "Le livre d'or & d'argent", **given).status_code == 303
    share(trainer, slug, "public")
    return slug


def text_of(form: str, body: bytes) -> str:
    if form == "docx":
        return "\n".join(p.text for p in Document(io.BytesIO(body)).paragraphs)
    if form == "pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return unescape(body.decode())


@pytest.mark.parametrize("form", FORMS)
def test_each_form_from_the_desk_and_from_the_page(
    team: Team, trainer: FlaskClient, slug: str, form: str
) -> None:
    for client, address in (
        (trainer, f"{DESK}/{slug}/export.{form}"),
        (team.client(), f"/bibliographies/{slug}.{form}"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{slug}.{form}"'
        said = text_of(form, answer.data).replace("’", "'").replace("\\&", "&")
        assert "Le livre d'or & d'argent" in said


def test_each_style(team: Team, slug: str) -> None:
    reader = team.client()
    said = {
        style: reader.get(f"/bibliographies/{slug}.md?style={style}").text
        for style in ("apa", "iso-690", "iso-690-note")
    }
    assert "Roy, A. (s." in said["apa"]
    assert "ROY, Anne, \\[sans date\\]" in said["iso-690"]
    assert "ROY, Anne. *" in said["iso-690-note"]
    assert "Consulté le" in said["iso-690"]
    assert f"/bibliographies/{slug}>" in said["apa"]
    assert reader.get(f"/bibliographies/{slug}.md?style=zut").status_code == 404
    assert reader.get(f"/bibliographies/{slug}.exe").status_code == 404


def test_an_edition_says_which_it_is(team: Team, trainer: FlaskClient, slug: str) -> None:
    send(trainer, f"{DESK}/{slug}/editions", nom="Promotion 2026")
    said = unescape(team.client().get(f"/bibliographies/{slug}/editions/1.html").text)
    assert "Édition 1, Promotion 2026, figée le" in said


def test_nobody_takes_away_what_is_private(team: Team, trainer: FlaskClient, slug: str) -> None:
    share(trainer, slug, "private")
    other = team.client(team.person(Role.TRAINER, 2))
    for form in FORMS:
        assert team.client().get(f"/bibliographies/{slug}.{form}").status_code == 404
        assert other.get(f"{DESK}/{slug}/export.{form}").status_code == 404


def test_programs_read_the_page(team: Team, slug: str) -> None:
    reader = team.client()
    page = reader.get(f"/bibliographies/{slug}").text
    (title,) = re.findall(r'<span class="Z3988" title="([^"]+)">', page)
    said = parse_qs(unescape(title), strict_parsing=True)
    assert said["rft.btitle"] == ["Le livre d'or & d'argent"]
    assert said["rft.aulast"] == ["Roy"]
    (record,) = rispy.loads(reader.get(f"/bibliographies/{slug}.ris").text)
    assert record["title"] == "Le livre d'or & d'argent"
    (item,) = json.loads(reader.get(f"/bibliographies/{slug}.json").text)
    assert item["author"] == [{"family": "Roy", "given": "Anne"}]


def test_the_page_offers_each_form(team: Team, trainer: FlaskClient, slug: str) -> None:
    for page in (
        trainer.get(f"{DESK}/{slug}").text,
        team.client().get(f"/bibliographies/{slug}").text,
    ):
        for form in FORMS:
            assert f".{form}" in page
        assert "ISO 690, notes" in page
