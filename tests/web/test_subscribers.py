"""The team's page of who receives the newsletter: bringing a file, taking it."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.people import Role
from core.subscriptions import NEWSLETTER
from tests.web.conftest import Library
from tests.web.team import MAIL, Team, make_team, token_in

PAGE = "/bureau/abonnements"
ORIGIN = "Feuille d’émargement du colloque"


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library, MAIL)


@pytest.fixture
def editor(team: Team) -> FlaskClient:
    client = team.client(team.person(Role.EDITOR))
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


def give(client: FlaskClient, team: Team, body: bytes, **fields: str) -> TestResponse:
    token = token_in(client.get(PAGE, base_url=team.base_url).text)
    data = {"csrf_token": token, "origine": ORIGIN, "accord": "y"} | fields
    return client.post(
        PAGE,
        data=data | {"fichier": (io.BytesIO(body), "adresses.csv")},
        base_url=team.base_url,
    )


def plain(answer: TestResponse) -> str:
    said = unescape(re.sub(r"<[^>]+>", "", answer.text)).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", said.replace("\u202f", " "))


def followers(team: Team) -> int:
    with team.library.store.read() as tx:
        return tx.subscriptions.count_following(NEWSLETTER)


def test_a_file_is_brought_and_every_wrong_line_named(team: Team, editor: FlaskClient) -> None:
    body = "adresse\na@exemple.fr\n<script>\nb@exemple.fr\na@exemple.fr\n".encode("cp1252")
    answer = give(editor, team, body)
    said = plain(answer)
    assert answer.status_code == 200
    assert "2 adresses ajoutées" in said
    assert "1 est en double dans le fichier" in said
    assert "1 ligne n’a pas pu être lue" in said
    assert "Ligne 3 : <script> Écrivez l’adresse seule" in said
    assert "<script>\n" not in answer.text
    assert "2 adresses reçoivent la lettre" in said
    assert "2 recevaient déjà la lettre" in plain(give(editor, team, body))
    assert followers(team) == 2


@pytest.mark.parametrize(
    ("body", "fields", "said"),
    [
        (b"", {}, "Le fichier : il est vide."),
        (b"nom\nA\n", {}, "aucune colonne ne s’appelle « adresse »"),
        (b"adresse\na@exemple.fr", {"accord": ""}, "Sans leur accord"),
        (b"adresse\na@exemple.fr", {"origine": " "}, "Dites d’où viennent ces adresses"),
        (b"adresse\na@exemple.fr", {"origine": "x"}, "De 10 à 300 signes."),
    ],
)
def test_what_cannot_be_brought_is_said_and_nothing_changes(
    team: Team, editor: FlaskClient, body: bytes, fields: dict[str, str], said: str
) -> None:
    answer = give(editor, team, body, **fields)
    assert answer.status_code == 422
    assert said in plain(answer)
    assert followers(team) == 0


def test_the_list_is_taken_and_the_history_says_by_whom(team: Team, editor: FlaskClient) -> None:
    give(editor, team, b"adresse\na@exemple.fr")
    token = token_in(editor.get(PAGE, base_url=team.base_url).text)
    path = f"{PAGE}/fichier"
    taken = editor.post(path, data={"csrf_token": token}, base_url=team.base_url)
    assert taken.content_type == "text/csv; charset=utf-8"
    assert "attachment" in taken.headers["Content-Disposition"]
    assert taken.headers["Cache-Control"] == "no-store"
    assert "a@exemple.fr;" in taken.text
    assert editor.get(path, base_url=team.base_url).status_code == 405
    admin = team.client(team.person(Role.ADMIN))
    history = plain(admin.get("/administration/historique", base_url=team.base_url))
    assert "Liste des abonnements prise" in history
    assert "Abonnements repris d’un fichier" in history
    assert ORIGIN in history


def test_a_file_too_large_is_refused_in_a_sentence(team: Team, editor: FlaskClient) -> None:
    answer = editor.post(
        PAGE,
        input_stream=io.BytesIO(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(17 * 2**20)},
        base_url=team.base_url,
    )
    assert answer.status_code == 413
    assert followers(team) == 0
