"""« glaneuse mail » as a person types it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.errors import MailUnavailable
from core.letters import Letter, OutboxId
from glaneuse.cli import cli
from tests.mail.scripted import CLOSE, Script, Scripted
from tests.parts import Parts

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def glaneuse(parts: Parts, folder: Path, *words: str, port: int = 0) -> Result:
    environment = parts.environment(folder) | {
        "GLANEUSE_MAIL_FROM": "lettre@glaneuse.example",
        "GLANEUSE_MAIL_RATE": "1000",
        "GLANEUSE_SMTP_URL": f"smtp://127.0.0.1:{port}" if port else "",
    }
    return CliRunner(env=environment).invoke(cli, ["--data-dir", str(folder), *words])


@pytest.fixture
def letters(parts: Parts, tmp_path: Path) -> list[OutboxId]:
    with parts.store(tmp_path) as store, store.begin() as tx:
        return [
            tx.outbox.add(Letter(f"k{n}", f"r{n}@exemple.example", f"Objet {n}", "Texte"), now=NOW)
            for n in range(3)
        ]


def cut_second(at: str, _connection: int, letter: int) -> str | None:
    return CLOSE if (at, letter) == ("END", 2) else None


def test_an_uncertain_letter_is_shown_and_decided(
    parts: Parts, tmp_path: Path, letters: list[OutboxId]
) -> None:
    with Scripted(cut_second) as server:
        sent = glaneuse(parts, tmp_path, "mail", "send", port=server.port)
    assert sent.exit_code == 0
    assert "2 messages remis" in sent.output
    assert "1 message incertain" in sent.output
    shown = glaneuse(parts, tmp_path, "mail", "list", "--state", "uncertain")
    assert "incertain : r1@exemple.example, « Objet 1 »" in shown.output
    assert "2 remis, 1 incertain" in shown.output
    [entry] = json.loads(
        glaneuse(parts, tmp_path, "mail", "list", "--state", "uncertain", "--json").output
    )
    assert (entry["id"], entry["state"], entry["added"]) == (
        letters[1],
        "uncertain",
        NOW.isoformat(),
    )
    decided = glaneuse(parts, tmp_path, "mail", "decide", str(letters[1]), "resend")
    assert "il sera renvoyé" in decided.output
    again = glaneuse(parts, tmp_path, "mail", "decide", str(letters[0]), "drop")
    assert again.exit_code == 1
    assert "rien à décider" in again.output
    with Scripted(lambda *_: None) as server:
        result = json.loads(
            glaneuse(parts, tmp_path, "mail", "send", "--json", port=server.port).stdout
        )
    assert (result["done"], result["uncertain"]) == (1, 0)


@pytest.mark.usefixtures("letters")
def test_without_a_server_mail_waits_and_it_is_said(parts: Parts, tmp_path: Path) -> None:
    sent = glaneuse(parts, tmp_path, "mail", "send")
    assert isinstance(sent.exception, MailUnavailable)
    assert "3 en attente" in glaneuse(parts, tmp_path, "mail", "list").output


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        (lambda *_: None, 0, "250 Ok"),
        (lambda at, *_: "550 Non" if at == "RCPT" else None, 1, "550"),
    ],
)
def test_a_trial_says_what_the_server_answered(
    parts: Parts, tmp_path: Path, script: Script, code: int, words: str
) -> None:
    with Scripted(script) as server:
        result = glaneuse(parts, tmp_path, "mail", "test", "anne@exemple.example", port=server.port)
    assert result.exit_code == code
    assert words in result.output


def test_an_empty_outbox_is_said(parts: Parts, tmp_path: Path) -> None:
    assert glaneuse(parts, tmp_path, "mail", "list").output == "Aucun message.\n"
