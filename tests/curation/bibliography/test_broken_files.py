"""Files with broken entries: every good reference is read, every bad line is named."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import Author, PartialDate, Reference, ReferenceKind
from curation.bibliography.bibtex import read_bibtex, to_bibtex
from curation.bibliography.bookmarks import read_bookmarks
from curation.bibliography.csl import csl_item, read_csl_json
from curation.bibliography.reading import Read, date_of, text_of
from curation.bibliography.ris import read_ris, to_ris

READERS = (read_ris, read_bibtex, read_csl_json)


def reference(number: int) -> Reference:
    return Reference(
        kind=ReferenceKind.REPORT,
        title=f"Rapport « {number} » sur l'accès aux droits",
        id=f"r{number}",
        authors=(Author("Roy", "Anne"), Author("Cour des comptes")),
        publisher="La Documentation française",
        published=PartialDate(2000 + number % 25, 1 + number % 12),
        url=f"https://rapports.example/{number}",
    )


def csl_lines(one: Reference) -> str:
    return json.dumps(csl_item(one), ensure_ascii=False, indent=1) + ",\n"


Break = Callable[[str], str]
FORMATS: dict[
    str, tuple[Callable[[bytes], Read], Callable[[Reference], str], tuple[Break, ...]]
] = {
    "RIS": (
        read_ris,
        lambda one: to_ris([one]),
        (
            lambda text: text.replace("TY  - ", "TY RPRT ", 1),
            lambda text: text.replace("TI  - ", "TI ", 1),
            lambda text: "".join(line for line in text.splitlines(True) if "TI" not in line),
        ),
    ),
    "BibTeX": (
        read_bibtex,
        lambda one: to_bibtex([one]) + "\n",
        (
            lambda text: text.replace("}},\n", "},\n", 1),
            lambda text: text.replace(",\n", "\n", 1),
            lambda text: "".join(line for line in text.splitlines(True) if "title" not in line),
        ),
    ),
    "CSL JSON": (
        read_csl_json,
        csl_lines,
        (
            lambda text: text.replace('",\n', ",\n", 1),
            lambda text: text.replace('": ', '" ', 1),
            lambda text: text[: len(text) // 2] + "\n",
            lambda text: text.replace('"title"', '"titre"'),
            lambda _: '"oubli",\n',
        ),
    ),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_entries_of_which_one_in_twenty_is_broken(name: str, seed: int) -> None:
    read, write, breaks = FORMATS[name]
    random = Random(seed)
    bad = set(random.sample(range(1000), 50))
    good, spans, text = [], [], ""
    for number in range(1000):
        one = reference(number)
        entry = write(one)
        if number in bad:
            entry = random.choice(breaks)(entry)
            first = text.count("\n") + 1
            spans.append(range(first, first + entry.count("\n")))
        else:
            good.append(one)
        text += entry
    if read is read_csl_json:
        text = "[" + text.rstrip(",\n") + "]"
    got = read(text.encode())
    assert list(got.references) == good
    named = [one.line for one in got.refused]
    for span in spans:
        assert any(line in span for line in named), text.split("\n")[span.start - 1 : span.stop]
    for line in named:
        assert any(line in span for span in spans)
    assert all(one.why and one.text for one in got.refused)


def test_an_unread_line_of_ris_is_named_and_its_record_kept() -> None:
    body = b"TY  - BOOK\nTI  - Asiles\nAU Goffman\nPY  - 19x8\nER  - \n"
    read = read_ris(body)
    assert [one.title for one in read.references] == ["Asiles"]
    assert [(one.line, one.text) for one in read.refused] == [(3, "AU Goffman"), (4, "PY - 19x8")]


def test_ris_as_others_write_it() -> None:
    body = "\ufeffTY - JOUR\r\nT1 - Titre\r\nA1 - Le Gall, Anne\r\nY1 - 2020/05//\r\nJO - VST\r\n"
    body += "AB - Un résumé\r\nqui se poursuit\r\nSP - 4\r\nEP - 9\r\nSN - 1234-5678\r\nER -\r\n"
    read = read_ris(body.encode())
    assert not read.refused
    (one,) = read.references
    assert (one.title, one.container, one.pages, one.issn) == ("Titre", "VST", "4-9", "1234-5678")
    assert one.published == PartialDate(2020, 5)


def test_bibtex_as_others_write_it() -> None:
    body = r"""@comment{ rien }
