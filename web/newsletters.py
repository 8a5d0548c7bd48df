"""The letters that were sent, as pages for anyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from core.errors import NotFound
from core.newsletters import Content, Entry, Newsletter, Section
from core.text import one_line, shorten
from curation.newsletter_rendering import Image, Part, parts_of, pieces_of, typed
from curation.newsletter_review import articles_of, reading_minutes
from people.newsletters import Open, WriteTo
from store import ReadTransaction, Store
from web.context import entrance, parts, public_url
from web.feeds import EPOCH, fed, in_xml, tag
from web.newsletter_letters import Press
from web.paging import SIZE, page_asked, paging

bp = Blueprint("newsletters", __name__, url_prefix="/lettres")

A_YEAR: Final = timedelta(days=365)
DESCRIPTION: Final = 160
FED: Final = 10


@dataclass(frozen=True, slots=True)
class Issue:
    """A letter as its page shows it. ``withdrawn``: entries that are shown no more."""

    newsletter: Newsletter
    parts: tuple[Part, ...]
    minutes: int
    withdrawn: int


@bp.get("")
def index() -> str:
    """All of them, latest first."""
    page = page_asked(request.args.get("page"))
    with parts().store.read() as tx:
        total = tx.newsletters.count_published()
        letters = tx.newsletters.published(limit=SIZE, offset=(page - 1) * SIZE)
    return render_template(
        "newsletters/published.html",
        letters=letters,
        paging=paging(page, total, lambda at: url_for("newsletters.index", page=at)),
        follows=entrance().may_write,
    )


@bp.get("/atom.xml")
def feed() -> Response:
    """The last ones, whole."""
    with parts().store.read() as tx:
        issues = [issue_of(tx, one) for one in tx.newsletters.published(limit=FED)]
    updated = (issues[0].newsletter.sent if issues else None) or EPOCH
    page = render_template(
        "feeds/newsletters.xml", issues=issues, updated=updated, site=public_url(), tag=tag
    )
    return fed(in_xml(page), updated, "application/atom+xml")


@bp.get("/<slug:slug>")
def show(slug: str) -> str:
    """One of them."""
    with parts().store.read() as tx:
        newsletter = tx.newsletters.by_slug(slug)
        issue = issue_of(tx, newsletter)
    return render_template(
        "newsletters/show.html",
        issue=issue,
        content=newsletter.content,
        foreword=typed(newsletter.content.foreword),
        pieces_of=pieces_of,
        here=public_url() + url_for("newsletters.show", slug=slug),
        description=shorten(one_line(newsletter.content.foreword), DESCRIPTION),
        follows=entrance().may_write,
    )


@bp.get("/images/<name>")
def picture(name: str) -> Response:
    """An image of a letter: by a name made of its content, so that it never changes."""
    with parts().store.read() as tx:
        found = tx.pictures.by_name(name[:80])
    if found is None:
        raise NotFound("page", name[:80])
    response = make_response(found.content)
    response.content_type = found.media_type
    response.cache_control.public = True
    response.cache_control.max_age = int(A_YEAR.total_seconds())
    response.cache_control.immutable = True
    # Mail programs and other senders show it in their own pages.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def issue_of(tx: ReadTransaction, newsletter: Newsletter) -> Issue:
    """What is shown of a letter: articles withdrawn since it was sent are not."""
    content = newsletter.content
    ids = articles_of(content)
    held = {one.id for one in tx.articles.by_ids(ids)}

    def stays(entry: Entry) -> bool:
        return entry.article is None or entry.article in held

    sections = tuple(
        Section(one.id, one.title, tuple(filter(stays, one.entries)), one.brief)
        for one in content.sections
    )
    shown = Content(content.subject, content.foreword, content.signature, sections)
    parts_ = parts_of(shown, images_of(tx, shown, ""))
    return Issue(newsletter, parts_, reading_minutes(shown), len(ids) - len(held))


def open_with(store: Store, press: Press) -> Open:
    """How a letter is written for its subscribers: once, then addressed to each."""

    def open_letter(newsletter: Newsletter) -> WriteTo:
        with store.read() as tx:
            images = images_of(tx, newsletter.content, press.stationery.site)
        printed = press.print_for_subscribers(newsletter, images)
        return lambda subscription: press.address(printed, newsletter.id, subscription)

    return open_letter


def images_of(tx: ReadTransaction, content: Content, site: str) -> dict[str, Image]:
    """The images of a letter, by name; ``site`` before their paths, for those who are elsewhere."""
    found = {}
    for name in {entry.image for entry in content.entries if entry.image}:
        kept = tx.pictures.by_name(name)
        if kept is not None:
            found[name] = Image(f"{site}/lettres/images/{name}", kept.width, kept.height)
    return found
