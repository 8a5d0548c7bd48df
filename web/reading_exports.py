"""A reading list in the forms that schools use: one table of forms, for the desk and for readers.

What is given is one state of the list, read in one transaction: it is whole, whoever edits it
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Flask, Response, render_template

from core.errors import NotFound
from core.reading_lists import Contents, Item
from core.references import Reference
from curation.bibliography.bibtex import to_bibtex
from curation.bibliography.csl import to_csl_json
from curation.bibliography.ris import to_ris
from people.rights import Action
from store import ReadTransaction
from web.context import parts
from web.guard import open_to
from web.readings import listed, sheet_of

bp = Blueprint("reading_exports", __name__, url_prefix="/bureau/bibliographies")


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a list is given in."""

    label: str
    mimetype: str
    write: Callable[[Contents, Sequence[Reference]], str | bytes]


FORMS: Final[dict[str, Form]] = {
    "ris": Form("RIS", "application/x-research-info-systems", lambda _, all: to_ris(all)),
    "bib": Form("BibTeX", "application/x-bibtex", lambda _, all: to_bibtex(all)),
    "json": Form(
        "CSL JSON", "application/vnd.citationstyles.csl+json", lambda _, all: to_csl_json(all)
    ),
}


def install(app: Flask) -> None:
    """Give the templates the forms there are."""
    app.jinja_env.globals["downloads"] = lambda: [(name, one.label) for name, one in FORMS.items()]


def exported(
    tx: ReadTransaction, contents: Contents, form: str, name: str, *, whole: bool
) -> Response:
    """A list in a form. ``whole``: with what was withdrawn for good. Raises NotFound."""
    wanted = FORMS.get(form)
    if wanted is None:
        raise NotFound("form", form[:20])
    shown = contents if whole else _without_withdrawn(tx, contents)
    written = wanted.write(shown, [_reference(item) for item in shown.items])
    answer = Response(written, mimetype=wanted.mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _without_withdrawn(tx: ReadTransaction, contents: Contents) -> Contents:
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
