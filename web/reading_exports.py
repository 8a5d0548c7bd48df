"""A reading list in the forms that schools use: one table of forms, for the desk and for readers.

What is given is one state of the list, read in one transaction: it is whole, whoever edits it
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Flask, Response, render_template, request

from core.errors import NotFound
from core.reading_lists import Contents, Item
from core.references import Reference
from curation.bibliography.bibtex import to_bibtex
from curation.bibliography.csl import to_csl_json
from curation.bibliography.docx import to_docx
from curation.bibliography.html import to_html_fragment
from curation.bibliography.layout import STYLES, Leaflet, Style, lay_out
from curation.bibliography.markdown import to_markdown
from curation.bibliography.metadata import coins
from curation.bibliography.pdf import to_pdf
from curation.bibliography.ris import to_ris
from curation.skills import codes, grids
from people.rights import Action
from store import ReadTransaction
from web.context import parts, today
from web.guard import open_to
from web.readings import listed, sheet_of

bp = Blueprint("reading_exports", __name__, url_prefix="/bureau/bibliographies")


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a list is given in. ``styled``: whether references are written out in it."""

    label: str
    mimetype: str
    write: Callable[[Leaflet], str | bytes]
    styled: bool = False


def _of(write: Callable[[list[Reference]], str]) -> Callable[[Leaflet], str]:
    return lambda leaflet: write([entry.reference for entry in leaflet.entries])


_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: Final[dict[str, Form]] = {
    "docx": Form("Word (DOCX)", _WORD, to_docx, styled=True),
    "pdf": Form("PDF accessible", "application/pdf", to_pdf, styled=True),
    "html": Form("HTML pour Moodle", "text/html", to_html_fragment, styled=True),
    "md": Form("Markdown", "text/markdown", to_markdown, styled=True),
    "ris": Form("RIS", "application/x-research-info-systems", _of(to_ris)),
    "bib": Form("BibTeX", "application/x-bibtex", _of(to_bibtex)),
    "json": Form("CSL JSON", "application/vnd.citationstyles.csl+json", _of(to_csl_json)),
}


def install(app: Flask) -> None:
    """Give the templates the forms and the styles there are, and how a program is told of one."""
    app.jinja_env.globals |= {"list_forms": FORMS, "reference_styles": STYLES}
    app.jinja_env.filters["coins"] = coins


def exported(
    tx: ReadTransaction,
    contents: Contents,
    form: str,
    name: str,
    *,
    whole: bool,
    version: str = "",
    address: str = "",
) -> Response:
    """A list in a form, its references in the style that is asked for. Raises NotFound.

    ``whole``: with what was withdrawn for good; ``version``: which edition it is; ``address``:
    where it is read online.
    """
    wanted, style = FORMS.get(form), request.args.get("style", Style.APA)
    if wanted is None or style not in STYLES:
        raise NotFound("form", form[:20])
    leaflet = lay_out(
        _named(contents if whole else without_withdrawn(tx, contents)),
        Style(style),
        today=today(),
        version=version,
        address=address,
        skills=codes(grids(tx.skill_grids.all())),
    )
    # Long lists take seconds to print: the same one is not printed twice in a row, nor at once.
    written = parts().memory.recall(("list", form, leaflet), lambda: wanted.write(leaflet))
    answer = Response(written, mimetype=wanted.mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _named(contents: Contents) -> Contents:
    """Its references named for programs, with the reasons for their places."""
    sections = (
        replace(one, items=tuple(replace(item, reference=_reference(item)) for item in one.items))
        for one in contents.sections
    )
    return replace(contents, sections=tuple(sections))


def without_withdrawn(tx: ReadTransaction, contents: Contents) -> Contents:
    """The contents as others than those who keep the list may have them."""
    states = tx.reading_lists.link_states(contents.articles)
    gone = {id for id, state in states.items() if state.withdrawn}
    sections = (
        replace(one, items=tuple(item for item in one.items if item.article not in gone))
        for one in contents.sections
    )
    return replace(contents, sections=tuple(sections))


def _reference(item: Item) -> Reference:
    """The reference of an item, named in exports, with the reason for its place."""
    notes = (item.reference.note, item.note)
    note = " ".join(part for part in notes if part)
    return replace(item.reference, id=f"glaneuse-{item.id}", note=note)


@bp.get("/<slug:slug>/export.<form>")
@open_to(Action.KEEP_READING_LIST)
def own(slug: str, form: str) -> Response:
    """A list of one's own, whoever else may read it."""
    with parts().store.read() as tx:
        one = listed(tx, slug)
        return exported(tx, one.contents, form, slug, whole=True)


@bp.get("/<slug:slug>/editions/<int(max=2147483647):number>")
@open_to(Action.KEEP_READING_LIST)
def own_edition(slug: str, number: int) -> str:
    """An edition that only those who keep the list may read yet."""
    with parts().store.read() as tx:
        one = listed(tx, slug)
        edition = tx.reading_lists.edition(one.id, number)
        sheet = sheet_of(tx, edition.contents)
    return render_template("reading_lists/edition.html", one=one, edition=edition, sheet=sheet)
