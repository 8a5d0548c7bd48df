"""Bookmarks, tables, pasted lines: every good reference is read, every bad line is named."""

from __future__ import annotations

import time
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Access
from core.references import Author, PartialDate, Reference, ReferenceKind
from curation.bibliography.bibtex import to_bibtex
from curation.bibliography.bookmarks import read_bookmarks
from curation.bibliography.csl import to_csl_json
from curation.bibliography.files import read_references
from curation.bibliography.pasted import read_pasted, reference_of_text
from curation.bibliography.reading import text_of
from curation.bibliography.ris import to_ris
from curation.bibliography.tables import read_table

HEAD = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Signets</TITLE>\n<H1>Signets</H1>\n<DL><p>\n"


def bookmark(number: int) -> str:
    link = f'HREF="https://a.example/{number}" ADD_DATE="1763370000"'
    return f"<DT><A {link}>Page n°&nbsp;{number}</A>\n"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_bookmarks_of_which_one_in_twenty_is_broken(seed: int) -> None:
    random = Random(seed)
    bad = set(random.sample(range(1000), 50))
    breaks = (
        lambda line: line.replace("https:", "javascript:"),
        lambda line: line.replace("HREF", "HERF"),
        lambda line: line.replace("https://a.example", "/page"),
    )
    lines = [random.choice(breaks)(bookmark(n)) if n in bad else bookmark(n) for n in range(1000)]
    read = read_bookmarks((HEAD + "".join(lines) + "</DL>").encode())
    assert [one.url.rpartition("/")[2] for one in read.references] == [
        str(n) for n in range(1000) if n not in bad
    ]
    assert [one.line - 5 for one in read.refused] == sorted(bad)


def test_fifty_thousand_bookmarks() -> None:
    body = (HEAD + "".join(map(bookmark, range(50_000))) + "</DL>").encode()
    begun = time.perf_counter()
    read = read_bookmarks(body)
    assert len(read.references) == 50_000
    assert time.perf_counter() - begun < 30


def test_a_bookmark_keeps_its_folder_and_its_day() -> None:
    body = f"{HEAD}<DT><H3>Protection de l’enfance</H3>\n<DL><p>\n{bookmark(1)}</DL>"
    (one,) = read_bookmarks(body.encode()).references
    assert (one.title, one.container) == ("Page n° 1", "a.example")
    assert (one.note, one.accessed) == ("Dossier : Protection de l’enfance", date(2025, 11, 17))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_thousand_lines_of_a_table_of_which_one_in_twenty_is_broken(
    seed: int, separator: str
) -> None:
    random = Random(seed)
    bad = set(random.sample(range(1000), 50))
    breaks = (
        lambda cells: ["", *cells[1:]],
        lambda cells: [f'"{cells[0]}', *cells[1:]],
        lambda cells: [*cells, "", "de trop"],
    )
    rows = ["Titre", "Auteurs", "Année", "Lien"]
    text = separator.join(rows) + "\n"
    for n in range(1000):
        cells = [f"Titre {n}", "Anne Roy", "2020", f"https://a.example/{n}"]
        text += separator.join(random.choice(breaks)(cells) if n in bad else cells) + "\n"
    read = read_table(text.encode("latin-1"))
    assert [one.title for one in read.references] == [
        f"Titre {n}" for n in range(1000) if n not in bad
    ]
    assert [one.line - 2 for one in read.refused] == sorted(bad)


def test_a_table_as_a_spreadsheet_writes_it() -> None:
    body = (
        "\ufeffType;Titre;Auteur(s);Éditeur;Date;Consulté le;Accès;Remarque\r\n"
        'Livre;"Asiles ; ""études""\r\nsociales";'
        '"Goffman, Erving ; Castel, Robert";Minuit;1968;;;\r\n'
        "Loi;Loi n° 2002-2;;;02/01/2002;25/11/2026;Accès libre;À lire\r\n"
        "Affiche;Une affiche;Camille Durand et Anne Roy;CAF;hier;;;\r\n"
    )
    read = read_table(body.encode())
    a, b, c = read.references
    assert a == Reference(
        kind=ReferenceKind.BOOK,
        title='Asiles ; "études" sociales',
        authors=(Author("Goffman", "Erving"), Author("Castel", "Robert")),
        publisher="Minuit",
        published=PartialDate(1968),
        language="",
    )
    assert (b.kind, b.published) == (ReferenceKind.LAW, PartialDate(2002, 1, 2))
    assert (b.accessed, b.access, b.note) == (date(2026, 11, 25), Access.FREE, "À lire")
    assert (c.kind, c.genre) == (ReferenceKind.DOCUMENT, "Affiche")
    assert c.authors == (Author("Durand", "Camille"), Author("Roy", "Anne"))
    assert [(one.line, one.why) for one in read.refused] == [(5, "cette date est illisible")]


