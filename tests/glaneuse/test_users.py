"""`glaneuse users`, as typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.errors import BadAddress, Conflict, GlaneuseError, LastAdmin, NotFound
from glaneuse.cli import cli
from glaneuse.messages import sentence
from store import Store
from tests.parts import Parts

Run = Callable[..., Result]


@pytest.fixture
def run(parts: Parts, tmp_path: Path) -> Run:
    """Type a command on a data folder of its own."""
    unset = ("PUBLIC_URL", "SMTP_URL", "MAIL_FROM", "SECRET_KEY")

    def run(*words: str, **settings: str) -> Result:
        given: dict[str, str | None] = dict.fromkeys(unset) | settings
        environment: dict[str, str | None] = {
            f"GLANEUSE_{name}": value for name, value in given.items()
        }
        arguments = ["--data-dir", str(tmp_path), "users", *words]
        return CliRunner().invoke(cli, arguments, env=environment | parts.environment(tmp_path))

    return run


def _listed(run: Run) -> list[dict[str, object]]:
    people: list[dict[str, object]] = json.loads(run("list", "--json").stdout)
    return people


def _error(result: Result) -> GlaneuseError:
    assert isinstance(result.exception, GlaneuseError), result.output
    assert "\n" not in sentence(result.exception)
    return result.exception


def test_without_mail_the_link_is_printed(run: Run) -> None:
    added = run("add", "Camille@exemple.fr", "--role", "admin", "--name", "Camille")
    assert added.exit_code == 0
    assert re.search(r"^http://127\.0\.0\.1:8000/invitation/\S+$", added.stdout, re.MULTILINE)
    assert "PUBLIC_URL" in added.stderr
    (person,) = _listed(run)
    assert person["address"] == "Camille@exemple.fr"
    assert (person["role"], person["invited"], person["disabled"]) == ("admin", True, False)


def test_with_mail_it_is_sent_and_not_printed(run: Run, store: Store) -> None:
    mail = {
        "SMTP_URL": "smtp://127.0.0.1:25",
        "MAIL_FROM": "glaneuse@glaneuse.example",
        "PUBLIC_URL": "https://glaneuse.example",
    }
    added = run("add", "camille@exemple.fr", "--role", "editor", **mail)
    assert added.exit_code == 0
    assert "/invitation/" not in added.output
    with store.read() as tx:
        (entry,) = tx.outbox.entries()
        assert "https://glaneuse.example/invitation/" in tx.outbox.letter(entry.id).text


def test_an_address_is_invited_once(run: Run) -> None:
    run("add", "camille@exemple.fr", "--role", "editor")
    assert isinstance(_error(run("add", "CAMILLE@exemple.fr", "--role", "editor")), Conflict)
    assert len(_listed(run)) == 1


def test_what_is_no_address_is_said(run: Run) -> None:
    assert isinstance(_error(run("add", "camille", "--role", "editor")), BadAddress)
    assert isinstance(_error(run("role", "personne@exemple.fr", "editor")), NotFound)
    assert run("add", "camille@exemple.fr", "--role", "chef").exit_code == 2


def test_role_disable_and_enable(run: Run) -> None:
    run("add", "camille@exemple.fr", "--role", "editor")
    assert "formation" in run("role", "camille@exemple.fr", "trainer").stdout
    assert "suspendu" in run("disable", "Camille@exemple.fr").stdout
    assert _listed(run)[0]["disabled"] is True
    refused = run("link", "camille@exemple.fr")
    assert refused.exit_code == 1
    assert "glaneuse users enable" in refused.stderr
    assert run("enable", "camille@exemple.fr").exit_code == 0
    person = _listed(run)[0]
    assert (person["disabled"], person["role"]) == (False, "trainer")
    assert "/invitation/" in run("link", "camille@exemple.fr").stdout


@pytest.mark.parametrize("words", [("role", "a@exemple.fr", "editor"), ("disable", "a@exemple.fr")])
def test_the_last_admin_stays(run: Run, words: tuple[str, ...]) -> None:
    run("add", "a@exemple.fr", "--role", "admin")
    assert isinstance(_error(run(*words)), LastAdmin)
    assert _listed(run)[0]["role"] == "admin"
    run("add", "b@exemple.fr", "--role", "admin")
    assert run(*words).exit_code == 0


def test_nobody_yet_says_how_to_begin(run: Run) -> None:
    assert "glaneuse users add" in run("list").stdout
