"""A list as DOCX, PDF, Markdown and HTML, read back by others: python-docx, pypdf, markdown-it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from core.model import Access
from core.reading_lists import Advice, Contents, Item, ItemId, Section, SectionId, SkillId
from core.references import Author, PartialDate, Reference, ReferenceKind
from curation.bibliography.docx import to_docx
from curation.bibliography.html import to_html_fragment
from curation.bibliography.layout import Leaflet, Style, lay_out
from curation.bibliography.markdown import to_markdown
from curation.bibliography.pdf import drawable, to_pdf
from curation.bibliography.runs import plain
from tests.curation.bibliography.any_reference import NASTY, REFERENCES, TEXTS

TODAY = date(2026, 11, 25)
ARTICLE = Reference(
    kind=ReferenceKind.MAGAZINE,
    title="La rue & le bureau",
    authors=(Author("Le Gall", "Yann"),),
    container="Terrain social",
    published=PartialDate(2026, 3, 9),
    url="https://terrain.example/rue?a=1&b=2",
    access=Access.SUBSCRIBERS,
)
BOOK = Reference(kind=ReferenceKind.BOOK, title="Asiles", publisher="Minuit")


def contents(*references: Reference) -> Contents:
    items = tuple(
        Item(
            id=ItemId(f"i{number}"),
            reference=one,
            note="Pourquoi le lire.\nEn deux fois.",
            question="Qui accueille qui ?",
            advice=Advice.REQUIRED,
            extent="p. 3-5",
            minutes=20,
            session="S1",
            skills=(SkillId("dc1"),),
            archive="https://archive.example/1",
        )
        for number, one in enumerate(references)
    )
    return Contents(
        title="L'aller-vers",
        introduction="À lire avant la séance.\n\nPuis à discuter.",
        audience="ES, première année",
        sections=(
            Section(SectionId("a"), "Presse", "Deux articles.", items[:1]),
            Section(SectionId("b"), "Livres", "", items[1:]),
        ),
    )


def leaflet(*references: Reference, style: Style = Style.APA) -> Leaflet:
    return lay_out(
        contents(*references),
        style,
        today=TODAY,
        version="Édition n° 2, figée le 12 septembre 2026",
        author="Anne Roy",
        address="https://glaneuse.example/bibliographies/x",
        skills={SkillId("dc1"): "DC1"},
    )


TWO = leaflet(ARTICLE, BOOK)


def test_laid_out() -> None:
    assert TWO.facts == (
        "Public\u00a0: ES, première année",
        "Édition n° 2, figée le 12 septembre 2026",
    )
    entry = TWO.parts[0].entries[0]
    assert entry.details == "Obligatoire · p. 3-5 · 20\u00a0min · S1 · DC1"
    assert plain(entry.runs).endswith(" (réservé aux abonnés)")
    assert entry.reference.accessed == TODAY
    noted = leaflet(ARTICLE, style=Style.ISO).parts[0].entries[0].runs
    assert "[Consulté le 25 novembre 2026]" in plain(noted)


# -- DOCX -----------------------------------------------------------------------------------------


def test_docx_by_python_docx() -> None:
    sheet = Document(io.BytesIO(to_docx(TWO)))
    styled = [(p.style.name if p.style else "", p.text) for p in sheet.paragraphs]
    assert styled[0] == ("Title", "L’aller-vers")
    assert ("Heading 1", "Presse") in styled
    assert ("Heading 1", "Livres") in styled
    (reference,) = (p for p in sheet.paragraphs if p.text.startswith("Le Gall"))
    assert reference.style
    assert reference.style.name == "Référence"
    assert [run.text for run in reference.runs if run.italic] == ["Terrain social"]
    (link,) = reference.hyperlinks
    assert link.url == link.text == ARTICLE.url
    assert sheet.core_properties.title == "L’aller-vers"
    assert sheet.core_properties.language == "fr-FR"
    assert sheet.styles["Référence"].base_style
    kinds = [one.reltype for one in sheet.part.rels.values()]
    assert kinds.count(RELATIONSHIP_TYPE.HYPERLINK) == 3  # the article, its archive, the list


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_docx_by_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(to_docx(TWO))
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path),
         str(tmp_path / "a.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert "Terrain social" in (tmp_path / "a.txt").read_text("utf-8")


# -- PDF ------------------------------------------------------------------------------------------


def tags(element: Any) -> list[str]:
    """The structure of a PDF, depth first."""
    found: list[str] = []
    todo = [element]
    while todo:
        one = todo.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            todo.extend(reversed(one))
        elif isinstance(one, DictionaryObject):
            found += [str(one["/S"])] if "/S" in one else []
            todo += [one["/K"]] if "/K" in one else []
    return found


def test_pdf_is_tagged_in_order_and_says_its_language_and_title() -> None:
    file = PdfReader(io.BytesIO(to_pdf(TWO)))
    root: Any = file.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower() == "fr-fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert file.metadata
    assert file.metadata.title == "L’aller-vers"
    structure = tags(root["/StructTreeRoot"])
    assert structure.count("/L") == 2
    assert structure.count("/LI") == 2
    assert structure.count("/Link") >= 4
    headings = [tag for tag in structure if re.fullmatch("/(Title|H[1-6])", tag)]
    assert headings == ["/Title", "/H1", "/H1"]
    assert b"pdfuaid:part" in file.xmp_metadata.stream.get_data() if file.xmp_metadata else False


def test_pdf_links_lead_where_they_say_and_are_described() -> None:
    file = PdfReader(io.BytesIO(to_pdf(TWO)))
    held = [note.get_object() for page in file.pages for note in page.get("/Annots", [])]
    where = {one["/A"]["/URI"] for one in held}
    assert where == {ARTICLE.url, "https://archive.example/1", TWO.address}
    assert all(one["/Contents"] for one in held)
    assert all("/StructParent" in one for one in held)
    assert {str(page["/Tabs"]) for page in file.pages} == {"/S"}


def test_pdf_text_is_read_back() -> None:
    text = " ".join(
        " ".join(p.extract_text() for p in PdfReader(io.BytesIO(to_pdf(TWO))).pages).split()
    )
    for part in ("L’aller-vers", "La rue & le bureau", "Obligatoire", "À discuter", "Minuit"):
        assert part in text


def test_pdf_of_titles_that_no_font_draws() -> None:
    nasty = leaflet(*(replace(BOOK, title=title) for title in NASTY))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(to_pdf(nasty))).pages)
    assert "#sys" not in text
    assert "Mme Z." in text
    assert drawable("Mᵐᵉ 🎬 Roy 社会") == "Mme Roy …"


@given(REFERENCES, TEXTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_list_is_printed(one: Reference, note: str) -> None:
    held = contents(one)
    item = replace(held.sections[0].items[0], note=note, question=note)
    held = replace(held, sections=(replace(held.sections[0], title=note, items=(item,)),))
    made = lay_out(held, Style.NOTE, today=TODAY)
    assert to_pdf(made).startswith(b"%PDF")
    assert to_docx(made).startswith(b"PK")


@given(st.text())
def test_what_is_drawable_stays_so(text: str) -> None:
    assert drawable(drawable(text)) == drawable(text)


# -- Markdown and HTML ----------------------------------------------------------------------------


class Seen(HTMLParser):
    """The elements, the attributes, the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(REFERENCES, TEXTS)
