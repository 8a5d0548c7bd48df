"""The organisation's logo: given as an image, cleaned, shown on pages and in letters."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from core.people import Role
from core.settings import completed
from people.subscriptions import Tokens
from tests.web.conftest import Library
from tests.web.team import Team, make_team, token_in
from web.application import create_app
from web.letters import Stationery
from web.subjects import Subjects

PAGE = "/administration/site"


def drawn(kind: str = "PNG", size: tuple[int, int] = (800, 400)) -> bytes:
    written = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, "#1d5550").save(written, kind)
    return written.getvalue()


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def admin(team: Team) -> FlaskClient:
    """Who administers a site that has a name."""
    client = team.client(team.person(Role.ADMIN))
    name = {"csrf_token": token_in(client.get(PAGE).text), "site_name": "Les Lisières"}
    client.post(PAGE, data=name)
    return client


def give(client: FlaskClient, content: bytes, name: str = "logo.png") -> str:
    """Choose a file and follow on: the page."""
    data = {"csrf_token": token_in(client.get(PAGE).text), "logo": (BytesIO(content), name)}
    return client.post(f"{PAGE}/logo", data=data, follow_redirects=True).text


def shown(page: str) -> str:
    """The address of the logo in a page's head; "" without one."""
    found = re.search(r'<img class="brand-logo" src="([^"]+)" alt="Les Lisières"', page)
    return found[1] if found else ""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_image_becomes_the_logo_of_every_page(admin: FlaskClient, kind: str) -> None:
    assert "Le logo est en place." in give(admin, drawn(kind))
    page = admin.get("/").text
    with admin.get(shown(page)) as answer:
        image = Image.open(BytesIO(answer.data))
        assert (image.height, image.width) == (200, 400)
        assert answer.content_type in {"image/png", "image/jpeg"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]
    assert 'class="brand-of"' not in page  # the image says the name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Un dessin SVG peut cacher un programme"),
        (b"<?xml version='1.0'?><SVG/>", "Un dessin SVG peut cacher un programme"),
        (b"GIF89a", "image que Glaneuse sait lire"),
        (b"", "image que Glaneuse sait lire"),
        (drawn()[:60], "image que Glaneuse sait lire"),
        (b"x" * (10 * 2**20 + 1), "Cette image a trop de points"),
        (b"x" * (12 * 2**20), "Cette image est trop lourde : 10 Mo au plus."),
    ],
    ids=["svg", "svg in xml", "cut", "empty", "half", "large", "larger"],
)
def test_what_is_no_image_is_refused_with_its_reason(
    admin: FlaskClient, content: bytes, reason: str
) -> None:
    assert reason in re.sub(r"[\u00a0\u202f]", " ", give(admin, content))
    assert shown(admin.get("/").text) == ""


def test_without_a_name_nobody_would_hear_the_logo(team: Team) -> None:
    client = team.client(team.person(Role.ADMIN))
    assert "Donnez d’abord le nom de votre organisation" in give(client, drawn())


def test_without_a_file_one_is_asked_for(admin: FlaskClient) -> None:
    assert "Choisissez une image." in give(admin, b"", "")


def test_it_is_taken_away(admin: FlaskClient) -> None:
    page = give(admin, drawn())
    admin.post(f"{PAGE}/logo/retirer", data={"csrf_token": token_in(page)})
    assert shown(admin.get("/").text) == ""
    assert 'class="brand-of">Les Lisières' in admin.get("/").text


def test_letters_carry_it_and_it_outlives_the_images_of_letters(
    admin: FlaskClient, own_library: Library
) -> None:
    address = shown(give(admin, drawn()))
    with own_library.store.begin() as tx:
        assert tx.pictures.prune(own_library.clock() + timedelta(days=400)) == 0
        said = tx.said_settings.all()
    settings = completed(replace(own_library.settings, public_url="https://lisieres.example"), said)
    subjects = Subjects(own_library.vocabulary, {})
    written = Stationery(settings, subjects, Tokens("secret")).html(
        "newsletter.html", body="", subject="La lettre", page="", leave="", copy=""
    )
    assert f'src="https://lisieres.example{address}" alt="Les Lisières" width="72"' in written


def test_who_waits_for_the_site_to_open_sees_it(admin: FlaskClient, own_library: Library) -> None:
    address = shown(give(admin, drawn()))
    closed = create_app(
        replace(own_library.settings, contact=""), own_library.store, own_library.engine,
        own_library.vocabulary, own_library.clock, private_until_complete=True,
    ).test_client()  # fmt: skip
    page = closed.get("/")
    assert (page.status_code, shown(page.text)) == (503, address)
    with closed.get(address) as image:
        assert image.status_code == 200
