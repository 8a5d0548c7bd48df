"""APA 7 in French and ISO 690, by name and date and in notes: references written out by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given

from core.references import Reference, from_plain
from curation.bibliography.apa import apa
from curation.bibliography.iso690 import iso690, iso690_note
from curation.bibliography.runs import Runs, plain
from tests.curation.bibliography.any_reference import REFERENCES

WRITTEN: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "written.yaml").read_text("utf-8")
)
STYLES: dict[str, Callable[[Reference], Runs]] = {"apa": apa, "iso": iso690, "note": iso690_note}


def marked(runs: Runs) -> str:
    """With stars around what leans, and plain spaces."""
    text = "".join(f"*{run.text}*" if run.leaning else run.text for run in runs)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("one", WRITTEN, ids=lambda one: str(one["name"]))
def test_written_as_by_hand(one: dict[str, Any], style: str) -> None:
    assert marked(STYLES[style](from_plain(one["reference"]))) == one[style]


def test_there_are_forty_of_many_kinds() -> None:
    assert len(WRITTEN) >= 40
    assert len({one["reference"]["kind"] for one in WRITTEN}) == 16


@given(REFERENCES)
def test_anything_is_written(one: Reference) -> None:
    for write in STYLES.values():
        text = plain(write(one))
        assert text
        assert "  " not in text
        assert text == text.strip()
        asked = Reference(kind=one.kind, title="Et après ?", authors=one.authors, url="")
        assert "?." not in plain(write(asked))


def test_spaces_that_must_not_break_do_not() -> None:
    text = plain(apa(from_plain(WRITTEN[0]["reference"])))
    assert "l’enfance\u00a0: «\u00a0le département ne répond plus\u00a0»" in text
    assert "N°\u00a032" in plain(iso690(from_plain({
        "kind": "texte-officiel", "title": "Loi", "container": "JORF", "issue": "32",
    })))  # fmt: skip


def test_addresses_lead_where_they_say() -> None:
    runs = iso690(from_plain(WRITTEN[4]["reference"]))
    assert [(run.text, run.link) for run in runs if run.link] == [
        ("10.9999/lit.161.0013", "https://doi.org/10.9999/lit.161.0013")
    ]
