"""What is written in logs, and what never is."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.settings import read_settings
from core.tracing import begin, under_way
from glaneuse.logs import configure, say
from taxonomy.vocabulary import load_vocabulary
from tests.parts import Parts
from tests.web.conftest import Library, SetClock

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[io.StringIO]:
    """What the program logs meanwhile, as JSON."""
    root, web = logging.getLogger(), logging.getLogger("web")
    before, level = root.handlers[:], web.level
    stream = io.StringIO()
    configure(read_settings({"GLANEUSE_LOG_FORMAT": "json"}, tmp_path), stream)
    yield stream
    root.handlers[:] = before
    web.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_has_a_number_and_no_question(
    logged: io.StringIO, parts: Parts, tmp_path: Path
) -> None:
    settings = parts.settings(tmp_path)
    with parts.store(tmp_path) as store:
        engine = parts.engine(settings)
        made = Library(settings, store, engine, load_vocabulary(), SetClock(), [], [])
        client = made.app().test_client()
        answers = [client.get("/recherche?q=surendettement"), client.get("/invitation/un-secret")]
    found = [line for line in lines(logged) if line["who"] == "web.requests"]
    assert [line["id"] for line in found] == [one.headers["X-Request-Id"] for one in answers]
    assert found[0]["view"] == "search.show"
    assert found[0]["milliseconds"] > 0
    for secret in ("surendettement", "un-secret", "127.0.0.1"):
        assert secret not in logged.getvalue()


def test_an_error_says_where_and_nothing_of_what(logged: io.StringIO) -> None:
    begin()
    try:
        raise ValueError("camille@exemple.fr, née en 1990")  # noqa: TRY301
    except ValueError:
        logging.getLogger("web").exception("unexpected error about camille@exemple.fr")
    (line,) = lines(logged)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["at"][-1]
    assert line["id"] == under_way.get()
    assert "camille" not in logged.getvalue()
    assert "1990" not in logged.getvalue()


def test_what_a_job_says_is_a_line_of_either_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings({}, tmp_path)
    say(settings, lambda: NOW, "update", "3 articles")
    assert capsys.readouterr().err == "2026-11-25T09:00:00Z update: 3 articles\n"
    say(replace(settings, log_format="json"), lambda: NOW, "mail", "à camille@exemple.fr")
    line = json.loads(capsys.readouterr().err)
    assert (line["who"], line["message"]) == ("mail", "à …")


def test_numbers_do_not_pass_from_one_thread_to_another() -> None:
    begin()
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(under_way.get()))
    thread.start()
    thread.join()
    assert seen == [""]
