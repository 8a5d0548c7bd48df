"""Reading lists as students read them: public or shared by link, live or frozen, and followed.

A list that is private is not there, whoever asks: those who keep it have the desk. The address of
one shared by link is not to be guessed, and search engines are asked to leave it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import NotFound
from core.model import ThemeId
from core.reading_lists import Contents, Edition, EditionNotice, ReadingList, Visibility
from core.text import one_line
from core.weeks import french_date, paris_date
from people.rights import Action, may
from store import ReadTransaction
from store.reading_lists import Wanted
from web import guard
from web.context import parts, public_url
from web.feeds import EPOCH, in_xml, tag
from web.reading_exports import exported
from web.readings import sheet_of

bp = Blueprint("bibliographies", __name__, url_prefix="/bibliographies")

MOST: Final = 200  # lists on the page of all
ENTRIES: Final = 50  # of a feed
NUMBER: Final = "int(max=2147483647)"


@bp.get("")
def index() -> str:
    """The public lists, by words, theme and school subject."""
    words = one_line(request.args.get("q", ""))[:200]
    theme = one_line(request.args.get("theme", ""))[:100]
    subject = one_line(request.args.get("matiere", ""))[:300]
    with parts().store.read() as tx:
        everything = tx.reading_lists.public()
        wanted = Wanted(words, ThemeId(theme) if theme else None, subject)
        found = tx.reading_lists.public(wanted) if words or theme or subject else everything
        names = {one.slug: _signed(tx, one.owner) for one in found[:MOST]}
    known = parts().vocabulary.themes
    return render_template(
        "reading_lists/public_index.html",
        found=found[:MOST],
        total=len(found),
        words=words,
        theme=theme,
        subject=subject,
        themes=[t for id, t in known.items() if any(id in one.themes for one in everything)],
        subjects=sorted({one.subject for one in everything} - {""}),
        names=names,
        known=known,
    )


@bp.get("/<slug:slug>")
def show(slug: str) -> AnyResponse:
    """The live list."""
    with parts().store.read() as tx:
        one = tx.reading_lists.by_slug(slug)
        if not _is_open(one):
            return _for_those_who_keep_it(one)
        editions = [e for e in tx.reading_lists.editions(one.id) if _shown_with(one, e.visibility)]
        return _page(tx, one, one.contents, None, editions)


@bp.get(f"/<slug:slug>/editions/<{NUMBER}:number>")
def edition(slug: str, number: int) -> AnyResponse:
    """A frozen edition: what it says does not change."""
    with parts().store.read() as tx:
        one, found = _open_edition(tx, slug, number)
        return _page(tx, one, found.contents, found, [])


@bp.get("/<slug:slug>.<form>")
def export(slug: str, form: str) -> AnyResponse:
    """The live list in a form for programs."""
    with parts().store.read() as tx:
        one = _open_list(tx, slug)
        address = public_url() + url_for("bibliographies.show", slug=slug)
        return exported(tx, one.contents, form, slug, whole=False, address=address)


@bp.get(f"/<slug:slug>/editions/<{NUMBER}:number>.<form>")
def export_edition(slug: str, number: int, form: str) -> AnyResponse:
    """A frozen edition in a form for programs."""
    with parts().store.read() as tx:
        _, found = _open_edition(tx, slug, number)
        return exported(
            tx,
            found.contents,
            form,
            f"{slug}-edition-{number}",
            whole=False,
            version=_version(found),
            address=public_url() + url_for("bibliographies.edition", slug=slug, number=number),
        )


def _version(edition: Edition) -> str:
    """« Édition 2, promotion 2026-2027, figée le 12 septembre 2026 »."""
    label = f", {edition.label}" if edition.label else ""
    return f"Édition {edition.number}{label}, figée le {french_date(paris_date(edition.frozen))}"


@bp.get("/<slug:slug>/code.svg")
def code(slug: str) -> Response:
    """The address as a QR code, for a slide."""
    with parts().store.read() as tx:
        _open_list(tx, slug)
    image = io.BytesIO()
    address = public_url() + url_for("bibliographies.show", slug=slug)
    segno.make(address, error="m").save(image, kind="svg", scale=8, border=4, light="#fff")
    return Response(image.getvalue(), mimetype="image/svg+xml")


@bp.get("/<slug:slug>/atom.xml")
def feed(slug: str) -> Response:
    """What was added to the live list lately."""
    with parts().store.read() as tx:
        one = _open_list(tx, slug)
        rows = [r for p in sheet_of(tx, one.contents).parts for r in p.rows if not r.hidden]
    rows.sort(key=lambda row: row.item.added or EPOCH, reverse=True)
    written = render_template(
        "reading_lists/feed.xml",
        one=one,
        rows=rows[:ENTRIES],
        site=public_url(),
        tag=tag,
        epoch=EPOCH,
    )
    answer = make_response(in_xml(written))
    answer.mimetype = "application/atom+xml"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


# -- who may --------------------------------------------------------------------------------------


def _is_open(one: ReadingList) -> bool:
    return one.visibility is not Visibility.PRIVATE and one.deleted is None


def _open_list(tx: ReadTransaction, slug: str) -> ReadingList:
    one = tx.reading_lists.by_slug(slug)
    if not _is_open(one):
        raise NotFound("reading-list", slug)
    return one


def _open_edition(tx: ReadTransaction, slug: str, number: int) -> tuple[ReadingList, Edition]:
    one = tx.reading_lists.by_slug(slug)
    if one.deleted is not None:
        raise NotFound("reading-list", slug)
    found = tx.reading_lists.edition(one.id, number)
    if found.visibility is Visibility.PRIVATE:
        raise NotFound("edition", number)
    return one, found


def _shown_with(one: ReadingList, edition: Visibility) -> bool:
    """Whether who reads the list is shown the way to an edition."""
    if edition is Visibility.PUBLIC:
        return True
    return edition is Visibility.LINK and one.visibility is Visibility.LINK


def _for_those_who_keep_it(one: ReadingList) -> AnyResponse:
    """To the desk for who keeps the list; for anyone else, it is not there. Raises NotFound."""
    keeps = guard.teammate(Action.KEEP_READING_LIST) and one.deleted is None
    if keeps and may(guard.person(), Action.KEEP_READING_LIST, one):
        return redirect(url_for("reading_lists.show", slug=one.slug))
    raise NotFound("reading-list", one.slug)


# -- the page -------------------------------------------------------------------------------------


def _page(
    tx: ReadTransaction,
    one: ReadingList,
    contents: Contents,
    edition: Edition | None,
    editions: Sequence[EditionNotice],
) -> Response:
    seen = edition.visibility if edition else one.visibility
    return make_response(
        render_template(
            "reading_lists/public.html",
            one=one,
            sheet=sheet_of(tx, contents),
            edition=edition,
            editions=editions,
            author=_signed(tx, one.owner),
            indexed=seen is Visibility.PUBLIC,
            live=_is_open(one),
            here=public_url() + request.path,
            may_copy=guard.teammate(Action.KEEP_READING_LIST),
        )
    )


def _signed(tx: ReadTransaction, owner: object) -> str:
    """The name that the owner chose to show, "" for none: never an address."""
    if owner is None:
        return ""
    return tx.accounts.by_id(owner).name  # type: ignore[arg-type]
