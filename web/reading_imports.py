"""References brought from elsewhere: a file of another program, or pasted lines.

Each entry that could not be read is named and comes back to be put right; what the list has
already is not added again, so that a whole file, corrected, can be sent once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from core.reading_lists import MOST_ITEMS, Item
from core.references import Reference
from core.text import NBSP
from core.urls import canonical_url
from curation import shelving
from curation.bibliography.files import read_references
from curation.bibliography.reading import Read, Refused
from curation.reading_lists import revise
from curation.retrying import to_retry
from people.rights import Action
from store import ReadTransaction
from web.context import now, parts
from web.guard import me, open_to
from web.reading_lists import page
from web.readings import listed

bp = Blueprint("reading_imports", __name__, url_prefix="/bureau/bibliographies")

SHOWN: Final = 200  # refused entries named on the page
NOTHING: Final = "Choisissez un fichier, ou collez des références."
FULL: Final = (
    f"Une bibliographie contient {MOST_ITEMS} références au plus : rien n’a été ajouté. Importez "
    "une partie du fichier, ou commencez une autre bibliographie."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    added: int
    known: int
    refused: tuple[Refused, ...]
    retry: str  # the entries that were refused, to be put right


def install(app: Flask) -> None:
    """Give the page its sentence."""
    app.jinja_env.filters["imported"] = told


@bp.route("/<slug:slug>/importer", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def show(slug: str) -> Response:
    """Send a file or lines; see what was added, what was there, and what could not be read."""
    with parts().store.read() as tx:
        one = listed(tx, slug)
    if request.method == "GET":
        return page("reading_lists/import.html", one=one, outcome=None, alert="", shown=SHOWN)
    body = _body()
    if not body.strip():
        return page("reading_lists/import.html", one=one, outcome=None, alert=NOTHING, shown=SHOWN)
    read = read_references(body)
    try:
        outcome = _bring(slug, read, body)
    except shelving.TooLong:
        return page("reading_lists/import.html", one=one, outcome=None, alert=FULL, shown=SHOWN)
    return page(
        "reading_lists/import.html", status=200, one=one, outcome=outcome, alert="", shown=SHOWN
    )


def _body() -> bytes:
    file = request.files.get("fichier")
    if file is None:
        return request.form.get("colle", "").encode()
    with file.stream as stream:  # large ones are on the disk: given back at once
        return stream.read() or request.form.get("colle", "").encode()


def _bring(slug: str, read: Read, body: bytes) -> Outcome:
    """Add what is new. Raises TooLong."""
    with parts().store.read() as tx:
        items = _items(tx, read.references)
    with parts().store.begin() as tx:
        one = listed(tx, slug, hold=True)
        fresh = shelving.strangers(one.contents, items)
        contents = shelving.with_items(one.contents, fresh)
        revise(tx, one, contents, by=me(), deed="import", now=now())
    return Outcome(len(fresh), len(items) - len(fresh), read.refused, to_retry(body, read.refused))


def _items(tx: ReadTransaction, references: Sequence[Reference]) -> list[Item]:
    """The references as items; those whose address is an article's of Glaneuse are that article."""
    urls = {one.url: _canonical(one.url) for one in references if one.url}
    found = tx.articles.by_urls(url for url in urls.values() if url)
    at = now()
    return [
        Item(
            shelving.new_item_id(),
            _followed(one, urls.get(one.url, "")),
            found.get(urls.get(one.url, "")),
            added=at,
        )
        for one in references
    ]


def _followed(one: Reference, canonical: str) -> Reference:
    """The reference; an address that no browser should follow is kept in its note."""
    if not one.url or canonical:
        return replace(one, id="")
    note = " ".join(part for part in (one.note, one.url) if part)
    return replace(one, id="", url="", note=note)


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return ""


def told(outcome: Outcome) -> str:
    """« 950 références ajoutées, 12 y étaient déjà, 50 n’ont pas été lues. »."""
    many = "référence ajoutée" if outcome.added < 2 else "références ajoutées"
    said = [f"{outcome.added}{NBSP}{many}"]
    if outcome.known:
        said.append(f"{outcome.known} y étai{'t' if outcome.known == 1 else 'ent'} déjà")
    unread = sum(not bad.kept for bad in outcome.refused)
    if unread:
        said.append(f"{unread} n’{'a' if unread == 1 else 'ont'} pas été lue{'s' * (unread > 1)}")
    if partly := len(outcome.refused) - unread:
        said.append(f"{partly} à compléter")
    return ", ".join(said) + "."