@string{erès = "Érès"}
@Article{a, author = "Beno{\^\i}t H{\'e}bert and others", title = {L'{\'E}cole \& la {ZEP}},
  journal = {VST}, year = 2019, month = nov, pages = {12--20}, publisher = erès}
@online{b, title = {Page}, organization = {CAF},
  url = {https://caf.example/a\_b}, date = {2020-02/2020-03}}
@misc{c, title = {M}, howpublished = {\url{https://m.example}}}
@thesis{a, title = "Même clé", year = {s.d.}}
"""
    read = read_bibtex(body.encode())
    a, b, c, d = read.references
    assert a.authors == (Author("Hébert", "Benoît"),)
    assert (a.title, a.pages, a.published) == ("L'École & la ZEP", "12-20", PartialDate(2019, 11))
    assert a.publisher == "Érès"
    assert (b.url, b.published) == ("https://caf.example/a_b", PartialDate(2020, 2))
    assert (c.url, d.kind, d.title) == ("https://m.example", ReferenceKind.THESIS, "Même clé")
    assert [(one.line, one.why) for one in read.refused] == [(8, "cette date est illisible")]


def test_csl_json_as_others_write_it() -> None:
    body = json.dumps({"items": [
        {"id": 1, "type": "dataset", "title": ["Titre"], "issued": {"raw": "19 nov. 2020"}},
        {"id": "b", "type": "chose", "title": "Autre", "issued": {"literal": "printemps 2020"},
         "author": ["DREES", {"given": "Kamel"}, {"family": "Tour", "given": "A.",
                    "non-dropping-particle": "de La"}]},
        {"DOI": "https://doi.org/10.3917/x.1", "title": "C", "issued": {"date-parts": [["2020"]]}},
    ]})  # fmt: skip
    read = read_csl_json(body.encode())
    assert not read.refused
    a, b, c = read.references
    assert (a.id, a.title, a.genre, a.published) == (
        "1",
        "Titre",
        "dataset",
        PartialDate(2020, 11, 19),
    )
    assert (b.kind, b.genre, b.note) == (ReferenceKind.DOCUMENT, "chose", "Date : printemps 2020.")
    assert b.authors == (Author("DREES"), Author("Kamel"), Author("de La Tour", "A."))
    assert (c.doi, c.published) == ("10.3917/x.1", PartialDate(2020))


@pytest.mark.parametrize("read", READERS)
@given(body=st.binary(max_size=300))
def test_any_bytes_are_read_or_named(read: Callable[[bytes], Read], body: bytes) -> None:
    lines = text_of(body).split("\n")
    assert all(one.why and 1 <= one.line <= len(lines) for one in read(body).refused)


HOSTILE = {
    "braces within braces": (read_bibtex, r"@misc{a, title={\e" + "{" * 5000 + "}" * 5002),
    "entries never closed": (read_bibtex, "@misc{a,\n" * 5000),
    "objects within objects": (read_csl_json, '[{"a":' * 50_000),
    "broken items alone": (read_csl_json, "[" + '{"id": 1, "title": "x}\n,' * 6000),
    "a note without end": (read_ris, "TY  - JOUR\nTI  - x\nN1  - a\n" + "suite\n" * 200_000),
    "tags never closed": (read_bookmarks, "<a href=" * 100_000),
    "comments never closed": (read_bookmarks, "<!-- >" * 100_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_no_longer_than_others(name: str) -> None:
    read, text = HOSTILE[name]
    begun = time.perf_counter()
    read(text.encode())
    assert time.perf_counter() - begun < 20  # they took minutes


@pytest.mark.parametrize("read", READERS)
def test_what_is_another_file_is_said(read: Callable[[bytes], Read]) -> None:
    assert read(b"<!doctype html><title>Page introuvable</title>").refused


@pytest.mark.parametrize("read", READERS)
def test_an_empty_file_holds_nothing(read: Callable[[bytes], Read]) -> None:
    assert read(b"") == Read()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("id title type author issued date-parts custom family items".split()),
            inner,
            max_size=5,
        )
    ),
)


@given(ANY_JSON)
def test_any_json_is_read_without_failing(held: object) -> None:
    read_csl_json(json.dumps(held).encode())


@pytest.mark.parametrize(
    ("written", "said"),
    [("2026/11/19/", "2026-11-19"), ("2026///", "2026"), ("19/11/2026", "2026-11-19"),
     ("1er nov. 2026", "2026-11-01"), ("novembre 2026", "2026-11"), ("Nov 19, 2026", "2026-11-19"),
     ("2026-11-19T10:00:00Z", "2026-11-19"), ("2020-05/2020-06", "2020-05")],
)  # fmt: skip
def test_dates_as_files_have_them(written: str, said: str) -> None:
    assert str(date_of(written)) == said
