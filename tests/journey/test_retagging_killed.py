"""Tagging again all that is held: killed on the way, taken up again, never half shown."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest

from core.model import Tagging, ThemeId
from store import Store
from tests.journey.conftest import Glaneuse, glaneuse_on
from tests.parts import Parts

HELD = 1_400  # seven batches: the first is kept long before the last is read
FORMER, TODAY = "numerique", "addictions"
TEXT = (
    "Au centre de soins, d’accompagnement et de prévention en addictologie de la ville n° {}, "
    "l’équipe reçoit des consommateurs de drogues et d’alcool. La réduction des risques se fait "
    "au comptoir : matériel stérile, traitement de substitution, sevrage quand on le demande."
)


@pytest.fixture
def held(parts: Parts, tmp_path: Path) -> Glaneuse:
    """An installation whose former tagger saw another theme in everything, and said so."""
    glaneuse = glaneuse_on(parts, tmp_path / "data")
    glaneuse("init")
    lines = (
        {
            "url": f"https://revue.example/{n}",
            "title": f"Addictions, cas {n}",
            "text": TEXT.format(n),
        }
        for n in range(HELD)
    )
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    glaneuse("import", str(file))
    with glaneuse.store() as store, store.begin() as tx:
        given = [
            (one.id, [Tagging(ThemeId(FORMER), 0.9)])
            for one in tx.articles.waiting_tagging("former", HELD)
        ]
        tx.articles.save_taggings(given, tagger="former")
    glaneuse("index")
    return glaneuse


def found(glaneuse: Glaneuse, theme: str) -> int:
    """How many articles the search finds under a theme."""
    return int(glaneuse.json("search", "", "--theme", theme, "--limit", "1")["total"])


def done(store: Store) -> int:
    """How many articles are no longer as the former tagger left them."""
    with store.read() as tx:
        return tx.articles.count_waiting_tagging("former")


def test_it_is_resumed_and_the_search_shows_the_former_themes_until_then(held: Glaneuse) -> None:
    assert found(held, FORMER) == HELD
    tagging = held.start("tag")
    with held.store() as store:
        while not done(store):
            assert tagging.poll() is None, tagging.communicate()[0]
        os.killpg(tagging.pid, signal.SIGKILL)
        tagging.communicate()
        before = done(store)
    assert 0 < before < HELD
    assert tagging.returncode == -signal.SIGKILL
    assert (found(held, FORMER), found(held, TODAY)) == (HELD, 0)
    told = held("tag")
    assert int(re.search(r"([\d\s]+) articles classés", told)[1].replace("\u202f", "")) == (  # type: ignore[index]
        HELD - before
    )
    assert (found(held, FORMER), found(held, TODAY)) == (HELD, 0)
    held("index")
    assert (found(held, FORMER), found(held, TODAY)) == (0, HELD)