@settings(max_examples=60, deadline=None)
def test_markdown_says_what_was_laid_out(one: Reference, note: str) -> None:
    held = contents(one)
    item = replace(held.sections[0].items[0], note=note, question="")
    made = lay_out(
        replace(held, sections=(replace(held.sections[0], items=(item,)),)), Style.APA, today=TODAY
    )
    seen = Seen(MarkdownIt().render(to_markdown(made)))
    for run in made.parts[0].entries[0].runs:
        assert run.link or squeezed(run.text) in squeezed(seen.text)
    assert squeezed(note.replace("'", "’")) in squeezed(seen.text.replace("'", "’"))
    assert {"h1", "h2", "ul", "li"} <= set(seen.tags)
    assert not {"script", "b", "img", "code"} & set(seen.tags)


def test_markdown_of_a_list() -> None:
    assert to_markdown(TWO).startswith("# L’aller-vers\n\n*Public\u00a0: ES, première année*  \n")
    assert "*Terrain social*. <https://terrain.example/rue?a=1&b=2>" in to_markdown(TWO)


@given(REFERENCES, TEXTS)
@settings(max_examples=60, deadline=None)
def test_html_for_moodle_is_plain_and_safe(one: Reference, note: str) -> None:
    held = contents(one)
    item = replace(held.sections[0].items[0], note=note)
    made = lay_out(replace(held, title=note, sections=(
        replace(held.sections[0], items=(item,)),)), Style.ISO, today=TODAY)  # fmt: skip
    seen = Seen(to_html_fragment(made))
    assert set(seen.tags) <= {"div", "h3", "h4", "p", "br", "ul", "li", "em", "strong", "a"}
    assert {name for name, _ in seen.attributes} <= {"lang", "href"}
    links = [value or "" for name, value in seen.attributes if name == "href"]
    assert all(link.startswith(("http://", "https://")) for link in links)
    assert squeezed(plain(made.parts[0].entries[0].runs)) in squeezed(seen.text)