def test_a_table_without_a_title_column_says_so() -> None:
    (refused,) = read_table(b"Nom;Prix\nAsiles;12\n").refused
    assert "titre" in refused.why


def test_pasted_lines() -> None:
    read = read_pasted(
        "- Bouquet, B. et Roy, A.-M. (2016). La relation d'aide. Vie sociale, 13(1), 13-25. "
        "https://doi.org/10.3917/vsoc.161.0013\n\n"
        "10.3917/empa.123.0045\nISBN 978-2-7071-4611-3\nISBN 978-2-7071-4611-5\n"
        "Rapport annuel (2020)\nhttps://caf.example/rsa.\n…\n".encode()
    )
    a, b, c, d, e = read.references
    assert a.authors == (Author("Bouquet", "B."), Author("Roy", "A.-M."))
    assert (a.title, a.published) == ("La relation d'aide", PartialDate(2016))
    assert (a.doi, a.note) == ("10.3917/vsoc.161.0013", "Vie sociale, 13(1), 13-25")
    assert b.doi == "10.3917/empa.123.0045"
    assert b.title == "Titre à compléter (10.3917/empa.123.0045)"
    assert (c.isbn, c.kind) == ("978-2-7071-4611-3", ReferenceKind.BOOK)
    assert (d.title, d.published) == ("Rapport annuel", PartialDate(2020))
    assert e.url == "https://caf.example/rsa"
    assert [one.line for one in read.refused] == [5, 8]
    assert "ISBN est faux" in read.refused[0].why


@given(st.text(max_size=80))
def test_any_pasted_text_is_kept_or_named(line: str) -> None:
    body = line.encode("utf-8", "replace")
    read = read_pasted(body)
    lines = [one for one in text_of(body).split("\n") if one.strip("\ufeff \t")]
    assert len(read.references) + len(read.refused) == len(lines)


def test_a_whole_reference_of_a_book_is_told_apart() -> None:
    one = reference_of_text("Goffman, E. (1968). Asiles. Minuit.")
    assert (one.title, one.authors, one.note) == ("Asiles", (Author("Goffman", "E."),), "Minuit")


ONE = Reference(kind=ReferenceKind.PAGE, title="Le « RSA »", id="a", url="https://caf.example/rsa")


@pytest.mark.parametrize(
    "body",
    [
        to_ris([ONE]),
        to_bibtex([ONE]),
        to_csl_json([ONE]),
        f"{HEAD}<DT><A HREF='{ONE.url}'>Le « RSA »</A>",
        f"titre,url\nLe « RSA »,{ONE.url}\n",
        f"Le « RSA » {ONE.url}\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_kind_of_a_file_is_seen_in_it(body: str, encoding: str) -> None:
    (one,) = read_references(body.encode(encoding)).references
    assert (one.title, one.url) == (ONE.title, ONE.url)


@pytest.mark.parametrize("body", [b"%PDF-1.7 ...", b"<!doctype html><p>Oups"])
def test_a_file_of_another_kind_is_named(body: bytes) -> None:
    (refused,) = read_references(body).refused
    assert "aucune des formes connues" in refused.why


@pytest.mark.parametrize("body", [b"PK\x03\x04\0\0", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_is_to_be_saved_as_csv_first(body: bytes) -> None:
    (refused,) = read_references(body).refused
    assert "enregistrez-le d’abord au format CSV" in refused.why


@given(st.binary(max_size=200))
def test_any_file_is_read_without_failing(body: bytes) -> None:
    read_references(body)
