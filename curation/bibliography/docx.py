"""A reading list as DOCX: true headings, true links, a style for references and one for notes."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as Sheet
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from curation.bibliography.layout import Entry, Leaflet
from curation.bibliography.runs import Run, Runs

REFERENCE = "Référence"
NOTE = "Annotation"
_LINK = RGBColor(0x0B, 0x4F, 0x8A)


def to_docx(leaflet: Leaflet) -> bytes:
    """The bytes of the file, in French for who reads it aloud."""
    sheet = Document()
    _prepare(sheet, leaflet)
    sheet.add_paragraph(leaflet.title, style="Title")
    for fact in leaflet.facts:
        sheet.add_paragraph(fact, style="Subtitle")
    for text in leaflet.introduction:
        sheet.add_paragraph(text)
    for part in leaflet.parts:
        if part.title:
            sheet.add_heading(part.title, level=1)
        for text in part.introduction:
            sheet.add_paragraph(text)
        for entry in part.entries:
            _add(sheet, entry)
    if leaflet.address:
        _write(sheet.add_paragraph(), (Run("Bibliographie en ligne : "), _link(leaflet.address)))
    file = io.BytesIO()
    sheet.save(file)
    return file.getvalue()


def _add(sheet: Sheet, entry: Entry) -> None:
    _write(_paragraph(sheet, REFERENCE), entry.runs)
    if entry.details:
        _paragraph(sheet, NOTE).add_run(entry.details).bold = True
    for text in entry.note:
        _write(_paragraph(sheet, NOTE), (Run(text),))
    if entry.question:
        asked = (Run("À discuter : ", leaning=True), Run(entry.question))
        _write(_paragraph(sheet, NOTE), asked)
    if entry.archive:
        _write(_paragraph(sheet, NOTE), (Run("Copie archivée : "), _link(entry.archive)))


def _paragraph(sheet: Sheet, style: str) -> Paragraph:
    """An empty paragraph of one of our styles, whose names are their identifiers.

    By its identifier: python-docx looks all styles through for each name (5 ms).
    """
    paragraph = sheet.add_paragraph()
    paragraph._p.style = style  # noqa: SLF001
    return paragraph


def _link(address: str) -> Run:
    return Run(address, link=address)


def _write(paragraph: Paragraph, runs: Runs) -> None:
    for run in runs:
        if run.link:
            _write_link(paragraph, run)
        else:
            paragraph.add_run(run.text).italic = run.leaning or None


def _write_link(paragraph: Paragraph, run: Run) -> None:
    """A link that leads somewhere; python-docx has none, so its XML is made here."""
    to = paragraph.part.relate_to(run.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    written = paragraph.add_run(run.text)
    written.font.underline = True
    written.font.color.rgb = _LINK
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), to)
    link.append(written._r)  # noqa: SLF001  as its own documentation does
    paragraph._p.append(link)  # noqa: SLF001


def _prepare(sheet: Sheet, leaflet: Leaflet) -> None:
    about = sheet.core_properties
    about.title, about.author, about.language = leaflet.title, leaflet.author, "fr-FR"
    about.comments = ""
    for language in sheet.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    reference = sheet.styles.add_style(REFERENCE, WD_STYLE_TYPE.PARAGRAPH)
    reference.base_style = sheet.styles["Normal"]
    reference.paragraph_format.left_indent = Cm(1)
    reference.paragraph_format.first_line_indent = Cm(-1)
    reference.paragraph_format.space_after = Pt(4)
    note = sheet.styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = sheet.styles["Normal"]
    note.paragraph_format.left_indent = Cm(1)
    note.paragraph_format.space_after = Pt(4)
