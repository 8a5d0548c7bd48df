"""References → file → references: every field that the format has comes back, whatever it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from hypothesis import given

from core.references import Author, Reference, ReferenceKind
from curation.bibliography.bibtex import read_bibtex, to_bibtex
from curation.bibliography.csl import read_csl_json, to_csl_json
from curation.bibliography.reading import Read
from curation.bibliography.ris import read_ris, to_ris
from tests.curation.bibliography.any_reference import NASTY, REFERENCES

Write = Callable[[list[Reference]], str]
ReadBack = Callable[[bytes], Read]
FORMATS: list[tuple[Write, ReadBack]] = [
    (to_ris, read_ris),
    (to_bibtex, read_bibtex),
    (to_csl_json, read_csl_json),
]


def differences(one: Reference, other: Reference) -> dict[str, tuple[object, object]]:
    pairs = {f.name: (getattr(one, f.name), getattr(other, f.name)) for f in fields(Reference)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@given(REFERENCES)
def test_ris_keeps_all(one: Reference) -> None:
    read = read_ris(to_ris([one]).encode())
    assert not read.refused
    assert differences(one, read.references[0]) == {}


@given(REFERENCES)
def test_bibtex_keeps_all(one: Reference) -> None:
    read = read_bibtex(to_bibtex([one]).encode())
    assert not read.refused
    found = differences(one, read.references[0])
    if not one.id:
        found.pop("id")  # every entry has a key
    assert found == {}


@given(REFERENCES)
def test_csl_json_keeps_all(one: Reference) -> None:
    read = read_csl_json(to_csl_json([one]).encode())
    assert not read.refused
    found = differences(one, read.references[0])
    if not one.id:
        found.pop("id")
    assert found == {}


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_nasty_titles_stay_apart(write: Write, read: ReadBack) -> None:
    many = [Reference(title=title, authors=(Author("Roy", "Anne"),)) for title in NASTY]
    got = read(write(many).encode()).references
    assert [one.title for one in got] == [one.title for one in many]


@pytest.mark.parametrize(("write", "read"), FORMATS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings(write: Write, read: ReadBack, encoding: str) -> None:
    one = Reference(kind=ReferenceKind.BOOK, id="a", title="L'été « à Nîmes »", place="Orléans")
    assert read(write([one]).encode(encoding)).references == (one,)


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_latin_1_after_a_mark_of_utf_8(write: Write, read: ReadBack) -> None:
    one = Reference(kind=ReferenceKind.BOOK, id="a", title="L'été à Nîmes")
    body = b"\xef\xbb\xbf" + write([one]).encode("latin-1")
    assert read(body).references == (one,)


def test_keys_of_bibtex_are_each_their_own() -> None:
    same = Reference(title="Titre", authors=(Author("Roy", "A."),))
    written = to_bibtex([same, same, replace(same, id="ROY-titre")])
    keys = [line.split("{")[1] for line in written.splitlines() if line.startswith("@")]
    assert keys == ["roy-titre,", "roy-titre-2,", "ROY-titre-3,"]
